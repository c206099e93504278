"""Wavelet bands: filter conditions, slow twin, energy, boxes."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reference.wavelet import band

from perirad.features.wavelet import BANDS, COIF1_HIGH, COIF1_LOW, bands
from perirad.image.image import Box

TAPS = {"L": COIF1_LOW, "H": COIF1_HIGH}


def test_coiflet_conditions_analytic() -> None:
    k = np.arange(6)
    assert COIF1_LOW.sum() == pytest.approx(np.sqrt(2.0), rel=1e-14)
    assert float(COIF1_LOW @ COIF1_LOW) == pytest.approx(1.0, rel=1e-14)
    for shift in (2, 4):
        assert COIF1_LOW[shift:] @ COIF1_LOW[:-shift] == pytest.approx(0.0, abs=1e-15)
    for moment in (0, 1):
        assert COIF1_HIGH @ k**moment == pytest.approx(0.0, abs=1e-14)
    assert float(COIF1_HIGH @ COIF1_LOW) == pytest.approx(0.0, abs=1e-15)


def test_coiflet_closed_form_analytic() -> None:
    r = np.sqrt(7.0)
    closed = np.array([r - 3, 1 - r, 14 - 2 * r, 14 + 2 * r, 5 + r, 1 - r]) / (16 * np.sqrt(2.0))
    np.testing.assert_allclose(COIF1_LOW, closed, rtol=1e-14)


@pytest.mark.parametrize("shape", [(8, 10), (7, 10), (8, 9), (5, 5), (1, 1), (2, 3)])
def test_bands_naive(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, size=shape).astype(np.float64)
    for name, found in zip(BANDS, bands(pixels), strict=True):
        expected = [
            [band(pixels, TAPS[name[1]], TAPS[name[0]], r, c) for c in range(shape[1])] for r in range(shape[0])
        ]
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-11)


def test_energy_is_kept_fourfold_analytic() -> None:
    pixels = np.random.default_rng(6).normal(size=(24, 30))
    assert (bands(pixels) ** 2).sum() == pytest.approx(4.0 * (pixels**2).sum(), rel=1e-12)


def test_flat_picture_has_twice_the_mean_in_ll_analytic() -> None:
    found = bands(np.full((9, 12), 50.0))
    np.testing.assert_allclose(found[0], 100.0, rtol=1e-13)
    np.testing.assert_allclose(found[1:], 0.0, atol=1e-12)


def test_horizontal_stripes_are_in_lh_analytic() -> None:
    stripes = np.tile([[0.0], [100.0]], (6, 14))
    energy = dict(zip(BANDS, (bands(stripes) ** 2).sum(axis=(1, 2)), strict=True))
    assert energy["LH"] > 1e3
    assert energy["HL"] == pytest.approx(0.0, abs=1e-18)
    assert energy["HH"] == pytest.approx(0.0, abs=1e-18)


@pytest.mark.parametrize("box", [Box(0, 0, 21, 33), Box(0, 0, 1, 1), Box(20, 32, 21, 33), Box(4, 7, 15, 30)])
def test_a_box_is_a_part_of_the_whole_analytic(box: Box) -> None:
    pixels = np.random.default_rng(7).normal(size=(21, 33))
    whole = bands(pixels)
    np.testing.assert_array_equal(bands(pixels, box), whole[:, box.top : box.bottom, box.left : box.right])
