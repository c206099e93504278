"""Calibration by points and by depth: arithmetic that can be done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.image.calibrate import calibrate_depth, calibrate_points
from perirad.image.image import Box, Calibration, Image, Source


@pytest.fixture
def image() -> Image:
    pixels = np.arange(200.0 * 300.0).reshape(200, 300)
    assumed = Calibration(Source.ASSUMED, "not known")
    return Image(pixels, (1.0, 1.0), assumed, Box(10, 20, 190, 280), "scan.png", frame=3)


def test_points_three_four_five_analytic(image: Image) -> None:
    made = calibrate_points(image, (10.0, 20.0), (40.0, 60.0), 5.0)
    assert made.spacing_mm == pytest.approx((0.1, 0.1), rel=1e-14)
    assert made.calibration == Calibration(
        Source.CALIPERS,
        "5 mm between (10, 20) and (40, 60) (row, column); square pixels assumed; 1 px over 50 px would be 2 %",
    )
    assert np.array_equal(made.pixels, image.pixels)
    assert (made.field, made.name, made.frame) == (image.field, image.name, image.frame)
    assert image.spacing_mm == (1.0, 1.0)


def test_points_the_other_way_round_analytic(image: Image) -> None:
    there, back = ((10.0, 250.0), (150.5, 30.25)), ((150.5, 30.25), (10.0, 250.0))
    assert calibrate_points(image, *there, 12.0).spacing_mm == calibrate_points(image, *back, 12.0).spacing_mm


@pytest.mark.parametrize("aspect", [0.8, 1.0, 1.25])
def test_points_of_pixels_that_are_not_square_analytic(image: Image, aspect: float) -> None:
    row_mm, column_mm = calibrate_points(image, (10.0, 20.0), (40.0, 60.0), 7.0, aspect=aspect).spacing_mm
    assert row_mm / column_mm == pytest.approx(aspect, rel=1e-14)
    assert math.hypot(30.0 * row_mm, 40.0 * column_mm) == pytest.approx(7.0, rel=1e-14)


def test_points_along_an_axis_analytic(image: Image) -> None:
    assert calibrate_points(image, (0.0, 5.0), (100.0, 5.0), 20.0, aspect=2.0).spacing_mm == pytest.approx((0.2, 0.1))
    assert calibrate_points(image, (7.0, 0.0), (7.0, 100.0), 20.0, aspect=2.0).spacing_mm == pytest.approx((0.4, 0.2))


def test_depth_analytic(image: Image) -> None:
    made = calibrate_depth(image, 40.0, 20.0, 180.0)
    assert made.spacing_mm == (0.25, 0.25)
    assert made.calibration.source is Source.DEPTH
    assert made.calibration.detail == (
        "depth of 40 mm from row 20 to row 180; square pixels assumed; 1 px over 160 px would be 0.62 %"
    )


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_lengths_must_be_positive_analytic(image: Image, bad: float) -> None:
    with pytest.raises(InputError, match=r"the distance of the points must be positive, got distance_mm=.* \(scan.png"):
        calibrate_points(image, (10.0, 10.0), (90.0, 10.0), bad)
    with pytest.raises(InputError, match="the aspect of a pixel must be positive"):
        calibrate_points(image, (10.0, 10.0), (90.0, 10.0), 5.0, aspect=bad)
    with pytest.raises(InputError, match="the depth must be positive, got depth_mm="):
        calibrate_depth(image, bad, 10.0, 100.0)


@pytest.mark.parametrize("point", [(-1.0, 5.0), (5.0, 299.6), (200.0, 5.0), (math.nan, 5.0), (5.0, -math.inf)])
def test_points_must_lie_in_the_picture_analytic(image: Image, point: tuple[float, float]) -> None:
    with pytest.raises(InputError, match=r"points must lie in the picture of 200 x 300 pixels"):
        calibrate_points(image, (100.0, 100.0), point, 5.0)


@pytest.mark.parametrize("rows", [(-3.0, 100.0), (10.0, 210.0), (10.0, math.nan)])
def test_rows_must_lie_in_the_picture_analytic(image: Image, rows: tuple[float, float]) -> None:
    with pytest.raises(InputError, match=r"points must lie in the picture"):
        calibrate_depth(image, 40.0, *rows)


def test_short_distances_are_refused_analytic(image: Image) -> None:
    with pytest.raises(InputError, match=r"at least 20 px long, got 19.9 px"):
        calibrate_points(image, (10.0, 10.0), (10.0, 29.9), 5.0)
    assert calibrate_points(image, (10.0, 10.0), (10.0, 30.0), 5.0).spacing_mm == (0.25, 0.25)
    with pytest.raises(InputError, match="bottom row below the top row"):
        calibrate_depth(image, 40.0, 180.0, 20.0)
