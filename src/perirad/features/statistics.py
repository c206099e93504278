"""Intensity-based statistics of a region (IBSI family UHIW), keyed by IBSI code."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import FloatArray

__all__ = ["STATISTICS", "intensity_statistics"]

STATISTICS = {
    "Q4LE": "mean",
    "ECT3": "variance",
    "KE2A": "skewness",
    "IPH6": "excess kurtosis",
    "Y12H": "median",
    "1GSF": "minimum",
    "QG58": "10th percentile",
    "8DWT": "90th percentile",
    "84IY": "maximum",
    "SALO": "interquartile range",
    "2OJQ": "range",
    "4FUA": "mean absolute deviation",
    "1128": "robust mean absolute deviation",
    "N72L": "median absolute deviation",
    "7TET": "coefficient of variation",
    "9S40": "quartile coefficient of dispersion",
    "N8CA": "energy",
    "5ZWQ": "root mean square",
}
"""IBSI code and name of every statistic, in the order of the IBSI reference manual."""


def intensity_statistics(values: FloatArray) -> dict[str, float]:
    """Eighteen statistics of the intensities of one region, as IBSI defines them.

    Parameters
    ----------
    values : ndarray
        Intensities of the region's pixels or voxels, of any shape and in any order.

    Returns
    -------
    dict of str to float
        IBSI code to value, in the order of `STATISTICS`. Units are those of the intensities, squared for the variance
        and the energy; ratios have none.

    Notes
    -----
    All NaN for a region without values. A flat region has skewness and kurtosis 0, as IBSI says. The coefficient of
    variation is NaN where the mean is 0, the quartile coefficient of dispersion where the quartiles sum to 0, the
    robust deviation where no value lies between the 10th and 90th percentile (two unlike values). Moments are those
    of the population (division by the number of values), kurtosis is 0 for a normal distribution, percentiles are
    interpolated linearly between order statistics; the median absolute deviation is the mean distance from the median.

    References
    ----------
    Zwanenburg et al., Radiology 2020, doi:10.1148/radiol.2020191145; reference manual arXiv:1612.07003, section 3.3.
    """
    if values.size == 0:
        return dict.fromkeys(STATISTICS, math.nan)
    ordered = np.sort(values, axis=None).astype(np.float64)
    p10, p25, median, p75, p90 = (float(p) for p in np.percentile(ordered, (10, 25, 50, 75, 90)))
    lowest, highest = float(ordered[0]), float(ordered[-1])
    mean = lowest if lowest == highest else float(ordered.mean())
    deviation = ordered - mean
    square = deviation * deviation
    variance = float(square.mean())
    flat = variance == 0.0
    energy = float((ordered * ordered).sum())
    core = ordered[np.searchsorted(ordered, p10, side="left") : np.searchsorted(ordered, p90, side="right")]
    return {
        "Q4LE": mean,
        "ECT3": variance,
        "KE2A": 0.0 if flat else float((square * deviation).mean()) / variance**1.5,
        "IPH6": 0.0 if flat else float((square * square).mean()) / variance**2 - 3.0,
        "Y12H": median,
        "1GSF": lowest,
        "QG58": p10,
        "8DWT": p90,
        "84IY": highest,
        "SALO": p75 - p25,
        "2OJQ": highest - lowest,
        "4FUA": float(np.abs(deviation).mean()),
        "1128": float(np.abs(core - core.mean()).mean()) if core.size else math.nan,
        "N72L": float(np.abs(ordered - median).mean()),
        "7TET": _ratio(math.sqrt(variance), mean),
        "9S40": _ratio(p75 - p25, p75 + p25),
        "N8CA": energy,
        "5ZWQ": math.sqrt(energy / ordered.size),
    }


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else math.nan
