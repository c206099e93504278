"""IBSI's ways to make one value of the matrices of slices and directions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, emphases
from perirad.features.ibsi.levels import LevelVolume, merged

__all__ = ["Groups", "Plane", "directional_groups", "mean_of_defined", "size_features", "slice_groups"]

Plane = Literal["2D", "2.5D", "3D"]


@dataclass(frozen=True)
class Groups:
    """Which matrices are added up before features are computed; features of the sums are then averaged.

    Parameters
    ----------
    code : str
        IBSI code of the aggregation.
    into : ndarray of shape (n_matrices,)
        Number of the sum that each matrix goes into.
    n_voxels : ndarray of shape (n_sums,)
        Voxels of the region that each sum saw, counted once for each of its matrices.
    """

    code: str
    into: IntArray
    n_voxels: IntArray

    def gather(self, cells: Cells) -> Cells:
        """Add up."""
        return merged(cells, self.into, len(self.n_voxels))


def directional_groups(region: LevelVolume, n_directions: int, plane: Plane) -> list[Groups]:
    """Aggregations of matrices by direction; matrix number ``slice · n_directions + direction``.

    In the plane: BTW3, SUJT (2D) or JJUI, ZW7Z (2.5D). In space, where all voxels are one slice: ITBB and IAZD.
    """
    per_slice = region.voxels_per_slice() if plane != "3D" else np.array([region.at.size])
    slice_of = np.repeat(np.arange(len(per_slice)), n_directions)
    direction_of = np.tile(np.arange(n_directions), len(per_slice))
    each, none = np.arange(len(slice_of)), np.zeros_like(slice_of)
    ways = {
        "2D": (("BTW3", each), ("SUJT", slice_of)),
        "2.5D": (("JJUI", direction_of), ("ZW7Z", none)),
        "3D": (("ITBB", each), ("IAZD", none)),
    }[plane]
    return [_groups(code, into, per_slice[slice_of]) for code, into in ways]


def slice_groups(region: LevelVolume, plane: Plane) -> Groups:
    """Aggregation of matrices without directions: 8QNN (2D), 62GR (2.5D), KOBO (3D, all voxels being one slice)."""
    if plane == "3D":
        return _groups("KOBO", np.zeros(1, dtype=np.int64), np.array([region.at.size]))
    per_slice = region.voxels_per_slice()
    each = np.arange(len(per_slice))
    return _groups("8QNN", each, per_slice) if plane == "2D" else _groups("62GR", np.zeros_like(each), per_slice)


def _groups(code: str, into: IntArray, n_voxels: IntArray) -> Groups:
    return Groups(code, into, np.bincount(into, weights=n_voxels).astype(np.int64))


def mean_of_defined(values: FloatArray) -> float:
    """Mean of the values that are defined, NaN where none is."""
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if defined.size else math.nan


SIZE_FEATURES = (
    "small", "large", "low", "high", "small_low", "small_high", "large_low", "large_high",
    "level_nonuniformity", "level_nonuniformity_normalised", "size_nonuniformity", "size_nonuniformity_normalised",
    "percentage", "level_variance", "size_variance", "entropy",
)  # fmt: skip
"""The features that run length, zone size, zone distance and dependence matrices share, in IBSI's order."""


def size_features(cells: Cells, n_voxels: IntArray) -> dict[str, FloatArray]:
    """Features of matrices of level by size, keyed as in `SIZE_FEATURES`, each of shape (n_matrices,)."""
    e = emphases(cells)
    total = e["total"]
    with np.errstate(invalid="ignore", divide="ignore"):
        more = {
            "level_nonuniformity": e["levels_squared"] / total,
            "level_nonuniformity_normalised": e["levels_squared"] / total**2,
            "size_nonuniformity": e["sizes_squared"] / total,
            "size_nonuniformity_normalised": e["sizes_squared"] / total**2,
            "percentage": np.where(total > 0.0, total / n_voxels, np.nan),
        }
    known = e | more
    return {name: known[name] for name in SIZE_FEATURES}
