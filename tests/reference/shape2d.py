"""Slow twin of the outline: every pair of its points, every piece of its length."""

from __future__ import annotations

import math

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
