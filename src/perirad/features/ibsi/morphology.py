"""Form of a region in space (IBSI HCUG)."""

from __future__ import annotations

import math

import numpy as np
from scipy.spatial.distance import pdist

from perirad.arrays import BoolArray, FloatArray
from perirad.features.ibsi.enclosing import smallest_box, smallest_ellipsoid
from perirad.features.ibsi.mesh import Mesh, Spacing, hull_of, measure_mesh, mesh_points
from perirad.features.ibsi.spatial import autocorrelation

__all__ = ["MORPHOLOGY", "ellipsoid_area", "morphology"]

MORPHOLOGY = (
    "RNU0", "YEKZ", "C0JK", "2PR5", "SKGS", "BQWJ", "KRCK", "QCFX", "25C7", "KLMA", "L0JK", "TDIC", "P9VJ", "7J51",
    "Q3CK", "N17B", "PBX1", "R59B", "ZH1A", "IQYR", "6BDE", "RDD2", "SWZ1", "BRI8", "R3ER", "7T7F", "99N0", "N365",
    "NPT7",
)  # fmt: skip


def morphology(
    image: FloatArray, morphological: BoolArray, intensity: BoolArray, spacing_mm: Spacing
) -> dict[str, float]:
    """Morphological features, by IBSI code.

    Parameters
    ----------
    image : ndarray of shape (slices, rows, columns)
        Intensities.
    morphological, intensity : ndarray of bool, same shape
        The region's form, and the voxels whose intensities count.
    spacing_mm : tuple of float
        (slice, row, column).

    Returns
    -------
    dict of str to float
        Lengths in mm, areas in mm², volumes in mm³. All NaN for a region without voxels; the features of intensity
        are NaN for an empty intensity mask, and where they divide by nothing (see the helpers).
    """
    if not morphological.any():
        return dict.fromkeys(MORPHOLOGY, math.nan)
    box = tuple(slice(int(axis.min()), int(axis.max()) + 1) for axis in np.nonzero(morphological))
    image, morphological, intensity = image[box], morphological[box], intensity[box]
    mesh = measure_mesh(morphological, spacing_mm)
    found = _surface(mesh) | _axes(mesh, morphological, spacing_mm) | _hulls(mesh, morphological, spacing_mm)
    found["YEKZ"] = float(morphological.sum()) * math.prod(spacing_mm)
    found["KLMA"] = _centre_shift(image, morphological, intensity, spacing_mm)
    found["99N0"] = mesh.volume_mm3 * float(image[intensity].mean()) if intensity.any() else math.nan
    found["N365"], found["NPT7"] = autocorrelation(image, intensity, spacing_mm)
    return {code: found[code] for code in MORPHOLOGY}


def _surface(mesh: Mesh) -> dict[str, float]:
    """Ratios of the surface to that of a ball."""
    volume, area = mesh.volume_mm3, mesh.area_mm2
    ball = (36.0 * math.pi * volume**2) ** (1.0 / 3.0)
    return {
        "RNU0": volume,
        "C0JK": area,
        "2PR5": area / volume,
        "SKGS": volume / (math.sqrt(math.pi) * area**1.5),
        "BQWJ": (ball / area) ** 3,
        "KRCK": area / ball,
        "QCFX": ball / area,
        "25C7": area / ball - 1.0,
    }


def _axes(mesh: Mesh, morphological: BoolArray, spacing_mm: Spacing) -> dict[str, float]:
    """Principal axes of the voxel centres, and the ellipsoid they span.

    The covariance is divided by the number of voxels less one, as the IBSI values have it. NaN for one voxel;
    ratios are NaN where they would be to an axis without length.
    """
    points = np.argwhere(morphological) * np.array(spacing_mm)
    if len(points) < 2:
        return dict.fromkeys(("TDIC", "P9VJ", "7J51", "Q3CK", "N17B", "6BDE", "RDD2"), math.nan)
    variance = np.clip(np.linalg.eigvalsh(np.cov(points.T))[::-1], 0.0, None)
    a, b, c = (2.0 * math.sqrt(value) for value in variance)
    return {
        "TDIC": 2.0 * a,
        "P9VJ": 2.0 * b,
        "7J51": 2.0 * c,
        "Q3CK": b / a if a > 0.0 else math.nan,
        "N17B": c / a if a > 0.0 else math.nan,
        "6BDE": mesh.volume_mm3 / (4.0 / 3.0 * math.pi * a * b * c) if c > 0.0 else math.nan,
        "RDD2": mesh.area_mm2 / ellipsoid_area(a, b, c) if c > 0.0 else math.nan,
    }


def ellipsoid_area(a: float, b: float, c: float) -> float:
    r"""Surface of an ellipsoid with semi-axes a ≥ b ≥ c > 0, as IBSI's series to the 20th Legendre polynomial has it.

    :math:`4 \pi a b \sum_\nu (\alpha\beta)^\nu / (1 - 4\nu^2) \, P_\nu((\alpha^2 + \beta^2) / (2\alpha\beta))`, with
    the eccentricities α, β. The product of power and polynomial is computed by Legendre's recursion at once, so that
    a ball needs no division by zero. With these two eccentricities, both relative to the longest axis, the series is
    not the true surface of an ellipsoid unless it is a ball (4 % off for the digital phantom); the reference values
    follow the series, and so do we.
    """
    alpha2, beta2 = 1.0 - (b / a) ** 2, 1.0 - (c / a) ** 2
    x, product2 = (alpha2 + beta2) / 2.0, alpha2 * beta2
    before, term, total = 1.0, x, 1.0
    for order in range(1, 21):
        total += term / (1.0 - 4.0 * order**2)
        before, term = term, ((2 * order + 1) * x * term - order * product2 * before) / (order + 1)
    return 4.0 * math.pi * a * b * total


def _hulls(mesh: Mesh, morphological: BoolArray, spacing_mm: Spacing) -> dict[str, float]:
    """Diameter, and what encloses the surface: convex hull, boxes, ellipsoid."""
    points = mesh_points(morphological, spacing_mm)
    hull = hull_of(points)
    upright, oriented = np.ptp(points, axis=0), np.array(smallest_box(hull.corners_mm, hull.normals))
    a, b, c = smallest_ellipsoid(hull.corners_mm)
    return {
        "L0JK": float(pdist(hull.corners_mm).max()),
        "PBX1": mesh.volume_mm3 / float(upright.prod()),
        "R59B": mesh.area_mm2 / _box_area(upright),
        "ZH1A": mesh.volume_mm3 / float(oriented.prod()),
        "IQYR": mesh.area_mm2 / _box_area(oriented),
        "SWZ1": mesh.volume_mm3 / (4.0 / 3.0 * math.pi * a * b * c),
        "BRI8": mesh.area_mm2 / ellipsoid_area(a, b, c),
        "R3ER": mesh.volume_mm3 / hull.volume_mm3,
        "7T7F": mesh.area_mm2 / hull.area_mm2,
    }


def _box_area(sides: FloatArray) -> float:
    return 2.0 * float(sides @ np.roll(sides, 1))


def _centre_shift(image: FloatArray, morphological: BoolArray, intensity: BoolArray, spacing_mm: Spacing) -> float:
    """Distance between the centre of the form and that of the intensities; NaN where these sum to 0."""
    values = image[intensity]
    if values.sum() == 0.0:
        return math.nan
    form = np.argwhere(morphological).mean(axis=0)
    weight = (np.argwhere(intensity) * values[:, None]).sum(axis=0) / values.sum()
    return float(np.linalg.norm((form - weight) * spacing_mm))
