"""Decision curves: what acting on the predictions gains over acting on all patients or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_level, check_outcome, check_probability
from perirad.validation.records import DecisionCurve
from perirad.validation.resamples import bootstrap_rows, check_resamples

__all__ = [
    "NetBenefitBand", "decision_curve", "interventions_avoided", "net_benefit_band", "standardised_net_benefit",
]  # fmt: skip


@dataclass(frozen=True)
class NetBenefitBand:
    """Percentile interval of the net benefit at each threshold, and of its gain.

    The gain is over the better of treating all and nobody, at each threshold. `n_resamples` is what it rests on.
    """

    thresholds: FloatArray
    lower: FloatArray
    upper: FloatArray
    gain_lower: FloatArray
    gain_upper: FloatArray
    n_resamples: int


def decision_curve(
    outcome: IntArray, probability: FloatArray, *, thresholds: FloatArray | None = None
) -> DecisionCurve:
    r"""Net benefit of acting where the probability reaches a threshold (doi:10.1177/0272989X06295361).

    .. math:: \frac{TP}{n} - \frac{FP}{n} \cdot \frac{t}{1 - t}

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    probability : ndarray of shape (n,)
        Predicted probability of the event; acted upon when probability >= threshold.
    thresholds : ndarray, optional
        Threshold probabilities, at least 0 and below 1; 0.01 to 0.99 in steps of 0.01 when None.

    Returns
    -------
    DecisionCurve
        Net benefit per patient of the predictions and of treating everybody; of treating nobody it is zero.
    """
    event = check_outcome(outcome)
    p = check_probability(probability, event.size)
    t = _checked_thresholds(thresholds)
    n, prevalence, odds = event.size, float(event.mean()), t / (1.0 - t)
    true_positives = _at_least(p[event], t)
    false_positives = _at_least(p[~event], t)
    return DecisionCurve(
        thresholds=frozen(t),
        net_benefit=frozen(true_positives / n - false_positives / n * odds),
        treat_all=frozen(prevalence - (1.0 - prevalence) * odds),
        prevalence=prevalence,
    )


def standardised_net_benefit(curve: DecisionCurve) -> FloatArray:
    """Net benefit as a share of the largest possible, which is the prevalence (doi:10.1200/JCO.2015.65.5654).

    Parameters
    ----------
    curve : DecisionCurve

    Returns
    -------
    ndarray of shape (n_thresholds,)
        1 for perfect predictions, 0 for treating nobody. NaN where the event never occurs.
    """
    if curve.prevalence == 0.0:
        return np.full(curve.thresholds.size, np.nan)
    return curve.net_benefit / curve.prevalence


def interventions_avoided(curve: DecisionCurve, *, per: int = 100) -> FloatArray:
    """Net number of interventions avoided in comparison with treating all, without missing more events.

    Parameters
    ----------
    curve : DecisionCurve
    per : int
        Patients the number refers to.

    Returns
    -------
    ndarray of shape (n_thresholds,)
        Negative where treating all is better. NaN at a threshold of 0 (doi:10.1186/1472-6947-8-53).
    """
    odds = curve.thresholds / (1.0 - curve.thresholds)
    gain = curve.net_benefit - curve.treat_all
    undefined = np.full(odds.size, np.nan)
    avoided: FloatArray = np.divide(per * gain, odds, out=undefined, where=odds > 0.0)
    return avoided


def net_benefit_band(
    outcome: IntArray,
    probability: FloatArray,
    *,
    thresholds: FloatArray | None = None,
    resamples: IntArray | None = None,
    level: float = 0.95,
) -> NetBenefitBand:
    """Bootstrap percentile interval of a decision curve, the predictions held fixed.

    Parameters
    ----------
    outcome, probability, thresholds
        As in `decision_curve`.
    resamples : ndarray of int of shape (n_resamples, n), optional
        Patients of each resample (see `resamples.bootstrap_rows`); 1000 with seed 0 when None.
    level : float
        At each threshold by itself.

    Returns
    -------
    NetBenefitBand
        Quantiles of R's type 7. The uncertainty of fitting the model is not in it.
    """
    event = check_outcome(outcome)
    p = check_probability(probability, event.size)
    t = _checked_thresholds(thresholds)
    rows = bootstrap_rows(event.size, 1000, seed=0) if resamples is None else check_resamples(resamples, event.size)
    tail = (1.0 - check_level(level)) / 2.0
    benefit, gain = np.empty((len(rows), t.size)), np.empty((len(rows), t.size))
    for k, row in enumerate(rows):
        curve = decision_curve(event[row].astype(np.int64), p[row], thresholds=t)
        benefit[k] = curve.net_benefit
        gain[k] = curve.net_benefit - np.maximum(curve.treat_all, 0.0)
    lower, upper = np.quantile(benefit, (tail, 1.0 - tail), axis=0)
    gain_lower, gain_upper = np.quantile(gain, (tail, 1.0 - tail), axis=0)
    return NetBenefitBand(
        frozen(t), frozen(lower), frozen(upper), frozen(gain_lower), frozen(gain_upper), n_resamples=len(rows)
    )


def _checked_thresholds(thresholds: FloatArray | None) -> FloatArray:
    t = np.arange(1, 100) / 100.0 if thresholds is None else np.asarray(thresholds, dtype=np.float64)
    if t.ndim != 1 or not np.all((t >= 0.0) & (t < 1.0)):
        raise InputError("threshold probabilities must be at least 0 and below 1", f"{np.atleast_1d(t).tolist()}")
    return t


def _at_least(p: FloatArray, thresholds: FloatArray) -> FloatArray:
    """Number of probabilities that reach each threshold."""
    return (p.size - np.searchsorted(np.sort(p), thresholds, side="left")).astype(np.float64)
