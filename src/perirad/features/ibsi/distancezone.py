"""Grey level distance zone matrix (IBSI VMDZ): zones by level and distance to the region's border."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from perirad.arrays import BoolArray, IntArray
from perirad.features.cells import Cells
from perirad.features.ibsi.aggregation import SIZE_FEATURES, Plane, mean_of_defined, size_features, slice_groups
from perirad.features.ibsi.levels import LevelVolume, count_cells
from perirad.features.ibsi.zones import Zones

__all__ = ["GLDZM", "border_distance", "distance_cells", "distancezone"]

GLDZM = (
    "0GBI", "MB4I", "S1RA", "K26C", "RUVG", "DKNJ", "A7WM", "KLTH", "VFT7", "7HP3", "V294", "IATH", "VIWW", "QK93",
    "7WT1", "GBDU",
)  # fmt: skip


def distancezone(region: LevelVolume, zones: Zones, distance: IntArray, plane: Plane) -> dict[tuple[str, str], float]:
    """Distance zone features, by IBSI code and aggregation code.

    Parameters
    ----------
    region : LevelVolume
    zones : Zones
        In the plane or in space, as `plane` says.
    distance : ndarray of shape (n_voxels,)
        Of `border_distance`, at the region's voxels.
    plane : {"2D", "2.5D", "3D"}
    """
    groups = slice_groups(region, plane)
    values = size_features(groups.gather(distance_cells(region, zones, distance, plane)), groups.n_voxels)
    pairs = zip(GLDZM, SIZE_FEATURES, strict=True)
    return {(code, groups.code): mean_of_defined(values[name]) for code, name in pairs}


def border_distance(morphological: BoolArray, planar: bool) -> IntArray:
    """Steps from each voxel to the nearest voxel outside the region's form, 1 at the border, 0 outside.

    Steps lead to voxels that share a side: 4 in the plane, 6 in space. Beyond the image everything is outside. Holes
    that re-segmentation tore are no border (hence the morphological mask).
    """
    padded = np.pad(morphological, 1)
    if not planar:
        steps = ndimage.distance_transform_cdt(padded, metric="taxicab")
    else:
        steps = np.stack([ndimage.distance_transform_cdt(part, metric="taxicab") for part in padded])
    return np.asarray(steps[1:-1, 1:-1, 1:-1], dtype=np.int64)


def distance_cells(region: LevelVolume, zones: Zones, distance: IntArray, plane: Plane) -> Cells:
    """Counts of zones by level and the smallest distance among their voxels: a matrix per slice (one in space)."""
    nearest = np.full(zones.level.size, np.iinfo(np.int64).max)
    np.minimum.at(nearest, zones.zone_of, distance)
    if plane == "3D":
        return count_cells(np.zeros_like(zones.level), zones.level, nearest, 1)
    return count_cells(zones.slice_of, zones.level, nearest, region.n_slices)
