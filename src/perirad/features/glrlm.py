"""Grey level runs (IBSI TP0I): pixels of one level in a row, four directions, averaged over them (BTW3)."""

from __future__ import annotations

import numpy as np

from perirad._kernels import count_runs
from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.features.cells import Cells, emphases, first_cells, mean_over_directions, sparse_rows
from perirad.features.discretise import LevelImage

__all__ = ["GLRLM", "glrlm", "has_lines", "run_cells"]

GLRLM = (
    "GrayLevelNonUniformity", "GrayLevelNonUniformityNormalized", "GrayLevelVariance", "HighGrayLevelRunEmphasis",
    "LongRunEmphasis", "LongRunHighGrayLevelEmphasis", "LongRunLowGrayLevelEmphasis", "LowGrayLevelRunEmphasis",
    "RunEntropy", "RunLengthNonUniformity", "RunLengthNonUniformityNormalized", "RunPercentage", "RunVariance",
    "ShortRunEmphasis", "ShortRunHighGrayLevelEmphasis", "ShortRunLowGrayLevelEmphasis",
)  # fmt: skip

N_DIRECTIONS = 4


def run_cells(image: LevelImage) -> Cells:
    """Run length counts of one region: a matrix per direction (0,1), (1,0), (1,1), (1,-1).

    As in PyRadiomics, a direction on none of whose lines two pixels of the region lie has no runs at all.
    """
    first, n_cells = first_cells(image, max(image.levels.shape))
    runs = np.zeros((N_DIRECTIONS, n_cells), dtype=np.uint32)
    count_runs(image.levels, first, runs)
    runs[~has_lines(np.flatnonzero(image.levels), image.levels.shape)] = 0
    return sparse_rows(runs, first)


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
    e = emphases(cells)
    runs = e["total"]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = [
            e["levels_squared"] / runs,
            e["levels_squared"] / runs**2,
            e["level_variance"],
            e["high"],
            e["large"],
            e["large_high"],
            e["large_low"],
            e["low"],
            e["entropy"],
            e["sizes_squared"] / runs,
            e["sizes_squared"] / runs**2,
            np.where(runs > 0.0, runs / np.repeat(n_pixels, N_DIRECTIONS), np.nan),
            e["size_variance"],
            e["small"],
            e["small_high"],
            e["small_low"],
        ]  # fmt: skip
    return mean_over_directions(np.stack(values, axis=1), N_DIRECTIONS)
