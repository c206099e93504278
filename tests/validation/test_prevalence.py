"""Predictive values and risks at another prevalence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from perirad.errors import InputError
from perirad.validation.prevalence import intercept_shift, predictive_values, reweighted_probability
from perirad.validation.records import ThresholdMetrics
from perirad.validation.threshold import threshold_metrics


def table(tp: int, fp: int, tn: int, fn: int) -> ThresholdMetrics:
    y = np.repeat([1, 0, 0, 1], [tp, fp, tn, fn])
    return threshold_metrics(y, np.repeat([1.0, 1.0, 0.0, 0.0], [tp, fp, tn, fn]), 0.5)


def test_bayes_by_hand_analytic() -> None:
    got = predictive_values(table(80, 30, 70, 20), 0.1)
    assert got.ppv.estimate == pytest.approx(0.8 * 0.1 / (0.8 * 0.1 + 0.3 * 0.9), abs=1e-15)
    assert got.npv.estimate == pytest.approx(0.7 * 0.9 / (0.7 * 0.9 + 0.2 * 0.1), abs=1e-15)
    # Mercaldo's variances of the logits
    for value, variance in (
        (got.ppv, 0.2 / (0.8 * 100) + 0.7 / (0.3 * 100)), (got.npv, 0.8 / (0.2 * 100) + 0.3 / (0.7 * 100)),
    ):  # fmt: skip
        reach = 1.959963984540054 * math.sqrt(variance)
        logits = special.logit([value.lower, value.estimate, value.upper])
        assert np.diff(logits) == pytest.approx([reach, reach], abs=1e-12)


def test_own_prevalence_gives_the_table_back_analytic() -> None:
    counted = table(25, 38, 57, 10)
    got = predictive_values(counted, 35 / 130)
    assert got.ppv.estimate == pytest.approx(counted.ppv.estimate, abs=1e-14)
    assert got.npv.estimate == pytest.approx(counted.npv.estimate, abs=1e-14)


def test_empty_cells_analytic() -> None:
    certain = predictive_values(table(5, 0, 9, 2), 0.2)
    assert certain.ppv.estimate == 1.0
    assert math.isnan(certain.ppv.lower)
    nobody = predictive_values(table(0, 0, 9, 2), 0.2)
    assert math.isnan(nobody.ppv.estimate)
    assert nobody.npv.estimate == pytest.approx(0.8)


def test_shifted_risks_are_those_of_the_new_place_analytic() -> None:
    # a marker of two values, distributed alike among events and others in both places
    seen, unseen = np.array([0.6, 0.4]), np.array([0.1, 0.9])

    def risk(prevalence: float) -> np.ndarray:
        return prevalence * seen / (prevalence * seen + (1.0 - prevalence) * unseen)

    np.testing.assert_allclose(reweighted_probability(risk(0.5), 0.5, 0.05), risk(0.05), rtol=0, atol=1e-15)
    logits = special.logit(risk(0.5)) + intercept_shift(0.5, 0.05)
    np.testing.assert_allclose(special.expit(logits), risk(0.05), rtol=0, atol=1e-15)


def test_certain_and_missing_risks_stay_analytic() -> None:
    got = reweighted_probability(np.array([0.0, 1.0, np.nan, 0.3]), 0.3, 0.3)
    np.testing.assert_allclose(got, [0.0, 1.0, np.nan, 0.3], rtol=0, atol=1e-15)


def test_bad_prevalence_is_named_mechanics() -> None:
    for wrong in (0.0, 1.0, math.nan):
        with pytest.raises(InputError, match=r"^prevalence must be above 0 and below 1, got"):
            predictive_values(table(5, 5, 5, 5), wrong)
    with pytest.raises(InputError, match=r"^patients with and without the event are needed, got 5 and 0$"):
        predictive_values(table(5, 0, 0, 0), 0.2)
    with pytest.raises(InputError, match=r"^every probability must be within 0 and 1, got 1.2 in row 2$"):
        reweighted_probability(np.array([0.2, 1.2]), 0.3, 0.1)
