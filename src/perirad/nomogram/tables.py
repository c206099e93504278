"""Regression tables: each variable alone, and all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.nomogram.design import Columns, design_matrix, term_names
from perirad.nomogram.effects import effect, odds_ratios, own_terms, variance_inflation
from perirad.nomogram.logistic import fit_logistic, penalised_log_likelihood
from perirad.nomogram.profile import profile_intervals
from perirad.nomogram.records import LogisticFit, OddsRatio, Variable, VariableTest

__all__ = ["multivariable", "odds_ratios", "univariable", "variance_inflation"]


def univariable(
    columns: Columns, outcome: IntArray, variables: Sequence[Variable], *, profile: bool = False
) -> tuple[VariableTest, ...]:
    """Logistic regression of the outcome on each variable alone.

    Parameters
    ----------
    columns, outcome, variables
        As for `fit_logistic`.
    profile : bool
        Whether to add profile likelihood intervals (penalised likelihood where `method` is ``"firth"``); NaN in the
        rare case that one cannot be found.

    Returns
    -------
    tuple of VariableTest
        Odds ratios with Wald intervals (of a spline: the upper against the lower quartile), and the likelihood-ratio
        test of the variable with all its terms (penalised where `method` is ``"firth"``).
    """
    tests = []
    for variable in variables:
        fit = fit_logistic(columns, outcome, [variable])
        limits = _limits(fit, columns, outcome) if profile else None
        tests.append(_test(fit, variable, fit.null_log_likelihood, columns, limits))
    return tuple(tests)


def multivariable(
    columns: Columns, outcome: IntArray, variables: Sequence[Variable], *, profile: bool = False
) -> tuple[VariableTest, ...]:
    """Logistic regression on all variables together; each is tested against the model without it.

    Parameters
    ----------
    columns, outcome, variables
        As for `fit_logistic`.
    profile : bool
        Whether to add profile likelihood intervals (penalised likelihood where `method` is ``"firth"``); NaN in the
        rare case that one cannot be found.

    Returns
    -------
    tuple of VariableTest
        Odds ratios with Wald intervals (splines as in `univariable`), and likelihood-ratio tests (penalised where
        `method` is ``"firth"``).
    """
    fit = fit_logistic(columns, outcome, variables)
    limits = _limits(fit, columns, outcome) if profile else None
    tests = []
    for variable in variables:
        rest = [other for other in variables if other.name != variable.name]
        if not rest:
            without = fit.null_log_likelihood
        elif fit.method == "ml":
            without = fit_logistic(columns, outcome, rest, method="ml").log_likelihood
        else:
            without = penalised_log_likelihood(columns, outcome, variables, variable)
        tests.append(_test(fit, variable, without, columns, limits))
    return tuple(tests)


def _limits(fit: LogisticFit, columns: Columns, outcome: IntArray) -> tuple[FloatArray, FloatArray]:
    """Profile limits; a table is not given up for a limit that cannot be found."""
    try:
        return profile_intervals(fit, columns, outcome)
    except InputError:
        unknown = np.full(len(fit.coefficients), np.nan)
        return unknown, unknown


def _test(
    fit: LogisticFit,
    variable: Variable,
    log_likelihood_without: float,
    columns: Columns,
    limits: tuple[FloatArray, FloatArray] | None,
) -> VariableTest:
    chi2 = max(0.0, 2.0 * (fit.log_likelihood - log_likelihood_without))
    df = len(term_names(variable))
    return VariableTest(
        variable=variable,
        rows=_rows(fit, variable, columns, limits),
        chi2=chi2,
        df=df,
        p=float(special.chdtrc(df, chi2)),
        method=fit.method,
    )


def _rows(
    fit: LogisticFit, variable: Variable, columns: Columns, limits: tuple[FloatArray, FloatArray] | None
) -> tuple[OddsRatio, ...]:
    if variable.knots:
        quartiles = np.quantile(design_matrix(columns, [variable])[0][:, 0], (0.25, 0.75))
        return (effect(fit, variable, *quartiles.tolist()),)
    rows, own = odds_ratios(fit), np.flatnonzero(own_terms(fit, variable))
    if limits is None:
        return tuple(rows[j] for j in own)
    with np.errstate(over="ignore"):
        lower, upper = np.exp(limits[0][1:]), np.exp(limits[1][1:])
    return tuple(replace(rows[j], profile_lower=float(lower[j]), profile_upper=float(upper[j])) for j in own)
