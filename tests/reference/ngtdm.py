"""Slow twin of the tone differences, in exact fractions."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from tests.reference.gldm import neighbours

from perirad.arrays import IntArray


def differences(levels: IntArray) -> dict[int, Fraction]:
    """Level -> sum of absolute differences to the neighbours' mean; 0 for a pixel without neighbours."""
    sums: dict[int, Fraction] = defaultdict(Fraction)
    for r, c in zip(*levels.nonzero(), strict=True):
        level = int(levels[r, c])
        around = neighbours(levels, int(r), int(c))
        sums[level] += abs(level - Fraction(sum(around), len(around))) if around else Fraction(0)
    return dict(sums)
