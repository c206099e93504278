"""Agreement between readers: intraclass correlation of every feature at once, and the filter on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from perirad.arrays import BoolArray, FloatArray, frozen
from perirad.errors import InputError
from perirad.selection.inputs import numbers
from perirad.selection.scaling import usable_columns

__all__ = ["ICC_KINDS", "Agreement", "IccKind", "MeanSquares", "icc", "mean_squares", "reliable"]

IccKind = Literal["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"]
_ROUNDING = 1e-15  # a deviation of this size, relative to the largest value, is none
ICC_KINDS: tuple[IccKind, ...] = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")


@dataclass(frozen=True)
class MeanSquares:
    """Two-way analysis of variance of each feature: cases, readers, what is left, and all that is within cases.

    Parameters
    ----------
    cases, readers, error, within : ndarray of shape (n_features,)
        MSR, MSC, MSE and MSW of McGraw and Wong; NaN for a feature that is undefined somewhere or constant.
    n_cases, n_readers : int
    """

    cases: FloatArray
    readers: FloatArray
    error: FloatArray
    within: FloatArray
    n_cases: int
    n_readers: int


@dataclass(frozen=True)
class Agreement:
    """Intraclass correlation of each feature.

    Parameters
    ----------
    kind : str
        As for :func:`icc`.
    confidence : float
        Of the interval.
    estimate, lower, upper : ndarray of shape (n_features,)
        NaN for a feature that is undefined in some case of some reader, or one and the same everywhere.
    f, p : ndarray of shape (n_features,)
        F statistic of the hypothesis that the correlation is zero, and its p-value (one-sided, as usual for F).
    """

    kind: IccKind
    confidence: float
    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    f: FloatArray
    p: FloatArray


def icc(ratings: ArrayLike, kind: IccKind = "ICC2", *, confidence: float = 0.95) -> Agreement:
    """Intraclass correlation of each feature between readers.

    Parameters
    ----------
    ratings : array of shape (n_readers, n_cases, n_features)
        One table per reader, with the same cases and features in the same order.
    kind : {"ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"}
        Shrout and Fleiss' six: 1, each case has readers of its own; 2, the readers are a sample of all readers
        (absolute agreement); 3, these readers only (consistency). With ``k``: of the readers' mean.
    confidence : float
        Level of the interval, above 0 and below 1.

    Raises
    ------
    InputError
        With fewer than two readers or two cases, or an unknown kind.

    Notes
    -----
    Shrout, Fleiss 1979, doi:10.1037/0033-2909.86.2.420; McGraw, Wong 1996, doi:10.1037/1082-989X.1.1.30. The limits of
    ICC2k are those of ICC2 stepped up by Spearman and Brown, as in the R package psych. Readers who agree exactly have
    a correlation and limits of 1, an infinite F and a p of 0.
    """
    if kind not in ICC_KINDS:
        raise InputError(f"the intraclass correlation must be one of {', '.join(ICC_KINDS)}", repr(kind))
    if not 0.0 < confidence < 1.0:
        raise InputError("confidence must be between 0 and 1", f"confidence={confidence}")
    squares = mean_squares(ratings)
    with np.errstate(divide="ignore", invalid="ignore"):
        single = _single(squares, kind, (1.0 + confidence) / 2.0)
        f, p = _test(squares, kind)
    values = single
    if kind.endswith("k"):
        values = _Interval(*(_stepped_up(part, squares.n_readers) for part in single))
    return Agreement(kind, confidence, *(frozen(part) for part in (*values, f, p)))


def reliable(
    agreement: Agreement, threshold: float = 0.75, *, by: Literal["estimate", "lower"] = "estimate"
) -> BoolArray:
    """Features whose correlation, or the lower limit of it, is at least the threshold, shape (n_features,).

    What is not defined is not reliable.
    """
    if by not in ("estimate", "lower"):
        raise InputError("features are kept by 'estimate' or 'lower'", repr(by))
    if not -1.0 <= threshold <= 1.0:
        raise InputError("the threshold must be between -1 and 1", f"threshold={threshold}")
    value = agreement.estimate if by == "estimate" else agreement.lower
    return np.asarray(value >= threshold, dtype=np.bool_)


def mean_squares(ratings: ArrayLike) -> MeanSquares:
    """Mean squares of the two-way layout (cases by readers) of each feature; `ratings` as for :func:`icc`."""
    x = numbers(ratings, "ratings")
    if x.ndim != 3 or x.shape[0] < 2 or x.shape[1] < 2:
        raise InputError("agreement needs tables of at least two readers and two cases", f"shape {x.shape}")
    k, n, p = x.shape
    x = np.where(usable_columns(x.reshape(k * n, p)), x, np.nan)
    rounding = (_ROUNDING * np.abs(x).max(axis=(0, 1), initial=0.0)) ** 2
    x = x - x.mean(axis=(0, 1))
    case, reader = x.mean(axis=0), x.mean(axis=1)
    around_case = x - case
    within = (around_case**2).sum(axis=(0, 1)) / (n * (k - 1))
    error = ((around_case - reader[:, None, :]) ** 2).sum(axis=(0, 1)) / ((n - 1) * (k - 1))
    cases = k * (case**2).sum(axis=0) / (n - 1)
    readers = n * (reader**2).sum(axis=0) / (k - 1)
    cases, readers, error, within = (
        frozen(np.where(part <= rounding, 0.0, part)) for part in (cases, readers, error, within)
    )
    return MeanSquares(cases, readers, error, within, n, k)


class _Interval(NamedTuple):
    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray


def _single(s: MeanSquares, kind: IccKind, level: float) -> _Interval:
    """Correlation of single readings, in terms that stay defined when the readers agree exactly."""
    if kind.startswith("ICC2"):
        return _two_way_random(s, level)
    noise = s.within if kind.startswith("ICC1") else s.error
    freedom = _freedom(s, kind)
    high, low = _f_quantile(level, s.n_cases - 1, freedom), 1.0 / _f_quantile(level, freedom, s.n_cases - 1)
    return _Interval(*(_ratio(s.cases, factor * noise, s.n_readers) for factor in (1.0, high, low)))


def _ratio(cases: FloatArray, noise: FloatArray, k: int) -> FloatArray:
    return np.asarray((cases - noise) / (cases + (k - 1) * noise), dtype=np.float64)


def _two_way_random(s: MeanSquares, level: float) -> _Interval:
    n, k = s.n_cases, s.n_readers
    rho = (s.cases - s.error) / (s.cases + (k - 1) * s.error + k * (s.readers - s.error) / n)
    freedom = _satterthwaite(s, rho)
    high, low = _f_quantile(level, n - 1, freedom), _f_quantile(level, freedom, n - 1)
    spread = k * s.readers + (k * n - k - n) * s.error
    lower = n * (s.cases - high * s.error) / (high * spread + n * s.cases)
    upper = n * (low * s.cases - s.error) / (spread + n * (low * s.cases))
    return _Interval(rho, lower, upper)


def _satterthwaite(s: MeanSquares, rho: FloatArray) -> FloatArray:
    """Degrees of freedom of the limits of ICC2."""
    n, k = s.n_cases, s.n_readers
    a, b = k * rho * s.readers, (n * (1.0 + (k - 1) * rho) - k * rho) * s.error
    below = a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1))
    return np.asarray(np.where(below == 0.0, (n - 1.0) * (k - 1.0), (a + b) ** 2 / below), dtype=np.float64)


def _test(s: MeanSquares, kind: IccKind) -> tuple[FloatArray, FloatArray]:
    f = s.cases / (s.within if kind.startswith("ICC1") else s.error)
    return f, np.asarray(special.fdtrc(s.n_cases - 1, _freedom(s, kind), f), dtype=np.float64)


def _freedom(s: MeanSquares, kind: IccKind) -> float:
    return float((s.n_cases if kind.startswith("ICC1") else s.n_cases - 1) * (s.n_readers - 1))


def _stepped_up(rho: FloatArray, k: int) -> FloatArray:
    """Reliability of the mean of k readings (Spearman-Brown)."""
    return np.asarray(k * rho / (1.0 + (k - 1) * rho), dtype=np.float64)


def _f_quantile(level: float, above: float | FloatArray, below: float | FloatArray) -> FloatArray:
    return np.asarray(special.fdtri(above, below, level), dtype=np.float64)
