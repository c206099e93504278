"""IBSI 1: every reference value, one test each.

All 1804 rows of the table are here: the digital phantom and the five processing configurations A to E of the CT
phantom. A value agrees when, rounded to three significant digits, it is within the published tolerance.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.ibsi.configurations import IBSI, SETTINGS, read

from perirad.features.ibsi.measure import ibsi_features

N_ROWS = {"digital_phantom": 482, "ct_A": 346, "ct_B": 346, "ct_C": 210, "ct_D": 210, "ct_E": 210}

EXCEPTIONS: dict[tuple[str, str, str], str] = {}
"""(dataset, code, aggregation code) of the values that do not agree -> why. Exact: one that agrees fails its test."""


def rows() -> list[Any]:
    table = IBSI / "reference_ibsi1.csv"
    if not table.is_file():
        return [pytest.param(None, id="no-reference-data")]
    with table.open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row_name(row)) for row in csv.DictReader(file)]


def row_name(row: dict[str, str]) -> str:
    return f"{row['dataset']}-{code_of(row)}-{row['aggregation_id']}"


def code_of(row: dict[str, str]) -> str:
    """The intensity-volume histogram has two codes that are taken at two fractions; the short name tells which."""
    return f"{row['ibsi_id']}:{row['tag'][-2:]}" if row["ibsi_id"] in {"BC2M", "GBPN"} else row["ibsi_id"]


@cache
def measured(dataset: str) -> dict[tuple[str, str], float]:
    folder = IBSI / ("ibsi1/digital_phantom" if dataset == "digital_phantom" else "ct_phantom")
    image, spacing_mm = read(folder / "image.nii.gz")
    mask, _ = read(folder / "mask.nii.gz")
    return ibsi_features(np.round(image.astype(np.float64)), mask, spacing_mm, SETTINGS[dataset])


@pytest.mark.shared
@pytest.mark.parametrize("row", rows())
def test_feature_ibsi(shared: Path, row: dict[str, str]) -> None:
    code, aggregation = code_of(row), row["aggregation_id"]
    found = float(f"{measured(row['dataset'])[code, aggregation]:.3g}")
    value = float(row["value"])
    agrees = abs(found - value) <= float(row["tolerance"]) + 1e-9 * abs(value)
    reason = EXCEPTIONS.get((row["dataset"], code, aggregation))
    if reason is None:
        assert agrees, f"{row['feature']}: {found:g}, reference {value:g} ± {row['tolerance']}"
    else:
        assert not agrees, f"agrees now, no exception is needed: {reason}"


@pytest.mark.shared
@pytest.mark.parametrize("dataset", SETTINGS)
def test_every_row_is_tested_ibsi(shared: Path, dataset: str) -> None:
    tested = [param.values[0] for param in rows()]
    assert sum(row["dataset"] == dataset for row in tested) == N_ROWS[dataset]
    assert set(EXCEPTIONS) <= {(row["dataset"], code_of(row), row["aggregation_id"]) for row in tested}
