"""Added value of new predictors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.validation.added_value import added_value, likelihood_ratio_test

from .conftest import Predictions


def test_likelihood_ratio_r(oracle: dict[str, Any]) -> None:
    smaller, expected = oracle["logistic"]["clinical"], oracle["logistic"]["lrt_clinical_to_clinical_plus_radscore"]
    got = likelihood_ratio_test(smaller["loglik"], smaller["loglik"] + expected["chi2"] / 2.0, 1)
    assert (got.chi2, got.df) == pytest.approx((expected["chi2"], 1), abs=1e-9)
    assert got.p == pytest.approx(expected["p"], rel=1e-9)


def test_against_the_null_model_r(oracle: dict[str, Any]) -> None:
    fit = oracle["logistic"]["combined"]
    stats = fit["lrm_stats"]
    got = likelihood_ratio_test(-fit["null_deviance"] / 2.0, fit["loglik"], int(stats["d.f."]))
    assert got.chi2 == pytest.approx(stats["Model L.R."], abs=1e-6)


def test_changes_by_hand_naive(cohorts: dict[str, Predictions]) -> None:
    patients = cohorts["test"]
    y, old, new = patients.outcome, patients["p_clinical"], patients["p_combined"]
    got = added_value(y, old, new)
    change = [(a - q) ** 2 - (a - p) ** 2 for a, p, q in zip(y, old, new, strict=True)]
    assert got.brier.estimate == pytest.approx(np.mean(change), abs=1e-14)
    half = 1.959963984540054 * np.std(change, ddof=1) / math.sqrt(len(change))
    assert got.brier.upper - got.brier.lower == pytest.approx(2.0 * half, abs=1e-14)
    gain = [math.log(q if a else 1 - q) - math.log(p if a else 1 - p) for a, p, q in zip(y, old, new, strict=True)]
    assert got.log_likelihood == pytest.approx(np.mean(gain), abs=1e-14)
    assert got.auc.difference > 0.0


def test_share_of_new_information_r_rms(cohorts: dict[str, Predictions], oracle: dict[str, Any]) -> None:
    patients, models = cohorts["train"], oracle["logistic"]
    got = added_value(patients.outcome, patients["p_clinical"], patients["p_combined"])
    old, new = (models[name]["lrm_stats"]["Model L.R."] for name in ("clinical", "combined"))
    assert got.fraction_new == pytest.approx(1.0 - old / new, abs=1e-6)


def test_certain_and_useless_predictions_analytic() -> None:
    y, half = np.array([0, 1, 0, 1]), np.full(4, 0.5)
    wrong = np.array([1.0, 1.0, 0.0, 1.0])
    assert added_value(y, half, wrong).log_likelihood == -math.inf
    assert added_value(y, wrong, half).log_likelihood == math.inf
    assert math.isnan(added_value(y, wrong, wrong).log_likelihood)
    assert math.isnan(added_value(y, half, half).fraction_new)
    assert added_value(y, half, np.array([0.2, 0.8, 0.2, 0.8])).fraction_new == 1.0


def test_models_that_are_not_nested_are_named_mechanics() -> None:
    assert likelihood_ratio_test(-10.0, -10.0 - 1e-12, 1).p == 1.0
    with pytest.raises(InputError, match=r"^the larger of nested models must fit at least as well, got -11.0 after"):
        likelihood_ratio_test(-10.0, -11.0, 1)
    with pytest.raises(InputError, match=r"^the larger model must add at least one parameter, got df=0$"):
        likelihood_ratio_test(-10.0, -9.0, 0)
