"""Reference data of the logistic models."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.nomogram.records import Variable


@dataclass(frozen=True)
class Cohort:
    """Columns and outcome as a caller has them."""

    columns: dict[str, Any]
    outcome: IntArray

    def variable(self, name: str) -> Variable:
        if name == "birads":
            return Variable(name, "BI-RADS category", "categorical", ("4A", "4B", "4C"))
        return Variable(name, name, "continuous")

    def variables(self, *names: str) -> list[Variable]:
        return [self.variable(name) for name in names]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def numbers(rows: list[dict[str, str]], name: str) -> FloatArray:
    return np.array([float(row[name]) for row in rows])


@pytest.fixture(scope="session")
def oracle(shared: Path) -> dict[str, Any]:
    names = ("logistic", "univariable", "firth", "nomogram")
    return {name: json.loads((shared / "oracles" / "expected" / f"{name}.json").read_text()) for name in names}


@pytest.fixture(scope="session")
def training(shared: Path) -> Cohort:
    rows = [row for row in read(shared / "oracles" / "data.csv") if row["cohort"] == "train"]
    scores = {row["id"]: float(row["radscore"]) for row in read(shared / "oracles" / "predictions.csv")}
    columns: dict[str, Any] = {
        name: numbers(rows, name) for name in rows[0] if name not in {"id", "cohort", "centre", "birads"}
    }
    columns["id"] = [row["id"] for row in rows]
    columns["birads"] = [row["birads"] for row in rows]
    columns["radscore"] = np.array([scores[row["id"]] for row in rows])
    return Cohort(columns, columns["malignant"].astype(np.int64))


@pytest.fixture(scope="session")
def separated(shared: Path) -> Cohort:
    rows = read(shared / "oracles" / "firth.csv")
    columns = {name: numbers(rows, name) for name in ("age", "size_mm", "marker")}
    return Cohort(columns, numbers(rows, "malignant").astype(np.int64))
