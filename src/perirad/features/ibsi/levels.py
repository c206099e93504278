"""A region in grey levels, its neighbours, and counts of them by slice and direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.features.cells import Cells
from perirad.features.discretise import MAX_LEVELS, LevelImage

__all__ = [
    "Direction", "LevelVolume", "count_cells", "directions", "in_ibsi_order", "level_volume", "merged", "neighbourhood",
]  # fmt: skip

Direction = tuple[int, int, int]

_DENSE = 100_000
"""Matrices of so many cells in all, and of more where there is more to count, are counted without sorting."""

_OF_KERNELS = (0, 3, 1, 2)
"""Which of the kernels' directions each of `directions` is, in the plane."""


@dataclass(frozen=True)
class LevelVolume:
    """A region in grey levels.

    Parameters
    ----------
    levels : ndarray of int64, shape (slices, rows, columns)
        Level from 1, 0 outside; every outermost slice, row and column is outside.
    at : ndarray of shape (n_voxels,)
        Flat positions of the region's voxels, ascending.
    slice_of : ndarray of shape (n_voxels,)
        Number of each voxel's slice, from 0; slices without a voxel have no number.
    n_slices, n_levels : int
        Slices with a voxel; highest level.
    """

    levels: IntArray
    at: IntArray
    slice_of: IntArray
    n_slices: int
    n_levels: int

    def here(self) -> IntArray:
        """Level of each voxel."""
        return self.levels.reshape(-1)[self.at]

    def beside(self, step: Direction) -> IntArray:
        """Level of the voxel one step away from each voxel, 0 outside the region."""
        return self.levels.reshape(-1)[self.at + self.stride(step)]

    def stride(self, step: Direction) -> int:
        """Length of a step in flat positions."""
        _, rows, columns = (int(side) for side in self.levels.shape)
        return (step[0] * rows + step[1]) * columns + step[2]

    @cached_property
    def picture(self) -> LevelImage | None:
        """The region as a picture, where it is one slice and has few enough levels."""
        if self.n_slices != 1 or len(self.levels) != 3 or self.n_levels > MAX_LEVELS:
            return None
        counts = np.bincount(self.here(), minlength=1)
        return LevelImage(self.levels[1].astype(np.uint16), counts)

    def voxels_per_slice(self) -> IntArray:
        """Shape (n_slices,)."""
        return np.bincount(self.slice_of, minlength=self.n_slices)


def level_volume(level: IntArray, inside: BoolArray) -> LevelVolume:
    """Put levels back in their place.

    Parameters
    ----------
    level : ndarray of shape (n_voxels,)
        From 1, in the order of ``np.flatnonzero(inside)``.
    inside : ndarray of bool, shape (slices, rows, columns)
    """
    where = np.nonzero(inside)
    shape = [int(axis.max() - axis.min()) + 3 if axis.size else 2 for axis in where]
    moved = tuple(axis - (axis.min() if axis.size else 0) + 1 for axis in where)
    levels = np.zeros(shape, dtype=np.int64)
    levels[moved] = level
    slices, slice_of = np.unique(moved[0], return_inverse=True)
    return LevelVolume(levels, np.flatnonzero(levels), slice_of, len(slices), int(level.max(initial=0)))


def directions(planar: bool) -> tuple[Direction, ...]:
    """One of every two opposite directions to the nearest neighbours: 4 in the plane, 13 in space."""
    ahead = [(d, r, c) for d in (0, 1) for r in (-1, 0, 1) for c in (-1, 0, 1) if (d, r, c) > (0, 0, 0)]
    return tuple(step for step in ahead if not planar or step[0] == 0)


def neighbourhood(planar: bool) -> tuple[Direction, ...]:
    """All nearest neighbours (Chebyshev distance 1): 8 in the plane, 26 in space."""
    half = directions(planar)
    return half + tuple((-d, -r, -c) for d, r, c in half)


def in_ibsi_order(cells: Cells) -> Cells:
    """Matrices of a picture's four directions in the order of `directions`, instead of (0,1), (1,0), (1,1), (1,-1)."""
    start = np.searchsorted(cells.matrix, np.arange(len(_OF_KERNELS) + 1))
    order = np.concatenate([np.arange(start[k], start[k + 1]) for k in _OF_KERNELS])
    number = np.repeat(np.arange(len(_OF_KERNELS)), np.diff(start)[list(_OF_KERNELS)])
    return Cells(number, cells.i[order], cells.j[order], cells.n[order], cells.n_matrices)


def count_cells(matrix: IntArray, i: IntArray, j: IntArray, n_matrices: int) -> Cells:
    """Count equal (matrix, i, j)."""
    return _summed(matrix, i, j, np.ones(len(matrix)), n_matrices)


def merged(cells: Cells, into: IntArray | Sequence[int], n_matrices: int) -> Cells:
    """Add up matrices: matrix m goes into matrix ``into[m]``."""
    return _summed(np.asarray(into, dtype=np.int64)[cells.matrix], cells.i, cells.j, cells.n, n_matrices)


def _summed(matrix: IntArray, i: IntArray, j: IntArray, n: FloatArray, n_matrices: int) -> Cells:
    side_i, side_j = int(i.max(initial=0)) + 1, int(j.max(initial=0)) + 1
    key = (matrix * side_i + i) * side_j + j
    n_keys = n_matrices * side_i * side_j
    if n_keys <= _DENSE + 4 * key.size:
        every = np.bincount(key, weights=n, minlength=n_keys)
        key = np.flatnonzero(every)
        total = every[key].astype(np.float64, copy=False)
    else:
        key, place = np.unique(key, return_inverse=True)
        total = np.bincount(place, weights=n, minlength=len(key)).astype(np.float64, copy=False)
    return Cells(key // (side_i * side_j), key // side_j % side_i, key % side_j, total, n_matrices)
