"""Predicted risks by outcome and cohort."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.arrays import FloatArray
from perirad.report.contents import CohortPerformance, ModelResult, ReportContents
from perirad.report.figures.curves import head_mm, main_model, panel_title, radscore_model
from perirad.report.style import INK, OUTCOME_COLOURS, fit_lines, mark_kind, panel_width_mm, panels, styled
from perirad.report.text import cohort_label, decimal

__all__ = ["radscore"]


@styled
def radscore(contents: ReportContents) -> Figure:
    """Risk predicted by the Rad-score and by the main model, by outcome: a dot for each patient under a box."""
    found = [radscore_model(contents), main_model(contents)]
    models: list[ModelResult] = []
    for model in found:
        if model is not None and all(model.name != other.name for other in models):
            models.append(model)
    pairs = [(model, item) for model in models for item in model.cohorts]
    n_rows = len(models) if len(pairs) > 4 else 1
    n_columns = -(-len(pairs) // max(n_rows, 1))
    width_mm = panel_width_mm(n_columns)
    made = panels(n_columns, n_rows=n_rows, head_mm=head_mm(2) + 3, foot_mm=14.5, ratio=50 / width_mm)
    for index, (axes, (model, item)) in enumerate(zip(made.tops, pairs, strict=False)):
        _panel(axes, item, model, contents, width_mm)
        if index % n_columns == 0:
            axes.set_ylabel("Predicted risk")
    return mark_kind(made.figure, contents)


def _spread(values: FloatArray, seed: int) -> FloatArray:
    """Sideways jitter, the same each time: dots of equal height would hide each other."""
    return np.random.default_rng(seed).uniform(-0.22, 0.22, values.size)


def _panel(axes: Axes, item: CohortPerformance, model: ModelResult, contents: ReportContents, room_mm: float) -> None:
    names = (contents.nonevent_label, contents.event_label)
    ticks = []
    for outcome in (0, 1):
        values = item.probability[item.outcome == outcome]
        axes.scatter(
            outcome + _spread(values, outcome), values, s=4, color=OUTCOME_COLOURS[outcome], alpha=0.6, linewidths=0,
            marker="os"[outcome],
        )  # fmt: skip
        if values.size:
            axes.boxplot(
                [values], positions=[outcome], widths=0.55, showfliers=False,
                medianprops={"color": INK, "linewidth": 1.2}, boxprops={"linewidth": 0.7}, manage_ticks=False,
                whiskerprops={"linewidth": 0.7}, capprops={"linewidth": 0.7},
            )  # fmt: skip
        ticks.append(fit_lines(names[outcome], room_mm / 2 - 1, 6.2, max_lines=3) + f"\nn = {values.size}")
    axes.axhline(model.cutoff, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set_xticks([0, 1], ticks, fontsize=6.2)
    panel_title(
        axes, fit_lines(model.name, room_mm, 8, weight="bold"),
        [cohort_label(item.cohort), f"dashed: cut-off {decimal(model.cutoff)}"],
    )  # fmt: skip
    axes.set(xlim=(-0.6, 1.6), ylim=(-0.02, 1.02))
