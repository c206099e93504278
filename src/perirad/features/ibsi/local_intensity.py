"""Local intensity (IBSI 9ST6): the mean of a sphere of 1 cm³ about a voxel."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import BoolArray, FloatArray

__all__ = ["LOCAL_INTENSITY", "local_intensity", "sphere_means"]

LOCAL_INTENSITY = ("VJGA", "0F91")
RADIUS_MM = (3.0 / (4.0 * math.pi)) ** (1.0 / 3.0) * 10.0


def local_intensity(
    image: FloatArray, intensity: BoolArray, spacing_mm: tuple[float, float, float]
) -> dict[str, float]:
    """Local and global intensity peak, by IBSI code.

    Parameters
    ----------
    image : ndarray of shape (slices, rows, columns)
        Intensities; those outside the region count in the spheres.
    intensity : ndarray of bool, same shape
        The region's intensity mask.
    spacing_mm : tuple of float
        (slice, row, column).

    Returns
    -------
    dict of str to float
        ``VJGA``, the mean about the brightest voxel (of several, the largest mean); ``0F91``, the largest mean about
        any voxel. NaN for a region without voxels.
    """
    if not intensity.any():
        return dict.fromkeys(LOCAL_INTENSITY, math.nan)
    mean = sphere_means(image, intensity, spacing_mm)
    values = image[intensity]
    return {"VJGA": float(mean[values == values.max()].max()), "0F91": float(mean.max())}


def sphere_means(image: FloatArray, intensity: BoolArray, spacing_mm: tuple[float, float, float]) -> FloatArray:
    """Mean of the voxels whose centres are within 6.2 mm, for each voxel of the mask; those beyond the image are not.

    Returns
    -------
    ndarray of shape (n_voxels,)
    """
    reach = [int(RADIUS_MM / step) for step in spacing_mm]
    padded = np.pad(image, [(r, r) for r in reach], constant_values=0.0)
    known = np.pad(np.ones(image.shape), [(r, r) for r in reach])
    at = np.ravel_multi_index(tuple(np.argwhere(intensity).T + np.array(reach)[:, None]), padded.shape)
    total, count = np.zeros(at.size), np.zeros(at.size)
    for offset in np.ndindex(*(2 * r + 1 for r in reach)):
        shift = [o - r for o, r in zip(offset, reach, strict=True)]
        if math.dist([0.0] * 3, [s * step for s, step in zip(shift, spacing_mm, strict=True)]) > RADIUS_MM:
            continue
        there = at + (shift[0] * padded.shape[1] + shift[1]) * padded.shape[2] + shift[2]
        total += padded.reshape(-1)[there]
        count += known.reshape(-1)[there]
    return total / count
