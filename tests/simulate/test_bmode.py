"""The physics: speckle statistics of scatterers that are many, and few."""

from __future__ import annotations

import math

import numpy as np
import pytest

from perirad.simulate.bmode import CENTRES, FWHM, Scanner, beam_sd_mm, beamform, compress, pulse_sd_mm, scatterers

FOCUS_MM = 16.0


def looks(density: float, scanner: Scanner, seed: int = 5) -> np.ndarray[tuple[int, ...], np.dtype[np.complex64]]:
    """Echo of a uniform medium, without the borders that the zero padding darkens."""
    shape = (440, 520)
    ones = np.ones(shape, dtype=np.float32)
    field = scatterers(np.random.default_rng(seed), ones, np.float32(density) * ones)
    return beamform(field, scanner, focus_mm=FOCUS_MM)[:, 20:-20, 40:-40]


@pytest.mark.parametrize("centre", ["A", "B"])
def test_fully_developed_speckle_is_rayleigh_analytic(centre: str) -> None:
    for look in looks(1.0, CENTRES[centre]):
        envelope = np.abs(look).astype(np.float64)
        assert envelope.mean() / envelope.std() == pytest.approx(math.sqrt(math.pi / (4.0 - math.pi)), rel=0.03)
        third = np.mean((envelope - envelope.mean()) ** 3) / envelope.std() ** 3
        assert third == pytest.approx(2.0 * math.sqrt(math.pi) * (math.pi - 3.0) / (4.0 - math.pi) ** 1.5, abs=0.08)


@pytest.mark.parametrize("centre", ["A", "B"])
@pytest.mark.parametrize("density", [1.0, 0.2])
def test_mean_power_is_that_of_the_scatterers_analytic(centre: str, density: float) -> None:
    for look in looks(density, CENTRES[centre]):
        assert np.mean(np.abs(look) ** 2) == pytest.approx(1.0, rel=0.06)


def test_power_excess_of_few_scatterers_analytic() -> None:
    """Kurtosis of thinned scatterers: E|z|^4 / E(|z|^2)^2 = 2 + (m4 / p - 2) * sum h^4 / (sum h^2)^2, per row.

    The parts of one scatterer are uniform, so E|a|^4 / E(|a|^2)^2 = 1.4; its parts are independent and alike, which
    makes the pseudo-variance zero.
    """
    scanner, density = CENTRES["A"], 0.05
    shape = (440, 520)
    rows = np.arange(20, shape[0] - 20, dtype=np.float64)
    mm = scanner.spacing_mm
    # Sum of h^4 over (sum of h^2)^2 of a sampled Gaussian of width s is 1 / (s * sqrt(2 pi)).
    axial = 1.0 / (pulse_sd_mm(scanner) / mm * math.sqrt(2.0 * math.pi))
    lateral = 1.0 / (beam_sd_mm(scanner, rows * mm, FOCUS_MM) / mm * math.sqrt(2.0 * math.pi))
    expected = float(np.mean(2.0 + (1.4 / density - 2.0) * axial * lateral))
    found = [np.abs(looks(density, scanner, seed)[1]).astype(np.float64) ** 2 for seed in (1, 2, 3)]
    power = np.stack(found)
    assert np.mean(power**2) / np.mean(power) ** 2 == pytest.approx(expected, rel=0.05)


def test_fewer_scatterers_spread_the_envelope_more_analytic() -> None:
    snr = []
    for density in (1.0, 0.2, 0.05):
        envelope = np.abs(looks(density, CENTRES["A"])[1])
        snr.append(envelope.mean() / envelope.std())
    assert snr[0] > snr[1] + 0.05 > snr[2] + 0.1


def test_beam_is_narrowest_at_the_focus_and_widens_with_depth_analytic() -> None:
    scanner = CENTRES["A"]
    depth = np.array([FOCUS_MM, 24.0, 36.0])
    width = beam_sd_mm(scanner, depth, FOCUS_MM) * FWHM
    assert width[0] == pytest.approx(1.54 / 12.0 * scanner.f_number)
    assert width[0] < width[1] < width[2]


@pytest.mark.parametrize("centre", ["A", "B"])
def test_speckle_is_wider_than_tall_and_grows_with_depth_analytic(centre: str) -> None:
    """The autocorrelation of the echo of a Gaussian kernel of width s is exp(-d^2 / 4 s^2) at the lag d."""
    scanner = CENTRES[centre]
    look = looks(1.0, scanner)[1].astype(np.complex128)
    lag = 3

    def correlation(axis: int, rows: slice) -> float:
        part = np.moveaxis(look[rows], axis, 0)
        return float(np.real(np.vdot(part[:-lag], part[lag:])) / np.sum(np.abs(part[lag:]) ** 2))

    mm, n = scanner.spacing_mm, look.shape[0]
    for rows in (slice(n // 3, n // 2), slice(n - n // 6, n)):
        depth = (np.arange(n)[rows] + 20) * mm
        sd = beam_sd_mm(scanner, depth, FOCUS_MM) / mm
        assert correlation(1, rows) == pytest.approx(float(np.mean(np.exp(-(lag**2) / (4.0 * sd**2)))), abs=0.04)
    assert correlation(1, slice(n - n // 6, n)) > correlation(1, slice(n // 3, n // 2)) > correlation(0, slice(0, n))


def test_compression_maps_decibels_to_grey_analytic() -> None:
    scanner = CENTRES["B"]
    level_db = np.array([scanner.white_db + 5.0, scanner.white_db, scanner.white_db - 0.5 * scanner.dynamic_range_db])
    echo = (10.0 ** (level_db / 20.0)).astype(np.complex64).reshape(1, 1, 3)
    assert compress(echo, scanner)[0].tolist() == pytest.approx([255.0, 255.0, 127.5], abs=0.51)
    step = 10.0 * 255.0 / scanner.dynamic_range_db
    brighter = compress(echo, scanner, gain_db=-10.0).astype(int)
    assert brighter[0, 1] == pytest.approx(255.0 - step, abs=1.0)
