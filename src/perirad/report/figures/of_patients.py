"""Figures of the patients and their images, with their words."""

from __future__ import annotations

from collections.abc import Iterator

from perirad.report.contents import ReportContents
from perirad.report.figures.cases import cases
from perirad.report.figures.entry import ReportFigure
from perirad.report.figures.feature_maps import feature_maps
from perirad.report.figures.flow import flow
from perirad.report.figures.reader_icc import reader_icc
from perirad.report.figures.ring_loss import ring_loss
from perirad.report.figures.workflow import workflow, workflow_steps
from perirad.report.text import cohort_label, decimal, listed, plural

__all__ = ["figures_of_patients"]


def figures_of_patients(contents: ReportContents) -> Iterator[ReportFigure]:
    """Flow, workflow, cases, losses, agreement of readers and feature maps; those with something to draw."""
    if contents.flow or contents.cohorts:
        yield _flow(contents)
    if contents.cohorts:
        yield _workflow(contents)
    if contents.cases:
        yield _cases(contents)
    if contents.ring_losses:
        yield _ring_loss(contents)
    if any(item.correlations.size for item in contents.agreement):
        yield _agreement(contents)
    if contents.insight.maps:
        yield _maps(contents)


def _flow(contents: ReportContents) -> ReportFigure:
    steps = "; ".join(f"{step.label}: {step.n_removed} removed, {step.n_left} left" for step in contents.flow)
    sizes = listed([f"{plural(item.n_patients, 'patient')} in {cohort_label(item.name)}" for item in contents.cohorts])
    return ReportFigure(
        "flow", "Patient flow", "Patients, every exclusion with its reason and number, "
        "and what the model said of the analysed.",
        f"Flow diagram. {steps}. {sizes}.", flow,
    )  # fmt: skip


def _workflow(contents: ReportContents) -> ReportFigure:
    steps = "; ".join(f"{name}: {', '.join(lines)}" for name, lines in workflow_steps(contents))
    return ReportFigure(
        "workflow", "Workflow",
        "The way of the data through the study; what is learnt is learnt in training patients alone.",
        f"Diagram of steps. {steps}.", workflow,
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


def _agreement(contents: ReportContents) -> ReportFigure:
    found = contents.agreement
    shares = listed(
        [f"{item.region} {int((item.correlations >= item.limit).sum())} of {item.n_features}" for item in found]
    )
    return ReportFigure(
        "reader_icc", "Agreement of two readers",
        "Intraclass correlation of every feature between two readers' outlines of the same cases, features in "
        "ascending "
        "order; features below the dashed limit are not used.",
        f"Curves of the intraclass correlation; features that reach the limit: {shares}.", reader_icc,
    )  # fmt: skip


def _maps(contents: ReportContents) -> ReportFigure:
    maps = contents.insight.maps
    names = listed(list(dict.fromkeys(item.column for item in maps)))
    radius = maps[0].radius_mm
    unit = f"{radius:g} mm" if maps[0].assumed_mm is None else f"{radius / maps[0].assumed_mm:.3g} pixels"
    return ReportFigure(
        "feature_maps", "Where selected features come from",
        f"The weightiest selected features, measured anew in a disc of {unit} about each point of their region; in one "
        "column the colours are one scale. The Rad-score uses the value of the whole region, which is not the mean of "
        "these. "
        "White: outline of the lesion.",
        f"Colour maps over the ultrasound images of two patients for {names}.", feature_maps,
    )  # fmt: skip
