"""A picture as a volume of one slice, as PyRadiomics measures it without `force2D`: form and wavelets in space."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from perirad.features.shape2d import shape2d
from perirad.features.wavelet import COIF1_HIGH, COIF1_LOW

if TYPE_CHECKING:
    from perirad.arrays import BoolArray, FloatArray
    from perirad.features.settings import FeatureSettings

__all__ = ["SHAPE", "bands_in_space", "shape_in_space", "shape_of", "volume_sides"]

SHAPE = (
    "Elongation", "Flatness", "LeastAxisLength", "MajorAxisLength", "Maximum2DDiameterColumn", "Maximum2DDiameterRow",
    "Maximum2DDiameterSlice", "Maximum3DDiameter", "MeshVolume", "MinorAxisLength", "Sphericity", "SurfaceArea",
    "SurfaceVolumeRatio", "VoxelVolume",
)  # fmt: skip
"""PyRadiomics' family `shape`, in the order of its columns."""


def bands_in_space(planar: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Eight bands of the one slice, of the four bands in the plane.

    Parameters
    ----------
    planar : mapping of str to ndarray
        Band (letter across, letter down) to its picture.

    Returns
    -------
    dict of str to ndarray
        Band with a third letter, that across slices. The slice is repeated to fill the filter (PyRadiomics makes the
        number of slices even and continues periodically): L multiplies by √2, and H, whose taps add up to 0, leaves
        rounding errors around 1e-16 of the band. Those have no meaning, but are what published tables hold, so the
        taps are added in PyRadiomics' order.
    """
    return {
        name + letter: _through(band, taps)
        for name, band in planar.items()
        for letter, taps in (("L", COIF1_LOW), ("H", COIF1_HIGH))
    }


def _through(band: FloatArray, taps: FloatArray) -> FloatArray:
    total = np.zeros_like(band)
    for tap in taps.tolist():
        total += tap * band
    return total


def shape_of(mask: BoolArray, spacing_mm: tuple[float, float], settings: FeatureSettings) -> FloatArray:
    """Shape of a region as the settings have it: in the plane, or as one slice in space."""
    if settings.slice_mm is None:
        return shape2d(mask, spacing_mm)
    return shape_in_space(mask, spacing_mm, settings.slice_mm)


def volume_sides(spacing_mm: tuple[float, float], settings: FeatureSettings) -> tuple[float, float]:
    """Pixel sides whose product is the volume of a voxel, or the area of a pixel: what the total energy grows with."""
    down, across = spacing_mm
    return (down, across) if settings.slice_mm is None else (down * settings.slice_mm, across)


def shape_in_space(mask: BoolArray, spacing_mm: tuple[float, float], slice_mm: float) -> FloatArray:
    """Shape of one slice, in the order of `SHAPE`.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
        The region.
    spacing_mm : tuple of float
        (row, column).
    slice_mm : float
        Thickness of the slice.

    Returns
    -------
    ndarray of shape (14,)
        Lengths in mm, areas in mm², volumes in mm³. The surface runs halfway to the voxels around (marching cubes). The
        least axis of a slice is 0, and so is its flatness. NaN for a region without pixels; elongation and flatness
        of a single pixel are NaN.
    """
    from perirad.features.ibsi.mesh import measure_mesh  # noqa: PLC0415  (what it needs takes long to import)

    n_pixels = int(np.count_nonzero(mask))
    if n_pixels == 0:
        return np.full(len(SHAPE), np.nan)
    in_plane = shape2d(mask, spacing_mm)
    mask = np.pad(mask, 1)
    down, across = spacing_mm
    mesh = measure_mesh(mask[None], (slice_mm, down, across))
    volume, area = mesh.volume_mm3, mesh.area_mm2
    flat = dict(zip(("Elongation", "MajorAxisLength", "MinorAxisLength"), in_plane[[0, 1, 4]], strict=True))
    in_slice, in_space = _diameters(mask, spacing_mm, slice_mm)
    found = {
        **flat,
        "Flatness": 0.0 if flat["MajorAxisLength"] > 0.0 else math.nan,
        "LeastAxisLength": 0.0,
        "Maximum2DDiameterColumn": _along_rows(mask, across, slice_mm),
        "Maximum2DDiameterRow": _along_rows(mask.T, down, slice_mm),
        "Maximum2DDiameterSlice": in_slice,
        "Maximum3DDiameter": in_space,
        "MeshVolume": volume,
        "Sphericity": (36.0 * math.pi * volume * volume) ** (1.0 / 3.0) / area,
        "SurfaceArea": area,
        "SurfaceVolumeRatio": area / volume,
        "VoxelVolume": n_pixels * down * across * slice_mm,
    }
    return np.array([found[name] for name in SHAPE])


def _diameters(mask: BoolArray, spacing_mm: tuple[float, float], slice_mm: float) -> tuple[float, float]:
    """Largest distance of two corners of the surface: in one plane of the slice, and in space.

    Corners are halfway to the neighbours: beside outer pixels in the middle of the slice, and above and below every
    pixel. Of a row of them only the ends count.
    """
    sides, caps = _ends(mask, 0.5) * spacing_mm, _ends(mask, 0.0) * spacing_mm
    beside, above = _widest(sides, sides), _widest(caps, caps)
    lifted = max(above + slice_mm**2, _widest(sides, caps) + slice_mm**2 / 4.0)
    return math.sqrt(max(beside, above)), math.sqrt(max(beside, lifted))


def _ends(mask: BoolArray, beyond: float) -> FloatArray:
    """First and last corner of each row and, halfway to the next, of the rows between; (row, column) in pixels."""
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1) - beyond
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1) + beyond
    points = [np.stack([rows, first], axis=1), np.stack([rows, last], axis=1)]
    if beyond > 0.0:
        steps = mask[1:] != mask[:-1]
        between = np.flatnonzero(steps.any(axis=1))
        first, last = steps[between].argmax(axis=1), mask.shape[1] - 1 - steps[between, ::-1].argmax(axis=1)
        points += [np.stack([between + 0.5, end], axis=1) for end in (first, last)]
    return np.concatenate(points).astype(np.float64)


def _widest(one: FloatArray, other: FloatArray) -> float:
    """Largest squared distance between two sets of points, a few of the first at a time."""
    rows = max(1, 2_000_000 // len(other))
    return max(float(((one[k : k + rows, None] - other) ** 2).sum(axis=2).max()) for k in range(0, len(one), rows))


def _along_rows(mask: BoolArray, across: float, slice_mm: float) -> float:
    """Largest distance of two corners of the surface that are in one row."""
    rows = mask[mask.any(axis=1)]
    reach = float((rows.shape[1] - 1 - rows[:, ::-1].argmax(axis=1) - rows.argmax(axis=1)).max())
    steps = mask[1:] != mask[:-1]
    steps = steps[steps.any(axis=1)]
    between = float((steps.shape[1] - 1 - steps[:, ::-1].argmax(axis=1) - steps.argmax(axis=1)).max())
    return max(
        (reach + 1.0) * across,
        between * across,
        math.hypot(reach * across, slice_mm),
        math.hypot((reach + 0.5) * across, slice_mm / 2.0),
    )
