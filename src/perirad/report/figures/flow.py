"""Patient flow: who was taken away, why, and who was left."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from perirad.report.contents import CohortSize, ReportContents
from perirad.report.figures.curves import main_model, shown_in
from perirad.report.style import DOUBLE_MM, INK, fit_lines, mark_kind, mm_canvas, styled, text_size_mm
from perirad.report.text import cohort_label, count_share, plural

__all__ = ["flow"]

_WIDTH = DOUBLE_MM
_SPINE_X, _SIDE_X = 52.0, 98.0
_BOX_W, _SIDE_W = 66.0, 74.0
_PAD, _GAP = 2.2, 5.0


@styled
def flow(contents: ReportContents) -> Figure:
    """Boxes and arrows: the start, a box for each exclusion with its count, the analysed, the cohorts.

    The first step is the start when it removes nobody; all others are exclusions, also those of nobody.
    """
    steps = list(contents.flow)
    start = steps.pop(0) if steps and steps[0].n_removed == 0 else None
    n_start = start.n_left if start else (steps[0].n_left + steps[0].n_removed if steps else 0)
    n_end = steps[-1].n_left if steps else n_start
    first = _box_text(f"{start.label if start else 'Assessed'}", f"n = {n_start}", _BOX_W)
    sides = [_box_text(step.label, f"excluded, n = {step.n_removed}", _SIDE_W) for step in steps]
    last = _box_text("Analysed", f"n = {n_end}", _BOX_W)
    cohorts = [_cohort_text(item, contents, _cohort_width(len(contents.cohorts))) for item in contents.cohorts]
    tallest = max((_height(text) for text in cohorts), default=0.0)
    height = 3 + _height(first) + sum(_height(side) + _GAP for side in sides) + _GAP + _height(last)
    height += (tallest + 2 * _GAP if cohorts else 0) + 5
    figure, axes = mm_canvas(_WIDTH, height)
    y = height - 3
    y = _box(axes, _SPINE_X, y, _BOX_W, first)
    top = y
    for side in sides:
        y -= _GAP
        bottom = _box(axes, _SIDE_X + _SIDE_W / 2, y, _SIDE_W, side, left=True)
        _arrow(axes, (_SPINE_X, (y + bottom) / 2), (_SIDE_X, (y + bottom) / 2))
        y = bottom
    y -= _GAP
    _arrow(axes, (_SPINE_X, top), (_SPINE_X, y))
    y = _box(axes, _SPINE_X, y, _BOX_W, last, bold=True)
    _cohort_boxes(axes, y, cohorts)
    return mark_kind(figure, contents)


def _cohort_width(count: int) -> float:
    return (_WIDTH - 6 - 4 * (count - 1)) / max(count, 2)


def _cohort_boxes(axes: Axes, y: float, texts: list[str]) -> None:
    width = _cohort_width(len(texts))
    branch = y - _GAP * 0.9
    centres = [3 + width / 2 + index * (width + 4) for index in range(len(texts))]
    if len(texts) == 1:
        centres = [_SPINE_X]
    if not texts:
        return
    axes.plot([_SPINE_X, _SPINE_X], [y, branch], color=INK, linewidth=0.8)
    axes.plot([min(*centres, _SPINE_X), max(*centres, _SPINE_X)], [branch, branch], color=INK, linewidth=0.8)
    for x, text in zip(centres, texts, strict=True):
        _arrow(axes, (x, branch), (x, branch - _GAP * 1.1))
        _box(axes, x, branch - _GAP * 1.1, width, text)


def _box_text(label: str, count: str, width: float) -> str:
    return fit_lines(label, width - 2 * _PAD, 7, max_lines=3) + f"\n{count}"


def _cohort_text(item: CohortSize, contents: ReportContents, width: float) -> str:
    counted = contents.images or item.n_cases != item.n_patients
    rows = f", {plural(item.n_cases, 'image' if contents.images else 'row')}" if counted else ""
    lines = [
        f"{cohort_label(item.name)}: {plural(item.n_patients, 'patient')}{rows}",
        f"{contents.event_label}: {count_share(item.n_events, item.n_patients)}",
        f"{contents.nonevent_label}: {count_share(item.n_patients - item.n_events, item.n_patients)}",
    ]
    model = main_model(contents)
    found = None if model is None else shown_in(model, item.name)
    if model is not None and found is not None:
        cut = found.at_cutoff
        lines += [
            f"{model.name} at or above its cut-off: {cut.tp + cut.fp} ({cut.tp} {contents.event_label})",
            f"below: {cut.tn + cut.fn} ({cut.fn} {contents.event_label})",
        ]
    if item.n_by_centre:
        lines.append("Centres: " + ", ".join(f"{name} {count}" for name, count in item.n_by_centre.items()))
    return "\n".join(fit_lines(line, width - 2 * _PAD, 7, max_lines=3) for line in lines)


def _height(text: str) -> float:
    return text_size_mm(text)[1] * 1.12 + 2 * _PAD


def _box(axes: Axes, x: float, top: float, width: float, text: str, *, left: bool = False, bold: bool = False) -> float:
    """Draw a box hanging from `top`; return its lower edge."""
    height = _height(text)
    axes.add_patch(
        Rectangle((x - width / 2, top - height), width, height, facecolor="white", edgecolor=INK, linewidth=0.8)
    )
    axes.text(
        x - width / 2 + _PAD if left else x, top - height / 2, text, ha="left" if left else "center", va="center",
        linespacing=1.3, weight="bold" if bold else "normal",
    )  # fmt: skip
    return top - height


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=6, linewidth=0.8, color=INK, shrinkA=0, shrinkB=0)
    )
