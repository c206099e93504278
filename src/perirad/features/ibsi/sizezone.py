"""Grey level size zone matrix (IBSI 9SAK): zones by level and number of voxels."""

from __future__ import annotations

import numpy as np

from perirad.features.cells import Cells
from perirad.features.ibsi.aggregation import SIZE_FEATURES, Plane, mean_of_defined, size_features, slice_groups
from perirad.features.ibsi.levels import LevelVolume, count_cells
from perirad.features.ibsi.zones import Zones

__all__ = ["GLSZM", "sizezone", "zone_cells"]

GLSZM = (
    "5QRC", "48P8", "XMSY", "5GN9", "5RAI", "HW1V", "YH51", "J17V", "JNSA", "Y1RO", "4JP3", "VB3A", "P30P", "BYLV",
    "3NSA", "GU8N",
)  # fmt: skip


def sizezone(region: LevelVolume, zones: Zones, plane: Plane) -> dict[tuple[str, str], float]:
    """Size zone features, by IBSI code and aggregation code; NaN for a region without voxels."""
    groups = slice_groups(region, plane)
    values = size_features(groups.gather(zone_cells(region, zones, plane)), groups.n_voxels)
    pairs = zip(GLSZM, SIZE_FEATURES, strict=True)
    return {(code, groups.code): mean_of_defined(values[name]) for code, name in pairs}


def zone_cells(region: LevelVolume, zones: Zones, plane: Plane) -> Cells:
    """Counts of zones by level and size: a matrix per slice (one in space)."""
    if plane == "3D":
        return count_cells(np.zeros_like(zones.level), zones.level, zones.size, 1)
    return count_cells(zones.slice_of, zones.level, zones.size, region.n_slices)
