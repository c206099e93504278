"""Presets by the number of features, and what a published number is made of."""

from __future__ import annotations

import pytest

from perirad.errors import InputError
from perirad.features.columns import feature_names
from perirad.features.presets import PRESETS, preset, recognise
from perirad.features.settings import FeatureSettings


@pytest.mark.parametrize("count", PRESETS)
def test_a_preset_has_as_many_features_as_its_name_says_analytic(count: int) -> None:
    assert len(feature_names(preset(count))) == count


def test_presets_are_chosen_by_their_number_pyradiomics() -> None:
    assert preset(474) == FeatureSettings()
    assert preset(939).filters == ("original", "wavelet", "log")
    assert preset(851).slice_mm == 1.0
    with pytest.raises(InputError, match="there are presets of 102, 474, 851, 939, 1404 features, got count=850"):
        preset(850)


@pytest.mark.parametrize(
    ("count", "description"),
    [
        (102, "one region as a picture (2-D): original image"),
        (107, "one region as a volume of one slice (3-D): original image"),
        (474, "one region as a picture (2-D): original image, four wavelet bands"),
        (851, "one region as a volume of one slice (3-D): original image, eight wavelet bands"),
        (948, "2 regions as a picture (2-D): original image, four wavelet bands"),
        (
            1316,
            "one region as a volume of one slice (3-D): original image, eight wavelet bands, "
            "square, square root, logarithm, exponential, gradient",
        ),
        (
            660,
            "one region as a picture (2-D): original image, four wavelet bands, LoG of 2 sigmas",
        ),
        (1702, "2 regions as a volume of one slice (3-D): original image, eight wavelet bands"),
    ],
)
def test_a_published_number_is_recognised_analytic(count: int, description: str) -> None:
    found = recognise(count)
    assert found[0].description == description
    for item in found:
        assert item.regions * len(feature_names(item.settings)) == count


def test_presets_are_recognised_analytic() -> None:
    for count, settings in PRESETS.items():
        assert settings in [item.settings for item in recognise(count)]
    assert recognise(103) == ()
