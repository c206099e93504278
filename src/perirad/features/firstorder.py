"""First-order statistics of a region's grey values (PyRadiomics family `firstorder`)."""

from __future__ import annotations

import numpy as np

from perirad.arrays import FloatArray, IntArray

__all__ = ["FIRSTORDER", "firstorder", "firstorder_of_parts"]

FIRSTORDER = (
    "10Percentile", "90Percentile", "Energy", "Entropy", "InterquartileRange", "Kurtosis", "Maximum",
    "MeanAbsoluteDeviation", "Mean", "Median", "Minimum", "Range", "RobustMeanAbsoluteDeviation",
    "RootMeanSquared", "Skewness", "TotalEnergy", "Uniformity", "Variance",
)  # fmt: skip


def firstorder(values: FloatArray, level_counts: IntArray, spacing_mm: tuple[float, float]) -> FloatArray:
    """Statistics of the grey values of one region, in the order of `FIRSTORDER`.

    Parameters
    ----------
    values : ndarray of shape (n_pixels,)
        Grey values.
    level_counts : ndarray of shape (n_levels + 1,)
        Pixels of each grey level; entropy (bits) and uniformity are those of the levels.
    spacing_mm : tuple of float
        (row, column); total energy is energy times the area of a pixel in mm².

    Returns
    -------
    ndarray of shape (18,)
        NaN for a region without pixels. Skewness and kurtosis of a flat region are 0, as in PyRadiomics. Kurtosis
        is the plain fourth moment ratio (3 for a normal distribution). Percentiles are interpolated linearly. The
        robust deviation is NaN where no pixel lies within the 10th to 90th percentile (two unlike pixels).
    """
    if values.size == 0:
        return np.full(len(FIRSTORDER), np.nan)
    values = np.sort(values)  # faster than a partial sort for five percentiles, and the core becomes a slice
    p10, p25, median, p75, p90 = (_percentile(values, percent) for percent in (10.0, 25.0, 50.0, 75.0, 90.0))
    lowest, highest = float(values[0]), float(values[-1])
    mean = float(values.mean())
    # Sums, not dot products: a threaded library adds in another order, and starts threads for nothing.
    energy = float((values * values).sum())
    deviation = values - mean
    square = deviation * deviation
    m2 = float(square.mean())
    m3 = float((square * deviation).mean())
    m4 = float((square * square).mean())
    flat = lowest == highest
    core = values[np.searchsorted(values, p10, side="left") : np.searchsorted(values, p90, side="right")]
    share = level_counts[level_counts > 0] / values.size
    return np.array([
        p10,
        p90,
        energy,
        -float(np.sum(share * np.log2(share))),
        p75 - p25,
        0.0 if flat else m4 / m2**2,
        highest,
        float(np.abs(deviation).mean()),
        mean,
        median,
        lowest,
        highest - lowest,
        float(np.abs(core - core.mean()).mean()) if core.size else np.nan,
        float(np.sqrt(energy / values.size)),
        0.0 if flat else m3 / m2**1.5,
        energy * spacing_mm[0] * spacing_mm[1],
        float(np.sum(share * share)),
        m2,
    ])  # fmt: skip


def firstorder_of_parts(
    statistics: FloatArray, n_pixels: IntArray, entropy: FloatArray, uniformity: FloatArray, areas: FloatArray
) -> FloatArray:
    """Statistics of regions that are made of disjoint parts.

    Parameters
    ----------
    statistics : ndarray of shape (n_regions, 13)
        10th, 25th, 50th, 75th and 90th percentile, minimum, maximum, mean, second to fourth central moment, mean and
        robust mean absolute deviation.
    n_pixels, entropy, uniformity : ndarray of shape (n_regions,)
        Pixels; entropy (bits) and uniformity of the grey levels.
    areas : ndarray of shape (n_regions,)
        Area of a pixel in mm².

    Returns
    -------
    ndarray of shape (n_regions, 18)
        As `firstorder`, but for the rounding of the sums.
    """
    p10, p25, median, p75, p90, lowest, highest, mean, m2, m3, m4, absolute, robust = statistics.T
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_square = m2 + mean * mean
        skewness = np.where(lowest == highest, 0.0, m3 / m2**1.5)
        kurtosis = np.where(lowest == highest, 0.0, m4 / m2**2)
    energy = mean_square * n_pixels
    return np.stack([
        p10, p90, energy, entropy, p75 - p25, kurtosis, highest, absolute, mean, median, lowest, highest - lowest,
        robust, np.sqrt(mean_square), skewness, energy * areas, uniformity, m2,
    ], axis=1)  # fmt: skip


def _percentile(ordered: FloatArray, percent: float) -> float:
    """Linear interpolation between order statistics, as `numpy.percentile` does."""
    place = percent / 100.0 * (ordered.size - 1)
    below = int(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)])
    return low + (high - low) * (place - below)
