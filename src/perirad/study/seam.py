"""Two views side by side in one picture: an upright seam near the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from perirad.study.near_duplicates import tissue

if TYPE_CHECKING:
    from perirad.arrays import FloatArray
    from perirad.image.image import Box, Image

__all__ = ["seam", "second_view"]

MIDDLE: Final = (0.3, 0.7)
"""Where two views meet, as a share of the width: further out it is a margin or a scale."""
FLAT: Final = 0.05
"""Spread of grey along a column, as a share of the picture's, below which the column is a dividing line. Of 188 real
single views the flattest column in the middle had 0.23."""
STEP: Final = 3.5
"""How many times the usual difference between neighbouring columns a seam has. Of 188 real single views the largest had
2.2; of 80 pairs put together without a gap the smallest had 4.8."""
WIDEST: Final = 0.15
"""A dividing band is at most this share of the width; a wider one may be lost contact, and needs sharp edges."""
TOP_STEP: Final = 2.0
"""And what it has in the uppermost quarter, where a shadow has not begun."""
LEAST: Final = 64
"""Rows and columns of tissue below which a picture is too small to tell."""


def seam(pixels: FloatArray) -> str:
    """Say what of a picture looks like the border between two views, empty where nothing does.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values of the calibrated field.

    Notes
    -----
    Either a flat upright band that runs from top to bottom of the tissue, or a place where grey changes from one column
    to the next far more than elsewhere, in the uppermost and in at least three of four quarters of the height.
    """
    picture = tissue(pixels)
    if min(picture.shape) < LEAST or picture.min() == picture.max():
        return ""
    first, last = (round(share * picture.shape[1]) for share in MIDDLE)
    if _band(picture, first, last):
        return "a flat upright band in the middle"
    return "an upright seam in the middle" if _step(picture, first, last) else ""


def _band(picture: FloatArray, first: int, last: int) -> bool:
    # The cheap question first: where a column is flat but for 4 % of it, neighbours in it differ by less than this.
    change = np.abs(np.diff(picture[:: max(1, len(picture) // LEAST), first:last], axis=0)).mean(axis=0)
    grey = picture.max() - picture.min()
    if change.min() >= FLAT * grey:
        return False
    low, high = np.quantile(picture, [0.02, 0.98], axis=0)
    flat = high - low < FLAT * grey
    if not flat[first:last].any():
        return False
    at = first + int(np.argmax(flat[first:last]))
    ends = np.flatnonzero(~flat[at:])
    begins = np.flatnonzero(~flat[:at])
    if not len(ends) or not len(begins):
        return False
    width = at + int(ends[0]) - int(begins[-1]) - 1
    return bool(width <= WIDEST * picture.shape[1])


def _step(picture: FloatArray, first: int, last: int) -> bool:
    change = np.abs(np.diff(picture, axis=1))
    quarters = np.array([part.mean(axis=0) for part in np.array_split(change, 4)])
    usual = np.maximum(np.median(quarters, axis=1, keepdims=True), 1e-3 * (picture.max() - picture.min()))
    steps = (quarters / usual)[:, first:last]
    in_three = np.sort(steps, axis=0)[1]
    return bool(((in_three >= STEP) & (steps[0] >= TOP_STEP)).any())


def second_view(image: Image) -> str:
    """Say that the file itself names another region beside the lesion's that is as large, empty where it does not."""
    own = image.field
    for box in image.others:
        if _beside(own, box) and _area(box) >= 0.5 * _area(own):
            return f"a second region beside the lesion's (columns {box.left}-{box.right - 1})"
    return ""


def _beside(first: Box, second: Box) -> bool:
    rows = min(first.bottom, second.bottom) - max(first.top, second.top)
    apart = first.right <= second.left or second.right <= first.left
    return apart and rows > 0.5 * (first.bottom - first.top)


def _area(box: Box) -> int:
    return (box.bottom - box.top) * (box.right - box.left)
