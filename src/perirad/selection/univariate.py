"""One feature at a time: rank and mean tests between the two outcome groups, and adjustment for their number."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from perirad._kernels import rank_sums
from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.errors import InputError
from perirad.selection.inputs import matrix, numbers, outcome

__all__ = ["Adjustment", "adjust_p", "mann_whitney", "mann_whitney_u", "screen", "t_statistic", "t_test"]

Adjustment = Literal["none", "fdr", "holm", "bonferroni"]


def screen(
    X: FloatArray,
    y: FloatArray | IntArray,
    *,
    test: Literal["mann-whitney", "t-test", "welch"] = "mann-whitney",
    alpha: float = 0.05,
    adjustment: Adjustment = "none",
) -> BoolArray:
    """Features that differ between the outcome groups: (adjusted) p below `alpha`, shape (n_features,).

    A feature whose test is not defined does not pass. Parameters as for the tests and :func:`adjust_p`.
    """
    if test not in ("mann-whitney", "t-test", "welch"):
        raise InputError("test must be 'mann-whitney', 't-test' or 'welch'", repr(test))
    if not 0.0 < alpha <= 1.0:
        raise InputError("alpha must be above 0 and at most 1", f"alpha={alpha}")
    p = mann_whitney(X, y) if test == "mann-whitney" else t_test(X, y, equal_variance=test == "t-test")
    return np.asarray(adjust_p(p, adjustment) < alpha, dtype=np.bool_)


def adjust_p(p: ArrayLike, adjustment: Adjustment) -> FloatArray:
    """P-values adjusted for their number, shape of `p`; NaN stays NaN and does not count (R's ``p.adjust``).

    Parameters
    ----------
    p : array of shape (n_features,)
        Between 0 and 1, or NaN.
    adjustment : {"none", "fdr", "holm", "bonferroni"}
        ``fdr`` is the false discovery rate of Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    if adjustment not in ("none", "fdr", "holm", "bonferroni"):
        raise InputError("adjustment must be 'none', 'fdr', 'holm' or 'bonferroni'", repr(adjustment))
    values = numbers(p, "p-values").copy()
    if values.ndim != 1 or ((values < 0.0) | (values > 1.0)).any():
        raise InputError("p-values must be a row of numbers between 0 and 1", f"{np.asarray(p)!r:.80}")
    counted = np.flatnonzero(~np.isnan(values))
    if adjustment == "none" or counted.size == 0:
        return values
    order = counted[np.argsort(values[counted], kind="stable")]
    values[order] = np.minimum(1.0, _adjusted(values[order], adjustment))
    return values


def _adjusted(p: FloatArray, adjustment: Adjustment) -> FloatArray:
    """Adjusted values of ascending ones, not yet capped at 1."""
    n = p.size
    rank = np.arange(1, n + 1)
    if adjustment == "bonferroni":
        return p * n
    if adjustment == "holm":
        return np.maximum.accumulate((n + 1 - rank) * p)
    return np.minimum.accumulate((n / rank * p)[::-1])[::-1]


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
    n, n1, n0 = _sizes(outcome(y, len(X)))
    u, ties = _rank_sums(X, y)
    above = u - n1 * n0 / 2.0
    z = (above - np.sign(above) * 0.5) / np.sqrt(n1 * n0 / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0))))
    return np.asarray(np.minimum(1.0, 2.0 * special.ndtr(-np.abs(z))), dtype=np.float64)


def mann_whitney_u(X: FloatArray, y: FloatArray | IntArray) -> FloatArray:
    """Pairs of cases in which the one of outcome 1 has the higher value (equal ones count half), per feature.

    U over the number of pairs is the area under the ROC curve. Parameters, shape and NaN as for :func:`mann_whitney`.
    """
    return _rank_sums(matrix(X), y)[0]


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
    t, freedom = t_statistic(X, y, equal_variance=equal_variance)
    return np.asarray(2.0 * stats.t.sf(np.abs(t), freedom), dtype=np.float64)


def t_statistic(
    X: FloatArray, y: FloatArray | IntArray, *, equal_variance: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Statistic (positive where outcome 1 has the higher mean) and degrees of freedom of :func:`t_test`."""
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
    return np.asarray(t, dtype=np.float64), np.asarray(freedom, dtype=np.float64)


def _sizes(group: FloatArray) -> tuple[int, float, float]:
    n1 = float(group.sum())
    return group.size, n1, group.size - n1


def _rank_sums(X: FloatArray, y: FloatArray | IntArray) -> tuple[FloatArray, FloatArray]:
    """U of each feature (NaN where constant or undefined), and the sum of t^3 - t over its groups of t ties."""
    group = outcome(y, len(X))
    n1 = _sizes(group)[1]
    columns = np.ascontiguousarray(X.T)
    sums, ties = np.empty(len(columns)), np.empty(len(columns))
    rank_sums(columns, np.argsort(columns, axis=1), (group == 1.0).astype(np.uint8), sums, ties)
    return sums - n1 * (n1 + 1.0) / 2.0, ties
