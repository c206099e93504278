"""Intensity histogram (IBSI ZVCW): the distribution of grey levels."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.features.statistics import intensity_statistics

__all__ = ["HISTOGRAM", "histogram"]

_AS_STATISTICS = {
    "X6K6": "Q4LE", "CH89": "ECT3", "88K1": "KE2A", "C3I7": "IPH6", "WIFQ": "Y12H", "1PR8": "1GSF", "GPMT": "QG58",
    "OZ0C": "8DWT", "3NCY": "84IY", "WR0O": "SALO", "5Z3W": "2OJQ", "D2ZX": "4FUA", "WRZB": "1128", "4RNL": "N72L",
    "CWYJ": "7TET", "SLWD": "9S40",
}  # fmt: skip
"""Code of the histogram's feature -> code of the same statistic of intensities."""

HISTOGRAM = (*_AS_STATISTICS, "AMMC", "TLU2", "BJ5W", "12CE", "8E6O", "VQB3", "RHQZ")


def histogram(level: IntArray, n_levels: int) -> dict[str, float]:
    """Histogram features, by IBSI code.

    Parameters
    ----------
    level : ndarray of shape (n_voxels,)
        Grey levels from 1.
    n_levels : int
        Number of bins, empty ones included.

    Returns
    -------
    dict of str to float
        Of several modes, the one closest to the mean (the lower of two as close); of several equal gradients, the
        first. All NaN for a region without voxels; the gradients are NaN with a single bin.
    """
    if level.size == 0:
        return dict.fromkeys(HISTOGRAM, math.nan)
    values = intensity_statistics(level.astype(np.float64))
    count = np.bincount(level, minlength=n_levels + 1)[1:].astype(np.float64)
    p = count[count > 0.0] / level.size
    modes = np.flatnonzero(count == count.max()) + 1
    found = {code: values[twin] for code, twin in _AS_STATISTICS.items()}
    found["AMMC"] = float(modes[np.argmin(np.abs(modes - values["Q4LE"]))])
    found["TLU2"] = float(-(p * np.log2(p)).sum())
    found["BJ5W"] = float((p * p).sum())
    return found | _gradients(count)


def _gradients(count: FloatArray) -> dict[str, float]:
    """Central differences of the counts, one-sided at both ends."""
    if count.size < 2:
        return dict.fromkeys(("12CE", "8E6O", "VQB3", "RHQZ"), math.nan)
    slope = np.gradient(count)
    return {
        "12CE": float(slope.max()),
        "8E6O": float(slope.argmax()) + 1.0,
        "VQB3": float(slope.min()),
        "RHQZ": float(slope.argmin()) + 1.0,
    }
