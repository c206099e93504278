"""Regions counted together equal each region counted alone."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from perirad.arrays import BoolArray, FloatArray
from perirad.features.cells import Cells
from perirad.features.counted import Counted, count_alone
from perirad.features.discretise import place_of
from perirad.features.parts import parts_of
from perirad.features.settings import FeatureSettings
from perirad.features.together import count_together

WIDTH = 10.0
UNEVEN_WIDTH = 3.3
SPACING = (0.3, 0.4)


def assert_equal(found: Counted, expected: Counted) -> None:
    for field in fields(Counted):
        a, b = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(b, Cells):
            for part in fields(Cells):
                np.testing.assert_array_equal(getattr(a, part.name), getattr(b, part.name), err_msg=field.name)
        elif field.name == "firstorder":  # sums of parts round differently
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10, err_msg=field.name)
        else:
            np.testing.assert_array_equal(a, b, err_msg=field.name)


def compare(picture: FloatArray | NDArray[np.float32], masks: list[BoolArray]) -> None:
    spacings = [SPACING] * len(masks)
    for settings in (FeatureSettings(WIDTH), FeatureSettings(UNEVEN_WIDTH), FeatureSettings(None, 16)):
        parts = parts_of(masks, separate=settings.bin_width is None)
        assert parts is not None
        done, found = count_together([picture], parts, spacings, settings)
        assert done.all() or settings.bin_width == UNEVEN_WIDTH  # whose edges are rounded
        if done.all():
            assert_equal(found, count_alone(picture, [place_of(mask) for mask in masks], spacings, settings))


def nested(seed: BoolArray) -> list[BoolArray]:
    """I, rings that hold one another, and the unions of I with each."""
    distance = ndimage.distance_transform_edt(~seed)
    rings = [(distance > 0) & (distance <= k) for k in (1.5, 3.0, 5.0)]
    return [seed, *rings, *(seed | ring for ring in rings)]


def pictures(rng: np.random.Generator, shape: tuple[int, int]) -> list[FloatArray]:
    noise = rng.normal(size=shape)
    smooth = ndimage.gaussian_filter(noise, 2.0) * 8.0
    return [
        rng.integers(-1, 4, size=shape) * WIDTH,
        smooth * WIDTH,
        (smooth + 0.5 * noise) * WIDTH,
        np.full(shape, 3.0),
        np.repeat(rng.integers(0, 3, size=(shape[0], 1)) * WIDTH, shape[1], axis=1),
    ]


@pytest.mark.parametrize("seed", range(40))
def test_nested_rings_alone_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(6, 30, size=2)
    middle = np.zeros((rows, columns), dtype=np.bool_)
    row, column = rng.integers(0, rows), rng.integers(0, columns)
    middle[row : row + rng.integers(1, 7), column : column + rng.integers(1, 7)] = True
    middle |= rng.random((rows, columns)) > rng.choice([0.9, 0.99, 1.0])
    for picture in pictures(rng, (int(rows), int(columns))):
        compare(picture, nested(middle))


@pytest.mark.parametrize("seed", range(20))
def test_even_pictures_alone_naive(seed: int) -> None:
    """Levels change seldom, and bands wind through one another: a line crosses a band many times."""
    rng = np.random.default_rng(5000 + seed)
    shape = (int(rng.integers(4, 9)), int(rng.integers(4, 9)))
    levels = rng.integers(0, 3, size=shape).repeat(7, axis=0).repeat(8, axis=1) * WIDTH
    wave = np.sin(np.indices(levels.shape).sum(axis=0) * rng.uniform(0.2, 1.5)) + rng.normal(size=levels.shape) * 0.1
    bands = [wave < edge for edge in (-0.5, 0.0, 0.6)]
    compare(levels, [*bands, bands[1] & ~bands[0], bands[2] & ~bands[0], np.ones_like(bands[0])])


@pytest.mark.parametrize("single", [False, True])
def test_far_outliers_alone_naive(single: bool) -> None:
    """Nearly all values in one bucket, and values that are not whole."""
    rng = np.random.default_rng(77)
    picture = rng.normal(size=(40, 50)) * 0.01
    picture[::13, ::11] = rng.choice([-1e3, 9.0, 77.7, 1e3], size=picture[::13, ::11].shape)
    seed = np.zeros(picture.shape, dtype=np.bool_)
    seed[15:22, 18:30] = True
    compare(picture.astype(np.float32) if single else picture, [*nested(seed)[:4], seed | nested(seed)[3]])


def test_what_is_not_a_number_is_left_to_each_region_analytic() -> None:
    ones = np.ones((4, 6), dtype=np.bool_)
    for settings in (FeatureSettings(WIDTH), FeatureSettings(None, 8)):
        parts = parts_of([ones, ones], separate=True)
        assert parts is not None
        for value in (np.nan, np.inf, -np.inf):
            picture = np.arange(24.0).reshape(4, 6)
            picture[2, 3] = value
            done, counted = count_together([None, picture, np.zeros((4, 6))], parts, [SPACING] * 2, settings)
            assert done.tolist() == [False, False, True]
            assert counted.n_pixels.tolist() == [24, 24]


@pytest.mark.parametrize("seed", range(120))
def test_any_regions_alone_naive(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    shape = (int(rng.integers(1, 20)), int(rng.integers(1, 20)))
    blobs = [ndimage.gaussian_filter(rng.normal(size=shape), rng.choice([0.0, 1.0, 2.0])) for _ in range(3)]
    masks = [blob > np.quantile(blob, rng.choice([0.1, 0.5, 0.9])) for blob in blobs]
    masks += [masks[0] | masks[1], np.zeros(shape, dtype=np.bool_), np.ones(shape, dtype=np.bool_)]
    order = rng.permutation(len(masks))
    for picture in pictures(rng, shape):
        compare(picture, [masks[k] for k in order])


def test_regions_apart_alone_naive() -> None:
    left, right = np.zeros((5, 8), dtype=np.bool_), np.zeros((5, 8), dtype=np.bool_)
    left[:, :3], right[:, 3:] = True, True
    for picture in pictures(np.random.default_rng(3), (5, 8)):
        compare(picture, [left, right])
        compare(picture, [left & (picture > 0.0), left])
        compare(picture, [right])


def test_no_pixels_and_many_regions_have_no_parts_analytic() -> None:
    ones = np.ones((5, 8), dtype=np.bool_)
    assert parts_of([~ones]) is None
    assert parts_of([ones] * 13) is None
    assert parts_of([ones] * 12) is not None


def test_many_levels_and_doubtful_edges_are_left_to_each_region_analytic() -> None:
    ones = np.ones((4, 6), dtype=np.bool_)
    parts = parts_of([ones, ones], separate=True)
    assert parts is not None
    below = np.nextafter(np.arange(1, 2000) * 0.1, -np.inf)
    doubtful = below[np.floor(below / 0.1) * 0.1 > below][0]
    close = np.nextafter(1.0, np.arange(24.0).reshape(4, 6))
    for picture, settings in (
        (np.arange(24.0).reshape(4, 6) * 1000.0, FeatureSettings(WIDTH)),
        (np.full((4, 6), doubtful), FeatureSettings(0.1)),
        (close, FeatureSettings(None, 8)),
        (np.arange(24.0).reshape(4, 6), FeatureSettings(None, 256)),
    ):
        assert not count_together([picture], parts, [SPACING] * 2, settings)[0].any()


def test_a_picture_of_another_shape_is_refused_analytic() -> None:
    parts = parts_of([np.ones((4, 6), dtype=np.bool_)])
    assert parts is not None
    with pytest.raises(ValueError, match="shape"):
        count_together([np.zeros((4, 5))], parts, [SPACING], FeatureSettings(WIDTH))
