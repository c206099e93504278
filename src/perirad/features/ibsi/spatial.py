"""Spatial autocorrelation of intensities: Moran's I and Geary's C, over all pairs of voxels."""

from __future__ import annotations

import math

import numpy as np
from scipy import fft

from perirad.arrays import BoolArray, FloatArray

__all__ = ["autocorrelation"]


def autocorrelation(
    image: FloatArray, inside: BoolArray, spacing_mm: tuple[float, float, float]
) -> tuple[float, float]:
    """Moran's I (IBSI N365) and Geary's C (NPT7), each pair of voxels weighted by its inverse distance.

    Exact: the sums over all pairs are correlations of the weights with the mask and with the intensities, for which
    a Fourier transform needs seconds where the pairs themselves would need hours.

    Parameters
    ----------
    image : ndarray of shape (slices, rows, columns)
        Intensities.
    inside : ndarray of bool, same shape
    spacing_mm : tuple of float
        (slice, row, column).

    Returns
    -------
    moran, geary : float
        NaN for a flat region and one of fewer than two voxels.
    """
    n = int(inside.sum())
    if n < 2:
        return math.nan, math.nan
    values = np.where(inside, image - image[inside].mean(), 0.0)
    square = values**2
    variation = float(square.sum())
    if variation == 0.0:
        return math.nan, math.nan
    near_mask, near_values = _weighted(np.stack([inside.astype(np.float64), values]), spacing_mm)
    weights = float((near_mask * inside).sum())
    products = float((near_values * values).sum())
    gaps = 2.0 * (float((near_mask * square).sum()) - products)
    return n / weights * products / variation, (n - 1) / (2.0 * weights) * gaps / variation


def _weighted(volumes: FloatArray, spacing_mm: tuple[float, float, float]) -> FloatArray:
    """Sum of all other voxels of each volume by inverse distance, at each voxel."""
    shape = volumes.shape[1:]
    sides = [fft.next_fast_len(2 * side - 1, real=True) for side in shape]
    steps = [
        np.minimum(np.arange(side), side - np.arange(side)) * step for side, step in zip(sides, spacing_mm, strict=True)
    ]
    distance = np.sqrt(sum(np.ix_(*(step**2 for step in steps)), start=np.zeros(sides)))
    weight = np.divide(1.0, distance, out=np.zeros(sides), where=distance > 0.0)
    response = fft.rfftn(weight)
    sums = [fft.irfftn(fft.rfftn(volume, sides) * response, sides)[tuple(map(slice, shape))] for volume in volumes]
    return np.stack(sums)
