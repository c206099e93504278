"""Minimum redundancy, maximum relevance: features that tell of the outcome and not of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.selection.inputs import matrix, outcome
from perirad.selection.scaling import usable_columns

__all__ = ["MrmrOrder", "MrmrScheme", "mrmr"]

MrmrScheme = Literal["MID", "MIQ", "FCQ", "RCD"]

_SHORT_OF_ONE = 1.0 - 1e-16  # a perfect correlation has infinite mutual information
_LEAST = 0.001  # an absolute correlation below this counts as this in the quotient of FCQ


@dataclass(frozen=True)
class MrmrOrder:
    """Features in the order in which they were taken.

    Parameters
    ----------
    order : ndarray of int, shape (n_taken,)
        Column of each feature.
    scores : ndarray of shape (n_taken,)
        What each scored when it was taken; the first scores its relevance.
    """

    order: IntArray
    scores: FloatArray


def mrmr(X: FloatArray, y: FloatArray | IntArray, n_features: int, *, scheme: MrmrScheme = "MID") -> MrmrOrder:
    r"""Take features one by one, each the most relevant for how little it repeats those taken before.

    Parameters
    ----------
    X : ndarray of shape (n_cases, n_features)
        Finite, no constant column.
    y : ndarray of shape (n_cases,)
        0 or 1, both present.
    n_features : int
        How many to take, at least 1; all of them, in order, where there are fewer.
    scheme : {"MID", "MIQ", "FCQ", "RCD"}
        Relevance minus (``D``) or over (``Q``) the mean redundancy with the features taken. ``MI``: both are the
        mutual information :math:`-\tfrac12 \log(1 - r^2)` of jointly normal variables; ``FC``: F statistic between the
        outcome groups, and absolute correlation (at least 0.001); ``RC``: absolute correlations.

    Returns
    -------
    MrmrOrder
        Of equal scores the first column is taken.

    Raises
    ------
    InputError
        A column is constant or undefined somewhere, or the outcome has one class only.

    Notes
    -----
    Ding, Peng 2005, doi:10.1142/S0219720005001004; correlations are Pearson's.
    """
    X = matrix(X)
    target = outcome(y, len(X))
    _check(X, n_features, scheme)
    unit = _unit(X)
    with_outcome = unit.T @ _unit(target[:, None])[:, 0]
    relevance = _relevance(with_outcome, scheme, target.size)
    total = np.zeros(X.shape[1])
    left = np.ones(X.shape[1], dtype=np.bool_)
    order: list[int] = []
    scores: list[float] = []
    for taken in range(min(n_features, X.shape[1])):
        score = relevance if taken == 0 else _score(relevance, total / taken, scheme)
        best = int(np.argmax(np.where(left, score, -np.inf)))
        order.append(best)
        scores.append(float(score[best]))
        left[best] = False
        total += _redundancy(unit.T @ unit[:, best], scheme)
    return MrmrOrder(frozen(np.array(order, dtype=np.int64)), frozen(np.array(scores, dtype=np.float64)))


def _unit(X: FloatArray) -> FloatArray:
    """Columns centred, of length one."""
    centred = X - X.mean(axis=0)
    centred = centred / np.abs(centred).max(axis=0)
    return np.asarray(centred / np.sqrt((centred**2).sum(axis=0)), dtype=np.float64)


def _information(r: FloatArray) -> FloatArray:
    return np.asarray(-0.5 * np.log(1.0 - np.minimum(r**2, _SHORT_OF_ONE)), dtype=np.float64)


def _relevance(r: FloatArray, scheme: MrmrScheme, n: int) -> FloatArray:
    if scheme in ("MID", "MIQ"):
        return _information(r)
    if scheme == "RCD":
        return np.abs(r)
    square = np.minimum(r**2, _SHORT_OF_ONE)
    return np.asarray((n - 2) * square / (1.0 - square), dtype=np.float64)


def _redundancy(r: FloatArray, scheme: MrmrScheme) -> FloatArray:
    if scheme in ("MID", "MIQ"):
        return _information(r)
    return np.abs(r) if scheme == "RCD" else np.maximum(np.abs(r), _LEAST)


def _score(relevance: FloatArray, redundancy: FloatArray, scheme: MrmrScheme) -> FloatArray:
    if scheme.endswith("D"):
        return relevance - redundancy
    # Features without any tie to those taken come first; among them a useless one is worth nothing.
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = relevance / redundancy
    return np.where(np.isnan(quotient), 0.0, quotient)


def _check(X: FloatArray, n_features: int, scheme: str) -> None:
    if scheme not in ("MID", "MIQ", "FCQ", "RCD"):
        raise InputError("scheme must be MID, MIQ, FCQ or RCD", repr(scheme))
    if n_features < 1:
        raise InputError("n_features must be at least 1", f"n_features={n_features}")
    unusable = np.flatnonzero(~usable_columns(X))
    if unusable.size:
        found = f"a constant or a missing value in column {unusable[0]}"
        raise InputError("features to be ranked must vary and be finite", found, mend="drop the unusable columns first")
