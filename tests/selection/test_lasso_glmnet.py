"""The LASSO path and its cross-validation against glmnet run to full precision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.selection.lasso import cv_lasso, lasso_path
from perirad.selection.scaling import fit_scaler


@pytest.fixture(scope="module")
def training(shared: Path) -> tuple[FloatArray, IntArray, IntArray]:
    data = pd.read_csv(shared / "oracles" / "data.csv")
    data = data[data["cohort"] == "train"]
    X = data.filter(regex=r"_f\d\d$").to_numpy(dtype=np.float64)
    folds = pd.read_csv(shared / "oracles" / "foldid.csv")["foldid"].to_numpy()
    return fit_scaler(X).transform(X), data["malignant"].to_numpy(), folds


@pytest.fixture(scope="module")
def glmnet(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "oracles" / "expected" / "glmnet.json").read_text()))


def _parts(coef: dict[str, float]) -> tuple[float, FloatArray]:
    values = np.array(list(coef.values()), dtype=np.float64)
    return float(values[0]), values[1:]


@pytest.mark.parametrize("name", ["lasso_tight", "enet05_tight"])
def test_path_r_glmnet(name: str, training: tuple[FloatArray, IntArray, IntArray], glmnet: dict[str, Any]) -> None:
    Z, y, _ = training
    expected = glmnet[name]
    path = lasso_path(Z, y, alpha=expected["alpha"])
    np.testing.assert_allclose(path.lambdas, expected["lambda"], rtol=1e-12)
    np.testing.assert_array_equal(path.n_selected, expected["df"])
    np.testing.assert_allclose(path.deviance_ratio, expected["dev_ratio"], atol=1e-7)
    for point in expected["coef_at"]:
        i = point["index0"]
        intercept, beta = _parts(point["coef"])
        # Down the elastic net's path glmnet's own KKT residual (2e-8, ours 1e-9) moves its coefficients by 1.5e-5.
        tolerance = 2e-5 if name == "enet05_tight" and i >= 49 else 5e-6
        np.testing.assert_allclose(path.intercepts[i], intercept, rtol=0, atol=5e-6)
        np.testing.assert_allclose(path.coefficients[i], beta, rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", ["lasso_tight", "enet05_tight"])
@pytest.mark.parametrize("rule", ["lambda.min", "lambda.1se"])
def test_cross_validation_r_glmnet(
    name: str, rule: Any, training: tuple[FloatArray, IntArray, IntArray], glmnet: dict[str, Any]
) -> None:
    Z, y, folds = training
    expected = glmnet[name]
    cv = cv_lasso(Z, y, folds, alpha=expected["alpha"], rule=rule)
    at_same_lambdas = expected["cv_deviance_explicit_lambda"]
    np.testing.assert_allclose(cv.cv_deviance, at_same_lambdas["cvm"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(cv.cv_deviance_se, at_same_lambdas["cvsd"], rtol=0, atol=1e-6)
    assert cv.path.lambdas[cv.index_min] == pytest.approx(at_same_lambdas["lambda_min"], rel=1e-12)
    assert cv.path.lambdas[cv.index_1se] == pytest.approx(at_same_lambdas["lambda_1se"], rel=1e-12)
    short = rule.removeprefix("lambda.")
    intercept, beta = _parts(expected["cv_deviance"][f"coef_{short}"])
    assert cv.chosen_lambda == pytest.approx(expected["cv_deviance"][f"lambda_{short}"], rel=1e-12)
    assert cv.intercept == pytest.approx(intercept, abs=5e-6)
    np.testing.assert_allclose(cv.coefficients, beta, rtol=0, atol=5e-6)


def test_ridge_r_glmnet(training: tuple[FloatArray, IntArray, IntArray], glmnet: dict[str, Any]) -> None:
    Z, y, _ = training
    path = lasso_path(Z, y, alpha=0.0, lambdas=np.array([point["lambda"] for point in glmnet["ridge"]]))
    for i, point in enumerate(glmnet["ridge"]):
        intercept, beta = _parts(point["coef"])
        np.testing.assert_allclose(path.intercepts[i], intercept, rtol=0, atol=5e-6)
        np.testing.assert_allclose(path.coefficients[i], beta, rtol=0, atol=5e-6)


def test_published_defaults_stop_earlier_r_glmnet(
    training: tuple[FloatArray, IntArray, IntArray], glmnet: dict[str, Any]
) -> None:
    """At glmnet's default stopping rule (1e-7) the chosen penalties are the same and the deviance within 1e-3."""
    Z, y, folds = training
    expected = glmnet["lasso_default"]["cv_deviance_explicit_lambda"]
    cv = cv_lasso(Z, y, folds)
    np.testing.assert_allclose(cv.cv_deviance, expected["cvm"], rtol=0, atol=1e-3)
    assert cv.path.lambdas[cv.index_min] == pytest.approx(expected["lambda_min"], rel=1e-12)
    assert cv.path.lambdas[cv.index_1se] == pytest.approx(expected["lambda_1se"], rel=1e-12)


def test_refit_in_resamples_r_glmnet(shared: Path, training: tuple[FloatArray, IntArray, IntArray]) -> None:
    """Twenty bootstrap refits, with their ties and near-separations; AUC by counting pairs."""
    data = pd.read_csv(shared / "oracles" / "data.csv")
    data = data[data["cohort"] == "train"]
    X, y = data.filter(regex=r"_f\d\d$").to_numpy(dtype=np.float64), training[1]
    rows = pd.read_csv(shared / "oracles" / "boot_idx_train.csv").to_numpy()
    folds = pd.read_csv(shared / "oracles" / "boot_foldid_train.csv").to_numpy()
    expected = json.loads((shared / "oracles" / "expected" / "pipeline_optimism.json").read_text())["per_resample"]
    same_lambda = 0
    for b, want in enumerate(expected):
        scaler = fit_scaler(X[rows[b]])
        Z, Z_all = scaler.transform(X[rows[b]]), scaler.transform(X)
        cv = cv_lasso(Z, y[rows[b]], folds[b])
        if cv.chosen_lambda == pytest.approx(want["lambda_min"], rel=1e-9):
            same_lambda += 1
            assert _auc(y[rows[b]], Z @ cv.coefficients) == pytest.approx(want["auc_boot"], abs=2e-3)
            assert _auc(y, Z_all @ cv.coefficients) == pytest.approx(want["auc_orig"], abs=2e-3)
        assert np.min(np.abs(cv.path.lambdas / want["lambda_min"] - 1.0)) < 1e-9
    assert same_lambda >= 17  # the fixture's folds interpolate between penalties of their own


def _auc(y: IntArray, score: FloatArray) -> float:
    pairs = score[y == 1][:, None] - score[y == 0][None, :]
    return float(np.mean((pairs > 0) + 0.5 * (pairs == 0)))
