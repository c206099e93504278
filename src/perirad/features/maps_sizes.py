"""Run length, zone size and dependence features one at a time, for feature maps.

The definitions are those of `perirad.features.glrlm`, `glszm` and `gldm`; tests hold them equal.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, mean_over_directions
from perirad.features.gldm import GLDM
from perirad.features.glrlm import GLRLM
from perirad.features.glszm import GLSZM

__all__ = ["size_feature"]


class _Sizes:
    """Matrices of level i and size j (run length, zone size, dependence)."""

    def __init__(self, cells: Cells, n_pixels: IntArray) -> None:
        self.cells = cells
        self.m = cells.matrix
        self.total = cells.total(cells.n)
        self.n_pixels = np.repeat(n_pixels, cells.n_matrices // len(n_pixels))

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

    def non_uniformity(self, index: IntArray) -> FloatArray:
        """Sum of squared margins over the total."""
        return np.asarray((self.cells.margin(index, self.cells.n) ** 2).sum(axis=1) / self.total, dtype=np.float64)

    def entropy(self) -> FloatArray:
        """Entropy of the cells in bits."""
        return -self.mean(np.log2(self.cells.n / self.total[self.m]))


def _power(index: IntArray, power: int) -> FloatArray:
    if power == 0:
        return np.ones(1)
    square = np.square(index.astype(np.float64))
    return square if power == 2 else 1.0 / square


_KINDS: dict[str, Callable[[_Sizes], FloatArray]] = {
    "entropy": _Sizes.entropy,
    "level non-uniformity": lambda of: of.non_uniformity(of.cells.i),
    "level non-uniformity, normalised": lambda of: of.non_uniformity(of.cells.i) / of.total,
    "level variance": lambda of: of.variance(of.cells.i),
    "high": lambda of: of.mean_power(2, 0),
    "low": lambda of: of.mean_power(-2, 0),
    "large": lambda of: of.mean_power(0, 2),
    "large high": lambda of: of.mean_power(2, 2),
    "large low": lambda of: of.mean_power(-2, 2),
    "small": lambda of: of.mean_power(0, -2),
    "small high": lambda of: of.mean_power(2, -2),
    "small low": lambda of: of.mean_power(-2, -2),
    "percentage": lambda of: np.where(of.total > 0.0, of.total / of.n_pixels, np.nan),
    "size non-uniformity": lambda of: of.non_uniformity(of.cells.j),
    "size non-uniformity, normalised": lambda of: of.non_uniformity(of.cells.j) / of.total,
    "size variance": lambda of: of.variance(of.cells.j),
}

_LEVELS = ("level non-uniformity", "level non-uniformity, normalised", "level variance")
_SIZES = ("size non-uniformity", "size non-uniformity, normalised")
_LARGE = ("large", "large high", "large low")
_SMALL = ("small", "small high", "small low")
_RUNS = (*_LEVELS, "high", *_LARGE, "low", "entropy", *_SIZES, "percentage", "size variance", *_SMALL)
_ZONES = (*_LEVELS, "high", *_LARGE, "low", *_SIZES, *_SMALL, "entropy", "percentage", "size variance")
_DEPENDENCES = ("entropy", *_SIZES, "size variance", _LEVELS[0], _LEVELS[2], "high", *_LARGE, "low", *_SMALL)

_KIND_OF: dict[str, dict[str, str]] = {
    "glrlm": dict(zip(GLRLM, _RUNS, strict=True)),
    "glszm": dict(zip(GLSZM, _ZONES, strict=True)),
    "gldm": dict(zip(GLDM, _DEPENDENCES, strict=True)),
}


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
        values = _KINDS[_KIND_OF[family][name]](_Sizes(cells, n_pixels))
    return mean_over_directions(values[:, None], cells.n_matrices // len(n_pixels))[:, 0]
