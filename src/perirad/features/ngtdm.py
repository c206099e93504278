"""Neighbourhood grey tone difference (IBSI IPET): a level against the mean level of its neighbours."""

from __future__ import annotations

import numpy as np

from perirad._kernels import sum_differences, sum_tones
from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells
from perirad.features.discretise import LevelImage

__all__ = ["NGTDM", "difference_sums", "level_tones", "mean_differences", "ngtdm", "tone_cells"]

NGTDM = ("Busyness", "Coarseness", "Complexity", "Contrast", "Strength")

_N_SUMS = 8


def difference_sums(image: LevelImage) -> FloatArray:
    """Sum, for each level, of the absolute difference to the mean of the neighbours (of eight) in the region.

    Returns
    -------
    ndarray of shape (n_levels + 1,)
        A pixel without neighbours adds 0.
    """
    columns = image.levels.shape[1]
    differences = np.zeros((image.n_levels + 1, 9), dtype=np.int64)
    sum_differences(image.levels, np.empty(columns, dtype=np.uint32), np.empty(columns, dtype=np.uint16), differences)
    return mean_differences(differences)


def mean_differences(differences: IntArray) -> FloatArray:
    """Divide sums of |k g - sum of neighbours| by their number of neighbours k (last axis, from 0), and add them up."""
    return np.asarray((differences[..., 1:] / np.arange(1, 9)).sum(axis=-1), dtype=np.float64)


def tone_cells(image: LevelImage) -> Cells:
    """Tone differences of one region, as `level_tones` gives them."""
    counts, sums = image.counts[None, 1:], difference_sums(image)[None, 1:]
    return level_tones(counts, sums, np.ones(1, dtype=np.int64))


def level_tones(counts: IntArray, sums: FloatArray, first: IntArray) -> Cells:
    """Levels present in regions, one matrix for each region.

    Parameters
    ----------
    counts, sums : ndarray of shape (n_regions, n_levels)
        Pixels of each level, and their summed differences (see `difference_sums`).
    first : ndarray of shape (n_regions,)
        The level, from 1 in the first column, that is the region's own level 1.

    Returns
    -------
    Cells
        Level i, its pixels j and, in place of a count, their summed difference n.
    """
    region, column = np.nonzero(counts)
    return Cells(region, column + 2 - first[region], counts[region, column], sums[region, column], len(counts))


def ngtdm(tones: Cells) -> FloatArray:
    """Tone difference features of regions.

    Parameters
    ----------
    tones : Cells
        Of `tone_cells` or `level_tones`: one matrix for each region.

    Returns
    -------
    ndarray of shape (n_regions, 5)
        In the order of `NGTDM`. NaN for a region without pixels. A region in which no pixel differs from its neighbours
        has busyness, complexity, contrast and strength 0 and coarseness 10⁶, PyRadiomics' stand-in for infinity. Pixels
        without a neighbour count among the level's pixels (PyRadiomics; IBSI leaves them out).
    """
    sums = np.full((tones.n_matrices, _N_SUMS), np.nan)
    sum_tones(*tones.columns(), sums)
    n, pixels, weighted, total, busy, complexity, spread, distance = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        values = [
            np.where(busy == 0.0, 0.0, weighted / busy),
            np.where(weighted == 0.0, 1e6, 1.0 / weighted),
            complexity / pixels,
            np.where(n == 1.0, 0.0, spread / (n * (n - 1.0)) * total / pixels),
            np.where(total == 0.0, 0.0, distance / total),
        ]  # fmt: skip
    return np.stack(values, axis=1)
