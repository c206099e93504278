"""Logistic regression of a few clinical variables, by maximum likelihood or Firth's penalised likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from perirad.arrays import BoolArray, FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.nomogram.design import Columns, design_matrix, outcome_vector, term_names
from perirad.nomogram.newton import Solution, maximise, maximise_penalised, separating_direction
from perirad.nomogram.records import LogisticFit, Variable

__all__ = [
    "Scaled",
    "expit",
    "fit_logistic",
    "linear_predictor",
    "null_log_likelihood",
    "penalised_log_likelihood",
    "probability",
    "scale",
]

GIVEN_UP = 30.0  # a linear predictor of 30 is a risk within 1e-13 of certainty
SUSPECT = 15.0


@dataclass(frozen=True)
class Scaled:
    """Design with the intercept first, the other columns centred and of unit standard deviation."""

    matrix: FloatArray
    mean: FloatArray
    sd: FloatArray

    @property
    def back(self) -> FloatArray:
        """Matrix that takes coefficients on the scaled design to those on the user's own units."""
        matrix = np.diag(np.concatenate(([1.0], 1.0 / self.sd)))
        matrix[0, 1:] = -self.mean / self.sd
        return matrix


def fit_logistic(
    columns: Columns,
    outcome: IntArray,
    variables: Sequence[Variable],
    *,
    method: Literal["auto", "ml", "firth"] = "auto",
) -> LogisticFit:
    """Fit a logistic regression.

    Parameters
    ----------
    columns : mapping of str to sequence
        Values of each variable, one per patient; no missing values.
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    variables : sequence of Variable
    method : {"auto", "ml", "firth"}
        Maximum likelihood, Firth's penalised likelihood (doi:10.1093/biomet/80.1.27), or the former with the
        latter in its place where separation of the outcome leaves it without a maximum.

    Returns
    -------
    LogisticFit
        With ``method="firth"``, `log_likelihood` is the penalised one and `null_log_likelihood` that of the same
        design with all slopes zero; the covariance is the inverse of the (unpenalised) information.

    Raises
    ------
    InputError
        Bad values (see `design_matrix`), a single class, terms that are constant or depend on each other, or
        ``method="ml"`` under separation.
    """
    design, terms = design_matrix(columns, variables)
    y = outcome_vector(outcome, design.shape[0])
    scaled = scale(design, terms)
    solution = None if method == "firth" else _maximum(scaled.matrix, y, terms, strict=method == "ml")
    used: Literal["ml", "firth"] = "firth"
    shift = 0.0
    if solution is not None:
        used, null = "ml", null_log_likelihood(y)
    else:
        shift = float(np.log(scaled.sd).sum())
        free = np.ones(scaled.matrix.shape[1], dtype=np.bool_)
        solution = _penalised(scaled.matrix, y, free)
        free[1:] = False
        null = _penalised(scaled.matrix, y, free).log_likelihood + shift
    back = scaled.back
    return LogisticFit(
        variables=tuple(variables),
        terms=terms,
        coefficients=frozen(back @ solution.beta),
        covariance=frozen(back @ solution.covariance @ back.T),
        log_likelihood=solution.log_likelihood + shift,
        null_log_likelihood=null,
        n=y.size,
        n_events=int(y.sum()),
        method=used,
    )


def null_log_likelihood(y: FloatArray) -> float:
    """Log likelihood of the model of the intercept alone."""
    n_events = float(y.sum())
    return float(special.xlogy(n_events, n_events / y.size) + special.xlogy(y.size - n_events, 1 - y.mean()))


def penalised_log_likelihood(
    columns: Columns, outcome: IntArray, variables: Sequence[Variable], without: Variable
) -> float:
    """Firth's penalised log likelihood with all terms of one variable held at zero, on the full design."""
    design, terms = design_matrix(columns, variables)
    scaled = scale(design, terms)
    own = set(term_names(without))
    free = np.array([True, *(term not in own for term in terms)])
    solution = _penalised(scaled.matrix, outcome_vector(outcome, design.shape[0]), free)
    return solution.log_likelihood + float(np.log(scaled.sd).sum())


def linear_predictor(fit: LogisticFit, columns: Columns) -> FloatArray:
    """Linear predictor of each patient, shape (n,).

    The terms are added one after the other, in the order of the model: a patient alone gets, bit for bit, what the
    same patient gets within a cohort, which a matrix product does not promise.
    """
    design, _ = design_matrix(columns, fit.variables)
    total = np.full(design.shape[0], fit.coefficients[0])
    for j in range(design.shape[1]):
        total = total + design[:, j] * fit.coefficients[j + 1]
    return total


def probability(fit: LogisticFit, columns: Columns) -> FloatArray:
    """Predicted probability of the event of each patient, shape (n,)."""
    return expit(linear_predictor(fit, columns))


def expit(x: FloatArray) -> FloatArray:
    """Logistic function 1 / (1 + exp(-x)), without overflow at either end and element by element."""
    return np.asarray(special.expit(np.asarray(x, dtype=np.float64)), dtype=np.float64)


def scale(design: FloatArray, terms: tuple[str, ...]) -> Scaled:
    """Centre and scale a design; refuses terms that are constant or depend on each other."""
    n = design.shape[0]
    mean, sd = design.mean(axis=0), design.std(axis=0)
    constant = sd <= 1e-12 * np.abs(mean)
    if np.any(constant):
        term = terms[int(np.flatnonzero(constant)[0])]
        raise InputError(
            "every term of the model must vary between patients",
            f"one and the same {term} in all {n}",
            mend="leave it out",
        )
    z = (design - mean) / sd
    size, directions = (
        np.linalg.svd(z, full_matrices=True)[1:] if n < len(terms) else np.linalg.svd(z, full_matrices=False)[1:]
    )
    weakest = directions[-1]
    if size.size < len(terms) or size[-1] < 1e-9 * size[0]:
        names = ", ".join(term for term, part in zip(terms, weakest, strict=True) if abs(part) > 1e-6)
        raise InputError(
            "terms of the model must not depend on each other", f"{names} in {n} patients", mend="leave one of them out"
        )
    return Scaled(np.column_stack([np.ones(n), z]), mean, sd)


def _maximum(X: FloatArray, y: FloatArray, terms: tuple[str, ...], *, strict: bool) -> Solution | None:
    """Maximum likelihood solution; None (or an error when strict) where the outcome is separated."""
    solution = maximise(X, y, limit=GIVEN_UP)
    if solution.converged and solution.largest < SUSPECT:
        return solution
    direction = separating_direction(X, y)
    if direction is not None:
        if strict:
            names = ", ".join(term for term, part in zip(terms, direction[1:], strict=True) if abs(part) > 1e-6)
            raise InputError(
                "maximum likelihood estimates must exist", f"an outcome separated by {names}", mend="use method='firth'"
            )
        return None
    if not solution.converged:
        solution = maximise(X, y, limit=np.inf)
    if not solution.converged:
        raise InputError("the logistic fit must converge", f"none with {', '.join(terms)} in {y.size} patients")
    return solution


def _penalised(X: FloatArray, y: FloatArray, free: BoolArray) -> Solution:
    solution = maximise_penalised(X, y, free)
    if not solution.converged:
        raise InputError("the penalised logistic fit must converge", f"none in {y.size} patients")
    return solution
