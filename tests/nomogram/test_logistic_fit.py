"""Logistic regression by maximum likelihood, and by Firth's penalised likelihood."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.nomogram.logistic import expit, fit_logistic, linear_predictor, probability
from perirad.nomogram.records import Variable

from .conftest import Cohort

X = Variable("x", "x", "continuous")
MODELS = {
    "clinical": ("age", "size_mm", "birads", "family_history"),
    "radiomics": ("radscore",),
    "combined": ("age", "size_mm", "birads", "radscore"),
}


@pytest.mark.parametrize("model", MODELS)
def test_maximum_likelihood_r_glm(model: str, training: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["logistic"][model]
    fit = fit_logistic(training.columns, training.outcome, training.variables(*MODELS[model]))
    assert fit.method == "ml"
    assert (fit.n, fit.n_events) == (303, 81)
    np.testing.assert_allclose(fit.coefficients, expected["coef"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), expected["se"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(fit.covariance, expected["vcov"], rtol=0, atol=1e-6)
    assert fit.log_likelihood == pytest.approx(expected["loglik"], abs=1e-9)
    assert -2.0 * fit.null_log_likelihood == pytest.approx(expected["null_deviance"], abs=1e-9)


def test_terms_are_named_as_rms_does_r_rms(training: Cohort, oracle: dict[str, Any]) -> None:
    fit = fit_logistic(training.columns, training.outcome, training.variables(*MODELS["combined"]))
    coefficients = dict(zip(("Intercept", *fit.terms), fit.coefficients, strict=True))
    assert coefficients == pytest.approx(oracle["logistic"]["combined"]["lrm_coef"], abs=1e-9)


def test_firth_where_the_outcome_is_separated_r_brglm2(separated: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["firth"]
    fit = fit_logistic(separated.columns, separated.outcome, separated.variables("age", "size_mm", "marker"))
    assert fit.method == "firth"
    np.testing.assert_allclose(fit.coefficients, expected["firth_coef"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(fit.coefficients, expected["brglm2_coef"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), expected["firth_se"], rtol=0, atol=1e-9)
    assert fit.log_likelihood == pytest.approx(expected["penalised_loglik"], abs=1e-9)


def test_firth_of_a_two_by_two_table_adds_a_half_analytic() -> None:
    # with one binary predictor the penalty is exactly half a patient in each cell of the table
    x, y = np.repeat([0, 0, 1], [7, 3, 5]), np.repeat([0, 1, 1], [7, 3, 5])
    fit = fit_logistic({"x": x}, y, [X])
    assert fit.method == "firth"
    outside = np.log(3.5 / 7.5)
    np.testing.assert_allclose(fit.coefficients, [outside, np.log(5.5 / 0.5) - outside], atol=1e-10)


@pytest.mark.parametrize(("n_events", "n"), [(1, 4), (2, 4), (4, 5)])
def test_firth_of_as_many_terms_as_patients_analytic(n_events: int, n: int) -> None:
    # every patient has leverage one, so that y - p + (1/2 - p) = 0: p is 3/4 or 1/4
    rng = np.random.default_rng(n)
    columns = {f"x{j}": rng.normal(size=n) for j in range(n - 1)}
    y = (np.arange(n) < n_events).astype(np.int64)
    fit = fit_logistic(columns, y, [Variable(name, name, "continuous") for name in columns])
    assert fit.method == "firth"
    np.testing.assert_allclose(probability(fit, columns), np.where(y == 1, 0.75, 0.25), rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_firth_gradient_vanishes_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(70, 3))
    y = (x @ [1.0, 2.0, 1.0] > 0.1).astype(np.int64)
    columns = {f"x{j}": x[:, j] for j in range(3)}
    fit = fit_logistic(columns, y, [Variable(name, name, "continuous") for name in columns])
    design = np.column_stack([np.ones(70), x])

    def penalised(beta: np.ndarray) -> float:
        p = expit(design @ beta)
        information = sum(risk * (1 - risk) * np.outer(row, row) for risk, row in zip(p, design, strict=True))
        return float(np.log(np.where(y == 1, p, 1 - p)).sum() + 0.5 * np.log(np.linalg.det(information)))

    assert fit.method == "firth"
    assert fit.log_likelihood == pytest.approx(penalised(fit.coefficients), abs=1e-8)
    for j in range(4):
        for away in (-1e-3, 1e-3):
            assert penalised(fit.coefficients + away * np.eye(4)[j]) < fit.log_likelihood


def test_odds_ratio_of_a_two_by_two_table_analytic() -> None:
    x, y = np.repeat([0, 0, 1, 1], [7, 3, 2, 8]), np.repeat([0, 1, 0, 1], [7, 3, 2, 8])
    fit = fit_logistic({"x": x}, y, [X])
    np.testing.assert_allclose(fit.coefficients, [np.log(3 / 7), np.log(8 / 2 * 7 / 3)], atol=1e-12)
    assert fit.covariance[1, 1] == pytest.approx(1 / 7 + 1 / 3 + 1 / 2 + 1 / 8, abs=1e-12)


@pytest.mark.parametrize(
    "x",
    [
        [0, 1, 2, 3, 4, 5],
        [0, 1, 2, 2, 3, 4],
        [5, 4, 3, 2, 1, 0],
        [0, 1e-9, 2e-9, 3e-9, 4e-9, 5e-9],
    ],
)
def test_separation_is_found_analytic(x: list[float]) -> None:
    y = np.array([0, 0, 0, 1, 1, 1])
    assert fit_logistic({"x": x}, y, [X]).method == "firth"
    with pytest.raises(InputError) as error:
        fit_logistic({"x": x}, y, [X], method="ml")
    line = "maximum likelihood estimates must exist, got an outcome separated by x: use method='firth'"
    assert str(error.value) == line


def test_separation_by_two_variables_together_analytic() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=60), rng.normal(size=60)
    y = (a + b > 0.2).astype(np.int64)
    variables = [Variable("a", "a", "continuous"), Variable("b", "b", "continuous")]
    assert fit_logistic({"a": a, "b": b}, y, variables).method == "firth"
    assert fit_logistic({"a": a, "b": b}, y, variables[:1]).method == "ml"


def test_far_patient_is_not_separation_analytic() -> None:
    # overlap of two patients is enough for a maximum, however far away and certain others are
    x = np.concatenate([np.linspace(-3, 0.1, 40), np.linspace(-0.1, 3, 40), [400.0]])
    y = np.repeat([0, 1], [40, 41])
    fit = fit_logistic({"x": x}, y, [X])
    assert fit.method == "ml"
    residual = y - probability(fit, {"x": x})
    np.testing.assert_allclose([residual.sum(), residual @ x], 0.0, atol=1e-9)


def test_units_do_not_matter_analytic(training: Cohort) -> None:
    variables = training.variables("original_firstorder_f03", "original_firstorder_f04")
    scale = {"original_firstorder_f03": 1e9, "original_firstorder_f04": 1e-9}
    other = {name: 5.0 * factor + factor * training.columns[name] for name, factor in scale.items()}
    fit = fit_logistic(training.columns, training.outcome, variables)
    moved = fit_logistic(other, training.outcome, variables)
    assert moved.log_likelihood == pytest.approx(fit.log_likelihood, abs=1e-9)
    for name, ours, theirs in zip(fit.terms, fit.coefficients[1:], moved.coefficients[1:], strict=True):
        assert theirs * scale[name] == pytest.approx(ours, rel=1e-6)


def test_patient_alone_gets_the_same_bits_as_in_the_cohort_analytic(training: Cohort) -> None:
    fit = fit_logistic(training.columns, training.outcome, training.variables(*MODELS["combined"]))
    together, risks = linear_predictor(fit, training.columns), probability(fit, training.columns)
    for i in range(303):
        one = {name: [training.columns[name][i]] for name in MODELS["combined"]}
        assert linear_predictor(fit, one)[0] == together[i]
        assert probability(fit, one)[0] == risks[i]


def test_expit_at_the_ends_analytic() -> None:
    values = expit(np.array([-1e4, -700.0, 0.0, 2.0, 700.0, 1e4]))
    np.testing.assert_allclose(values[[0, 2, 4, 5]], [0.0, 0.5, 1.0, 1.0], rtol=0, atol=0)
    assert values[1] == pytest.approx(np.exp(-700.0), rel=1e-12)
    assert values[3] == pytest.approx(1.0 / (1.0 + np.exp(-2.0)), rel=1e-15)


def test_dependent_terms_are_named_mechanics() -> None:
    a, c = np.arange(8.0), np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    columns = {"a": a, "b": 2.0 * a - 1.0, "c": c}
    variables = [Variable(name, name, "continuous") for name in columns]
    with pytest.raises(InputError, match=r"^terms of the model must not depend on each other, got a, b in 8 patients"):
        fit_logistic(columns, np.arange(8) % 2, variables)
    with pytest.raises(InputError, match="a, c in 2 patients"):
        fit_logistic({"a": [0, 1], "c": [1, 3]}, np.array([0, 1]), [variables[0], variables[2]])


@pytest.mark.parametrize("values", [[5, 5, 5, 5], [0, 0, 0, 0], [0.1, 0.1, 0.1, 0.1]])
def test_constant_term_is_named_mechanics(values: list[float]) -> None:
    line = "every term of the model must vary between patients, got one and the same x in all 4: leave it out"
    with pytest.raises(InputError) as error:
        fit_logistic({"x": values}, np.array([0, 1, 0, 1]), [X])
    assert str(error.value) == line


def test_level_without_patients_is_named_mechanics() -> None:
    birads = Variable("birads", "BI-RADS", "categorical", ("4A", "4B", "4C"))
    with pytest.raises(InputError, match="one and the same birads=4C in all 4"):
        fit_logistic({"birads": ["4A", "4B", "4A", "4B"]}, np.array([0, 1, 1, 0]), [birads])
    with pytest.raises(InputError, match="birads=4B, birads=4C in 4 patients"):
        fit_logistic({"birads": ["4C", "4B", "4C", "4B"]}, np.array([0, 1, 1, 0]), [birads])
