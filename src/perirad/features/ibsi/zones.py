"""Zones: connected voxels of one grey level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from perirad._kernels import number_zones
from perirad.arrays import IntArray
from perirad.features.discretise import LevelImage
from perirad.features.ibsi.levels import LevelVolume, directions

__all__ = ["Zones", "find_zones"]


@dataclass(frozen=True)
class Zones:
    """The zones of a region.

    Parameters
    ----------
    zone_of : ndarray of shape (n_voxels,)
        Number of each voxel's zone, from 0.
    level, size, slice_of : ndarray of shape (n_zones,)
        Grey level; number of voxels; slice of (any voxel of) each zone.
    """

    zone_of: IntArray
    level: IntArray
    size: IntArray
    slice_of: IntArray


def find_zones(region: LevelVolume, planar: bool) -> Zones:
    """Join equal neighbours: 8 in the plane, 26 in space."""
    if planar and region.picture is not None:
        return _zones_of_picture(region.picture)
    number = np.zeros(region.levels.size, dtype=np.int64)
    number[region.at] = np.arange(region.at.size)
    here = region.here()
    one, other = [], []
    for step in directions(planar):
        equal = np.flatnonzero(region.beside(step) == here)
        one.append(equal)
        other.append(number[region.at[equal] + region.stride(step)])
    a, b = np.concatenate(one), np.concatenate(other)
    graph = coo_array((np.ones(a.size, dtype=np.int8), (a, b)), shape=(region.at.size, region.at.size))
    n_zones, zone_of = connected_components(graph.tocsr(), directed=False)
    any_voxel = np.zeros(n_zones, dtype=np.int64)
    any_voxel[zone_of] = np.arange(region.at.size)
    size = np.bincount(zone_of, minlength=n_zones)
    return Zones(zone_of.astype(np.int64), here[any_voxel], size, region.slice_of[any_voxel])


def _zones_of_picture(picture: LevelImage) -> Zones:
    n_pixels = picture.n_pixels
    labels = np.empty(picture.levels.shape, dtype=np.int32)
    parent, size = np.empty((2, n_pixels), dtype=np.int32)
    level_of = np.empty(n_pixels, dtype=np.uint16)
    n_zones = number_zones(picture.levels, labels, parent, size, level_of)
    zone_of = labels[picture.levels > 0].astype(np.int64)
    of_slice = np.zeros(n_zones, dtype=np.int64)
    return Zones(zone_of, level_of[:n_zones].astype(np.int64), size[:n_zones].astype(np.int64), of_slice)
