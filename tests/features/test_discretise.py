"""Grey levels: edges, extremes, limits."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.discretise import MAX_LEVELS, discretise, place_of
from perirad.features.settings import FeatureSettings


def levels(values: list[float] | FloatArray, **settings: float | None) -> list[int]:
    chosen = FeatureSettings(**({"bin_width": None} | settings))  # type: ignore[arg-type]
    return [int(level) for level in discretise(np.asarray(values, dtype=np.float64), chosen)]


def test_edges_of_fixed_width_are_multiples_of_the_width_analytic() -> None:
    assert levels([49.0, 50.0, 74.9, 75.0, 101.0], bin_width=25.0) == [1, 2, 2, 3, 4]
    assert levels([-26.0, -25.0, -1e-17, 0.0, 24.0], bin_width=25.0) == [1, 2, 2, 3, 3]
    assert levels([50.0, 50.0], bin_width=25.0) == [1, 1]


def test_value_just_below_an_edge_stays_below_analytic() -> None:
    edges = np.arange(1, 2000) * 0.1
    below = np.nextafter(edges, -np.inf)
    found = levels(np.concatenate([[0.0], below]), bin_width=0.1)[1:]
    assert found == list(range(1, 2000))


@pytest.mark.parametrize("count", [1, 2, 5, 32, 64])
def test_fixed_count_is_the_histogram_numpy_analytic(count: int) -> None:
    values = np.random.default_rng(count).normal(size=4000)
    expected, _ = np.histogram(values, bins=count)
    assert np.bincount(levels(values, bin_count=count), minlength=count + 1)[1:].tolist() == expected.tolist()


def test_fixed_count_at_the_edges_analytic() -> None:
    assert levels([0.0, 1.0, 2.0, 3.0, 4.0], bin_count=4) == [1, 2, 3, 4, 4]
    assert levels([7.0, 7.0], bin_count=32) == [17, 17]


def test_too_many_levels_are_refused_analytic() -> None:
    assert max(levels([0.0, MAX_LEVELS - 1.0], bin_width=1.0)) == MAX_LEVELS
    with pytest.raises(InputError, match="at most 65535 grey levels, got grey values 0 to 65535 at bin_width=1"):
        levels([0.0, float(MAX_LEVELS)], bin_width=1.0)
    with pytest.raises(InputError, match="at most 65535 grey levels"):
        levels([0.0, 255.0], bin_width=1e-300)
    with pytest.raises(InputError, match="bin count must be at most 65535, got bin_count=65536"):
        levels([0.0, 1.0], bin_count=MAX_LEVELS + 1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bin_width": None}, "exactly one of bin_width and bin_count"),
        ({"bin_count": 32}, "exactly one of bin_width and bin_count"),
        ({"bin_width": 0.0}, "bin width must be positive, got bin_width=0.0"),
        ({"bin_width": float("nan")}, "bin width must be positive"),
        ({"bin_width": None, "bin_count": 0}, "bin count must be a whole number from 1"),
        ({"bin_width": None, "bin_count": 2.5}, "bin count must be a whole number from 1"),
        ({"filters": ("original", "gabor")}, "a filter must be one of original, wavelet, log, .*, lbp-2d, got 'gabor'"),
        ({"filters": ()}, "filters must be named, each once"),
        ({"filters": ("original", "original")}, "filters must be named, each once"),
        ({"log_sigma_mm": ()}, "sigmas of LoG must be positive, each given once"),
        ({"log_sigma_mm": (1.0, 0.0)}, "sigmas of LoG must be positive, each given once"),
        ({"log_sigma_mm": (2.0, 2.0)}, "sigmas of LoG must be positive, each given once"),
        ({"wavelet": "haar"}, "wavelet must be 'coif1', got 'haar'"),
    ],
)
def test_settings_are_checked_analytic(settings: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        FeatureSettings(**settings)  # type: ignore[arg-type]


def test_images_are_named_pyradiomics() -> None:
    settings = FeatureSettings(filters=("log", "lbp-2d", "square"), log_sigma_mm=(0.5, 2))
    assert settings.images == ("log-sigma-0-5-mm-3D", "log-sigma-2-0-mm-3D", "lbp-2D", "square")


@pytest.mark.parametrize("count", [2, 7, 32])
def test_single_precision_values_have_single_precision_edges_analytic(count: int) -> None:
    values = np.random.default_rng(count).normal(size=4000).astype(np.float32)
    narrow = np.float32(1.0) + np.arange(4, dtype=np.float32) * np.float32(2e-7)
    for chosen in (np.concatenate([values, edges_of(values, count)]), narrow):
        expected = np.digitize(chosen, edges_of(chosen, count)).clip(max=count)
        found = discretise(chosen, FeatureSettings(bin_width=None, bin_count=count))
        np.testing.assert_array_equal(found, expected)


def edges_of(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    return np.linspace(float(values.min()), float(values.max()), count + 1).astype(np.float32)


def test_place_crops_with_a_border_analytic() -> None:
    mask = np.zeros((6, 8), dtype=np.bool_)
    mask[2, 3] = mask[4, 7] = True
    place = place_of(mask)
    assert place.shape == (5, 7)
    assert place.in_image.tolist() == [2 * 8 + 3, 4 * 8 + 7]
    assert place.in_box.tolist() == [1 * 7 + 1, 3 * 7 + 5]
    assert place_of(np.zeros((3, 3), dtype=np.bool_)).in_box.size == 0
