"""Logistic regression of clinical variables shrunk by a quadratic penalty."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.nomogram.design import Columns, design_matrix, outcome_vector, term_names
from perirad.nomogram.logistic import null_log_likelihood, scale
from perirad.nomogram.newton import maximise
from perirad.nomogram.records import RidgeFit, Variable

__all__ = ["choose_penalty", "fit_ridge"]


def fit_ridge(columns: Columns, outcome: IntArray, variables: Sequence[Variable], *, penalty: float) -> RidgeFit:
    r"""Fit a logistic regression with a ridge penalty, scaled as in `rms::lrm`.

    Maximises the log likelihood less :math:`\frac{\lambda}{2} (\sum_j s_j^2 b_j^2 + \sum_c (b_c - \bar b)^2)`: terms of
    continuous variables by their variance (n - 1), the levels of a categorical one (the reference, at zero, among them)
    by their spread. It exists under separation.

    Parameters
    ----------
    columns, outcome, variables
        As for `fit_logistic`.
    penalty : float
        Not negative; 0 is maximum likelihood.

    Raises
    ------
    InputError
        Bad values, a single class, constant or dependent terms, or no maximum (without a penalty, under separation).
    """
    if not (math.isfinite(penalty) and penalty >= 0.0):
        raise InputError("the penalty must be a number not below 0", f"{penalty}")
    design, terms = design_matrix(columns, variables)
    y = outcome_vector(outcome, design.shape[0])
    scaled = scale(design, terms)
    back = scaled.back
    pull = np.zeros_like(back)
    pull[1:, 1:] = penalty * _roughness(design, variables) / np.outer(scaled.sd, scaled.sd)
    solution = maximise(scaled.matrix, y, limit=np.inf, penalty=pull)
    if not solution.converged:
        raise InputError("the ridge fit must converge", f"none in {y.size} patients", mend="give a larger penalty")
    p = special.expit(scaled.matrix @ solution.beta)
    information = scaled.matrix.T @ (scaled.matrix * (p * (1.0 - p))[:, np.newaxis])
    return RidgeFit(
        variables=tuple(variables),
        terms=terms,
        coefficients=frozen(back @ solution.beta),
        covariance=frozen(back @ solution.covariance @ back.T),
        log_likelihood=solution.log_likelihood,
        null_log_likelihood=null_log_likelihood(y),
        n=y.size,
        n_events=int(y.sum()),
        method="ml",
        penalty=float(penalty),
        effective_df=float(np.diag(solution.covariance @ information)[1:].sum()),
    )


def choose_penalty(
    columns: Columns, outcome: IntArray, variables: Sequence[Variable], penalties: Sequence[float]
) -> RidgeFit:
    """Ridge fit whose penalty has the largest effective AIC: likelihood-ratio chi-square less twice the effective df.

    Of equal ones the first given is taken. See `rms::pentrace`; Gray 1992, doi:10.1080/01621459.1992.10476248.
    """
    if not len(penalties):
        raise InputError("at least one penalty is needed to choose from", "none")
    fits = [fit_ridge(columns, outcome, variables, penalty=penalty) for penalty in penalties]
    return max(fits, key=lambda fit: 2.0 * (fit.log_likelihood - fit.null_log_likelihood) - 2.0 * fit.effective_df)


def _roughness(design: FloatArray, variables: Sequence[Variable]) -> FloatArray:
    """Matrix of the penalty on the terms in their own units."""
    matrix = np.diag(design.var(axis=0, ddof=1))
    start = 0
    for variable in variables:
        count = len(term_names(variable))
        if variable.kind == "categorical":
            own = slice(start, start + count)
            matrix[own, own] = np.eye(count) - 1.0 / (count + 1)
        start += count
    return matrix
