"""Grey level co-occurrence (IBSI LFYI): pairs of neighbouring pixels, four directions, averaged over them (BTW3)."""

from __future__ import annotations

import numpy as np

from perirad._kernels import count_pairs, second_eigenvalues, sum_pairs
from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, mean_over_directions, scratch
from perirad.features.discretise import LevelImage

__all__ = ["GLCM", "glcm", "maximal_correlations", "pair_cells"]

GLCM = (
    "Autocorrelation", "ClusterProminence", "ClusterShade", "ClusterTendency", "Contrast", "Correlation",
    "DifferenceAverage", "DifferenceEntropy", "DifferenceVariance", "Id", "Idm", "Idmn", "Idn", "Imc1", "Imc2",
    "InverseVariance", "JointAverage", "JointEnergy", "JointEntropy", "MCC", "MaximumProbability", "SumAverage",
    "SumEntropy", "SumSquares",
)  # fmt: skip

N_DIRECTIONS = 4
_DENSE_LEVELS = 1024
_DENSE_EIGENVALUES = 512
_N_SUMS = 22


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
    sums = np.full((cells.n_matrices, _N_SUMS), np.nan)
    matrix, i, j, n = cells.columns()
    sum_pairs(matrix, i, j, n, n_levels, scratch(i), scratch(np.maximum(i, j)), scratch(i + j), sums)
    (
        _, largest, average, difference, autocorrelation, energy, contrast, id_, idm, idmn, idn, inverse_variance,
        variance, covariance, tendency, shade, prominence, difference_variance, joint, marginal, difference_entropy,
        sum_entropy,
    ) = sums.T  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.where(variance == 0.0, 1.0, covariance / variance)
        information = np.where(marginal == 0.0, 0.0, joint - 2.0 * marginal)
        imc1 = np.where(marginal == 0.0, 0.0, information / marginal)
        imc2 = np.sqrt(-np.expm1(np.minimum(2.0 * information, 0.0)))
    mcc = maximal_correlations(Cells(matrix, i, j, n, len(sums)))
    values = [
        autocorrelation,
        prominence,
        shade,
        tendency,
        contrast,
        correlation,
        difference,
        difference_entropy,
        difference_variance,
        id_,
        idm,
        idmn,
        idn,
        imc1,
        imc2,
        inverse_variance,
        average,
        energy,
        joint,
        mcc,
        largest,
        2.0 * average,
        sum_entropy,
        variance,
    ]  # fmt: skip
    return np.where(np.isnan(average)[:, None], np.nan, np.stack(values, axis=1))


def maximal_correlations(cells: Cells) -> FloatArray:
    r"""Maximal correlation coefficient of each matrix.

    PyRadiomics takes the root of the second largest eigenvalue of :math:`Q = D^{-1} P D^{-1} P`, D the diagonal of
    the margin. For a symmetric P, Q is similar to the square of :math:`S = D^{-1/2} P D^{-1/2}`, whose eigenvalues a
    symmetric solver finds faster and to full precision; the coefficient is the second largest in absolute value.

    Parameters
    ----------
    cells : Cells
        Symmetric counts, four consecutive matrices per region.

    Returns
    -------
    ndarray of shape (n_matrices,)
        1 where all pairs of a region, in all directions, are of one level; 0 for a direction that alone has one level;
        NaN for a matrix without a cell.
    """
    matrix, i, j, n = cells.columns()
    levels = np.full((2, cells.n_matrices), np.nan)  # lowest and highest of a matrix
    start = np.flatnonzero(np.diff(matrix, prepend=-1))
    if start.size:
        levels[:, matrix[start]] = np.minimum.reduceat(i, start), np.maximum.reduceat(i, start)
    lowest, highest = levels.reshape(2, -1, N_DIRECTIONS)
    flat = np.repeat(np.fmin.reduce(lowest, axis=1) == np.fmax.reduce(highest, axis=1), N_DIRECTIONS)
    value = np.full(cells.n_matrices, np.nan)
    second_eigenvalues(matrix, i, j, n, np.zeros(int(max(i.max(initial=0), j.max(initial=0))) + 1, np.int64), value)
    for m in np.flatnonzero(np.isfinite(levels[0]) & np.isnan(value)):  # many levels
        part = slice(*np.searchsorted(matrix, (m, m + 1)))
        value[m] = _second_largest(i[part], j[part], n[part])
    return np.where(flat & np.isfinite(value), 1.0, value)


def _second_largest(i: IntArray, j: IntArray, n: FloatArray) -> float:
    present, i = np.unique(i, return_inverse=True)
    j = np.searchsorted(present, j)
    root = np.sqrt(np.bincount(i, weights=n))
    s = n / (root[i] * root[j])
    if len(present) > _DENSE_EIGENVALUES:
        return _second_largest_sparse(i, j, s, len(present))
    dense = np.zeros((len(present), len(present)))
    dense[i, j] = s
    return float(np.sort(np.abs(np.linalg.eigvalsh(dense)))[-2])


def _second_largest_sparse(i: IntArray, j: IntArray, s: FloatArray, size: int) -> float:
    from scipy.sparse import coo_array  # noqa: PLC0415  (hundreds of levels are rare, the import is not free)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.sparse.linalg import eigsh  # noqa: PLC0415

    sparse = coo_array((s, (i, j)), shape=(size, size)).tocsr()
    # Each group of levels that only neighbour one another has the eigenvalue 1 for itself. The iteration below could
    # miss such equal eigenvalues, and with one group there are none.
    n_groups, _ = connected_components(sparse, directed=False)
    if n_groups > 1:
        return 1.0
    start = np.random.default_rng(0).random(size)  # a fixed start: the same value on every run
    return float(np.sort(np.abs(eigsh(sparse, k=2, which="LM", return_eigenvectors=False, v0=start, tol=1e-8)))[0])
