"""Neighbouring grey level dependence matrix (IBSI REK0): voxels by level and number of equal neighbours."""

from __future__ import annotations

import numpy as np

from perirad.features.cells import Cells
from perirad.features.gldm import dependence_cells as planar_dependences
from perirad.features.ibsi.aggregation import SIZE_FEATURES, Plane, mean_of_defined, size_features, slice_groups
from perirad.features.ibsi.levels import LevelVolume, count_cells, neighbourhood

__all__ = ["NGLDM", "dependence", "dependence_cells"]

NGLDM = (
    "SODN", "IMOQ", "TL9H", "OAE7", "EQ3F", "JA6D", "NBZI", "9QMG", "FP8K", "5SPA", "Z87G", "OKJI", "6XV8", "1PFV",
    "DNX2", "FCBV", "CAS9",
)  # fmt: skip


def dependence(region: LevelVolume, plane: Plane) -> dict[tuple[str, str], float]:
    """Dependence features (distance 1, coarseness 0), by IBSI code and aggregation code."""
    groups = slice_groups(region, plane)
    cells = groups.gather(dependence_cells(region, plane))
    values = size_features(cells, groups.n_voxels)
    with np.errstate(invalid="ignore"):
        energy = cells.total(cells.n**2) / cells.total(cells.n) ** 2
    pairs = zip(NGLDM, (*(values[name] for name in SIZE_FEATURES), energy), strict=True)
    return {(code, groups.code): mean_of_defined(value) for code, value in pairs}


def dependence_cells(region: LevelVolume, plane: Plane) -> Cells:
    """Counts of voxels by level and dependence, 1 for a voxel unlike all its neighbours: a matrix per slice."""
    if plane != "3D" and region.picture is not None:
        return planar_dependences(region.picture)
    here = region.here()
    equal = np.ones(here.size, dtype=np.int64)
    for step in neighbourhood(plane != "3D"):
        equal += region.beside(step) == here
    if plane == "3D":
        return count_cells(np.zeros_like(here), here, equal, 1)
    return count_cells(region.slice_of, here, equal, region.n_slices)
