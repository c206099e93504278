"""Run length, zone size and dependence features one at a time, for feature maps.

The formulas are those of `perirad.features.sizes`; of the sums they are made of, only those asked for are computed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, mean_over_directions
from perirad.features.gldm import GLDM_KINDS
from perirad.features.glrlm import GLRLM_KINDS
from perirad.features.glszm import GLSZM_KINDS
from perirad.features.sizes import SIZE_FORMULAS

__all__ = ["size_feature"]


class _Sizes:
    """Matrices of level i and size j (run length, zone size, dependence)."""

    def __init__(self, cells: Cells, n_pixels: IntArray) -> None:
        self.cells = cells
        self.m = cells.matrix
        self.total = cells.total(cells.n)
        self.n_pixels = np.repeat(n_pixels.astype(np.float64), cells.n_matrices // len(n_pixels))

    def mean(self, weights: FloatArray) -> FloatArray:
        """Mean of the weights over each matrix, shape (n_matrices,)."""
        return self.cells.total(self.cells.n * weights) / self.total

    def mean_power(self, of_level: int, of_size: int) -> FloatArray:
        """Mean of i to a power times j to a power, -2, 0 or 2 each."""
        return self.mean(_power(self.cells.i, of_level) * _power(self.cells.j, of_size))

    def variance(self, index: IntArray) -> FloatArray:
        """Variance of a row or column over each matrix."""
        x = index.astype(np.float64)
        return self.mean((x - self.mean(x)[self.m]) ** 2)

    def squared_margin(self, index: IntArray) -> FloatArray:
        """Sum of squared margins."""
        return np.asarray((self.cells.margin(index, self.cells.n) ** 2).sum(axis=1), dtype=np.float64)

    def entropy(self) -> FloatArray:
        """Entropy of the cells in bits."""
        return -self.mean(np.log2(self.cells.n / self.total[self.m]))


def _power(index: IntArray, power: int) -> FloatArray:
    if power == 0:
        return np.ones(1)
    square = np.square(index.astype(np.float64))
    return square if power == 2 else 1.0 / square


_SUMS: dict[str, Callable[[_Sizes], FloatArray]] = {
    "total": lambda of: of.total,
    "pixels": lambda of: of.n_pixels,
    "small": lambda of: of.mean_power(0, -2),
    "large": lambda of: of.mean_power(0, 2),
    "low": lambda of: of.mean_power(-2, 0),
    "high": lambda of: of.mean_power(2, 0),
    "small_low": lambda of: of.mean_power(-2, -2),
    "small_high": lambda of: of.mean_power(2, -2),
    "large_low": lambda of: of.mean_power(-2, 2),
    "large_high": lambda of: of.mean_power(2, 2),
    "level_variance": lambda of: of.variance(of.cells.i),
    "size_variance": lambda of: of.variance(of.cells.j),
    "entropy": _Sizes.entropy,
    "levels_squared": lambda of: of.squared_margin(of.cells.i),
    "sizes_squared": lambda of: of.squared_margin(of.cells.j),
}

_KINDS = {"glrlm": GLRLM_KINDS, "glszm": GLSZM_KINDS, "gldm": GLDM_KINDS}


def size_feature(family: str, name: str, cells: Cells, n_pixels: IntArray) -> FloatArray:
    """One run length, zone size or dependence feature of many regions.

    Parameters
    ----------
    family, name : str
        ``glrlm``, ``glszm`` or ``gldm`` and PyRadiomics' name of the feature.
    cells : Cells
        As for the family's own function: four consecutive matrices per region for ``glrlm``, one for the others.
    n_pixels : ndarray of shape (n_regions,)
        Pixels of each region.

    Returns
    -------
    ndarray of shape (n_regions,)
        NaN where the family's function is NaN.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        sizes = _Sizes(cells, n_pixels)
        values = SIZE_FORMULAS[_KINDS[family][name]](lambda what: _SUMS[what](sizes))
    return mean_over_directions(values[:, None], cells.n_matrices // len(n_pixels))[:, 0]
