"""Neighbourhood grey tone difference (IBSI IPET): a level against the mean level of its neighbours."""

from __future__ import annotations

import numpy as np

from perirad._kernels import sum_differences
from perirad.arrays import FloatArray
from perirad.features.discretise import LevelImage

__all__ = ["NGTDM", "difference_sums", "ngtdm"]

NGTDM = ("Busyness", "Coarseness", "Complexity", "Contrast", "Strength")

_BLOCK = 4_000_000


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
    return np.asarray((differences[:, 1:] / np.arange(1, 9)).sum(axis=1), dtype=np.float64)


def ngtdm(image: LevelImage) -> FloatArray:
    """Tone difference features of one region, in the order of `NGTDM`.

    Returns
    -------
    ndarray of shape (5,)
        NaN for a region without pixels. A region in which no pixel differs from its neighbours has busyness,
        complexity, contrast and strength 0 and coarseness 10⁶, PyRadiomics' stand-in for infinity. Pixels without
        a neighbour count among the level's pixels (PyRadiomics; IBSI leaves them out).
    """
    if image.n_levels == 0:
        return np.full(len(NGTDM), np.nan)
    level = np.flatnonzero(image.counts)
    i = level.astype(np.float64)
    n_pixels = float(image.n_pixels)
    p = image.counts[level] / n_pixels
    s = difference_sums(image)[level]
    busy, complexity, spread, strength = _pair_sums(i, p, s)
    weighted, total = float(p @ s), float(s.sum())
    n = len(level)
    return np.array([
        weighted / busy if busy > 0.0 else 0.0,
        1.0 / weighted if weighted > 0.0 else 1e6,
        complexity / n_pixels,
        spread / (n * (n - 1)) * total / n_pixels if n > 1 else 0.0,
        strength / total if total > 0.0 else 0.0,
    ])  # fmt: skip


def _pair_sums(i: FloatArray, p: FloatArray, s: FloatArray) -> tuple[float, float, float, float]:
    """Sum over all pairs of levels what busyness, complexity, contrast and strength need, a block of rows at a time."""
    ip, ps = i * p, p * s
    sums = np.zeros(4)
    step = max(1, _BLOCK // len(i))
    for start in range(0, len(i), step):
        rows = slice(start, start + step)
        apart = i[rows, None] - i
        both = p[rows, None] + p
        squared = apart * apart
        sums += (
            np.abs(ip[rows, None] - ip).sum(),
            (np.abs(apart) * (ps[rows, None] + ps) / both).sum(),
            p[rows] @ squared @ p,
            (both * squared).sum(),
        )
    return float(sums[0]), float(sums[1]), float(sums[2]), float(sums[3])
