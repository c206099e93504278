"""Logistic regression of a few columns by maximum likelihood, with an offset: what recalibration is made of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from perirad.arrays import FloatArray

__all__ = ["Fitted", "log_likelihood", "maximum_likelihood"]

# Newton's method squares its error; under separation the decrement only shrinks e-fold a step, and never gets there.
STEPS = 40
NEGLIGIBLE = 1e-22
ROUNDING = 1e-16
VANISHED = 1e-10  # information per patient in some direction: risks there are certain to ten digits


class Fitted(NamedTuple):
    """Coefficients, their covariance, and the log-likelihood at them."""

    beta: FloatArray
    covariance: FloatArray
    log_likelihood: float


def log_likelihood(eta: FloatArray, y: FloatArray) -> float:
    """Bernoulli log-likelihood of outcomes (zeros and ones) at linear predictors."""
    return float(y @ eta - np.logaddexp(0.0, eta).sum())


def maximum_likelihood(X: FloatArray, y: FloatArray, offset: FloatArray | float = 0.0) -> Fitted | None:
    """Fit a logistic regression; None where no maximum exists (one class, separation, dependent columns).

    Parameters
    ----------
    X : ndarray of shape (n, p)
        With its column of ones, if there is to be an intercept.
    y : ndarray of shape (n,)
        Zeros and ones.
    offset : ndarray of shape (n,), optional
        Added to the linear predictor.
    """
    if X.shape[0] < X.shape[1]:
        return None
    unit = np.abs(X).max(axis=0)
    if not unit.all() or y.min() == y.max():
        return None
    Q, R = np.linalg.qr(X / unit)
    adds = np.abs(np.diag(R)) > 1e-10 * np.linalg.norm(X / unit, axis=0)  # to the columns before it
    if not adds.all():
        return None
    Q = Q * np.sqrt(y.size)
    solution = _newton(Q, y, offset)
    if solution is None:
        return None
    gamma, covariance = solution
    back = np.linalg.inv(R) * np.sqrt(y.size) / unit[:, np.newaxis]
    return Fitted(back @ gamma, back @ covariance @ back.T, log_likelihood(Q @ gamma + offset, y))


def _newton(Q: FloatArray, y: FloatArray, offset: FloatArray | float) -> tuple[FloatArray, FloatArray] | None:
    gamma: FloatArray = np.zeros(Q.shape[1])
    before = np.inf
    for _ in range(STEPS):
        p = special.expit(Q @ gamma + offset)
        score = Q.T @ (y - p)
        information: FloatArray = Q.T @ (Q * (p * (1.0 - p))[:, np.newaxis])
        if np.linalg.eigvalsh(information)[0] < VANISHED * y.size:
            return None
        covariance: FloatArray = np.linalg.inv(information).astype(np.float64)
        step = covariance @ score
        decrement = float(step @ score)
        if decrement < NEGLIGIBLE or ROUNDING > decrement >= before:
            return gamma, covariance
        before = decrement
        gamma = gamma + _shortened(step, gamma, Q, y, offset)
    return None


def _shortened(
    step: FloatArray, gamma: FloatArray, Q: FloatArray, y: FloatArray, offset: FloatArray | float
) -> FloatArray:
    """Newton step, halved until the likelihood no longer falls."""
    floor = log_likelihood(Q @ gamma + offset, y)
    floor -= 1e-12 * abs(floor)
    for _ in range(40):
        if log_likelihood(Q @ (gamma + step) + offset, y) >= floor:
            break
        step = step / 2.0
    return step
