"""Means of the disc of IBSI's local intensity (9ST6), for a whole picture at once."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.features.ibsi.local_intensity import LOCAL_INTENSITY, RADIUS_MM
from perirad.image.image import Box

__all__ = ["disc_means", "peaks"]


def disc_means(picture: FloatArray, box: Box, spacing_mm: tuple[float, float]) -> FloatArray:
    """Mean of the pixels whose centres are within 6.2 mm, for each pixel of a box.

    Parameters
    ----------
    picture : ndarray of shape (rows, columns)
        Intensities; beyond it there are none to count.
    box : Box
        Part of the picture that is wanted.
    spacing_mm : tuple of float
        (row, column).

    Returns
    -------
    ndarray of shape (rows of the box, columns of the box)

    Notes
    -----
    The same sums as `sphere_means`, of which all regions of an image can take theirs.
    """
    down_mm, across_mm = spacing_mm
    rows, columns = picture.shape
    reach = min(int(RADIUS_MM / across_mm), columns - 1)
    # Of running sums along the rows, a chord of the disc is the difference of two.
    ends = np.pad(picture, ((0, 0), (reach + 1, reach))).cumsum(axis=1)
    place = np.arange(box.left, box.right)
    total = np.zeros((box.bottom - box.top, box.right - box.left))
    count = np.zeros(total.shape)
    for step in range(-int(RADIUS_MM / down_mm), int(RADIUS_MM / down_mm) + 1):
        half = min(int(math.sqrt(max(RADIUS_MM**2 - (step * down_mm) ** 2, 0.0)) / across_mm), reach)
        first, last = max(box.top + step, 0), min(box.bottom + step, rows)
        if first >= last:
            continue
        to = slice(first - step - box.top, last - step - box.top)
        left, right = box.left + reach - half, box.right + reach - half
        total[to] += ends[first:last, left + 2 * half + 1 : right + 2 * half + 1] - ends[first:last, left:right]
        count[to] += np.minimum(place + half, columns - 1) - np.maximum(place - half, 0) + 1
    return total / count


def peaks(means: FloatArray, picture: FloatArray, inside: BoolArray) -> dict[str, float]:
    """Local and global intensity peak of a region, by IBSI code; all arrays of one shape.

    ``VJGA``, the mean about the brightest pixel (of several, the largest mean), and ``0F91``, the largest mean about
    any pixel; NaN for a region without pixels.
    """
    if not inside.any():
        return dict.fromkeys(LOCAL_INTENSITY, math.nan)
    values, mean = picture[inside], means[inside]
    return {"VJGA": float(mean[values == values.max()].max()), "0F91": float(mean.max())}
