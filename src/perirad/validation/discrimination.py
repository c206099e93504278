"""Discrimination: area under the ROC curve, its interval, its comparison, and the curve itself."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from perirad.arrays import BoolArray, FloatArray, IntArray, frozen
from perirad.validation._check import check_level, check_outcome, check_score
from perirad.validation.records import Auc, AucComparison, RocCurve

__all__ = ["auc_delong", "compare_auc", "roc_curve"]


class _Placements(NamedTuple):
    """For each event the share of non-events below it (ties half), for each non-event that of events above it."""

    events: FloatArray
    nonevents: FloatArray


def auc_delong(outcome: IntArray, score: FloatArray, *, level: float = 0.95) -> Auc:
    """Area under the ROC curve with DeLong's variance and interval (doi:10.2307/2531595).

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    score : ndarray of shape (n,)
        Higher means the event is more likely; ties count half.
    level : float
        Confidence level of the interval, within 0 and 1.

    Returns
    -------
    Auc
        The interval is cut off at 0 and 1, as pROC does. Variance and limits are NaN with a single event or
        non-event. A constant score has area 0.5 and variance 0.
    """
    check_level(level)
    event = check_outcome(outcome, both=True)
    placed = _placements(event, check_score(score, event.size))
    area, variance = float(placed.events.mean()), _variance(placed)
    reach = float(special.ndtri(0.5 + level / 2.0)) * math.sqrt(variance)
    return Auc(
        estimate=area,
        lower=float(np.maximum(area - reach, 0.0)),
        upper=float(np.minimum(area + reach, 1.0)),
        variance=variance,
        n_events=placed.events.size,
        n_nonevents=placed.nonevents.size,
    )


def compare_auc(outcome: IntArray, first: FloatArray, second: FloatArray) -> AucComparison:
    """Difference of the areas of two scores on the same patients, first minus second, with DeLong's test.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    first, second : ndarray of shape (n,)
        Two scores of the same patients, higher meaning more likely.

    Returns
    -------
    AucComparison
        With its 95 % interval, which is not cut off. Scores that rank the patients alike differ by 0 with p = 1;
        z and p are NaN where the areas differ but their difference has no variance.
    """
    event = check_outcome(outcome, both=True)
    a = _placements(event, check_score(first, event.size, "first score"))
    b = _placements(event, check_score(second, event.size, "second score"))
    gap = _Placements(a.events - b.events, a.nonevents - b.nonevents)
    difference, variance = float(a.events.mean() - b.events.mean()), _variance(gap)
    if not (gap.events.any() or gap.nonevents.any()):
        return AucComparison(0.0, 0.0, 0.0, 0.0, 1.0)
    se = math.sqrt(variance)
    z = difference / se if se > 0.0 else math.nan
    reach = float(special.ndtri(0.975)) * se
    return AucComparison(difference, difference - reach, difference + reach, z, float(2.0 * special.ndtr(-abs(z))))


def roc_curve(outcome: IntArray, score: FloatArray) -> RocCurve:
    """ROC curve with a point between every two neighbouring scores.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    score : ndarray of shape (n,)
        Higher means the event is more likely.

    Returns
    -------
    RocCurve
        Thresholds descend from infinity (nobody positive) to minus infinity (everybody positive).
    """
    event = check_outcome(outcome, both=True)
    values, place = np.unique(check_score(score, event.size), return_inverse=True)
    events = np.bincount(place[event], minlength=values.size)[::-1]
    nonevents = np.bincount(place[~event], minlength=values.size)[::-1]
    middle = 0.5 * values[:-1] + 0.5 * values[1:]
    # halfway between neighbouring floating point numbers is the lower one, which must stay negative
    middle = np.where(middle > values[:-1], middle, values[1:])
    return RocCurve(
        thresholds=frozen(np.concatenate(([np.inf], middle[::-1], [-np.inf]))),
        sensitivity=frozen(np.concatenate(([0.0], np.cumsum(events) / events.sum()))),
        specificity=frozen(np.concatenate(([1.0], (nonevents.sum() - np.cumsum(nonevents)) / nonevents.sum()))),
    )


def _placements(event: BoolArray, score: FloatArray) -> _Placements:
    high, low = score[event], score[~event]
    sorted_high, sorted_low = np.sort(high), np.sort(low)
    below = np.searchsorted(sorted_low, high, side="left") + np.searchsorted(sorted_low, high, side="right")
    not_above = np.searchsorted(sorted_high, low, side="left") + np.searchsorted(sorted_high, low, side="right")
    return _Placements(below / (2.0 * low.size), 1.0 - not_above / (2.0 * high.size))


def _variance(placed: _Placements) -> float:
    if min(placed.events.size, placed.nonevents.size) < 2:
        return math.nan
    return sum(float(part.var(ddof=1)) / part.size for part in placed)
