"""LoG, gradient, binary patterns and pointwise filters: ITK, slow twins, closed forms, boxes."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813
from tests.reference.lbp import pattern
from tests.reference.log import along

from perirad._kernels import LANES
from perirad.arrays import FloatArray
from perirad.features.columns import feature_names
from perirad.features.extract import extract
from perirad.features.log import coefficients, laplacian_of_gaussian, laplacians_of_gaussian, log_is_defined
from perirad.features.pointwise import POINTWISE, gradient, local_binary_patterns
from perirad.features.settings import FILTERS, FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SHAPES = [(4, 4), (4, 33), (17, 5), (16, 16), (31, 50), (65, 47)]
EVERY = FeatureSettings(filters=FILTERS)
BOXES = [Box(0, 0, 31, 50), Box(3, 7, 20, 21), Box(30, 49, 31, 50), Box(0, 0, 1, 1)]


def random_picture(shape: tuple[int, int], seed: int = 3) -> FloatArray:
    return np.random.default_rng(seed).integers(0, 256, size=shape).astype(np.float64)


def itk_picture(pixels: FloatArray, spacing_mm: tuple[float, float]) -> sitk.Image:
    picture = sitk.GetImageFromArray(pixels)
    picture.SetSpacing((spacing_mm[1], spacing_mm[0]))
    return picture


@pytest.mark.parametrize("spacing_mm", [(0.5, 0.5), (0.12, 0.09)])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sigma_mm", [0.3, 1.0, 5.0])
def test_laplacian_bit_for_bit_itk(shape: tuple[int, int], spacing_mm: tuple[float, float], sigma_mm: float) -> None:
    pixels = random_picture(shape) + 0.1
    expected = sitk.LaplacianRecursiveGaussian(
        itk_picture(pixels, spacing_mm), sigma=sigma_mm, normalizeAcrossScale=True
    )
    np.testing.assert_array_equal(laplacian_of_gaussian(pixels, spacing_mm, sigma_mm), sitk.GetArrayFromImage(expected))


@pytest.mark.parametrize("shape", SHAPES)
def test_laplacian_naive(shape: tuple[int, int]) -> None:
    pixels, spacing_mm = random_picture(shape, 8), (0.4, 0.3)
    smooth_down, curve_down = coefficients(0.8, spacing_mm[0])
    smooth_across, curve_across = coefficients(0.8, spacing_mm[1])
    horizontal = along(along(pixels, curve_across, 1), smooth_down, 0) * (1.0 / (0.3 * 0.3))
    vertical = along(along(pixels, curve_down, 0), smooth_across, 1) * (1.0 / (0.4 * 0.4))
    expected = (horizontal.astype(np.float32) + vertical).astype(np.float32)
    np.testing.assert_array_equal(laplacian_of_gaussian(pixels, spacing_mm, 0.8), expected)


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("shape", [*SHAPES, (5, 4), (24, 25), (97, 130), (201, 70)])
def test_laplacians_are_itk_s_on_every_instruction_set_itk(shape: tuple[int, int], lanes: int) -> None:
    pixels, sigmas_mm = random_picture(shape, 5) * 1.1, (0.05, 0.4, 1.0, 3.0)
    found = laplacians_of_gaussian(pixels, (0.12, 0.09), sigmas_mm, lanes=lanes)
    for one, sigma_mm in zip(found, sigmas_mm, strict=True):
        picture = itk_picture(pixels, (0.12, 0.09))
        expected = sitk.LaplacianRecursiveGaussian(picture, sigma=sigma_mm, normalizeAcrossScale=True)
        np.testing.assert_array_equal(one, sitk.GetArrayFromImage(expected))


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("seed", range(12))
def test_laplacians_in_a_box_are_a_part_of_the_whole_analytic(seed: int, lanes: int) -> None:
    rng = np.random.default_rng(seed)
    shape = rng.integers(4, 120, size=2)
    (top, bottom), (left, right) = (np.sort(rng.choice(side + 1, 2, replace=False)) for side in shape)
    box, pixels = Box(int(top), int(left), int(bottom), int(right)), random_picture(tuple(shape), seed)
    part = laplacians_of_gaussian(pixels, (0.2, 0.3), (0.7, 2.0), box, lanes)
    for one, sigma_mm in zip(part, (0.7, 2.0), strict=True):
        np.testing.assert_array_equal(one, laplacian_of_gaussian(pixels, (0.2, 0.3), sigma_mm)[top:bottom, left:right])


def test_laplacian_of_flat_and_curved_pictures_analytic() -> None:
    row, column = np.indices((120, 140)) * 0.1
    flat = laplacian_of_gaussian(np.full((120, 140), 80.0), (0.1, 0.1), 1.0)
    np.testing.assert_allclose(flat, 0.0, atol=1e-3)
    # Far from the border, of a r² + b c² it is 2 sigma² (a + b).
    bowl = laplacian_of_gaussian(3.0 * row**2 - 1.0 * column**2, (0.1, 0.1), 0.5)
    np.testing.assert_allclose(bowl[50:70, 60:80], 2.0 * 0.25 * (3.0 - 1.0), rtol=2e-3)


@pytest.mark.parametrize("box", BOXES)
def test_a_box_is_a_part_of_the_whole_analytic(box: Box) -> None:
    pixels, inside = random_picture((31, 50)), np.s_[box.top : box.bottom, box.left : box.right]
    for whole, part in (
        (laplacian_of_gaussian(pixels, (0.2, 0.3), 0.7), laplacian_of_gaussian(pixels, (0.2, 0.3), 0.7, box)),
        (gradient(pixels, (0.2, 0.3)), gradient(pixels, (0.2, 0.3), box)),
        (local_binary_patterns(pixels), local_binary_patterns(pixels, box)),
    ):
        np.testing.assert_array_equal(part, whole[inside])


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), *SHAPES])
def test_gradient_bit_for_bit_itk(shape: tuple[int, int]) -> None:
    pixels, spacing_mm = random_picture(shape), (0.12, 0.09)
    expected = sitk.GradientMagnitude(itk_picture(pixels, spacing_mm), True)
    np.testing.assert_array_equal(gradient(pixels, spacing_mm), sitk.GetArrayFromImage(expected))


@pytest.mark.parametrize("levels", [2, 4, 256])
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (23, 19)])
def test_binary_patterns_naive(shape: tuple[int, int], levels: int) -> None:
    pixels = np.random.default_rng(levels).integers(0, levels, size=shape).astype(np.float64) * 37.0
    expected = [[pattern(pixels, r, c) for c in range(shape[1])] for r in range(shape[0])]
    np.testing.assert_array_equal(local_binary_patterns(pixels), expected)


def test_pointwise_filters_keep_sign_and_range_analytic() -> None:
    pixels = np.array([[-200.0, -1.0, 0.0], [1.0, 50.0, 100.0]])
    expected = {
        "square": pixels**2 / 200.0,
        "squareroot": np.sign(pixels) * np.sqrt(200.0 * np.abs(pixels)),
        "logarithm": np.sign(pixels) * 200.0 * np.log1p(np.abs(pixels)) / np.log(201.0),
        "exponential": 200.0 ** (pixels / 200.0),
    }
    for name, function in POINTWISE.items():
        np.testing.assert_allclose(function(pixels, 200.0), expected[name], rtol=1e-14)


@pytest.mark.parametrize(
    ("shape", "defined"), [((3, 30), False), ((4, 30), True), ((30, 9), False), ((30, 10), False), ((11, 11), True)]
)
def test_laplacian_needs_room_pyradiomics(shape: tuple[int, int], defined: bool) -> None:
    sigma_mm = 1.0 if 4 in shape else 3.0
    assert log_is_defined(shape, (0.4, 0.3), sigma_mm) == defined


def test_undefined_images_are_nan_analytic() -> None:
    dark, spacing_mm = np.zeros((6, 7)), (0.4, 0.4)
    image = Image(dark, spacing_mm, Calibration(Source.STATED, "test"), Box(0, 0, 6, 7))
    table = extract(image, [Region("I", np.ones((6, 7), dtype=np.bool_), spacing_mm)], EVERY)
    found = dict(zip(feature_names(EVERY), table.values[0], strict=True))
    undefined = {name.split("_")[0] for name, value in found.items() if np.isnan(value)}
    sigmas = {f"log-sigma-{k}-0-mm-3D" for k in (3, 4, 5)}
    assert undefined == sigmas | set(POINTWISE)
    for name, value in found.items():
        assert np.isnan(value) == (name.split("_")[0] in undefined), name


def test_filters_alone_have_no_shape_analytic() -> None:
    assert len(feature_names(FeatureSettings(filters=("log", "gradient"), log_sigma_mm=(2.0,)))) == 2 * 93
