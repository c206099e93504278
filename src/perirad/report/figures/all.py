"""All figures of a report: in which order, under which title, with which words for those who cannot see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from perirad.report.contents import ModelResult, ReportContents
from perirad.report.figures.calibration import calibration
from perirad.report.figures.cases import cases
from perirad.report.figures.coefficients import coefficients
from perirad.report.figures.curves import main_model
from perirad.report.figures.decision_curve import decision_curve
from perirad.report.figures.flow import flow
from perirad.report.figures.instability import instability
from perirad.report.figures.nomogram import nomogram
from perirad.report.figures.radscore import radscore
from perirad.report.figures.ring_loss import ring_loss
from perirad.report.figures.roc import roc, roc_scenarios
from perirad.report.style import FORMATS, render
from perirad.report.text import auc_text, cohort_label, decimal, estimate_text, listed, plural

__all__ = ["ReportFigure", "report_figures", "write_figures"]


@dataclass(frozen=True)
class ReportFigure:
    """A figure with its file stem, title, caption and alternative text; `draw` makes it anew."""

    stem: str
    title: str
    caption: str
    alt: str
    draw: Callable[[ReportContents], Figure]


def report_figures(contents: ReportContents) -> tuple[ReportFigure, ...]:
    """Figures this report can show, in reading order; those without anything to draw are left out."""
    found: list[ReportFigure] = []
    if contents.flow or contents.cohorts:
        found.append(_flow(contents))
    if contents.cases:
        found.append(_cases(contents))
    if contents.ring_losses:
        found.append(_ring_loss(contents))
    if contents.scenarios:
        found.append(_roc_scenarios(contents))
        found.append(_coefficients(contents))
    found.append(_nomogram(contents))
    if contents.models:
        found += [_roc(contents), _radscore(contents), _calibration(contents), _decision(contents)]
    if contents.instability is not None:
        found.append(_instability(contents))
    return tuple(found)


def write_figures(contents: ReportContents, folder: Path) -> tuple[Path, ...]:
    """Write every figure as SVG, PDF and PNG (300 dpi) into a folder, made if need be; same contents, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for item in report_figures(contents):
        figure = item.draw(contents)
        for form in FORMATS:
            path = folder / f"{item.stem}.{form}"
            path.write_bytes(render(figure, form))
            written.append(path)
    return tuple(written)


def _flow(contents: ReportContents) -> ReportFigure:
    steps = "; ".join(f"{step.label}: {step.n_removed} removed, {step.n_left} left" for step in contents.flow)
    sizes = listed([f"{plural(item.n_patients, 'patient')} in {cohort_label(item.name)}" for item in contents.cohorts])
    return ReportFigure(
        "flow", "Patient flow", "Patient flow with the reason and the number of every exclusion.",
        f"Flow diagram. {steps}. {sizes}.", flow,
    )  # fmt: skip


def _cases(contents: ReportContents) -> ReportFigure:
    regions = listed(list(dict.fromkeys(name for view in contents.cases[:6] for name in view.masks)))
    more = f" The first 6 of {len(contents.cases)} are shown." if len(contents.cases) > 6 else ""
    return ReportFigure(
        "cases", "Representative cases",
        f"Ultrasound images with the outlines of {regions}; an outline is open where the region leaves the picture. "
        f"The bar gives the scale in {_bar_unit(contents)}.{more}",
        f"Grey ultrasound images of {plural(min(6, len(contents.cases)), 'case')} with coloured outlines of {regions}.",
        cases,
    )  # fmt: skip


def _bar_unit(contents: ReportContents) -> str:
    lengths = contents.lengths
    return f"mm, or in {lengths.pixels} where the spacing is assumed" if lengths.mixed else lengths.unit


def _ring_loss(contents: ReportContents) -> ReportFigure:
    shares = "; ".join(
        f"{contents.lengths.ring(item.region)} median {decimal(100 * item.median, 1)}%, "
        f"maximum {decimal(100 * item.maximum, 1)}%"
        for item in contents.ring_losses
    )
    return ReportFigure(
        "ring_loss", "Regions and what they lost",
        "Share of each region that was lost, over all analysed images; the dashed line marks the limit.",
        f"Share of each region that was lost: {shares}.", ring_loss,
    )  # fmt: skip


def _aucs(models: tuple[ModelResult, ...]) -> str:
    return "; ".join(
        f"{model.name}, {cohort_label(item.cohort)}: AUC {auc_text(item.auc)}"
        for model in models
        for item in model.cohorts
    )


def _roc_scenarios(contents: ReportContents) -> ReportFigure:
    return ReportFigure(
        "roc_scenarios", "ROC curves of the Rad-score scenarios",
        "Receiver operating characteristic curves of the Rad-scores made of each set of regions. "
        "The scenario was chosen by cross-validation in the training cohort, not by these curves.",
        f"ROC curves. {_aucs(tuple(item.result for item in contents.scenarios))}.", roc_scenarios,
    )  # fmt: skip


def _coefficients(contents: ReportContents) -> ReportFigure:
    names = "; ".join(f"{item.column} {decimal(item.coefficient, 3)}" for item in contents.selected)
    return ReportFigure(
        "coefficients", "Features of the Rad-score",
        "Coefficients of the selected features per training standard deviation; hatched bars are negative."
        if contents.selected
        else "No feature was selected, so the Rad-score is constant.",
        f"Bar chart of coefficients: {names}." if contents.selected else "No feature was selected.", coefficients,
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
        f"ROC curves. {_aucs(contents.models)}.", roc,
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
        "Observed share against predicted risk: smooth curve, groups of patients with Wilson's 95% interval, and "
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
