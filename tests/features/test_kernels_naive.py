"""Counting kernels against slow twins, on random and degenerate regions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.features.small_regions import N_RANDOM, all_regions, counter_of, degenerate, level_image_of
from tests.reference import glcm, gldm, glrlm, glszm, ngtdm
from tests.reference.shape2d import diameter

from perirad.arrays import IntArray
from perirad.features.glcm import _sorted_pairs, pair_cells
from perirad.features.gldm import dependence_cells
from perirad.features.glrlm import run_cells
from perirad.features.glszm import zone_cells
from perirad.features.ngtdm import difference_sums
from perirad.features.shape2d import SHAPE2D, shape2d

TWINS = {
    "glcm": (pair_cells, glcm.pairs),
    "glcm, many levels": (_sorted_pairs, glcm.pairs),
    "glrlm": (run_cells, glrlm.runs),
    "glszm": (zone_cells, glszm.zones),
    "gldm": (dependence_cells, gldm.dependences),
}


def test_enough_regions_are_compared_analytic() -> None:
    assert N_RANDOM >= 500
    assert len(all_regions()) > N_RANDOM


@pytest.mark.parametrize("family", TWINS)
def test_counts_naive(family: str) -> None:
    fast, slow = TWINS[family]
    for levels in all_regions():
        assert counter_of(fast(level_image_of(levels))) == slow(levels), levels


@pytest.mark.parametrize("family", ["glrlm", "glszm"])
def test_counts_of_even_regions_naive(family: str) -> None:
    """Runs and zones of pictures in which levels change seldom are found at the changes."""
    fast, slow = TWINS[family]
    for levels in [*all_regions()[::6], *degenerate().values()]:
        wide = levels.repeat(5, axis=0).repeat(6, axis=1)
        assert counter_of(fast(level_image_of(wide))) == slow(wide), levels


def test_tone_differences_naive() -> None:
    for levels in all_regions():
        expected = ngtdm.differences(levels)
        fast = difference_sums(level_image_of(levels))
        assert {int(level) for level in np.flatnonzero(fast)} <= set(expected)
        for level, value in expected.items():
            assert fast[level] == pytest.approx(float(value), rel=1e-12, abs=0.0)


def test_runs_and_zones_cover_the_region_analytic() -> None:
    for levels in all_regions():
        n_pixels = np.count_nonzero(levels)
        for count in (run_cells, zone_cells):
            cells = count(level_image_of(levels))
            covered = np.bincount(cells.matrix, weights=cells.n * cells.j, minlength=cells.n_matrices)
            assert set(covered) <= {0, n_pixels}


@pytest.mark.parametrize("spacing_mm", [(1.0, 1.0), (0.4, 0.7)])
def test_maximum_diameter_naive(spacing_mm: tuple[float, float]) -> None:
    at = SHAPE2D.index("MaximumDiameter")
    for levels in all_regions():
        measured = shape2d(levels > 0, spacing_mm)[at]
        assert measured == pytest.approx(diameter(levels > 0, spacing_mm), rel=1e-12)


@pytest.mark.parametrize(
    ("transform", "order"),
    [(np.transpose, (1, 0, 2, 3)), (np.fliplr, (0, 1, 3, 2)), (np.flipud, (0, 1, 3, 2))],
)
def test_turned_pictures_have_turned_matrices_analytic(
    transform: Callable[[IntArray], IntArray], order: tuple[int, ...]
) -> None:
    for levels in all_regions():
        for count in (pair_cells, run_cells):
            plain = counter_of(count(level_image_of(levels)))
            turned = counter_of(count(level_image_of(np.ascontiguousarray(transform(levels)))))
            assert turned == {(order[k], i, j): n for (k, i, j), n in plain.items()}
