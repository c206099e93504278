"""Everything the report shows, gathered from the records of the run."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from perirad.features.columns import ibsi_code
from perirad.report.contents import (
    CohortSize,
    FlowStep,
    ReportContents,
    RingLoss,
    ScenarioResult,
    SelectedFeature,
)
from perirad.study.evaluation import CLINICAL, NOMOGRAM, radscore_name
from perirad.study.her2 import Category
from perirad.study.insight import look_closer
from perirad.study.outputs import metrics
from perirad.study.pictured import acquisition, browsed_cases, case_views
from perirad.study.predictors import clinical_variable
from perirad.study.provenance import versions
from perirad.study.readers import reader_agreement
from perirad.study.store import as_json
from perirad.study.toml import toml_text
from perirad.study.warnings import run_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perirad.report.contents import InternalValidation
    from perirad.study.records import Analysed, Validated

__all__ = ["make_contents"]


def make_contents(validated: Validated, *, workers: int = 1) -> ReportContents:
    """Fill the report's record; `workers` processes draw the cases in small."""
    fitted = validated.fitted
    analysed, development = fitted.analysed, fitted.development
    settings = analysed.study.settings
    results = validated.evaluation.results
    choice = settings.features
    names = [name for name in (CLINICAL, radscore_name(development.chosen), NOMOGRAM) if name in results]
    return ReportContents(
        title=settings.title,
        kind=settings.kind,
        outcome_label=settings.outcome.label,
        event_label=settings.outcome.event_label,
        nonevent_label=settings.outcome.nonevent_label,
        lengths=analysed.lengths(),
        flow=tuple(_flow(analysed)),
        cohorts=tuple(_cohorts(analysed)),
        variables=tuple(clinical_variable(item) for item in settings.clinical.variables),
        baseline=_baseline(analysed),
        images=choice.of_images,
        agreement=tuple(reader_agreement(analysed)),
        further=validated.further,
        thresholds=settings.validation.thresholds,
        instability=None if validated.internal is None else validated.internal.spread,
        ring_losses=tuple(_ring_losses(analysed)) if choice.of_images else (),
        scenarios=tuple(_scenarios(validated)) if choice.source != "none" else (),
        selected=tuple(
            SelectedFeature(item.column, ibsi_code(item.column), item.coefficient, item.mean, item.sd)
            for item in fitted.model.file.radscore.features
        ),
        radscore_intercept=fitted.model.radscore.intercept,
        univariable=development.univariable,
        multivariable=development.multivariable,
        combined_fit=development.combined,
        combined_tests=development.combined_tests,
        nomogram=development.nomogram,
        models=tuple(results[name] for name in names),
        comparisons=validated.evaluation.comparisons,
        pairs=validated.evaluation.pairs,
        cases=tuple(case_views(validated)) if choice.of_images else (),
        browsed=tuple(browsed_cases(validated, workers)) if choice.of_images else (),
        acquisition=tuple(acquisition(analysed)) if choice.of_images else (),
        ranges=dict(development.ranges),
        warnings=(*run_warnings(validated), *validated.further.not_done),
        settings_toml=toml_text(settings),
        versions=versions(),
        split=_split(analysed),
        seed=settings.seed,
        calibrations=dict(Counter(item.calibration for item in analysed.features.quality)),
        internal=_shown(validated),
        insight=look_closer(validated),
        column=settings.report.column,
        assumed_choices=settings.assumed_choices,
        metrics=as_json(metrics(validated)),
    )


def _shown(validated: Validated) -> InternalValidation | None:
    """What the bootstrap found, without the choice of a scenario in a study that has no Rad-score."""
    if validated.internal is None:
        return None
    figures = validated.internal.figures
    if validated.fitted.analysed.study.settings.features.source != "none":
        return figures
    return replace(figures, chosen={}, stability=None)


def _split(analysed: Analysed) -> str:
    split = analysed.study.settings.split
    if split.by == "random":
        share = round(100 * split.test_fraction)
        return f"by patient, at random, stratified by outcome, {100 - share}:{share}"
    if split.by == "centre":
        return f"by centre; test: {', '.join(split.test_centres)}"
    return "as given in the cohort column"


def _flow(analysed: Analysed) -> Iterator[FlowStep]:
    left = analysed.cohort.n_rows
    several = "images" if analysed.study.settings.features.of_images else "rows"
    unit = "patients" if analysed.cohort.n_rows == analysed.cohort.n_patients else several
    groups = ", ".join(f"{name} {count}" for name, count in sorted(analysed.cohort.groups.items(), key=_by_group))
    yield FlowStep(f"{unit.capitalize()} in the table" + (f": {groups}" if groups else ""), 0, left)
    for reason, count in Counter(item.reason for item in analysed.exclusions).items():
        left -= count
        yield FlowStep(reason[0].upper() + reason[1:], count, left)


def _by_group(item: tuple[str, int]) -> int:
    return list(Category).index(Category(item[0]))


def _cohorts(analysed: Analysed) -> Iterator[CohortSize]:
    for name in ("train", "test", "external"):
        members = [case for case in analysed.cases if analysed.cohorts[case.case_id] == name]
        if members:
            outcome = {case.patient_id: case.outcome for case in members}
            centres = Counter({case.patient_id: case.centre or "not stated" for case in members}.values())
            yield CohortSize(name, len(outcome), len(members), sum(outcome.values()), dict(sorted(centres.items())))


def _baseline(analysed: Analysed) -> pd.DataFrame:
    rows: dict[str, dict[str, object]] = {}
    for case in analysed.cases:
        cohort = analysed.cohorts[case.case_id]
        rows.setdefault(case.patient_id, {"cohort": cohort, "outcome": case.outcome, **case.clinical})
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="patient_id"))


def _ring_losses(analysed: Analysed) -> Iterator[RingLoss]:
    quality, settings = analysed.features.quality, analysed.study.settings.regions
    for region in settings.names[1:]:
        lost = np.array([sum(item.lost[region].values()) for item in quality])
        median, upper = (float(value) for value in np.quantile(lost, [0.5, 0.75]))
        flagged = int((lost > settings.max_lost_fraction).sum())
        causes = dict.fromkeys(cause for item in quality for cause in item.lost[region])
        mean = {cause: float(np.mean([item.lost[region].get(cause, 0.0) for item in quality])) for cause in causes}
        by_cause = {cause: share for cause, share in mean.items() if share > 0}
        yield RingLoss(
            region, median, upper, float(lost.max()), flagged, len(lost), settings.max_lost_fraction, by_cause
        )


def _scenarios(validated: Validated) -> Iterator[ScenarioResult]:
    development = validated.fitted.development
    for name, fit in development.scenarios.items():
        aucs = development.cross.fold_aucs[name]
        yield ScenarioResult(
            name=name,
            steps=fit.steps,
            n_selected=len(fit.score.columns),
            lambda_rule=validated.fitted.analysed.study.settings.selection.rule,
            lambda_value=fit.lambda_value,
            cv_auc=float(aucs.mean()),
            cv_auc_se=float(aucs.std(ddof=1) / np.sqrt(len(aucs))),
            chosen=name == development.chosen,
            result=validated.evaluation.results[radscore_name(name)],
        )
