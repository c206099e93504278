"""Logistic LASSO and elastic net: the path of solutions and the choice of the penalty by cross-validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from perirad._kernels import lasso_path as fit_path
from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.selection.inputs import matrix, outcome
from perirad.selection.scaling import usable_columns

__all__ = ["CvLasso", "LassoPath", "cv_lasso", "lambda_grid", "lasso_path"]

Rule = Literal["lambda.min", "lambda.1se"]
Ending = Literal["stop", "raise", "repeat"]  # when the penalties get too small to go on

_CLAMP = 1e-5  # predicted risks are kept this far from 0 and 1 in the cross-validated deviance, as in cv.glmnet


@dataclass(frozen=True)
class LassoPath:
    """Solutions of a penalised logistic model, one per penalty.

    Parameters
    ----------
    lambdas : ndarray of shape (n_lambdas,)
        Penalties, decreasing.
    intercepts : ndarray of shape (n_lambdas,)
    coefficients : ndarray of shape (n_lambdas, n_features)
        Exactly zero where a feature is left out.
    deviance_ratio : ndarray of shape (n_lambdas,)
        Share of the null deviance that the model explains.
    """

    lambdas: FloatArray
    intercepts: FloatArray
    coefficients: FloatArray
    deviance_ratio: FloatArray

    @property
    def n_selected(self) -> IntArray:
        """Number of features with a coefficient other than zero, per penalty."""
        return np.asarray(np.count_nonzero(self.coefficients, axis=1), dtype=np.int64)


@dataclass(frozen=True)
class CvLasso:
    """A path with its cross-validated deviance and the penalty chosen.

    Parameters
    ----------
    path : LassoPath
        Fitted on all rows.
    cv_deviance, cv_deviance_se : ndarray of shape (n_lambdas,)
        Binomial deviance per patient in the folds left out (weighted mean over folds) and its standard error.
    index_min, index_1se : int
        Position of the smallest deviance, and of the largest penalty within one standard error of it.
    index : int
        Position chosen by the rule asked for.
    """

    path: LassoPath
    cv_deviance: FloatArray
    cv_deviance_se: FloatArray
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


def lambda_grid(Z: FloatArray, y: FloatArray, *, alpha: float = 1.0, n_lambdas: int = 100) -> FloatArray:
    r"""Penalties from the smallest that leaves every feature out, down by a fixed ratio (glmnet's grid).

    .. math:: \lambda_{max} = \max_j |z_j^T (y - \bar y)| / (n \alpha)

    The last is :math:`10^{-4} \lambda_{max}` with more rows than columns, :math:`10^{-2} \lambda_{max}` otherwise.
    For ``alpha`` below 0.001 the grid of 0.001 is used. A single zero when no column pulls at all (or there is none).
    """
    n, p = Z.shape
    largest = float(np.max(np.abs(Z.T @ (y - y.mean())), initial=0.0)) / n / max(alpha, 1e-3)
    if largest == 0.0:
        return np.zeros(1)
    ratio = 1e-4 if n > p else 1e-2
    return np.asarray(largest * ratio ** (np.arange(n_lambdas) / max(n_lambdas - 1, 1)), dtype=np.float64)


def lasso_path(
    Z: FloatArray,
    y: FloatArray | IntArray,
    *,
    alpha: float = 1.0,
    lambdas: FloatArray | None = None,
    n_lambdas: int = 100,
    tolerance: float = 1e-9,
) -> LassoPath:
    r"""Fit a penalised logistic model at each of a decreasing sequence of penalties.

    .. math:: \min_{b_0, b} \frac{1}{n} \sum_i [\log(1 + e^{\eta_i}) - y_i \eta_i]
              + \lambda (\alpha |b|_1 + \tfrac{1 - \alpha}{2} |b|_2^2), \quad \eta = b_0 + Z b

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
        less than 1e-5.
    tolerance : float
        Largest residual of the optimality (KKT) conditions that is accepted.

    Raises
    ------
    InputError
        When a value is not finite, a column is constant, `y` has one class only, or the given `lambdas` get so small
        that near-identical columns cannot be told apart in double precision (the grid of its own stops before).

    Notes
    -----
    Agrees with glmnet (``standardize=FALSE``) run to full precision. Friedman, Hastie, Tibshirani 2010,
    doi:10.18637/jss.v033.i01.
    """
    Z, target = _checked(Z, y)
    _check_settings(alpha, n_lambdas, tolerance)
    ending: Ending = "stop" if lambdas is None else "raise"
    grid = lambda_grid(Z, target, alpha=alpha, n_lambdas=n_lambdas) if lambdas is None else _checked_lambdas(lambdas)
    return _fit(Z, target, grid, alpha=alpha, tolerance=tolerance, ending=ending)


def cv_lasso(
    Z: FloatArray,
    y: FloatArray | IntArray,
    folds: IntArray,
    *,
    alpha: float = 1.0,
    rule: Rule = "lambda.min",
    lambdas: FloatArray | None = None,
    n_lambdas: int = 100,
    tolerance: float = 1e-9,
) -> CvLasso:
    """Choose the penalty by the cross-validated binomial deviance.

    Parameters
    ----------
    Z, y, alpha, lambdas, n_lambdas, tolerance
        As for :func:`lasso_path`. The columns are not scaled anew inside the folds.
    folds : ndarray of shape (n_cases,)
        Fold of each row, any integers.
    rule : {"lambda.min", "lambda.1se"}
        Smallest deviance, or the sparsest model within one standard error of it.

    Notes
    -----
    Every fold is fitted at the penalties of the whole-data path (``cv.glmnet(lambda=...)``). The mean over folds is
    weighted by their size; with fewer than three rows per fold each row counts as its own fold, as in cv.glmnet.
    A column that is constant in the rows of one fold has coefficient zero there. A fold that cannot be fitted at the
    smallest penalties keeps its last solution for them, as cv.glmnet does.
    """
    if rule not in ("lambda.min", "lambda.1se"):
        raise InputError("rule must be 'lambda.min' or 'lambda.1se'", repr(rule))
    path = lasso_path(Z, y, alpha=alpha, lambdas=lambdas, n_lambdas=n_lambdas, tolerance=tolerance)
    Z, target = matrix(Z), outcome(y, len(Z))
    folds = np.asarray(folds)
    if folds.shape != target.shape:
        raise InputError(f"folds must have one entry per row ({target.size})", f"shape {folds.shape}")
    labels = np.unique(folds)
    if labels.size < 2:
        raise InputError("cross-validation needs at least two folds", f"{labels.size}")
    losses = np.empty((target.size, path.lambdas.size))
    for label in labels:
        out = folds == label
        _check_both_classes(target[~out], int(label))
        fit = _fit(Z[~out], target[~out], path.lambdas, alpha=alpha, tolerance=tolerance, ending="repeat")
        losses[out] = _deviance(target[out], fit.intercepts + Z[out] @ fit.coefficients.T)
    mean, se = _fold_mean(losses, folds, labels)
    index_min = int(np.argmin(mean))
    index_1se = int(np.flatnonzero(mean <= mean[index_min] + se[index_min])[0])
    index = index_min if rule == "lambda.min" else index_1se
    return CvLasso(path, frozen(mean), frozen(se), index_min, index_1se, index)


def _fit(
    Z: FloatArray, y: FloatArray, lambdas: FloatArray, *, alpha: float, tolerance: float, ending: Ending
) -> LassoPath:
    m, p = lambdas.size, Z.shape[1]
    intercepts, coefficients = np.zeros(m), np.zeros((m, p))
    ratio, kkt = np.zeros(m), np.zeros(m)
    columns = np.ascontiguousarray(Z.T)
    count = fit_path(columns, y, lambdas, alpha, tolerance, ending == "stop", intercepts, coefficients, ratio, kkt)
    # A penalty too small for double precision (near-identical columns that separate the outcomes) ends the path.
    failed = np.flatnonzero(~(kkt[:count] <= max(tolerance, 1e-8)))
    if failed.size:
        first = int(failed[0])
        if first == 0 or ending == "raise":
            found = f"a KKT residual of {kkt[first]:.1e} at lambda={lambdas[first]:.3g}"
            raise InputError("the LASSO must converge", found, mend="stop at a larger lambda, or prune the features")
        if ending == "stop":
            count = first
        else:
            intercepts[first:], coefficients[first:], ratio[first:] = (
                intercepts[first - 1],
                coefficients[first - 1],
                ratio[first - 1],
            )
    parts = (lambdas[:count], intercepts[:count], coefficients[:count], ratio[:count])
    return LassoPath(*(frozen(part) for part in parts))


def _deviance(y: FloatArray, eta: FloatArray) -> FloatArray:
    """Binomial deviance of each row and penalty, shape of `eta`."""
    limit = float(np.log((1.0 - _CLAMP) / _CLAMP))
    eta = np.clip(eta, -limit, limit)
    return np.asarray(2.0 * (np.logaddexp(0.0, eta) - y[:, None] * eta), dtype=np.float64)


def _fold_mean(losses: FloatArray, folds: IntArray, labels: IntArray) -> tuple[FloatArray, FloatArray]:
    if folds.size / labels.size >= 3:
        sizes = np.array([np.count_nonzero(folds == label) for label in labels], dtype=np.float64)
        losses = np.array([losses[folds == label].mean(axis=0) for label in labels])
    else:
        sizes = np.ones(folds.size)
    share = (sizes / sizes.sum())[:, None]
    mean = (share * losses).sum(axis=0)
    variance = (share * (losses - mean) ** 2).sum(axis=0)
    return mean, np.sqrt(variance / (sizes.size - 1))


def _checked(Z: FloatArray, y: FloatArray | IntArray) -> tuple[FloatArray, FloatArray]:
    Z = matrix(Z)
    target = outcome(y, len(Z))
    if not np.isfinite(Z).all():
        row, column = np.argwhere(~np.isfinite(Z))[0]
        raise InputError(
            "every feature value must be finite",
            f"{Z[row, column]} in row {row}, column {column}",
            mend="drop it first",
        )
    constant = np.flatnonzero(~usable_columns(Z))
    if constant.size:
        raise InputError(
            "every column must vary", f"a constant in column {constant[0]}", mend="drop the columns that are not usable"
        )
    return Z, target


def _checked_lambdas(lambdas: FloatArray) -> FloatArray:
    grid = np.ascontiguousarray(lambdas, dtype=np.float64)
    if grid.ndim != 1 or grid.size == 0 or not (np.isfinite(grid).all() and (grid > 0.0).all()):
        raise InputError("lambdas must be positive numbers", f"{np.asarray(lambdas)!r}")
    if (np.diff(grid) >= 0.0).any():
        raise InputError("lambdas must be strictly decreasing", "an increase")
    return grid


def _check_settings(alpha: float, n_lambdas: int, tolerance: float) -> None:
    if not 0.0 <= alpha <= 1.0:
        raise InputError("alpha must be between 0 and 1", f"alpha={alpha}")
    if n_lambdas < 1:
        raise InputError("n_lambdas must be at least 1", f"n_lambdas={n_lambdas}")
    if not tolerance > 0.0:
        raise InputError("tolerance must be positive", f"tolerance={tolerance}")


def _check_both_classes(y: FloatArray, label: int) -> None:
    if y.min() == y.max():
        raise InputError(
            "the rows outside each fold must hold both outcomes",
            f"one only outside fold {label}",
            mend="stratify the folds by outcome",
        )
