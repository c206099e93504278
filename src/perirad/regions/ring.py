"""Peritumoral rings of a width in millimetres, measured from the lesion, whatever the pixels' shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Box, Image
from perirad.regions.region import Region

__all__ = ["lesion_region", "rings", "union"]

SizeArray = NDArray[np.unsignedinteger]

IMAGE_EDGE = "image edge"
OUTSIDE_FIELD = "outside field"

_ROUNDING = 1e-9
"""Relative slack of d <= width: a pixel at 3.0000000001 mm by rounding alone belongs to the 3 mm ring."""

_MAX_GRID = 64_000_000


@dataclass(frozen=True)
class _Patch:
    """The lesion's bounding box widened by the widest ring.

    `window` is its place on the image's grid and may reach beyond the image; `lesion` are the lesion's pixels in it.
    `across` has, for the rows of the bounding box alone, the columns from each pixel to the nearest lesion pixel of its
    row, no more than one beyond the widest ring. `reach` is (rows, columns) from box to window.
    """

    window: Box
    lesion: BoolArray
    across: SizeArray
    reach: tuple[int, int]


def lesion_region(mask: BoolArray, image: Image) -> Region:
    """Return the lesion as region ``I``.

    Parameters
    ----------
    mask : ndarray of bool, shape (n_rows, n_columns)
        True in the lesion.
    image : Image
        Its image.

    Raises
    ------
    InputError
        When the mask is empty, of another size than the image, or reaches outside the calibrated field, where its
        millimetres would not hold.
    """
    if mask.shape != image.shape:
        raise InputError(
            "mask must have the size of its image",
            f"shape {mask.shape} for an image of shape {image.shape}",
            file=image.name,
        )
    size = int(np.count_nonzero(mask))
    if size == 0:
        raise InputError("mask must mark a lesion", "no marked pixel", file=image.name)
    top, left, bottom, right = image.field
    missed = size - int(np.count_nonzero(mask[top:bottom, left:right]))
    if missed:
        raise InputError(
            f"lesion must lie inside the calibrated field (rows {top}-{bottom - 1}, columns {left}-{right - 1})",
            f"{missed} of {size} lesion pixels outside",
            file=image.name,
            mend="correct the outline",
        )
    return Region("I", mask, image.spacing_mm)


def rings(lesion: Region, image: Image, widths_mm: Sequence[float]) -> tuple[Region, ...]:
    r"""Return the peritumoral rings ``P3``, ``P5``, ... of a lesion.

    .. math:: P_k = \{x : 0 < d(x) \le k\,\mathrm{mm}\}

    Parameters
    ----------
    lesion : Region
        Region ``I``.
    image : Image
        Its image; rings are clipped at its edge and to its calibrated field.
    widths_mm : sequence of float
        Widths k, each positive; one ring for each, in the same order.

    Returns
    -------
    tuple of Region
        Named P and the width (``P3``, ``P2.5``). `lost_fraction` has the shares of the whole ring, on the image's
        grid continued beyond its edge, that lie beyond the "image edge" and in the picture but "outside field".
        A ring of which nothing is left is an empty region that lost 1.0 in all.

    Raises
    ------
    InputError
        When no width is given, one is not positive, given twice, below one pixel, or too wide for its grid; or when
        lesion and image do not belong together.

    Notes
    -----
    d is the Euclidean distance in mm from a pixel's centre to the nearest centre of a lesion pixel, with the row and
    column spacing each counted as it is; d <= k holds with a relative slack of 1e-9. Holes of the lesion are ring.
    """
    widths = _checked_widths(widths_mm)
    _check_together(lesion, image)
    patch = _patch(lesion, max(widths), image)
    return tuple(_ring(width, patch, image) for width in widths)


def union(lesion: Region, ring: Region) -> Region:
    """Return the filled union of a lesion and one of its rings: ``U5`` of ``I`` and ``P5``.

    Parameters
    ----------
    lesion, ring : Region
        Of the same image.

    Returns
    -------
    Region
        d <= k mm; its `lost_fraction` refers to lesion and whole ring together. NaN when nothing is left of the ring,
        whose whole area is then not known.

    Raises
    ------
    InputError
        When the two are not a lesion and a ring of the same image.
    """
    if lesion.name != "I" or not ring.name.startswith("P"):
        raise InputError("a union must be of lesion I and a ring P", f"{lesion.name} and {ring.name}")
    if lesion.mask.shape != ring.mask.shape or lesion.spacing_mm != ring.spacing_mm:
        raise InputError(
            "lesion and ring must be of the same image",
            f"shapes {lesion.mask.shape} and {ring.mask.shape}, spacings {lesion.spacing_mm} and {ring.spacing_mm} mm",
        )
    kept = 1.0 - ring.lost_total
    whole = round(ring.n_pixels / kept) if ring.n_pixels else math.nan
    factor = whole / (whole + lesion.n_pixels)
    lost = {cause: share * factor for cause, share in ring.lost_fraction.items()}
    return Region(f"U{ring.name[1:]}", lesion.mask | ring.mask, lesion.spacing_mm, lost)


def _checked_widths(widths_mm: Sequence[float]) -> tuple[float, ...]:
    widths = tuple(float(width) for width in widths_mm)
    if not widths:
        raise InputError("ring widths must be given", "widths_mm=()", mend="give widths in mm, such as (3, 5, 8)")
    for width in widths:
        if not (math.isfinite(width) and width > 0.0):
            raise InputError("ring width must be positive", f"width_mm={width}")
    names = [_name(width) for width in widths]
    for name in names:
        if names.count(name) > 1:
            raise InputError("ring widths must differ", f"{name} twice")
    return widths


def _name(width_mm: float) -> str:
    return f"P{width_mm:g}"


def _check_together(lesion: Region, image: Image) -> None:
    if lesion.spacing_mm != image.spacing_mm:
        raise InputError(
            "lesion and image must have one spacing",
            f"{lesion.spacing_mm} and {image.spacing_mm} mm",
            file=image.name,
        )
    lesion_region(lesion.mask, image)


def _patch(lesion: Region, width_mm: float, image: Image) -> _Patch:
    """Measure along the rows once, for the widest ring."""
    down, aside = (math.floor(width_mm * (1.0 + _ROUNDING) / mm) for mm in lesion.spacing_mm)
    rows, columns = (np.flatnonzero(lesion.mask.any(axis=axis)) for axis in (1, 0))
    box = Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    window = Box(box.top - down, box.left - aside, box.bottom + down, box.right + aside)
    if (window.bottom - window.top) * (window.right - window.left) > _MAX_GRID:
        raise InputError(
            f"ring must fit into {_MAX_GRID // 1_000_000} million pixels",
            f"width_mm={width_mm} at a spacing of {lesion.spacing_mm} mm",
            file=image.name,
            mend="check that width and spacing are in millimetres",
        )
    inner = lesion.mask[box.top : box.bottom, box.left : box.right]
    padded = np.pad(inner, ((down, down), (aside, aside)))
    across = _columns_away(padded[down : down + inner.shape[0]], aside + 1)
    return _Patch(window, padded, across, (down, aside))


def _columns_away(mask: BoolArray, most: int) -> SizeArray:
    """Return the columns from each pixel to the nearest marked one of its row, `most` where it is further or none."""
    column = np.arange(mask.shape[1], dtype=np.int32)
    nowhere = np.int32(-most)
    before = column - np.maximum.accumulate(np.where(mask, column, nowhere), axis=1)
    turned = np.maximum.accumulate(np.where(mask[:, ::-1], column, nowhere), axis=1)
    after = (column - turned)[:, ::-1]
    return np.minimum(np.minimum(before, after), most).astype(np.min_scalar_type(most))


def _grown(width_mm: float, patch: _Patch, spacing_mm: tuple[float, float]) -> BoolArray:
    """Return the pixels of the window that lie within a width of the lesion, the lesion itself among them.

    In the n-th row above or below a lesion pixel the ring reaches a fixed number of columns to either side, so each
    n takes one comparison: exact, and quicker than distances, whose size nobody asks for.
    """
    limit = (width_mm * (1.0 + _ROUNDING)) ** 2
    away_mm2 = [(np.arange(reach + 1) * mm) ** 2 for reach, mm in zip(patch.reach, spacing_mm, strict=True)]
    grown = patch.lesion.copy()
    height = patch.across.shape[0]
    for n, down_mm2 in enumerate(away_mm2[0]):
        n_columns = int(np.count_nonzero(down_mm2 + away_mm2[1] <= limit))
        if n_columns == 0:
            break
        near = patch.across <= n_columns - 1
        for top in {patch.reach[0] - n, patch.reach[0] + n}:
            grown[top : top + height] |= near
    return grown


def _ring(width_mm: float, patch: _Patch, image: Image) -> Region:
    whole = _grown(width_mm, patch, image.spacing_mm) & ~patch.lesion
    n_whole = int(np.count_nonzero(whole))
    if n_whole == 0:
        raise InputError(
            f"ring width must reach the next pixel (spacing {min(image.spacing_mm):g} mm)",
            f"width_mm={width_mm:g}",
            file=image.name,
        )
    on_image = _within(patch.window, Box(0, 0, *image.shape))
    on_field = _within(patch.window, image.field)
    n_image, n_field = (int(np.count_nonzero(whole[area])) for area in (on_image, on_field))
    mask = np.zeros(image.shape, dtype=np.bool_)
    rows, columns = (
        slice(part.start + offset, part.stop + offset)
        for part, offset in zip(on_field, (patch.window.top, patch.window.left), strict=True)
    )
    mask[rows, columns] = whole[on_field]
    lost = {IMAGE_EDGE: (n_whole - n_image) / n_whole, OUTSIDE_FIELD: (n_image - n_field) / n_whole}
    return Region(_name(width_mm), mask, image.spacing_mm, lost)


def _within(window: Box, area: Box) -> tuple[slice, slice]:
    """Return the part of the window that lies in an area, in the window's own rows and columns."""
    rows = slice(max(area.top, window.top) - window.top, min(area.bottom, window.bottom) - window.top)
    columns = slice(max(area.left, window.left) - window.left, min(area.right, window.right) - window.left)
    return rows, columns
