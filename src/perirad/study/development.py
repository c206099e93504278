"""Everything that is learnt, learnt from training rows alone: the function takes no others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.logistic import fit_logistic, probability
from perirad.nomogram.points import build_nomogram
from perirad.nomogram.records import Variable
from perirad.nomogram.tables import multivariable, univariable
from perirad.score.cutoff import youden_cutoff
from perirad.study.fitting import cross_fit, fit_radscore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perirad.arrays import IntArray
    from perirad.nomogram.records import LogisticFit, Nomogram, VariableTest
    from perirad.study.fitting import CrossFit, RadScoreFit
    from perirad.study.settings import ClinicalVariable, StudySettings
    from perirad.study.training import Training

__all__ = ["RADSCORE", "Development", "clinical_variable", "develop"]

RADSCORE = Variable(name="radscore", label="Rad-score", kind="continuous")

Columns = dict[str, list[object]]


@dataclass(frozen=True)
class Development:
    """All that training yields.

    `scenarios` holds each scenario's final fit on all training rows, `cross` its cross-fitted scores; `chosen` is the
    scenario with the highest mean cross-validated AUC (the one with fewer regions when equal). `clinical` is None when
    no clinical variable was retained; `combined` is None when nothing at all was. `ranges` are the training ranges of
    continuous variables. `cutoffs` holds one cut-off (a probability) for each model name.
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


def clinical_variable(item: ClinicalVariable) -> Variable:
    """A setting as the nomogram knows it."""
    kind = "categorical" if item.levels else "continuous"
    return Variable(item.name, item.label or item.name, kind, item.levels, item.unit)  # type: ignore[arg-type]


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
        name: fit_radscore(training.regions(regions), name, settings.selection, (settings.seed, 4))
        for name, regions in settings.scenario_regions().items()
    }
    chosen = _choose(cross, settings)
    apparent = scenarios[chosen].score.predict(training.table)
    crossed = settings.score.training_score == "cross-fitted"
    seen = cross.scores[chosen] if crossed else apparent
    score_used = not scenarios[chosen].score.is_constant and float(np.ptp(seen)) > 0.0

    variables = tuple(clinical_variable(item) for item in settings.clinical.variables)
    columns: Columns = {item.name: [row[item.name] for row in clinical] for item in variables}
    single = univariable(columns, outcome, variables) if variables else ()
    together, retained, notes = _retain(columns, outcome, variables, single, settings)
    predictors = ((RADSCORE,) if score_used else ()) + retained
    clinical_fit = fit_logistic(columns, outcome, retained) if retained else None
    columns[RADSCORE.name] = seen.tolist()
    combined = fit_logistic(columns, outcome, predictors) if predictors else None
    tests = multivariable(columns, outcome, predictors) if predictors else ()
    ranges = {item.name: _range(columns[item.name]) for item in variables if item.kind == "continuous"}
    if score_used:
        # Axis and warnings follow the score that a new patient gets, the fit on all training rows.
        ranges[RADSCORE.name] = _range(apparent.tolist())
    else:
        notes = (*notes, f"The LASSO kept no feature of {chosen}: the Rad-score is constant and does not enter.")
    if score_used and combined is not None and combined.coefficients[1] < 0:
        notes = (*notes, "The Rad-score has a negative weight: it does not carry over between training folds.")
    label = f"Risk of {settings.outcome.event_label}"
    return Development(
        scenarios=scenarios,
        cross=cross,
        chosen=chosen,
        univariable=tuple(single),
        multivariable=together,
        retained=retained,
        clinical=clinical_fit,
        combined=combined,
        combined_tests=tuple(tests),
        nomogram=build_nomogram(combined, ranges, outcome_label=label) if combined else None,
        ranges=ranges,
        cutoffs=_cutoffs(scenarios, cross, columns, outcome, clinical_fit, combined, training, crossed),
        prevalence=float(outcome.mean()),
        notes=notes,
    )


def _choose(cross: CrossFit, settings: StudySettings) -> str:
    """Scenario with the highest mean cross-validated AUC; with fewer regions, then the first named, when equal."""
    regions = settings.scenario_regions()
    return max(regions, key=lambda name: (float(cross.fold_aucs[name].mean()), -len(regions[name])))


def _range(values: Sequence[object]) -> tuple[float, float]:
    numbers = np.array(values, dtype=np.float64)
    return float(numbers.min()), float(numbers.max())


def _retain(
    columns: Columns,
    outcome: IntArray,
    variables: tuple[Variable, ...],
    single: Sequence[VariableTest],
    settings: StudySettings,
) -> tuple[tuple[VariableTest, ...], tuple[Variable, ...], tuple[str, ...]]:
    """Multivariable table and the variables that stay: alone below alpha, and again together with the others."""
    if settings.clinical.keep == "all":
        return (multivariable(columns, outcome, variables) if variables else ()), variables, ()
    alpha = settings.clinical.alpha
    passed = tuple(test.variable for test in single if test.p < alpha)
    if not passed:
        note = f"No clinical variable passed p < {alpha:g} alone." if variables else ""
        return (), (), (note,) if note else ()
    together = multivariable(columns, outcome, passed)
    retained = tuple(test.variable for test in together if test.p < alpha)
    notes = () if retained else (f"No clinical variable kept p < {alpha:g} beside the others.",)
    return together, retained, notes


def _cutoffs(
    scenarios: Mapping[str, RadScoreFit],
    cross: CrossFit,
    columns: Columns,
    outcome: IntArray,
    clinical: LogisticFit | None,
    combined: LogisticFit | None,
    training: Training,
    crossed: bool,
) -> dict[str, float]:
    """Youden cut-offs on the probabilities that training sees (cross-fitted ones where the settings say so).

    Where no cut-off does better than chance there is none by Youden; the training prevalence takes its place.
    """
    risks = {}
    for name, fit in scenarios.items():
        scores = cross.scores[name] if crossed else fit.score.predict(training.table)
        risks[name] = fit.score.risk(np.full_like(scores, fit.score.intercept) if fit.score.is_constant else scores)
    risks |= {
        name: probability(model, columns)
        for name, model in (("clinical", clinical), ("combined", combined))
        if model is not None
    }
    cutoffs = {name: youden_cutoff(outcome, risk).value for name, risk in risks.items()}
    return {name: float(outcome.mean()) if math.isnan(value) else value for name, value in cutoffs.items()}
