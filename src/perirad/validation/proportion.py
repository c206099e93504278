"""Shares with their confidence interval."""

from __future__ import annotations

import math
from typing import Literal

from scipy import special

from perirad.errors import InputError
from perirad.validation.records import Proportion

__all__ = ["proportion"]

Z95 = float(special.ndtri(0.975))

Interval = Literal["wilson", "clopper-pearson"]


def proportion(numerator: int, denominator: int, *, interval: Interval = "wilson") -> Proportion:
    """Share with its 95 % interval.

    Parameters
    ----------
    numerator, denominator : int
    interval : {"wilson", "clopper-pearson"}
        Wilson's without continuity correction (doi:10.1080/01621459.1927.10502953), or the exact one, which is wider
        and covers at least 95 % whatever the share (doi:10.1093/biomet/26.4.404).

    Returns
    -------
    Proportion
        NaN, limits too, where the denominator is zero.
    """
    k, n = int(numerator), int(denominator)
    if not 0 <= k <= n:
        raise InputError("a share must lie between 0 and its denominator", f"{k} of {n}")
    if interval not in ("wilson", "clopper-pearson"):
        raise InputError("the interval must be wilson or clopper-pearson", repr(interval))
    if n == 0:
        return Proportion(math.nan, math.nan, math.nan, k, n)
    lower, upper = _wilson(k, n) if interval == "wilson" else _clopper_pearson(k, n)
    return Proportion(k / n, lower, upper, k, n)


def _wilson(k: int, n: int) -> tuple[float, float]:
    p, z2 = k / n, Z95**2
    centre = (k + z2 / 2.0) / (n + z2)
    half = Z95 * math.sqrt(n * p * (1.0 - p) + z2 / 4.0) / (n + z2)
    return 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half


def _clopper_pearson(k: int, n: int) -> tuple[float, float]:
    lower = 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, 0.025))
    upper = 1.0 if k == n else float(special.betaincinv(k + 1, n - k, 0.975))
    return lower, upper
