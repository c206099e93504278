"""Outlines other than polygons, told by pixel centres too: boxes, ellipses, circles."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.outlines.records import Shape
from perirad.image.polygon import check_ring, rasterise

__all__ = ["CORNER", "box", "ellipse", "from_corner"]

CORNER = 0.5
"""LabelMe, COCO and CVAT count from the outer corner of the first pixel, so that its centre lies at 0.5."""


def from_corner(columns_rows: FloatArray) -> FloatArray:
    """Turn (column, row) counted from the corner of the first pixel into (row, column) counted from its centre."""
    return columns_rows[:, ::-1] - CORNER


def box(first: FloatArray, second: FloatArray, shape: Shape, *, degrees: float = 0.0, file: str = "") -> BoolArray:
    """Return the pixels of a rectangle.

    Parameters
    ----------
    first, second : ndarray of shape (2,)
        Two opposite corners, (row, column), pixel centres at whole numbers.
    shape : tuple of int
        (rows, columns).
    degrees : float
        Turn about its middle, clockwise as seen on the screen.
    file : str, optional
        File name, for messages.
    """
    corners = np.array([first, (first[0], second[1]), second, (second[0], first[1])])
    middle = (first + second) / 2.0
    return rasterise([middle + _turned(corners - middle, degrees)], shape, file=file)


def ellipse(centre: FloatArray, radii: FloatArray, shape: Shape, *, degrees: float = 0.0, file: str = "") -> BoolArray:
    """Return the pixels of an ellipse: centres at a distance of at most one radius, exactly, not by a polygon.

    Parameters
    ----------
    centre, radii : ndarray of shape (2,)
        (row, column), pixel centres at whole numbers; radii along rows and columns before it is turned, positive.
    shape : tuple of int
        (rows, columns).
    degrees : float
        Turn about its centre, clockwise as seen on the screen.
    file : str, optional
        File name, for messages.

    Raises
    ------
    InputError
        When a radius is not positive, or it reaches more than `polygon.TOLERATED_PX` outside the picture.
    """
    if not np.isfinite([centre, radii]).all() or min(radii) <= 0.0 or not math.isfinite(degrees):
        raise InputError("an ellipse must have positive radii", f"{radii[1]:g} x {radii[0]:g}", file=file)
    reach = np.hypot(*(_turned(np.diag(radii), degrees)))
    check_ring([centre - reach, centre + reach, centre], shape, file=file)
    row, column = np.ogrid[: shape[0], : shape[1]]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    down, across = row - centre[0], column - centre[1]
    along_rows = (down * cosine - across * sine) / radii[0]
    along_columns = (across * cosine + down * sine) / radii[1]
    inside: BoolArray = along_rows**2 + along_columns**2 <= 1.0
    return inside


def _turned(points: FloatArray, degrees: float) -> FloatArray:
    """Turn (row, column) clockwise on the screen, where rows grow downward."""
    if degrees == 0.0:
        return points
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    down, across = points[:, 0], points[:, 1]
    return np.column_stack([across * sine + down * cosine, across * cosine - down * sine])
