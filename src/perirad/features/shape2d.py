"""Size and shape of a region in the plane (PyRadiomics family `shape2D`)."""

from __future__ import annotations

import math

import numpy as np

from perirad._kernels import trace_outline, widest_squared
from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.features.parts import bounds_of

__all__ = ["SHAPE2D", "shape2d"]

SHAPE2D = (
    "Elongation", "MajorAxisLength", "MaximumDiameter", "MeshSurface", "MinorAxisLength", "Perimeter",
    "PerimeterSurfaceRatio", "PixelSurface", "Sphericity",
)  # fmt: skip

# By corner pattern of the marching square (upper left 1, upper right 2, lower right 4, lower left 8):
# eighths of the square inside the outline, and pieces of outline across, down and aslant.
_EIGHTHS = np.array([0, 1, 1, 4, 1, 2, 4, 7, 1, 4, 2, 7, 4, 7, 7, 8])
_ACROSS = np.array([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
_DOWN = np.array([0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
_ASLANT = np.array([0, 1, 1, 0, 1, 2, 0, 1, 1, 0, 2, 1, 0, 1, 1, 0])


def shape2d(mask: BoolArray, spacing_mm: tuple[float, float]) -> FloatArray:
    """Shape of one region, in the order of `SHAPE2D`.

    The outline joins the points halfway between a pixel inside and its neighbour outside (marching squares; two
    diagonal pixels are not joined). Axis lengths are four times the root of the eigenvalues of the covariance of
    the pixel centres in millimetres.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
        The region's pixels; what lies beyond is outside.
    spacing_mm : tuple of float
        (row, column).

    Returns
    -------
    ndarray of shape (9,)
        Lengths in mm, areas in mm². NaN for a region without pixels; the elongation of a single pixel is NaN.
    """
    down, across = spacing_mm
    top, left, bottom, right = bounds_of([mask])
    squares, sums, extents = _outline(mask[top:bottom, left:right])
    n_pixels = int(sums[0])
    if n_pixels == 0:
        return np.full(len(SHAPE2D), np.nan)
    surface = float(squares @ _EIGHTHS) / 8.0 * down * across
    perimeter = (
        float(squares @ _ACROSS) * across
        + float(squares @ _DOWN) * down
        + float(squares @ _ASLANT) * math.hypot(down, across) / 2.0
    )
    major, minor = _axis_variances([int(value) for value in sums], spacing_mm)
    scratch = np.empty((2, *extents.shape), dtype=np.int64)
    diameter = math.sqrt(widest_squared(extents, down / 2.0, across / 2.0, scratch[0], scratch[1]))
    return np.array([
        math.sqrt(minor / major) if major > 0.0 else math.nan,
        4.0 * math.sqrt(major),
        diameter,
        surface,
        4.0 * math.sqrt(minor),
        perimeter,
        perimeter / surface,
        n_pixels * down * across,
        2.0 * math.sqrt(math.pi * surface) / perimeter,
    ])  # fmt: skip


def _outline(mask: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    rows, columns = mask.shape
    bordered = np.zeros((rows + 2, columns + 2), dtype=np.uint8)
    bordered[1:-1, 1:-1] = mask
    squares, sums = np.zeros(16, dtype=np.int64), np.zeros(6, dtype=np.int64)
    extents = np.zeros((2 * rows + 4, 2), dtype=np.int64)
    extents[:, 0] = 1
    trace_outline(bordered, squares, sums, extents)
    return squares, sums, extents


def _axis_variances(sums: list[int], spacing_mm: tuple[float, float]) -> tuple[float, float]:
    """Eigenvalues, largest first, of the covariance of pixel centres, from whole-number sums (no cancellation)."""
    n, row, column, row_row, row_column, column_column = sums
    down, across = spacing_mm
    s_rr = (n * row_row - row * row) / (n * n) * down * down
    s_cc = (n * column_column - column * column) / (n * n) * across * across
    s_rc = (n * row_column - row * column) / (n * n) * down * across
    major = (s_rr + s_cc) / 2.0 + math.hypot((s_rr - s_cc) / 2.0, s_rc)
    product = s_rr * s_cc - s_rc * s_rc
    return major, max(product / major, 0.0) if major > 0.0 else 0.0
