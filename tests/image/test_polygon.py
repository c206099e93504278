from __future__ import annotations

import math
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.reference.polygon import UNITS, naive_rasterise

from perirad.errors import InputError
from perirad.image.polygon import rasterise

SHAPE = 60, 80


def circle(centre: tuple[float, float], radius: float, n_vertices: int = 720) -> NDArray[Any]:
    turn = np.linspace(0.0, 2.0 * math.pi, n_vertices, endpoint=False)
    return np.column_stack([centre[0] + radius * np.sin(turn), centre[1] + radius * np.cos(turn)])


def box(top: float, left: float, bottom: float, right: float) -> list[tuple[float, float]]:
    return [(top, left), (top, right), (bottom, right), (bottom, left)]


def test_square_between_pixels_analytic() -> None:
    expected = np.zeros(SHAPE, np.bool_)
    expected[3:10, 5:20] = True
    assert np.array_equal(rasterise([box(2.5, 4.5, 9.5, 19.5)], SHAPE), expected)
    assert np.array_equal(rasterise([box(2.9, 4.9, 9.1, 19.1)], SHAPE), expected)


def test_square_through_centres_is_half_open_analytic() -> None:
    mask = rasterise([box(3, 5, 9, 19)], SHAPE)
    expected = np.zeros(SHAPE, np.bool_)
    expected[3:9, 5:19] = True
    assert np.array_equal(mask, expected)


def test_right_triangle_analytic() -> None:
    """Legs of n pixels hold n (n + 1) / 2 centres when the long side passes between them."""
    mask = rasterise([[(-0.5, -0.5), (10.0, -0.5), (-0.5, 10.0)]], SHAPE)
    assert mask.sum() == 10 * 11 // 2
    assert all(mask[row, : 10 - row].all() and not mask[row, 10 - row :].any() for row in range(10))


@pytest.mark.parametrize("radius", [5.3, 12.7, 25.1])
def test_circle_area_analytic(radius: float) -> None:
    areas = [rasterise([circle((29.5 + dy, 39.5 + dx), radius)], SHAPE).sum() for dy in (0, 0.3) for dx in (0, 0.4)]
    assert np.mean(areas) == pytest.approx(math.pi * radius**2, rel=0.02)


def test_whole_picture_analytic() -> None:
    assert rasterise([box(-0.5, -0.5, SHAPE[0] - 0.5, SHAPE[1] - 0.5)], SHAPE).all()
    assert rasterise([box(-1.5, -1.5, SHAPE[0] + 0.5, SHAPE[1] + 0.5)], SHAPE).all()


def test_whole_pixel_translation_moves_the_pixels_analytic() -> None:
    ring = circle((20.3, 25.7), 9.2, 37)
    moved = rasterise([ring + np.array([7, 11])], SHAPE)
    assert np.array_equal(np.roll(rasterise([ring], SHAPE), (7, 11), axis=(0, 1)), moved)


def test_direction_and_first_vertex_do_not_matter_analytic() -> None:
    ring = circle((20.3, 25.7), 9.2, 37)
    mask = rasterise([ring], SHAPE)
    assert mask.any()
    assert np.array_equal(rasterise([ring[::-1]], SHAPE), mask)
    assert np.array_equal(rasterise([np.roll(ring, 5, axis=0)], SHAPE), mask)
    assert np.array_equal(rasterise([np.vstack([ring, ring[:1]])], SHAPE), mask)


def test_holes_by_even_odd_analytic() -> None:
    outer, inner, island = box(2.5, 2.5, 22.5, 32.5), box(6.5, 6.5, 16.5, 20.5), box(8.5, 8.5, 10.5, 12.5)
    mask = rasterise([outer, inner, island], SHAPE)
    assert mask.sum() == 20 * 30 - 10 * 14 + 2 * 4
    assert np.array_equal(rasterise([outer, inner[::-1], island], SHAPE), mask)
    assert rasterise([outer, outer], SHAPE).sum() == 0


def test_bow_tie_fills_both_wings_analytic() -> None:
    mask = rasterise([[(0.5, 0.5), (10.5, 20.5), (10.5, 0.5), (0.5, 20.5)]], SHAPE)
    left = rasterise([[(0.5, 0.5), (5.5, 10.5), (0.5, 20.5)]], SHAPE)
    right = rasterise([[(10.5, 0.5), (5.5, 10.5), (10.5, 20.5)]], SHAPE)
    assert not (left & right).any()
    assert np.array_equal(mask, left | right)


def test_pentagram_has_a_hole_analytic() -> None:
    star = circle((30.0, 40.0), 25.0, 5)[[0, 2, 4, 1, 3]]
    assert not rasterise([star], SHAPE)[30, 40]
    assert rasterise([star], SHAPE).sum() > 300


def test_fan_of_adjoining_triangles_shares_and_misses_nothing_analytic() -> None:
    """Around points at centres and elsewhere, with vertices at centres and elsewhere."""
    generator = np.random.default_rng(11)
    whole = box(0, 0, 40, 60)
    for hub in [(20.0, 30.0), (17.0, 30.0), *generator.uniform((1, 1), (39, 59), (40, 2)).tolist()]:
        corners = [*whole, whole[0]]
        counts = sum(rasterise([[tuple(hub), a, b]], SHAPE).astype(int) for a, b in pairwise(corners))
        assert np.array_equal(counts, rasterise([whole], SHAPE).astype(int))


def test_random_polygons_naive() -> None:
    """Half of them with vertices at centres and between, where edges pass centres exactly."""
    generator = np.random.default_rng(7)
    shape = 14, 17
    marked = 0
    for trial in range(500):
        step = UNITS // 2 if trial % 2 else 1
        rings = [
            np.round(
                generator.uniform((-1.4, -1.4), (shape[0] + 0.4, shape[1] + 0.4), (int(generator.integers(3, 9)), 2))
                * (UNITS / step)
            ).astype(int)
            * step
            for _ in range(int(generator.integers(1, 4)))
        ]
        mask = rasterise([ring / UNITS for ring in rings], shape)
        marked += int(mask.sum())
        assert np.array_equal(mask, naive_rasterise([ring.tolist() for ring in rings], shape)), trial
    assert marked > 10_000


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        ([(0, 0), (1, 1)], "a polygon must have three vertices or more, got 2"),
        ([(0, 0), (1, 1), (math.nan, 3)], "vertices must be finite numbers"),
        ([(0, 0), (1, 1), (math.inf, 3)], "vertices must be finite numbers"),
        ([(0, 0), (1, 1), (2**31, 3)], "got a vertex at row 2.14748e+09, column 3"),
        ([(0, 0), (1, 1), (-1.6, 3)], "got a vertex at row -1.6, column 3"),
        ([(0, 0), (1, 1), (5, 80.6)], "got a vertex at row 5, column 80.6"),
        ([(0, 0), (1, 1), ("x", 3)], "vertices must be pairs of numbers"),
        ([(0, 0, 0), (1, 1, 1), (2, 2, 2)], "vertices must be pairs of numbers"),
        ([(0, 0), (1,), (2, 2)], "vertices must be pairs of numbers"),
    ],
)
def test_what_is_no_outline_is_refused_analytic(ring: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        rasterise([ring], SHAPE, file="x.json")
    assert words in str(caught.value)
    assert "(x.json)" in str(caught.value)


def test_endless_zigzag_is_refused_analytic() -> None:
    zigzag = np.zeros((200_000, 2))
    zigzag[1::2, 0] = 1000
    with pytest.raises(InputError, match="an outline must be of reasonable length, got 200000 vertices"):
        rasterise([zigzag], (1024, 768))


def test_polygon_between_centres_marks_nothing_analytic() -> None:
    assert not rasterise([box(1.1, 1.1, 1.9, 1.9)], SHAPE).any()
    assert not rasterise([], SHAPE).any()


def test_a_lesion_takes_under_two_milliseconds_analytic() -> None:
    """The best of 20, so that other work on the machine does not count; about 0.5 ms alone."""
    ring = circle((500.2, 400.7), 180.0, 240)
    durations = []
    for _ in range(20):
        start = time.perf_counter()
        rasterise([ring], (1024, 768))
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.002
