"""Point in polygon, one pixel at a time, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perirad.arrays import BoolArray

UNITS = 1024
"""Vertices lie at multiples of one in so many parts of a pixel, so that nothing is rounded."""

Ring = Sequence[tuple[int, int]]


def inside(row: int, column: int, rings: Sequence[Ring]) -> bool:
    """Count the edges that a line from the far left meets up to a point, in units."""
    odd = False
    for ring in rings:
        for (row_a, column_a), (row_b, column_b) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (row_a <= row) == (row_b <= row):
                continue
            left = column_a * (row_b - row_a) + (row - row_a) * (column_b - column_a)
            right = column * (row_b - row_a)
            odd ^= left <= right if row_b > row_a else left >= right
    return odd


def naive_rasterise(rings: Sequence[Ring], shape: tuple[int, int]) -> BoolArray:
    """Vertices (row, column) in units of a pixel's 1024th part."""
    mask = np.zeros(shape, dtype=np.bool_)
    for row in range(shape[0]):
        for column in range(shape[1]):
            mask[row, column] = inside(row * UNITS, column * UNITS, rings)
    return mask
