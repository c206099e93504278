"""Net benefit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.validation.decision_curve import (
    decision_curve,
    interventions_avoided,
    net_benefit_band,
    standardised_net_benefit,
)

from .conftest import Predictions


@pytest.mark.parametrize("model", ["p_clinical", "p_radiomics", "p_combined"])
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_net_benefit_r_dcurves(
    cohort: str, model: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected = oracle["dca"][cohort]
    got = decision_curve(cohorts[cohort].outcome, cohorts[cohort][model])
    np.testing.assert_allclose(got.thresholds, expected["threshold"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(got.net_benefit, expected[model], rtol=0, atol=1e-12)
    np.testing.assert_allclose(got.treat_all, expected["treat_all"], rtol=0, atol=1e-10)
    assert got.prevalence == pytest.approx(expected["prevalence"], abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_net_benefit_patient_by_patient_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcome, p = rng.integers(0, 2, 50), rng.integers(0, 11, 50) / 10
    thresholds = np.array([0.0, 0.1, 0.25, 0.3, 0.7, 0.95])
    expected = []
    for t in thresholds:
        gains = [y - (1 - y) * t / (1 - t) if risk >= t else 0.0 for y, risk in zip(outcome, p, strict=True)]
        expected.append(sum(gains) / 50)
    got = decision_curve(outcome, p, thresholds=thresholds)
    np.testing.assert_allclose(got.net_benefit, expected, rtol=0, atol=1e-12)


def test_perfect_and_constant_predictions_analytic() -> None:
    outcome = np.repeat([0, 1], [70, 30])
    np.testing.assert_allclose(decision_curve(outcome, outcome.astype(float)).net_benefit, 0.3, atol=1e-15)
    same = decision_curve(outcome, np.full(100, 0.3))
    np.testing.assert_allclose(same.net_benefit[:30], same.treat_all[:30], rtol=0, atol=1e-14)
    np.testing.assert_array_equal(same.net_benefit[30:], 0.0)


def test_thresholds_must_be_below_one_mechanics() -> None:
    for wrong in (np.array([0.5, 1.0]), np.array([-0.1]), np.array([np.nan]), np.array(0.5)):
        with pytest.raises(InputError, match=r"^threshold probabilities must be at least 0 and below 1, got \["):
            decision_curve(np.array([0, 1]), np.array([0.1, 0.2]), thresholds=wrong)


@pytest.mark.parametrize("model", ["p_clinical", "p_radiomics", "p_combined"])
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_standardised_and_interventions_avoided_r_dcurves(
    cohort: str, model: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected = oracle["dca"][cohort]
    curve = decision_curve(cohorts[cohort].outcome, cohorts[cohort][model])
    np.testing.assert_allclose(standardised_net_benefit(curve), expected[f"{model}_standardised"], rtol=0, atol=1e-10)
    avoided = expected[f"{model}_net_interventions_avoided_per_100"]
    np.testing.assert_allclose(interventions_avoided(curve), avoided, rtol=0, atol=1e-10)


def test_measures_without_a_meaning_are_undefined_analytic() -> None:
    nobody = decision_curve(np.zeros(3, dtype=np.int64), np.full(3, 0.2))
    assert np.isnan(standardised_net_benefit(nobody)).all()
    at_zero = decision_curve(np.array([0, 1]), np.array([0.2, 0.8]), thresholds=np.array([0.0, 0.5]))
    avoided = interventions_avoided(at_zero, per=1)
    assert np.isnan(avoided[0])
    assert avoided[1] == 0.5


def test_band_over_given_resamples_naive(cohorts: dict[str, Predictions]) -> None:
    patients = cohorts["test"]
    y, p = patients.outcome, patients["p_combined"]
    rows = np.random.default_rng(3).integers(y.size, size=(50, y.size))
    band = net_benefit_band(y, p, thresholds=np.array([0.1, 0.4]), resamples=rows, level=0.9)
    for place, t in enumerate((0.1, 0.4)):
        odds = t / (1.0 - t)
        benefit = [np.mean((p[r] >= t) * (y[r] - (1 - y[r]) * odds)) for r in rows]
        gain = [b - max(0.0, y[r].mean() - (1 - y[r].mean()) * odds) for b, r in zip(benefit, rows, strict=True)]
        limits = np.quantile(benefit, [0.05, 0.95]), np.quantile(gain, [0.05, 0.95])
        assert [band.lower[place], band.upper[place]] == pytest.approx(list(limits[0]), abs=1e-12)
        assert [band.gain_lower[place], band.gain_upper[place]] == pytest.approx(list(limits[1]), abs=1e-12)
    assert band.n_resamples == 50


def test_bad_resamples_are_named_mechanics() -> None:
    y, p = np.array([0, 1]), np.array([0.2, 0.8])
    with pytest.raises(InputError, match=r"^resampled rows must be from 0 to 1, got 0 to 2$"):
        net_benefit_band(y, p, resamples=np.array([[0, 2]]))
    with pytest.raises(InputError, match=r"^resamples must be a table of row numbers, got an array of float64"):
        net_benefit_band(y, p, resamples=np.array([[0.0, 1.0]]))
