"""Non-zero cells of texture matrices, many matrices side by side, and the sums that features are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray, IntArray
from perirad.features.discretise import LevelImage

__all__ = ["Cells", "emphases", "first_cells", "join", "mean_over_directions", "sparse_rows"]


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


def emphases(cells: Cells) -> dict[str, FloatArray]:
    """Sums that run length, zone size and dependence matrices have in common.

    Returns
    -------
    dict of str to ndarray of shape (n_matrices,)
        ``total``; ``small``, ``large`` (weights 1/j², j²); ``low``, ``high`` (1/i², i²); their four products;
        ``levels_squared``, ``sizes_squared`` (sums of squared margins); ``level_variance``, ``size_variance``;
        ``entropy`` in bits. All but the first and the squares are means over the matrix; NaN for an empty matrix.
    """
    total = cells.total(cells.n)
    i, j = cells.i.astype(np.float64), cells.j.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = cells.n / total[cells.matrix]
        whole = np.where(total > 0.0, 0.0, np.nan)
    i2, j2 = i * i, j * j
    p_low, p_high = p / i2, p * i2
    from_level = i - cells.total(p * i)[cells.matrix]
    from_size = j - cells.total(p * j)[cells.matrix]
    means = {
        "small": p / j2,
        "large": p * j2,
        "low": p_low,
        "high": p_high,
        "small_low": p_low / j2,
        "small_high": p_high / j2,
        "large_low": p_low * j2,
        "large_high": p_high * j2,
        "level_variance": p * from_level**2,
        "size_variance": p * from_size**2,
        "entropy": -p * np.log2(p),
    }
    sums = {name: cells.total(weights) + whole for name, weights in means.items()}
    sums["total"] = total
    sums["levels_squared"] = (cells.margin(cells.i, cells.n) ** 2).sum(axis=1) + whole
    sums["sizes_squared"] = _squared_margin(cells) + whole
    return sums


def _squared_margin(cells: Cells) -> FloatArray:
    """Sum over j of the squared column sums; sorted, because zone sizes are far apart."""
    if cells.n.size == 0:
        return np.zeros(cells.n_matrices)
    key = cells.matrix * (int(cells.j.max()) + 1) + cells.j
    order = np.argsort(key, kind="stable")
    start = np.flatnonzero(np.diff(key[order], prepend=-1))
    sums = np.add.reduceat(cells.n[order], start)
    squares = np.bincount(cells.matrix[order][start], weights=sums**2, minlength=cells.n_matrices)
    return squares.astype(np.float64, copy=False)
