"""Peritumoral rings of a width in millimetres, measured from the lesion, whatever the pixels' shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.image import Box, Image
from perirad.regions.region import Region

__all__ = ["lesion_region", "rings", "union"]

IndexArray = NDArray[np.int32]

IMAGE_EDGE = "image edge"
OUTSIDE_FIELD = "outside field"

_ROUNDING = 1e-9
"""Relative slack of d <= width: a pixel at 3.0000000001 mm by rounding alone belongs to the 3 mm ring."""

_MAX_GRID = 64_000_000


@dataclass(frozen=True)
class _Patch:
    """Squared distances (mm^2) on the lesion's bounding box widened by the widest ring.

    `window` is its place on the image's grid and may reach beyond the image.
    """

    squared_mm2: FloatArray
    window: Box


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
    patch = _distances(lesion, max(widths), image)
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


def _distances(lesion: Region, width_mm: float, image: Image) -> _Patch:
    """Measure squared distances once, for the widest ring."""
    reach = [math.floor(width_mm * (1.0 + _ROUNDING) / mm) for mm in lesion.spacing_mm]
    rows, columns = (np.flatnonzero(lesion.mask.any(axis=axis)) for axis in (1, 0))
    box = Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    window = Box(box.top - reach[0], box.left - reach[1], box.bottom + reach[0], box.right + reach[1])
    if (window.bottom - window.top) * (window.right - window.left) > _MAX_GRID:
        raise InputError(
            f"ring must fit into {_MAX_GRID // 1_000_000} million pixels",
            f"width_mm={width_mm} at a spacing of {lesion.spacing_mm} mm",
            file=image.name,
            mend="check that width and spacing are in millimetres",
        )
    inner = lesion.mask[box.top : box.bottom, box.left : box.right]
    outer = np.pad(~inner, ((reach[0], reach[0]), (reach[1], reach[1])), constant_values=True)
    nearest: IndexArray = distance_transform_edt(
        outer, sampling=lesion.spacing_mm, return_distances=False, return_indices=True
    )
    return _Patch(_squared(nearest, lesion.spacing_mm), window)


def _squared(nearest: IndexArray, spacing_mm: tuple[float, float]) -> FloatArray:
    """Return the squared distance in mm^2 from each pixel to its nearest lesion pixel, given by row and column."""
    total = np.zeros(nearest.shape[1:], dtype=np.float64)
    for axis, mm in enumerate(spacing_mm):
        here = np.arange(nearest.shape[axis + 1], dtype=nearest.dtype)
        away = (nearest[axis] - (here[:, None] if axis == 0 else here)) * mm
        away *= away
        total += away
    return total


def _ring(width_mm: float, patch: _Patch, image: Image) -> Region:
    limit = (width_mm * (1.0 + _ROUNDING)) ** 2
    whole = (patch.squared_mm2 > 0.0) & (patch.squared_mm2 <= limit)
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
