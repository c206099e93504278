"""Waterfall of the Rad-score: every patient as a bar above or below the cut-off, ordered."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from perirad.report.contents import CohortPerformance, ModelResult, ReportContents
from perirad.report.figures.curves import cohort_counts, head_mm, panel_title, radscore_model
from perirad.report.style import INK, OUTCOME_COLOURS, fit_lines, mark_kind, panels, styled
from perirad.report.text import cohort_label

__all__ = ["waterfall"]

_LEAST = 1e-6


@styled
def waterfall(contents: ReportContents) -> Figure:
    """Log-odds by the Rad-score less those of its cut-off, a panel for each cohort."""
    model = radscore_model(contents)
    assert model is not None
    made = panels(len(model.cohorts), head_mm=head_mm(2), foot_mm=20, ratio=0.75)
    for axes, item in zip(made.tops, model.cohorts, strict=True):
        _panel(axes, item, model)
    handles = [
        Patch(facecolor=OUTCOME_COLOURS[1], label=fit_lines(contents.event_label, 40, 6.5, max_lines=1)),
        Patch(facecolor=OUTCOME_COLOURS[0], label=fit_lines(contents.nonevent_label, 40, 6.5, max_lines=1)),
    ]
    spot = (0.01, 4.2 / (made.figure.get_figheight() * 25.4))
    made.figure.legend(handles=handles, loc="lower left", bbox_to_anchor=spot, ncols=2)
    return mark_kind(made.figure, contents)


def _panel(axes: Axes, item: CohortPerformance, model: ModelResult) -> None:
    risk = np.clip(item.probability, _LEAST, 1 - _LEAST)
    cut = min(max(model.cutoff, _LEAST), 1 - _LEAST)
    height = np.log(risk / (1 - risk)) - np.log(cut / (1 - cut))
    order = np.argsort(height, kind="stable")
    x = np.arange(order.size)
    for outcome in (0, 1):
        rows = item.outcome[order] == outcome
        axes.bar(x[rows], height[order][rows], width=1.0, color=OUTCOME_COLOURS[outcome], linewidth=0)
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.set(xlim=(-1, order.size), xlabel="Patients, ordered by Rad-score", ylabel="Log-odds above the cut-off")
    axes.set_xticks([])
    right = int(((height >= 0) == (item.outcome == 1)).sum())
    panel_title(axes, cohort_label(item.cohort), [cohort_counts(item), f"{right} on the right side"])
