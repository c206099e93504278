"""Confusion matrices of the models at their frozen cut-offs."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from perirad.report.contents import CohortPerformance, ModelResult, ReportContents
from perirad.report.figures.curves import cohort_names, shown_in
from perirad.report.style import DOUBLE_MM, INK, SINGLE_MM, fit_lines, mark_kind, mm_canvas, styled
from perirad.report.text import cohort_label, decimal

__all__ = ["confusion"]

_CELL_MM, _LABEL_MM, _HEAD_MM, _FOOT_MM = 17.0, 19.0, 15.0, 5.0
_ROW_CELL_MM = 9.0


@styled
def confusion(contents: ReportContents) -> Figure:
    """A two by two table for each model and cohort: models across, cohorts down; shares are of the true class."""
    cohorts = cohort_names(contents.models)
    across = 1 if contents.column == "single" else min(3, len(contents.models))
    places = [(model, cohort) for cohort in cohorts for model in contents.models if shown_in(model, cohort) is not None]
    if across > 1 and len(contents.models) > across:
        across = 3
    rows = -(-len(places) // across)
    block_mm = _HEAD_MM + 2 * _ROW_CELL_MM + _FOOT_MM + 4
    width_mm = DOUBLE_MM if across > 1 else SINGLE_MM
    figure, axes = mm_canvas(width_mm, rows * block_mm + 4)
    step = width_mm / across
    for index, (model, cohort) in enumerate(places):
        row, column = divmod(index, across)
        item = shown_in(model, cohort)
        assert item is not None
        _matrix(axes, column * step, (rows - row) * block_mm + 2, item, model, contents)
    return mark_kind(figure, contents)


def _matrix(
    axes: Axes, left: float, top: float, item: CohortPerformance, model: ModelResult, contents: ReportContents
) -> None:
    cut = item.at_cutoff
    x0, y0 = left + _LABEL_MM, top - _HEAD_MM
    head = fit_lines(f"{model.name}, {cohort_label(item.cohort).lower()}", 54, 7, weight="bold", max_lines=1)
    axes.text(left + 2, top, head, weight="bold", va="top", fontsize=7)
    axes.text(left + 2, top - 4.2, f"cut-off {decimal(model.cutoff, 3)}", va="top", fontsize=6)
    for k, word in enumerate(("below", "at or above")):
        axes.text(x0 + (k + 0.5) * _CELL_MM, y0 + 1.2, word, ha="center", va="bottom", fontsize=6)
    counts = ((cut.tn, cut.fp, contents.nonevent_label), (cut.fn, cut.tp, contents.event_label))
    for line, (below, above, name) in enumerate(counts):
        y = y0 - (line + 1) * _ROW_CELL_MM
        axes.text(
            x0 - 1.5, y + _ROW_CELL_MM / 2, fit_lines(name, _LABEL_MM - 3, 6), ha="right", va="center", fontsize=6
        )
        total = below + above
        for k, count in enumerate((below, above)):
            share = count / total if total else 0.0
            right = line == k
            tone = 1 - 0.55 * share
            colour = (tone, tone, 1.0) if right else (1.0, tone, tone)
            axes.add_patch(
                Rectangle(
                    (x0 + k * _CELL_MM, y),
                    _CELL_MM,
                    _ROW_CELL_MM,
                    facecolor=colour,
                    edgecolor=INK,
                    linewidth=1.1 if right else 0.5,
                )
            )
            axes.text(
                x0 + (k + 0.5) * _CELL_MM, y + _ROW_CELL_MM / 2,
                f"{count}\n{100 * share:.0f}%" if total else "0", ha="center", va="center", fontsize=6.5,
                linespacing=1.15, weight="bold" if right else "normal",
            )  # fmt: skip
