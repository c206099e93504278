"""Predictive values and risks where the event is rarer or commoner than among the study's patients."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.validation._check import check_probability, check_within
from perirad.validation.proportion import Z95
from perirad.validation.records import Estimate, ThresholdMetrics

__all__ = ["PredictiveValues", "intercept_shift", "predictive_values", "reweighted_probability"]


@dataclass(frozen=True)
class PredictiveValues:
    """Positive and negative predictive value at a given prevalence, with 95 % intervals."""

    prevalence: float
    ppv: Estimate
    npv: Estimate


def predictive_values(table: ThresholdMetrics, prevalence: float) -> PredictiveValues:
    """Predictive values at another prevalence, sensitivity and specificity being carried over.

    Parameters
    ----------
    table : ThresholdMetrics
        Of patients with and without the event.
    prevalence : float
        Where the cut-off is to be used, within 0 and 1.

    Returns
    -------
    PredictiveValues
        Intervals on the logit scale (doi:10.1002/sim.2677), NaN where a needed cell is empty. A value is NaN where
        nobody would be called so.

    Notes
    -----
    Sensitivity and specificity themselves can change with the prevalence, when milder or other patients are met.
    """
    check_within("prevalence", prevalence)
    n_events, n_others = table.tp + table.fn, table.tn + table.fp
    if not (n_events and n_others):
        raise InputError("patients with and without the event are needed", f"{n_events} and {n_others}")
    odds = prevalence / (1.0 - prevalence)
    return PredictiveValues(
        prevalence=float(prevalence),
        ppv=_value(odds, table.tp, n_events, table.fp, n_others),
        npv=_value(1.0 / odds, table.tn, n_others, table.fn, n_events),
    )


def intercept_shift(prevalence_then: float, prevalence_now: float) -> float:
    """What to add to a model's intercept where the prevalence is another and the predictors act alike.

    Parameters
    ----------
    prevalence_then : float
        Among the patients of development, within 0 and 1; that of a case-control sample, for instance.
    prevalence_now : float
        Where the model is to be used.

    Returns
    -------
    float
        Difference of the logits: exact where the predictors' distributions among events and among the others are the
        same in both places (doi:10.1093/biomet/66.3.403).
    """
    check_within("prevalence", prevalence_then)
    check_within("prevalence", prevalence_now)
    return float(special.logit(prevalence_now) - special.logit(prevalence_then))


def reweighted_probability(probability: FloatArray, prevalence_then: float, prevalence_now: float) -> FloatArray:
    """Probabilities after `intercept_shift`; 0 and 1 stay what they are.

    Parameters
    ----------
    probability : ndarray of shape (n,)
        Within 0 and 1; NaN stays NaN.
    prevalence_then, prevalence_now : float

    Returns
    -------
    ndarray of shape (n,)
    """
    p = np.asarray(probability)
    known = ~np.isnan(p) if np.issubdtype(p.dtype, np.floating) else np.ones(p.shape, dtype=np.bool_)
    if known.any():
        check_probability(p[known], int(np.count_nonzero(known)))
    p = p.astype(np.float64)
    odds_ratio = math.exp(intercept_shift(prevalence_then, prevalence_now))
    moved: FloatArray = p * odds_ratio / (p * odds_ratio + (1.0 - p))
    return moved


def _value(odds: float, right: int, of_right: int, wrong: int, of_wrong: int) -> Estimate:
    """Share of those called so who are so: `right` of `of_right` are rightly called, `wrong` of `of_wrong` wrongly."""
    a, b = odds * right / of_right, wrong / of_wrong
    if a + b == 0.0:
        return Estimate(math.nan, math.nan, math.nan)
    value = a / (a + b)
    if not (right and wrong):
        return Estimate(value, math.nan, math.nan)
    middle = math.log(a / b)
    reach = Z95 * math.sqrt(1.0 / right - 1.0 / of_right + 1.0 / wrong - 1.0 / of_wrong)
    return Estimate(value, float(special.expit(middle - reach)), float(special.expit(middle + reach)))
