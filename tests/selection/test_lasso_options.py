"""Weights, offset, penalty factors, squared loss and the measures of cross-validation, against glmnet.

The reference values are made by glmnet_options.R from data that both sides compute from formulas.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.reference.lasso import kkt_residual

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.selection.lasso import cv_lasso, lambda_grid, lasso_path
from perirad.selection.scaling import fit_scaler

N, P = 120, 12
CASE = np.arange(1.0, N + 1)
X = np.column_stack(
    [
        np.sin(0.37 * CASE * (j + 2) + 0.11 * CASE * CASE / (j + 1)) + 0.4 * np.cos(0.05 * CASE * CASE)
        for j in range(1, P + 1)
    ]
)
Z = fit_scaler(X).transform(X)
Y = (X[:, 0] - 0.8 * X[:, 3] + 0.6 * X[:, 8] + 1.2 * np.sin(7.3 * CASE) > 0.5).astype(np.int64)
WEIGHTS, OFFSET, FOLDS = 1.0 + CASE % 3, np.cos(CASE), (1 + CASE % 5).astype(np.int64)
FACTORS = np.array([1.0, 0.0, 2.5, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
ALL: dict[str, Any] = {"weights": WEIGHTS, "offset": OFFSET, "penalty_factors": FACTORS}
FITS: dict[str, dict[str, Any]] = {
    "weights": {"weights": WEIGHTS},
    "offset": {"offset": OFFSET},
    "penalty_factors": {"penalty_factors": FACTORS},
    "all": {**ALL, "alpha": 0.7},
    "ridge": {"alpha": 0.0},
    "squared": {"loss": "squared"},
    "squared_all": {**ALL, "loss": "squared"},
}
CVS: dict[str, dict[str, Any]] = {
    "cv_deviance": ALL,
    "cv_auc": {**ALL, "measure": "auc"},
    "cv_class": {"weights": WEIGHTS, "penalty_factors": FACTORS, "measure": "class"},
    "cv_mse": {"weights": WEIGHTS, "penalty_factors": FACTORS, "loss": "squared"},
}


@pytest.fixture(scope="module")
def glmnet() -> dict[str, Any]:
    expected = dict(json.loads((Path(__file__).parent / "glmnet_options.json").read_text()))
    assert expected["events"] == Y.sum()
    return expected


@pytest.mark.parametrize("name", FITS)
def test_path_r_glmnet(name: str, glmnet: dict[str, Any]) -> None:
    expected = glmnet[name]
    path = lasso_path(Z, Y, tolerance=1e-11, **FITS[name])
    np.testing.assert_allclose(path.lambdas, expected["lambda"], rtol=1e-9)
    # glmnet reports its first ridge solution at an infinite penalty
    first = 1 if name == "ridge" else 0
    np.testing.assert_allclose(path.deviance_ratio[first:], expected["dev_ratio"][first:], rtol=0, atol=1e-8)
    index = expected["index"]
    np.testing.assert_allclose(path.intercepts[index][first:], expected["intercept"][first:], rtol=0, atol=5e-7)
    np.testing.assert_allclose(path.coefficients[index][first:], expected["coef"][first:], rtol=0, atol=5e-7)
    assert path.kkt.max() <= 1e-11


def test_squared_ridge_r_glmnet(glmnet: dict[str, Any]) -> None:
    """With squared loss glmnet divides the quadratic penalty by the (n) standard deviation of the outcome."""
    expected = glmnet["squared_ridge"]
    path = lasso_path(Z, Y, alpha=0.0, lambdas=np.array(expected["lambda"]) / Y.std(), loss="squared")
    index = expected["index"][1:]
    np.testing.assert_allclose(path.deviance_ratio[1:], expected["dev_ratio"][1:], rtol=0, atol=1e-8)
    np.testing.assert_allclose(path.coefficients[index], expected["coef"][1:], rtol=0, atol=5e-7)


@pytest.mark.parametrize("name", CVS)
def test_cross_validation_r_glmnet(name: str, glmnet: dict[str, Any]) -> None:
    expected = glmnet[name]
    cv = cv_lasso(Z, Y, FOLDS, fold_penalties="own", tolerance=1e-11, **CVS[name])
    np.testing.assert_allclose(cv.cv_mean, expected["cvm"], rtol=0, atol=1e-7)
    np.testing.assert_allclose(cv.cv_se, expected["cvsd"], rtol=0, atol=1e-7)
    assert cv.path.lambdas[cv.index_min] == pytest.approx(expected["lambda_min"], rel=1e-9)
    assert cv.path.lambdas[cv.index_1se] == pytest.approx(expected["lambda_1se"], rel=1e-9)


@pytest.mark.parametrize("seed", range(24))
def test_optimality_conditions_analytic(seed: int) -> None:
    """All options at random, on few and many columns, correlated ones too: every solution is the minimum."""
    random = np.random.default_rng(seed)
    n, p = int(random.integers(20, 90)), int(random.integers(2, 150))
    mixed = random.normal(size=(n, p)) + float(random.choice([0.0, 1.0, 8.0])) * random.normal(size=(n, 1))
    columns = fit_scaler(mixed).transform(mixed)
    y = (random.random(n) < 0.4).astype(np.int64)
    y[:4] = (0, 1, 0, 1)
    options: dict[str, Any] = {
        "weights": np.asarray(random.gamma(1.0, size=n) + 0.05, dtype=np.float64),
        "offset": 2.0 * random.normal(size=n),
        "penalty_factors": np.where(np.arange(p) < min(2, p - 1), 0.0, random.gamma(2.0, size=p)),
        "loss": "squared" if seed % 3 == 0 else "logistic",
    }
    alpha = float(random.choice([1.0, 0.6, 0.05]))
    path = lasso_path(columns, y, alpha=alpha, **options)
    assert path.lambdas.size >= 5
    for lam, intercept, beta in zip(path.lambdas, path.intercepts, path.coefficients, strict=True):
        assert kkt_residual(columns, y.astype(np.float64), float(lam), alpha, float(intercept), beta, **options) <= 1e-8


def test_whole_numbers_of_weight_are_repeated_cases_analytic() -> None:
    times = WEIGHTS.astype(np.int64)
    lambdas = np.geomspace(0.2, 0.002, 12)
    weighted = lasso_path(Z, Y, lambdas=lambdas, weights=times, tolerance=1e-12)
    repeated = lasso_path(np.repeat(Z, times, axis=0), np.repeat(Y, times), lambdas=lambdas, tolerance=1e-12)
    np.testing.assert_allclose(weighted.coefficients, repeated.coefficients, rtol=0, atol=1e-10)
    np.testing.assert_allclose(weighted.deviance_ratio, repeated.deviance_ratio, rtol=0, atol=1e-12)


def test_equal_weights_change_no_bit_analytic() -> None:
    plain = cv_lasso(Z, Y, FOLDS)
    same = cv_lasso(Z, Y, FOLDS, weights=np.full(N, 3.0), offset=np.zeros(N), penalty_factors=np.full(P, 0.2))
    assert plain.path.coefficients.tobytes() == same.path.coefficients.tobytes()
    assert plain.cv_mean.tobytes() == same.cv_mean.tobytes()


def test_squared_loss_on_orthogonal_columns_is_soft_thresholding_analytic() -> None:
    y = np.array([0, 1, 1, 0, 1, 1, 0, 1])
    columns = np.array([[1, 1, 1, 1, -1, -1, -1, -1], [1, -1, 1, -1, 1, -1, 1, -1], [1, 1, -1, -1, 1, 1, -1, -1]]).T
    pull = columns.T @ (y - y.mean()) / 8.0
    for lam in (0.01, 0.1, 0.2):
        path = lasso_path(columns, y, lambdas=np.array([lam]), loss="squared", tolerance=1e-14)
        np.testing.assert_allclose(path.coefficients[0], np.sign(pull) * np.maximum(np.abs(pull) - lam, 0), atol=1e-14)
        assert path.intercepts[0] == pytest.approx(y.mean(), abs=1e-14)


def test_squared_loss_without_penalty_is_least_squares_naive() -> None:
    design = np.column_stack([np.ones(N), Z])
    expected = np.linalg.lstsq(design * np.sqrt(WEIGHTS)[:, None], Y * np.sqrt(WEIGHTS), rcond=None)[0]
    path = lasso_path(Z, Y, lambdas=np.array([1e-12]), loss="squared", weights=WEIGHTS, tolerance=1e-13)
    np.testing.assert_allclose(np.r_[path.intercepts[0], path.coefficients[0]], expected, rtol=0, atol=1e-9)


def test_offset_of_a_constant_moves_the_intercept_only_analytic() -> None:
    plain, moved = lasso_path(Z, Y, tolerance=1e-12), lasso_path(Z, Y, offset=np.full(N, 40.0), tolerance=1e-12)
    np.testing.assert_allclose(moved.coefficients, plain.coefficients, rtol=0, atol=1e-9)
    np.testing.assert_allclose(moved.intercepts, plain.intercepts - 40.0, rtol=0, atol=1e-9)
    far = lasso_path(Z, Y, offset=300.0 * OFFSET)
    assert np.isfinite(far.coefficients).all()


def test_column_without_penalty_is_always_in_analytic() -> None:
    path = lasso_path(Z, Y, penalty_factors=FACTORS)
    assert (path.coefficients[:, [1, 5]] != 0.0).all()
    assert not path.coefficients[0, FACTORS > 0.0].any()
    assert path.n_selected[1] == 3
    grid = lambda_grid(Z, Y, penalty_factors=FACTORS, n_lambdas=7)
    assert grid[0] == pytest.approx(path.lambdas[0], rel=1e-12)
    assert grid.size == 7


def test_auc_of_folds_naive() -> None:
    """Area by counting pairs in each fold left out."""
    cv = cv_lasso(Z, Y, FOLDS, measure="auc")
    for at in (0, 10, 30):
        areas, sizes = [], []
        for k in range(1, 6):
            out = np.asarray(k == FOLDS, dtype=np.bool_)
            fit = lasso_path(Z[~out], Y[~out], lambdas=cv.path.lambdas[: at + 1])
            eta = Z[out] @ fit.coefficients[at]
            pairs = eta[Y[out] == 1][:, None] - eta[Y[out] == 0][None, :]
            areas.append(np.mean((pairs > 0) + 0.5 * (pairs == 0)))
            sizes.append(out.sum())
        mean = np.average(areas, weights=sizes)
        assert cv.cv_mean[at] == pytest.approx(mean, abs=1e-9)
        spread = np.average((np.array(areas) - mean) ** 2, weights=sizes)
        assert cv.cv_se[at] == pytest.approx(np.sqrt(spread / 4.0), abs=1e-9)


def _refused(message: str, **change: Any) -> None:
    with pytest.raises(InputError, match=message):
        cv_lasso(Z, Y, change.pop("folds", FOLDS), **change)


def test_bad_options_are_refused_mechanics() -> None:
    bad: FloatArray = np.ones(N)
    bad[3] = np.nan
    _refused("weights must be 120 finite numbers, got a value that is not finite", weights=bad)
    _refused("weights must be 120 finite numbers, got shape", weights=np.ones(3))
    _refused("weights must be positive", weights=np.zeros(N))
    _refused("offset must be 120 finite numbers", offset=bad)
    _refused("penalty_factors must not be negative, nor all zero", penalty_factors=-np.ones(P))
    _refused("penalty_factors must not be negative, nor all zero", penalty_factors=np.zeros(P))
    _refused("loss must be 'logistic' or 'squared'", loss="hinge")
    _refused("one of deviance, auc, class", measure="mse")
    _refused("one of mse, auc", measure="deviance", loss="squared")
    _refused("fold_penalties", fold_penalties="mine")
    _refused("at least 10 cases per fold", measure="auc", folds=np.arange(N) % 20)
    one_sided = np.where((Y == 0) & (np.cumsum(Y == 0) <= 20), 9, FOLDS)
    _refused("both outcomes in every fold", measure="auc", folds=one_sided)
