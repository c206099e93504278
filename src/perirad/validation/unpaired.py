"""Areas under ROC curves of different patients, and an area against a fixed value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from perirad.errors import InputError
from perirad.validation._check import check_level
from perirad.validation.records import Auc, Estimate

__all__ = ["UnpairedAucComparison", "auc_logit_interval", "auc_p_value", "compare_auc_unpaired"]


@dataclass(frozen=True)
class UnpairedAucComparison:
    """Difference of the areas of two groups of patients (first minus second) with its 95 % interval and test."""

    difference: float
    lower: float
    upper: float
    t: float
    df: float
    p: float


def compare_auc_unpaired(first: Auc, second: Auc) -> UnpairedAucComparison:
    """Compare areas of different patients, by Welch's t with DeLong's variances, as pROC does.

    Parameters
    ----------
    first, second : Auc
        Of two groups without a patient in common, such as two centres.

    Returns
    -------
    UnpairedAucComparison
        The interval is not cut off. NaN test and limits where a variance is NaN or both are zero.
    """
    difference, variance = first.estimate - second.estimate, first.variance + second.variance
    if not variance > 0.0:
        return UnpairedAucComparison(difference, math.nan, math.nan, math.nan, math.nan, math.nan)
    shares = sum(auc.variance**2 / (auc.n_events + auc.n_nonevents - 1) for auc in (first, second))
    df, se = variance**2 / shares, math.sqrt(variance)
    t, reach = difference / se, float(special.stdtrit(df, 0.975)) * se
    p = 2.0 * float(special.stdtr(df, -abs(t)))
    return UnpairedAucComparison(difference, difference - reach, difference + reach, t, df, p)


def auc_logit_interval(auc: Auc, *, level: float = 0.95) -> Estimate:
    """Interval of an area by DeLong's variance on the logit scale, which stays within 0 and 1.

    NaN limits where the area is 0 or 1, or without a variance.
    """
    check_level(level)
    area = auc.estimate
    if not 0.0 < area < 1.0:
        return Estimate(area, math.nan, math.nan)
    reach = float(special.ndtri(0.5 + level / 2.0)) * math.sqrt(auc.variance) / (area * (1.0 - area))
    middle = float(special.logit(area))
    return Estimate(area, float(special.expit(middle - reach)), float(special.expit(middle + reach)))


def auc_p_value(auc: Auc, *, against: float = 0.5) -> float:
    """Two-sided p of Wald's test, with DeLong's variance, that an area is a given one.

    NaN without a variance: a perfect or constant score, a single event or non-event.
    """
    if not 0.0 <= against <= 1.0:
        raise InputError("an area lies within 0 and 1", f"against={against}")
    if not auc.variance > 0.0:
        return math.nan
    return 2.0 * float(special.ndtr(-abs(auc.estimate - against) / math.sqrt(auc.variance)))
