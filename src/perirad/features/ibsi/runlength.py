"""Grey level run length matrix (IBSI TP0I): voxels of one level in a row."""

from __future__ import annotations

import numpy as np

from perirad.arrays import IntArray
from perirad.features.cells import Cells
from perirad.features.glrlm import all_run_cells
from perirad.features.ibsi.aggregation import SIZE_FEATURES, Plane, directional_groups, mean_of_defined, size_features
from perirad.features.ibsi.levels import LevelVolume, count_cells, directions, in_ibsi_order

__all__ = ["GLRLM", "run_cells", "runlength"]

GLRLM = (
    "22OV", "W4KF", "V3SW", "G3QZ", "HTZT", "GD3A", "IVPO", "3KUM", "R5YN", "OVBL", "W92Y", "IC23", "9ZK5", "8CE5",
    "SXLW", "HJ9O",
)  # fmt: skip


def runlength(region: LevelVolume, plane: Plane) -> dict[tuple[str, str], float]:
    """Run length features, by IBSI code and aggregation code; NaN for a region without voxels."""
    cells = run_cells(region, plane)
    found: dict[tuple[str, str], float] = {}
    for groups in directional_groups(region, len(directions(plane != "3D")), plane):
        values = size_features(groups.gather(cells), groups.n_voxels)
        pairs = zip(GLRLM, SIZE_FEATURES, strict=True)
        found |= {(code, groups.code): mean_of_defined(values[name]) for code, name in pairs}
    return found


def run_cells(region: LevelVolume, plane: Plane) -> Cells:
    """Counts of runs by level and length: a matrix per slice and direction (per direction in space)."""
    picture = region.picture if plane != "3D" else None
    if picture is not None:
        return in_ibsi_order(all_run_cells(picture))
    steps = directions(plane != "3D")
    parts = []
    for k, step in enumerate(steps):
        before = region.beside((-step[0], -step[1], -step[2]))
        start = np.flatnonzero(before != region.here())
        slice_of = region.slice_of[start] if plane != "3D" else np.zeros(start.size, dtype=np.int64)
        parts.append(
            (slice_of * len(steps) + k, region.here()[start], _lengths(region, region.stride(step), region.at[start]))
        )
    matrix, i, j = (np.concatenate(column) for column in zip(*parts, strict=True))
    return count_cells(matrix, i, j, len(steps) * (region.n_slices if plane != "3D" else 1))


def _lengths(region: LevelVolume, stride: int, start: IntArray) -> IntArray:
    """Length of the run that begins at each position; all runs grow at once, and the ended ones drop out."""
    length = np.ones(start.size, dtype=np.int64)
    growing = np.arange(start.size)
    levels = region.levels.reshape(-1)
    steps = 1
    while growing.size:
        growing = growing[levels[start[growing] + steps * stride] == levels[start[growing]]]
        length[growing] += 1
        steps += 1
    return length
