"""The catalogue of IBSI 1 features against IBSI's own list, and against what is measured."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from perirad.features.ibsi.catalogue import IBSI_CATALOGUE, WITHOUT_REFERENCE
from perirad.features.ibsi.measure import ibsi_features
from perirad.features.ibsi.settings import IbsiSettings


@pytest.mark.shared
def test_codes_and_families_ibsi(shared: Path) -> None:
    with (shared / "ibsi" / "ibsi1" / "features.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = [(row["ibsi_id"], row["family_id"]) for row in rows]
    assert [(feature.code.split(":")[0], feature.family_code) for feature in IBSI_CATALOGUE] == listed
    assert {row["ibsi_id"] for row in rows if row["n_reference_values"] == "0"} == set(WITHOUT_REFERENCE)


def test_catalogue_names_what_is_measured_analytic() -> None:
    levels = np.random.default_rng(5).integers(1, 30, size=(4, 5, 6))
    found = ibsi_features(levels, np.ones_like(levels), (2.0, 1.0, 1.0), IbsiSettings())
    assert set(found) == {(feature.code, code) for feature in IBSI_CATALOGUE for code in feature.aggregations}
    assert all(np.isfinite(value) for value in found.values())


def test_codes_are_unique_analytic() -> None:
    assert len({feature.code for feature in IBSI_CATALOGUE}) == len(IBSI_CATALOGUE) == 174
