"""Formulas that run length, zone size and dependence matrices have in common: level i by size j."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, emphases

__all__ = ["SIZE_FORMULAS", "size_features"]

SIZE_FORMULAS: dict[str, Callable[[Callable[[str], FloatArray]], FloatArray]] = {
    "entropy": lambda of: of("entropy"),
    "level non-uniformity": lambda of: of("levels_squared") / of("total"),
    "level non-uniformity, normalised": lambda of: of("levels_squared") / of("total") ** 2,
    "level variance": lambda of: of("level_variance"),
    "high": lambda of: of("high"),
    "low": lambda of: of("low"),
    "large": lambda of: of("large"),
    "large high": lambda of: of("large_high"),
    "large low": lambda of: of("large_low"),
    "small": lambda of: of("small"),
    "small high": lambda of: of("small_high"),
    "small low": lambda of: of("small_low"),
    "percentage": lambda of: np.where(of("total") > 0.0, of("total") / of("pixels"), np.nan),
    "size non-uniformity": lambda of: of("sizes_squared") / of("total"),
    "size non-uniformity, normalised": lambda of: of("sizes_squared") / of("total") ** 2,
    "size variance": lambda of: of("size_variance"),
}
"""Functions of what gives a sum by its name: those of `emphases`, and ``pixels`` that the matrix was counted from."""


def size_features(cells: Cells, n_pixels: IntArray | FloatArray, kinds: Iterable[str]) -> FloatArray:
    """Features of matrices.

    Parameters
    ----------
    n_pixels : ndarray of shape (n_matrices,)
        Pixels of each matrix's region.
    kinds : iterable of str
        Of `SIZE_FORMULAS`.

    Returns
    -------
    ndarray of shape (n_matrices, n_kinds)
        A row of NaN for an empty matrix.
    """
    sums = emphases(cells) | {"pixels": np.asarray(n_pixels, dtype=np.float64)}
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([SIZE_FORMULAS[kind](sums.__getitem__) for kind in kinds], axis=1)
