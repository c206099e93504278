"""Coloured pixels: drawn marks, and whole windows of Doppler or elastography."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray
from perirad.image.marks_grey import Grey8
from perirad.image.overlay import tint

__all__ = ["coloured_pixels", "split_by_size"]

COLOURED = 60
"""Least excess of chroma: that of JPEG's blocks stays below 30 on a grey picture."""
LEAST_PIECE = 4
"""Pixels; smaller specks are noise."""
WINDOW_SHARE = 0.01
"""A piece that covers more of the picture than this is a window of colour, not a mark."""
WINDOW_FILL = 0.25
"""And so is one that fills so much of its bounding box with more than this many pixels a side:"""
WINDOW_SIDE = 24


def coloured_pixels(chroma: NDArray[np.uint8] | None, grey: Grey8) -> BoolArray:
    """Return the pixels that are more coloured than the picture's own tint.

    Parameters
    ----------
    chroma : ndarray of uint8, shape (n_rows, n_columns), or None
        Largest minus smallest of red, green and blue; None in a file of grey values.
    grey : ndarray of uint8, shape (n_rows, n_columns)
    """
    if chroma is None or int(chroma.max()) < COLOURED:
        return np.zeros(grey.shape, dtype=np.bool_)
    coloured: BoolArray = chroma >= COLOURED + tint(chroma, grey) * grey
    return coloured


def split_by_size(coloured: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Split coloured pixels into (marks, windows of colour).

    Specks are neither. Smaller pieces within the frame of the windows are flow, and go with them.
    """
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    labels, n_pieces = ndimage.label(coloured, structure=np.ones((3, 3), dtype=np.int8))
    sizes = np.bincount(labels.ravel(), minlength=n_pieces + 1)
    is_window = sizes > WINDOW_SHARE * coloured.size
    boxes = ndimage.find_objects(labels)
    for number, box in enumerate(boxes, start=1):
        sides = [part.stop - part.start for part in box]
        filled = sizes[number] > WINDOW_FILL * sides[0] * sides[1]
        is_window[number] |= bool(min(sides) > WINDOW_SIDE and filled)
    framed = _frame([box for number, box in enumerate(boxes, start=1) if is_window[number]])
    for number, box in enumerate(boxes, start=1):
        is_window[number] |= framed is not None and all(
            low <= part.start and part.stop <= high for part, (low, high) in zip(box, framed, strict=True)
        )
    is_mark = ~is_window & (sizes >= LEAST_PIECE)
    is_mark[0] = is_window[0] = False
    return is_mark[labels], is_window[labels]


def _frame(boxes: list[tuple[slice, ...]]) -> list[tuple[int, int]] | None:
    """Return (first, last + 1) of the rows and of the columns that all boxes lie in."""
    if not boxes:
        return None
    return [(min(part.start for part in parts), max(part.stop for part in parts)) for parts in zip(*boxes, strict=True)]
