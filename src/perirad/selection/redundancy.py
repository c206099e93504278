"""Features that say the same: rank correlation and its pruning."""

from __future__ import annotations

from typing import Literal

import numpy as np

from perirad._kernels import average_ranks
from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.selection.inputs import matrix
from perirad.selection.scaling import usable_columns

__all__ = ["pearson", "prune_correlated", "spearman"]


def pearson(X: FloatArray) -> FloatArray:
    """Product-moment correlation of all pairs of columns, shape (n_features, n_features).

    NaN with a column that is constant or undefined in some case; the diagonal is one.
    """
    X = matrix(X)
    centred = X - X.mean(axis=0)
    norm = np.sqrt((centred**2).sum(axis=0))
    constant = X.max(axis=0, initial=-np.inf) == X.min(axis=0, initial=np.inf)
    unit = centred / np.where((norm > 0.0) & ~constant, norm, np.nan)
    r = np.clip(unit.T @ unit, -1.0, 1.0)
    np.fill_diagonal(r, 1.0)
    return np.asarray(r, dtype=np.float64)


def spearman(X: FloatArray) -> FloatArray:
    """Rank correlation of all pairs of columns (ties share their mean rank), shape (n_features, n_features).

    NaN with a column that is constant or undefined in some case; the diagonal is one.
    """
    X = matrix(X)
    columns = np.ascontiguousarray(X.T)
    filled = np.empty_like(columns)
    average_ranks(columns, np.argsort(columns, axis=1), filled)
    ranks = filled.T
    ranks[:, ~np.isfinite(X).all(axis=0)] = np.nan
    return pearson(ranks)


def prune_correlated(
    X: FloatArray,
    *,
    cutoff: float = 0.9,
    method: Literal["spearman", "pearson"] = "spearman",
    exact: bool = True,
) -> BoolArray:
    """Drop one of each pair of features whose absolute correlation exceeds the cut-off.

    Of a pair, the feature goes that is more correlated with the others on average (``findCorrelation`` of the R package
    caret, whose own default is exact up to 99 features).

    Parameters
    ----------
    X : ndarray of shape (n_cases, n_features)
        Finite, no constant column.
    cutoff : float
        Between 0 and 1; a correlation of exactly the cut-off is kept.
    method : {"spearman", "pearson"}
    exact : bool
        Averages are taken over the features still kept; otherwise over all, once, which drops more.

    Returns
    -------
    ndarray of bool, shape (n_features,)
        True where the feature is kept.
    """
    if not 0.0 < cutoff <= 1.0:
        raise InputError("cutoff must be above 0 and at most 1", f"cutoff={cutoff}")
    if method not in ("spearman", "pearson"):
        raise InputError("method must be 'spearman' or 'pearson'", repr(method))
    unusable = np.flatnonzero(~usable_columns(X))
    if unusable.size:
        found = f"a constant or a missing value in column {unusable[0]}"
        raise InputError("features to be pruned must vary and be finite", found, mend="drop the unusable columns first")
    r = np.abs(spearman(X) if method == "spearman" else pearson(X))
    return _find_correlation(r, cutoff) if exact else _find_at_once(r, cutoff)


def _find_correlation(r: FloatArray, cutoff: float) -> BoolArray:
    """Features kept, given absolute correlations with a unit diagonal."""
    p = r.shape[0]
    kept = np.ones(p, dtype=np.bool_)
    if p < 2:
        return kept
    np.fill_diagonal(r, 0.0)
    order = np.argsort(-(r.sum(axis=0) / (p - 1)), kind="stable")
    r = r[np.ix_(order, order)]
    alive = np.ones(p, dtype=np.bool_)
    sums, left = r.sum(axis=1), p
    high = r > cutoff
    for i in range(p - 1):
        if not alive[i]:
            continue
        for j in i + 1 + np.flatnonzero(high[i, i + 1 :]):
            if not (alive[i] and alive[j]):
                continue
            row, column = sums[i] / (left - 1), (sums.sum() - sums[j]) / ((left - 1) * (left - 1))
            gone = i if row > column else j
            alive[gone] = False
            sums = sums - r[gone]
            sums[~alive] = 0.0
            left -= 1
            if gone == i:
                break
    kept[order[~alive]] = False
    return kept


def _find_at_once(r: FloatArray, cutoff: float) -> BoolArray:
    """Features kept when every pair is judged on its own; of a pair with equal averages the first goes."""
    kept = np.ones(r.shape[0], dtype=np.bool_)
    # caret compares averages as levels of a factor, which holds 15 digits
    average = np.array([float(f"{value:.15g}") for value in r.mean(axis=0)]) if r.size else np.zeros(0)
    first, second = np.nonzero(np.triu(r > cutoff, k=1))
    kept[np.where(average[second] > average[first], second, first)] = False
    return kept
