"""One feature at a time: rank and mean tests between the two outcome groups."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from perirad.arrays import FloatArray, IntArray
from perirad.selection.inputs import matrix, outcome

__all__ = ["mann_whitney", "t_test"]


def mann_whitney(X: FloatArray, y: FloatArray | IntArray) -> FloatArray:
    """Two-sided Mann-Whitney (Wilcoxon rank-sum) p-value of each feature.

    Normal approximation with continuity and tie correction, as R's ``wilcox.test(exact=FALSE, correct=TRUE)``.

    Parameters
    ----------
    X : ndarray of shape (n_cases, n_features)
    y : ndarray of shape (n_cases,)
        0 or 1, both present.

    Returns
    -------
    ndarray of shape (n_features,)
        NaN for a feature that is constant or undefined in some case.
    """
    X = matrix(X)
    group = outcome(y, len(X))
    n, n1 = group.size, float(group.sum())
    n0 = n - n1
    columns = np.ascontiguousarray(X.T)
    ranks, ties = _average_ranks(columns)
    above = ranks @ group - n1 * (n1 + 1.0) / 2.0 - n1 * n0 / 2.0
    variance = n1 * n0 / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)))
    undefined = ~np.isfinite(columns).all(axis=1) | (columns.max(axis=1, initial=-np.inf) == columns.min(axis=1))
    scale = np.sqrt(np.where(undefined, np.nan, variance))
    z = (above - np.sign(above) * 0.5) / scale
    return np.asarray(np.minimum(1.0, 2.0 * special.ndtr(-np.abs(z))), dtype=np.float64)


def t_test(X: FloatArray, y: FloatArray | IntArray, *, equal_variance: bool = False) -> FloatArray:
    """Two-sided t-test p-value of each feature between the outcome groups.

    Parameters
    ----------
    X : ndarray of shape (n_cases, n_features)
    y : ndarray of shape (n_cases,)
        0 or 1, both present.
    equal_variance : bool
        Pooled variance (Student) when true, separate variances (Welch) otherwise.

    Returns
    -------
    ndarray of shape (n_features,)
        NaN for a feature that is constant or undefined in some case, or when a group has one case only (both groups
        with `equal_variance`).
    """
    X = matrix(X)
    group = outcome(y, len(X)) == 1.0
    a, b = X[group], X[~group]
    n1, n0 = len(a), len(b)
    with np.errstate(invalid="ignore", divide="ignore"):
        sum1, sum0 = ((a - a.mean(axis=0)) ** 2).sum(axis=0), ((b - b.mean(axis=0)) ** 2).sum(axis=0)
        if equal_variance:
            freedom = np.full(X.shape[1], n1 + n0 - 2.0)
            se2 = (sum1 + sum0) / freedom * (1.0 / n1 + 1.0 / n0)
        else:
            v1, v0 = sum1 / (n1 - np.float64(1.0)) / n1, sum0 / (n0 - np.float64(1.0)) / n0
            se2 = v1 + v0
            freedom = se2**2 / (v1**2 / (n1 - np.float64(1.0)) + v0**2 / (n0 - np.float64(1.0)))
        constant = X.max(axis=0, initial=-np.inf) == X.min(axis=0)
        t = (a.mean(axis=0) - b.mean(axis=0)) / np.sqrt(np.where(constant, np.nan, se2))
    return np.asarray(2.0 * stats.t.sf(np.abs(t), freedom), dtype=np.float64)


def _average_ranks(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ranks within each row of `columns` (ties share their mean), and the sum of t^3 - t over groups of t ties."""
    p, n = columns.shape
    order = np.argsort(columns, axis=1)
    values = np.take_along_axis(columns, order, axis=1)
    new = np.ones((p, n), dtype=np.bool_)
    new[:, 1:] = values[:, 1:] != values[:, :-1]
    first = np.flatnonzero(new)
    size = np.diff(np.append(first, p * n))
    mean_rank = first % n + (size + 1) / 2.0
    ranks = np.empty((p, n))
    np.put_along_axis(ranks, order, np.repeat(mean_rank, size).reshape(p, n), axis=1)
    cubes = (size.astype(np.float64) ** 3) - size
    ties = np.bincount(first // n, weights=cubes, minlength=p)
    return ranks, np.asarray(ties, dtype=np.float64)
