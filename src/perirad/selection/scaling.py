"""Z-scores with the mean and standard deviation of the training rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perirad.arrays import BoolArray, FloatArray, frozen
from perirad.errors import InputError
from perirad.selection.inputs import matrix

__all__ = ["Scaler", "fit_scaler", "usable_columns"]

_ROUNDING = 1e-12  # relative to the largest magnitude of the column


@dataclass(frozen=True)
class Scaler:
    """Mean and standard deviation (n - 1) of each column, learnt from training rows.

    Parameters
    ----------
    mean, sd : ndarray of shape (n_features,)
        `sd` is exactly zero for a column that is constant to rounding; NaN where a column has undefined values.
    """

    mean: FloatArray
    sd: FloatArray

    def transform(self, X: FloatArray) -> FloatArray:
        """Z-scores of `X`, shape (n_cases, n_features); NaN in a column without spread."""
        X = matrix(X)
        if X.shape[1] != self.mean.size:
            raise InputError(f"the table must have {self.mean.size} columns to be scaled", f"{X.shape[1]}")
        sd = np.where(self.sd == 0.0, np.nan, self.sd)
        return (X - self.mean) / sd


def fit_scaler(X: FloatArray) -> Scaler:
    """Learn mean and standard deviation (n - 1) of each column.

    Raises
    ------
    InputError
        With fewer than two rows.
    """
    X = matrix(X)
    if X.shape[0] < 2:
        raise InputError("a scaler needs at least two rows", f"{X.shape[0]}")
    with np.errstate(invalid="ignore"):
        mean, sd = X.mean(axis=0), X.std(axis=0, ddof=1)
    return Scaler(frozen(mean), frozen(np.where(_constant(X), 0.0, sd)))


def usable_columns(X: FloatArray) -> BoolArray:
    """Columns that are finite in every row and not constant to rounding, shape (n_features,).

    Constant to rounding means a range of at most 1e-12 of the largest magnitude. What is not usable should be dropped
    by the caller, with the reason recorded.
    """
    X = matrix(X)
    if X.shape[0] == 0:
        return np.zeros(X.shape[1], dtype=np.bool_)
    return np.isfinite(X).all(axis=0) & ~_constant(X)


def _constant(X: FloatArray) -> BoolArray:
    with np.errstate(invalid="ignore"):
        spread = X.max(axis=0) - X.min(axis=0)
        return np.asarray(np.isfinite(spread) & (spread <= _ROUNDING * np.abs(X).max(axis=0)), dtype=np.bool_)
