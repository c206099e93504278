"""Decision curves: net benefit over threshold probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.report.contents import CorrectedBenefit, ModelResult, ReportContents
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
from perirad.report.style import GREY, INK, look, mark_kind, panel_width_mm, panels, styled
from perirad.report.text import cohort_label

__all__ = ["decision_curve"]


@styled
def decision_curve(contents: ReportContents) -> Figure:
    """Net benefit of all models beside treating everybody and nobody, a panel for each cohort."""
    cohorts = cohort_names(contents.models)
    width_mm = panel_width_mm(len(cohorts))
    entries = [
        [
            *("Treat all", "Treat none"),
            *(legend_entry(m.name, width_mm) for m in contents.models if shown_in(m, cohort)),
            *([legend_entry("Nomogram, corrected (.632)", width_mm)] if _corrected(contents, cohort) else []),
        ]
        for cohort in cohorts
    ]
    made = panels(len(cohorts), head_mm=head_mm(1), foot_mm=foot_mm(entries) - 3, ratio=0.8)
    for axes in made.tops:
        if contents.thresholds is not None:
            axes.axvspan(*contents.thresholds, color="#e9e9e9", linewidth=0, zorder=0)
    tops = [_panel(axes, contents.models, cohort) for axes, cohort in zip(made.tops, cohorts, strict=True)]
    for axes, cohort in zip(made.tops, cohorts, strict=True):
        benefit = _corrected(contents, cohort)
        if benefit is not None:
            style = look(len(contents.models) - 1)
            dotted, width = (0, (1, 1.2)), 1.2
            axes.plot(
                benefit.thresholds, benefit.corrected, color=style.colour, linestyle=dotted, linewidth=width, label="c"
            )
    for axes, labels in zip(made.tops, entries, strict=True):
        axes.set_ylim(-0.15 * max(tops), 1.08 * max(tops))
        legend_beneath(axes, labels, title="")
    return mark_kind(made.figure, contents)


def _corrected(contents: ReportContents, cohort: str) -> CorrectedBenefit | None:
    """Net benefit in training, corrected for optimism; None in other cohorts and without the bootstrap."""
    found = contents.internal.benefit if contents.internal is not None and cohort == "train" else None
    return found if found is not None and np.isfinite(found.corrected).any() else None


def _panel(axes: Axes, models: Sequence[ModelResult], cohort: str) -> float:
    """Draw a panel; return the highest net benefit in it."""
    top = 0.05
    for index, model in enumerate(models):
        item = shown_in(model, cohort)
        if item is None:
            continue
        curve, style = item.decision, look(index)
        if not axes.lines:
            axes.plot(curve.thresholds, curve.treat_all, color=GREY, linewidth=1.0, label="all", zorder=1)
            axes.axhline(0, color=INK, linewidth=1.0, linestyle=(0, (1, 1)), label="none", zorder=1)
            panel_title(axes, cohort_label(cohort), [cohort_counts(item)])
        if item.band is not None and index == len(models) - 1:
            band = item.band
            axes.fill_between(band.thresholds, band.lower, band.upper, color=style.colour, alpha=0.15, linewidth=0)
        axes.plot(
            curve.thresholds, curve.net_benefit, color=style.colour, linestyle=style.dash, label=model.name, zorder=3
        )
        defined = curve.net_benefit[np.isfinite(curve.net_benefit)]
        top = max(top, curve.prevalence, float(defined.max(initial=0.0)))
    axes.set(xlim=(0, 1), xlabel="Threshold probability", ylabel="Net benefit")
    return top
