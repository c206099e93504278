"""Logistic recalibration of predictions: intercept at slope 1, and slope."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from perirad.arrays import BoolArray, FloatArray
from perirad.validation.proportion import Z95
from perirad.validation.records import Estimate

__all__ = ["calibration_in_the_large", "calibration_slope"]

UNDEFINED = Estimate(math.nan, math.nan, math.nan)


def calibration_in_the_large(event: BoolArray, logit: FloatArray) -> Estimate:
    """Intercept of the recalibration whose slope is held at 1, with its Wald 95 % interval.

    Parameters
    ----------
    event : ndarray of bool of shape (n,)
    logit : ndarray of shape (n,)
        Finite logits of the predicted probabilities.

    Returns
    -------
    Estimate
        Above zero where risks are predicted too low; NaN with one class only.
    """
    if event.all() or not event.any():
        return UNDEFINED
    n_events, mean = float(np.count_nonzero(event)), special.logit(event.mean())
    # the expected number of events rises with the intercept: the root is bracketed, Newton stays within
    low, high = float(mean - logit.max()), float(mean - logit.min())
    a, information = 0.5 * (low + high), math.nan
    for _ in range(200):
        p = special.expit(a + logit)
        score, information = n_events - float(p.sum()), float((p * (1.0 - p)).sum())
        low, high = (a, high) if score > 0.0 else (low, a)
        new = a + score / information if information > 0.0 else math.nan
        if not low <= new <= high:
            new = 0.5 * (low + high)
        if abs(new - a) <= 1e-14 * max(1.0, abs(a)):
            break
        a = new
    return _wald(a, 1.0 / information if information > 0.0 else math.nan)


def calibration_slope(event: BoolArray, logit: FloatArray) -> Estimate:
    """Slope of the logistic regression of the outcome on the logit of the prediction, with its Wald 95 % interval.

    Parameters
    ----------
    event : ndarray of bool of shape (n,)
    logit : ndarray of shape (n,)
        Finite logits of the predicted probabilities.

    Returns
    -------
    Estimate
        Below 1 where predictions are too extreme. NaN where no maximum exists: one class only, all predictions
        alike, or no overlap of the predictions of events and non-events.
    """
    if event.all() or not event.any():
        return UNDEFINED
    high, low = logit[event], logit[~event]
    if not (high.max() > low.min() and low.max() > high.min()):
        return UNDEFINED
    unit = float(logit.std())
    X = np.column_stack([np.ones(logit.size), (logit - logit.mean()) / unit])
    y = event.astype(np.float64)
    beta, before = np.array([special.logit(y.mean()), 0.0]), math.inf
    for _ in range(100):
        p = special.expit(X @ beta)
        try:
            covariance = np.linalg.inv(X.T @ (X * (p * (1.0 - p))[:, np.newaxis]))
        except np.linalg.LinAlgError:
            return UNDEFINED
        score = X.T @ (y - p)
        step = covariance @ score
        decrement = float(step @ score)
        if decrement < 1e-24 or 1e-16 > decrement >= before:
            return _wald(float(beta[1]) / unit, float(covariance[1, 1]) / unit**2)
        before = decrement
        beta = beta + _shortened(step, beta, X, y)
    return UNDEFINED


def _shortened(step: FloatArray, beta: FloatArray, X: FloatArray, y: FloatArray) -> FloatArray:
    """Newton step, halved until the likelihood no longer falls."""
    floor = _log_likelihood(X @ beta, y)
    floor -= 1e-12 * abs(floor)
    for _ in range(60):
        if _log_likelihood(X @ (beta + step), y) >= floor:
            break
        step = step / 2.0
    return step


def _log_likelihood(eta: FloatArray, y: FloatArray) -> float:
    return float(y @ eta - np.logaddexp(0.0, eta).sum())


def _wald(estimate: float, variance: float) -> Estimate:
    reach = Z95 * math.sqrt(variance) if variance > 0.0 else math.nan
    return Estimate(estimate, estimate - reach, estimate + reach)
