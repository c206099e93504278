"""ROC curves with AUC in the legend."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.report.contents import ModelResult, ReportContents
from perirad.report.figures.curves import (
    cohort_counts,
    cohort_names,
    foot_mm,
    head_mm,
    legend_beneath,
    legend_entry,
    panel_title,
    shown_in,
)
from perirad.report.style import look, mark_kind, panel_width_mm, panels, styled
from perirad.report.text import auc_text, cohort_label

__all__ = ["roc", "roc_scenarios"]


@styled
def roc(contents: ReportContents) -> Figure:
    """ROC curves of all models, a panel for each cohort."""
    return _roc_figure(contents, contents.models)


@styled
def roc_scenarios(contents: ReportContents) -> Figure:
    """ROC curves of the Rad-scores of all scenarios, a panel for each cohort."""
    return _roc_figure(contents, [scenario.result for scenario in contents.scenarios])


def _roc_figure(contents: ReportContents, models: Sequence[ModelResult]) -> Figure:
    cohorts = cohort_names(models)
    width_mm = panel_width_mm(len(cohorts))
    entries = [
        [
            legend_entry(f"{model.name}: {auc_text(item.auc)}", width_mm)
            for model in models
            if (item := shown_in(model, cohort)) is not None
        ]
        for cohort in cohorts
    ]
    made = panels(len(cohorts), head_mm=head_mm(1), foot_mm=foot_mm(entries))
    for axes, cohort, labels in zip(made.tops, cohorts, entries, strict=True):
        _panel(axes, models, cohort)
        legend_beneath(axes, labels, title="AUC (95% CI); symbol: frozen cut-off")
    return mark_kind(made.figure, contents)


def _panel(axes: Axes, models: Sequence[ModelResult], cohort: str) -> None:
    axes.plot([0, 1], [0, 1], color="#b0b0b0", linewidth=0.7, zorder=0)
    for index, model in enumerate(models):
        item = shown_in(model, cohort)
        if item is None:
            continue
        style, cut = look(index), item.at_cutoff
        axes.plot(
            1 - item.roc.specificity, item.roc.sensitivity, color=style.colour, linestyle=style.dash, label=model.name
        )
        axes.plot(
            1 - cut.specificity.estimate, cut.sensitivity.estimate, style.marker, color=style.colour,
            markeredgecolor="white", markeredgewidth=0.5, markersize=6, zorder=5,
        )  # fmt: skip
        if not axes.get_title(loc="left"):
            panel_title(axes, cohort_label(cohort), [cohort_counts(item)])
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xlabel="1 − specificity", ylabel="Sensitivity")
    axes.set(xticks=ticks, yticks=ticks)
    axes.grid(color="#ececec", linewidth=0.5)
    axes.set_axisbelow(True)
