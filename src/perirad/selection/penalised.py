"""The path of LASSO and elastic-net solutions along decreasing penalties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from perirad._kernels import LassoPath as KernelPath
from perirad.arrays import BoolArray, FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.selection.inputs import matrix, numbers, outcome
from perirad.selection.scaling import usable_columns

__all__ = [
    "Descent",
    "Ending",
    "LassoPath",
    "Loss",
    "Problem",
    "fit_problem",
    "given_lambdas",
    "grid_of",
    "joined",
    "problem_of",
]

Loss = Literal["logistic", "squared"]
Ending = Literal["stop", "raise", "repeat"]  # when the penalties get too small to go on

_ACCEPTED = 1e-8  # residual of the optimality conditions, where the tolerance asked for is below rounding


@dataclass(frozen=True)
class LassoPath:
    """Solutions of a penalised model, one per penalty.

    Parameters
    ----------
    lambdas : ndarray of shape (n_lambdas,)
        Penalties, decreasing.
    intercepts : ndarray of shape (n_lambdas,)
    coefficients : ndarray of shape (n_lambdas, n_features)
        Exactly zero where a feature is left out.
    deviance_ratio : ndarray of shape (n_lambdas,)
        Share of the null deviance (with squared loss: of the variance) that the model explains.
    kkt : ndarray of shape (n_lambdas,)
        Largest residual of the optimality (Karush-Kuhn-Tucker) conditions.
    """

    lambdas: FloatArray
    intercepts: FloatArray
    coefficients: FloatArray
    deviance_ratio: FloatArray
    kkt: FloatArray

    @property
    def n_selected(self) -> IntArray:
        """Number of features with a coefficient other than zero, per penalty."""
        return np.asarray(np.count_nonzero(self.coefficients, axis=1), dtype=np.int64)


@dataclass(frozen=True)
class Problem:
    """Checked input of a penalised fit: weights and penalty factors have a mean of 1."""

    Z: FloatArray
    y: FloatArray
    weights: FloatArray
    offset: FloatArray
    factors: FloatArray
    alpha: float
    loss: Loss
    tolerance: float

    def rows(self, chosen: BoolArray) -> Problem:
        """The same problem on some of the cases."""
        weights = _of_mean_one(self.weights[chosen])
        return replace(self, Z=self.Z[chosen], y=self.y[chosen], weights=weights, offset=self.offset[chosen])

    def columns(self, chosen: BoolArray) -> Problem:
        """The same problem with some of the columns."""
        return replace(self, Z=self.Z[:, chosen], factors=self.factors[chosen])


def problem_of(
    Z: ArrayLike,
    y: ArrayLike,
    *,
    weights: ArrayLike | None,
    offset: ArrayLike | None,
    penalty_factors: ArrayLike | None,
    alpha: float,
    loss: Loss,
    tolerance: float,
) -> Problem:
    """Check the input; see :func:`perirad.selection.lasso.lasso_path` for what it means."""
    if not 0.0 <= alpha <= 1.0:
        raise InputError("alpha must be between 0 and 1", f"alpha={alpha}")
    if not tolerance > 0.0:
        raise InputError("tolerance must be positive", f"tolerance={tolerance}")
    if loss not in ("logistic", "squared"):
        raise InputError("loss must be 'logistic' or 'squared'", repr(loss))
    Z = matrix(Z)
    target = outcome(y, len(Z))
    _check_columns(Z)
    n, p = Z.shape
    weight = _vector(weights, n, "weights", 1.0)
    if (weight <= 0.0).any():
        raise InputError("weights must be positive", f"{weight.min()}", mend="leave those cases out")
    factors = _vector(penalty_factors, p, "penalty_factors", 1.0)
    if (factors < 0.0).any() or (p and not factors.any()):
        raise InputError("penalty_factors must not be negative, nor all zero", f"{factors.min()}")
    shift = _vector(offset, n, "offset", 0.0)
    return Problem(Z, target, _of_mean_one(weight), shift, _of_mean_one(factors), alpha, loss, tolerance)


def grid_of(problem: Problem, n_lambdas: int) -> FloatArray:
    """Penalties of glmnet; see :func:`perirad.selection.lasso.lambda_grid`."""
    if n_lambdas < 1:
        raise InputError("n_lambdas must be at least 1", f"n_lambdas={n_lambdas}")
    paying = problem.factors > 0.0
    n, p = problem.Z.shape
    slope = np.abs(problem.Z.T @ (problem.weights * (problem.y - _unpenalised_fit(problem, ~paying))))[paying]
    largest = float(np.max(slope / problem.factors[paying], initial=0.0)) / n / max(problem.alpha, 1e-3)
    if largest == 0.0:
        return np.zeros(1)
    ratio = 1e-4 if n > p else 1e-2
    return np.asarray(largest * ratio ** (np.arange(n_lambdas) / max(n_lambdas - 1, 1)), dtype=np.float64)


def given_lambdas(lambdas: ArrayLike) -> FloatArray:
    """Penalties of the caller's, checked."""
    grid = np.ascontiguousarray(numbers(lambdas, "lambdas"))
    if grid.ndim != 1 or grid.size == 0 or not (np.isfinite(grid).all() and (grid > 0.0).all()):
        raise InputError("lambdas must be positive numbers", f"{np.asarray(lambdas)!r}")
    if (np.diff(grid) >= 0.0).any():
        raise InputError("lambdas must be strictly decreasing", "an increase")
    return grid


def fit_problem(problem: Problem, lambdas: FloatArray, ending: Ending) -> LassoPath:
    """Fit at each penalty; `ending` tells what to do at the first that double precision cannot fit."""
    return Descent(problem).fit(lambdas, ending)


class Descent:
    """A path in pieces: each call fits further, smaller penalties, from where the last one stopped.

    The pieces together are what one call gives, to the last bit. `ended` says that no further penalty can or need be
    fitted.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._path = KernelPath(
            np.ascontiguousarray(problem.Z.T),
            problem.y,
            problem.weights,
            problem.offset,
            problem.factors,
            problem.alpha,
            problem.tolerance,
            problem.loss == "squared",
        )
        self._last: LassoPath | None = None
        self.ended = False

    def fit(self, lambdas: FloatArray, ending: Ending) -> LassoPath:
        """Fit at further penalties; with ``ending="stop"`` the piece may be shorter, and is then the last."""
        m, p = lambdas.size, self._problem.Z.shape[1]
        intercepts, coefficients = np.zeros(m), np.zeros((m, p))
        ratio, kkt = np.zeros(m), np.zeros(m)
        parts = (intercepts, coefficients, ratio, kkt)
        count, first = m, 0
        if not self.ended:
            count = self._path.fit(lambdas, ending == "stop", *parts)
            # Near-identical columns that separate the outcomes: a penalty too small for double precision.
            failed = np.flatnonzero(~(kkt[:count] <= max(self._problem.tolerance, _ACCEPTED)))
            first = int(failed[0]) if failed.size else count
        self.ended = first < m or self._path.stopped()
        if first < count:
            nothing = first == 0 and self._last is None
            if nothing or ending == "raise":
                found = f"a KKT residual of {kkt[first]:.1e} at lambda={lambdas[first]:.3g}"
                raise InputError(
                    "the LASSO must converge", found, mend="stop at a larger lambda, or prune the features"
                )
            if ending == "stop":
                count = first
            else:
                self._repeat(parts, first)
        piece = LassoPath(*(frozen(part[:count]) for part in (lambdas, *parts)))
        self._last = piece if count else self._last
        return piece

    def _repeat(self, parts: tuple[FloatArray, ...], first: int) -> None:
        """Hold the last solution that double precision could fit."""
        for place, part in enumerate(parts):
            if first:
                part[first:] = part[first - 1]
            elif self._last is not None:
                held = (self._last.intercepts, self._last.coefficients, self._last.deviance_ratio, self._last.kkt)
                part[:] = held[place][-1]


def joined(pieces: Sequence[LassoPath]) -> LassoPath:
    """One path of its pieces."""
    if len(pieces) == 1:
        return pieces[0]
    names = ("lambdas", "intercepts", "coefficients", "deviance_ratio", "kkt")
    return LassoPath(*(frozen(np.concatenate([getattr(piece, name) for piece in pieces])) for name in names))


def _unpenalised_fit(problem: Problem, free: BoolArray) -> FloatArray:
    """Prediction of the model of intercept, offset and the columns that pay no penalty, shape (n_cases,)."""
    if not free.any() and not problem.offset.any():
        return np.full(problem.y.size, float(np.average(problem.y, weights=problem.weights)))
    within = problem.columns(free)
    fit = fit_problem(within, np.ones(1), "raise")
    eta = problem.offset + fit.intercepts[0] + within.Z @ fit.coefficients[0]
    return np.asarray(eta if problem.loss == "squared" else np.exp(-np.logaddexp(0.0, -eta)), dtype=np.float64)


def _check_columns(Z: FloatArray) -> None:
    if not np.isfinite(Z).all():
        row, column = np.argwhere(~np.isfinite(Z))[0]
        found = f"{Z[row, column]} in row {row}, column {column}"
        raise InputError("every feature value must be finite", found, mend="drop it first")
    constant = np.flatnonzero(~usable_columns(Z))
    if constant.size:
        found = f"a constant in column {constant[0]}"
        raise InputError("every column must vary", found, mend="drop the columns that are not usable")


def _vector(values: ArrayLike | None, length: int, name: str, default: float) -> FloatArray:
    if values is None:
        return np.full(length, default)
    vector = np.ascontiguousarray(numbers(values, name))
    if vector.shape != (length,) or not np.isfinite(vector).all():
        found = f"shape {vector.shape}" if vector.shape != (length,) else "a value that is not finite"
        raise InputError(f"{name} must be {length} finite numbers", found)
    return vector


def _of_mean_one(values: FloatArray) -> FloatArray:
    if values.size == 0 or (values == values[0]).all():
        return np.ones(values.size)
    return np.asarray(values / values.mean(), dtype=np.float64)
