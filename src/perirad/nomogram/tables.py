"""Regression tables: each variable alone, all together, and variance inflation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from perirad.arrays import IntArray
from perirad.nomogram.design import Columns, term_names
from perirad.nomogram.logistic import fit_logistic, penalised_log_likelihood
from perirad.nomogram.records import LogisticFit, OddsRatio, Variable, VariableTest

__all__ = ["multivariable", "odds_ratios", "univariable", "variance_inflation"]


def univariable(columns: Columns, outcome: IntArray, variables: Sequence[Variable]) -> tuple[VariableTest, ...]:
    """Logistic regression of the outcome on each variable alone.

    Parameters
    ----------
    columns, outcome, variables
        As for `fit_logistic`.

    Returns
    -------
    tuple of VariableTest
        Odds ratios with Wald intervals, and the likelihood-ratio test of the variable with all its levels
        (penalised where `method` is ``"firth"``).
    """
    tests = []
    for variable in variables:
        fit = fit_logistic(columns, outcome, [variable])
        tests.append(_test(fit, variable, fit.null_log_likelihood))
    return tuple(tests)


def multivariable(columns: Columns, outcome: IntArray, variables: Sequence[Variable]) -> tuple[VariableTest, ...]:
    """Logistic regression on all variables together; each is tested against the model without it.

    Parameters
    ----------
    columns, outcome, variables
        As for `fit_logistic`.

    Returns
    -------
    tuple of VariableTest
        Odds ratios with Wald intervals, and likelihood-ratio tests (penalised where `method` is ``"firth"``).
    """
    fit = fit_logistic(columns, outcome, variables)
    tests = []
    for variable in variables:
        rest = [other for other in variables if other.name != variable.name]
        if not rest:
            without = fit.null_log_likelihood
        elif fit.method == "ml":
            without = fit_logistic(columns, outcome, rest, method="ml").log_likelihood
        else:
            without = penalised_log_likelihood(columns, outcome, variables, variable)
        tests.append(_test(fit, variable, without))
    return tuple(tests)


def odds_ratios(fit: LogisticFit) -> tuple[OddsRatio, ...]:
    """Odds ratio of each term for one unit, with its Wald 95 % interval and p; infinite limits beyond 1e308."""
    se = np.sqrt(np.diag(fit.covariance))[1:]
    beta = fit.coefficients[1:]
    reach = special.ndtri(0.975) * se
    with np.errstate(over="ignore"):
        estimate, lower, upper = np.exp(beta), np.exp(beta - reach), np.exp(beta + reach)
    p = 2.0 * special.ndtr(-np.abs(beta / se))
    return tuple(
        OddsRatio(term, float(estimate[j]), float(lower[j]), float(upper[j]), float(p[j]))
        for j, term in enumerate(fit.terms)
    )


def variance_inflation(fit: LogisticFit) -> dict[str, float]:
    """Generalised variance inflation factor of each variable (doi:10.1080/01621459.1992.10475190).

    1 for a variable unrelated to the others. For a variable of several terms, ``gvif ** (1 / (2 * terms))`` is on
    the scale of the square root of an ordinary variance inflation factor.
    """
    covariance = fit.covariance[1:, 1:]
    se = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(se, se)
    whole = np.linalg.det(correlation)
    factors = {}
    for variable in fit.variables:
        own = np.isin(fit.terms, term_names(variable))
        inner, outer = correlation[np.ix_(own, own)], correlation[np.ix_(~own, ~own)]
        factors[variable.name] = float(np.linalg.det(inner) * np.linalg.det(outer) / whole)
    return factors


def _test(fit: LogisticFit, variable: Variable, log_likelihood_without: float) -> VariableTest:
    names = term_names(variable)
    chi2 = max(0.0, 2.0 * (fit.log_likelihood - log_likelihood_without))
    return VariableTest(
        variable=variable,
        rows=tuple(row for row in odds_ratios(fit) if row.term in names),
        chi2=chi2,
        df=len(names),
        p=float(special.chdtrc(len(names), chi2)),
        method=fit.method,
    )
