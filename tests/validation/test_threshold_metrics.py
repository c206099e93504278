"""Two-by-two table at a frozen cut-off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.validation.proportion import proportion
from perirad.validation.threshold import threshold_metrics

from .conftest import Predictions

SHARES = ("sensitivity", "specificity", "ppv", "npv", "accuracy")


@pytest.mark.parametrize("score", ["p_clinical", "radscore", "p_combined"])
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_table_and_wilson_intervals_r(
    cohort: str, score: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected = oracle["metrics"][score][cohort]
    got = threshold_metrics(cohorts[cohort].outcome, cohorts[cohort][score], oracle["metrics"]["cutoffs"][score])
    assert (got.tp, got.fp, got.tn, got.fn) == tuple(expected[name] for name in ("TP", "FP", "TN", "FN"))
    for name in SHARES:
        share, want = getattr(got, name), expected[name]
        assert (share.numerator, share.denominator) == (want["k"], want["n"])
        assert [share.estimate, share.lower, share.upper] == pytest.approx([want["est"], *want["wilson"]], abs=1e-12)


def test_score_at_the_cutoff_is_positive_analytic() -> None:
    got = threshold_metrics(np.array([0, 1, 1]), np.array([0.2, 0.5, 0.7]), 0.5)
    assert (got.tp, got.fp, got.tn, got.fn) == (2, 0, 1, 0)
    assert got.sensitivity.estimate == got.accuracy.estimate == 1.0


def test_empty_denominators_are_undefined_analytic() -> None:
    nobody = threshold_metrics(np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3]), np.inf)
    assert np.isnan([nobody.ppv.estimate, nobody.ppv.lower, nobody.ppv.upper]).all()
    assert (nobody.npv.numerator, nobody.npv.denominator) == (2, 3)
    healthy = threshold_metrics(np.array([0, 0]), np.array([0.1, 0.2]), 0.15)
    assert np.isnan(healthy.sensitivity.estimate)
    assert healthy.specificity.estimate == 0.5


@pytest.mark.parametrize("n", [1, 7, 100])
def test_wilson_interval_at_the_ends_analytic(n: int) -> None:
    z2 = 1.959963984540054**2
    none, everyone = proportion(0, n), proportion(n, n)
    assert none.lower == 0.0
    assert none.upper == pytest.approx(z2 / (n + z2), abs=1e-14)
    assert everyone.upper == 1.0
    assert everyone.lower == pytest.approx(n / (n + z2), abs=1e-14)


def test_bad_cutoff_is_named_mechanics() -> None:
    with pytest.raises(InputError, match=r"^cut-off must be a number, got cutoff=nan$"):
        threshold_metrics(np.array([0, 1]), np.array([0.1, 0.2]), np.nan)
