"""Areas of different patients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.validation.discrimination import auc_delong
from perirad.validation.records import Auc
from perirad.validation.unpaired import auc_logit_interval, auc_p_value, compare_auc_unpaired

from .conftest import Predictions

SCORES = ("p_clinical", "radscore", "p_combined", "birads_num")


def area(patients: Predictions, score: str) -> Auc:
    return auc_delong(patients.outcome, patients[score])


def test_training_against_test_patients_r_proc(cohorts: dict[str, Predictions], oracle: dict[str, Any]) -> None:
    for expected in oracle["roc"]["unpaired_train_vs_test"]:
        got = compare_auc_unpaired(*(area(cohorts[cohort], expected["score"]) for cohort in ("train", "test")))
        assert (got.t, got.df, got.p) == pytest.approx((expected["D"], expected["df"], expected["p"]), rel=1e-9)
        assert (got.lower + got.upper) / 2.0 == pytest.approx(got.difference, abs=1e-14)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_logit_interval_and_p_r_proc(
    cohort: str, score: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    auc = area(cohorts[cohort], score)
    assert auc_p_value(auc) == pytest.approx(oracle["roc"][cohort][score]["p_vs_half_wald"], rel=1e-8)
    got = auc_logit_interval(auc)
    assert [got.lower, got.upper] == pytest.approx(oracle["roc"][cohort][score]["ci_logit_delong"], abs=1e-12)


def test_areas_without_variance_analytic() -> None:
    perfect = Auc(1.0, 1.0, 1.0, 0.0, 5, 5)
    lonely = Auc(0.7, math.nan, math.nan, math.nan, 1, 5)
    assert np.isnan([auc_p_value(perfect), auc_p_value(lonely)]).all()
    assert np.isnan([auc_logit_interval(perfect).lower, auc_logit_interval(lonely).upper]).all()
    for other in (perfect, lonely):
        got = compare_auc_unpaired(perfect, other)
        assert got.difference == pytest.approx(1.0 - other.estimate)
        assert np.isnan([got.lower, got.upper, got.t, got.df, got.p]).all()


def test_comparison_is_antisymmetric_analytic() -> None:
    one, two = Auc(0.8, 0.7, 0.9, 0.002, 30, 70), Auc(0.7, 0.6, 0.8, 0.003, 20, 40)
    forth, back = compare_auc_unpaired(one, two), compare_auc_unpaired(two, one)
    assert (forth.difference, forth.lower, forth.t, forth.p) == (-back.difference, -back.upper, -back.t, back.p)


def test_area_against_itself_and_nonsense_analytic() -> None:
    assert auc_p_value(Auc(0.8, 0.7, 0.9, 0.002, 30, 70), against=0.8) == 1.0
    with pytest.raises(InputError, match=r"^an area lies within 0 and 1, got against=50$"):
        auc_p_value(Auc(0.8, 0.7, 0.9, 0.002, 30, 70), against=50)
