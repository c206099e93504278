"""From the whole of a region, drawn on a grid without end, to the part of it that the image shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from perirad.arrays import BoolArray
from perirad.image.image import Box, Image
from perirad.regions.exclusion import DRAWN_OVER, Cause
from perirad.regions.patch import Patch
from perirad.regions.region import Region

__all__ = ["seen"]


def seen(name: str, whole: BoolArray, patch: Patch, image: Image, masks: Mapping[Cause, BoolArray]) -> Region:
    """Return a region of what is left, with its losses by cause.

    Parameters
    ----------
    name : str
        Of the region.
    whole : ndarray of bool
        Its pixels in the patch's window, at least one.
    patch : Patch
        Window and lesion. The lesion's own pixels are only lost to what is drawn over them.
    image : Image
        What lies beyond it and outside its field is lost.
    masks : mapping of Cause to ndarray of bool, shape (n_rows, n_columns)
        Further causes, in order of priority.
    """
    n_whole = int(np.count_nonzero(whole))
    in_window = _within(patch.window, image.field)
    n_image = int(np.count_nonzero(whole[_within(patch.window, Box(0, 0, *image.shape))]))
    inside = whole[in_window]
    counts = {Cause.IMAGE_EDGE: n_whole - n_image, Cause.OUTSIDE_FIELD: n_image - int(np.count_nonzero(inside))}
    in_image = _shifted(in_window, patch.window)
    here = {cause: mask[in_image] for cause, mask in masks.items()}
    left, taken = _take(inside, patch.lesion[in_window], here)
    lost = {cause.value: count / n_whole for cause, count in (counts | taken).items()}
    outlined = _placed(inside, in_image, image) if any(taken.values()) else None
    return Region(name, _placed(left, in_image, image), image.spacing_mm, lost, outlined)


def _take(pixels: BoolArray, lesion: BoolArray, masks: Mapping[Cause, BoolArray]) -> tuple[BoolArray, dict[Cause, int]]:
    """Return the pixels that no cause takes, and how many each takes of those that the causes before it left."""
    left, taken = pixels, {}
    for cause, mask in masks.items():
        hit = left & mask if cause in DRAWN_OVER else left & mask & ~lesion
        taken[cause] = int(np.count_nonzero(hit))
        left = left & ~hit
    return left, taken


def _within(window: Box, area: Box) -> tuple[slice, slice]:
    """Return the part of the window that lies in an area, in the window's own rows and columns."""
    rows = slice(max(area.top, window.top) - window.top, min(area.bottom, window.bottom) - window.top)
    columns = slice(max(area.left, window.left) - window.left, min(area.right, window.right) - window.left)
    return rows, columns


def _shifted(part: tuple[slice, slice], window: Box) -> tuple[slice, slice]:
    rows, columns = part
    return (
        slice(rows.start + window.top, rows.stop + window.top),
        slice(columns.start + window.left, columns.stop + window.left),
    )


def _placed(part: BoolArray, where: tuple[slice, slice], image: Image) -> BoolArray:
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[where] = part
    return mask
