"""Slow twin of the run counts: every line is written out, then cut into runs."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from tests.reference.glcm import DIRECTIONS

from perirad.arrays import IntArray


def lines(levels: IntArray, down: int, across: int) -> list[list[int]]:
    """All lines of the picture in one direction."""
    rows, columns = levels.shape
    found = []
    for r in range(rows):
        for c in range(columns):
            if 0 <= r - down < rows and 0 <= c - across < columns:
                continue
            line = []
            s, d = r, c
            while 0 <= s < rows and 0 <= d < columns:
                line.append(int(levels[s, d]))
                s, d = s + down, d + across
            found.append(line)
    return found


def runs(levels: IntArray) -> Counter[tuple[int, int, int]]:
    """Count (direction, level, run length); a direction without a line of two pixels has no runs."""
    counts: Counter[tuple[int, int, int]] = Counter()
    for k, (down, across) in enumerate(DIRECTIONS):
        found = lines(levels, down, across)
        if max(sum(level > 0 for level in line) for line in found) < 2:
            continue
        for line in found:
            for level, run in groupby(line):
                if level:
                    counts[k, level, len(list(run))] += 1
    return counts
