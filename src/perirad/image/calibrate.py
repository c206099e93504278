"""Millimetres per pixel from what a person can point at: two points of known distance, or the stated depth."""

from __future__ import annotations

import math
from dataclasses import replace

from perirad.errors import InputError
from perirad.image.image import Calibration, Image, Source

__all__ = ["LEAST_PIXELS", "Point", "calibrate_depth", "calibrate_points"]

Point = tuple[float, float]
"""(row, column) in pixels; may lie between pixels."""

LEAST_PIXELS = 20.0
"""Shorter distances are refused: a pixel off at one end would be an error of more than 5 %."""


def calibrate_points(image: Image, first: Point, second: Point, distance_mm: float, *, aspect: float = 1.0) -> Image:
    """Return the image with the spacing that puts two points a known distance apart.

    Parameters
    ----------
    image : Image
    first, second : tuple of float
        (row, column) of either point, px: the ends of a caliper, two ticks of a ruler.
    distance_mm : float
        Their distance.
    aspect : float, default 1.0
        Height of a pixel over its width, both in mm; 1 for square pixels.

    Returns
    -------
    Image
        The same pixels; `calibration.detail` states what an error of one pixel would change.

    Raises
    ------
    InputError
        When a point lies outside the picture, the points are closer than `LEAST_PIXELS`, or a length is not positive.
    """
    _check_positive("the distance of the points", distance_mm, "distance_mm", image)
    _check_positive("the aspect of a pixel", aspect, "aspect", image)
    for point in (first, second):
        _check_inside(point, image)
    down, across = second[0] - first[0], second[1] - first[1]
    length_px = math.hypot(down, across)
    _check_long(length_px, image)
    column_mm = distance_mm / math.hypot(aspect * down, across)
    detail = f"{distance_mm:g} mm between {_text(first)} and {_text(second)} (row, column)"
    shape = "square pixels assumed" if aspect == 1.0 else f"pixels {aspect:g} times as high as wide"
    calibration = Calibration(Source.CALIPERS, f"{detail}; {shape}; {_precision(length_px)}")
    return replace(image, spacing_mm=(aspect * column_mm, column_mm), calibration=calibration)


def calibrate_depth(image: Image, depth_mm: float, top_row: float, bottom_row: float) -> Image:
    """Return the image with the spacing that gives its tissue a known depth; square pixels are assumed.

    Parameters
    ----------
    image : Image
    depth_mm : float
        Depth that the scanner's display states.
    top_row, bottom_row : float
        Rows at which the tissue begins and ends, px.

    Raises
    ------
    InputError
        When a row lies outside the picture, the bottom is not at least `LEAST_PIXELS` below the top, or the depth is
        not positive.
    """
    _check_positive("the depth", depth_mm, "depth_mm", image)
    for row in (top_row, bottom_row):
        _check_inside((row, 0.0), image)
    length_px = bottom_row - top_row
    _check_long(length_px, image)
    spacing = depth_mm / length_px
    detail = f"depth of {depth_mm:g} mm from row {top_row:g} to row {bottom_row:g}"
    calibration = Calibration(Source.DEPTH, f"{detail}; square pixels assumed; {_precision(length_px)}")
    return replace(image, spacing_mm=(spacing, spacing), calibration=calibration)


def _check_positive(what: str, value: float, name: str, image: Image) -> None:
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{what} must be positive", f"{name}={value}", file=image.name)


def _check_inside(point: Point, image: Image) -> None:
    """The outer half of the border pixels is still inside."""
    if not all(-0.5 <= place <= size - 0.5 for place, size in zip(point, image.shape, strict=True)):
        rows, columns = image.shape
        raise InputError(
            f"points must lie in the picture of {rows} x {columns} pixels (row, column)", _text(point), file=image.name
        )


def _check_long(length_px: float, image: Image) -> None:
    if length_px < LEAST_PIXELS:
        raise InputError(
            f"a known distance must be at least {LEAST_PIXELS:g} px long",
            f"{length_px:.3g} px",
            file=image.name,
            mend="choose points farther apart, the bottom row below the top row",
        )


def _precision(length_px: float) -> str:
    return f"1 px over {length_px:.4g} px would be {100.0 / length_px:.2g} %"


def _text(point: Point) -> str:
    return f"({point[0]:g}, {point[1]:g})"
