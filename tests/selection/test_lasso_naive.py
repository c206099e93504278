"""The LASSO kernel against its slow twin and the optimality conditions, on random and degenerate input."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reference.lasso import kkt_residual, naive_lasso, risk

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.selection.lasso import cv_lasso, lasso_path
from perirad.selection.penalised import Descent, grid_of, joined, problem_of
from perirad.selection.scaling import fit_scaler


def _problem(seed: int, n: int, p: int, *, correlation: float = 0.5) -> tuple[FloatArray, IntArray]:
    random = np.random.default_rng(seed)
    common = random.normal(size=(n, 1))
    X = np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * random.normal(size=(n, p))
    truth = np.where(np.arange(p) % 4 == 0, 0.8, 0.0)
    y = (random.random(n) < risk(X @ truth - 0.7)).astype(np.int64)
    return fit_scaler(X).transform(X), y


@pytest.mark.parametrize("alpha", [1.0, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_path_naive(seed: int, alpha: float) -> None:
    Z, y = _problem(seed, 60, 7)
    path = lasso_path(Z, y, alpha=alpha)
    for i in (3, 20, 40):
        intercept, beta = naive_lasso(Z, y.astype(np.float64), float(path.lambdas[i]), alpha)
        np.testing.assert_allclose(path.coefficients[i], beta, rtol=0, atol=1e-7)
        assert path.intercepts[i] == pytest.approx(intercept, abs=1e-7)


@pytest.mark.parametrize("alpha", [1.0, 0.7, 0.05])
@pytest.mark.parametrize(
    ("n", "p", "correlation"),
    [(80, 5, 0.0), (80, 30, 0.9), (80, 30, 0.9999), (60, 200, 0.3), (40, 600, 0.8), (9, 3, 0.0)],
)
def test_optimality_conditions_analytic(n: int, p: int, correlation: float, alpha: float) -> None:
    Z, y = _problem(n + p, n, p, correlation=correlation)
    path = lasso_path(Z, y, alpha=alpha)
    target = y.astype(np.float64)
    for lam, intercept, beta in zip(path.lambdas, path.intercepts, path.coefficients, strict=True):
        assert kkt_residual(Z, target, float(lam), alpha, float(intercept), beta) <= 1e-8


def test_deviance_ratio_and_first_penalty_analytic() -> None:
    Z, y = _problem(11, 90, 12)
    path = lasso_path(Z, y)
    assert not path.coefficients[0].any()
    assert path.intercepts[0] == pytest.approx(np.log(y.mean() / (1.0 - y.mean())), abs=1e-12)
    assert path.coefficients[1].any()
    p = risk(path.intercepts[:, None] + path.coefficients @ Z.T)
    deviance = -2.0 * np.log(np.where(y == 1, p, 1.0 - p)).sum(axis=1)
    np.testing.assert_allclose(path.deviance_ratio, 1.0 - deviance / deviance[0], atol=1e-12)
    assert (np.diff(path.deviance_ratio) > 0.0).all()


def test_duplicated_columns_keep_the_fit_analytic() -> None:
    """Two copies of a column share its coefficient, whatever the split: the prediction is unique."""
    Z, y = _problem(5, 70, 6)
    twice = np.hstack([Z, Z])
    single = lasso_path(Z, y, tolerance=1e-11)
    double = lasso_path(twice, y, lambdas=single.lambdas, tolerance=1e-11)
    np.testing.assert_allclose(double.coefficients[:, :6] + double.coefficients[:, 6:], single.coefficients, atol=1e-7)


def test_separable_outcome_stays_finite_analytic() -> None:
    y = np.repeat([0, 1], 20)
    Z = fit_scaler(np.column_stack([y * 10.0 + np.arange(40) * 0.1, np.sin(np.arange(40))])).transform(
        np.column_stack([y * 10.0 + np.arange(40) * 0.1, np.sin(np.arange(40))])
    )
    path = lasso_path(Z, y)
    assert np.isfinite(path.coefficients).all()
    assert path.lambdas.size < 100
    assert path.deviance_ratio[-1] > 0.99
    last = path.coefficients[-1]
    assert kkt_residual(Z, y * 1.0, float(path.lambdas[-1]), 1.0, float(path.intercepts[-1]), last) <= 1e-8
    cv = cv_lasso(Z, y, np.arange(40) % 5)
    assert np.isfinite(cv.cv_mean).all()


def test_more_features_than_cases_uses_the_short_grid_analytic() -> None:
    Z, y = _problem(3, 30, 50)
    path = lasso_path(Z, y, n_lambdas=5)
    np.testing.assert_allclose(path.lambdas[1:] / path.lambdas[:-1], 10.0**-0.5, rtol=1e-12)


def test_no_column_at_all_analytic() -> None:
    y = np.array([0, 0, 1, 0, 1, 0, 0, 0, 1, 0])
    path = lasso_path(np.empty((10, 0)), y)
    assert path.coefficients.shape == (1, 0)
    assert path.intercepts[0] == pytest.approx(np.log(3 / 7))
    cv = cv_lasso(np.empty((10, 0)), y, np.arange(10) % 3)
    assert cv.index == 0
    assert cv.coefficients.shape == (0,)


def test_same_bits_twice_analytic() -> None:
    Z, y = _problem(8, 120, 40)
    one, two = cv_lasso(Z, y, np.arange(120) % 5), cv_lasso(Z.copy(order="F"), y, np.arange(120) % 5)
    assert one.path.coefficients.tobytes() == two.path.coefficients.tobytes()
    assert one.cv_mean.tobytes() == two.cv_mean.tobytes()


def test_cross_validated_deviance_naive() -> None:
    """Folds of unequal size, refitted one by one, the deviance summed patient by patient."""
    Z, y = _problem(21, 50, 6)
    folds = np.array([1] * 20 + [2] * 17 + [3] * 13)
    cv = cv_lasso(Z, y, folds)
    means, sizes = [], []
    for k in (1, 2, 3):
        out = folds == k
        fit = lasso_path(Z[~out], y[~out], lambdas=cv.path.lambdas)
        p = risk(fit.intercepts + Z[out] @ fit.coefficients.T).clip(1e-5, 1.0 - 1e-5)
        means.append(np.mean(-2.0 * np.log(np.where(y[out, None] == 1, p, 1.0 - p)), axis=0))
        sizes.append(out.sum())
    share = np.array(sizes)[:, None] / 50.0
    mean = (share * means).sum(axis=0)
    se = np.sqrt((share * (np.array(means) - mean) ** 2).sum(axis=0) / 2.0)
    np.testing.assert_allclose(cv.cv_mean, mean, rtol=1e-12)
    np.testing.assert_allclose(cv.cv_se, se, rtol=1e-9, atol=1e-15)
    assert cv.index_1se <= cv.index_min == int(np.argmin(mean))


def test_column_constant_within_a_fold_gets_zero_analytic() -> None:
    Z, y = _problem(4, 40, 3)
    Z[:, 2] = 0.0
    Z[0, 2] = 1.0
    folds = np.arange(40) % 4
    cv = cv_lasso(Z, y, folds)
    assert np.isfinite(cv.cv_mean).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Z": "nan"}, "finite"),
        ({"Z": "constant"}, "vary"),
        ({"y": "one class"}, "both 0 and 1"),
        ({"y": "short"}, "one entry per case"),
        ({"y": "two"}, "0 or 1"),
        ({"alpha": 1.5}, "alpha"),
        ({"lambdas": np.array([0.1, 0.2])}, "decreasing"),
        ({"lambdas": np.array([0.1, -0.2])}, "positive"),
        ({"n_lambdas": 0}, "n_lambdas"),
        ({"tolerance": 0.0}, "tolerance"),
    ],
)
def test_bad_input_is_refused_analytic(change: dict[str, object], message: str) -> None:
    Z, y = _problem(1, 30, 4)
    if change.get("Z") == "nan":
        Z[3, 1] = np.nan
    if change.get("Z") == "constant":
        Z[:, 2] = 1.25
    ys = {"one class": np.ones(30), "short": y[:-1], "two": np.where(y == 1, 2, 0)}
    y = ys.get(str(change.get("y")), y)
    settings = {name: value for name, value in change.items() if name not in ("Z", "y")}
    with pytest.raises(InputError, match=message):
        lasso_path(Z, y, **settings)  # type: ignore[arg-type]


def test_bad_folds_are_refused_analytic() -> None:
    Z, _ = _problem(1, 30, 4)
    y = np.repeat([0, 1], 15)
    with pytest.raises(InputError, match="stratify"):
        cv_lasso(Z, y, np.where(y == 1, 1, 2))
    with pytest.raises(InputError, match="at least two folds"):
        cv_lasso(Z, y, np.ones(30, dtype=np.int64))
    with pytest.raises(InputError, match="one entry per row"):
        cv_lasso(Z, y, np.ones(29, dtype=np.int64))
    with pytest.raises(InputError, match="rule"):
        cv_lasso(Z, y, np.arange(30) % 3, rule="min")  # type: ignore[arg-type]


def test_penalties_beyond_double_precision_analytic() -> None:
    """Columns that differ by 1e-4, more of them than cases: the grid stops, penalties given are refused."""
    random = np.random.default_rng(3)
    X = random.normal(size=(16, 1)) + 1e-4 * random.normal(size=(16, 90))
    y = (random.random(16) < 0.5).astype(np.int64)
    Z = fit_scaler(X).transform(X)
    path = lasso_path(Z, y)
    target = y.astype(np.float64)
    for lam, intercept, beta in zip(path.lambdas, path.intercepts, path.coefficients, strict=True):
        assert kkt_residual(Z, target, float(lam), 1.0, float(intercept), beta) <= 1e-8
    with pytest.raises(InputError, match="must converge"):
        lasso_path(Z, y, lambdas=np.geomspace(0.3, 1e-5, 40))
    assert np.isfinite(cv_lasso(Z, y, np.arange(16) % 4).cv_mean).all()


@pytest.mark.parametrize("effect", [0.3, 4.0])
@pytest.mark.parametrize("step", [1, 5, 20])
def test_a_path_in_pieces_is_the_path_naive(effect: float, step: int) -> None:
    rng = np.random.default_rng(8)
    y = np.arange(80) % 2
    Z = rng.normal(size=(80, 60))
    Z[:, :3] += effect * y[:, None]
    whole = lasso_path(Z, y)
    problem = problem_of(
        Z, y, weights=None, offset=None, penalty_factors=None, alpha=1.0, loss="logistic", tolerance=1e-9
    )
    descent, grid, pieces = Descent(problem), grid_of(problem, 100), []
    for start in range(0, 100, step):
        pieces.append(descent.fit(grid[start : start + step], "stop"))
        if descent.ended:
            break
    path = joined(pieces)
    np.testing.assert_array_equal(path.lambdas, whole.lambdas)
    np.testing.assert_array_equal(path.coefficients, whole.coefficients)
    np.testing.assert_array_equal(path.intercepts, whole.intercepts)
