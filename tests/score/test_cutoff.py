from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError
from perirad.score.cutoff import youden_cutoff


@pytest.mark.parametrize("cohort", ["train", "test"])
@pytest.mark.parametrize("name", ["p_clinical", "radscore", "p_combined", "birads_num"])
def test_youden_r_proc(cohort: str, name: str, shared: Path) -> None:
    frame = pd.read_csv(shared / "oracles" / "predictions.csv")
    frame = frame[frame["cohort"] == cohort]
    roc = json.loads((shared / "oracles" / "expected" / "roc.json").read_text())
    expected = roc[cohort][name]["youden"][0]
    cutoff = youden_cutoff(frame["malignant"], frame[name])
    assert cutoff.value == pytest.approx(expected["threshold"], abs=1e-12)
    assert cutoff.sensitivity == pytest.approx(expected["sensitivity"], abs=1e-12)
    assert cutoff.specificity == pytest.approx(expected["specificity"], abs=1e-12)
    assert cutoff.youden == pytest.approx(expected["youden"] - 1.0, abs=1e-12)


@pytest.mark.parametrize("name", ["p_clinical", "radscore", "p_combined"])
def test_training_cutoff_counts_r_proc(name: str, shared: Path) -> None:
    frame = pd.read_csv(shared / "oracles" / "predictions.csv")
    train = frame[frame["cohort"] == "train"]
    metrics = json.loads((shared / "oracles" / "expected" / "metrics.json").read_text())
    cutoff = youden_cutoff(train["malignant"], train[name])
    assert cutoff.value == pytest.approx(metrics["cutoffs"][name], abs=1e-12)
    for cohort in ("train", "test"):
        part = frame[frame["cohort"] == cohort]
        positive, malignant = part[name] >= cutoff.value, part["malignant"] == 1
        counts = {
            "TP": (positive & malignant).sum(), "FP": (positive & ~malignant).sum(),
            "FN": (~positive & malignant).sum(), "TN": (~positive & ~malignant).sum(),
        }  # fmt: skip
        assert counts == {key: metrics[name][cohort][key] for key in counts}


def test_lowest_of_equal_cutoffs_analytic() -> None:
    # Cutting at 1.5 and at 3.5 both give a Youden index of one half.
    cutoff = youden_cutoff([0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0])
    assert (cutoff.value, cutoff.sensitivity, cutoff.specificity, cutoff.youden) == (1.5, 1.0, 0.5, 0.5)


@pytest.mark.parametrize("seed", range(5))
def test_best_of_all_cutoffs_naive(seed: int) -> None:
    random = np.random.default_rng(seed)
    y, score = random.integers(0, 2, size=40), random.integers(0, 12, size=40) + 0.0
    score += 2.0 * y
    cutoff = youden_cutoff(y, score)
    distinct = sorted(set(score))
    best = -1.0
    for low, high in itertools.pairwise(distinct):
        positive = score >= (low + high) / 2
        best = max(best, float(positive[y == 1].mean() + (~positive)[y == 0].mean() - 1.0))
    assert cutoff.youden == pytest.approx(best, abs=1e-12)


def test_useless_score_has_no_cutoff_analytic() -> None:
    for score in ([1.0] * 4, [4.0, 3.0, 2.0, 1.0]):
        cutoff = youden_cutoff([0, 0, 1, 1], score)
        assert all(math.isnan(v) for v in (cutoff.value, cutoff.sensitivity, cutoff.specificity, cutoff.youden))


def test_neighbouring_doubles_are_divided_analytic() -> None:
    low = 1.0
    high = float(np.nextafter(low, 2.0))
    cutoff = youden_cutoff([0, 1], [low, high])
    assert low < cutoff.value <= high


def test_bad_input_is_refused_analytic() -> None:
    with pytest.raises(InputError, match="one entry per case"):
        youden_cutoff([0, 1], [1.0])
    with pytest.raises(InputError, match="both present"):
        youden_cutoff([1, 1], [1.0, 2.0])
    with pytest.raises(InputError, match="finite"):
        youden_cutoff([0, 1], [1.0, np.nan])
