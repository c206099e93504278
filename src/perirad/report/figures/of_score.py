"""Figures of the Rad-score and how it was selected, with their words."""

from __future__ import annotations

from collections.abc import Iterator

from perirad.report.contents import ModelResult, ReportContents
from perirad.report.figures.coefficients import coefficients
from perirad.report.figures.correlations import correlations
from perirad.report.figures.entry import ReportFigure
from perirad.report.figures.feature_counts import feature_counts
from perirad.report.figures.penalty import penalty
from perirad.report.figures.roc import roc_scenarios
from perirad.report.figures.waterfall import waterfall
from perirad.report.figures.width_profile import width_profile
from perirad.report.text import auc_text, cohort_label, decimal, percent

__all__ = ["aucs", "figures_of_score"]


def figures_of_score(contents: ReportContents) -> Iterator[ReportFigure]:
    """All that shows how the Rad-score came about, where there is one."""
    if not contents.scenarios:
        return
    yield _counts(contents)
    if len(contents.insight.widths) > 1:
        yield _widths(contents)
    yield _roc_scenarios(contents)
    if contents.insight.path is not None:
        yield _penalty(contents)
    yield _coefficients(contents)
    if contents.insight.correlations is not None:
        yield _correlations(contents)
    yield _waterfall(contents)


def _counts(contents: ReportContents) -> ReportFigure:
    lines = "; ".join(
        f"{item.name}: {', '.join(f'{name} {count}' for name, count in item.steps)}, selected {item.n_selected}"
        for item in contents.scenarios
    )
    return ReportFigure(
        "feature_counts", "From all features to those selected",
        "Left: features that each step of the selection left in each scenario. Right: features of the chosen scenario "
        "that were selected, by family and region." if contents.insight.counts is not None
        else "Features that each step of the selection left in each scenario.",
        f"Numbers of features. {lines}.", feature_counts,
    )  # fmt: skip


def _widths(contents: ReportContents) -> ReportFigure:
    widths = contents.insight.widths
    means = "; ".join(f"{item.scenario} {decimal(float(item.fold_aucs.mean()), 3)}" for item in widths)
    often = [f"{item.scenario} {percent(item.resamples, 0)}" for item in widths if item.resamples is not None]
    beneath = " Beneath: how often each was chosen when all was repeated in resamples" if often else ""
    outer = (
        " and in the outer folds of the nested cross-validation" if any(i.nested is not None for i in widths) else ""
    )
    return ReportFigure(
        "width_profile", "Width profile",
        "AUC of the Rad-score by the width of the ring. Line and band: mean over held-out folds of the training "
        "cohort, "
        "the whole selection (with its own inner cross-validation) repeated in each, and its 95% interval (folds share "
        f"patients, so the band is somewhat narrow). Symbols: the frozen scores in the other cohorts.{beneath}{outer}"
        f"{'.' if beneath else ''}",
        f"Cross-validated AUC by scenario: {means}. Chosen in resamples: {', '.join(often) or 'not made'}.",
        width_profile,
    )  # fmt: skip


def _penalty(contents: ReportContents) -> ReportFigure:
    path = contents.insight.path
    assert path is not None
    return ReportFigure(
        "penalty", "Path of the LASSO and its cross-validation",
        "Left: standardised coefficients along the path of penalties; right: cross-validated measure with one standard "
        f"error. The dashed line is the penalty chosen ({path.rule}); numbers above count the features in the model.",
        f"Coefficient paths of {len(path.columns)} features over {len(path.lambdas)} penalties; at the chosen one "
        f"{int(path.n_nonzero[path.index])} features are left.", penalty,
    )  # fmt: skip


def _correlations(contents: ReportContents) -> ReportFigure:
    found = contents.insight.correlations
    assert found is not None
    return ReportFigure(
        "correlations", "Correlation of the selected features",
        "Spearman's correlation in the training patients, similar features side by side; frames hold groups of average "
        f"linkage at |ρ| above {1 - found.cut:g}. Cells with a stroke are negative.",
        f"Heat map of {len(found.columns)} features in {len(set(found.clusters.tolist()))} groups.", correlations,
    )  # fmt: skip


def _waterfall(contents: ReportContents) -> ReportFigure:
    return ReportFigure(
        "waterfall", "Waterfall of the Rad-score",
        "Every patient's log-odds by the Rad-score less those of its frozen cut-off, in ascending order; the colour "
        "is the "
        "true class.",
        "Bars of the Rad-score of every patient, ordered, in each cohort.", waterfall,
    )  # fmt: skip


def aucs(models: tuple[ModelResult, ...]) -> str:
    """AUC of every model in every cohort, in words."""
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
        f"ROC curves. {aucs(tuple(item.result for item in contents.scenarios))}.", roc_scenarios,
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
