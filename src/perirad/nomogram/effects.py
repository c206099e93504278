"""What a fitted model says of each variable: odds ratios between two values, and Wald tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from perirad.arrays import BoolArray, FloatArray
from perirad.nomogram.design import design_matrix, term_names
from perirad.nomogram.records import LogisticFit, OddsRatio, Variable, WaldTest

__all__ = ["coefficients_of", "effect", "odds_ratios", "own_terms", "variance_inflation", "wald_tests"]


def own_terms(fit: LogisticFit, variable: Variable) -> BoolArray:
    """Which of a model's terms are a variable's, shape (n_terms,)."""
    return np.asarray(np.isin(fit.terms, term_names(variable)), dtype=np.bool_)


def coefficients_of(fit: LogisticFit, variable: Variable) -> FloatArray:
    """Coefficients of a variable's terms."""
    return np.asarray(fit.coefficients[1:][own_terms(fit, variable)], dtype=np.float64)


def odds_ratios(fit: LogisticFit) -> tuple[OddsRatio, ...]:
    """Odds ratio of each term for one unit, with its Wald 95 % interval and p; infinite limits beyond 1e308.

    Of a spline no term means anything alone: see :func:`effect`.
    """
    se = np.sqrt(np.diag(fit.covariance))[1:]
    return tuple(_odds_ratio(term, fit.coefficients[1 + j], se[j], 0.95) for j, term in enumerate(fit.terms))


def effect(fit: LogisticFit, variable: Variable, low: object, high: object, *, confidence: float = 0.95) -> OddsRatio:
    """Odds ratio of one value of a variable against another, the other variables the same (`rms`'s summary).

    Parameters
    ----------
    variable : Variable
        Of the model; splines and levels too.
    low, high : object
        Two of its values, for instance the quartiles, or two levels.
    """
    rows, _ = design_matrix({variable.name: [low, high]}, [variable])
    contrast, own = rows[1] - rows[0], np.flatnonzero(own_terms(fit, variable)) + 1
    variance = contrast @ fit.covariance[np.ix_(own, own)] @ contrast
    label = f"{variable.name}: {_said(high)} against {_said(low)}"
    return _odds_ratio(label, float(contrast @ coefficients_of(fit, variable)), float(np.sqrt(variance)), confidence)


def wald_tests(fit: LogisticFit) -> tuple[WaldTest, ...]:
    """Wald test of each variable with all its terms, of the curvature of each spline, and of the whole model.

    As `rms`'s anova; the labels are the variable's name, ``<name> (nonlinear)`` and ``all``.
    """
    tests = []
    for variable in fit.variables:
        own = np.flatnonzero(own_terms(fit, variable)) + 1
        tests.append(_wald(fit, own.tolist(), variable.name))
        if variable.knots:
            tests.append(_wald(fit, own[1:].tolist(), f"{variable.name} (nonlinear)"))
    return (*tests, _wald(fit, range(1, len(fit.coefficients)), "all"))


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
        own = own_terms(fit, variable)
        inner, outer = correlation[np.ix_(own, own)], correlation[np.ix_(~own, ~own)]
        factors[variable.name] = float(np.linalg.det(inner) * np.linalg.det(outer) / whole)
    return factors


def _odds_ratio(term: str, beta: float, se: float, confidence: float) -> OddsRatio:
    reach = float(special.ndtri((1.0 + confidence) / 2.0)) * se
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        estimate, lower, upper = np.exp([beta, beta - reach, beta + reach]).tolist()
        p = 2.0 * float(special.ndtr(-np.abs(np.float64(beta) / se)))
    return OddsRatio(term, estimate, lower, upper, p)


def _wald(fit: LogisticFit, own: Sequence[int], label: str) -> WaldTest:
    beta = fit.coefficients[list(own)]
    chi2 = float(beta @ np.linalg.solve(fit.covariance[np.ix_(own, own)], beta))
    return WaldTest(label, chi2, len(own), float(special.chdtrc(len(own), chi2)))


def _said(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, (int, float, np.number)) else str(value)
