"""Percentile intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation.bootstrap_interval import bootstrap_interval
from perirad.validation.decision_curve import decision_curve
from perirad.validation.discrimination import auc_delong
from perirad.validation.optimism import optimism
from perirad.validation.resampling import bootstrap_models

from .conftest import Predictions
from .models import Logistic


def test_area_of_the_test_patients_r_proc(
    shared: Path, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    rows = pd.read_csv(shared / "oracles" / "boot_idx_test.csv").to_numpy(dtype=np.int64)
    y, p = cohorts["test"].outcome, cohorts["test"]["p_combined"]
    expected = oracle["roc"]["bootstrap_test_p_combined"]
    got = bootstrap_interval(y.size, lambda r: [auc_delong(y[r], p[r]).estimate], rows)
    assert got.estimate[0] == pytest.approx(oracle["roc"]["test"]["p_combined"]["auc"], abs=1e-12)
    assert [got.lower[0], got.upper[0]] == pytest.approx(expected["percentile_type7"], abs=1e-12)
    assert (got.se[0], got.n_used[0]) == pytest.approx((expected["sd"], expected["B"]), abs=1e-12)


def test_undefined_resamples_are_counted_analytic() -> None:
    y, x = np.array([0, 1, 1]), np.array([0.1, 0.2, 0.3])
    rows = np.array([[0, 1, 2], [1, 1, 2], [0, 0, 1]])
    got = bootstrap_interval(3, lambda r: [auc_delong(y[r], x[r]).estimate, np.nan], rows)
    assert got.n_used.tolist() == [2, 0]
    assert (got.lower[0], got.upper[0], got.se[0]) == (1.0, 1.0, 0.0)
    assert np.isnan([got.lower[1], got.se[1]]).all()
    with pytest.raises(InputError, match=r"^at least one measure and one resample are needed, got 1 and 0$"):
        bootstrap_interval(3, lambda r: [0.5], [])


def test_decision_curve_corrected_for_optimism_naive() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([np.ones(80), rng.normal(size=(80, 6))])
    y = (rng.random(80) < 1.0 / (1.0 + np.exp(-X[:, 1]))).astype(np.int64)
    model, rows, t = Logistic(X, y), rng.integers(80, size=(10, 80)), np.array([0.2, 0.5])

    def benefit(beta: FloatArray, patients: IntArray) -> FloatArray:
        return decision_curve(y[patients], model.predict(beta, patients), thresholds=t).net_benefit

    got = optimism(bootstrap_models(80, model.fit, benefit, rows))
    gaps = []
    for row in rows:
        beta, both = model.fit(row, 0), []
        for who in (row, np.arange(80)):
            treated = model.predict(beta, who) >= 0.2
            both.append(np.mean(treated * (y[who] - (1 - y[who]) * 0.25)))
        gaps.append(both[0] - both[1])
    assert got.optimism[0] == pytest.approx(np.mean(gaps), abs=1e-12)
    assert got.optimism[0] > 0.0
