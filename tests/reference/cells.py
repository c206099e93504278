"""Slow twins of the sums over cells: the definitions, one matrix at a time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import numpy as np

Table = Mapping[tuple[int, int], float]
"""Count by row and column of one matrix."""


def moment(table: Table, weight: Callable[[int, int], float]) -> float:
    """Mean of a weight over a matrix."""
    return math.fsum(n * weight(i, j) for (i, j), n in table.items()) / math.fsum(table.values())


def margin(table: Table, index: Callable[[int, int], int]) -> Counter[int]:
    """Counts by what rows and columns have in common."""
    sums: Counter[int] = Counter()
    for (i, j), n in table.items():
        sums[index(i, j)] += n  # type: ignore[assignment]
    return sums


def entropy(counts: Iterable[float]) -> float:
    """Entropy in bits."""
    counts = list(counts)
    total = math.fsum(counts)
    return -math.fsum(n / total * math.log2(n / total) for n in counts)
