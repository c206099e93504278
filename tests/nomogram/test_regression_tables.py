"""Univariable and multivariable tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import Variable
from perirad.nomogram.tables import multivariable, univariable, variance_inflation

from .conftest import Cohort

COMBINED = ("age", "size_mm", "birads", "radscore")


def test_each_variable_alone_r_glm(training: Cohort, oracle: dict[str, Any]) -> None:
    for expected in oracle["univariable"]:
        name = expected["variable"]
        column = training.columns[name]
        if expected["z_scored"]:
            column = (column - column.mean()) / column.std(ddof=1)
        (test,) = univariable({name: column}, training.outcome, [training.variable(name)])
        assert test.method == "ml"
        assert test.df == len(expected["coef"])
        assert test.p == pytest.approx(expected["p_lrt"], abs=1e-10)
        for row, k in zip(test.rows, range(test.df), strict=True):
            got = (row.odds_ratio, row.lower, row.upper)
            want = (expected["or"][k], expected["or_wald_lo"][k], expected["or_wald_hi"][k])
            assert got == pytest.approx(want, rel=1e-6)
            assert row.p == pytest.approx(expected["p_wald"][k], abs=1e-7)


def test_all_variables_together_r_glm(training: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["logistic"]["combined"]
    tests = multivariable(training.columns, training.outcome, training.variables(*COMBINED))
    rows = [row for test in tests for row in test.rows]
    assert [row.term for row in rows] == ["age", "size_mm", "birads=4B", "birads=4C", "radscore"]
    np.testing.assert_allclose([row.odds_ratio for row in rows], np.exp(expected["coef"][1:]), rtol=1e-9)
    np.testing.assert_allclose([row.lower for row in rows], np.exp(expected["wald_lo"][1:]), rtol=1e-6)
    np.testing.assert_allclose([row.upper for row in rows], np.exp(expected["wald_hi"][1:]), rtol=1e-6)
    np.testing.assert_allclose([row.p for row in rows], expected["p"][1:], rtol=0, atol=1e-7)


def test_likelihood_ratio_of_one_variable_r_glm(training: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["logistic"]["lrt_clinical_to_clinical_plus_radscore"]
    names = ("age", "size_mm", "birads", "family_history", "radscore")
    test = multivariable(training.columns, training.outcome, training.variables(*names))[-1]
    assert (test.variable.name, test.df) == ("radscore", expected["df"])
    assert test.chi2 == pytest.approx(expected["chi2"], abs=1e-9)
    assert test.p == pytest.approx(expected["p"], rel=1e-8)


def test_levels_are_tested_together_r_glm(training: Cohort, oracle: dict[str, Any]) -> None:
    # the model without birads is nested in the one whose likelihood is in the fixture
    names = ("age", "size_mm", "radscore")
    without = fit_logistic(training.columns, training.outcome, training.variables(*names)).log_likelihood
    test = multivariable(training.columns, training.outcome, training.variables(*COMBINED))[2]
    assert (test.variable.name, test.df) == ("birads", 2)
    assert test.chi2 == pytest.approx(2.0 * (oracle["logistic"]["combined"]["loglik"] - without), abs=1e-9)


def test_penalised_likelihood_ratio_r_firth(separated: Cohort, oracle: dict[str, Any]) -> None:
    tests = multivariable(separated.columns, separated.outcome, separated.variables("age", "size_mm", "marker"))
    assert {test.method for test in tests} == {"firth"}
    np.testing.assert_allclose([test.chi2 for test in tests], oracle["firth"]["profile_lr_chi2"][1:], atol=1e-9)
    np.testing.assert_allclose([test.p for test in tests], oracle["firth"]["profile_lr_p"][1:], atol=1e-9)


def test_single_separated_variable_is_penalised_alike_in_both_tables_analytic(separated: Cohort) -> None:
    variables = separated.variables("marker")
    alone = univariable(separated.columns, separated.outcome, variables)
    assert alone == multivariable(separated.columns, separated.outcome, variables)
    assert alone[0].method == "firth"
    assert alone[0].chi2 > 3.84
    assert np.isfinite([alone[0].rows[0].odds_ratio, alone[0].rows[0].upper]).all()


def test_odds_ratio_of_a_tiny_unit_is_infinite_without_a_warning_analytic(training: Cohort) -> None:
    columns = {"tiny": 1e-6 * training.columns["age"]}
    (test,) = univariable(columns, training.outcome, [Variable("tiny", "tiny", "continuous")])
    (same,) = univariable(training.columns, training.outcome, training.variables("age"))
    assert test.rows[0].upper == np.inf
    assert test.chi2 == pytest.approx(same.chi2, abs=1e-9)
    assert test.rows[0].p == pytest.approx(same.rows[0].p, rel=1e-9)


def test_variance_inflation_r_car(training: Cohort, oracle: dict[str, Any]) -> None:
    factors = variance_inflation(fit_logistic(training.columns, training.outcome, training.variables(*COMBINED)))
    assert factors == pytest.approx({row["term"]: row["GVIF"] for row in oracle["logistic"]["gvif_combined"]}, abs=1e-6)


def test_variance_inflation_of_a_single_variable_analytic(training: Cohort) -> None:
    fit = fit_logistic(training.columns, training.outcome, training.variables("birads"))
    assert variance_inflation(fit) == pytest.approx({"birads": 1.0}, abs=1e-12)
