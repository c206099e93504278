"""Means of the disc of IBSI's local intensity (9ST6), for a whole picture at once."""

from __future__ import annotations

import math

import numpy as np

from perirad._kernels import disc_sums
from perirad.arrays import BoolArray, FloatArray, IntArray
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
    steps = np.arange(-int(RADIUS_MM / down_mm), int(RADIUS_MM / down_mm) + 1)
    widths_mm = np.sqrt(np.maximum(RADIUS_MM**2 - (steps * down_mm) ** 2, 0.0))
    halves = np.minimum((widths_mm / across_mm).astype(np.int64), reach)
    total = np.zeros((box.bottom - box.top, box.right - box.left))
    disc_sums(ends, np.column_stack([steps, halves]), box.top, box.left + reach, total)
    return total / _disc_counts(columns, rows, box, steps, halves)


def _disc_counts(columns: int, rows: int, box: Box, steps: IntArray, halves: IntArray) -> IntArray:
    """Pixels of each pixel's disc, of shape (rows of the box, columns of the box)."""
    place = np.arange(box.left, box.right)
    half = halves[:, None]
    chords = np.minimum(place + half, columns - 1) - np.maximum(place - half, 0) + 1
    up_to = np.concatenate([np.zeros((1, len(place)), dtype=np.int64), chords.cumsum(axis=0)])
    row = np.arange(box.top, box.bottom)
    first, last = np.clip(-steps[0] - row, 0, len(steps)), np.clip(rows - steps[0] - row, 0, len(steps))
    return np.asarray(up_to[last] - up_to[first], dtype=np.int64)


def peaks(means: FloatArray, picture: FloatArray, inside: BoolArray) -> dict[str, float]:
    """Local and global intensity peak of a region, by IBSI code; all arrays of one shape.

    ``VJGA``, the mean about the brightest pixel (of several, the largest mean), and ``0F91``, the largest mean about
    any pixel; NaN for a region without pixels.
    """
    if not inside.any():
        return dict.fromkeys(LOCAL_INTENSITY, math.nan)
    values, mean = picture[inside], means[inside]
    return {"VJGA": float(mean[values == values.max()].max()), "0F91": float(mean.max())}
