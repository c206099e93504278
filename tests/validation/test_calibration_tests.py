"""Scores and tests of calibration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.validation import calibration_tests as tests
from perirad.validation.logistic_indices import logistic_indices

from .conftest import Predictions

MODELS = ("p_clinical", "p_radiomics", "p_combined")
COHORTS = ("train", "test")
TINY = 1e-10


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("model", MODELS)
def test_scores_and_spiegelhalter_r_rms(
    model: str, cohort: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    y, p = cohorts[cohort].outcome, cohorts[cohort][model]
    expected = oracle["calibration"][model][cohort]
    assert tests.log_loss(y, p) == pytest.approx(expected["log_loss"], abs=TINY)
    assert tests.brier_score(y, p).estimate == pytest.approx(expected["brier"], abs=TINY)
    assert tests.expected_calibration_error(y, p) == pytest.approx(expected["ece10_equal_width"], abs=TINY)
    ratio = tests.observed_expected(y, p)
    assert [ratio.estimate, ratio.lower, ratio.upper] == pytest.approx([expected["OE"], *expected["OE_ci_log"]])
    test = tests.spiegelhalter(y, p)
    wanted = expected["val_prob"]
    assert (test.z, test.p) == pytest.approx((wanted["S:z"], wanted["S:p"]), abs=1e-8)


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("model", MODELS)
def test_quality_indices_r_rms(
    model: str, cohort: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    y, p = cohorts[cohort].outcome, cohorts[cohort][model]
    expected = oracle["calibration"][model][cohort]
    got = logistic_indices(y, np.log(p / (1.0 - p)))
    assert (got.intercept, got.slope) == pytest.approx((expected["intercept"], expected["slope"]), abs=1e-9)
    assert (got.brier, got.q) == pytest.approx((expected["brier"], got.d - got.u), abs=1e-12)
    assert got.u == pytest.approx(expected["val_prob"]["U"], abs=1e-6)
    if cohort == "train":  # there val.prob's R2 and D, of the predictions as they are, are those of the recalibration
        assert (got.r2, got.d) == pytest.approx((expected["val_prob"]["R2"], expected["val_prob"]["D"]), abs=1e-9)
    assert got.dxy == pytest.approx(2.0 * oracle["roc"][cohort][score_of(model)]["auc"] - 1.0, abs=1e-12)


def score_of(model: str) -> str:
    return "radscore" if model == "p_radiomics" else model


@pytest.mark.parametrize("n_groups", [5, 10])
@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("model", MODELS)
def test_hosmer_lemeshow_r(
    model: str, cohort: str, n_groups: int, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    y, p = cohorts[cohort].outcome, cohorts[cohort][model]
    expected = oracle["calibration"][model][cohort][f"hosmer_lemeshow_{n_groups}"]
    outside = tests.hosmer_lemeshow(y, p, n_groups=n_groups)
    inside = tests.hosmer_lemeshow(y, p, n_groups=n_groups, development=True)
    assert (outside.chi2, outside.p) == pytest.approx((expected["chi2"], expected["p_df_g_external"]), abs=TINY)
    assert (inside.df, inside.p) == pytest.approx((expected["df_development"], expected["p_df_g_minus_2"]), abs=TINY)
    np.testing.assert_allclose(outside.expected, expected["expected"], atol=TINY)
    assert outside.observed.tolist() == expected["observed"]
    assert outside.n.tolist() == expected["n"]
    assert "Hosmer-Lemeshow" in outside.caution


def test_certain_predictions_analytic() -> None:
    y, p = np.array([0, 1, 1]), np.array([0.0, 1.0, 0.5])
    assert tests.log_loss(y, p) == pytest.approx(math.log(2.0) / 3.0)
    assert tests.log_loss(1 - y, p) == math.inf
    assert np.isnan([tests.spiegelhalter(y, p).z, tests.spiegelhalter(y, p).p]).all()
    assert tests.hosmer_lemeshow(y, p, n_groups=3).chi2 == pytest.approx(1.0)
    wrong = tests.hosmer_lemeshow(np.array([1, 1, 0, 0]), np.array([0.0, 0.0, 1.0, 1.0]), n_groups=2)
    assert (wrong.chi2, wrong.p) == (math.inf, 0.0)


def test_brier_interval_and_ratio_without_events_analytic() -> None:
    y, p = np.array([0, 0, 1, 1]), np.array([0.1, 0.3, 0.9, 0.5])
    squared = np.array([0.01, 0.09, 0.01, 0.25])
    got = tests.brier_score(y, p)
    assert got.upper - got.estimate == pytest.approx(1.959963984540054 * squared.std(ddof=1) / 2.0)
    assert math.isnan(tests.brier_score(y[:1], p[:1]).lower)
    none = tests.observed_expected(np.zeros(3, dtype=np.int64), np.full(3, 0.2))
    assert none.estimate == 0.0
    assert np.isnan([none.lower, none.upper]).all()
    assert math.isnan(tests.observed_expected(np.array([1]), np.array([0.0])).estimate)


def test_one_group_has_no_freedom_in_development_analytic() -> None:
    y, p = np.array([0, 1, 1, 0]), np.full(4, 0.4)
    assert math.isnan(tests.hosmer_lemeshow(y, p, development=True).p)
    got = tests.hosmer_lemeshow(y, p)
    assert (got.df, got.chi2) == pytest.approx((1.0, 0.4**2 / 1.6 + 0.4**2 / 2.4))


def test_useless_and_separating_predictors_have_no_recalibration_analytic() -> None:
    y = np.array([0, 0, 1, 1])
    predictors: tuple[tuple[FloatArray, float], ...] = ((np.zeros(4), 0.0), (np.array([-1.5, -0.5, 0.5, 1.5]), 1.0))
    for lp, dxy in predictors:
        got = logistic_indices(y, lp)
        assert got.dxy == dxy
        assert np.isnan([got.r2, got.slope, got.d, got.q]).all()


def test_bad_numbers_of_groups_are_named_mechanics() -> None:
    y, p = np.array([0, 1]), np.array([0.2, 0.8])
    with pytest.raises(InputError, match=r"^at least one calibration group is needed, got n_groups=0$"):
        tests.hosmer_lemeshow(y, p, n_groups=0)
    with pytest.raises(InputError, match=r"^at least one bin is needed, got n_bins=0$"):
        tests.expected_calibration_error(y, p, n_bins=0)
