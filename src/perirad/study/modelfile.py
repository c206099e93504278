"""From what training yields to the content of `model.json`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import perirad
from perirad.features.columns import ibsi_code
from perirad.nomogram.records import RidgeFit
from perirad.study.evaluation import CLINICAL, NOMOGRAM, radscore_name
from perirad.study.model import Model
from perirad.study.provenance import analysis_digest
from perirad.study.schema import (
    AxisBlock,
    CalibrationBlock,
    FeatureBlock,
    HarmonisationBlock,
    ImputationBlock,
    LogisticBlock,
    ModelFile,
    NomogramBlock,
    OutcomeBlock,
    RadScoreBlock,
    RecipeBlock,
    RidgeBlock,
    TrainingBlock,
    VariableBlock,
)

if TYPE_CHECKING:
    from perirad.nomogram.records import LogisticFit, Nomogram, Variable
    from perirad.report.contents import CohortPerformance
    from perirad.report.lengths import Lengths
    from perirad.study.development import Development
    from perirad.study.evaluation import Evaluation
    from perirad.study.harmonising import Harmonised
    from perirad.study.records import Analysed
    from perirad.study.settings import StudySettings

__all__ = ["logistic_block", "make_model", "nomogram_block", "with_performance"]


def make_model(analysed: Analysed, development: Development) -> Model:
    """Freeze a development into a model; performance is written beside it in `metrics.json`."""
    settings = analysed.study.settings
    chosen = development.scenarios[development.chosen]
    score = chosen.score
    lengths, learnt = analysed.lengths(), analysed.lengths("train")
    members = [case for case in analysed.cases if analysed.cohorts[case.case_id] == "train"]
    file = ModelFile(
        perirad_version=perirad.__version__,
        title=settings.title,
        kind=settings.kind,
        outcome=OutcomeBlock(
            label=settings.outcome.label,
            event_label=settings.outcome.event_label,
            nonevent_label=settings.outcome.nonevent_label,
        ),
        recipe=_recipe(settings, lengths) if settings.features.of_images else None,
        calibration=CalibrationBlock(n_images=learnt.n, n_assumed=learnt.n_assumed, note=learnt.note),
        radscore=RadScoreBlock(
            scenario=score.scenario,
            intercept=score.intercept,
            features=tuple(
                FeatureBlock(column=column, ibsi=ibsi_code(column), mean=mean, sd=sd, coefficient=beta)
                for column, mean, sd, beta in zip(
                    score.columns, score.means.tolist(), score.sds.tolist(), score.coefficients.tolist(), strict=True
                )
            ),
            lambda_rule=settings.selection.rule,
            lambda_value=chosen.lambda_value,
            risk_intercept=score.risk_intercept,
            risk_slope=score.risk_slope,
            harmonisation=_harmonisation(chosen.harmonised),
        ),
        clinical=logistic_block(development.clinical),
        combined=logistic_block(development.combined),
        imputation=tuple(
            ImputationBlock(
                variable=_variable(rule.variable),
                others=tuple(_variable(item) for item in rule.others),
                coefficients=tuple(tuple(row) for row in rule.coefficients.tolist()),
                typical=rule.typical,
            )
            for rule in development.rules
        ),
        nomogram=nomogram_block(development.nomogram),
        cutoffs=dict(development.cutoffs),
        training=TrainingBlock(
            n=len(members),
            n_events=sum(case.outcome for case in members),
            prevalence=development.prevalence,
            ranges=dict(development.ranges),
            centres=tuple(sorted({case.centre for case in members if case.centre})),
        ),
        provenance={"analysis_sha256": analysis_digest(analysed), "seed": str(settings.seed)},
    )
    return Model(file)


def _recipe(settings: StudySettings, lengths: Lengths) -> RecipeBlock:
    return RecipeBlock(
        regions=_regions(lengths),
        widths_mm=settings.regions.widths_mm,
        further=settings.regions.further,
        measure=settings.regions.measure.value,
        exclude=tuple(cause.value for cause in settings.regions.exclude),
        max_lost_fraction=settings.regions.max_lost_fraction,
        resample_mm=settings.features.resample_mm,
        assumed_mm=lengths.assumed_mm,
        ruler=settings.calibration.ruler,
        tick_mm=settings.calibration.tick_mm,
        bin_width=settings.features.bin_width,
        bin_count=settings.features.bin_count,
        filters=settings.features.filters,
        log_sigma_mm=settings.features.log_sigma_mm,
        definitions=settings.features.definitions,
        responses=settings.features.responses,
        ibsi=settings.features.ibsi,
        slice_mm=settings.features.slice_mm,
    )


def _harmonisation(harmonised: Harmonised | None) -> HarmonisationBlock | None:
    if harmonised is None:
        return None
    combat = harmonised.combat
    return HarmonisationBlock(
        centres=combat.centres,
        mean=tuple(combat.mean.tolist()),
        scale=tuple(combat.scale.tolist()),
        shift=tuple(tuple(row) for row in combat.shift.tolist()),
        spread=tuple(tuple(row) for row in combat.spread.tolist()),
    )


def _regions(lengths: Lengths) -> str:
    """What the names of regions mean; millimetres are none where the spacing is assumed."""
    meaning = RecipeBlock.model_fields["regions"].default
    return f"{meaning}. {lengths.note}" if lengths.assumed else meaning


def with_performance(model: Model, evaluation: Evaluation) -> Model:
    """Return the same model with its performance in every cohort written into its file."""
    chosen = {NOMOGRAM: "combined", radscore_name(model.radscore.scenario): "radscore", CLINICAL: "clinical"}
    performance = {
        key: {item.cohort: _figures(item) for item in evaluation.results[name].cohorts}
        for name, key in chosen.items()
        if name in evaluation.results
    }
    return Model(model.file.model_copy(update={"performance": performance}))


def _figures(item: CohortPerformance) -> dict[str, float | None]:
    figures = {
        "n": float(len(item.outcome)),
        "n_events": float(item.outcome.sum()),
        "auc": item.auc.estimate,
        "auc_lower": item.auc.lower,
        "auc_upper": item.auc.upper,
        "sensitivity": item.at_cutoff.sensitivity.estimate,
        "specificity": item.at_cutoff.specificity.estimate,
        "brier": item.calibration.brier,
        "calibration_intercept": item.calibration.intercept.estimate,
        "calibration_slope": item.calibration.slope.estimate,
    }
    return {name: value if math.isfinite(value) else None for name, value in figures.items()}


def _variable(item: Variable) -> VariableBlock:
    return VariableBlock(
        name=item.name, label=item.label, kind=item.kind, levels=item.levels, unit=item.unit, knots=item.knots
    )


def logistic_block(fit: LogisticFit | None) -> LogisticBlock | None:
    """A fit as the model file has it."""
    if fit is None:
        return None
    return LogisticBlock(
        variables=tuple(_variable(item) for item in fit.variables),
        terms=fit.terms,
        coefficients=tuple(fit.coefficients.tolist()),
        covariance=tuple(tuple(row) for row in fit.covariance.tolist()),
        log_likelihood=fit.log_likelihood,
        null_log_likelihood=fit.null_log_likelihood,
        n=fit.n,
        n_events=fit.n_events,
        method=fit.method,
        ridge=RidgeBlock(penalty=fit.penalty, effective_df=fit.effective_df) if isinstance(fit, RidgeFit) else None,
    )


def nomogram_block(nomogram: Nomogram | None) -> NomogramBlock | None:
    """A nomogram as the model file has it."""
    if nomogram is None:
        return None
    return NomogramBlock(
        axes=tuple(
            AxisBlock(
                variable=axis.variable.name,
                values=tuple(axis.values.tolist()),
                labels=axis.labels,
                points=tuple(axis.points.tolist()),
            )
            for axis in nomogram.axes
        ),
        points_per_lp=nomogram.points_per_lp,
        lp_at_zero_points=nomogram.lp_at_zero_points,
        total_ticks=tuple(nomogram.total_ticks.tolist()),
        risk_ticks=tuple(nomogram.risk_ticks.tolist()),
        risk_points=tuple(nomogram.risk_points.tolist()),
        outcome_label=nomogram.outcome_label,
    )
