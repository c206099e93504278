"""Everything that is learnt, learnt from training rows alone: the function takes no others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.effects import effect
from perirad.nomogram.imputation import complete, fit_rules
from perirad.nomogram.logistic import probability
from perirad.nomogram.points import build_nomogram
from perirad.nomogram.records import Variable
from perirad.study.fitting import cross_fit, fit_radscore
from perirad.study.predictors import clinical_variable, fit_model, retain, tested, with_knots
from perirad.validation.cutoffs import closest_to_corner, sensitivity_cutoff, specificity_cutoff, youden_cutoff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perirad.arrays import FloatArray, IntArray
    from perirad.nomogram.imputation import FrozenRule
    from perirad.nomogram.records import LogisticFit, Nomogram, OddsRatio, VariableTest
    from perirad.study.fitting import CrossFit, RadScoreFit
    from perirad.study.modelling import ValidationSettings
    from perirad.study.predictors import Columns
    from perirad.study.settings import StudySettings
    from perirad.study.training import Training

__all__ = ["RADSCORE", "Development", "develop", "find_cutoff"]

RADSCORE = Variable(name="radscore", label="Rad-score", kind="continuous")


@dataclass(frozen=True)
class Development:
    """All that training yields.

    `scenarios` holds each scenario's final fit on all training rows, `cross` its cross-fitted scores; `chosen` is the
    scenario with the highest mean cross-validated AUC (the one with fewer regions when equal). `clinical` is None when
    no clinical variable was retained; `combined` is None when nothing at all was. `ranges` are the training ranges of
    continuous variables. `cutoffs` holds one cut-off (a probability) for each model name. `radscore_effects` are the
    odds ratios of the Rad-score's quartiles in the combined model, on the scores that it uses (first) and on the other
    kind: a model on apparent scores makes the score look weightier than it is. Empty without a Rad-score in the model.
    `rules` fill what is missing for later patients, where the settings impute.
    """

    scenarios: Mapping[str, RadScoreFit]
    cross: CrossFit
    chosen: str
    univariable: tuple[VariableTest, ...]
    multivariable: tuple[VariableTest, ...]
    retained: tuple[Variable, ...]
    clinical: LogisticFit | None
    combined: LogisticFit | None
    combined_tests: tuple[VariableTest, ...]
    nomogram: Nomogram | None
    ranges: Mapping[str, tuple[float, float]]
    cutoffs: Mapping[str, float]
    prevalence: float
    notes: tuple[str, ...]
    radscore_effects: Mapping[str, OddsRatio]
    rules: tuple[FrozenRule, ...] = ()


def develop(
    training: Training, clinical: Sequence[Mapping[str, float | str]], settings: StudySettings, *, workers: int = 1
) -> Development:
    """Fit all Rad-scores, choose a scenario, fit clinical and combined models and their cut-offs.

    Parameters
    ----------
    training : Training
        Features, outcome and patients of the training rows, nothing else.
    clinical : sequence of mappings
        Clinical values of the same rows.
    workers : int
        Threads of the cross-validation; the result does not depend on it.
    """
    outcome = training.outcome
    cross = cross_fit(training, settings, workers=workers)
    scenarios = {
        name: fit_radscore(training.regions(regions), name, settings, (settings.seed, 4))
        for name, regions in settings.scenario_regions().items()
    }
    chosen = _choose(cross, settings)
    apparent = scenarios[chosen].predict(training.table)
    crossed = settings.score.training_score == "cross-fitted"
    seen = cross.scores[chosen] if crossed else apparent
    score_used = not scenarios[chosen].score.is_constant and float(np.ptp(seen)) > 0.0

    names = [item.name for item in settings.clinical.variables]
    plain = [clinical_variable(item) for item in settings.clinical.variables]
    filled = complete(clinical, plain, outcome, settings.clinical.imputations, seed=_seed(settings))
    rules = fit_rules(filled, plain, clinical) if settings.clinical.missing == "impute" and plain else ()
    completions: list[Columns] = [{name: [row[name] for row in rows] for name in names} for rows in filled]
    found = retain(completions, outcome, settings.clinical)
    notes = found.notes
    clinical_fit = fit_model(completions, outcome, found.variables, settings.clinical) if found.variables else None
    for columns in completions:
        columns[RADSCORE.name] = seen.tolist()
    other = apparent if crossed else cross.scores[chosen]
    score_variable = (with_knots(RADSCORE, seen.tolist(), settings.score.knots),) if score_used else ()
    predictors = (*score_variable, *found.variables)
    combined = fit_model(completions, outcome, predictors, settings.clinical) if predictors else None
    tests = tested(completions, outcome, predictors, together=True)
    ranges = {
        item.name: _range([row[item.name] for row in clinical if item.name in row])
        for item in settings.clinical.variables
        if not item.levels
    }
    if score_used:
        # Axis and warnings follow the score that a new patient gets, the fit on all training rows.
        ranges[RADSCORE.name] = _range(apparent.tolist())
    elif settings.features.source != "none":
        notes = (*notes, f"The LASSO kept no feature of {chosen}: the Rad-score is constant and does not enter.")
    if score_used and not settings.score.knots and combined is not None and combined.coefficients[1] < 0:
        notes = (*notes, "The Rad-score has a negative weight: it does not carry over between training folds.")
    effects = {}
    if combined is not None and score_used and float(np.ptp(other)) > 0.0:
        names_of = ("cross-fitted", "apparent") if crossed else ("apparent", "cross-fitted")
        with_other: list[Columns] = [{**columns, RADSCORE.name: other.tolist()} for columns in completions]
        placed = (with_knots(RADSCORE, other.tolist(), settings.score.knots), *found.variables)
        again = fit_model(with_other, outcome, placed, settings.clinical)
        effects = {
            names_of[0]: _effect(combined, predictors[0], completions[0]),
            names_of[1]: _effect(again, placed[0], with_other[0]),
        }
    label = f"Risk of {settings.outcome.event_label}"
    return Development(
        scenarios=scenarios,
        cross=cross,
        chosen=chosen,
        univariable=found.single,
        multivariable=found.together,
        retained=found.variables,
        clinical=clinical_fit,
        combined=combined,
        combined_tests=tuple(tests),
        nomogram=build_nomogram(combined, ranges, outcome_label=label) if combined else None,
        ranges=ranges,
        cutoffs=_cutoffs(
            scenarios, cross, completions, outcome, clinical_fit, combined, training, crossed, settings.validation
        ),
        prevalence=float(outcome.mean()),
        notes=notes,
        radscore_effects=effects,
        rules=rules,
    )


def _seed(settings: StudySettings) -> int:
    """Seed of the imputation."""
    return int(np.random.SeedSequence((settings.seed, 9)).generate_state(1)[0])


def _choose(cross: CrossFit, settings: StudySettings) -> str:
    """Scenario with the highest mean cross-validated AUC; with fewer regions, then the first named, when equal."""
    regions = settings.scenario_regions()
    return max(regions, key=lambda name: (float(cross.fold_aucs[name].mean()), -len(regions[name])))


def _effect(fit: LogisticFit, score: Variable, columns: Columns) -> OddsRatio:
    """Odds ratio of the upper against the lower quartile of the Rad-score."""
    quartiles = np.quantile(np.array(columns[RADSCORE.name], dtype=np.float64), (0.25, 0.75))
    return effect(fit, score, *quartiles.tolist())


def _range(values: Sequence[object]) -> tuple[float, float]:
    numbers = np.array(values, dtype=np.float64)
    return float(numbers.min()), float(numbers.max())


def find_cutoff(outcome: IntArray, risk: FloatArray, settings: ValidationSettings) -> float:
    """Cut-off as the settings say; NaN where none serves."""
    if settings.cutoff == "closest":
        return closest_to_corner(outcome, risk).cutoff
    if settings.cutoff == "sensitivity":
        return sensitivity_cutoff(outcome, risk, settings.at_least).cutoff
    if settings.cutoff == "specificity":
        return specificity_cutoff(outcome, risk, settings.at_least).cutoff
    return youden_cutoff(outcome, risk).cutoff


def _cutoffs(
    scenarios: Mapping[str, RadScoreFit],
    cross: CrossFit,
    completions: Sequence[Columns],
    outcome: IntArray,
    clinical: LogisticFit | None,
    combined: LogisticFit | None,
    training: Training,
    crossed: bool,
    settings: ValidationSettings,
) -> dict[str, float]:
    """Cut-offs on the probabilities that training sees (cross-fitted ones where the settings say so).

    Where there is none, by Youden if nothing does better than chance, the training prevalence takes its place.
    """
    risks = {}
    for name, fit in scenarios.items():
        scores = cross.scores[name] if crossed else fit.predict(training.table)
        risks[name] = fit.score.risk(np.full_like(scores, fit.score.intercept) if fit.score.is_constant else scores)
    risks |= {
        name: np.mean([probability(model, columns) for columns in completions], axis=0)
        for name, model in (("clinical", clinical), ("combined", combined))
        if model is not None
    }
    cutoffs = {name: find_cutoff(outcome, risk, settings) for name, risk in risks.items()}
    return {name: float(outcome.mean()) if math.isnan(value) else value for name, value in cutoffs.items()}
