"""Slow twin of the rings' distance: every pixel against every lesion pixel."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import BoolArray, FloatArray


def distances_mm(mask: BoolArray, spacing_mm: tuple[float, float], margin: int) -> FloatArray:
    """Distance in mm from each pixel's centre to the nearest lesion pixel's centre, on the grid continued by margin."""
    lesion = [(int(row), int(column)) for row, column in np.argwhere(mask)]
    rows, columns = mask.shape
    distance = np.empty((rows + 2 * margin, columns + 2 * margin))
    for row in range(-margin, rows + margin):
        for column in range(-margin, columns + margin):
            distance[row + margin, column + margin] = min(
                math.hypot((row - i) * spacing_mm[0], (column - j) * spacing_mm[1]) for i, j in lesion
            )
    return distance
