"""Filters against their definitions on small arrays, and properties that follow from the formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Literal, cast

import numpy as np
import pytest
from tests.reference import filters as plain

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary, extended
from perirad.features.filters.gabor import gabor, gabor_of_planes
from perirad.features.filters.laws import KERNELS, laws, laws_energy
from perirad.features.filters.log import laplacian_of_gaussian
from perirad.features.filters.mean import mean
from perirad.features.filters.riesz import riesz
from perirad.features.filters.separable import Cascade, Taps, convolve, convolve_rotated
from perirad.features.filters.simoncelli import simoncelli, simoncelli_transfer
from perirad.features.filters.wavelet_separable import separable_wavelet, wavelet_filters

BOUNDARIES: tuple[Boundary, ...] = ("zero", "nearest", "periodic", "mirror")


def noise(*shape: int) -> FloatArray:
    return np.random.default_rng(7).normal(10.0, 3.0, size=shape)


def taps(*values: float, centre: int) -> Cascade:
    return (Taps(values, centre),)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_convolution_naive(boundary: Boundary) -> None:
    along_x, along_y = (1.0, -2.0, 0.5, 3.0), (0.25, 1.0, -1.0)
    found = convolve(noise(5, 6), [taps(*along_x, centre=2), taps(*along_y, centre=1)], boundary)
    expected = plain.convolved(noise(5, 6), np.outer(along_y, along_x), (1, 2), boundary)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_kernel_longer_than_the_image_naive(boundary: Boundary) -> None:
    long = tuple(float(value) for value in range(1, 12))
    found = convolve(noise(3, 4), [taps(*long, centre=5), taps(1.0, centre=0)], boundary)
    np.testing.assert_allclose(found, plain.convolved(noise(3, 4), np.array([long]), (0, 5), boundary), atol=1e-11)


@pytest.mark.parametrize("pooling", ["max", "average"])
@pytest.mark.parametrize(
    "kernels",
    [
        (KERNELS["L5"], KERNELS["E5"]),
        (KERNELS["E3"], KERNELS["E3"]),
        (KERNELS["W5"], KERNELS["R5"], KERNELS["E3"]),
        (KERNELS["L5"], KERNELS["E5"], KERNELS["E5"]),
        (Taps((1.0, 2.0, -4.0, 0.5), 2), Taps((1.0, 2.0, -4.0, 0.5), 2), Taps((3.0, -1.0), 1)),
        (Taps((1.0, 0.0, -1.0, 0.0), 2), Taps((2.0, 1.0), 1)),
    ],
)
def test_rotated_filter_is_filter_on_turned_image_naive(
    kernels: tuple[Taps, ...], pooling: Literal["max", "average"]
) -> None:
    image = noise(*(4, 5, 6)[: len(kernels)])
    chain = [(kernel,) for kernel in kernels]
    responses = [back(convolve(turned, chain, "nearest")) for turned, back in plain.turns(image)]
    assert len(responses) == {2: 4, 3: 24}[len(kernels)]
    expected = np.max(responses, axis=0) if pooling == "max" else np.mean(responses, axis=0)
    np.testing.assert_allclose(convolve_rotated(image, chain, "nearest", pooling), expected, atol=1e-11)


def test_rotated_wavelet_of_level_two_naive() -> None:
    image = noise(6, 5, 7)
    responses = [
        back(separable_wavelet(turned, wavelet="db2", subband="LHH", level=2)) for turned, back in plain.turns(image)
    ]
    found = separable_wavelet(image, wavelet="db2", subband="LHH", level=2, pooling="average")
    np.testing.assert_allclose(found, np.mean(responses, axis=0), atol=1e-11)


@pytest.mark.parametrize("shape", [(9, 8), (5, 6, 7)])
def test_laplacian_of_gaussian_naive(shape: tuple[int, ...]) -> None:
    dimensions: Literal[2, 3] = 2 if len(shape) == 2 else 3
    found = laplacian_of_gaussian(noise(*shape), sigma_mm=0.6, pixel_mm=0.5, truncation=2.0, dimensions=dimensions)
    kernel = plain.gauss_laplace_kernel(1.2, 2, dimensions)
    np.testing.assert_allclose(found, plain.convolved(noise(*shape), kernel, (2,) * dimensions, "mirror"), atol=1e-12)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_gabor_naive(boundary: Boundary) -> None:
    found = gabor(noise(6, 7), sigma_mm=0.5, lambda_mm=1.5, gamma=0.8, pixel_mm=0.5, theta=[0.7], boundary=boundary)
    kernel = plain.gabor_kernel(1.0, 3.0, 0.8, 0.7, 8)
    expected = np.abs(plain.convolved(noise(6, 7), kernel, (8, 8), boundary))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_gabor_pooling_analytic() -> None:
    image, turns = noise(20, 18), [0.2, 1.0, 0.2 + math.pi]

    def response(theta: list[float], pooling: Literal["max", "average"]) -> FloatArray:
        return gabor(image, sigma_mm=1.0, lambda_mm=3.0, gamma=1.0, pixel_mm=1.0, theta=theta, pooling=pooling)

    one, two = response([0.2], "average"), response([1.0], "average")
    np.testing.assert_allclose(response(turns, "average"), (2.0 * one + two) / 3.0, rtol=1e-9)
    np.testing.assert_allclose(response(turns, "max"), np.maximum(one, two), rtol=1e-9)


def test_gabor_of_planes_turns_with_the_volume_analytic() -> None:
    volume, theta = noise(8, 9, 10), [step * math.pi / 4.0 for step in range(8)]

    def response(voxels: FloatArray) -> FloatArray:
        return gabor_of_planes(voxels, sigma_mm=1.0, lambda_mm=2.0, gamma=0.9, pixel_mm=1.0, theta=theta)

    expected = response(volume)
    for turned, back in plain.turns(volume):
        np.testing.assert_allclose(back(response(turned)), expected, rtol=1e-9)


def test_mean_of_a_window_naive() -> None:
    kernel = np.full((3, 3, 3), 1.0 / 27.0)
    for boundary in BOUNDARIES:
        found = mean(noise(3, 4, 5), support=3, dimensions=3, boundary=boundary)
        np.testing.assert_allclose(found, plain.convolved(noise(3, 4, 5), kernel, (1, 1, 1), boundary), atol=1e-12)


def test_laws_energy_is_mean_of_absolute_response_analytic() -> None:
    response = laws(noise(12, 11), kernels="E5S5")
    assert response.min() < 0.0
    np.testing.assert_array_equal(laws_energy(response, delta=2), mean(np.abs(response), support=5))


@pytest.mark.parametrize("name", KERNELS)
def test_laws_kernels_have_unit_energy_analytic(name: str) -> None:
    assert math.fsum(value * value for value in KERNELS[name].values) == pytest.approx(1.0, abs=1e-15)
    assert name[0] == "L" or sum(KERNELS[name].values) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("wavelet", ["haar", *(f"db{n}" for n in range(2, 11)), "coif1"])
def test_wavelets_are_orthonormal_analytic(wavelet: str) -> None:
    low, high = wavelet_filters(wavelet)
    n = low.size
    for shift in range(0, n, 2):
        alike = 1.0 if shift == 0 else 0.0
        assert np.dot(low[shift:], low[: n - shift]) == pytest.approx(alike, abs=1e-9)
        assert np.dot(high[shift:], high[: n - shift]) == pytest.approx(alike, abs=1e-9)
        assert np.dot(low[shift:], high[: n - shift]) == pytest.approx(0.0, abs=1e-9)
    assert low.sum() == pytest.approx(math.sqrt(2.0), abs=1e-9)


@pytest.mark.parametrize("n_moments", range(1, 11))
def test_vanishing_moments_analytic(n_moments: int) -> None:
    _, high = wavelet_filters(f"db{n_moments}")
    x = np.linspace(-1.0, 1.0, high.size)
    for power in range(n_moments):
        assert np.dot(high, x**power) == pytest.approx(0.0, abs=1e-9)
    assert abs(np.dot(high, x**n_moments)) > 1e-9


def test_second_and_third_daubechies_wavelet_analytic() -> None:
    root = math.sqrt(3.0)
    expected = np.array([1.0 - root, 3.0 - root, 3.0 + root, 1.0 + root]) / (4.0 * math.sqrt(2.0))
    np.testing.assert_allclose(wavelet_filters("db2")[0], expected, atol=1e-14)
    np.testing.assert_allclose(wavelet_filters("db2")[1], expected[::-1] * [-1.0, 1.0, -1.0, 1.0], atol=1e-14)
    a, b = math.sqrt(10.0), math.sqrt(5.0 + 2.0 * math.sqrt(10.0))
    third = np.array([1 + a + b, 5 + a + 3 * b, 10 - 2 * a + 2 * b, 10 - 2 * a - 2 * b, 5 + a - 3 * b, 1 + a - b])
    np.testing.assert_allclose(wavelet_filters("db3")[0], third[::-1] / (16.0 * math.sqrt(2.0)), atol=1e-13)
    np.testing.assert_array_equal(wavelet_filters("haar")[0], wavelet_filters("db1")[0])


def test_flat_image_analytic() -> None:
    flat = np.full((10, 12), 5.0)
    np.testing.assert_allclose(mean(flat, support=3), flat, atol=1e-12)
    np.testing.assert_allclose(separable_wavelet(flat, wavelet="db3", subband="LL", level=2), 4.0 * flat, atol=1e-12)
    for band in ("LH", "HL", "HH"):
        np.testing.assert_allclose(separable_wavelet(flat, wavelet="coif1", subband=band), 0.0, atol=1e-12)
    np.testing.assert_allclose(laws(flat, kernels="L5E5", pooling="max"), 0.0, atol=1e-12)
    np.testing.assert_allclose(riesz(np.full((9, 9), 5.0), order=(1, 0)), 0.0, atol=1e-12)


def test_first_letter_is_the_last_axis_analytic() -> None:
    ramp = np.tile(np.arange(12.0), (10, 1))  # grows along x
    inside = (slice(4, -4), slice(4, -4))
    assert np.abs(laws(ramp, kernels="E5L5")[inside]).min() > 1.0
    np.testing.assert_allclose(laws(ramp, kernels="L5E5")[inside], 0.0, atol=1e-12)
    assert np.abs(separable_wavelet(ramp, wavelet="haar", subband="HL")[inside]).min() > 0.5
    np.testing.assert_allclose(separable_wavelet(ramp, wavelet="haar", subband="LH")[inside], 0.0, atol=1e-12)
    assert np.abs(riesz(ramp, order=(1, 0))[inside]).max() > 0.1
    np.testing.assert_allclose(riesz(noise(1, 11).repeat(9, axis=0), order=(0, 1)), 0.0, atol=1e-12)


SLICED: list[Callable[[FloatArray], FloatArray]] = [
    lambda a: mean(a, support=5),
    lambda a: laplacian_of_gaussian(a, sigma_mm=1.0, pixel_mm=0.7),
    lambda a: laws(a, kernels="S5W5", pooling="max"),
    lambda a: gabor(a, sigma_mm=1.0, lambda_mm=2.0, gamma=1.0, pixel_mm=1.0, theta=(0.0, 0.5), pooling="max"),
    lambda a: separable_wavelet(a, wavelet="db2", subband="LH", pooling="average"),
    lambda a: simoncelli(a, level=2),
    lambda a: riesz(a, order=(1, 2)),
]


@pytest.mark.parametrize("filtered", SLICED)
def test_slice_by_slice_analytic(filtered: Callable[[FloatArray], FloatArray]) -> None:
    volume = noise(3, 14, 13)
    for voxels, response in zip(volume, filtered(volume), strict=True):
        np.testing.assert_allclose(filtered(voxels), response, atol=1e-12)


def test_simoncelli_levels_share_the_energy_analytic() -> None:
    bands = [simoncelli_transfer((33, 31, 32), level=level) for level in (1, 2)]
    between = (bands[0] > 0.0) & (bands[1] > 0.0)
    assert between.any()
    np.testing.assert_allclose((bands[0] ** 2 + bands[1] ** 2)[between], 1.0, atol=1e-12)


def test_simoncelli_of_a_wave_analytic() -> None:
    n = 65  # the frequencies of a side of odd length are k / 32
    wave = np.cos(2.0 * math.pi * 16.0 * np.arange(n) / n) * np.ones((n, 1))
    np.testing.assert_allclose(simoncelli(wave, level=1), wave, atol=1e-12)
    np.testing.assert_allclose(simoncelli(wave, level=2), 0.0, atol=1e-12)


def test_riesz_of_a_wave_is_its_quadrature_analytic() -> None:
    phase = 2.0 * math.pi * 5.0 * np.arange(31) / 31 * np.ones((31, 1))
    np.testing.assert_allclose(riesz(np.cos(phase), order=(1, 0)), np.sin(phase), atol=1e-12)
    np.testing.assert_allclose(riesz(np.cos(phase), order=(2, 0)), -np.cos(phase), atol=1e-12)


@pytest.mark.parametrize("total", [1, 2, 3])
def test_riesz_orders_share_the_energy_analytic(total: int) -> None:
    volume = noise(7, 9, 5)
    orders = [order for order in product(range(total + 1), repeat=3) if sum(order) == total]
    energy = sum(float((riesz(volume, order=order) ** 2).sum()) for order in orders)
    assert energy == pytest.approx(float(((volume - volume.mean()) ** 2).sum()), rel=1e-12)


def test_whole_numbers_are_not_cut_off_analytic() -> None:
    levels = np.random.default_rng(5).integers(0, 256, size=(14, 13), dtype=np.uint8)
    for filtered in SLICED:
        np.testing.assert_array_equal(filtered(cast("FloatArray", levels)), filtered(levels.astype(np.float64)))


def test_extended_analytic() -> None:
    line = np.array([[1.0, 2.0, 3.0]])
    expected = {"zero": [0, 0], "nearest": [1, 1], "periodic": [2, 3], "mirror": [2, 1]}
    for boundary in BOUNDARIES:
        np.testing.assert_array_equal(extended(line, 2, 1, boundary)[0, :2], expected[boundary])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda a: mean(a, support=4), "support of the mean filter must be odd and positive, got support=4"),
        (lambda a: mean(a, support=3, dimensions=3), "needs an array of as many axes"),
        (
            lambda a: mean(a, support=3, boundary=cast("Boundary", "wrap")),
            "boundary must be one of zero, nearest, periodic, mirror",
        ),
        (lambda a: laplacian_of_gaussian(a, sigma_mm=0.0, pixel_mm=1.0), "must be positive"),
        (lambda a: laws(a, kernels="L5X5"), "Laws kernels must be two or three"),
        (lambda a: laws(a, kernels="L5"), "Laws kernels must be two or three"),
        (lambda a: gabor(a, sigma_mm=1.0, lambda_mm=1.0, gamma=1.0, pixel_mm=1.0, theta=()), "an orientation"),
        (lambda a: gabor(a, sigma_mm=1.0, lambda_mm=1.0, gamma=0.0, pixel_mm=1.0, theta=(0.0,)), "must be positive"),
        (lambda a: separable_wavelet(a, wavelet="db11", subband="LH"), "wavelet must be haar"),
        (lambda a: separable_wavelet(a, wavelet="db2", subband="LX"), "subband must be"),
        (lambda a: separable_wavelet(a, wavelet="db2", subband="LH", level=0), "at least 1"),
        (lambda a: simoncelli(a, level=0), "at least 1"),
        (lambda a: riesz(a, order=(0, 0)), "Riesz order must be"),
    ],
)
def test_wrong_settings_analytic(wrong: Callable[[FloatArray], FloatArray], message: str) -> None:
    with pytest.raises(InputError, match=message):
        wrong(noise(6, 6))
