"""The indices of a logistic model that rms' `validate` corrects for optimism."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray
from perirad.validation._check import check_linear_predictor, check_outcome
from perirad.validation._newton import log_likelihood, maximum_likelihood
from perirad.validation.discrimination import auc_delong

__all__ = ["LogisticIndices", "logistic_indices"]


class LogisticIndices(NamedTuple):
    """Indices of a linear predictor among some patients, named as in rms; a tuple, so that resampling can average it.

    `dxy` is 2 AUC - 1, `r2` Nagelkerke's, `intercept` and `slope` those of the logistic recalibration, `d`, `u` and
    `q` = `d` - `u` the discrimination, unreliability and quality index, `brier` the Brier score.
    """

    dxy: float
    r2: float
    intercept: float
    slope: float
    d: float
    u: float
    q: float
    brier: float


def logistic_indices(outcome: IntArray, linear_predictor: FloatArray) -> LogisticIndices:
    """Indices of a linear predictor among some patients.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    linear_predictor : ndarray of shape (n,)
        Logit of the predicted probability.

    Returns
    -------
    LogisticIndices
        All but `dxy` and `brier` are NaN where the recalibration has no maximum: a constant predictor or separation.

    Notes
    -----
    Harrell, Lee and Mark, doi:10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4.
    """
    event = check_outcome(outcome, both=True)
    lp, y = check_linear_predictor(linear_predictor, event.size), event.astype(np.float64)
    dxy = 2.0 * auc_delong(outcome, lp).estimate - 1.0
    brier = float(np.mean((y - special.expit(lp)) ** 2))
    fit = maximum_likelihood(np.column_stack([np.ones_like(lp), lp]), y)
    if fit is None:
        return LogisticIndices(dxy, *(math.nan,) * 6, brier)
    n, prevalence = y.size, float(y.mean())
    null = 2.0 * n * float(special.entr(prevalence) + special.entr(1.0 - prevalence))
    gain = null + 2.0 * fit.log_likelihood
    d = (gain - 1.0) / n
    u = (2.0 * fit.log_likelihood - 2.0 * log_likelihood(lp, y) - 2.0) / n
    r2 = math.expm1(-gain / n) / math.expm1(-null / n)
    return LogisticIndices(dxy, r2, float(fit.beta[0]), float(fit.beta[1]), d, u, d - u, brier)
