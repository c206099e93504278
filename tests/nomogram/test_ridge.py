"""Logistic regression with a ridge penalty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.nomogram.logistic import fit_logistic, probability
from perirad.nomogram.points import build_nomogram
from perirad.nomogram.ridge import choose_penalty, fit_ridge

from .conftest import Cohort

COMBINED = ("age", "size_mm", "birads", "radscore")


def test_separated_outcome_r_rms(separated: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["firth"]["lrm_penalty2"]
    variables = separated.variables("age", "size_mm", "marker")
    fit = fit_ridge(separated.columns, separated.outcome, variables, penalty=2)
    np.testing.assert_allclose(fit.coefficients, list(expected["coef"].values()), rtol=0, atol=1e-6)
    assert fit.effective_df == pytest.approx(expected["effective_df"], abs=1e-6)


def test_levels_r_rms(training: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["firth"]["lrm_penalty5_combined_train"]
    fit = fit_ridge(training.columns, training.outcome, training.variables(*COMBINED), penalty=5)
    np.testing.assert_allclose(fit.coefficients, list(expected["coef"].values()), rtol=0, atol=1e-6)
    assert fit.effective_df == pytest.approx(expected["effective_df"], abs=1e-6)


def test_no_penalty_is_maximum_likelihood_analytic(training: Cohort) -> None:
    variables = training.variables(*COMBINED)
    ridge = fit_ridge(training.columns, training.outcome, variables, penalty=0)
    plain = fit_logistic(training.columns, training.outcome, variables)
    np.testing.assert_allclose(ridge.coefficients, plain.coefficients, rtol=1e-10)
    np.testing.assert_allclose(ridge.covariance, plain.covariance, rtol=1e-8)
    assert ridge.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-10)
    assert ridge.effective_df == pytest.approx(5.0, abs=1e-9)


def test_heavy_penalty_leaves_the_prevalence_analytic(training: Cohort) -> None:
    fit = fit_ridge(training.columns, training.outcome, training.variables(*COMBINED), penalty=1e9)
    np.testing.assert_allclose(probability(fit, training.columns), training.outcome.mean(), atol=1e-6)
    assert fit.effective_df == pytest.approx(0.0, abs=1e-6)
    nomogram = build_nomogram(fit, {"age": (20, 90), "size_mm": (0, 60), "radscore": (-4, 3)}, outcome_label="Risk")
    assert np.ptp(nomogram.axes[0].points) >= 0.0


def test_reference_level_does_not_matter_analytic(training: Cohort) -> None:
    """The levels are drawn to their mean, not to the reference."""
    birads, age = training.variables("birads", "age")
    turned = type(birads)(birads.name, birads.label, "categorical", ("4C", "4A", "4B"))
    one = fit_ridge(training.columns, training.outcome, [birads, age], penalty=8)
    two = fit_ridge(training.columns, training.outcome, [turned, age], penalty=8)
    np.testing.assert_allclose(probability(one, training.columns), probability(two, training.columns), rtol=1e-9)


def test_slope_of_the_penalised_likelihood_vanishes_naive(training: Cohort) -> None:
    variables = training.variables("age", "radscore")
    fit = fit_ridge(training.columns, training.outcome, variables, penalty=12.0)
    design = np.column_stack([np.ones(303), training.columns["age"], training.columns["radscore"]])
    slope = design.T @ (training.outcome - probability(fit, training.columns))
    pull = 12.0 * np.r_[0.0, design[:, 1:].var(axis=0, ddof=1)] * fit.coefficients
    np.testing.assert_allclose(slope, pull, rtol=0, atol=1e-7)


def test_bad_penalties_are_refused_mechanics(training: Cohort) -> None:
    variables = training.variables("age")
    for penalty in (-1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="the penalty must be a number not below 0"):
            fit_ridge(training.columns, training.outcome, variables, penalty=penalty)
    with pytest.raises(InputError, match="at least one penalty"):
        choose_penalty(training.columns, training.outcome, variables, [])
    separated = {"x": np.arange(10.0)}
    marker = type(variables[0])("x", "x", "continuous")
    with pytest.raises(InputError, match=r"must converge.*larger penalty"):
        fit_ridge(separated, (np.arange(10) > 4).astype(np.int64), [marker], penalty=0)
