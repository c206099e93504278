"""IBSI 2, phase 1: response maps of digital phantoms, every voxel within 1 % of the range of the reference map."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk  # noqa: N813

from perirad.arrays import FloatArray
from perirad.features.filters.boundary import Boundary, Dimensions, extended
from perirad.features.filters.gabor import gabor, gabor_of_planes
from perirad.features.filters.laws import laws, laws_energy
from perirad.features.filters.log import laplacian_of_gaussian
from perirad.features.filters.mean import mean
from perirad.features.filters.riesz import riesz
from perirad.features.filters.separable import Pooling
from perirad.features.filters.simoncelli import simoncelli
from perirad.features.filters.wavelet_separable import separable_wavelet

pytestmark = pytest.mark.shared

TESTS = (
    "1.a.1", "1.a.2", "1.a.3", "1.a.4", "1.b.1", "2.a", "2.b", "2.c", "3.a.1", "3.a.2", "3.a.3", "3.b.1", "3.b.2",
    "3.b.3", "3.c.1", "3.c.2", "3.c.3", "4.a.1", "4.a.2", "4.b.1", "4.b.2", "5.a.1", "5.a.2", "6.a.1", "6.a.2",
    "7.a.1", "7.a.2", "8.a.1", "8.a.2", "8.a.3", "9.a", "9.b.1", "9.b.2", "10.a", "10.b.1", "10.b.2",
)  # fmt: skip
EXCEPTIONS = {
    "9.b.2": "IBSI found no consensus: there is no reference map",
    "10.a": "IBSI found no consensus: there is no reference map",
    "10.b.2": "IBSI found no consensus: there is no reference map",
}
PIXEL_MM = 2.0
WAVELETS = {"Daubechies 2": "db2", "Coifflet 1": "coif1", "Haar": "haar"}
Row = dict[str, str]


@pytest.fixture(scope="module")
def table(shared: Path) -> dict[str, Row]:
    rows = pd.read_csv(shared / "ibsi" / "reference_ibsi2_phase1.csv", dtype=str, keep_default_na=False)
    return {row["test_id"]: row for row in cast("list[Row]", rows.to_dict("records"))}


def volume(file: Path) -> FloatArray:
    """Voxels as (z, y, x)."""
    voxels: FloatArray = sitk.GetArrayFromImage(sitk.ReadImage(str(file))).astype(np.float64)
    return voxels


def boundary_of(row: Row) -> Boundary:
    return cast("Boundary", row["boundary"].split()[0])


def dimensions_of(row: Row) -> Dimensions:
    return 2 if row["dimensionality"] == "2D" else 3


def pooling_of(row: Row) -> Pooling | None:
    return cast("Literal['max', 'average'] | None", row["pooling"] or None)


def angle(text: str) -> float:
    """Read "5pi/4"."""
    factor, divisor = text.split("pi/")
    return int(factor or 1) * math.pi / int(divisor)


def mean_of(image: FloatArray, row: Row) -> FloatArray:
    support = int(row["support_voxels"])
    return mean(image, support=support, dimensions=dimensions_of(row), boundary=boundary_of(row))


def log_of(image: FloatArray, row: Row) -> FloatArray:
    return laplacian_of_gaussian(
        image,
        sigma_mm=float(row["sigma_mm"]),
        pixel_mm=PIXEL_MM,
        truncation=float(row["truncation"].split()[0]),
        dimensions=dimensions_of(row),
        boundary=boundary_of(row),
    )


def laws_of(image: FloatArray, row: Row) -> FloatArray:
    response = laws(image, kernels=row["kernel"], boundary=boundary_of(row), pooling=pooling_of(row))
    delta = row["energy_delta_voxels"]
    if not delta:
        return response
    return laws_energy(response, delta=int(delta), dimensions=dimensions_of(row), boundary=boundary_of(row))


def gabor_of(image: FloatArray, row: Row) -> FloatArray:
    step = row["theta_step"]
    theta = np.arange(0.0, 2.0 * math.pi - 1e-9, angle(step)).tolist() if step else [angle(row["theta"])]
    return (gabor_of_planes if row["orthogonal_plane_average"] == "yes" else gabor)(
        image,
        sigma_mm=float(row["sigma_mm"]),
        lambda_mm=float(row["lambda_mm"]),
        gamma=float(Fraction(row["gamma"])),
        pixel_mm=PIXEL_MM,
        theta=theta,
        boundary=boundary_of(row),
        pooling=pooling_of(row) or "average",
    )


def wavelet_of(image: FloatArray, row: Row) -> FloatArray:
    return separable_wavelet(
        image,
        wavelet=WAVELETS[row["wavelet"]],
        subband=row["subband"],
        level=int(row["level"]),
        boundary=boundary_of(row),
        pooling=pooling_of(row),
    )


def simoncelli_of(image: FloatArray, row: Row) -> FloatArray:
    return simoncelli(image, level=int(row["level"]), dimensions=dimensions_of(row))


def riesz_of(filtered: Callable[[FloatArray, Row], FloatArray]) -> Callable[[FloatArray, Row], FloatArray]:
    """Extend by half a side, filter, transform, cut."""

    def transformed(image: FloatArray, row: Row) -> FloatArray:
        margin = image.shape[0] // 2
        response = filtered(extended(image, margin, 3, boundary_of(row)), row)
        order = [int(number) for number in row["riesz_order"].strip("()").split(",")]
        return riesz(response, order=order)[(slice(margin, -margin),) * 3]

    return transformed


FILTERS: dict[str, Callable[[FloatArray, Row], FloatArray]] = {
    "mean": mean_of,
    "Laplacian of Gaussian": log_of,
    "Laws": laws_of,
    "Gabor (modulus)": gabor_of,
    "separable wavelet (undecimated)": wavelet_of,
    "non-separable wavelet": simoncelli_of,
    "Riesz-transformed Laplacian of Gaussian": riesz_of(log_of),
    "Riesz-transformed non-separable wavelet": riesz_of(simoncelli_of),
}


def test_every_row_has_its_test_ibsi(table: dict[str, Row]) -> None:
    assert tuple(table) == TESTS


@pytest.mark.parametrize("test_id", TESTS)
def test_response_map_ibsi(shared: Path, table: dict[str, Row], test_id: str) -> None:
    row = table[test_id]
    assert (row["map_file"] == "") == (test_id in EXCEPTIONS), EXCEPTIONS.get(test_id)
    if test_id in EXCEPTIONS:
        return
    image = volume(shared / "ibsi" / row["image_file"])
    reference = volume(shared / "ibsi" / row["map_file"])
    response = FILTERS[row["filter"]](image, row)
    assert response.shape == reference.shape
    assert float(np.max(np.abs(response - reference))) <= float(row["tolerance"])
