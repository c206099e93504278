"""Neighbourhood grey tone difference (IBSI IPET): a level against the mean level of its neighbours."""

from __future__ import annotations

import numpy as np

from perirad._kernels import sum_differences
from perirad.arrays import FloatArray, IntArray
from perirad.features.discretise import LevelImage

__all__ = ["NGTDM", "difference_sums", "mean_differences", "ngtdm"]

NGTDM = ("Busyness", "Coarseness", "Complexity", "Contrast", "Strength")

_BLOCK = 1_000_000


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


def ngtdm(counts: IntArray, sums: FloatArray) -> FloatArray:
    """Tone difference features of one region, in the order of `NGTDM`.

    Parameters
    ----------
    counts : ndarray of shape (n_levels + 1,)
        Pixels of each grey level.
    sums : ndarray of shape (n_levels + 1,)
        Of `difference_sums`.

    Returns
    -------
    ndarray of shape (5,)
        NaN for a region without pixels. A region in which no pixel differs from its neighbours has busyness,
        complexity, contrast and strength 0 and coarseness 10⁶, PyRadiomics' stand-in for infinity. Pixels without
        a neighbour count among the level's pixels (PyRadiomics; IBSI leaves them out).
    """
    level = np.flatnonzero(counts)
    if level.size == 0:
        return np.full(len(NGTDM), np.nan)
    i = level.astype(np.float64)
    n_pixels = float(counts.sum())
    p = counts[level] / n_pixels
    s = sums[level]
    weighted, total = float(p @ s), float(s.sum())
    n = len(level)
    busy = _absolute_differences(i * p)
    # Sums over all pairs of levels, multiplied out about a mean, so that nothing cancels.
    x = i - i.mean()
    spread = 2.0 * float(p @ (i - p @ i) ** 2)
    distance = 2.0 * float(p @ (n * x**2 + (x**2).sum()))
    return np.array([
        weighted / busy if busy > 0.0 else 0.0,
        1.0 / weighted if weighted > 0.0 else 1e6,
        _complexity(i, p, s) / n_pixels,
        spread / (n * (n - 1)) * total / n_pixels if n > 1 else 0.0,
        distance / total if total > 0.0 else 0.0,
    ])  # fmt: skip


def _absolute_differences(values: FloatArray) -> float:
    """Sum of |a - b| over all ordered pairs: in ascending order, the k-th value is added k times more than taken."""
    ordered = np.sort(values)
    return 2.0 * float(((2.0 * np.arange(len(ordered)) - len(ordered) + 1.0) * ordered).sum())


def _complexity(i: FloatArray, p: FloatArray, s: FloatArray) -> float:
    """Sum over all ordered pairs of levels, a block of rows at a time to spare memory."""
    ps = p * s
    step = max(1, _BLOCK // len(i))
    total = 0.0
    for start in range(0, len(i), step):
        rows = slice(start, start + step)
        total += float((np.abs(i[rows, None] - i) * (ps[rows, None] + ps) / (p[rows, None] + p)).sum())
    return total
