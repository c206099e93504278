"""The part of the image's grid that a region needs, with each pixel's distance from the lesion's outline."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.image import Box, Image
from perirad.regions.lesion import box_of
from perirad.regions.measure import ROUNDING, Measure, distances_mm, measure_of
from perirad.regions.region import Region

__all__ = ["Patch", "check_size", "padded", "patch_inside", "patch_outside", "widened"]

_MAX_GRID = 64_000_000

_ABOUT = 4
"""Pixels beyond the lesion's box that decide whether a background pixel at its side is a corner."""


@dataclass(frozen=True)
class Patch:
    """A window of the image's grid about the lesion.

    `window` may reach beyond the image. `lesion` are the lesion's pixels in it, `distance_mm` the distances from the
    lesion (0 inside) or, inside it, from what is not lesion (0 outside).
    """

    window: Box
    lesion: BoolArray
    distance_mm: FloatArray


def patch_outside(lesion: Region, image: Image, width_mm: float, measure: Measure) -> Patch:
    """Measure from the lesion, as far as a width.

    Raises
    ------
    InputError
        When the window would be too large.
    """
    more = 0.5 if measure_of(measure) is Measure.EDGE else 0.0
    reach = [math.floor(min(width_mm * (1.0 + ROUNDING) / mm, _MAX_GRID) + more) for mm in lesion.spacing_mm]
    window = widened(box_of(lesion.whole), reach[0], reach[1])
    found = f"width_mm={width_mm} at a spacing of {lesion.spacing_mm} mm"
    check_size(window, found, image, "check that width and spacing are in millimetres")
    inner = padded(lesion.whole, window)
    most_mm = width_mm * (1.0 + 2.0 * ROUNDING) + more * math.hypot(*lesion.spacing_mm)
    return Patch(window, inner, distances_mm(inner, lesion.spacing_mm, measure, most_mm=most_mm))


def patch_inside(lesion: Region, image: Image, measure: Measure) -> Patch:
    """Measure inside the lesion from the background of the field.

    The field's edge is not the lesion's: a lesion cut off by it is measured from the background that is seen, and
    infinite where there is none.
    """
    wide, field = widened(box_of(lesion.whole), _ABOUT, _ABOUT), image.field
    window = Box(
        max(wide.top, field.top),
        max(wide.left, field.left),
        min(wide.bottom, field.bottom),
        min(wide.right, field.right),
    )
    inner = lesion.whole[window.top : window.bottom, window.left : window.right]
    return Patch(window, inner, distances_mm(~inner, lesion.spacing_mm, measure))


def widened(box: Box, down: int, aside: int) -> Box:
    """Return a box with rows added above and below and columns left and right."""
    return Box(box.top - down, box.left - aside, box.bottom + down, box.right + aside)


def check_size(window: Box, found: str, image: Image, mend: str) -> None:
    """Raise InputError where a window has more pixels than a computer should be asked for."""
    if (window.bottom - window.top) * (window.right - window.left) > _MAX_GRID:
        raise InputError(
            f"ring must fit into {_MAX_GRID // 1_000_000} million pixels",
            found,
            file=image.name,
            mend=mend,
        )


def padded(mask: BoolArray, window: Box) -> BoolArray:
    """Return a mask's window, False beyond the mask's own edges."""
    rows, columns = mask.shape
    top, left, bottom, right = max(window.top, 0), max(window.left, 0), min(window.bottom, rows), window.right
    out = np.zeros((window.bottom - window.top, window.right - window.left), dtype=np.bool_)
    seen = mask[top:bottom, left : min(right, columns)]
    out[top - window.top :, left - window.left :][: seen.shape[0], : seen.shape[1]] = seen
    return out
