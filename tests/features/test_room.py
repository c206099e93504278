"""Memory that is kept from one case to the next changes no value."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import perirad
from perirad.arrays import FloatArray
from perirad.features.presets import preset
from perirad.features.room import new, room
from perirad.features.settings import FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SPACING_MM = (0.5, 0.4)


def values_of(size: int, settings: FeatureSettings) -> FloatArray:
    rng = np.random.default_rng(size)
    pixels = rng.integers(0, 255, size=(size, size + 7)).astype(np.float64)
    image = Image(pixels, SPACING_MM, Calibration(Source.ASSUMED, "test"), Box(0, 0, *pixels.shape))
    masks = {"I": np.zeros(pixels.shape, dtype=np.bool_), "I+3": np.ones(pixels.shape, dtype=np.bool_)}
    masks["I"][size // 3 : size // 2, 3 : size // 2] = True
    return perirad.extract(image, [Region(name, mask, SPACING_MM) for name, mask in masks.items()], settings).values


@pytest.mark.parametrize("settings", [preset(939), FeatureSettings(None, 16, filters=("original", "wavelet", "log"))])
def test_cases_before_and_beside_change_nothing_naive(settings: FeatureSettings) -> None:
    sizes = (24, 61, 30, 24, 61)
    with ThreadPoolExecutor(1) as one:
        alone = {size: one.submit(values_of, size, settings).result() for size in set(sizes)}
    for size in sizes:
        np.testing.assert_array_equal(values_of(size, settings), alone[size])
    with ThreadPoolExecutor(3) as several:
        for size, found in zip(sizes, several.map(lambda size: values_of(size, settings), sizes), strict=True):
            np.testing.assert_array_equal(found, alone[size])


def test_room_is_the_same_memory_again_mechanics() -> None:
    first = room("test", (3, 4), np.float32)
    assert first.shape == (3, 4)
    assert first.dtype == np.float32
    assert np.shares_memory(first, room("test", (2, 3), np.float64))
    assert not np.shares_memory(first, room("other", (3, 4), np.float32))
    with ThreadPoolExecutor(1) as other:
        assert not np.shares_memory(first, other.submit(room, "test", (3, 4), np.float32).result())
    large = (4001, 1000)
    assert not np.shares_memory(room("test", large, np.float64), room("test", large, np.float64))
    assert not np.shares_memory(new("test", (3,), np.float64), new("test", (3,), np.float64))
