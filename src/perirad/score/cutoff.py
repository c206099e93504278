"""The cut-off that divides a score into low and high risk."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from perirad.errors import InputError

__all__ = ["Cutoff", "youden_cutoff"]


@dataclass(frozen=True)
class Cutoff:
    """A threshold and how it divides the cases it was learnt from.

    Parameters
    ----------
    value : float
        A case is positive when its score is at or above it.
    sensitivity, specificity : float
        Shares between 0 and 1.
    youden : float
        Sensitivity + specificity - 1.
    """

    value: float
    sensitivity: float
    specificity: float
    youden: float


def youden_cutoff(y: ArrayLike, score: ArrayLike) -> Cutoff:
    """Cut-off with the largest Youden index.

    Candidates are the midpoints between neighbouring distinct scores, as in pROC. Of several with the same index
    (compared exactly, in counts) the lowest is taken, that with the highest sensitivity, which is pROC's first.

    Parameters
    ----------
    y : array of shape (n_cases,)
        0 or 1, both present.
    score : array of shape (n_cases,)
        Finite; higher means more likely 1.

    Returns
    -------
    Cutoff
        All NaN when no midpoint does better than chance, in particular when all scores are the same.

    Notes
    -----
    Youden 1950, doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3.
    """
    target, values = np.asarray(y, dtype=np.float64), np.asarray(score, dtype=np.float64)
    _check(target, values)
    distinct, place = np.unique(values, return_inverse=True)
    positives = np.bincount(place, weights=target, minlength=distinct.size).astype(np.int64)
    negatives = np.bincount(place, minlength=distinct.size).astype(np.int64) - positives
    n1, n0 = int(positives.sum()), int(negatives.sum())
    true_positives = n1 - np.cumsum(positives)[:-1]
    true_negatives = np.cumsum(negatives)[:-1]
    index = true_positives * n0 + true_negatives * n1 - n0 * n1  # the Youden index times n0 n1
    if index.size == 0 or index.max() <= 0:
        return Cutoff(math.nan, math.nan, math.nan, math.nan)
    best = int(np.argmax(index))
    sensitivity, specificity = true_positives[best] / n1, true_negatives[best] / n0
    return Cutoff(
        _midpoint(float(distinct[best]), float(distinct[best + 1])),
        float(sensitivity),
        float(specificity),
        float(index[best] / (n0 * n1)),
    )


def _midpoint(low: float, high: float) -> float:
    """Middle of two scores; the upper one where rounding would put the middle on the lower, and misplace its cases."""
    middle = low + (high - low) / 2.0
    return middle if middle > low else high


def _check(y: np.ndarray, score: np.ndarray) -> None:
    if y.ndim != 1 or y.shape != score.shape:
        raise InputError("outcome and score must have one entry per case each", f"shapes {y.shape} and {score.shape}")
    if not np.isin(y, (0.0, 1.0)).all() or y.size == 0 or y.min() == y.max():
        raise InputError("the outcome must be 0 or 1, with both present", f"values {np.unique(y)[:5].tolist()}")
    if not np.isfinite(score).all():
        row = int(np.flatnonzero(~np.isfinite(score))[0])
        raise InputError("every score must be finite", f"{score[row]} in row {row}")
