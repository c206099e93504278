"""Intensity statistics: IBSI's digital phantom, distributions worked by hand, regions where something is undefined."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk  # noqa: N813

from perirad.features.statistics import STATISTICS, intensity_statistics


@pytest.mark.shared
def test_digital_phantom_ibsi(shared: Path) -> None:
    folder = shared / "ibsi" / "ibsi1" / "digital_phantom"
    image = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "image.nii.gz"))).astype(np.float64)
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "mask.nii.gz"))) > 0
    found = intensity_statistics(image[mask])
    table = pd.read_csv(shared / "ibsi" / "reference_ibsi1.csv", dtype={"ibsi_id": str})
    table = table[(table["dataset"] == "digital_phantom") & (table["family_id"] == "UHIW")]
    assert list(table["ibsi_id"]) == list(STATISTICS) == list(found)
    for code, value, tolerance in zip(table["ibsi_id"], table["value"], table["tolerance"], strict=True):
        assert abs(float(f"{found[code]:.3g}") - value) <= tolerance + 1e-9 * abs(value), code


def test_eleven_numbers_analytic() -> None:
    found = intensity_statistics(np.arange(11.0))
    expected = {
        "Q4LE": 5.0, "ECT3": 10.0, "KE2A": 0.0, "IPH6": 178.0 / 100.0 - 3.0, "Y12H": 5.0, "1GSF": 0.0, "QG58": 1.0,
        "8DWT": 9.0, "84IY": 10.0, "SALO": 5.0, "2OJQ": 10.0, "4FUA": 30.0 / 11.0, "1128": 20.0 / 9.0,
        "N72L": 30.0 / 11.0, "7TET": math.sqrt(10.0) / 5.0, "9S40": 0.5, "N8CA": 385.0, "5ZWQ": math.sqrt(35.0),
    }  # fmt: skip
    assert found == pytest.approx(expected, abs=1e-12)


def test_order_and_shape_do_not_matter_analytic() -> None:
    values = np.random.default_rng(4).normal(size=(6, 7))
    assert intensity_statistics(values) == intensity_statistics(values.ravel()[::-1])


def test_flat_region_analytic() -> None:
    found = intensity_statistics(np.full(7, 0.1))
    zero = ("ECT3", "KE2A", "IPH6", "SALO", "2OJQ", "4FUA", "N72L", "7TET", "9S40")
    assert {code: found[code] for code in zero} == dict.fromkeys(zero, 0.0)
    assert found["1128"] == pytest.approx(0.0, abs=1e-16)
    assert found["Q4LE"] == found["Y12H"] == found["1GSF"] == found["84IY"] == 0.1


def test_undefined_values_analytic() -> None:
    empty = intensity_statistics(np.empty(0))
    assert list(empty) == list(STATISTICS)
    assert all(math.isnan(value) for value in empty.values())
    pair = intensity_statistics(np.array([-1.0, 1.0]))
    assert {code for code, value in pair.items() if math.isnan(value)} == {"1128", "7TET", "9S40"}
