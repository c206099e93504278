"""Backward elimination of variables, for those who ask for it: it makes every figure of the model too good.

Nothing is eliminated unless asked for, and then again in every resample of the validation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.nomogram.design import Columns
from perirad.nomogram.effects import own_terms
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import LogisticFit, Variable

__all__ = ["backward_by_aic", "backward_by_p"]


def backward_by_aic(columns: Columns, outcome: IntArray, variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """Variables left when dropping any other one no longer lowers AIC (`MASS::stepAIC` without additions).

    Every model is refitted, by maximum likelihood; of equal ones the first variable goes. May leave none.

    Parameters
    ----------
    columns, outcome, variables
        As for `fit_logistic`.
    """
    kept = list(variables)
    fit = fit_logistic(columns, outcome, kept, method="ml")
    null_aic = -2.0 * fit.null_log_likelihood + 2.0
    current = _aic(fit)
    while kept:
        rest = [[other for other in kept if other is not variable] for variable in kept]
        without = [_aic(fit_logistic(columns, outcome, r, method="ml")) if r else null_aic for r in rest]
        best = int(np.argmin(without))
        if without[best] >= current:
            break
        kept, current = rest[best], without[best]
    return tuple(kept)


def backward_by_p(fit: LogisticFit, *, alpha: float = 0.05) -> tuple[Variable, ...]:
    """Variables left when every one has a Wald p of at most `alpha` (`rms::fastbw` with rule p, individually).

    The reduced models are not refitted but derived from the full one, as Lawless and Singhal do. May leave none.

    Parameters
    ----------
    fit : LogisticFit
        Of all variables.
    alpha : float

    Notes
    -----
    Lawless, Singhal 1978, doi:10.2307/2530022.
    """
    if not 0.0 < alpha < 1.0:
        raise InputError("alpha must be between 0 and 1", f"alpha={alpha}")
    kept = list(fit.variables)
    inside = np.ones(fit.coefficients.size, dtype=np.bool_)
    while kept:
        beta, covariance = _without(fit, ~inside)
        p = [_p(fit, variable, beta, covariance) for variable in kept]
        worst = int(np.argmax(p))
        if p[worst] <= alpha:
            break
        inside[1:] &= ~own_terms(fit, kept.pop(worst))
    return tuple(kept)


def _aic(fit: LogisticFit) -> float:
    return -2.0 * fit.log_likelihood + 2.0 * (len(fit.terms) + 1)


def _without(fit: LogisticFit, out: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """Coefficients and covariance, full size, given that those outside are zero."""
    if not out.any():
        return fit.coefficients, fit.covariance
    weights = np.linalg.solve(fit.covariance[np.ix_(out, out)], fit.covariance[out]).T
    beta = fit.coefficients - weights @ fit.coefficients[out]
    return beta, fit.covariance - weights @ fit.covariance[out]


def _p(fit: LogisticFit, variable: Variable, beta: FloatArray, covariance: FloatArray) -> float:
    own = np.flatnonzero(own_terms(fit, variable)) + 1
    chi2 = float(beta[own] @ np.linalg.solve(covariance[np.ix_(own, own)], beta[own]))
    return float(special.chdtrc(own.size, max(chi2, 0.0)))
