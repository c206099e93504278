"""Point in polygon, one pixel at a time, in exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from perirad.arrays import BoolArray

Ring = Sequence[tuple[float, float]]


def inside(row: int, column: int, rings: Sequence[Ring]) -> bool:
    """Count the edges to the left of a point (or under it)."""
    odd = False
    for ring in rings:
        for (row_a, column_a), (row_b, column_b) in zip(ring, [*ring[1:], ring[0]], strict=True):
            a, b = Fraction(row_a), Fraction(row_b)
            if (a <= row) == (b <= row):
                continue
            crossing = Fraction(column_a) + (row - a) * (Fraction(column_b) - Fraction(column_a)) / (b - a)
            odd ^= crossing <= column
    return odd


def naive_rasterise(rings: Sequence[Ring], shape: tuple[int, int]) -> BoolArray:
    mask = np.zeros(shape, dtype=np.bool_)
    for row in range(shape[0]):
        for column in range(shape[1]):
            mask[row, column] = inside(row, column, rings)
    return mask
