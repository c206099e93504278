"""Interpolation of images and masks of any number of dimensions to another spacing, as IBSI has it (VTM2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from perirad.arrays import BoolArray, FloatArray, frozen
from perirad.errors import InputError

__all__ = ["interpolate", "interpolate_mask"]

_SLACK = 1e-9  # what rounding may add to a quotient of lengths, or take from a mask's half


def interpolate(
    array: NDArray[Any],
    spacing_mm: Sequence[float],
    new_spacing_mm: Sequence[float],
    *,
    order: Literal[0, 1, 3],
) -> FloatArray:
    """Sample an image on a grid of another spacing.

    Parameters
    ----------
    array : ndarray
        Intensities, any number of dimensions.
    spacing_mm, new_spacing_mm : sequence of float
        Distance of neighbouring centres along each axis, in array order. An axis whose spacing stays is left alone, so
        that a volume is processed slice by slice by keeping the spacing across slices.
    order : {0, 1, 3}
        Nearest neighbour, (bi-, tri-)linear, (bi-, tri-)cubic B-spline.

    Returns
    -------
    ndarray
        Side lengths ``ceil(n · spacing / new spacing)``. Not rounded: IBSI rounds CT to whole units afterwards.

    Raises
    ------
    InputError
        A spacing that is not positive, or not one for each axis.

    Notes
    -----
    The centres of the two grids coincide. Samples beyond the outermost centres take the value found there. The spline
    continues the image by reflection about the outermost centres; that reproduces the IBSI diagnostics to the unit.

    References
    ----------
    Reference manual arXiv:1612.07003, section 2.4 (image interpolation).
    """
    _check(array.ndim, spacing_mm, new_spacing_mm)
    result = np.asarray(array, dtype=np.float64)
    for axis, (old, new) in enumerate(zip(spacing_mm, new_spacing_mm, strict=True)):
        if old != new:
            weights = _weights(result.shape[axis], new / old, order)
            result = np.moveaxis(np.tensordot(weights, result, axes=(1, axis)), 0, axis)
    return np.ascontiguousarray(result)


def interpolate_mask(mask: BoolArray, spacing_mm: Sequence[float], new_spacing_mm: Sequence[float]) -> BoolArray:
    """Sample a mask on a grid of another spacing: linear interpolation, inside from a half on.

    Parameters
    ----------
    mask : ndarray of bool
        Region, any number of dimensions.
    spacing_mm, new_spacing_mm : sequence of float
        As for `interpolate`, which gives an image of the same shape.

    Returns
    -------
    ndarray of bool
        Where the interpolated mask is at least 0.5 (partial volume threshold of the IBSI configurations).

    Raises
    ------
    InputError
        A spacing that is not positive, or not one for each axis.
    """
    return interpolate(mask, spacing_mm, new_spacing_mm, order=1) >= 0.5 - _SLACK


@lru_cache(maxsize=8)
def _weights(n: int, ratio: float, order: Literal[0, 1, 3]) -> FloatArray:
    """Share of each old sample (column) in each new one (row) along one axis; the same for an image and its regions."""
    n_new = math.ceil(n / ratio - _SLACK * n)
    first = (n - 1) / 2.0 - ratio * (n_new - 1) / 2.0
    place = np.clip(first + ratio * np.arange(n_new), 0.0, n - 1.0)
    impulses = np.eye(n)
    if order == 3:
        impulses = ndimage.spline_filter1d(impulses, order=3, axis=0, mode="mirror")
    sampled = [
        ndimage.map_coordinates(column, place[np.newaxis], order=order, mode="mirror", prefilter=False)
        for column in impulses.T
    ]
    return frozen(np.stack(sampled, axis=1))


def _check(n_axes: int, *spacings_mm: Sequence[float]) -> None:
    for spacing in spacings_mm:
        if len(spacing) != n_axes:
            raise InputError(f"spacing must have one value for each of {n_axes} axes", f"{tuple(spacing)}")
        if not all(math.isfinite(length) and length > 0.0 for length in spacing):
            raise InputError("spacing must be positive", f"{tuple(spacing)} mm")
