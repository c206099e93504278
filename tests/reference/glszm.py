"""Slow twin of the zone counts: flood fill."""

from __future__ import annotations

from collections import Counter

from perirad.arrays import IntArray


def zones(levels: IntArray) -> Counter[tuple[int, int, int]]:
    """Count (0, level, zone size)."""
    left = {(int(r), int(c)): int(levels[r, c]) for r, c in zip(*levels.nonzero(), strict=True)}
    counts: Counter[tuple[int, int, int]] = Counter()
    while left:
        start, level = left.popitem()
        zone, todo = 1, [start]
        while todo:
            r, c = todo.pop()
            for at in [(r + i, c + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                if left.get(at) == level:
                    del left[at]
                    zone += 1
                    todo.append(at)
        counts[0, level, zone] += 1
    return counts
