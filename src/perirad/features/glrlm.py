"""Grey level runs (IBSI TP0I): pixels of one level in a row, four directions, averaged over them (BTW3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perirad._kernels import count_runs
from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.features.cells import Cells, first_cells, mean_over_directions, sparse_rows
from perirad.features.discretise import LevelImage
from perirad.features.sizes import size_features

__all__ = ["GLRLM", "GLRLM_KINDS", "all_run_cells", "glrlm", "has_lines", "run_cells"]

GLRLM_KINDS = {
    "GrayLevelNonUniformity": "level non-uniformity",
    "GrayLevelNonUniformityNormalized": "level non-uniformity, normalised",
    "GrayLevelVariance": "level variance",
    "HighGrayLevelRunEmphasis": "high",
    "LongRunEmphasis": "large",
    "LongRunHighGrayLevelEmphasis": "large high",
    "LongRunLowGrayLevelEmphasis": "large low",
    "LowGrayLevelRunEmphasis": "low",
    "RunEntropy": "entropy",
    "RunLengthNonUniformity": "size non-uniformity",
    "RunLengthNonUniformityNormalized": "size non-uniformity, normalised",
    "RunPercentage": "percentage",
    "RunVariance": "size variance",
    "ShortRunEmphasis": "small",
    "ShortRunHighGrayLevelEmphasis": "small high",
    "ShortRunLowGrayLevelEmphasis": "small low",
}
"""Which of `SIZE_FORMULAS` each feature is."""

GLRLM = tuple(GLRLM_KINDS)

N_DIRECTIONS = 4


def run_cells(image: LevelImage) -> Cells:
    """Run length counts of one region: a matrix per direction (0,1), (1,0), (1,1), (1,-1).

    As in PyRadiomics, a direction on none of whose lines two pixels of the region lie has no runs at all.
    """
    runs, first = _count(image)
    runs[~has_lines(np.flatnonzero(image.levels), image.levels.shape)] = 0
    return sparse_rows(runs, first)


def all_run_cells(image: LevelImage) -> Cells:
    """Run length counts as IBSI has them: those of single pixels in every direction."""
    return sparse_rows(*_count(image))


def _count(image: LevelImage) -> tuple[NDArray[np.uint32], IntArray]:
    first, n_cells = first_cells(image, max(image.levels.shape))
    runs = np.zeros((N_DIRECTIONS, n_cells), dtype=np.uint32)
    count_runs(image.levels, first, runs)
    return runs, first


def has_lines(places: IntArray, shape: tuple[int, int]) -> BoolArray:
    """Tell the directions in which some line of a picture of `shape` holds two pixels or more, given by flat places."""
    n_pixels = len(places)
    if n_pixels > sum(shape):
        return np.ones(N_DIRECTIONS, dtype=np.bool_)
    row, column = np.divmod(places, shape[1])
    return np.array([len(np.unique(line)) < n_pixels for line in (row, column, row - column, row + column)])


def glrlm(cells: Cells, n_pixels: IntArray) -> FloatArray:
    """Run length features of regions.

    Parameters
    ----------
    cells : Cells
        Of `run_cells`: four consecutive matrices per region.
    n_pixels : ndarray of shape (n_regions,)
        Pixels of each region.

    Returns
    -------
    ndarray of shape (n_regions, 16)
        In the order of `GLRLM`; entropy in bits. NaN when no direction has a line of two pixels (one pixel alone).
    """
    per_direction = size_features(cells, np.repeat(n_pixels, N_DIRECTIONS), GLRLM_KINDS.values())
    return mean_over_directions(per_direction, N_DIRECTIONS)
