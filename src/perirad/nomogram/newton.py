"""Newton's method for the logistic likelihood, plain and penalised after Firth, on a scaled design."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from perirad.arrays import BoolArray, FloatArray

__all__ = ["Solution", "maximise", "maximise_penalised", "penalised", "penalised_slope", "separating_direction"]

NEGLIGIBLE = 1e-24  # of the Newton decrement: steps below 1e-12 standard errors
LONGEST = 5.0  # step of a coefficient of a scaled column
ROUNDING = 1e-16  # below this a decrement that no longer shrinks is rounding


class Solution(NamedTuple):
    """Where the iteration ended."""

    beta: FloatArray
    covariance: FloatArray
    log_likelihood: float
    largest: float
    converged: bool


def maximise(
    X: FloatArray,
    y: FloatArray,
    *,
    limit: float,
    offset: FloatArray | None = None,
    start: FloatArray | None = None,
    penalty: FloatArray | None = None,
) -> Solution:
    """Maximum likelihood by Newton's method with step halving.

    Parameters
    ----------
    X : ndarray of shape (n, n_terms)
        The intercept's column of ones first, the others centred and of unit standard deviation.
    y : ndarray of shape (n,)
        Zeros and ones, both present.
    limit : float
        The iteration is given up once a linear predictor is beyond this: it runs to infinity under separation.
    offset : ndarray of shape (n,), optional
        Known part of the linear predictor.
    start : ndarray of shape (n_terms,), optional
    penalty : ndarray of shape (n_terms, n_terms), optional
        Matrix P of a penalty b'Pb / 2 on the coefficients.

    Returns
    -------
    Solution
        `converged` is False when given up; `largest` is the largest absolute linear predictor; the log likelihood is
        without the penalty, the covariance is the inverse of the information with it.
    """
    known = np.zeros(len(y)) if offset is None else offset
    pull = np.zeros((X.shape[1], X.shape[1])) if penalty is None else penalty
    beta = _start(X, y) if start is None else start
    eta = known + X @ beta
    value, before = _log_likelihood(eta, y) - 0.5 * float(beta @ pull @ beta), np.inf
    converged = False
    covariance = np.full((X.shape[1], X.shape[1]), np.nan)
    for _ in range(100):
        p = special.expit(eta)
        score = X.T @ (y - p) - pull @ beta
        information = X.T @ (X * (p * (1.0 - p))[:, np.newaxis]) + pull
        try:
            covariance = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            break
        step = covariance @ score
        decrement = float(step @ score)
        if decrement < NEGLIGIBLE or ROUNDING > decrement >= before:
            converged = True
            break
        before = decrement
        if start is not None:  # a start taken from elsewhere may be far off
            step = step / max(1.0, float(np.abs(step).max()) / LONGEST)
        for _ in range(30):
            trial = beta + step
            eta = known + X @ trial
            new = _log_likelihood(eta, y) - 0.5 * float(trial @ pull @ trial)
            if new >= value - 1e-12 * abs(value):
                break
            step = step / 2.0
        beta, value = beta + step, new
        if not np.abs(eta).max() <= limit:
            break
    if penalty is not None:
        value = _log_likelihood(eta, y)
    return Solution(beta, covariance, value, float(np.abs(eta).max()), converged)


def maximise_penalised(X: FloatArray, y: FloatArray, free: BoolArray, *, start: FloatArray | None = None) -> Solution:
    """Firth's penalised maximum likelihood (doi:10.1093/biomet/80.1.27); coefficients not free stay where they start.

    Without a start that is zero, but for the intercept.

    The penalty is half the logarithm of the determinant of the whole information matrix, fixed terms included, so
    that two solutions on one design can be compared by their likelihood ratio (doi:10.1002/sim.1047).
    """
    beta = _start(X, y) if start is None else start
    value, before = penalised(X @ beta, X, y), np.inf
    converged = False
    for _ in range(200):
        score, curvature, information = penalised_slope(X @ beta, X, y)
        direction = _ascent(score[free], curvature[np.ix_(free, free)], information[np.ix_(free, free)])
        decrement = float(direction @ score[free])
        if decrement < NEGLIGIBLE or ROUNDING > decrement >= before:
            converged = True
            break
        before = decrement
        step = np.zeros_like(beta)
        step[free] = direction / max(1.0, float(np.abs(direction).max()) / LONGEST)
        for _ in range(30):
            new = penalised(X @ (beta + step), X, y)
            if new >= value - 1e-12 * abs(value):
                break
            step = step / 2.0
        beta, value = beta + step, new
    eta = X @ beta
    information = penalised_slope(eta, X, y)[2]
    covariance: FloatArray = np.linalg.inv(information).astype(np.float64, copy=False)
    return Solution(beta, covariance, value, float(np.abs(eta).max()), converged)


def separating_direction(X: FloatArray, y: FloatArray) -> FloatArray | None:
    """Direction along which the likelihood never falls, so that no maximum exists; None where there is none.

    Found by linear programming: coefficients within -1 and 1 that put no patient on the wrong side and as many as
    possible strictly on the right one (doi:10.1093/biomet/71.1.1).
    """
    from scipy import optimize  # noqa: PLC0415  (slow to import, and only needed where a fit runs away)

    sided = X * (2.0 * y - 1.0)[:, np.newaxis]
    answer = optimize.linprog(
        -sided.sum(axis=0), A_ub=-sided, b_ub=np.zeros(len(y)), bounds=(-1.0, 1.0), method="highs"
    )
    if answer.x is None or answer.fun is None or answer.fun > -1e-5:
        return None
    return np.asarray(answer.x, dtype=np.float64)


def _start(X: FloatArray, y: FloatArray) -> FloatArray:
    """All zero but the intercept, which gives the share of events."""
    beta = np.zeros(X.shape[1])
    beta[0] = special.logit(y.mean())
    return beta


def _log_likelihood(eta: FloatArray, y: FloatArray) -> float:
    return float(y @ eta - np.logaddexp(0.0, eta).sum())


def penalised(eta: FloatArray, X: FloatArray, y: FloatArray) -> float:
    """Firth's penalised log likelihood at a linear predictor; minus infinity where the information is singular."""
    p = special.expit(eta)
    sign, log_det = np.linalg.slogdet(X.T @ (X * (p * (1.0 - p))[:, np.newaxis]))
    return _log_likelihood(eta, y) + 0.5 * float(log_det) if sign > 0 else -np.inf


def penalised_slope(eta: FloatArray, X: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Gradient of the penalised log likelihood, minus its second derivative, and the information matrix."""
    p = special.expit(eta)
    w, skew = p * (1.0 - p), 1.0 - 2.0 * p
    information = X.T @ (X * w[:, np.newaxis])
    XV = X @ np.linalg.inv(information)
    leverage = w * np.einsum("ij,ij->i", XV, X)
    score = X.T @ (y - p + 0.5 * leverage * skew)
    change = X * (leverage * skew)[:, np.newaxis]
    for k in range(X.shape[1]):
        bent = X.T @ (X * (w * skew * X[:, k])[:, np.newaxis])
        change[:, k] -= w * np.einsum("ij,ij->i", XV @ bent, XV)
    curvature = information + X.T @ (X * (leverage * w)[:, np.newaxis]) - 0.5 * X.T @ (change * skew[:, np.newaxis])
    return score, curvature, information


def _ascent(score: FloatArray, curvature: FloatArray, information: FloatArray) -> FloatArray:
    """Newton's direction where the likelihood is concave, else that of Fisher's scoring, which always ascends."""
    concave = np.linalg.eigvalsh(curvature)[0] > 0.0
    direction: FloatArray = np.linalg.solve(curvature if concave else information, score).astype(np.float64, copy=False)
    return direction
