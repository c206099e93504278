"""Resampling to square pixels by the rule of IBSI: grids aligned by their centres, linear interpolation."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.form import MAX_PIXELS
from perirad.image.image import Box, Image

__all__ = ["resample", "resample_mask"]

_ROUNDING = 1e-9
"""Relative slack before a size is rounded up and before a mask is cut at one half: 60 mm / 0.1 mm are 600 pixels."""


def resample(image: Image, spacing_mm: float) -> Image:
    """Resample an image to square pixels.

    Parameters
    ----------
    image : Image
        Any image.
    spacing_mm : float
        Side of the new pixels.

    Returns
    -------
    Image
        Same centre, ceil(n x old / new) pixels along each axis (IBSI reference manual, section 2.4, "align grid
        centers"), linearly interpolated; beyond the outermost pixel centres the edge value holds.
        The field keeps the pixels whose centres lie in the old one, and so does each of the other regions; one that
        keeps none is left out. Chroma is that of the nearest old pixel, not a mixture: colour beside grey stays as
        strong as it was.

    Raises
    ------
    InputError
        When the spacing is not positive, or leaves nothing of the calibrated field.
    """
    _check_spacing(spacing_mm)
    at = _positions(image.shape, image.spacing_mm, spacing_mm)
    top, bottom = _interval(at[0], image.field.top, image.field.bottom)
    left, right = _interval(at[1], image.field.left, image.field.right)
    if top >= bottom or left >= right:
        raise InputError(
            "spacing must leave pixels in the calibrated field", f"spacing_mm={spacing_mm}", file=image.name
        )
    return replace(
        image,
        pixels=_interpolate(image.pixels, at),
        spacing_mm=(spacing_mm, spacing_mm),
        field=Box(top, left, bottom, right),
        chroma=None if image.chroma is None else _nearest(image.chroma, at),
        others=_scaled(image.others, at),
    )


def _nearest(values: NDArray[np.uint8], at: tuple[FloatArray, FloatArray]) -> NDArray[np.uint8]:
    for axis, positions in enumerate(at):
        # Halfway between two pixels the first is taken, with slack so that rounding does not decide.
        index = np.ceil(positions - 0.5 - _ROUNDING).astype(np.intp)
        values = values.take(np.clip(index, 0, values.shape[axis] - 1), axis)
    return values


def _scaled(boxes: tuple[Box, ...], at: tuple[FloatArray, FloatArray]) -> tuple[Box, ...]:
    scaled = []
    for box in boxes:
        top, bottom = _interval(at[0], box.top, box.bottom)
        left, right = _interval(at[1], box.left, box.right)
        if top < bottom and left < right:
            scaled.append(Box(top, left, bottom, right))
    return tuple(scaled)


def resample_mask(mask: BoolArray, from_spacing: tuple[float, float], to_spacing: float) -> BoolArray:
    """Resample a mask to square pixels, by the same rule as its image.

    Parameters
    ----------
    mask : ndarray of bool, shape (n_rows, n_columns)
        True in the region.
    from_spacing : tuple of float
        (row, column) spacing of the mask in mm.
    to_spacing : float
        Side of the new pixels in mm.

    Returns
    -------
    ndarray of bool
        True where the linearly interpolated mask is at least one half (IBSI reference manual, section 2.4).
        It may be empty when the region is smaller than the new pixels.

    Raises
    ------
    InputError
        When a spacing is not positive.
    """
    for spacing_mm in (*from_spacing, to_spacing):
        _check_spacing(spacing_mm)
    share = _interpolate(mask.astype(np.float64), _positions(mask.shape, from_spacing, to_spacing))
    inside: BoolArray = share >= 0.5 - _ROUNDING
    return inside


def _check_spacing(spacing_mm: float) -> None:
    if not (math.isfinite(spacing_mm) and spacing_mm > 0.0):
        raise InputError("pixel spacing must be positive", f"spacing_mm={spacing_mm}")


def _positions(shape: tuple[int, ...], old_mm: tuple[float, float], new_mm: float) -> tuple[FloatArray, FloatArray]:
    """Return the new pixel centres along rows and along columns, in pixels of the old grid."""
    sizes = [size * mm / new_mm for size, mm in zip(shape, old_mm, strict=True)]
    if sizes[0] * sizes[1] > MAX_PIXELS:
        raise InputError(
            f"a resampled picture must have at most {MAX_PIXELS // 1_000_000} million pixels",
            f"{sizes[0]:.4g} x {sizes[1]:.4g} at a spacing of {new_mm:g} mm",
            mend="check that the spacing is in millimetres",
        )
    rows, columns = (_axis(size, mm, new_mm) for size, mm in zip(shape, old_mm, strict=True))
    return rows, columns


def _axis(size: int, old_mm: float, new_mm: float) -> FloatArray:
    new_size = max(1, math.ceil(size * old_mm / new_mm * (1.0 - _ROUNDING)))
    step = new_mm / old_mm
    centres: FloatArray = 0.5 * (size - 1) + step * (np.arange(new_size, dtype=np.float64) - 0.5 * (new_size - 1))
    return centres


def _interval(at: FloatArray, start: int, stop: int) -> tuple[int, int]:
    """Return the half-open range of new pixels whose centres lie within old pixels start to stop - 1.

    Both edges count as within, as for masks, so that a lesion that fills its field still lies inside it afterwards.
    """
    slack = 2.0 * _ROUNDING
    first = np.searchsorted(at, start - 0.5 - slack, side="left")
    last = np.searchsorted(at, stop - 0.5 + slack, side="right")
    return int(first), int(last)


def _interpolate(values: FloatArray, at: tuple[FloatArray, FloatArray]) -> FloatArray:
    for axis, positions in enumerate(at):
        low, weight = _neighbours(positions, values.shape[axis])
        high = np.minimum(low + 1, values.shape[axis] - 1)
        weight = weight[:, None] if axis == 0 else weight[None, :]
        values = values.take(low, axis) * (1.0 - weight) + values.take(high, axis) * weight
    return values


def _neighbours(positions: FloatArray, size: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], FloatArray]:
    inside = np.clip(positions, 0.0, size - 1.0)
    low = np.floor(inside).astype(np.intp)
    return low, inside - low
