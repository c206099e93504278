"""Cut-offs learnt from training patients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation import cutoffs
from perirad.validation.cutoffs import OperatingPoint

from .conftest import Predictions

SCORES = ("p_clinical", "radscore", "p_combined", "birads_num")
OUTCOME = np.array([0, 0, 1, 0, 1, 1])
SCORE = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])


def values(point: OperatingPoint) -> tuple[float, float, float]:
    return point.cutoff, point.sensitivity, point.specificity


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_youden_and_corner_r_proc(
    cohort: str, score: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    patients, expected = cohorts[cohort], oracle["roc"][cohort][score]
    for function, name in ((cutoffs.youden_cutoff, "youden"), (cutoffs.closest_to_corner, "closest_topleft")):
        first = expected[name][0]
        wanted = [first[part] for part in ("threshold", "sensitivity", "specificity")]
        assert values(function(patients.outcome, patients[score])) == pytest.approx(wanted, abs=1e-12)


def every_point(outcome: IntArray, score: FloatArray) -> list[tuple[float, float, float]]:
    """Cut-offs, ascending, with their shares, counted patient by patient."""
    distinct = np.unique(score)
    points = []
    for cutoff in (distinct[:-1] + distinct[1:]) / 2.0:
        positive = score >= cutoff
        points.append((float(cutoff), positive[outcome == 1].mean(), (~positive)[outcome == 0].mean()))
    return points


@pytest.mark.parametrize("seed", range(10))
def test_each_rule_by_trying_all_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcome = np.append(rng.integers(0, 2, 40), [0, 1])
    score = rng.integers(0, 12, 42) + outcome * 1.0
    points = every_point(outcome, score)
    nothing = (np.nan,) * 3
    wanted = [nothing, *(point for point in points if point[1] >= 0.8)]
    assert values(cutoffs.sensitivity_cutoff(outcome, score, 0.8)) == pytest.approx(wanted[-1], nan_ok=True)
    wanted = [*(point for point in points if point[2] >= 0.7), nothing]
    assert values(cutoffs.specificity_cutoff(outcome, score, 0.7)) == pytest.approx(wanted[0], nan_ok=True)
    costs = [round(5.0 * 0.1 * (1.0 - point[1]) + 0.9 * (1.0 - point[2]), 10) for point in points]
    got = cutoffs.least_cost_cutoff(outcome, score, missed_to_false_alarm=5.0, prevalence=0.1)
    assert values(got) == pytest.approx(points[costs.index(min(costs))])


def test_wanted_shares_analytic() -> None:
    assert values(cutoffs.sensitivity_cutoff(OUTCOME, SCORE, 1.0)) == pytest.approx((2.5, 1.0, 2 / 3))
    assert values(cutoffs.sensitivity_cutoff(OUTCOME, SCORE, 2 / 3)) == pytest.approx((4.5, 2 / 3, 1.0))
    assert values(cutoffs.specificity_cutoff(OUTCOME, SCORE, 1.0)) == pytest.approx((4.5, 2 / 3, 1.0))


def test_dear_misses_lower_the_cutoff_analytic() -> None:
    dear = cutoffs.least_cost_cutoff(OUTCOME, SCORE, missed_to_false_alarm=10.0)
    cheap = cutoffs.least_cost_cutoff(OUTCOME, SCORE, missed_to_false_alarm=0.1)
    assert (dear.cutoff, cheap.cutoff) == (2.5, 4.5)


def test_cost_of_one_at_even_prevalence_is_youden_analytic(cohorts: dict[str, Predictions]) -> None:
    patients = cohorts["train"]
    cost = cutoffs.least_cost_cutoff(patients.outcome, patients["radscore"], missed_to_false_alarm=1.0, prevalence=0.5)
    assert cost == cutoffs.youden_cutoff(patients.outcome, patients["radscore"])


def test_no_cutoff_serves_analytic() -> None:
    constant = np.zeros(6)
    backwards = -SCORE
    found = [
        cutoffs.youden_cutoff(OUTCOME, constant),
        cutoffs.closest_to_corner(OUTCOME, constant),
        cutoffs.sensitivity_cutoff(OUTCOME, constant, 0.9),
        cutoffs.sensitivity_cutoff(OUTCOME, backwards, 1.0),
        cutoffs.specificity_cutoff(OUTCOME, backwards, 1.0),
    ]
    for point in found:
        assert np.isnan(values(point)).all()


def test_bad_wishes_are_named_mechanics() -> None:
    with pytest.raises(InputError, match=r"^wanted sensitivity must be above 0 and at most 1, got 90$"):
        cutoffs.sensitivity_cutoff(OUTCOME, SCORE, 90)
    with pytest.raises(InputError, match=r"^wanted specificity must be above 0 and at most 1, got nan$"):
        cutoffs.specificity_cutoff(OUTCOME, SCORE, np.nan)
    with pytest.raises(InputError, match=r"^the cost ratio must be positive, got missed_to_false_alarm=0$"):
        cutoffs.least_cost_cutoff(OUTCOME, SCORE, missed_to_false_alarm=0)
