"""Checks of the arrays that the selection steps receive."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from perirad.arrays import FloatArray
from perirad.errors import InputError

__all__ = ["matrix", "numbers", "outcome"]


def numbers(values: ArrayLike, what: str) -> FloatArray:
    """Anything array-like as float64."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"{what} must be numbers in an array", f"{type(values).__name__} with something else"
        ) from None


def matrix(X: ArrayLike) -> FloatArray:
    """Feature values as float64, shape (n_cases, n_features)."""
    values = numbers(X, "feature values")
    if values.ndim != 2:
        raise InputError("feature values must be a table of cases by features", f"shape {values.shape}")
    return values


def outcome(y: ArrayLike, n_cases: int) -> FloatArray:
    """Outcome as float64 zeros and ones, one per case, both present."""
    values = numbers(y, "the outcome")
    if values.shape != (n_cases,):
        raise InputError(f"the outcome must have one entry per case ({n_cases})", f"shape {values.shape}")
    strange = values[(values != 0.0) & (values != 1.0)]
    if strange.size:
        raise InputError("the outcome must be 0 or 1", f"{strange[0]:g}")
    if values.size == 0 or values.min() == values.max():
        found = f"only {values[0]:g}" if values.size else "no case"
        raise InputError("the outcome must hold both 0 and 1", found)
    return np.ascontiguousarray(values)
