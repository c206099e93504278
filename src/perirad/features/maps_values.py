"""First-order features one at a time, many windows side by side, for feature maps.

The definitions are those of `perirad.features.firstorder`; tests hold them equal.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.features.cells import Cells

__all__ = ["LEVEL_FORMULAS", "VALUE_FORMULAS", "level_feature", "value_feature"]


class _Values:
    """Grey values of windows, a row each, NaN outside the region; sums are computed when first asked for."""

    def __init__(self, values: FloatArray, pixel_area_mm2: float) -> None:
        self.values = values
        self.pixel_area_mm2 = pixel_area_mm2

    @cached_property
    def inside(self) -> BoolArray:
        return np.asarray(np.logical_not(np.isnan(self.values)), dtype=np.bool_)

    @cached_property
    def n(self) -> FloatArray:
        return np.asarray(np.count_nonzero(self.inside, axis=1), dtype=np.float64)

    @cached_property
    def mean(self) -> FloatArray:
        return self.average(self.values)

    @cached_property
    def deviation(self) -> FloatArray:
        return self.values - self.mean[:, None]

    @cached_property
    def energy(self) -> FloatArray:
        return self.total(self.values * self.values)

    @cached_property
    def lowest(self) -> FloatArray:
        return np.asarray(np.fmin.reduce(self.values, axis=1), dtype=np.float64)

    @cached_property
    def highest(self) -> FloatArray:
        return np.asarray(np.fmax.reduce(self.values, axis=1), dtype=np.float64)

    @cached_property
    def ordered(self) -> FloatArray:
        return np.sort(np.where(self.inside, self.values, np.inf), axis=1)

    def total(self, values: FloatArray) -> FloatArray:
        """Sum over the region's pixels of each window."""
        return np.asarray(np.where(self.inside, values, 0.0).sum(axis=1), dtype=np.float64)

    def average(self, values: FloatArray) -> FloatArray:
        """Mean over the region's pixels of each window."""
        return self.total(values) / self.n

    def percentile(self, percent: float) -> FloatArray:
        """Linear interpolation between order statistics."""
        place = percent / 100.0 * (self.n - 1.0)
        below = place.astype(np.int64)
        row = np.arange(len(below))
        low = self.ordered[row, below]
        high = self.ordered[row, np.minimum(below + 1, self.n.astype(np.int64) - 1)]
        return np.asarray(low + (high - low) * (place - below), dtype=np.float64)

    def moment_ratio(self, power: int) -> FloatArray:
        """Standardised central moment; 0 where all values are the same."""
        square = self.deviation**2
        moment = self.average(square * (square if power == 4 else self.deviation))
        return np.where(self.lowest == self.highest, 0.0, moment / self.average(square) ** (power / 2.0))


def _robust_deviation(of: _Values) -> FloatArray:
    low, high = of.percentile(10.0)[:, None], of.percentile(90.0)[:, None]
    core = (of.values >= low) & (of.values <= high)
    n = core.sum(axis=1)
    mean = np.where(core, of.values, 0.0).sum(axis=1) / n
    return np.asarray(np.where(core, np.abs(of.values - mean[:, None]), 0.0).sum(axis=1) / n, dtype=np.float64)


VALUE_FORMULAS: dict[str, Callable[[_Values], FloatArray]] = {
    "10Percentile": lambda of: of.percentile(10.0),
    "90Percentile": lambda of: of.percentile(90.0),
    "Energy": lambda of: of.energy,
    "InterquartileRange": lambda of: of.percentile(75.0) - of.percentile(25.0),
    "Kurtosis": lambda of: of.moment_ratio(4),
    "Maximum": lambda of: of.highest,
    "MeanAbsoluteDeviation": lambda of: of.average(np.abs(of.deviation)),
    "Mean": lambda of: of.mean,
    "Median": lambda of: of.percentile(50.0),
    "Minimum": lambda of: of.lowest,
    "Range": lambda of: of.highest - of.lowest,
    "RobustMeanAbsoluteDeviation": _robust_deviation,
    "RootMeanSquared": lambda of: np.sqrt(of.energy / of.n),
    "Skewness": lambda of: of.moment_ratio(3),
    "TotalEnergy": lambda of: of.energy * of.pixel_area_mm2,
    "Variance": lambda of: of.average(of.deviation**2),
}


def value_feature(name: str, values: FloatArray, pixel_area_mm2: float) -> FloatArray:
    """One statistic of the grey values of many windows.

    Parameters
    ----------
    name : str
        Of `VALUE_FORMULAS`.
    values : ndarray of shape (n_windows, pixels of a window)
        NaN outside the region; a window has at least one pixel.
    pixel_area_mm2 : float
        For total energy.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return VALUE_FORMULAS[name](_Values(values, pixel_area_mm2))


LEVEL_FORMULAS: dict[str, Callable[[Cells, FloatArray], FloatArray]] = {
    "Entropy": lambda cells, p: -cells.total(p * np.log2(p)),
    "Uniformity": lambda cells, p: cells.total(p * p),
}


def level_feature(name: str, tones: Cells) -> FloatArray:
    """Entropy (bits) or uniformity of the grey levels of many windows, from the cells of `window_tones`."""
    pixels = tones.j.astype(np.float64)
    return LEVEL_FORMULAS[name](tones, pixels / tones.total(pixels)[tones.matrix])
