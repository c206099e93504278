"""Slow twin of the co-occurrence counts."""

from __future__ import annotations

from collections import Counter

from perirad.arrays import IntArray

DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))


def pairs(levels: IntArray) -> Counter[tuple[int, int, int]]:
    """Count (direction, level, neighbour's level), both ways; 0 is outside."""
    rows, columns = levels.shape
    counts: Counter[tuple[int, int, int]] = Counter()
    for k, (down, across) in enumerate(DIRECTIONS):
        for r in range(rows):
            for c in range(columns):
                for sign in (1, -1):
                    s, d = r + sign * down, c + sign * across
                    if 0 <= s < rows and 0 <= d < columns and levels[r, c] and levels[s, d]:
                        counts[k, int(levels[r, c]), int(levels[s, d])] += 1
    return counts
