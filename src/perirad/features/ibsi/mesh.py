"""The surface that runs halfway between voxels in and out: marching cubes on a mask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.spatial import ConvexHull

from perirad.arrays import BoolArray, FloatArray, IntArray

__all__ = ["Hull", "Mesh", "cube_polygons", "hull_of", "measure_mesh", "mesh_points"]

Spacing = tuple[float, float, float]

_CORNERS = np.array([(d, r, c) for d in (0, 1) for r in (0, 1) for c in (0, 1)])
"""Corner k of a cube; bit k of its pattern says whether the corner is inside."""

_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
"""Corners around each side of the cube, all turning the same way as seen from outside."""


@dataclass(frozen=True)
class Mesh:
    """Volume and area of a closed surface.

    Parameters
    ----------
    volume_mm3, area_mm2 : float
    """

    volume_mm3: float
    area_mm2: float


@dataclass(frozen=True)
class Hull:
    """Convex hull of the surface.

    Parameters
    ----------
    volume_mm3, area_mm2 : float
    corners_mm : ndarray of shape (n_corners, 3)
    normals : ndarray of shape (n_faces, 3)
        Of the triangles it is made of.
    """

    volume_mm3: float
    area_mm2: float
    corners_mm: FloatArray
    normals: FloatArray


def measure_mesh(inside: BoolArray, spacing_mm: Spacing) -> Mesh:
    """Volume and area of the surface of a mask.

    Every 2 x 2 x 2 cube of voxel centres is looked up by its pattern; the volume is the sum of the signed tetrahedra
    between the triangles and the origin.

    Parameters
    ----------
    inside : ndarray of bool, shape (slices, rows, columns)
        Beyond the array everything is outside.
    spacing_mm : tuple of float
        (slice, row, column).
    """
    padded = np.pad(inside, 1).astype(np.int64)
    shape = [side - 1 for side in padded.shape]
    pattern = np.zeros(shape, dtype=np.int64)
    for bit, (d, r, c) in enumerate(_CORNERS):
        pattern += padded[d : d + shape[0], r : r + shape[1], c : c + shape[2]] << bit
    cut = np.nonzero((pattern > 0) & (pattern < 255))
    which = pattern[cut]
    count = np.bincount(which, minlength=256)
    first = np.stack([np.bincount(which, weights=axis, minlength=256) for axis in cut], axis=1) * spacing_mm
    area, volume, normal = _pieces(spacing_mm)
    return Mesh(float(count @ volume + (first * normal).sum() / 3.0), float(count @ area))


@cache
def _pieces(spacing_mm: Spacing) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Area, volume towards the cube's first corner and vector area of each pattern's surface."""
    area, volume, normal = np.zeros(256), np.zeros(256), np.zeros((256, 3))
    for pattern, triangles in enumerate(_surfaces()):
        a, b, c = np.moveaxis(triangles * np.array(spacing_mm), 1, 0)
        half = np.cross(b - a, c - a) / 2.0
        area[pattern] = np.linalg.norm(half, axis=1).sum()
        volume[pattern] = (a * half).sum() / 3.0
        normal[pattern] = half.sum(axis=0)
    return area, volume, normal


@cache
def _surfaces() -> tuple[FloatArray, ...]:
    """Triangles of each pattern in a cube of side 1, each array of shape (n_triangles, 3, 3).

    A polygon of five corners or more is not flat, and its triangles are a matter of choice. On a cubic grid we take
    those of the largest area, of these the ones that enclose most: with them every IBSI value is met.
    """
    surfaces = []
    for pattern in range(256):
        parts = [np.zeros((0, 3, 3))]
        for polygon in cube_polygons(pattern):
            corners = np.array([(_CORNERS[a] + _CORNERS[b]) / 2.0 for a, b in polygon])
            parts.append(max((corners[way] for way in _triangulations(len(corners))), key=_area_and_volume))
        surfaces.append(np.concatenate(parts))
    return tuple(surfaces)


def _area_and_volume(triangles: FloatArray) -> tuple[float, float]:
    """Rounded, so that what is equal on paper is equal here."""
    a, b, c = np.moveaxis(triangles, 1, 0)
    half = np.cross(b - a, c - a)
    return round(float(np.linalg.norm(half, axis=1).sum()), 9), round(float((a * half).sum()), 9)


@cache
def _triangulations(n_corners: int) -> tuple[IntArray, ...]:
    """All ways to cut a polygon into triangles, each of shape (n_corners - 2, 3)."""

    def cut(first: int, last: int) -> list[list[tuple[int, int, int]]]:
        if last - first < 2:
            return [[]]
        middle = range(first + 1, last)
        return [[*a, (first, k, last), *b] for k in middle for a in cut(first, k) for b in cut(k, last)]

    return tuple(np.array(way, dtype=np.int64) for way in cut(0, n_corners - 1))


def cube_polygons(pattern: int) -> list[list[tuple[int, int]]]:
    """Closed polygons that separate a cube's inner from its outer corners, seen counter-clockwise from outside.

    Parameters
    ----------
    pattern : int
        Bit k is set when corner k is inside.

    Returns
    -------
    list of list of (int, int)
        Each vertex is the middle of a cube's edge, named by its inner and outer corner. On a side with two inner
        corners across from each other, the two are kept apart; the neighbouring cube does the same, so that the
        surface has no gap.
    """
    follows: dict[tuple[int, int], tuple[int, int]] = {}
    for face in _FACES:
        inner = [bool(pattern >> corner & 1) for corner in face]
        for k in range(4):
            if not inner[k] or inner[k - 1]:
                continue
            last = k
            while inner[(last + 1) % 4]:
                last += 1
            follows[face[k], face[k - 1]] = (face[last % 4], face[(last + 1) % 4])
    polygons = []
    while follows:
        vertex = next(iter(follows))
        polygon = []
        while vertex in follows:
            polygon.append(vertex)
            vertex = follows.pop(vertex)
        polygons.append(polygon)
    return polygons


def mesh_points(inside: BoolArray, spacing_mm: Spacing) -> FloatArray:
    """Vertices of the surface, in mm from the centre of the first voxel, shape (n_points, 3)."""
    padded = np.pad(inside, 1)
    points = []
    for axis in range(3):
        change = np.argwhere(np.diff(padded.astype(np.int8), axis=axis)).astype(np.float64) - 1.0
        change[:, axis] += 0.5
        points.append(change)
    return np.asarray(np.concatenate(points) * spacing_mm, dtype=np.float64)


def hull_of(points_mm: FloatArray) -> Hull:
    """Convex hull of points that do not lie in a plane."""
    hull = ConvexHull(points_mm)
    return Hull(float(hull.volume), float(hull.area), points_mm[hull.vertices], hull.equations[:, :3])
