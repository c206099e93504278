"""Each step of the selection as the settings ask for it, against the functions of the selection room."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from perirad.selection.lasso import cv_lasso
from perirad.selection.mrmr import mrmr
from perirad.selection.redundancy import spearman
from perirad.selection.univariate import adjust_p, mann_whitney
from perirad.study.fitting import RadScoreFit, fit_radscore
from perirad.study.narrowing import narrow
from perirad.study.penalty import penalised, stable_columns
from perirad.study.settings import SelectionSettings, StudySettings
from perirad.study.training import Training
from perirad.table import FeatureTable

N, P, TRUE = 160, 60, 4


def training(seed: int = 3, effect: float = 0.9) -> Training:
    """The first features tell the outcome, the fifth repeats the first, the rest is noise."""
    rng = np.random.default_rng(seed)
    outcome = np.arange(N, dtype=np.int64) % 2
    values = rng.normal(size=(N, P))
    values[:, :TRUE] += effect * outcome[:, None]
    values[:, TRUE] = values[:, 0] + 0.05 * rng.normal(size=N)
    names = tuple(f"I_original_firstorder_F{j}" for j in range(P))
    return Training(FeatureTable(tuple(map(str, range(N))), names, values), outcome, np.arange(N, dtype=np.int64))


def study(**choice: object) -> StudySettings:
    return StudySettings.model_validate({"outcome": {"column": "y"}, "selection": choice})


def fitted(**choice: object) -> RadScoreFit:
    return fit_radscore(training(), "I", study(**choice), (1, 4))


def test_the_screen_is_adjusted_for_the_number_of_features_naive() -> None:
    data = training()
    p = adjust_p(mann_whitney(data.table.values, data.outcome), "fdr")
    left = narrow(data, SelectionSettings(adjustment="fdr", correlation=1.0))
    assert left.names.tolist() == [data.table.columns[j] for j in np.flatnonzero(p < 0.05)]
    assert left.steps == (("Candidates", P), ("Defined", P), ("After screening", len(left.names)))


def test_steps_that_are_switched_off_leave_all_features_analytic() -> None:
    left = narrow(training(), SelectionSettings(test="none", correlation=1.0))
    assert left.steps == (("Candidates", P), ("Defined", P))


def test_of_features_that_repeat_each_other_one_is_left_analytic() -> None:
    data = training()
    left = narrow(data, SelectionSettings(test="none"))
    assert len({"I_original_firstorder_F0", "I_original_firstorder_F4"} & set(left.names.tolist())) == 1
    assert np.abs(spearman(left.values) - np.eye(len(left.names))).max() <= 0.9


def test_mrmr_leaves_the_features_that_it_takes_first_naive() -> None:
    data = training()
    left = narrow(data, SelectionSettings(test="none", correlation=1.0, mrmr=7, mrmr_scheme="MIQ"))
    order = mrmr(data.table.values, data.outcome, 7, scheme="MIQ").order
    assert left.names.tolist() == [data.table.columns[j] for j in sorted(order)]
    assert left.steps[-1] == ("After mRMR", 7)


def test_mrmr_of_fewer_features_than_asked_for_takes_all_analytic() -> None:
    left = narrow(training(), SelectionSettings(alpha=1e-9, mrmr=30))
    assert left.steps[-1][1] == left.steps[-2][1]


@pytest.mark.parametrize(
    "choice", [{"mixing": 0.5}, {"mixing": 0.0}, {"measure": "auc"}, {"measure": "class"}, {"rule": "lambda.1se"}]
)
def test_the_penalty_is_chosen_as_the_settings_say_naive(choice: dict[str, object]) -> None:
    data = training()
    Z = stats.zscore(data.table.values, ddof=1)
    settings = SelectionSettings.model_validate(choice)
    folds = np.arange(N, dtype=np.int64) // 2 % 8
    whole = cv_lasso(Z, data.outcome, folds, alpha=settings.mixing, rule=settings.rule, measure=settings.measure)
    found = penalised(Z, data.outcome, folds, settings)
    assert found.chosen_lambda == whole.chosen_lambda
    np.testing.assert_array_equal(found.coefficients, whole.coefficients)


def test_stability_keeps_what_most_halves_select_analytic() -> None:
    def noise(fit: RadScoreFit) -> set[int]:
        return {int(name.rsplit("F", 1)[1]) for name in fit.score.columns} - set(range(TRUE + 1))

    fit, without = fitted(test="none", stability=0.9), fitted(test="none")
    assert fit.steps[-1][0] == "After stability selection"
    assert len(fit.score.columns) - len(noise(fit)) >= TRUE - 1
    assert noise(fit) < noise(without)


def test_noise_is_not_stable_analytic() -> None:
    data = training(effect=0.0)
    Z = stats.zscore(data.table.values, ddof=1)
    folds = np.arange(N, dtype=np.int64) // 2 % 8
    often = stable_columns(Z, data.outcome, data.patients, folds, SelectionSettings(stability=0.9), seed=5)
    assert not often.any()


def test_least_squares_on_the_label_have_a_risk_by_logistic_regression_analytic() -> None:
    data, fit = training(), fitted(loss="squared")
    score = fit.score.predict(data.table)
    assert score.mean() == pytest.approx(0.5, abs=1e-6)  # the mean of the label: this is no log-odds
    risk = fit.score.probability(data.table)
    np.testing.assert_allclose(risk, special.expit(fit.score.risk_intercept + fit.score.risk_slope * score), rtol=1e-12)
    # The score equations of maximum likelihood: residuals sum to zero, and so do their products with the score.
    assert (data.outcome - risk).sum() == pytest.approx(0.0, abs=1e-8)
    assert ((data.outcome - risk) * score).sum() == pytest.approx(0.0, abs=1e-8)


def test_a_constant_score_of_least_squares_means_the_prevalence_analytic() -> None:
    data = training(effect=0.0)
    fit = fit_radscore(data, "I", study(loss="squared", alpha=1e-9), (1, 4))
    assert fit.score.is_constant
    np.testing.assert_allclose(fit.score.probability(data.table), 0.5, rtol=1e-12)
