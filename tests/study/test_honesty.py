"""Where nothing is to be found, nothing is found; and a leaky twin shows that the test can fail."""

from __future__ import annotations

import numpy as np
import pytest

from perirad.study.development import develop
from perirad.study.settings import StudySettings
from perirad.study.training import Training
from perirad.table import FeatureTable
from perirad.validation.discrimination import auc_delong

SETTINGS = StudySettings.model_validate(
    {
        "outcome": {"column": "y"},
        "regions": {"widths_mm": [3, 5]},
        "selection": {"folds": 5},
        "score": {"folds": 3, "repeats": 1},
        "clinical": {"variables": [{"name": "age"}], "keep": "all"},
    }
)
N_TRAIN, N_TEST = 140, 60


def _noise(seed: int) -> tuple[FeatureTable, np.ndarray, list[dict[str, float | str]]]:
    rng = np.random.default_rng(seed)
    n = N_TRAIN + N_TEST
    columns = tuple(f"{region}_original_noise_{k}" for region in ("I", "P3", "P5") for k in range(60))
    table = FeatureTable(tuple(f"c{i}" for i in range(n)), columns, rng.normal(size=(n, len(columns))))
    outcome = (rng.random(n) < 0.5).astype(np.int64)
    return table, outcome, [{"age": float(age)} for age in rng.normal(55, 9, n)]


def _test_auc(seed: int, *, leak: bool) -> float:
    table, outcome, clinical = _noise(seed)
    seen = np.arange(N_TRAIN + N_TEST if leak else N_TRAIN)
    training = Training(table.take(rows=seen), outcome[seen], seen)
    development = develop(training, [clinical[i] for i in seen], SETTINGS)
    test = np.arange(N_TRAIN, N_TRAIN + N_TEST)
    score = development.scenarios[development.chosen].score.predict(table.take(rows=test))
    return auc_delong(outcome[test], score).estimate


@pytest.mark.slow
def test_noise_predicts_nothing_in_the_test_set_analytic() -> None:
    aucs = [_test_auc(seed, leak=False) for seed in range(30)]
    # The standard error of the mean of 30 null AUCs of 60 patients is 0.014.
    assert abs(float(np.mean(aucs)) - 0.5) < 0.03


@pytest.mark.slow
def test_the_same_with_test_rows_in_the_selection_is_caught_analytic() -> None:
    aucs = [_test_auc(seed, leak=True) for seed in range(8)]
    assert float(np.mean(aucs)) > 0.6
