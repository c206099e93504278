from __future__ import annotations

import math

import numpy as np
import pytest
from tests.reference.distance import distances_mm as centre_twin
from tests.reference.distance import outline_distances_mm as edge_twin

from perirad.arrays import BoolArray
from perirad.regions.measure import Measure, distances_mm

TWINS = {Measure.CENTRE: centre_twin, Measure.EDGE: edge_twin}


def masks(seed: int) -> BoolArray:
    """Return noise, blobs, lines, single pixels and full masks of sides from 1 to 13."""
    random = np.random.default_rng(seed)
    mask: BoolArray = random.random((random.integers(1, 14), random.integers(1, 14))) < random.choice([0.03, 0.3, 0.9])
    if seed % 4 == 0:
        row, column = np.ogrid[: mask.shape[0], : mask.shape[1]]
        mask = (row - mask.shape[0] / 2) ** 2 + (column - mask.shape[1] / 2) ** 2 <= random.uniform(1, 40)
    if seed % 7 == 0:
        mask = np.ones_like(mask)
    mask[random.integers(mask.shape[0]), random.integers(mask.shape[1])] = True
    return mask


@pytest.mark.parametrize("measure", list(Measure))
def test_distances_of_six_hundred_masks_naive(measure: Measure) -> None:
    for seed in range(600):
        random = np.random.default_rng(seed)
        spacing = (0.5, 0.5) if seed % 3 == 0 else (float(random.uniform(0.05, 2)), float(random.uniform(0.05, 2)))
        mask, margin = masks(seed), int(random.integers(0, 4))
        found = distances_mm(np.pad(mask, margin), spacing, measure)
        np.testing.assert_allclose(found, TWINS[measure](mask, spacing, margin), rtol=1e-9, atol=0, err_msg=f"{seed}")


@pytest.mark.parametrize("measure", list(Measure))
def test_distance_is_zero_inside_and_infinite_where_nothing_is_marked_analytic(measure: Measure) -> None:
    mask = np.zeros((4, 5), dtype=np.bool_)
    assert np.isposinf(distances_mm(mask, (0.1, 0.2), measure)).all()
    mask[1:3, 2] = True
    assert (distances_mm(mask, (0.1, 0.2), measure)[mask] == 0.0).all()


@pytest.mark.parametrize("measure", list(Measure))
def test_what_lies_beyond_the_limit_is_infinite_analytic(measure: Measure) -> None:
    mask = np.zeros((1, 9), dtype=np.bool_)
    mask[0, 0] = True
    found = distances_mm(mask, (1.0, 0.25), measure, most_mm=1.0)
    whole = distances_mm(mask, (1.0, 0.25), measure)
    assert np.isposinf(found[0, 5:]).all()
    assert np.array_equal(found[0, :5], whole[0, :5])


def test_edge_of_a_rectangle_is_its_pixels_edge_analytic() -> None:
    mask = np.zeros((60, 60), dtype=np.bool_)
    mask[20:40, 15:45] = True
    row, column = np.ogrid[:60, :60]
    down = np.maximum(np.maximum(19.5 - row, row - 39.5), 0.0) * 0.1
    aside = np.maximum(np.maximum(14.5 - column, column - 44.5), 0.0) * 0.2
    found = distances_mm(mask, (0.1, 0.2), Measure.EDGE)
    np.testing.assert_allclose(found, np.hypot(down, aside), rtol=1e-12, atol=1e-12)


def test_distance_has_the_symmetries_of_the_mask_analytic() -> None:
    random = np.random.default_rng(3)
    mask = random.random((40, 50)) < 0.05
    found = distances_mm(mask, (0.1, 0.1), Measure.EDGE)
    for turned, back in ((mask[::-1], found[::-1]), (mask[:, ::-1], found[:, ::-1]), (mask.T, found.T)):
        np.testing.assert_allclose(distances_mm(np.ascontiguousarray(turned), (0.1, 0.1), Measure.EDGE), back)


def test_centre_distance_of_one_pixel_analytic() -> None:
    mask = np.zeros((9, 9), dtype=np.bool_)
    mask[4, 4] = True
    found = distances_mm(mask, (0.3, 0.4), Measure.CENTRE)
    assert found[5, 5] == pytest.approx(0.5)
    assert found[0, 8] == pytest.approx(math.hypot(1.2, 1.6))
