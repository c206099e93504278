"""Reference data of the validation measures."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray, IntArray


class Predictions(dict[str, FloatArray]):
    """Columns of one cohort of predictions.csv."""

    @property
    def outcome(self) -> IntArray:
        return self["malignant"].astype(np.int64)


@pytest.fixture(scope="session")
def oracle(shared: Path) -> dict[str, Any]:
    names = (
        "roc", "metrics", "calibration", "dca", "reclassification", "iecv", "sample_size", "mi_pooling", "validate",
        "calibrate", "lowess", "logistic",
    )  # fmt: skip
    return {name: json.loads((shared / "oracles" / "expected" / f"{name}.json").read_text()) for name in names}


@pytest.fixture(scope="session")
def cohorts(shared: Path) -> dict[str, Predictions]:
    with (shared / "oracles" / "predictions.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name not in {"id", "cohort"}]
    return {
        cohort: Predictions(
            {name: np.array([float(row[name]) for row in rows if row["cohort"] == cohort]) for name in columns}
        )
        for cohort in ("train", "test")
    }
