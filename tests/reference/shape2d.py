"""Slow twin of the outline: every pair of its points, every piece of its length."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from perirad.arrays import BoolArray


def outline_points(mask: BoolArray) -> list[tuple[float, float]]:
    """Points halfway between a pixel inside and a neighbour outside, in pixels."""
    rows, columns = mask.shape

    def inside(r: int, c: int) -> bool:
        return 0 <= r < rows and 0 <= c < columns and bool(mask[r, c])

    return [
        (r + down / 2, c + across / 2)
        for r in range(rows)
        for c in range(columns)
        if mask[r, c]
        for down, across in ((0, 1), (0, -1), (1, 0), (-1, 0))
        if not inside(r + down, c + across)
    ]


def diameter(mask: BoolArray, spacing_mm: tuple[float, float]) -> float:
    """Largest distance between two outline points."""
    points = outline_points(mask)
    return max(math.hypot((a - c) * spacing_mm[0], (b - d) * spacing_mm[1]) for a, b in points for c, d in points)


def corner_patterns(mask: BoolArray) -> Counter[int]:
    """Number of 2 x 2 squares by their corners, clockwise from the upper left; the mask has a border of one pixel."""
    bordered = np.pad(mask, 1)
    rows, columns = bordered.shape
    return Counter(
        int(bordered[r, c]) + 2 * bordered[r, c + 1] + 4 * bordered[r + 1, c + 1] + 8 * bordered[r + 1, c]
        for r in range(rows - 1)
        for c in range(columns - 1)
    )


def coordinate_sums(mask: BoolArray) -> list[int]:
    """n, row, column and their three products summed over the pixels, row and column 0 being a border."""
    at = [(int(r) + 1, int(c) + 1) for r, c in zip(*mask.nonzero(), strict=True)]
    return [sum(terms) for terms in zip(*((1, r, c, r * r, r * c, c * c) for r, c in at), strict=True)] or [0] * 6
