"""Logistic regression beneath recalibration: the maximum, and where there is none."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from perirad.arrays import FloatArray
from perirad.validation._newton import maximum_likelihood
from perirad.validation.updating import update_intercept, update_slope


def test_coefficients_r_glm(shared: Path, oracle: dict[str, Any]) -> None:
    table = pd.read_csv(shared / "oracles" / "data.csv")
    table = table[table["cohort"] == "train"]
    columns = {"(Intercept)": np.ones(len(table))}
    columns |= {name: table[name].to_numpy(dtype=np.float64) for name in ("age", "size_mm", "family_history")}
    columns |= {f"birads{level}": np.where(table["birads"] == level, 1.0, 0.0) for level in ("4B", "4C")}
    expected = oracle["logistic"]["clinical"]
    terms = expected["term"]
    got = maximum_likelihood(np.column_stack([columns[term] for term in terms]), table["malignant"].to_numpy(float))
    assert got is not None
    np.testing.assert_allclose(got.beta, expected["coef"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(got.covariance, expected["vcov"], rtol=0, atol=1e-6)
    assert got.log_likelihood == pytest.approx(expected["loglik"], abs=1e-9)


def separable(X: FloatArray, y: FloatArray) -> bool:
    """Whether some direction never counts against a patient and counts for one, by a linear programme."""
    signed = np.where(y == 1.0, 1.0, -1.0)[:, np.newaxis] * X
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(y.size), bounds=[(-1, 1)] * X.shape[1])
    return float(signed.sum(axis=0) @ found.x) > 1e-9


def test_no_maximum_under_separation_linear_programme() -> None:
    answers = []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        n, p = int(rng.integers(8, 30)), int(rng.integers(1, 4))
        X = np.column_stack([np.ones(n), rng.normal(size=(n, p)), np.arange(n) < 4])
        y = (rng.random(n) < 0.4).astype(np.float64)
        y[-2:] = 0.0, 1.0
        answers.append(separable(X, y))
        assert (maximum_likelihood(X, y) is None) == answers[-1], seed
    assert 10 < sum(answers) < 110


def test_dependent_columns_and_one_class_analytic() -> None:
    x, y = np.arange(8.0), np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
    one = np.ones(8)
    assert maximum_likelihood(np.column_stack([one, x, 2.0 * x + 1.0]), y) is None
    assert maximum_likelihood(np.column_stack([one, np.zeros(8)]), y) is None
    assert maximum_likelihood(np.column_stack([one, x]), one) is None
    assert maximum_likelihood(np.ones((1, 2)), np.ones(1)) is None


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1.0, 1e3, 1e5])
def test_units_do_not_matter_analytic(unit: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    y = (rng.random(300) < 1.0 / (1.0 + np.exp(-2.0 * x))).astype(np.int64)
    here, there = update_slope(y, x), update_slope(y, unit * x + 3.0)
    assert there.slope * unit == pytest.approx(here.slope, rel=1e-6)
    assert there.log_likelihood == pytest.approx(here.log_likelihood, abs=1e-7)


def test_rare_events_and_far_offsets_analytic() -> None:
    y = np.zeros(20_000)
    y[:3] = 1.0
    got = maximum_likelihood(np.ones((y.size, 1)), y)
    assert got is not None
    assert got.beta[0] == pytest.approx(math.log(3 / 19_997), abs=1e-12)
    few = np.arange(10) % 2
    for far in (-300.0, 15.0):
        assert update_intercept(few, np.full(10, far)).intercept == pytest.approx(-far, abs=1e-9)
