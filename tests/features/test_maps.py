"""Feature maps against windows measured one by one, and at the edges."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.features.small_regions import counter_of, degenerate, random_regions
from tests.reference import glcm, gldm, glrlm, glszm
from tests.reference.maps import measure, windows

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.catalogue import CATALOGUE
from perirad.features.extract import extract
from perirad.features.maps import _FAMILIES, _windows, feature_map
from perirad.features.settings import FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SPACING = (0.5, 0.25)
UNIT_BINS = FeatureSettings(bin_width=1.0, filters=("original",))
FEATURES = tuple(f"{feature.family}_{feature.name}" for feature in CATALOGUE if feature.family != "shape2D")
# The twin squares correlations and information of matrices a few cells large, of which only rounding may be left.
NEAR_ZERO = {"glcm_Imc2": 1e-6, "glcm_MCC": 1e-7}


def image_of(pixels: FloatArray | IntArray) -> Image:
    rows, columns = pixels.shape
    return Image(
        pixels.astype(np.float64), SPACING, Calibration(Source.STATED, "test"), Box(0, 0, rows, columns), "x.png"
    )


def region_of(mask: BoolArray) -> Region:
    return Region("I", mask, SPACING)


def assert_maps_equal_windows(levels: IntArray, radius: int) -> None:
    """The grey value is level - 1, so with unit bins the region's lowest level present becomes level 1."""
    mask = levels > 0
    grey = np.where(mask, levels - 1, 0)
    level = np.where(mask, levels - levels[mask].min() + 1, 0)
    expected = np.array([
        measure(part, values.astype(np.float64), SPACING)
        for part, values in zip(windows(level, mask, radius), windows(grey, mask, radius), strict=True)
    ])  # fmt: skip
    for k, feature in enumerate(FEATURES):
        found = feature_map(image_of(grey), region_of(mask), feature, UNIT_BINS, radius=radius)
        assert np.isnan(found[~mask]).all()
        np.testing.assert_allclose(
            found[mask], expected[:, k], rtol=1e-9, atol=NEAR_ZERO.get(feature, 1e-9), err_msg=f"{feature} of {levels}"
        )


@pytest.mark.parametrize("radius", [1, 2, 5])
def test_maps_of_random_regions_naive(radius: int) -> None:
    for levels in random_regions()[radius::12]:
        assert_maps_equal_windows(levels, radius)


@pytest.mark.parametrize("name", degenerate())
def test_maps_of_degenerate_regions_naive(name: str) -> None:
    assert_maps_equal_windows(degenerate()[name], 2)


def mirrored(cells: Counter[tuple[int, int, int]]) -> Counter[tuple[int, int, int]]:
    """Both orders of pairs of which one is counted."""
    both = Counter(cells)
    both.update({(m, j, i): n for (m, i, j), n in cells.items()})
    return both


@pytest.mark.parametrize("family", ["glcm", "glrlm", "glszm", "gldm"])
def test_counts_of_windows_naive(family: str) -> None:
    twin = {"glcm": glcm.pairs, "glrlm": glrlm.runs, "glszm": glszm.zones, "gldm": gldm.dependences}[family]
    kernel, n_matrices, _ = _FAMILIES[family]
    n_windows = 0
    for levels in random_regions()[3::6]:
        parts = list(_windows(levels.astype(np.uint16), kernel, n_matrices, 2))
        assert len(parts) == 1
        counted = counter_of(parts[0].cells)
        expected: Counter[tuple[int, int, int]] = Counter()
        for k, window in enumerate(windows(levels, levels > 0, 2)):
            expected.update({(n_matrices * k + m, i, j): n for (m, i, j), n in twin(window).items()})
            n_windows += 1
        assert (mirrored(counted) if family == "glcm" else counted) == expected, levels
    assert n_windows >= 500


def test_window_wider_than_the_region_analytic() -> None:
    levels = np.random.default_rng(9).integers(1, 9, size=(5, 7))
    mask = np.ones(levels.shape, dtype=np.bool_)
    for feature in ("glcm_Contrast", "firstorder_Mean", "glszm_ZoneEntropy"):
        found = feature_map(image_of(levels), region_of(mask), feature, UNIT_BINS, radius=100_000)
        np.testing.assert_allclose(found, found[0, 0], rtol=1e-12)


def test_maps_of_many_levels_naive() -> None:
    rng = np.random.default_rng(5)
    levels = rng.integers(1, 300, size=(9, 8))
    levels[2, 3:6] = 0
    assert_maps_equal_windows(levels, 3)


def test_window_that_holds_the_region_has_the_region_s_value_analytic() -> None:
    rng = np.random.default_rng(6)
    pixels = rng.integers(0, 256, size=(20, 22)).astype(np.float64)
    mask = np.zeros(pixels.shape, dtype=np.bool_)
    mask[5:11, 8:15] = True
    mask[7, 9] = False
    table = extract(image_of(pixels), [region_of(mask)], FeatureSettings(filters=("original", "wavelet")))
    for picture, feature in (
        ("original", "glcm_JointEntropy"),
        ("original", "glszm_ZoneEntropy"),
        ("original", "ngtdm_Strength"),
        ("wavelet-HL", "gldm_DependenceEntropy"),
        ("wavelet-HL", "firstorder_Skewness"),
        ("wavelet-LL", "glrlm_RunEntropy"),
    ):
        found = feature_map(image_of(pixels), region_of(mask), feature, radius=6, picture=picture)
        whole = table.values[0, table.columns.index(f"I_{picture}_{feature}")]
        np.testing.assert_allclose(found[8, 11], whole, rtol=1e-9)
        assert np.isfinite(found[mask]).all()


def test_pixels_beyond_the_region_do_not_count_analytic() -> None:
    rng = np.random.default_rng(7)
    pixels = rng.integers(0, 256, size=(16, 16)).astype(np.float64)
    mask = np.zeros(pixels.shape, dtype=np.bool_)
    mask[4:12, 3:13] = True
    other = np.where(mask, pixels, 255.0 - pixels)
    for feature in ("glcm_Contrast", "firstorder_Mean", "ngtdm_Busyness"):
        maps = [feature_map(image_of(grey), region_of(mask), feature, radius=3) for grey in (pixels, other)]
        np.testing.assert_array_equal(maps[0], maps[1])


def test_single_precision_picture_analytic() -> None:
    pixels = np.random.default_rng(8).integers(0, 256, size=(24, 24)).astype(np.float64)
    mask = np.ones(pixels.shape, dtype=np.bool_)
    settings = FeatureSettings(bin_count=8, bin_width=None, log_sigma_mm=(1.0,))
    table = extract(image_of(pixels), [region_of(mask)], FeatureSettings(None, 8, ("log",), log_sigma_mm=(1.0,)))
    picture = "log-sigma-1-0-mm-3D"
    for feature in ("firstorder_Median", "glcm_Imc1"):
        found = feature_map(image_of(pixels), region_of(mask), feature, settings, radius=24, picture=picture)
        whole = table.values[0, table.columns.index(f"I_{picture}_{feature}")]
        np.testing.assert_allclose(found, whole, rtol=1e-9)


def test_region_without_pixels_and_undefined_picture_are_nan_analytic() -> None:
    pixels = np.zeros((6, 7))
    full = np.ones(pixels.shape, dtype=np.bool_)
    assert np.isnan(feature_map(image_of(pixels), region_of(~full), "glcm_Contrast")).all()
    assert np.isnan(feature_map(image_of(pixels), region_of(full), "glcm_Contrast", picture="square")).all()


def test_wrong_requests_are_refused_analytic() -> None:
    image, region = image_of(np.ones((4, 4))), region_of(np.ones((4, 4), dtype=np.bool_))
    for feature in ("JointEntropy", "shape2D_Perimeter", "glcm_Nothing", "gldm"):
        with pytest.raises(InputError, match="FAMILY_FEATURE"):
            feature_map(image, region, feature)
    with pytest.raises(InputError, match="radius must be a whole number"):
        feature_map(image, region, "glcm_Contrast", radius=0)
    with pytest.raises(InputError, match="picture must be one of original"):
        feature_map(image, region, "glcm_Contrast", picture="wavelet-XX")
    with pytest.raises(InputError, match="shape"):
        feature_map(image, region_of(np.ones((5, 4), dtype=np.bool_)), "glcm_Contrast")
    with pytest.raises(InputError, match="65535 grey levels"):
        feature_map(
            image_of(np.array([[0.0, 1e9]])),
            region_of(np.ones((1, 2), dtype=np.bool_)),
            "glcm_Contrast",
            FeatureSettings(bin_width=0.5),
        )
