"""Likelihood ratios, agreement, exact intervals, and McNemar's test."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from perirad.errors import InputError
from perirad.validation.diagnostic import diagnostic_summary
from perirad.validation.mcnemar import compare_classifications, mcnemar
from perirad.validation.proportion import proportion
from perirad.validation.threshold import threshold_metrics

from .conftest import Predictions


@pytest.mark.parametrize("score", ["p_clinical", "radscore", "p_combined"])
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_summary_and_exact_intervals_r(
    cohort: str, score: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected, cutoff = oracle["metrics"][score][cohort], oracle["metrics"]["cutoffs"][score]
    patients = cohorts[cohort]
    table = threshold_metrics(patients.outcome, patients[score], cutoff, interval="clopper-pearson")
    got = diagnostic_summary(table)
    for name in ("f1", "balanced_accuracy", "youden", "mcc", "kappa"):
        assert getattr(got, name) == pytest.approx(expected[name], abs=1e-12)
    assert got.diagnostic_odds_ratio == pytest.approx(expected["dor"], abs=1e-12)
    for ratio, name in ((got.lr_positive, "lr_pos"), (got.lr_negative, "lr_neg")):
        wanted = [expected[name], *expected[f"{name}_ci"]]
        assert [ratio.estimate, ratio.lower, ratio.upper] == pytest.approx(wanted, abs=1e-12)
    for name in ("sensitivity", "specificity", "ppv", "npv", "accuracy"):
        share = getattr(table, name)
        assert [share.lower, share.upper] == pytest.approx(expected[name]["clopper_pearson"], abs=1e-12)


def test_exact_interval_has_exact_tails_analytic() -> None:
    for k, n in ((1, 7), (3, 7), (50, 100)):
        share = proportion(k, n, interval="clopper-pearson")
        assert stats.binom.sf(k - 1, n, share.lower) == pytest.approx(0.025, abs=1e-12)
        assert stats.binom.cdf(k, n, share.upper) == pytest.approx(0.025, abs=1e-12)
    none, everyone = (proportion(k, 9, interval="clopper-pearson") for k in (0, 9))
    assert (none.lower, none.upper) == pytest.approx((0.0, 1.0 - 0.025 ** (1 / 9)), abs=1e-14)
    assert (everyone.lower, everyone.upper) == pytest.approx((0.025 ** (1 / 9), 1.0), abs=1e-14)


def test_empty_cells_analytic() -> None:
    perfect = diagnostic_summary(threshold_metrics(np.array([0, 0, 1]), np.array([0.0, 0.1, 0.9]), 0.5))
    assert (perfect.mcc, perfect.kappa, perfect.f1, perfect.lr_negative.estimate) == (1.0, 1.0, 1.0, 0.0)
    assert np.isnan([perfect.lr_positive.estimate, perfect.lr_negative.lower, perfect.diagnostic_odds_ratio]).all()
    nobody = diagnostic_summary(threshold_metrics(np.array([0, 0, 1]), np.array([0.0, 0.1, 0.9]), np.inf))
    assert (nobody.kappa, nobody.f1, nobody.lr_negative.estimate) == (0.0, 0.0, 1.0)
    assert nobody.lr_negative.lower == nobody.lr_negative.upper == 1.0
    assert math.isnan(nobody.mcc)


def test_paired_classifications_r_mcnemar(cohorts: dict[str, Predictions], oracle: dict[str, Any]) -> None:
    patients, cutoffs = cohorts["test"], oracle["metrics"]["cutoffs"]
    calls = [patients[name] >= cutoffs[name] for name in ("p_clinical", "p_combined")]
    got = compare_classifications(patients.outcome, *calls)
    for name, expected in oracle["metrics"]["mcnemar_test_clinical_vs_combined"].items():
        test = getattr(got, name)
        assert (test.only_first, test.only_second) == (expected["b"], expected["c"])
        assert test.p_exact == pytest.approx(expected["p_exact"], abs=1e-12)
        assert test.p_corrected == pytest.approx(expected["p_mcnemar_corrected"], abs=1e-12)


def test_mcnemar_without_and_with_even_disagreement_analytic() -> None:
    right = np.array([True, False, True])
    same = mcnemar(right, right)
    assert (same.only_first, same.only_second, same.difference) == (0, 0, 0.0)
    assert np.isnan([same.p_exact, same.p_corrected]).all()
    even = mcnemar(np.array([True, False]), np.array([False, True]))
    assert (even.p_exact, even.p_corrected) == (1.0, 1.0)
    one = mcnemar(np.ones(6, dtype=bool), np.zeros(6, dtype=bool))
    assert (one.difference, one.p_exact) == (1.0, 2 * 0.5**6)


def test_bad_input_is_named_mechanics() -> None:
    with pytest.raises(InputError, match=r"^a share must lie between 0 and its denominator, got 3 of 2$"):
        proportion(3, 2)
    with pytest.raises(InputError, match=r"^the interval must be wilson or clopper-pearson, got 'wald'$"):
        proportion(1, 2, interval="wald")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^a classification must be true or false for each of 2 patients, got"):
        compare_classifications(np.array([0, 1]), np.array([True, False]), np.array([0.2, 0.8]))
    with pytest.raises(InputError, match=r"^two boolean vectors of one length are needed, got"):
        mcnemar(np.array([True]), np.array([True, False]))
