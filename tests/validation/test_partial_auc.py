"""Area under a part of the ROC curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation.discrimination import auc_delong
from perirad.validation.partial_auc import partial_auc

from .conftest import Predictions


@pytest.mark.parametrize("score", ["p_clinical", "radscore", "p_combined", "birads_num"])
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_high_specificity_r_proc(
    cohort: str, score: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected = oracle["roc"][cohort][score]
    got = partial_auc(cohorts[cohort].outcome, cohorts[cohort][score], 0.8)
    assert got.area == pytest.approx(expected["partial_auc_spec_0.8_1"], abs=1e-12)
    assert got.standardised == pytest.approx(expected["partial_auc_spec_0.8_1_mcclish"], abs=1e-12)


def naive_area(outcome: IntArray, score: FloatArray, low: float, high: float) -> float:
    """Sensitivity at many specificities, the polygon through the points of the curve."""
    cutoffs = np.concatenate(([np.inf], np.unique(score)[::-1]))
    false = np.array([(score[outcome == 0] >= c).mean() for c in cutoffs])
    true = np.array([(score[outcome == 1] >= c).mean() for c in cutoffs])
    grid = np.linspace(1.0 - high, 1.0 - low, 200_001)
    middle = (grid[1:] + grid[:-1]) / 2.0
    return float(np.interp(middle, false, true).mean() * (high - low))


@pytest.mark.parametrize("seed", range(4))
def test_any_part_and_its_mirror_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcome = np.append(rng.integers(0, 2, 30), [0, 1])
    score = rng.integers(0, 6, 32) + outcome * 1.0
    for low, high in ((0.8, 1.0), (0.0, 0.3), (0.25, 0.75), (0.5, 0.55)):
        got = partial_auc(outcome, score, low, high).area
        assert got == pytest.approx(naive_area(outcome, score, low, high), abs=2e-5)
        mirrored = partial_auc(outcome, score, low, high, of="sensitivity").area
        assert mirrored == pytest.approx(partial_auc(1 - outcome, -score, low, high).area, abs=1e-12)
    assert partial_auc(outcome, score, 0.0).area == pytest.approx(auc_delong(outcome, score).estimate, abs=1e-12)


def test_perfect_and_useless_scores_analytic() -> None:
    outcome = np.array([0, 0, 1, 1])
    perfect, useless = partial_auc(outcome, outcome * 1.0, 0.9), partial_auc(outcome, np.zeros(4), 0.9)
    assert (perfect.area, perfect.standardised) == pytest.approx((0.1, 1.0), abs=1e-15)
    assert (useless.area, useless.standardised) == pytest.approx((0.005, 0.5), abs=1e-15)


def test_bad_limits_are_named_mechanics() -> None:
    for low, high in ((0.5, 0.5), (-0.1, 0.5), (0.8, 1.1), (np.nan, 1.0)):
        with pytest.raises(InputError, match=r"^limits of the partial area must satisfy 0 <= low < high <= 1, got"):
            partial_auc(np.array([0, 1]), np.array([0.0, 1.0]), low, high)
