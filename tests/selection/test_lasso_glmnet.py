"""The LASSO path and its cross-validation against glmnet run to full precision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.selection.lasso import Rule, cv_lasso, lasso_path
from perirad.selection.scaling import fit_scaler

Training = tuple[FloatArray, IntArray, IntArray]


@pytest.fixture(scope="module")
def training(shared: Path) -> Training:
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
def test_path_r_glmnet(name: str, training: Training, glmnet: dict[str, Any]) -> None:
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


MEASURES = ["deviance", "auc", "class"]


@pytest.mark.parametrize("name", ["lasso_tight", "enet05_tight"])
@pytest.mark.parametrize("measure", MEASURES)
def test_cross_validation_at_shared_penalties_r_glmnet(
    name: str, measure: Any, training: Training, glmnet: dict[str, Any]
) -> None:
    expected = glmnet[name][f"cv_{measure}_explicit_lambda"]
    cv = cv_lasso(*training, alpha=glmnet[name]["alpha"], measure=measure)
    np.testing.assert_allclose(cv.cv_mean, expected["cvm"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(cv.cv_se, expected["cvsd"], rtol=0, atol=1e-6)
    assert cv.path.lambdas[cv.index_min] == pytest.approx(expected["lambda_min"], rel=1e-12)
    assert cv.path.lambdas[cv.index_1se] == pytest.approx(expected["lambda_1se"], rel=1e-12)


@pytest.mark.parametrize("name", ["lasso_tight", "enet05_tight"])
@pytest.mark.parametrize("measure", MEASURES)
def test_cross_validation_at_penalties_of_each_fold_r_glmnet(
    name: str, measure: Any, training: Training, glmnet: dict[str, Any]
) -> None:
    expected = glmnet[name][f"cv_{measure}"]
    rules: tuple[Rule, ...] = ("lambda.min", "lambda.1se")
    for rule in rules:
        cv = cv_lasso(*training, alpha=glmnet[name]["alpha"], measure=measure, fold_penalties="own", rule=rule)
        np.testing.assert_allclose(cv.cv_mean, expected["cvm"], rtol=0, atol=1e-5)
        np.testing.assert_allclose(cv.cv_se, expected["cvsd"], rtol=0, atol=1e-5)
        short = rule.removeprefix("lambda.")
        intercept, beta = _parts(expected[f"coef_{short}"])
        assert cv.chosen_lambda == pytest.approx(expected[f"lambda_{short}"], rel=1e-12)
        assert cv.intercept == pytest.approx(intercept, abs=5e-6)
        np.testing.assert_allclose(cv.coefficients, beta, rtol=0, atol=2e-5 if name == "enet05_tight" else 5e-6)


def test_penalty_factors_r_glmnet(training: Training, glmnet: dict[str, Any]) -> None:
    expected = glmnet["penalty_factor_f02_f07_zero"]
    factors = np.where(np.isin(np.arange(40), [1, 6]), 0.0, 1.0)
    lambdas = np.array([point["lambda"] for point in expected])
    path = lasso_path(*training[:2], penalty_factors=factors, lambdas=lambdas)
    for i, point in enumerate(expected):
        intercept, beta = _parts(point["coef"])
        assert path.intercepts[i] == pytest.approx(intercept, abs=5e-6)
        np.testing.assert_allclose(path.coefficients[i], beta, rtol=0, atol=5e-6)


def test_standardised_inside_r_glmnet(shared: Path, training: Training, glmnet: dict[str, Any]) -> None:
    """glmnet's own standardisation divides by n; coefficients are given back on the scale of the features."""
    expected = glmnet["raw_standardize_true"]
    data = pd.read_csv(shared / "oracles" / "data.csv")
    X = data[data["cohort"] == "train"].filter(regex=r"_f\d\d$").to_numpy(dtype=np.float64)
    mean, sd = X.mean(axis=0), X.std(axis=0)
    path = lasso_path((X - mean) / sd, training[1])
    np.testing.assert_allclose(path.lambdas, expected["lambda"], rtol=1e-11)
    np.testing.assert_array_equal(path.n_selected, expected["df"])
    intercept, beta = _parts(expected["coef_original_scale"])
    i = expected["index0"]
    np.testing.assert_allclose(path.coefficients[i], beta * sd, rtol=0, atol=5e-6)
    assert path.intercepts[i] - path.coefficients[i] @ (mean / sd) == pytest.approx(intercept, abs=5e-5)


def test_ridge_r_glmnet(training: Training, glmnet: dict[str, Any]) -> None:
    Z, y, _ = training
    path = lasso_path(Z, y, alpha=0.0, lambdas=np.array([point["lambda"] for point in glmnet["ridge"]]))
    for i, point in enumerate(glmnet["ridge"]):
        intercept, beta = _parts(point["coef"])
        np.testing.assert_allclose(path.intercepts[i], intercept, rtol=0, atol=5e-6)
        np.testing.assert_allclose(path.coefficients[i], beta, rtol=0, atol=5e-6)


@pytest.mark.parametrize("measure", MEASURES)
def test_published_defaults_stop_earlier_r_glmnet(measure: Any, training: Training, glmnet: dict[str, Any]) -> None:
    """At glmnet's default stopping rule (1e-7) all is within 1e-2 and the chosen penalties are the same.

    Only the two features that correlate beyond 0.99 are split otherwise there (its own tight fit is 0.12 away too):
    their sum is within 1e-2.
    """
    path, default = lasso_path(*training[:2]), glmnet["lasso_default"]
    np.testing.assert_allclose(path.lambdas, default["lambda"], rtol=1e-11)
    for point in default["coef_at"]:
        away = path.coefficients[point["index0"]] - _parts(point["coef"])[1]
        assert np.abs(np.r_[away[:28], away[28] + away[29], away[30:]]).max() < 1e-2
    cv, expected = cv_lasso(*training, measure=measure), default[f"cv_{measure}_explicit_lambda"]
    np.testing.assert_allclose(cv.cv_mean, expected["cvm"], rtol=0, atol=1e-2)
    if measure == "auc":  # flat at its top: the best of two neighbours is another one than in glmnet's own tight fit
        assert cv.cv_mean.max() == pytest.approx(max(expected["cvm"]), abs=1e-3)
        return
    assert cv.path.lambdas[cv.index_min] == pytest.approx(expected["lambda_min"], rel=1e-12)
    assert cv.path.lambdas[cv.index_1se] == pytest.approx(expected["lambda_1se"], rel=1e-12)


def test_refit_in_resamples_r_glmnet(shared: Path, training: Training) -> None:
    """Twenty bootstrap refits, with their ties and near-separations; AUC by counting pairs."""
    data = pd.read_csv(shared / "oracles" / "data.csv")
    data = data[data["cohort"] == "train"]
    X, y = data.filter(regex=r"_f\d\d$").to_numpy(dtype=np.float64), training[1]
    rows = pd.read_csv(shared / "oracles" / "boot_idx_train.csv").to_numpy()
    folds = pd.read_csv(shared / "oracles" / "boot_foldid_train.csv").to_numpy()
    expected = json.loads((shared / "oracles" / "expected" / "pipeline_optimism.json").read_text())["per_resample"]
    for b, want in enumerate(expected):
        scaler = fit_scaler(X[rows[b]])
        Z, Z_all = scaler.transform(X[rows[b]]), scaler.transform(X)
        cv = cv_lasso(Z, y[rows[b]], folds[b], fold_penalties="own")
        assert cv.chosen_lambda == pytest.approx(want["lambda_min"], rel=1e-9)
        assert np.count_nonzero(cv.coefficients) == want["nonzero"]
        assert _auc(y[rows[b]], Z @ cv.coefficients) == pytest.approx(want["auc_boot"], abs=2e-3)
        assert _auc(y, Z_all @ cv.coefficients) == pytest.approx(want["auc_orig"], abs=2e-3)


def _auc(y: IntArray, score: FloatArray) -> float:
    pairs = score[y == 1][:, None] - score[y == 0][None, :]
    return float(np.mean((pairs > 0) + 0.5 * (pairs == 0)))
