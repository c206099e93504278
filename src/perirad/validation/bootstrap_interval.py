"""Percentile interval of any measure of frozen predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_level

__all__ = ["BootstrapInterval", "bootstrap_interval"]


@dataclass(frozen=True)
class BootstrapInterval:
    """Measures of all patients with percentile intervals and bootstrap standard errors, arrays of shape (n_measures,).

    `n_used` counts the resamples in which a measure is defined; the others are left out of interval and error.
    """

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    se: FloatArray
    n_used: IntArray


def bootstrap_interval(
    n: int,
    measure: Callable[[IntArray], Sequence[float] | FloatArray],
    resamples: Sequence[IntArray] | IntArray,
    *,
    level: float = 0.95,
) -> BootstrapInterval:
    """Interval of measures that have no formula: partial AUC, ICI, a difference of net benefits.

    Parameters
    ----------
    n : int
        Patients.
    measure : callable (rows) -> sequence of float
        Of the predictions held fixed, among some patients (with repeats); an InputError counts as undefined.
    resamples : sequence of ndarray of int
        See `resamples.bootstrap_rows`; of whole patients where a patient has several rows.
    level : float

    Returns
    -------
    BootstrapInterval
        Quantiles of R's type 7. The uncertainty of fitting the model is not in it.
    """
    tail = (1.0 - check_level(level)) / 2.0
    estimate = np.asarray(measure(np.arange(n, dtype=np.int64)), dtype=np.float64)
    table = np.array([_measured(measure, rows, estimate.size) for rows in resamples])
    if table.size == 0:
        raise InputError("at least one measure and one resample are needed", f"{estimate.size} and {len(resamples)}")
    defined = [column[np.isfinite(column)] for column in table.T]
    limits = np.array([np.quantile(c, (tail, 1.0 - tail)) if c.size else (np.nan, np.nan) for c in defined])
    return BootstrapInterval(
        estimate=frozen(estimate),
        lower=frozen(limits[:, 0]),
        upper=frozen(limits[:, 1]),
        se=frozen(np.array([c.std(ddof=1) if c.size > 1 else np.nan for c in defined])),
        n_used=frozen(np.array([c.size for c in defined], dtype=np.int64)),
    )


def _measured(
    measure: Callable[[IntArray], Sequence[float] | FloatArray], rows: IntArray, n_measures: int
) -> FloatArray:
    try:
        return np.asarray(measure(np.asarray(rows, dtype=np.int64)), dtype=np.float64)
    except InputError:
        return np.full(n_measures, np.nan)
