"""The frozen models meet the cohorts: every figure of performance, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perirad.report.contents import CohortPerformance, Comparison, ModelResult
from perirad.validation.calibration import calibrate
from perirad.validation.calibration_curve import calibration_band
from perirad.validation.decision_curve import decision_curve, net_benefit_band
from perirad.validation.discrimination import auc_delong, compare_auc, roc_curve
from perirad.validation.threshold import threshold_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perirad.arrays import FloatArray, IntArray
    from perirad.study.development import Development
    from perirad.study.model import Model, Scores
    from perirad.table import FeatureTable

__all__ = ["CLINICAL", "NOMOGRAM", "Evaluation", "Predictions", "evaluate", "predict_all", "radscore_name"]

_BAND = np.arange(2, 100, 2) / 100.0

CLINICAL = "Clinical"
NOMOGRAM = "Nomogram"


def radscore_name(scenario: str) -> str:
    """Name of a Rad-score as a model of its own."""
    return f"Rad-score {scenario}"


@dataclass(frozen=True)
class Predictions:
    """All predictions of all analysed cases, arrays of shape (n_cases,).

    `radscores` by scenario; `risks` (probabilities) by model name; `scores` are those of the frozen model file.
    """

    radscores: Mapping[str, FloatArray]
    risks: Mapping[str, FloatArray]
    scores: Scores
    total_points: FloatArray


@dataclass(frozen=True)
class Evaluation:
    """Performance of every model in every cohort, and DeLong comparisons: of the main models, and of all pairs."""

    results: Mapping[str, ModelResult]
    comparisons: tuple[Comparison, ...]
    pairs: tuple[Comparison, ...] = ()


def predict_all(
    model: Model, development: Development, table: FeatureTable, clinical: Sequence[Mapping[str, float | str]]
) -> Predictions:
    """Score all cases with every scenario's Rad-score (none where no feature was offered) and with the model file."""
    scores = model.predict(table, clinical)
    radscores = {name: fit.predict(table) for name, fit in development.scenarios.items() if fit.n_candidates}
    risks = {radscore_name(name): development.scenarios[name].score.risk(values) for name, values in radscores.items()}
    if scores.p_clinical is not None and radscores:  # else the combined model is the clinical one
        risks[CLINICAL] = scores.p_clinical
    risks[NOMOGRAM] = scores.p_combined
    nomogram = model.nomogram
    points = np.full(len(table.case_ids), np.nan)
    if nomogram is not None:
        points = (scores.linear_predictor - nomogram.lp_at_zero_points) * nomogram.points_per_lp
    return Predictions(radscores, risks, scores, points)


def evaluate(
    predictions: Predictions, outcome: IntArray, cohorts: Sequence[str], development: Development
) -> Evaluation:
    """Evaluate every model in every cohort at the cut-off frozen in training."""
    present = [name for name in ("train", "test", "external") if name in cohorts]
    rows = {name: np.flatnonzero(np.array(cohorts) == name) for name in present}
    cutoffs = {radscore_name(name): development.cutoffs[name] for name in development.scenarios}
    cutoffs[CLINICAL] = development.cutoffs.get("clinical", development.prevalence)
    cutoffs[NOMOGRAM] = development.cutoffs.get("combined", development.prevalence)
    results = {
        model: ModelResult(
            model,
            cutoffs[model],
            tuple(
                _performance(name, outcome[rows[name]], risk[rows[name]], cutoffs[model], banded=model == NOMOGRAM)
                for name in present
            ),
        )
        for model, risk in predictions.risks.items()
    }
    chosen = radscore_name(development.chosen)
    pairs = [(NOMOGRAM, chosen)] if chosen in results else []
    if CLINICAL in results:
        pairs += [(NOMOGRAM, CLINICAL), (chosen, CLINICAL)]
    if chosen in results:
        pairs += [(chosen, radscore_name(name)) for name in development.scenarios if name != development.chosen]

    def compared(first: str, second: str, cohort: str) -> Comparison:
        index = rows[cohort]
        found = compare_auc(outcome[index], predictions.risks[first][index], predictions.risks[second][index])
        return Comparison(first, second, cohort, found)

    names = list(results)
    every = [(first, second) for at, first in enumerate(names) for second in names[:at]]
    return Evaluation(
        results,
        tuple(compared(first, second, cohort) for first, second in pairs for cohort in rows),
        tuple(compared(first, second, cohort) for cohort in rows for first, second in every),
    )


def _performance(cohort: str, outcome: IntArray, risk: FloatArray, cutoff: float, *, banded: bool) -> CohortPerformance:
    return CohortPerformance(
        cohort=cohort,
        outcome=outcome,
        probability=risk,
        auc=auc_delong(outcome, risk),
        roc=roc_curve(outcome, risk),
        at_cutoff=threshold_metrics(outcome, risk, cutoff),
        calibration=calibrate(outcome, risk),
        decision=decision_curve(outcome, risk),
        band=net_benefit_band(outcome, risk, thresholds=_BAND) if banded else None,
        smooth=calibration_band(outcome, risk) if banded else None,
    )
