"""Colour on a B-mode picture: measuring marks, or a Doppler or elastography layer.

B-mode is grey. Colour in it was put there by the machine: as thin marks (calipers, arrows, letters), or as an area
that hides the grey values beneath (colour and power Doppler, elastography).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray
from perirad.image.image import Box, Image

__all__ = [
    "COLOURED_ABOVE",
    "FILLED_SHARE",
    "FILLED_SIDE",
    "Overlay",
    "OverlayKind",
    "colour_overlay",
    "coloured",
    "tint",
]

COLOURED_ABOVE = 32
"""Chroma above the picture's own tint from which a pixel counts as coloured, on the scale 0-255.

JPEG coding of a grey picture leaves chroma of at most a few steps, and the tints that machines give to a whole B-mode
picture stay below about 30 (28 in the public collection breast_usg); Doppler, elastography and coloured marks are
drawn to be seen and lie far above.
"""

FILLED_SIDE = 9
"""Side in pixels of the square that must fit into a coloured area for it to count as filled.

Calipers, arrows and letters are drawn with lines of 1 to 5 pixels; JPEG, which keeps colour for every second pixel
only and in blocks, makes them up to twice as wide.
"""

FILLED_SHARE = 0.0025
"""Filled share of the field from which it counts as Doppler or elastography.

A few small filled marks stay below it: a 20 x 20 pixel pointer is 0.13 % of a 640 x 480 picture. A colour bar and
the first vessels beside it, which always come together, are above.
"""


MOST_TINT = 0.3
"""Largest chroma, as a share of the grey value, that passes for the tint of a whole picture."""

LIT = 32
"""Grey above which a pixel shows the picture's tint."""


class OverlayKind(StrEnum):
    """What the colour in a picture is."""

    NONE = "none"
    MARKS = "marks"
    """Thin or small coloured things: calipers, arrows, letters."""
    LAYER = "Doppler or elastography"
    """A coloured area, under which the grey values are not those of the tissue."""


@dataclass(frozen=True)
class Overlay:
    """The colour inside an image's field.

    Parameters
    ----------
    kind : OverlayKind
        What it is likely to be.
    share : float
        Coloured share of the field's pixels, 0 to 1.
    filled : float
        Share of the field's pixels in coloured areas at least `FILLED_SIDE` pixels wide and high.
    box : Box or None
        The smallest box around all coloured pixels, in the picture's rows and columns; None where there are none.
    """

    kind: OverlayKind
    share: float
    filled: float
    box: Box | None


def colour_overlay(image: Image) -> Overlay:
    """Tell whether an image is coloured inside its field, where, and by what.

    Parameters
    ----------
    image : Image
        Any image; one without chroma has no colour.

    Returns
    -------
    Overlay
        `NONE` without a coloured pixel. `LAYER` when the filled share is at least `FILLED_SHARE`, else `MARKS`.

    Notes
    -----
    A guess for a person to look at. Where the field is the whole picture, a filled logo or a coloured strip of the
    machine's display beside the tissue counts like one on it. Colour that was turned to grey before the file was saved
    cannot be seen.
    """
    inside = coloured(image)
    if not inside.any():
        return Overlay(OverlayKind.NONE, 0.0, 0.0, None)
    top, left, bottom, right = image.field
    size = (bottom - top) * (right - left)
    filled = float(np.count_nonzero(_filled(inside[top:bottom, left:right]))) / size
    kind = OverlayKind.LAYER if filled >= FILLED_SHARE else OverlayKind.MARKS
    return Overlay(kind, float(np.count_nonzero(inside)) / size, filled, _around(inside))


def coloured(image: Image) -> BoolArray:
    """Return which pixels of the field are coloured.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_columns)
        True where chroma is above `COLOURED_ABOVE` and the picture's `tint`; False outside the field, and in all grey
        files.
    """
    mask = np.zeros(image.shape, dtype=np.bool_)
    top, left, bottom, right = image.field
    chroma = None if image.chroma is None else image.chroma[top:bottom, left:right]
    if chroma is None or int(chroma.max()) <= COLOURED_ABOVE:
        return mask
    grey = image.pixels[top:bottom, left:right]
    mask[top:bottom, left:right] = chroma > COLOURED_ABOVE + tint(chroma, grey) * grey
    return mask


def tint(chroma: NDArray[np.uint8], grey: NDArray[Any]) -> float:
    """Return the chroma of the usual pixel as a share of its grey: a picture shown in sepia or blue has one.

    Parameters
    ----------
    chroma, grey : ndarray of shape (n_rows, n_columns)
        Both on the scale 0-255. The share is 0 where hardly anything is lit, and at most `MOST_TINT`.
    """
    lit = grey[::2, ::2] > LIT
    if not lit.any():
        return 0.0
    share = chroma[::2, ::2][lit] / grey[::2, ::2][lit]
    return min(float(np.median(share)), MOST_TINT)


def _filled(mask: BoolArray) -> BoolArray:
    """Return the pixels of all full squares of `FILLED_SIDE` (a morphological opening)."""
    side = FILLED_SIDE
    if min(mask.shape) < side:
        return np.zeros_like(mask)
    corners = ~_any_within(_any_within(~mask, side).T, side).T
    return _any_within(_any_within(np.pad(corners, side - 1), side).T, side).T


def _any_within(mask: BoolArray, side: int) -> BoolArray:
    """Return whether any of `side` successive rows is True, by the first of them."""
    n_rows = len(mask) - side + 1
    found = mask[:n_rows].copy()
    for shift in range(1, side):
        found |= mask[shift : shift + n_rows]
    return found


def _around(mask: BoolArray) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
