"""Non-zero cells of texture matrices, many matrices side by side, and the sums that features are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad._kernels import sum_sizes
from perirad.arrays import FloatArray, IntArray
from perirad.features.discretise import LevelImage

__all__ = ["Cells", "emphases", "first_cells", "join", "mean_over_directions", "scratch", "sparse_rows"]


@dataclass(frozen=True)
class Cells:
    """Non-zero cells of `n_matrices` matrices.

    Parameters
    ----------
    matrix, i, j : ndarray of shape (n_cells,)
        Which matrix, its row (grey level from 1) and its column (level, run length, zone size or dependence, from 1).
        Ordered by `matrix`.
    n : ndarray of shape (n_cells,)
        Count.
    n_matrices : int
        Matrices without a cell included.
    """

    matrix: IntArray
    i: IntArray
    j: IntArray
    n: FloatArray
    n_matrices: int

    def columns(self) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
        """Matrix, i, j and n as the kernels take them, each without gaps in memory."""
        matrix, i, j = (np.ascontiguousarray(index, dtype=np.int64) for index in (self.matrix, self.i, self.j))
        return matrix, i, j, np.ascontiguousarray(self.n, dtype=np.float64)

    def total(self, weights: FloatArray) -> FloatArray:
        """Sum of the weights of each matrix's cells, shape (n_matrices,)."""
        return np.bincount(self.matrix, weights=weights, minlength=self.n_matrices).astype(np.float64, copy=False)

    def margin(self, index: IntArray, weights: FloatArray) -> FloatArray:
        """Sum the weights that share an index, shape (n_matrices, largest index + 1)."""
        size = int(index.max(initial=0)) + 1
        sums = np.bincount(self.matrix * size + index, weights=weights, minlength=self.n_matrices * size)
        return sums.astype(np.float64, copy=False).reshape(self.n_matrices, size)


def join(parts: Sequence[Cells]) -> Cells:
    """Number the matrices of several parts through."""
    start = np.cumsum([0, *(part.n_matrices for part in parts)])
    return Cells(
        np.concatenate([part.matrix + at for part, at in zip(parts, start[:-1], strict=True)]),
        np.concatenate([part.i for part in parts]),
        np.concatenate([part.j for part in parts]),
        np.concatenate([part.n for part in parts]),
        int(start[-1]),
    )


def first_cells(image: LevelImage, longest: int) -> tuple[IntArray, int]:
    """Lay out a matrix whose row of level g is as long as g can have runs or zones, and one cell more.

    Memory thus grows with pixels plus levels, not with their product.

    Returns
    -------
    first : ndarray of shape (n_levels + 1,)
        Position of each row's first cell (run length or zone size 1).
    n_cells : int
    """
    length = np.minimum(image.counts, longest) + 1
    end = np.cumsum(length)
    return end - length, int(end[-1])


def sparse_rows(table: IntArray | NDArray[np.uint32], first: IntArray) -> Cells:
    """Non-zero cells of matrices laid out by `first_cells`, `table` being of shape (n_matrices, n_cells)."""
    matrix, at = np.nonzero(table)
    i = np.searchsorted(first, at, side="right") - 1
    return Cells(matrix, i, at - first[i] + 1, table[matrix, at].astype(np.float64), len(table))


def mean_over_directions(values: FloatArray, n_directions: int) -> FloatArray:
    """Mean over consecutive matrices of one region, leaving out directions without a pair or run.

    Parameters
    ----------
    values : ndarray of shape (n_regions * n_directions, n_features)
        A row of NaN where a direction is undefined.

    Returns
    -------
    ndarray of shape (n_regions, n_features)
        NaN where no direction is defined.
    """
    blocks = values.reshape(-1, n_directions, values.shape[1])
    defined = np.isfinite(blocks)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(defined, blocks, 0.0).sum(axis=1) / defined.sum(axis=1), dtype=np.float64)


_SUMS = (
    "total", "small", "large", "low", "high", "small_low", "small_high", "large_low", "large_high", "level_variance",
    "size_variance", "entropy", "levels_squared", "sizes_squared",
)  # fmt: skip


def emphases(cells: Cells) -> dict[str, FloatArray]:
    """Sums that run length, zone size and dependence matrices have in common.

    Returns
    -------
    dict of str to ndarray of shape (n_matrices,)
        ``total``; ``small``, ``large`` (weights 1/j², j²); ``low``, ``high`` (1/i², i²); their four products;
        ``level_variance``, ``size_variance``; ``entropy`` in bits; ``levels_squared``, ``sizes_squared`` (sums of
        squared margins). All but the first and the squares are means over the matrix; NaN for an empty matrix.
    """
    sums = np.full((cells.n_matrices, len(_SUMS)), np.nan)
    sums[:, 0] = 0.0
    columns = cells.columns()
    sum_sizes(*columns, scratch(columns[1]), scratch(columns[2]), sums)
    return dict(zip(_SUMS, sums.T, strict=True))


def scratch(index: IntArray) -> FloatArray:
    """Room to sum by an index: zeros of shape (largest index + 1,)."""
    return np.zeros(int(index.max(initial=0)) + 1)
