"""Grey level co-occurrence (IBSI LFYI): pairs of neighbouring pixels, four directions, averaged over them (BTW3)."""

from __future__ import annotations

import numpy as np

from perirad._kernels import count_pairs
from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, mean_over_directions
from perirad.features.discretise import LevelImage

__all__ = ["GLCM", "glcm", "pair_cells"]

GLCM = (
    "Autocorrelation", "ClusterProminence", "ClusterShade", "ClusterTendency", "Contrast", "Correlation",
    "DifferenceAverage", "DifferenceEntropy", "DifferenceVariance", "Id", "Idm", "Idmn", "Idn", "Imc1", "Imc2",
    "InverseVariance", "JointAverage", "JointEnergy", "JointEntropy", "MCC", "MaximumProbability", "SumAverage",
    "SumEntropy", "SumSquares",
)  # fmt: skip

N_DIRECTIONS = 4
_DENSE_LEVELS = 1024
_DENSE_EIGENVALUES = 512


def pair_cells(image: LevelImage) -> Cells:
    """Symmetric co-occurrence counts of one region: a matrix per direction (0,1), (1,0), (1,1), (1,-1).

    Parameters
    ----------
    image : LevelImage
        With more than 1024 levels the pairs are sorted instead of counted in a table, to spare memory.
    """
    if image.n_levels > _DENSE_LEVELS:
        return _sorted_pairs(image)
    side = image.n_levels + 1
    pairs = np.zeros((N_DIRECTIONS, side, side), dtype=np.uint32)
    count_pairs(image.levels, pairs)
    inner = pairs[:, 1:, 1:]
    both = inner + inner.transpose(0, 2, 1)
    matrix, i, j = np.nonzero(both)
    return Cells(matrix, i + 1, j + 1, both[matrix, i, j].astype(np.float64), N_DIRECTIONS)


def _sorted_pairs(image: LevelImage) -> Cells:
    grey = image.levels.astype(np.int64)
    here = grey[:-1, 1:-1]
    side = image.n_levels + 1
    keys = []
    for k, there in enumerate((grey[:-1, 2:], grey[1:, 1:-1], grey[1:, 2:], grey[1:, :-2])):
        inside = (here > 0) & (there > 0)
        a, b = here[inside], there[inside]
        keys += [(k * side + a) * side + b, (k * side + b) * side + a]
    key, count = np.unique(np.concatenate(keys), return_counts=True)
    return Cells(key // (side * side), key // side % side, key % side, count.astype(np.float64), N_DIRECTIONS)


def glcm(cells: Cells, n_levels: IntArray) -> FloatArray:
    """Co-occurrence features of regions.

    Parameters
    ----------
    cells : Cells
        Of `pair_cells`: four consecutive matrices per region.
    n_levels : ndarray of shape (n_regions,)
        Highest level present; it normalises Idn and Idmn.

    Returns
    -------
    ndarray of shape (n_regions, 24)
        In the order of `GLCM`; entropies in bits. Mean over the directions in which the region has a pair of
        neighbours; NaN when it has none. A direction with a single level gives correlation and MCC 1, Imc1 and
        Imc2 0, as in PyRadiomics.
    """
    per_direction = _features(cells, np.repeat(n_levels, N_DIRECTIONS).astype(np.float64))
    return mean_over_directions(per_direction, N_DIRECTIONS)


def _features(cells: Cells, n_levels: FloatArray) -> FloatArray:
    m = cells.matrix
    pairs = cells.total(cells.n)
    p = cells.n / pairs[m]
    i, j = cells.i.astype(np.float64), cells.j.astype(np.float64)
    k = np.abs(cells.i - cells.j)
    k1 = k.astype(np.float64)
    k2 = k1 * k1
    average = cells.total(p * i)
    from_i, from_j = i - average[m], j - average[m]
    variance = cells.total(p * from_i**2)
    tendency = from_i + from_j
    squared_tendency = tendency**2
    joint = cells.total(-p * np.log2(p))
    margin = cells.margin(cells.i, p)
    marginal = _entropies(margin)
    difference = cells.total(p * k1)
    levels = n_levels[m]
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.where(variance > 0.0, cells.total(p * from_i * from_j) / variance, 1.0)
        information = np.where(marginal > 0.0, joint - 2.0 * marginal, 0.0)
        imc1 = np.where(marginal > 0.0, information / marginal, 0.0)
        inverse_variance = cells.total(np.where(k > 0, p / k2, 0.0))
    values = [
        cells.total(p * i * j),
        cells.total(p * squared_tendency**2),
        cells.total(p * squared_tendency * tendency),
        cells.total(p * squared_tendency),
        cells.total(p * k2),
        correlation,
        difference,
        _entropies(cells.margin(k, p)),
        cells.total(p * (k1 - difference[m]) ** 2),
        cells.total(p / (1.0 + k1)),
        cells.total(p / (1.0 + k2)),
        cells.total(p / (1.0 + k2 / levels**2)),
        cells.total(p / (1.0 + k1 / levels)),
        imc1,
        np.sqrt(-np.expm1(np.minimum(2.0 * information, 0.0))),
        inverse_variance,
        average,
        cells.total(p * p),
        joint,
        _maximal_correlations(cells, p, margin),
        _largest(cells, p),
        2.0 * average,
        _entropies(cells.margin(cells.i + cells.j, p)),
        variance,
    ]  # fmt: skip
    return np.where(pairs[:, None] > 0.0, np.stack(values, axis=1), np.nan)


def _entropies(p: FloatArray) -> FloatArray:
    """Entropy of each row, in bits; 0 log 0 is 0."""
    return np.asarray(-(p * np.log2(np.where(p > 0.0, p, 1.0))).sum(axis=1), dtype=np.float64)


def _largest(cells: Cells, p: FloatArray) -> FloatArray:
    largest = np.zeros(cells.n_matrices)
    if p.size:
        start = np.flatnonzero(np.diff(cells.matrix, prepend=-1))
        largest[cells.matrix[start]] = np.maximum.reduceat(p, start)
    return largest


def _maximal_correlations(cells: Cells, p: FloatArray, margin: FloatArray) -> FloatArray:
    r"""Maximal correlation coefficient of each matrix.

    PyRadiomics takes the root of the second largest eigenvalue of :math:`Q = D^{-1} P D^{-1} P`, D the diagonal of
    the margin. For a symmetric P, Q is similar to the square of :math:`S = D^{-1/2} P D^{-1/2}`, whose eigenvalues a
    symmetric solver finds faster and to full precision; the coefficient is the second largest in absolute value.
    """
    root = np.sqrt(margin)
    s = p / (root[cells.matrix, cells.i] * root[cells.matrix, cells.j])
    value = np.ones(cells.n_matrices)
    bounds = np.searchsorted(cells.matrix, np.arange(cells.n_matrices + 1))
    for first in range(0, cells.n_matrices, N_DIRECTIONS):
        part = slice(int(bounds[first]), int(bounds[first + N_DIRECTIONS]))
        if part.start == part.stop:
            continue
        present, i = np.unique(cells.i[part], return_inverse=True)
        j = np.searchsorted(present, cells.j[part])
        if len(present) == 1:
            continue
        of = slice(first, first + N_DIRECTIONS)
        value[of] = _second_largest(cells.matrix[part] - first, i, j, s[part], len(present))
    return value


def _second_largest(matrix: IntArray, i: IntArray, j: IntArray, s: FloatArray, size: int) -> FloatArray:
    if size <= _DENSE_EIGENVALUES:
        dense = np.zeros((N_DIRECTIONS, size, size))
        dense[matrix, i, j] = s
        return np.asarray(np.sort(np.abs(np.linalg.eigvalsh(dense)), axis=1)[:, -2], dtype=np.float64)
    value = np.zeros(N_DIRECTIONS)
    for k in range(N_DIRECTIONS):
        here = matrix == k
        if here.any():
            value[k] = _second_largest_sparse(i[here], j[here], s[here])
    return value


def _second_largest_sparse(i: IntArray, j: IntArray, s: FloatArray) -> float:
    from scipy.sparse import coo_array  # noqa: PLC0415  (hundreds of levels are rare, the import is not free)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.sparse.linalg import eigsh  # noqa: PLC0415

    present, i = np.unique(i, return_inverse=True)
    if len(present) < 3:
        dense = np.zeros((2, 2))
        dense[i, np.searchsorted(present, j)] = s
        return float(np.abs(np.linalg.eigvalsh(dense)).min())
    sparse = coo_array((s, (i, np.searchsorted(present, j))), shape=(len(present), len(present))).tocsr()
    # Each group of levels that only neighbour one another has the eigenvalue 1 for itself. The iteration below could
    # miss such equal eigenvalues, and with one group there are none.
    n_groups, _ = connected_components(sparse, directed=False)
    if n_groups > 1:
        return 1.0
    start = np.random.default_rng(0).random(len(present))  # a fixed start: the same value on every run
    return float(np.sort(np.abs(eigsh(sparse, k=2, which="LM", return_eigenvectors=False, v0=start, tol=1e-8)))[0])
