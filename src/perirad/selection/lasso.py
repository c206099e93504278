"""LASSO, elastic net and ridge: the path of solutions and the choice of the penalty by cross-validation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from perirad.arrays import BoolArray, FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.selection.cv_loss import Measure, Summary, check_measure, summarise
from perirad.selection.penalised import (
    Descent,
    Ending,
    LassoPath,
    Loss,
    Problem,
    fit_problem,
    given_lambdas,
    grid_of,
    joined,
    problem_of,
)

__all__ = ["CvLasso", "LassoPath", "Loss", "Measure", "Rule", "cv_lasso", "lambda_grid", "lasso_path"]

Rule = Literal["lambda.min", "lambda.1se"]

_FOLD_TOLERANCE = 1e-7  # of the folds where only the choice of the penalty matters: moves the measure by some 1e-6
_MANY = 500  # columns
_PIECES = (20, 5)  # penalties before the first look at whether it is enough, and between two looks


@dataclass(frozen=True)
class CvLasso:
    """A path with its cross-validated measure and the penalty chosen.

    Parameters
    ----------
    path : LassoPath
        Fitted on all rows.
    measure : {"deviance", "auc", "class", "mse"}
        As for :func:`cv_lasso`.
    cv_mean, cv_se : ndarray of shape (n_lambdas,)
        Measure in the folds left out (weighted mean over folds) and its standard error.
    index_min, index_1se : int
        Position of the best mean, and of the largest penalty whose mean is within one standard error of it.
    index : int
        Position chosen by the rule asked for.
    """

    path: LassoPath
    measure: Measure
    cv_mean: FloatArray
    cv_se: FloatArray
    index_min: int
    index_1se: int
    index: int

    @property
    def chosen_lambda(self) -> float:
        """Penalty chosen."""
        return float(self.path.lambdas[self.index])

    @property
    def intercept(self) -> float:
        """Intercept at the penalty chosen."""
        return float(self.path.intercepts[self.index])

    @property
    def coefficients(self) -> FloatArray:
        """Coefficients at the penalty chosen, shape (n_features,)."""
        return np.asarray(self.path.coefficients[self.index], dtype=np.float64)


def lambda_grid(
    Z: FloatArray,
    y: FloatArray | IntArray,
    *,
    alpha: float = 1.0,
    n_lambdas: int = 100,
    loss: Loss = "logistic",
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    penalty_factors: ArrayLike | None = None,
) -> FloatArray:
    r"""Penalties from the smallest that leaves every feature out, down by a fixed ratio (glmnet's grid).

    .. math:: \lambda_{max} = \max_j |z_j^T (y - \hat y)| / (n \alpha v_j)

    with the prediction of what pays no penalty: intercept, offset, columns of factor zero. The last is
    :math:`10^{-4} \lambda_{max}` with more rows than columns, :math:`10^{-2} \lambda_{max}` otherwise. For ``alpha``
    below 0.001 the grid of 0.001 is used. A single zero when no column pulls at all (or there is none).
    """
    problem = problem_of(
        Z,
        y,
        weights=weights,
        offset=offset,
        penalty_factors=penalty_factors,
        alpha=alpha,
        loss=loss,
        tolerance=1e-9,
    )
    return grid_of(problem, n_lambdas)


def lasso_path(
    Z: FloatArray,
    y: FloatArray | IntArray,
    *,
    alpha: float = 1.0,
    lambdas: FloatArray | None = None,
    n_lambdas: int = 100,
    loss: Loss = "logistic",
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    penalty_factors: ArrayLike | None = None,
    tolerance: float = 1e-9,
) -> LassoPath:
    r"""Fit a penalised model at each of a decreasing sequence of penalties.

    .. math:: \min_{b_0, b} \frac{1}{n} \sum_i w_i [\log(1 + e^{\eta_i}) - y_i \eta_i]
              + \lambda \sum_j v_j (\alpha |b_j| + \tfrac{1 - \alpha}{2} b_j^2), \quad \eta = o + b_0 + Z b

    Parameters
    ----------
    Z : ndarray of shape (n_cases, n_features)
        Used as given: z-score it beforehand. May have no column at all.
    y : ndarray of shape (n_cases,)
        0 or 1, both present.
    alpha : float
        1 for the LASSO, 0 for ridge, between for the elastic net.
    lambdas : ndarray, optional
        Positive, strictly decreasing; all of them are fitted. Without it :func:`lambda_grid` is used, and the path
        ends early by glmnet's rules: after the fifth penalty, when the deviance explained passes 0.999 or grows by
        less than 1e-5 (with squared loss: by less than 1e-5 of itself).
    loss : {"logistic", "squared"}
        With squared loss, half the mean of :math:`(y_i - \eta_i)^2` takes the place of the logistic loss: what many
        published studies ran on their 0/1 outcome. It repeats them; it is no model of a risk.
    weights : array of shape (n_cases,), optional
        Positive; brought to a mean of 1.
    offset : array of shape (n_cases,), optional
        Known part of the linear predictor.
    penalty_factors : array of shape (n_features,), optional
        What each column pays of the penalty, 0 for a column that must stay in; brought to a mean of 1, as in glmnet.
    tolerance : float
        Largest residual of the optimality (KKT) conditions that is accepted.

    Raises
    ------
    InputError
        When a value is not finite, a column is constant, `y` has one class only, or the given `lambdas` get so small
        that near-identical columns cannot be told apart in double precision (the grid of its own stops before).

    Notes
    -----
    Agrees with glmnet (``standardize=FALSE``) run to full precision. Two of its ways are not followed: it reports the
    first solution of a ridge path at an infinite penalty, and with squared loss it divides the quadratic part of the
    penalty by the standard deviation of the outcome. Friedman, Hastie, Tibshirani 2010, doi:10.18637/jss.v033.i01.
    """
    problem = problem_of(
        Z,
        y,
        weights=weights,
        offset=offset,
        penalty_factors=penalty_factors,
        alpha=alpha,
        loss=loss,
        tolerance=tolerance,
    )
    return _path(problem, lambdas, n_lambdas)


def cv_lasso(
    Z: FloatArray,
    y: FloatArray | IntArray,
    folds: IntArray,
    *,
    alpha: float = 1.0,
    rule: Rule = "lambda.min",
    measure: Measure | None = None,
    lambdas: FloatArray | None = None,
    n_lambdas: int = 100,
    loss: Loss = "logistic",
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    penalty_factors: ArrayLike | None = None,
    fold_penalties: Literal["shared", "own"] = "shared",
    tolerance: float = 1e-9,
    enough: Callable[[FloatArray, FloatArray], bool] | None = None,
) -> CvLasso:
    """Choose the penalty by a cross-validated measure.

    Parameters
    ----------
    Z, y, alpha, lambdas, n_lambdas, loss, weights, offset, penalty_factors, tolerance
        As for :func:`lasso_path`. The columns are not scaled anew inside the folds.
    folds : ndarray of shape (n_cases,)
        Fold of each row, any integers.
    rule : {"lambda.min", "lambda.1se"}
        Best mean, or the sparsest model within one standard error of it.
    measure : {"deviance", "auc", "class", "mse"}, optional
        Binomial deviance per case (the default with logistic loss), area under the curve of each fold, share of cases
        on the wrong side of a risk of one half; mean squared error (the default and only one beside AUC with squared
        loss).
    fold_penalties : {"shared", "own"}
        Every fold is fitted at the penalties of the whole-data path, which is ``cv.glmnet(lambda=...)``; or at a grid
        of its own, with coefficients interpolated between its penalties, which is cv.glmnet without `lambda`.
    enough : callable (cv_mean, cv_se) -> bool, optional
        Asked every few penalties whether those so far tell the best one (of AUC, the measure is the negative); smaller
        penalties, which take the most time, are then not fitted. Not with penalties of the folds' own.

    Raises
    ------
    InputError
        Besides those of :func:`lasso_path`: one outcome only outside a fold; for AUC, fewer than ten cases per fold on
        average, or one outcome only in a fold.

    Notes
    -----
    The mean over folds is weighted by their size; with fewer than three rows per fold each row counts as its own fold,
    as in cv.glmnet. A column that is constant in the rows of one fold has coefficient zero there. A fold that cannot be
    fitted at the smallest penalties keeps its last solution for them, as cv.glmnet does.
    """
    if rule not in ("lambda.min", "lambda.1se"):
        raise InputError("rule must be 'lambda.min' or 'lambda.1se'", repr(rule))
    if fold_penalties not in ("shared", "own"):
        raise InputError("fold_penalties must be 'shared' or 'own'", repr(fold_penalties))
    problem = problem_of(
        Z,
        y,
        weights=weights,
        offset=offset,
        penalty_factors=penalty_factors,
        alpha=alpha,
        loss=loss,
        tolerance=tolerance,
    )
    folds = _checked_folds(folds, problem.y)
    measure = measure or ("deviance" if loss == "logistic" else "mse")
    check_measure(measure, loss, problem.y, folds)
    if fold_penalties == "own" and lambdas is None:
        path = _path(problem, None, n_lambdas)
        predictor = _interpolated_out(problem, folds, path.lambdas, n_lambdas)
        mean, se = summarise(measure, problem.y, predictor, problem.weights, folds)
    else:
        grid = grid_of(problem, n_lambdas) if lambdas is None else given_lambdas(lambdas)
        ending: Ending = "stop" if lambdas is None else "raise"
        path, (mean, se) = _shared(problem, folds, grid, ending, measure, enough)
    cost = -mean if measure == "auc" else mean
    index_min = int(np.argmin(cost))
    index_1se = int(np.flatnonzero(cost <= cost[index_min] + se[index_min])[0])
    index = index_min if rule == "lambda.min" else index_1se
    return CvLasso(path, measure, frozen(mean), frozen(se), index_min, index_1se, index)


def _path(problem: Problem, lambdas: FloatArray | None, n_lambdas: int) -> LassoPath:
    if lambdas is not None:
        return fit_problem(problem, given_lambdas(lambdas), "raise")
    return fit_problem(problem, grid_of(problem, n_lambdas), "stop")


def _shared(
    problem: Problem,
    folds: IntArray,
    grid: FloatArray,
    ending: Ending,
    measure: Measure,
    enough: Callable[[FloatArray, FloatArray], bool] | None,
) -> tuple[LassoPath, Summary]:
    """Path and measure at the same penalties in all folds, piece by piece until it is enough."""
    whole, labels = Descent(problem), np.unique(folds)
    looser = max(problem.tolerance, _FOLD_TOLERANCE) if enough else problem.tolerance
    inside = [Descent(replace(problem.rows(folds != label), tolerance=looser)) for label in labels]
    ends = [*range(_PIECES[0], grid.size, _PIECES[1]), grid.size] if enough else [grid.size]
    pieces: list[LassoPath] = []
    found = Summary(np.zeros(0), np.zeros(0))
    for start, end in pairwise([0, *ends]):
        piece = whole.fit(grid[start:end], ending)
        if not piece.lambdas.size:
            break
        pieces.append(piece)
        predictor = np.empty((problem.y.size, piece.lambdas.size))
        for label, descent in zip(labels, inside, strict=True):
            out = folds == label
            predictor[out] = _predicted(problem, out, descent.fit(piece.lambdas, "repeat"))
        part = summarise(measure, problem.y, predictor, problem.weights, folds)
        found = Summary(np.concatenate([found.mean, part.mean]), np.concatenate([found.se, part.se]))
        if whole.ended or (enough and enough(-found.mean if measure == "auc" else found.mean, found.se)):
            break
    return joined(pieces), found


def _predicted(problem: Problem, out: BoolArray, fit: LassoPath) -> FloatArray:
    Z, coefficients = problem.Z[out], fit.coefficients
    if Z.shape[1] > _MANY:
        used = np.flatnonzero(coefficients.any(axis=0))  # of thousands, a few hundred
        Z, coefficients = Z[:, used], coefficients[:, used]
    return np.asarray(problem.offset[out, None] + fit.intercepts + Z @ coefficients.T, dtype=np.float64)


def _interpolated_out(problem: Problem, folds: IntArray, lambdas: FloatArray, n_lambdas: int) -> FloatArray:
    """Linear predictor of each case at each penalty, from the fit without its fold at penalties of its own."""
    predictor = np.empty((problem.y.size, lambdas.size))
    for label in np.unique(folds):
        out = folds == label
        inside = problem.rows(~out)
        fit = fit_problem(inside, grid_of(inside, n_lambdas), "stop")
        intercepts, coefficients = _interpolated(fit, lambdas)
        at = LassoPath(lambdas, intercepts, coefficients, np.zeros(lambdas.size), np.zeros(lambdas.size))
        predictor[out] = _predicted(problem, out, at)
    return predictor


def _interpolated(fit: LassoPath, lambdas: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Solution between the penalties of a path, linear in lambda; beyond its ends that of the end."""
    own = fit.lambdas[::-1]
    at = np.clip(lambdas, own[0], own[-1])
    right = np.clip(np.searchsorted(own, at), 1, max(own.size - 1, 1))
    if own.size == 1:
        right = np.zeros_like(right)
    left = np.maximum(right - 1, 0)
    width = np.where(own[right] > own[left], own[right] - own[left], 1.0)
    part = (at - own[left]) / width
    intercepts, coefficients = fit.intercepts[::-1], fit.coefficients[::-1]
    return (
        (1.0 - part) * intercepts[left] + part * intercepts[right],
        (1.0 - part)[:, None] * coefficients[left] + part[:, None] * coefficients[right],
    )


def _checked_folds(folds: IntArray, y: FloatArray) -> IntArray:
    folds = np.asarray(folds)
    if folds.shape != y.shape:
        raise InputError(f"folds must have one entry per row ({y.size})", f"shape {folds.shape}")
    labels = np.unique(folds)
    if labels.size < 2:
        raise InputError("cross-validation needs at least two folds", f"{labels.size}")
    for label in labels:
        inside = y[folds != label]
        if inside.min() == inside.max():
            raise InputError(
                "the rows outside each fold must hold both outcomes",
                f"one only outside fold {label}",
                mend="stratify the folds by outcome",
            )
    return folds
