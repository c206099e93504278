"""Responses within a box are those of the whole picture, for every filter and boundary."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary
from perirad.features.filters.gabor import gabor
from perirad.features.filters.laws import laws, laws_energy
from perirad.features.filters.log import laplacian_of_gaussian
from perirad.features.filters.mean import mean
from perirad.features.filters.records import (
    GaborFilter,
    LawsFilter,
    LogFilter,
    MeanFilter,
    ResponseFilter,
    RieszFilter,
    SimoncelliFilter,
    WaveletFilter,
)
from perirad.features.filters.responses import response, response_reach
from perirad.features.filters.riesz import riesz
from perirad.features.filters.simoncelli import simoncelli
from perirad.features.filters.wavelet_separable import separable_wavelet
from perirad.image.image import Box

MM = 0.25
PIXELS: FloatArray = np.random.default_rng(4).rayleigh(50.0, (64, 81))
BOXES = [Box(20, 30, 33, 52), Box(0, 0, 9, 11), Box(50, 60, 64, 81)]

FILTERS: tuple[ResponseFilter, ...] = (
    MeanFilter(7),
    LogFilter(0.6),
    LogFilter(0.5, truncation=3.0),
    LawsFilter("L5E5"),
    LawsFilter("S3E5", energy_delta=4, pooling="max"),
    GaborFilter(0.5, 0.9, 0.7, theta_deg=30.0),
    GaborFilter(0.4, 0.9, 1.5, step_deg=45.0, pooling="max"),
    WaveletFilter("db3", "LH"),
    WaveletFilter("coif1", "HH", level=2, pooling="average"),
    SimoncelliFilter(2),
    RieszFilter((1, 0)),
    RieszFilter((0, 2), simoncelli_level=1),
)
NAMES = (
    "mean-7px", "ibsi-log-0.6mm", "ibsi-log-0.5mm-cut3", "laws-L5E5", "laws-S3E5-energy4-max",
    "gabor-0.5mm-0.9mm-0.7-30deg", "gabor-0.4mm-0.9mm-1.5-by45deg-max", "db3-LH", "coif1-HH-2-average", "simoncelli-2",
    "riesz-1-0", "riesz-0-2-s1",
)  # fmt: skip
BOUNDARIES: tuple[Boundary, ...] = ("zero", "nearest", "periodic", "mirror")


def whole(chosen: ResponseFilter) -> FloatArray:
    """The tested function on the whole picture, called by hand."""
    b = chosen.boundary
    if isinstance(chosen, MeanFilter):
        return mean(PIXELS, support=chosen.support, boundary=b)
    if isinstance(chosen, LogFilter):
        return laplacian_of_gaussian(
            PIXELS, sigma_mm=chosen.sigma_mm, pixel_mm=MM, truncation=chosen.truncation, boundary=b
        )
    if isinstance(chosen, LawsFilter):
        found = laws(PIXELS, kernels=chosen.kernels, boundary=b, pooling=chosen.pooling)
        return found if chosen.energy_delta is None else laws_energy(found, delta=chosen.energy_delta, boundary=b)
    if isinstance(chosen, GaborFilter):
        theta = [math.radians(chosen.theta_deg)] if chosen.step_deg is None else [k * math.pi / 4 for k in range(8)]
        lengths = {"sigma_mm": chosen.sigma_mm, "lambda_mm": chosen.lambda_mm, "gamma": chosen.gamma, "pixel_mm": MM}
        return gabor(PIXELS, **lengths, theta=theta, boundary=b, pooling=chosen.pooling)
    if isinstance(chosen, WaveletFilter):
        words = {"wavelet": chosen.wavelet, "subband": chosen.subband}
        return separable_wavelet(PIXELS, **words, level=chosen.level, boundary=b, pooling=chosen.pooling)
    modes = {"zero": "constant", "nearest": "edge", "mirror": "symmetric", "periodic": "wrap"}
    wide = PIXELS if b == "periodic" else np.pad(PIXELS, 41, mode=modes[b])  # type: ignore[call-overload]
    if isinstance(chosen, SimoncelliFilter):
        found = simoncelli(wide, level=chosen.level)
    else:
        level = chosen.simoncelli_level
        found = riesz(wide if level is None else simoncelli(wide, level=level), order=chosen.order)
    return found if b == "periodic" else found[41:-41, 41:-41]


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("chosen", FILTERS, ids=NAMES)
def test_a_box_is_a_part_of_the_whole_naive(chosen: ResponseFilter, boundary: Boundary) -> None:
    chosen = replace(chosen, boundary=boundary)
    expected = whole(chosen)
    for box in BOXES:
        found = response(PIXELS, (MM, MM), box, chosen)
        part = expected[box.top : box.bottom, box.left : box.right]
        np.testing.assert_allclose(found, part, rtol=0.0, atol=1e-9 * np.abs(expected).max())


def test_names_are_stable_regression() -> None:
    assert tuple(chosen.name for chosen in FILTERS) == NAMES
    assert replace(FILTERS[0], boundary="zero").name == "mean-7px-zero"
    assert SimoncelliFilter(1, boundary="mirror").name == "simoncelli-1-mirror"
    assert all("_" not in name for name in NAMES)


def test_filters_of_the_whole_picture_have_no_reach_analytic() -> None:
    assert response_reach(SimoncelliFilter(), MM) is None
    assert response_reach(MeanFilter(3, boundary="periodic"), MM) is None
    assert response_reach(MeanFilter(3), MM) == 1


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (MeanFilter, {"support": 4}, "support of a mean filter must be odd, got 4"),
        (LogFilter, {"sigma_mm": 0.0}, "sigma and truncation of LoG must be positive"),
        (LawsFilter, {"kernels": "L5"}, "Laws kernels must be two of .* as L5E5, got 'L5'"),
        (LawsFilter, {"kernels": "L5E5", "energy_delta": -1}, "energy_delta must not be negative, got -1"),
        (
            GaborFilter,
            {"sigma_mm": 1.0, "lambda_mm": 0.0},
            "sigma, lambda and gamma of a Gabor filter must be positive",
        ),
        (GaborFilter, {"sigma_mm": 1.0, "lambda_mm": 1.0, "step_deg": 50.0}, "step_deg must divide a full turn"),
        (WaveletFilter, {"wavelet": "sym4", "subband": "LH"}, "wavelet must be haar, db1 to db10 or coif1, got 'sym4'"),
        (WaveletFilter, {"wavelet": "haar", "subband": "L"}, "subband must be LL, LH, HL or HH, got 'L'"),
        (SimoncelliFilter, {"level": 0}, "level of the Simoncelli wavelet must be 1 to 8, got 0"),
        (RieszFilter, {"order": (0, 0)}, "Riesz order must be two whole numbers, not both 0"),
    ],
)
def test_filters_are_checked_analytic(kind: type[ResponseFilter], settings: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        kind(**settings)  # type: ignore[arg-type]
