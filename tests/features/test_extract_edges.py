"""Extraction at the edges: nothing, one pixel, flat, in pieces, at the border, thousands of levels."""

from __future__ import annotations

import numpy as np
import pytest

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.features.columns import feature_names
from perirad.features.extract import extract
from perirad.features.settings import FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SPACING = (0.5, 0.25)
DEFAULT = FeatureSettings()
ORIGINAL = FeatureSettings(filters=("original",))


def image_of(pixels: FloatArray) -> Image:
    return Image(pixels, SPACING, Calibration(Source.STATED, "test"), Box(0, 0, *pixels.shape), "x.png")


def measure(pixels: FloatArray, mask: BoolArray, settings: FeatureSettings = DEFAULT) -> dict[str, float]:
    table = extract(image_of(pixels), [Region("I", mask, SPACING)], settings)
    return dict(zip(feature_names(settings), table.values[0].tolist(), strict=True))


def mask_at(shape: tuple[int, int], *pixels: tuple[int, int]) -> BoolArray:
    mask = np.zeros(shape, dtype=np.bool_)
    for pixel in pixels:
        mask[pixel] = True
    return mask


PIXELS = np.random.default_rng(11).integers(0, 256, size=(30, 41)).astype(np.float64)


def test_columns_go_region_by_region_analytic() -> None:
    left, right = np.zeros(PIXELS.shape, dtype=np.bool_), np.zeros(PIXELS.shape, dtype=np.bool_)
    left[3:9, 2:9], right[11:25, 20:41] = True, True
    both = extract(image_of(PIXELS), [Region("I", left, SPACING), Region("P5", right, SPACING)], case_id="014")
    alone = extract(image_of(PIXELS), [Region("P5", right, SPACING)], case_id="014")
    assert both.case_ids == ("014",)
    assert len(both.columns) == 948
    assert both.columns[0] == "I_original_shape2D_Elongation"
    assert both.columns[474:] == alone.columns
    np.testing.assert_array_equal(both.for_regions(["P5"]).values, alone.values)


def test_region_without_pixels_is_nan_analytic() -> None:
    found = measure(PIXELS, np.zeros(PIXELS.shape, dtype=np.bool_))
    assert all(np.isnan(value) for value in found.values())


def test_region_without_pixels_leaves_the_others_alone_analytic() -> None:
    full = np.ones(PIXELS.shape, dtype=np.bool_)
    regions = [Region("P3", np.zeros(PIXELS.shape, dtype=np.bool_), SPACING), Region("I", full, SPACING)]
    table = extract(image_of(PIXELS), regions)
    assert np.isnan(table.for_regions(["P3"]).values).all()
    np.testing.assert_array_equal(
        table.for_regions(["I"]).values, extract(image_of(PIXELS), [Region("I", full, SPACING)]).values
    )


@pytest.mark.parametrize("pixel", [(4, 5), (0, 0), (29, 40)])
def test_one_pixel_analytic(pixel: tuple[int, int]) -> None:
    found = measure(PIXELS, mask_at((30, 41), pixel))
    for name, value in found.items():
        undefined = "_glcm_" in name or "_glrlm_" in name or name.endswith("Elongation")
        assert np.isnan(value) == undefined, name
    area = SPACING[0] * SPACING[1]
    assert found["original_firstorder_Mean"] == PIXELS[pixel]
    assert found["original_shape2D_PixelSurface"] == area
    assert found["original_shape2D_MeshSurface"] == area / 2
    assert found["original_shape2D_Perimeter"] == pytest.approx(2 * np.hypot(*SPACING))
    assert found["original_shape2D_MaximumDiameter"] == 0.5
    assert found["original_glszm_ZonePercentage"] == 1.0
    assert found["original_ngtdm_Coarseness"] == 1e6


def test_flat_region_analytic() -> None:
    found = measure(np.full((9, 8), 60.0), np.ones((9, 8), dtype=np.bool_), ORIGINAL)
    assert not any(np.isnan(value) for value in found.values())
    expected = {
        "firstorder_Variance": 0.0,
        "firstorder_Skewness": 0.0,
        "firstorder_Kurtosis": 0.0,
        "firstorder_Entropy": 0.0,
        "firstorder_TotalEnergy": 72 * 3600.0 * 0.125,
        "glcm_Correlation": 1.0,
        "glcm_MCC": 1.0,
        "glcm_Imc1": 0.0,
        "glcm_Imc2": 0.0,
        "glcm_JointEntropy": 0.0,
        "glcm_Contrast": 0.0,
        "glcm_InverseVariance": 0.0,
        "glszm_LargeAreaEmphasis": 72.0**2,
        "ngtdm_Busyness": 0.0,
        "ngtdm_Coarseness": 1e6,
        "ngtdm_Complexity": 0.0,
        "ngtdm_Contrast": 0.0,
        "ngtdm_Strength": 0.0,
    }
    for name, value in expected.items():
        assert found[f"original_{name}"] == pytest.approx(value, abs=1e-15), name


def test_two_rows_of_two_levels_analytic() -> None:
    pixels = np.array([[0.0, 0.0, 0.0], [30.0, 30.0, 30.0]])
    found = measure(pixels, np.ones((2, 3), dtype=np.bool_), ORIGINAL)
    # Across, neighbours are equal; in the other three directions they always differ by one level.
    assert found["original_glcm_Contrast"] == pytest.approx(3 / 4)
    assert found["original_glcm_Correlation"] == pytest.approx((1 - 1 - 1 - 1) / 4)
    assert found["original_glcm_MCC"] == pytest.approx(1.0)
    assert found["original_glrlm_RunPercentage"] == pytest.approx((2 + 6 + 6 + 6) / 6 / 4)
    assert found["original_glszm_ZoneEntropy"] == pytest.approx(1.0)
    assert found["original_gldm_LargeDependenceEmphasis"] == pytest.approx((4 * 2**2 + 2 * 3**2) / 6)


def test_two_far_pixels_analytic() -> None:
    found = measure(PIXELS, mask_at((30, 41), (0, 0), (29, 40)), ORIGINAL)
    undefined = {name.split("_", 1)[1] for name, value in found.items() if np.isnan(value)}
    # Neither a pair nor a line of two pixels, and no pixel between the 10th and the 90th percentile.
    assert {name for name in undefined if not name.startswith(("glcm", "glrlm"))} == {
        "firstorder_RobustMeanAbsoluteDeviation"
    }
    assert found["original_shape2D_MaximumDiameter"] > np.hypot(29 * SPACING[0], 40 * SPACING[1])
    assert found["original_shape2D_Elongation"] == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("along", ["row", "column", "border"])
def test_lines_are_finite_analytic(along: str) -> None:
    lines: dict[str, tuple[int | slice, int | slice]] = {
        "row": (7, slice(None)),
        "column": (slice(None), 9),
        "border": (0, slice(None)),
    }
    mask = np.zeros(PIXELS.shape, dtype=np.bool_)
    mask[lines[along]] = True
    assert all(np.isfinite(value) for value in measure(PIXELS, mask).values())


def test_place_in_the_picture_does_not_matter_analytic() -> None:
    pixels = np.zeros((40, 50))
    pixels[5:20, 6:30] = PIXELS[:15, :24]
    mask = np.zeros((40, 50), dtype=np.bool_)
    mask[5:20, 6:30] = True
    inside = measure(pixels, mask, ORIGINAL)
    bordering = measure(PIXELS[:15, :24].copy(), np.ones((15, 24), dtype=np.bool_), ORIGINAL)
    assert inside == bordering


def test_thousands_of_levels_are_measured_analytic() -> None:
    pixels = np.random.default_rng(3).normal(scale=80.0, size=(60, 60))
    found = measure(pixels, np.ones((60, 60), dtype=np.bool_), FeatureSettings(bin_width=0.01, filters=("original",)))
    assert all(np.isfinite(value) for value in found.values())
    assert found["original_firstorder_Entropy"] > 11.0
    assert 0.0 < found["original_glcm_MCC"] <= 1.0 + 1e-9


def test_bad_input_is_named_analytic() -> None:
    mask = np.ones(PIXELS.shape, dtype=np.bool_)
    region = Region("I", mask, SPACING)
    with pytest.raises(InputError, match="at least one region is needed"):
        extract(image_of(PIXELS), [])
    with pytest.raises(InputError, match=r"own name, got I, I \(case 7, x.png\)"):
        extract(image_of(PIXELS), [region, region], case_id="7")
    with pytest.raises(InputError, match=r"image's shape \(30, 41\), got region I of shape \(29, 41\)"):
        extract(image_of(PIXELS), [Region("I", mask[1:], SPACING)])
    with pytest.raises(InputError, match=r"65535 grey levels.* \(case 7, x.png\)"):
        extract(image_of(PIXELS), [region], FeatureSettings(bin_width=1e-5), case_id="7")


def test_maximal_correlation_of_many_levels_is_that_of_few_naive(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    smooth = np.cumsum(rng.integers(-2, 3, size=(40, 40)), axis=1).astype(np.float64)
    pictures = [rng.normal(size=(40, 40)), smooth, smooth.T.copy(), PIXELS % 7, np.tile([0.0, 9.0], (4, 5))]
    settings = FeatureSettings(bin_width=0.05, filters=("original",))
    dense = [measure(pixels, np.ones(pixels.shape, dtype=np.bool_), settings) for pixels in pictures]
    monkeypatch.setattr("perirad.features.glcm._DENSE_EIGENVALUES", 0)
    sparse = [measure(pixels, np.ones(pixels.shape, dtype=np.bool_), settings) for pixels in pictures]
    for fast, slow in zip(sparse, dense, strict=True):
        assert fast["original_glcm_MCC"] == pytest.approx(slow["original_glcm_MCC"], rel=1e-9)
