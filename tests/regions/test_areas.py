"""Areas of regions of shapes whose areas are known."""

from __future__ import annotations

import math

import pytest
from tests.reference.shapes import Pair, Shape
from tests.regions.blank import blank

from perirad.regions.lesion import lesion_region
from perirad.regions.measure import Measure
from perirad.regions.named import named_regions
from perirad.regions.region import Region
from perirad.regions.ring import rings

WIDTHS = (3.0, 5.0, 8.0)
SPACINGS = [(0.05, 0.05), (0.08, 0.08), (0.06, 0.1), (0.1, 0.05), (0.1, 0.1)]
COARSE = [(0.15, 0.15), (0.075, 0.15)]


def found(shape: Shape, spacing_mm: Pair, measure: Measure, offset: Pair = (0.3, 0.1)) -> tuple[Region, ...]:
    mask = shape.mask(spacing_mm, 8.5, offset)
    image = blank(mask.shape, spacing_mm)
    return rings(lesion_region(mask, image), image, WIDTHS, measure=measure)


def largest_error(shape: Shape, spacing_mm: Pair, measure: Measure, offset: Pair = (0.3, 0.1)) -> float:
    regions = found(shape, spacing_mm, measure, offset)
    return max(abs(r.area_mm2 / shape.ring_mm2(w) - 1.0) for w, r in zip(WIDTHS, regions, strict=True))


@pytest.mark.parametrize("spacing_mm", SPACINGS + COARSE)
@pytest.mark.parametrize("radius_mm", [4.0, 10.0])
def test_edge_rings_of_a_disc_analytic(radius_mm: float, spacing_mm: Pair) -> None:
    assert largest_error(Shape(radius_mm=radius_mm), spacing_mm, Measure.EDGE) < 0.005


@pytest.mark.parametrize("spacing_mm", SPACINGS)
@pytest.mark.parametrize("angle", [10.0, 30.0, 55.0, 70.0])
def test_edge_rings_of_an_oblique_rectangle_analytic(angle: float, spacing_mm: Pair) -> None:
    assert largest_error(Shape((12.0, 8.0), angle=angle), spacing_mm, Measure.EDGE) < 0.005


@pytest.mark.parametrize("spacing_mm", [(0.05, 0.05), (0.1, 0.05), (0.1, 0.1), (0.125, 0.0625)])
def test_edge_rings_of_a_rectangle_of_whole_pixels_analytic(spacing_mm: Pair) -> None:
    # Sides and widths are whole numbers of pixels; otherwise a ring of pixels is wrong by the rest, up to half a pixel.
    assert largest_error(Shape((12.0, 9.0)), spacing_mm, Measure.EDGE, (0.0, 0.0)) < 0.002


@pytest.mark.parametrize("spacing_mm", SPACINGS)
def test_edge_rings_along_the_diagonal_analytic(spacing_mm: Pair) -> None:
    # Square pixels along a diagonal come in lines 0.71 pixels apart, and a ring ends at one of them.
    assert largest_error(Shape((12.0, 8.0), angle=45.0), spacing_mm, Measure.EDGE) < 0.01


@pytest.mark.parametrize("spacing_mm", [(0.1, 0.1), (0.1, 0.05)])
def test_centre_rings_of_a_rectangle_count_sides_and_quarter_discs_analytic(spacing_mm: Pair) -> None:
    down, across = spacing_mm
    sides_mm = (12.0, 9.0)
    n_rows, n_columns = round(sides_mm[1] / down), round(sides_mm[0] / across)
    for width, ring in zip(WIDTHS, found(Shape(sides_mm), spacing_mm, Measure.CENTRE, (0.0, 0.0)), strict=True):
        straight = 2 * (n_rows * round(width / across) + n_columns * round(width / down))
        reach = round(width / down)
        corner = sum(math.floor(math.sqrt(reach**2 - i**2) * down / across + 1e-9) for i in range(1, reach + 1))
        assert ring.n_pixels == straight + 4 * corner
        assert 0.002 < 1.0 - ring.area_mm2 / Shape(sides_mm).ring_mm2(width) < 0.02


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("shape", [Shape(radius_mm=6.0), Shape((12.0, 8.0), angle=30.0), Shape((12.0, 8.0))])
def test_areas_do_not_depend_on_the_resolution_analytic(shape: Shape, measure: Measure) -> None:
    limit = 0.02 if measure is Measure.EDGE else 0.03
    fine, middle, coarse = (found(shape, (mm, mm), measure, (0.0, 0.0)) for mm in (0.05, 0.1, 0.2))
    for a, b, c in zip(fine, middle, coarse, strict=True):
        areas = [region.area_mm2 for region in (a, b, c)]
        assert max(areas) / min(areas) - 1.0 < limit


@pytest.mark.parametrize("spacing_mm", [(0.05, 0.05), (0.05, 0.1)])
def test_core_and_rim_of_a_disc_analytic(spacing_mm: Pair) -> None:
    mask = Shape(radius_mm=8.0).mask(spacing_mm, 1.0, (0.2, 0.4))
    image = blank(mask.shape, spacing_mm)
    rim, core = named_regions(lesion_region(mask, image), image, ["N2", "C2"], measure=Measure.EDGE)
    assert core.area_mm2 == pytest.approx(math.pi * 36.0, rel=0.005)
    assert rim.area_mm2 == pytest.approx(math.pi * (64.0 - 36.0), rel=0.005)
