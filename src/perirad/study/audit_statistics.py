"""Figures over several splits of one study: means, the best of several, and how much they vary."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from perirad.validation.records import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from perirad.arrays import FloatArray

__all__ = ["best_of", "over_splits"]


def best_of(values: FloatArray, count: int) -> float:
    r"""Mean of the largest over all ways to draw `count` of the n values without putting back.

    .. math:: \sum_k x_{(k)} \binom{k-1}{m-1} / \binom{n}{m}

    NaN with fewer than `count` values.
    """
    n = len(values)
    if n < count or count < 1:
        return math.nan
    weights = [math.comb(k, count - 1) / math.comb(n, count) for k in range(n)]
    return float(np.dot(np.sort(values), weights))


def over_splits(values: FloatArray, statistic: Callable[[FloatArray], float]) -> Estimate:
    """A statistic of the splits with the 95 % interval of the jackknife.

    For the mean this is Student's interval. It says how well so many splits of these patients tell the figure; it does
    not say how other patients would do.

    Parameters
    ----------
    values : ndarray of shape (n_splits,)
        One per split. For a paired difference, the differences.
    statistic : callable
        Must also be defined with one value fewer.

    Returns
    -------
    Estimate
        NaN without values, NaN limits with one.

    Notes
    -----
    Tukey's pseudo-values; Efron and Stein 1981, doi:10.1214/aos/1176345462.
    """
    n = len(values)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan)
    whole = float(statistic(values))
    if n == 1:
        return Estimate(whole, math.nan, math.nan)
    without = np.array([statistic(np.delete(values, i)) for i in range(n)])
    variance = (n - 1) / n * float(((without - without.mean()) ** 2).sum())
    margin = float(special.stdtrit(n - 1, 0.975)) * math.sqrt(variance)
    return Estimate(whole, whole - margin, whole + margin)
