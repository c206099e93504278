"""The drivers around a whole pipeline: scaling and LASSO learnt anew in each resample."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.selection.lasso import cv_lasso
from perirad.validation.crossvalidation import cross_validate
from perirad.validation.discrimination import auc_delong
from perirad.validation.optimism import estimate_632, optimism
from perirad.validation.resamples import bootstrap_rows
from perirad.validation.resampling import bootstrap_models

Model = tuple[FloatArray, FloatArray, FloatArray]


def test_lasso_refitted_in_each_resample_r_glmnet(shared: Path) -> None:
    folder = shared / "oracles"
    expected = json.loads((folder / "expected" / "pipeline_optimism.json").read_text())
    table = pd.read_csv(folder / "data.csv")
    table = table[table["cohort"] == "train"]
    X = table.filter(regex=r"_f\d\d$").to_numpy(dtype=np.float64)
    y = table["malignant"].to_numpy(dtype=np.int64)
    drawn = pd.read_csv(folder / "boot_idx_train.csv").to_numpy(dtype=np.int64)[: expected["B"]]
    folds = pd.read_csv(folder / "boot_foldid_train.csv").to_numpy(dtype=np.int64)
    fold_of = {rows.tobytes(): fold for rows, fold in zip(drawn, folds, strict=True)}
    fold_of[np.arange(303).tobytes()] = pd.read_csv(folder / "foldid.csv")["foldid"].to_numpy(dtype=np.int64)

    def fit(rows: IntArray, seed: int) -> Model:
        mean, sd = X[rows].mean(axis=0), X[rows].std(axis=0, ddof=1)
        sd = np.where(sd > 0.0, sd, 1.0)
        Z = (X[rows] - mean) / sd
        varies = np.ptp(Z, axis=0) > 0.0
        beta = np.zeros(X.shape[1])
        beta[varies] = cv_lasso(Z[:, varies], y[rows], fold_of[rows.tobytes()]).coefficients
        return mean, sd, beta

    def area(model: Model, rows: IntArray) -> list[float]:
        mean, sd, beta = model
        return [auc_delong(y[rows], (X[rows] - mean) / sd @ beta).estimate]

    # the penalty is chosen among the same ones in every fold, in the oracle among each fold's own: 2e-3 of area
    resampled = bootstrap_models(303, fit, area, drawn, workers=2)
    got = optimism(resampled)
    for name, table_of in (("auc_boot", resampled.training), ("auc_orig", resampled.test)):
        wanted = [part[name] for part in expected["per_resample"]]
        np.testing.assert_allclose(table_of[:, 0], wanted, rtol=0, atol=2e-3)
    assert got.apparent[0] == pytest.approx(expected["apparent"], abs=2e-3)
    assert got.optimism[0] == pytest.approx(expected["optimism"], abs=1e-3)


def test_useless_predictors_are_found_out_simulated() -> None:
    """Choice of the best of eight noise columns, with everything repeated: honest figures lie at 0.5."""
    apparent, corrected, nested, outside = [], [], [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(60, 8)), np.arange(60) % 2

        def fit(rows: IntArray, seed: int, X: FloatArray = X, y: IntArray = y) -> FloatArray:
            gap = X[rows][y[rows] == 1].mean(axis=0) - X[rows][y[rows] == 0].mean(axis=0)
            return np.where(np.abs(gap) == np.abs(gap).max(), np.sign(gap), 0.0)

        def predict(beta: FloatArray, rows: IntArray, X: FloatArray = X) -> FloatArray:
            return X[rows] @ beta

        def area(beta: FloatArray, rows: IntArray, X: FloatArray = X, y: IntArray = y) -> list[float]:
            return [auc_delong(y[rows], X[rows] @ beta).estimate]

        def held_out(rows: IntArray, p: FloatArray, y: IntArray = y) -> float:
            return auc_delong(y[rows], p).estimate

        resampled = bootstrap_models(60, fit, area, bootstrap_rows(60, 40, seed=seed, outcome=y))
        apparent.append(resampled.apparent[0])
        corrected.append(optimism(resampled).corrected[0])
        outside.append(estimate_632(resampled, [0.5]).estimate_632_plus[0])
        crossed = cross_validate(y, fit, predict, n_folds=5, seed=seed)
        nested.append(crossed.measured_by_fold(held_out).mean())
    assert np.mean(apparent) > 0.6
    assert abs(np.mean(nested) - 0.5) < 0.04
    assert abs(np.mean(outside) - 0.5) < 0.04
    # the bootstrap's correction is known to fall short where the choice decides everything
    assert 0.45 < np.mean(corrected) < 0.56
