"""Area under the ROC curve, its comparison, and the curve."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation.discrimination import auc_delong, compare_auc, roc_curve

from .conftest import Predictions

SCORES = ("p_clinical", "radscore", "p_combined", "birads_num")
COHORTS = ("train", "test")


def naive_delong(outcome: IntArray, score: FloatArray) -> tuple[float, float]:
    """Area and variance by going through all pairs of patients."""
    high, low = score[outcome == 1], score[outcome == 0]
    won = np.array([[1.0 if a > b else 0.5 if a == b else 0.0 for b in low] for a in high])
    rows, columns = won.mean(axis=1), won.mean(axis=0)
    return float(won.mean()), float(np.var(rows, ddof=1) / high.size + np.var(columns, ddof=1) / low.size)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("cohort", COHORTS)
def test_area_and_interval_r_proc(
    cohort: str, score: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected = oracle["roc"][cohort][score]
    auc = auc_delong(cohorts[cohort].outcome, cohorts[cohort][score])
    assert auc.estimate == pytest.approx(expected["auc"], abs=1e-12)
    assert auc.variance == pytest.approx(expected["var_delong"], abs=1e-12)
    assert [auc.lower, auc.estimate, auc.upper] == pytest.approx(expected["ci_delong"], abs=1e-12)
    assert (auc.n_events, auc.n_nonevents) == ((81, 222) if cohort == "train" else (35, 95))


@pytest.mark.parametrize("cohort", COHORTS)
def test_paired_comparison_r_proc(cohort: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]) -> None:
    patients = cohorts[cohort]
    for expected in oracle["roc"][cohort]["paired"]:
        got = compare_auc(patients.outcome, patients[expected["a"]], patients[expected["b"]])
        assert got.difference == pytest.approx(expected["diff"], abs=1e-12)
        assert (got.z, got.p) == pytest.approx((expected["z"], expected["p"]), abs=1e-10)
        assert [got.lower, got.upper] == pytest.approx(expected["ci_diff"], abs=1e-12)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("cohort", COHORTS)
def test_curve_r_proc(cohort: str, score: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]) -> None:
    expected = oracle["roc"][cohort][score]
    curve = roc_curve(cohorts[cohort].outcome, cohorts[cohort][score])
    assert curve.thresholds.size == curve.sensitivity.size == curve.specificity.size == expected["n_points"]
    if expected["points"]:
        points = {name: np.array(values, dtype=float)[::-1] for name, values in expected["points"].items()}
        np.testing.assert_allclose(curve.thresholds[1:-1], points["threshold"][1:-1], rtol=0, atol=1e-12)
        np.testing.assert_allclose(curve.sensitivity, points["sensitivity"], rtol=0, atol=1e-12)
        np.testing.assert_allclose(curve.specificity, points["specificity"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_area_of_random_and_tied_scores_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcome = np.append(rng.integers(0, 2, 40), [0, 0, 1, 1])
    for score in (rng.normal(size=44), rng.integers(0, 4, 44).astype(float), rng.integers(0, 2, 44).astype(float)):
        auc = auc_delong(outcome, score)
        assert (auc.estimate, auc.variance) == pytest.approx(naive_delong(outcome, score), abs=1e-13)
        curve = roc_curve(outcome, score)
        area = float(np.trapezoid(curve.sensitivity, 1.0 - curve.specificity))
        assert area == pytest.approx(auc.estimate, abs=1e-13)


def test_perfect_constant_and_reversed_scores_analytic() -> None:
    outcome, score = np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 3.0, 4.0])
    perfect, constant = auc_delong(outcome, score), auc_delong(outcome, np.full(4, 7.0))
    assert (perfect.estimate, perfect.lower, perfect.upper, perfect.variance) == (1.0, 1.0, 1.0, 0.0)
    assert (constant.estimate, constant.lower, constant.upper, constant.variance) == (0.5, 0.5, 0.5, 0.0)
    assert auc_delong(outcome, -score).estimate == 0.0


def test_interval_is_cut_off_and_follows_the_level_analytic() -> None:
    outcome, score = np.array([0, 0, 0, 1, 1, 1]), np.array([1.0, 2.0, 4.0, 3.0, 5.0, 6.0])
    wide, narrow = auc_delong(outcome, score), auc_delong(outcome, score, level=0.5)
    assert wide.estimate == pytest.approx(8 / 9)
    assert wide.upper == 1.0
    assert (wide.estimate - wide.lower) / math.sqrt(wide.variance) == pytest.approx(1.959963984540054, abs=1e-12)
    assert (narrow.upper - narrow.estimate) / math.sqrt(narrow.variance) == pytest.approx(0.674489750196082, abs=1e-12)


def test_single_event_has_an_area_but_no_variance_analytic() -> None:
    outcome, score = np.array([0, 0, 1]), np.array([1.0, 3.0, 2.0])
    auc = auc_delong(outcome, score)
    assert auc.estimate == 0.5
    assert np.isnan([auc.variance, auc.lower, auc.upper]).all()
    comparison = compare_auc(outcome, score, -score)
    assert comparison.difference == 0.0
    assert np.isnan([comparison.lower, comparison.z, comparison.p]).all()


def test_comparing_like_with_like_analytic() -> None:
    outcome, score = np.array([0, 1, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8, 0.2])
    for other in (score, 2.0 * score - 5.0, np.exp(score)):
        got = compare_auc(outcome, score, other)
        assert (got.difference, got.lower, got.upper, got.z, got.p) == (0.0, 0.0, 0.0, 0.0, 1.0)


def test_difference_without_variance_has_no_test_analytic() -> None:
    got = compare_auc(np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4))
    assert (got.difference, got.lower, got.upper) == (0.5, 0.5, 0.5)
    assert np.isnan([got.z, got.p]).all()


def test_comparison_is_antisymmetric_analytic(cohorts: dict[str, Predictions]) -> None:
    patients = cohorts["test"]
    one = compare_auc(patients.outcome, patients["p_clinical"], patients["radscore"])
    other = compare_auc(patients.outcome, patients["radscore"], patients["p_clinical"])
    assert (one.difference, one.lower, one.z, one.p) == (-other.difference, -other.upper, -other.z, other.p)


def test_curve_agrees_with_its_own_rule_analytic() -> None:
    # neighbouring floating point numbers leave no room for a midpoint
    score = np.array([1.0, np.nextafter(1.0, 2.0), np.nextafter(np.nextafter(1.0, 2.0), 2.0), 1.0])
    outcome = np.array([0, 1, 0, 1])
    curve = roc_curve(outcome, score)
    for threshold, sensitivity, specificity in zip(curve.thresholds, curve.sensitivity, curve.specificity, strict=True):
        positive = score >= threshold
        assert sensitivity == positive[outcome == 1].mean()
        assert specificity == (~positive[outcome == 0]).mean()


@pytest.mark.parametrize(
    ("outcome", "score", "line"),
    [
        ([1, 1], [1.0, 2.0], "patients with and without the event are needed, got 2 events in 2"),
        ([0, 0], [1.0, 2.0], "patients with and without the event are needed, got 0 events in 2"),
        ([0, 2], [1.0, 2.0], "the outcome must be 0 or 1, got 2"),
        ([0, 1], [1.0, 2.0, 3.0], "one score is needed for each of 2 patients, got an array of shape (3,)"),
        ([0, 1], [1.0, np.nan], "every score must be finite, got nan in row 2"),
        ([0, 1], [np.inf, 1.0], "every score must be finite, got inf in row 1"),
        ([], [], "the outcome must have one value per patient, got an array of shape (0,)"),
    ],
)
def test_bad_input_is_named_mechanics(outcome: list[int], score: list[float], line: str) -> None:
    for call in (auc_delong, roc_curve):
        with pytest.raises(InputError) as error:
            call(np.array(outcome), np.array(score))
        assert str(error.value) == line


def test_bad_level_and_second_score_are_named_mechanics() -> None:
    with pytest.raises(InputError, match=r"^confidence level must be within 0 and 1, got level=95$"):
        auc_delong(np.array([0, 1]), np.array([0.0, 1.0]), level=95)
    with pytest.raises(InputError, match=r"^every second score must be finite, got nan in row 1$"):
        compare_auc(np.array([0, 1]), np.array([0.0, 1.0]), np.array([np.nan, 1.0]))
