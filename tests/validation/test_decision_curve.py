"""Net benefit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.validation.decision_curve import decision_curve

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
