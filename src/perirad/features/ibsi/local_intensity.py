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
    """Mean of the voxels whose centres are within 6.2 mm, for each voxel of the mask, which has one at least.

    Returns
    -------
    ndarray of shape (n_voxels,)
    """
    down_mm, row_mm, column_mm = spacing_mm
    reach = [min(int(RADIUS_MM / step), side - 1) for step, side in zip(spacing_mm, image.shape, strict=True)]
    box = tuple(
        slice(max(int(axis.min()) - r, 0), int(axis.max()) + r + 1)
        for axis, r in zip(np.nonzero(intensity), reach, strict=True)
    )
    image, intensity = image[box], intensity[box]
    margin = [(reach[0], reach[0]), (reach[1], reach[1]), (reach[2] + 1, reach[2])]
    # Of running sums along the columns, a row of the sphere is the difference of two.
    total_to, count_to = (np.cumsum(np.pad(part, margin), axis=2) for part in (image, np.ones(image.shape)))
    down, row, column = (axis + place[0] for axis, place in zip(np.nonzero(intensity), margin, strict=True))
    total, count = np.zeros(down.size), np.zeros(down.size)
    for d in range(-reach[0], reach[0] + 1):
        for r in range(-reach[1], reach[1] + 1):
            rest = RADIUS_MM**2 - (d * down_mm) ** 2 - (r * row_mm) ** 2
            if rest >= 0.0:
                half = min(int(math.sqrt(rest) / column_mm), reach[2])
                last, before = (down + d, row + r, column + half), (down + d, row + r, column - half - 1)
                total += total_to[last] - total_to[before]
                count += count_to[last] - count_to[before]
    return total / count
