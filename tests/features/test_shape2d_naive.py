"""The outline kernel against its slow twin, on masks with long runs and with speckle."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from tests.reference.shape2d import coordinate_sums, corner_patterns, outline_points

from perirad.arrays import BoolArray
from perirad.features.shape2d import SHAPE2D, _outline, shape2d

N_RANDOM = 500


def random_mask(rng: np.random.Generator) -> BoolArray:
    shape = (int(rng.integers(1, 12)), int(rng.integers(1, 60)))
    smooth = ndimage.gaussian_filter(rng.normal(size=shape), rng.choice([0.0, 1.0, 4.0]))
    return np.asarray(smooth > np.quantile(smooth, rng.choice([0.0, 0.3, 0.9])), dtype=np.bool_)


def test_outline_naive() -> None:
    rng = np.random.default_rng(5)
    for mask in [np.ones((3, 40), dtype=np.bool_), *(random_mask(rng) for _ in range(N_RANDOM))]:
        squares, sums, extents = _outline(mask)
        assert {k: int(n) for k, n in enumerate(squares) if n} == dict(corner_patterns(mask))
        assert sums.tolist() == coordinate_sums(mask)
        half_pixels: dict[int, list[int]] = {}
        for row, column in outline_points(mask):
            half_pixels.setdefault(round(2 * row) + 2, []).append(round(2 * column) + 2)
        found = {row: (int(low), int(high)) for row, (low, high) in enumerate(extents) if low <= high}
        assert found == {row: (min(columns), max(columns)) for row, columns in half_pixels.items()}


def test_shape_does_not_depend_on_the_picture_around_it_analytic() -> None:
    rng = np.random.default_rng(6)
    for _ in range(50):
        mask = random_mask(rng)
        around = np.pad(mask, ((3, 17), (21, 2)))
        np.testing.assert_array_equal(shape2d(around, (0.3, 0.4)), shape2d(mask, (0.3, 0.4)))


def test_shape_of_nothing_analytic() -> None:
    np.testing.assert_array_equal(shape2d(np.zeros((4, 30), dtype=np.bool_), (1.0, 1.0)), np.full(len(SHAPE2D), np.nan))
