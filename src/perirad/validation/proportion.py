"""Shares with their confidence interval."""

from __future__ import annotations

import math

from scipy import special

from perirad.validation.records import Proportion

__all__ = ["proportion"]

Z95 = float(special.ndtri(0.975))


def proportion(numerator: int, denominator: int) -> Proportion:
    """Share with its Wilson 95 % interval, without continuity correction (doi:10.1080/01621459.1927.10502953).

    NaN, limits too, where the denominator is zero.
    """
    k, n = int(numerator), int(denominator)
    if n == 0:
        return Proportion(math.nan, math.nan, math.nan, k, n)
    p, z2 = k / n, Z95**2
    centre = (k + z2 / 2.0) / (n + z2)
    half = Z95 * math.sqrt(n * p * (1.0 - p) + z2 / 4.0) / (n + z2)
    lower = 0.0 if k == 0 else centre - half
    upper = 1.0 if k == n else centre + half
    return Proportion(p, lower, upper, k, n)
