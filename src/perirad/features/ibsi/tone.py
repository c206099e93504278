"""Neighbourhood grey tone difference matrix (IBSI IPET): how far voxels are from the mean of their neighbours."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import FloatArray
from perirad.features.ibsi.aggregation import Plane, mean_of_defined, slice_groups
from perirad.features.ibsi.levels import LevelVolume, neighbourhood

__all__ = ["NGTDM", "tone", "tone_features", "tone_matrices"]

_BLOCK = 1_000_000  # pairs of levels at a time, to spare memory

NGTDM = ("QCDE", "65HE", "NQ30", "HDEZ", "1X9X")


def tone(region: LevelVolume, plane: Plane) -> dict[tuple[str, str], float]:
    """Tone difference features, by IBSI code and aggregation code."""
    groups = slice_groups(region, plane)
    matrices = tone_matrices(region, plane)
    into = np.zeros((len(groups.n_voxels), *matrices.shape[1:]))
    np.add.at(into, groups.into, matrices)
    values = np.array([tone_features(n, s) for n, s in into]).reshape(-1, len(NGTDM))
    return {(code, groups.code): mean_of_defined(values[:, k]) for k, code in enumerate(NGTDM)}


def tone_matrices(region: LevelVolume, plane: Plane) -> FloatArray:
    """Voxels and summed differences of each level: shape (n_slices or 1, 2, n_levels + 1).

    The neighbours are those in the region; a voxel without any is not counted.
    """
    here = region.here()
    total, count = np.zeros(here.size), np.zeros(here.size)
    for step in neighbourhood(plane != "3D"):
        there = region.beside(step)
        total += there
        count += there > 0
    valid = count > 0.0
    difference = np.abs(here[valid] - total[valid] / count[valid])
    n_matrices, side = (region.n_slices if plane != "3D" else 1), region.n_levels + 1
    key = here[valid] + side * (region.slice_of[valid] if plane != "3D" else 0)
    sums = [np.bincount(key, weights=w, minlength=n_matrices * side) for w in (np.ones_like(difference), difference)]
    return np.stack([part.reshape(n_matrices, side) for part in sums], axis=1)


def tone_features(n: FloatArray, s: FloatArray) -> FloatArray:
    """Five features of one matrix, in the order of `NGTDM`.

    Parameters
    ----------
    n, s : ndarray of shape (n_levels + 1,)
        Voxels and summed differences by level.

    Returns
    -------
    ndarray of shape (5,)
        NaN without a voxel. Where no voxel differs from its neighbours, coarseness is 10⁶ and strength 0 (IBSI); with
        one level, contrast and busyness are 0.
    """
    if not n.any():
        return np.full(len(NGTDM), math.nan)
    i = np.flatnonzero(n).astype(np.float64)
    n, s = n[n > 0.0], s[n > 0.0]
    voxels = n.sum()
    p = n / voxels
    contrast, busy, complexity, strength = _pair_sums(i, p, s)
    unlike = len(i) * (len(i) - 1)
    weighted, total = float(p @ s), float(s.sum())
    return np.array([
        1.0 / weighted if weighted > 0.0 else 1e6,
        contrast / unlike * total / voxels if unlike else 0.0,
        weighted / busy if busy > 0.0 else 0.0,
        complexity / voxels,
        strength / total if total > 0.0 else 0.0,
    ])  # fmt: skip


def _pair_sums(i: FloatArray, p: FloatArray, s: FloatArray) -> FloatArray:
    """Sum over all pairs of levels that contrast, busyness, complexity and strength need, some rows at a time."""
    sums, ps = np.zeros(4), p * s
    rows = max(1, _BLOCK // len(i))
    for start in range(0, len(i), rows):
        part = slice(start, start + rows)
        gap, both = np.abs(i[part, None] - i), p[part, None] + p
        sums += [
            p[part] @ gap**2 @ p,
            np.abs((i * p)[part, None] - i * p).sum(),
            (gap * (ps[part, None] + ps) / both).sum(),
            (both * gap**2).sum(),
        ]
    return sums
