"""Slow twin of the dependence counts."""

from __future__ import annotations

from collections import Counter

from perirad.arrays import IntArray


def neighbours(levels: IntArray, r: int, c: int) -> list[int]:
    """Levels of the pixels around one, those outside the region left out."""
    rows, columns = levels.shape
    around = [(r + i, c + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    return [int(levels[s, d]) for s, d in around if 0 <= s < rows and 0 <= d < columns and levels[s, d]]


def dependences(levels: IntArray) -> Counter[tuple[int, int, int]]:
    """Count (0, level, number of equal neighbours and the pixel itself)."""
    counts: Counter[tuple[int, int, int]] = Counter()
    for r, c in zip(*levels.nonzero(), strict=True):
        level = int(levels[r, c])
        counts[0, level, 1 + neighbours(levels, int(r), int(c)).count(level)] += 1
    return counts
