"""Co-occurrence features one at a time, for feature maps: of 160,000 windows only what is asked for is computed.

The definitions are those of `perirad.features.glcm`, which computes all of them; tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, mean_over_directions
from perirad.features.glcm import N_DIRECTIONS, maximal_correlations

__all__ = ["PAIR_FORMULAS", "pair_feature"]


class _Pairs:
    """Co-occurrence matrices and their common sums, each computed when first asked for.

    The matrices are symmetric, and of two mirrored cells only one is given, with the pairs of both.
    """

    def __init__(self, cells: Cells, n_levels: IntArray) -> None:
        self.cells = cells
        self.m = cells.matrix
        self._n_levels = n_levels

    @cached_property
    def pairs(self) -> FloatArray:
        return self.cells.total(self.cells.n)

    @cached_property
    def share(self) -> FloatArray:
        return self.cells.n / self.pairs[self.m]

    @cached_property
    def p(self) -> FloatArray:
        return self.share * np.where(self.cells.i == self.cells.j, 1.0, 0.5)

    @cached_property
    def i(self) -> FloatArray:
        return self.cells.i.astype(np.float64)

    @cached_property
    def j(self) -> FloatArray:
        return self.cells.j.astype(np.float64)

    @cached_property
    def k(self) -> FloatArray:
        return np.abs(self.i - self.j)

    @cached_property
    def levels(self) -> FloatArray:
        return self._n_levels.astype(np.float64)[self.m // N_DIRECTIONS]

    @cached_property
    def average(self) -> FloatArray:
        return 0.5 * self.mean(self.i + self.j)

    @cached_property
    def from_i(self) -> FloatArray:
        return self.i - self.average[self.m]

    @cached_property
    def from_j(self) -> FloatArray:
        return self.j - self.average[self.m]

    @cached_property
    def variance(self) -> FloatArray:
        return 0.5 * self.mean(self.from_i**2 + self.from_j**2)

    @cached_property
    def tendency(self) -> FloatArray:
        return self.i + self.j - (2.0 * self.average)[self.m]

    @cached_property
    def difference(self) -> FloatArray:
        return self.mean(self.k)

    @cached_property
    def margin(self) -> FloatArray:
        size = int(max(self.cells.i.max(initial=0), self.cells.j.max(initial=0))) + 1
        start = self.m * size
        sums = np.zeros(self.cells.n_matrices * size)
        for index in (self.cells.i, self.cells.j):
            sums += np.bincount(start + index, weights=self.share, minlength=len(sums))
        return 0.5 * sums.reshape(-1, size)

    @cached_property
    def joint(self) -> FloatArray:
        return -self.mean(np.log2(self.p))

    @cached_property
    def marginal(self) -> FloatArray:
        return _entropies(self.margin)

    def mean(self, weights: FloatArray) -> FloatArray:
        """Mean of the weights over each matrix's pairs, shape (n_matrices,)."""
        return self.cells.total(self.cells.n * weights) / self.pairs

    def entropy_by(self, index: IntArray) -> FloatArray:
        """Entropy, in bits, of the distribution of an index that mirrored cells share."""
        return _entropies(self.cells.margin(index, self.share))


def _entropies(p: FloatArray) -> FloatArray:
    return np.asarray(-(p * np.log2(np.where(p > 0.0, p, 1.0))).sum(axis=1), dtype=np.float64)


def _correlation(of: _Pairs) -> FloatArray:
    covariance = of.mean(of.from_i * of.from_j)
    return np.where(of.variance > 0.0, covariance / of.variance, 1.0)


def _information(of: _Pairs) -> FloatArray:
    """Joint entropy less that of independent neighbours: negative, 0 where there is a single level."""
    return np.where(of.marginal > 0.0, of.joint - 2.0 * of.marginal, 0.0)


def _imc1(of: _Pairs) -> FloatArray:
    return np.where(of.marginal > 0.0, _information(of) / of.marginal, 0.0)


def _imc2(of: _Pairs) -> FloatArray:
    return np.sqrt(-np.expm1(np.minimum(2.0 * _information(of), 0.0)))


def _inverse_variance(of: _Pairs) -> FloatArray:
    return of.mean(np.where(of.k > 0.0, 1.0 / of.k**2, 0.0))


def _largest(of: _Pairs) -> FloatArray:
    largest = np.zeros(of.cells.n_matrices)
    start = np.flatnonzero(np.diff(of.m, prepend=-1))
    if start.size:
        largest[of.m[start]] = np.maximum.reduceat(of.p, start)
    return largest


def _maximal_correlations(of: _Pairs) -> FloatArray:
    """As in `perirad.features.glcm`, of cells that each stand for two mirrored ones."""
    aside = of.cells.i != of.cells.j
    half = np.where(aside, 0.5, 1.0) * of.cells.n
    matrix = np.concatenate([of.m, of.m[aside]])
    order = np.argsort(matrix, kind="stable")
    i = np.concatenate([of.cells.i, of.cells.j[aside]])[order]
    j = np.concatenate([of.cells.j, of.cells.i[aside]])[order]
    n = np.concatenate([half, half[aside]])[order]
    return maximal_correlations(Cells(matrix[order], i, j, n, of.cells.n_matrices))


PAIR_FORMULAS: dict[str, Callable[[_Pairs], FloatArray]] = {
    "Autocorrelation": lambda of: of.mean(of.i * of.j),
    "ClusterProminence": lambda of: of.mean(np.square(of.tendency**2)),
    "ClusterShade": lambda of: of.mean(of.tendency**2 * of.tendency),
    "ClusterTendency": lambda of: of.mean(of.tendency**2),
    "Contrast": lambda of: of.mean(of.k**2),
    "Correlation": _correlation,
    "DifferenceAverage": lambda of: of.difference,
    "DifferenceEntropy": lambda of: of.entropy_by(np.abs(of.cells.i - of.cells.j)),
    "DifferenceVariance": lambda of: of.mean((of.k - of.difference[of.m]) ** 2),
    "Id": lambda of: of.mean(1.0 / (1.0 + of.k)),
    "Idm": lambda of: of.mean(1.0 / (1.0 + of.k**2)),
    "Idmn": lambda of: of.mean(1.0 / (1.0 + of.k**2 / of.levels**2)),
    "Idn": lambda of: of.mean(1.0 / (1.0 + of.k / of.levels)),
    "Imc1": _imc1,
    "Imc2": _imc2,
    "InverseVariance": _inverse_variance,
    "JointAverage": lambda of: of.average,
    "JointEnergy": lambda of: of.mean(of.p),
    "JointEntropy": lambda of: of.joint,
    "MCC": _maximal_correlations,
    "MaximumProbability": _largest,
    "SumAverage": lambda of: 2.0 * of.average,
    "SumEntropy": lambda of: of.entropy_by(of.cells.i + of.cells.j),
    "SumSquares": lambda of: of.variance,
}


def pair_feature(name: str, cells: Cells, n_levels: IntArray) -> FloatArray:
    """One co-occurrence feature of many regions.

    Parameters
    ----------
    name : str
        Of `PAIR_FORMULAS`.
    cells : Cells
        Four consecutive matrices per region, as counted by `window_pairs`: of the cells (i, j) and (j, i) there is
        one, with the pairs of both; the diagonal counts each pair once.
    n_levels : ndarray of shape (n_regions,)
        Highest level present.

    Returns
    -------
    ndarray of shape (n_regions,)
        The column of `glcm` that has this name; NaN for a region without a pair of neighbours.
    """
    of = _Pairs(cells, n_levels)
    with np.errstate(invalid="ignore", divide="ignore"):
        per_direction = np.where(of.pairs > 0.0, PAIR_FORMULAS[name](of), np.nan)
    return mean_over_directions(per_direction[:, None], N_DIRECTIONS)[:, 0]
