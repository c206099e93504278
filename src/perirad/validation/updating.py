"""A model in a new hospital: keep it, shift it, stretch it, or refit it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_linear_predictor, check_outcome
from perirad.validation._newton import log_likelihood, maximum_likelihood
from perirad.validation.recalibration import calibration_in_the_large

__all__ = ["Step", "Update", "choose_update", "update_intercept", "update_slope"]

Method = Literal["none", "intercept", "slope", "refit"]


@dataclass(frozen=True)
class Update:
    """New linear predictor: `intercept` + `slope` times the old one, or `coefficients` of a refit.

    `coefficients` start with the intercept and are None unless `method` is "refit". NaN, and a log-likelihood of NaN,
    where the fit has no maximum.
    """

    method: Method
    intercept: float
    slope: float
    coefficients: FloatArray | None
    log_likelihood: float

    def apply(self, linear_predictor: FloatArray, design: FloatArray | None = None) -> FloatArray:
        """New linear predictor of patients; `design` (without the column of ones) is needed after a refit."""
        if self.coefficients is None:
            return self.intercept + self.slope * np.asarray(linear_predictor, dtype=np.float64)
        if design is None:
            raise InputError("a refitted model needs the predictors themselves", "the old linear predictor alone")
        fresh: FloatArray = self.coefficients[0] + np.asarray(design, dtype=np.float64) @ self.coefficients[1:]
        return fresh


@dataclass(frozen=True)
class Step:
    """One test of the closed procedure: a simpler update against the refit."""

    method: Method
    chi2: float
    df: int
    p: float


def update_intercept(outcome: IntArray, linear_predictor: FloatArray) -> Update:
    """Shift the model so that it expects as many events as occur; parameters as in `update_slope`."""
    y, lp = _checked(outcome, linear_predictor)
    shift = calibration_in_the_large(y == 1.0, lp).estimate
    value = log_likelihood(shift + lp, y) if math.isfinite(shift) else math.nan
    return Update("intercept", shift, 1.0, None, value)


def update_slope(outcome: IntArray, linear_predictor: FloatArray) -> Update:
    """Shift and stretch the model: logistic recalibration.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise, in the new hospital.
    linear_predictor : ndarray of shape (n,)
        Of the old model there.

    Returns
    -------
    Update
    """
    y, lp = _checked(outcome, linear_predictor)
    fit = maximum_likelihood(np.column_stack([np.ones_like(lp), lp]), y)
    if fit is None:
        return Update("slope", math.nan, math.nan, None, math.nan)
    return Update("slope", float(fit.beta[0]), float(fit.beta[1]), None, fit.log_likelihood)


def choose_update(
    outcome: IntArray, linear_predictor: FloatArray, design: FloatArray, *, alpha: float = 0.05
) -> tuple[Update, tuple[Step, ...]]:
    """Choose the smallest update that the data do not reject, by a closed test (doi:10.1002/sim.7179).

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    linear_predictor : ndarray of shape (n,)
        Of the old model, fitted elsewhere.
    design : ndarray of shape (n, p)
        The predictors of that model, without a column of ones.
    alpha : float
        Level of each test, and of all together.

    Returns
    -------
    Update
        The first of none, intercept, slope, that is not significantly worse than the refit, or the refit.
    tuple of Step
        The likelihood-ratio tests made, with p + 1, p and p - 1 degrees of freedom.

    Raises
    ------
    InputError
        When the refit has no maximum: too few patients to refit, use `update_intercept`.
    """
    y, lp = _checked(outcome, linear_predictor)
    X = np.asarray(design, dtype=np.float64)
    if X.ndim != 2 or X.shape[0] != y.size or X.shape[1] < 1 or not np.isfinite(X).all():
        raise InputError(f"finite predictors of {y.size} patients are needed", f"an array of shape {X.shape}")
    if not 0.0 < alpha < 1.0:
        raise InputError("alpha must be above 0 and below 1", f"alpha={alpha}")
    fit = maximum_likelihood(np.column_stack([np.ones(y.size), X]), y)
    if fit is None:
        raise InputError("the refitted model must have a maximum", "none", mend="update the intercept only")
    refit = Update("refit", math.nan, math.nan, frozen(fit.beta), fit.log_likelihood)
    unchanged = Update("none", 0.0, 1.0, None, log_likelihood(lp, y))
    steps: list[Step] = []
    for df, simpler in zip(
        (X.shape[1] + 1, X.shape[1], X.shape[1] - 1),
        (unchanged, update_intercept(outcome, lp), update_slope(outcome, lp)),
        strict=True,
    ):
        steps.append(_against(refit, simpler, df))
        if steps[-1].p > alpha:
            return simpler, tuple(steps)
    return refit, tuple(steps)


def _against(refit: Update, simpler: Update, df: int) -> Step:
    chi2 = max(0.0, 2.0 * (refit.log_likelihood - simpler.log_likelihood))
    # a model of one predictor is refitted by its slope: nothing is left to test
    return Step(simpler.method, chi2, df, float(special.chdtrc(df, chi2)) if df > 0 else 1.0)


def _checked(outcome: IntArray, linear_predictor: FloatArray) -> tuple[FloatArray, FloatArray]:
    event = check_outcome(outcome)
    return event.astype(np.float64), check_linear_predictor(linear_predictor, event.size)
