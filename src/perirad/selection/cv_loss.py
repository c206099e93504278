"""What cross-validation lowers or raises: deviance, squared error, misclassification, AUC."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError

__all__ = ["Measure", "Summary", "check_measure", "summarise"]

Measure = Literal["deviance", "auc", "class", "mse"]

_CLAMP = 1e-5  # predicted risks are kept this far from 0 and 1 in the cross-validated deviance, as in cv.glmnet
_FEWEST = 10  # cases per fold for its own AUC, as in cv.glmnet


class Summary(NamedTuple):
    """Mean over folds and its standard error, each of shape (n_lambdas,)."""

    mean: FloatArray
    se: FloatArray


def check_measure(measure: Measure, loss: str, y: FloatArray, folds: IntArray) -> None:
    """Refuse a measure that the loss or the folds cannot have."""
    allowed = ("deviance", "auc", "class") if loss == "logistic" else ("mse", "auc")
    if measure not in allowed:
        raise InputError(f"the measure with {loss} loss must be one of {', '.join(allowed)}", repr(measure))
    if measure != "auc":
        return
    labels = np.unique(folds)
    if folds.size / labels.size < _FEWEST:
        found = f"{folds.size} in {labels.size} folds"
        raise InputError(f"AUC needs at least {_FEWEST} cases per fold", found, mend="use fewer folds or the deviance")
    for label in labels:
        own = y[folds == label]
        if own.min() == own.max():
            raise InputError("AUC needs both outcomes in every fold", f"one only in fold {label}", mend="stratify")


def summarise(measure: Measure, y: FloatArray, predictor: FloatArray, weights: FloatArray, folds: IntArray) -> Summary:
    """Cross-validated measure at each penalty, summed up as cv.glmnet does.

    Parameters
    ----------
    predictor : ndarray of shape (n_cases, n_lambdas)
        Linear predictor of each case from the fit without its fold.

    Notes
    -----
    The mean over folds is weighted by their (weighted) size; with fewer than three cases per fold each case counts as
    a fold of its own.
    """
    labels = np.unique(folds)
    if measure == "auc":
        values = np.array([_auc(y[folds == k], predictor[folds == k], weights[folds == k]) for k in labels])
        return _mean(values, np.array([weights[folds == k].sum() for k in labels]))
    losses = _losses(measure, y, predictor)
    if folds.size / labels.size < 3:
        return _mean(losses, weights)
    within = np.where(folds == labels[:, None], weights, 0.0)
    sizes = within.sum(axis=1)
    return _mean(within @ losses / sizes[:, None], sizes)


def _losses(measure: Measure, y: FloatArray, eta: FloatArray) -> FloatArray:
    """Loss of each case and penalty, shape of `eta`."""
    if measure == "mse":
        return np.asarray((y[:, None] - eta) ** 2, dtype=np.float64)
    if measure == "class":
        return np.asarray((eta > 0.0) != (y[:, None] == 1.0), dtype=np.float64)
    limit = float(np.log((1.0 - _CLAMP) / _CLAMP))
    eta = np.clip(eta, -limit, limit)
    return np.asarray(2.0 * (np.logaddexp(0.0, eta) - y[:, None] * eta), dtype=np.float64)


def _auc(y: FloatArray, eta: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted area under the curve at each penalty, ties counted half."""
    event = y == 1.0
    above, below = weights[event], weights[~event]
    areas = np.empty(eta.shape[1])
    for k in range(eta.shape[1]):
        order = np.argsort(eta[~event, k], kind="stable")
        lower = eta[~event, k][order]
        reached = np.concatenate(([0.0], np.cumsum(below[order])))
        first, last = (reached[np.searchsorted(lower, eta[event, k], side=side)] for side in ("left", "right"))
        areas[k] = above @ (first + last) / 2.0
    return np.asarray(areas / (above.sum() * below.sum()), dtype=np.float64)


def _mean(values: FloatArray, sizes: FloatArray) -> Summary:
    share = (sizes / sizes.sum())[:, None]
    mean = (share * values).sum(axis=0)
    variance = (share * (values - mean) ** 2).sum(axis=0)
    return Summary(mean, np.sqrt(variance / (sizes.size - 1)))
