"""IBSI 2, phase 2: intensity statistics of the CT phantom's response maps, configurations A (2-D) and B (3-D)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk  # noqa: N813

from perirad.arrays import BoolArray, FloatArray
from perirad.features.filters.gabor import gabor, gabor_of_planes
from perirad.features.filters.laws import laws, laws_energy
from perirad.features.filters.log import laplacian_of_gaussian
from perirad.features.filters.mean import mean
from perirad.features.filters.simoncelli import simoncelli
from perirad.features.filters.wavelet_separable import separable_wavelet
from perirad.features.interpolation import interpolate, interpolate_mask
from perirad.features.statistics import STATISTICS, intensity_statistics

pytestmark = pytest.mark.shared

EXCEPTIONS = {
    ("8.B", "9S40"): "IBSI found no consensus on the quartile coefficient of dispersion: there is no reference value"
}
ROWS = tuple((f"{number}.{letter}", code) for number in range(1, 10) for letter in "AB" for code in STATISTICS)
Reference = dict[tuple[str, str], tuple[float, float]]


@dataclass(frozen=True)
class Case:
    """A processed phantom; axes (z, y, x), voxels of side `pixel_mm` in the filtered axes."""

    voxels: FloatArray
    region: BoolArray
    pixel_mm: float
    dimensions: Literal[2, 3]


@pytest.fixture(scope="module")
def reference(shared: Path) -> Reference:
    table = pd.read_csv(shared / "ibsi" / "reference_ibsi2.csv", dtype={"ibsi_id": str})
    keys = zip(table["filter_id"], table["ibsi_id"], strict=True)
    return dict(zip(keys, zip(table["value"], table["tolerance"], strict=True), strict=True))


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Case]:
    folder = shared / "ibsi" / "ct_phantom"
    image = sitk.ReadImage(str(folder / "image.nii.gz"))
    voxels: FloatArray = np.rint(sitk.GetArrayFromImage(image).astype(np.float64))
    mask: BoolArray = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "mask.nii.gz"))) > 0
    spacing_mm, cubic_mm = image.GetSpacing()[::-1], (1.0, 1.0, 1.0)
    fine = np.rint(interpolate(voxels, spacing_mm, cubic_mm, order=3))
    return {
        "A": Case(voxels, _resegmented(mask, voxels), spacing_mm[2], 2),
        "B": Case(fine, _resegmented(interpolate_mask(mask, spacing_mm, cubic_mm), fine), 1.0, 3),
    }


def _resegmented(mask: BoolArray, voxels: FloatArray) -> BoolArray:
    return mask & (voxels >= -1000.0) & (voxels <= 400.0)


@pytest.fixture(scope="module")
def statistics(cases: dict[str, Case]) -> Callable[[str], dict[str, float]]:
    @cache
    def of(filter_id: str) -> dict[str, float]:
        number, configuration = filter_id.split(".")
        case = cases[configuration]
        box = _box(case, REACH.get(int(number)))
        return intensity_statistics(_response(int(number), case.voxels[box], case)[case.region[box]])

    return of


REACH = {1: 0, 2: 2, 3: 7, 4: 9, 5: 31, 6: 5, 7: 17}
"""Voxels around the region that its responses depend on; Simoncelli's wavelet depends on the whole image."""


def _box(case: Case, reach: int | None) -> tuple[slice, ...]:
    """Smallest box with the region and all that its responses depend on."""
    if reach is None:
        return (slice(None),) * 3
    places = np.nonzero(case.region)
    margins = (0 if case.dimensions == 2 else reach, reach, reach)
    return tuple(
        slice(max(0, int(place.min()) - margin), int(place.max()) + 1 + margin)
        for place, margin in zip(places, margins, strict=True)
    )


def _response(number: int, voxels: FloatArray, case: Case) -> FloatArray:
    flat, dimensions = case.dimensions == 2, case.dimensions
    match number:
        case 1:
            return voxels
        case 2:
            return mean(voxels, support=5, dimensions=dimensions)
        case 3:
            return laplacian_of_gaussian(voxels, sigma_mm=1.5, pixel_mm=case.pixel_mm, dimensions=dimensions)
        case 4:
            response = laws(voxels, kernels="L5E5" if flat else "L5E5E5", pooling="max")
            return laws_energy(response, delta=7, dimensions=dimensions)
        case 5:
            turns = [step * math.pi / 8.0 for step in range(16)]
            oriented = gabor if flat else gabor_of_planes
            return oriented(voxels, sigma_mm=5.0, lambda_mm=2.0, gamma=1.5, pixel_mm=case.pixel_mm, theta=turns)
        case 6:
            return separable_wavelet(voxels, wavelet="db3", subband="LH" if flat else "LLH", pooling="average")
        case 7:
            return separable_wavelet(voxels, wavelet="db3", subband="HH" if flat else "HHH", level=2, pooling="average")
        case _:
            return simoncelli(voxels, level=number - 7, dimensions=dimensions)


def test_every_row_has_its_test_ibsi(reference: Reference) -> None:
    assert set(reference) == set(ROWS)
    assert len(ROWS) == 324


@pytest.mark.parametrize("configuration", ["A", "B"])
def test_processing_ibsi(shared: Path, cases: dict[str, Case], configuration: str) -> None:
    table = pd.read_csv(shared / "ibsi" / "ibsi2" / "phase2_diagnostics.csv")
    inside = cases[configuration].voxels[cases[configuration].region]
    found = [inside.size, inside.mean(), inside.max(), inside.min()]
    expected = table[(table["configuration"] == configuration) & ~table["diagnostic"].str.contains("before")]
    assert found == pytest.approx(list(expected["most_frequent_value"]), rel=0.0, abs=1e-4)


@pytest.mark.parametrize(("filter_id", "code"), ROWS)
def test_statistic_ibsi(
    reference: Reference, statistics: Callable[[str], dict[str, float]], filter_id: str, code: str
) -> None:
    value, tolerance = reference[filter_id, code]
    assert math.isnan(value) == ((filter_id, code) in EXCEPTIONS)
    if (filter_id, code) in EXCEPTIONS:
        return
    found = float(f"{statistics(filter_id)[code]:.3g}")
    assert abs(found - value) <= tolerance + 1e-9 * abs(value)
