"""Honest beside leaky, leak by leak, on the real and on the permuted outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.report.audit import AuditContents, AuditRow
from perirad.report.style import DOUBLE_MM, GREY, SIMULATED, fit_lines, new_figure, styled
from perirad.validation.records import Estimate

__all__ = ["audit_figure"]

_HONEST, _LEAKY = "#12355b", "#d55e00"
_LABEL_MM, _GAP_MM, _RIGHT_MM = 48.0, 7.0, 3.0
_ROW_MM, _HEAD_MM, _AXIS_MM, _FOOT_MM = 9.0, 12.0, 14.0, 7.0
_OFF = 0.17  # of a row, above and below its middle

Pairs = Sequence[tuple[AuditRow, AuditRow]]


@styled
def audit_figure(contents: AuditContents) -> Figure:
    """Draw a dot with its interval over splits per leak and way; small dots are single splits.

    Left the real, right the permuted outcome; AUCs above, what is judged at a cut-off beneath.
    """
    pairs = contents.pairs()
    groups = [[pair for pair in pairs if pair[0].is_auc], [pair for pair in pairs if not pair[0].is_auc]]
    blocks = [
        (group, label, chance)
        for group, label, chance in zip(
            groups, ("Test AUC", "Test Youden's index, test accuracy"), (0.5, None), strict=True
        )
        if group
    ]
    height_mm = _HEAD_MM + _FOOT_MM + sum(len(group) * _ROW_MM + _AXIS_MM for group, _, _ in blocks)
    figure = new_figure(DOUBLE_MM, height_mm)
    width_mm = (DOUBLE_MM - _LABEL_MM - _GAP_MM - _RIGHT_MM) / 2
    top_mm = height_mm - _HEAD_MM
    for number, (group, label, chance) in enumerate(blocks):
        body_mm = len(group) * _ROW_MM
        limits = _limits(group)
        for column, name in enumerate(("Real outcome", "Permuted outcome: nothing to find")):
            left = (_LABEL_MM + column * (width_mm + _GAP_MM)) / DOUBLE_MM
            axes = figure.add_axes((left, (top_mm - body_mm) / height_mm, width_mm / DOUBLE_MM, body_mm / height_mm))
            _panel(axes, [pair[column] for pair in group], limits, chance)
            axes.set_xlabel(label)
            axes.set_yticks(range(len(group)), [_name(pair[0]) for pair in group] if column == 0 else [])
            if number == 0:
                axes.set_title(name, pad=5)
        top_mm -= body_mm + _AXIS_MM
    _legend(figure, contents, height_mm)
    return figure


def _name(row: AuditRow) -> str:
    return fit_lines(row.title if row.is_auc else f"{row.title}: {row.figure}", _LABEL_MM - 4, 6.5)


def _limits(group: Pairs) -> tuple[float, float]:
    values = [value for pair in group for row in pair for value in _numbers(row)]
    finite = np.array([value for value in values if np.isfinite(value)] or [0.0, 1.0])
    margin = 0.04 * max(float(np.ptp(finite)), 0.1)
    # None of the figures can exceed 1, though the interval of a mean may.
    return float(finite.min()) - margin, min(float(finite.max()), 1.0) + margin


def _numbers(row: AuditRow) -> tuple[float, ...]:
    limits = tuple(value for item in (row.honest, row.leaky) for value in (item.estimate, item.lower, item.upper))
    return (*limits, *row.honest_values, *row.leaky_values)


def _panel(axes: Axes, rows: Sequence[AuditRow], limits: tuple[float, float], chance: float | None) -> None:
    for place, row in enumerate(rows):
        _way(axes, place - _OFF, row.honest, row.honest_values, _HONEST, "o", "white")
        _way(axes, place + _OFF, row.leaky, row.leaky_values, _LEAKY, "D", _LEAKY)
    for edge in range(1, len(rows)):
        axes.axhline(edge - 0.5, color="#e3e6ea", linewidth=0.5, zorder=0)
    if chance is not None:
        axes.axvline(chance, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0)
    axes.set(xlim=limits, ylim=(len(rows) - 0.5, -0.5))
    axes.tick_params(axis="y", length=0)


def _way(
    axes: Axes, place: float, item: Estimate, values: Sequence[float], colour: str, marker: str, face: str
) -> None:
    """One way of one leak: filled diamonds and rings differ without colour too."""
    axes.plot(values, [place] * len(values), ".", color=colour, alpha=0.45, markersize=3.2, markeredgewidth=0, zorder=1)
    axes.plot([item.lower, item.upper], [place, place], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
    axes.plot(
        item.estimate, place, marker, color=colour, markerfacecolor=face, markersize=4.2, markeredgewidth=1.0, zorder=3
    )


def _legend(figure: Figure, contents: AuditContents, height_mm: float) -> None:
    axes = figure.add_axes((0.0, 0.0, 1.0, _FOOT_MM / height_mm))
    axes.set(xlim=(0, DOUBLE_MM), ylim=(0, _FOOT_MM))
    axes.axis("off")
    middle = _FOOT_MM / 2
    for left, colour, marker, face, text in (
        (4, _HONEST, "o", "white", "honest"),
        (24, _LEAKY, "D", _LEAKY, "with the mistake"),
    ):
        axes.plot([left, left + 6], [middle, middle], color=colour, linewidth=1.6)
        axes.plot(left + 3, middle, marker, color=colour, markerfacecolor=face, markersize=4.2, markeredgewidth=1.0)
        axes.text(left + 8, middle, text, va="center")
    said = f"mean of {contents.n_splits} splits, 95 % interval of the mean; small dots: single splits; dashed: chance"
    axes.text(58, middle, said, va="center", color=GREY)
    if contents.kind == "simulated":
        figure.text(
            0.995, 1 - 2.5 / height_mm, SIMULATED, ha="right", va="top", fontsize=5.2, color=GREY, style="italic"
        )
