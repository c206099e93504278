"""Figures of the models and how they do, with their words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from perirad.report.contents import ReportContents
from perirad.report.figures.calibration import calibration
from perirad.report.figures.confusion import confusion
from perirad.report.figures.contributions import contributions
from perirad.report.figures.curves import main_model
from perirad.report.figures.decision_curve import decision_curve
from perirad.report.figures.entry import ReportFigure
from perirad.report.figures.forest import forest, forest_cohort
from perirad.report.figures.instability import instability
from perirad.report.figures.nomogram import nomogram, nomogram_reading
from perirad.report.figures.of_score import aucs
from perirad.report.figures.predictions import predictions
from perirad.report.figures.radscore import radscore
from perirad.report.figures.roc import roc
from perirad.report.text import auc_text, cohort_label, decimal, estimate_text, listed, plural

__all__ = ["figures_of_models"]


def figures_of_models(contents: ReportContents) -> Iterator[ReportFigure]:
    """Nomogram, single patients, and every figure of performance; those with something to draw."""
    yield _nomogram(contents)
    if contents.nomogram is not None and contents.insight.reading is not None:
        yield _reading(contents)
    if contents.insight.contributions:
        yield _contributions(contents)
    if contents.models:
        yield from (_roc(contents), _radscore(contents), _predictions(contents), _confusion(contents))
        yield from (_calibration(contents), _decision(contents))
    if any(item.auc is not None for item in contents.insight.subgroups):
        yield _forest(contents)
    if contents.instability is not None:
        yield _instability(contents)


def _reading(contents: ReportContents) -> ReportFigure:
    reading = contents.insight.reading
    assert reading is not None
    parts = "; ".join(f"{name} {reading.values[name]}: {points:.1f} points" for name, points in reading.points.items())
    return ReportFigure(
        "nomogram_reading", "A patient read off the nomogram",
        f"Case {reading.case_id} of the {cohort_label(reading.cohort).lower()} cohort, the one nearest to the median "
        "risk of "
        f"its class: {reading.total_points:.0f} points stand for a risk of {100 * reading.probability:.0f}%. The "
        "interval "
        "says how sure the model's coefficients are.",
        f"Nomogram with marks. {parts}; together {reading.total_points:.1f} points, risk "
        f"{decimal(reading.probability, 3)}.",
        nomogram_reading,
    )  # fmt: skip


def _contributions(contents: ReportContents) -> ReportFigure:
    found = contents.insight.contributions
    who = listed([f"case {item.case_id}" for item in found])
    return ReportFigure(
        "contributions", "What adds up to the risk of two patients",
        "Parts of the log-odds, each against its mean in the training patients: exact, not an approximation, because "
        "the "
        "model is a sum. Beside a feature stand its value and its z-score; hatched parts lower the risk.",
        f"Bar charts of the contributions to the risk of {who}.", contributions,
    )  # fmt: skip


def _predictions(contents: ReportContents) -> ReportFigure:
    return ReportFigure(
        "predictions", "Distribution of the predictions",
        f"Predicted risks of all models in all cohorts, {contents.event_label} upward and {contents.nonevent_label} "
        "downward.",
        f"Histograms of the risks by {listed([model.name for model in contents.models])}.", predictions,
    )  # fmt: skip


def _confusion(contents: ReportContents) -> ReportFigure:
    said = "; ".join(
        f"{model.name}, {cohort_label(item.cohort)}: {item.at_cutoff.tp} true and {item.at_cutoff.fp} false positive, "
        f"{item.at_cutoff.tn} true and {item.at_cutoff.fn} false negative"
        for model in contents.models
        for item in model.cohorts
    )
    return ReportFigure(
        "confusion", "Models at their frozen cut-offs",
        "Patients by true class (rows) and predicted risk (columns); shares are of the true class. The thick frames "
        "are "
        "the right decisions.",
        f"Confusion matrices. {said}.", confusion,
    )  # fmt: skip


def _forest(contents: ReportContents) -> ReportFigure:
    cohort = forest_cohort(contents)
    said = "; ".join(
        f"{item.variable} {item.group}: {auc_text(item.auc)}"
        for item in contents.insight.subgroups
        if item.cohort == cohort and item.auc is not None
    )
    return ReportFigure(
        "forest", "Performance in subgroups",
        f"AUC of the model with DeLong's 95% interval in subgroups of the {cohort_label(cohort).lower()} cohort; "
        "numbers are "
        "parted at the median of the training patients. Groups with fewer than five patients of a class have no "
        "figure. "
        "Intervals that overlap the line of all patients say nothing about a difference; none is tested.",
        f"Forest plot. {said}.", forest,
    )  # fmt: skip


def _nomogram(contents: ReportContents) -> ReportFigure:
    if contents.nomogram is None:
        text = "No predictor was retained, so there is no combined model and no nomogram."
        return ReportFigure("nomogram", "Nomogram", text, text, nomogram)
    names = listed([axis.variable.label for axis in contents.nomogram.axes])
    turns = any(axis.variable.knots and (np.diff(axis.points) < 0).any() for axis in contents.nomogram.axes)
    turning = " Where an axis turns back, values above its line lose points as they rise." if turns else ""
    return ReportFigure(
        "nomogram", "Nomogram",
        f"Nomogram for the risk of {contents.event_label}. For each variable, read the points straight above on the "
        f"top ruler; add them up; below the sum on the ruler of total points stands the risk.{turning}",
        f"Nomogram with axes for {names or 'no variable'}, total points and risk.", nomogram,
    )  # fmt: skip


def _roc(contents: ReportContents) -> ReportFigure:
    return ReportFigure(
        "roc", "ROC curves of the models",
        "Receiver operating characteristic curves with the area under the curve and DeLong's 95% confidence "
        "interval. A symbol marks the cut-off that was frozen in the training cohort.",
        f"ROC curves. {aucs(contents.models)}.", roc,
    )  # fmt: skip


def _radscore(contents: ReportContents) -> ReportFigure:
    return ReportFigure(
        "radscore", "Predicted risk by outcome",
        "Predicted risk of every patient by outcome and cohort; boxes are quartiles, whiskers reach the last patient "
        "within 1.5 interquartile ranges, the dashed line is the frozen cut-off.",
        f"Box plots of predicted risk for {contents.nonevent_label} and {contents.event_label} in each cohort.",
        radscore,
    )  # fmt: skip


def _calibration(contents: ReportContents) -> ReportFigure:
    model = main_model(contents)
    assert model is not None
    numbers = "; ".join(
        f"{cohort_label(item.cohort)}: slope {estimate_text(item.calibration.slope)}, intercept "
        f"{estimate_text(item.calibration.intercept)}, Brier score {decimal(item.calibration.brier, 3)}"
        for item in model.cohorts
    )
    return ReportFigure(
        "calibration", f"Calibration of the model {model.name}",
        "Observed share against predicted risk: smooth curve with its 95% band, groups of patients with Wilson's 95% "
        "interval, and "
        f"beneath the number of patients by predicted risk, {contents.event_label} upward and "
        f"{contents.nonevent_label} downward.",
        f"Calibration curves. {numbers}.", calibration,
    )  # fmt: skip


def _instability(contents: ReportContents) -> ReportFigure:
    spread = contents.instability
    assert spread is not None
    return ReportFigure(
        "instability", "Stability of the predicted risks",
        "Left: for each training patient the range that holds 95% of the risks by the models of the bootstrap "
        "resamples, against the risk by the model. Right: share of these models that put the patient on the other side "
        "of the cut-off.",
        f"Instability plots: mean absolute change of the risk {decimal(spread.mean_mape, 3)} over "
        f"{plural(spread.n_models, 'resample')}.", instability,
    )  # fmt: skip


def _decision(contents: ReportContents) -> ReportFigure:
    model = main_model(contents)
    drawn = model is not None and any(item.band is not None for item in model.cohorts)
    corrected = contents.internal is not None and contents.internal.benefit is not None
    dotted = " Dotted: the training curve corrected for optimism by the bootstrap (.632)." if corrected else ""
    band = " The band is the bootstrap 95% interval of the nomogram, its predictions held fixed." if drawn else ""
    range_ = " Grey: thresholds that make sense for the decision." if contents.thresholds else ""
    return ReportFigure(
        "decision_curve", "Decision curves",
        "Net benefit of the models over threshold probabilities, beside treating all patients and none; curves are "
        f"cut where net benefit falls far below zero.{dotted}{band}{range_}",
        f"Decision curves of {listed([model.name for model in contents.models])}, treat all and treat none.",
        decision_curve,
    )  # fmt: skip
