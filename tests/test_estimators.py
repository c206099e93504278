"""scikit-learn's own checks, pipelines, and equality with the functions that are covered."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from perirad.estimators import (
    CorrelationPruner,
    LassoLogistic,
    LogisticModel,
    MrmrSelector,
    RadScoreClassifier,
    UnivariateScreen,
)
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import Variable
from perirad.selection.folds import stratified_folds
from perirad.selection.lasso import cv_lasso
from perirad.selection.mrmr import mrmr

ESTIMATORS = [
    LassoLogistic(n_folds=3),
    LogisticModel(),
    RadScoreClassifier({"folds": 3, "test": "none"}),
    UnivariateScreen(alpha=1.0),
    CorrelationPruner(),
    MrmrSelector(2),
]


@parametrize_with_checks(ESTIMATORS)  # type: ignore[untyped-decorator]
def test_scikit_learn_conventions(estimator: Any, check: Any) -> None:
    check(estimator)


def data(n: int = 120, p: int = 30, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    X = random.normal(size=(n, p))
    X[:, :3] += 0.9 * y[:, None]
    return X, y


def test_pipelines_and_searches_run_analytic() -> None:
    X, y = data()
    pipeline = make_pipeline(UnivariateScreen(alpha=0.2), CorrelationPruner(0.8), LassoLogistic(n_folds=5))
    assert cross_val_score(pipeline, X, y, cv=4, scoring="roc_auc").mean() > 0.75
    search = GridSearchCV(LassoLogistic(n_folds=5), {"mixing": [0.5, 1.0], "rule": ["lambda.min", "lambda.1se"]}, cv=3)
    assert search.fit(X, y).best_params_["mixing"] in (0.5, 1.0)
    assert clone(pipeline).get_params()["lassologistic__n_folds"] == 5


def test_the_lasso_is_that_of_cv_lasso_r_glmnet() -> None:
    X, y = data()
    model = LassoLogistic(n_folds=5, seed=3).fit(X, y)
    Z = stats.zscore(X, ddof=1)
    found = cv_lasso(Z, y, stratified_folds(y, 5, seed=3))
    np.testing.assert_allclose(model.decision_function(X), found.intercept + Z @ found.coefficients, atol=1e-10)
    assert model.lambda_ == pytest.approx(found.chosen_lambda, rel=1e-12)


@pytest.mark.parametrize("model", ["ml", "firth"])
def test_the_logistic_model_is_that_of_the_nomogram_naive(model: Literal["ml", "firth"]) -> None:
    X, y = data(p=3)
    variables = [Variable(f"v{j}", "", "continuous") for j in range(3)]
    expected = fit_logistic({f"v{j}": X[:, j].tolist() for j in range(3)}, y, variables, method=model)
    found = LogisticModel(model).fit(X, y)
    np.testing.assert_array_equal(found.fit_.coefficients, expected.coefficients)
    assert found.predict_proba(X).sum() == pytest.approx(len(y))


def test_mrmr_takes_what_the_function_takes_naive() -> None:
    X, y = data()
    taken = np.flatnonzero(MrmrSelector(4, "MIQ").fit(X, y).get_support())
    assert taken.tolist() == sorted(mrmr(X, y, 4, scheme="MIQ").order.tolist())


def test_the_rad_score_finds_the_features_analytic() -> None:
    X, y = data()
    model = RadScoreClassifier({"folds": 5}).fit(X, y)
    assert {"x0", "x1", "x2"} <= set(model.radscore_.columns)
    assert model.steps_[0] == ("Candidates", 30)
    assert model.predict_proba(X[:3]).shape == (3, 2)


def test_splines_bend_analytic() -> None:
    random = np.random.default_rng(2)
    x = random.uniform(-2, 2, (300, 1))
    y = (random.random(300) < 1 / (1 + np.exp(1.5 - 1.5 * x[:, 0] ** 2))).astype(int)
    straight, bent = (cross_val_score(LogisticModel(knots=k), x, y, scoring="roc_auc").mean() for k in (0, 4))
    assert bent > straight + 0.15
