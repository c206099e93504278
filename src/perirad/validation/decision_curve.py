"""Decision curves: what acting on the predictions gains over acting on all patients or none."""

from __future__ import annotations

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_outcome, check_probability
from perirad.validation.records import DecisionCurve

__all__ = ["decision_curve"]


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
    t = np.arange(1, 100) / 100.0 if thresholds is None else np.asarray(thresholds, dtype=np.float64)
    if t.ndim != 1 or not np.all((t >= 0.0) & (t < 1.0)):
        raise InputError("threshold probabilities must be at least 0 and below 1", f"{np.atleast_1d(t).tolist()}")
    n, prevalence, odds = event.size, float(event.mean()), t / (1.0 - t)
    true_positives = _at_least(p[event], t)
    false_positives = _at_least(p[~event], t)
    return DecisionCurve(
        thresholds=frozen(t),
        net_benefit=frozen(true_positives / n - false_positives / n * odds),
        treat_all=frozen(prevalence - (1.0 - prevalence) * odds),
        prevalence=prevalence,
    )


def _at_least(p: FloatArray, thresholds: FloatArray) -> FloatArray:
    """Number of probabilities that reach each threshold."""
    return (p.size - np.searchsorted(np.sort(p), thresholds, side="left")).astype(np.float64)
