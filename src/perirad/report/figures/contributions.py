"""What adds up to the risk of two patients: exact, because the model is linear in the log-odds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from perirad.report.contents import ReportContents
from perirad.report.insight import Contribution, PatientContributions
from perirad.report.style import DOUBLE_MM, GREY, INK, fit_lines, mark_kind, new_figure, styled
from perirad.report.text import cohort_label, decimal

__all__ = ["contributions"]

_NAME_MM = 88.0
_MOST = 10
_ROW_MM, _HEAD_MM, _FOOT_MM = 5.2, 13.0, 13.0


@styled
def contributions(contents: ReportContents) -> Figure:
    """Bars of the parts of two patients' log-odds, the largest first; smaller ones are one bar together."""
    shown = [(item, _largest(item.parts)) for item in contents.insight.contributions]
    heights = [_HEAD_MM + _FOOT_MM + _ROW_MM * len(parts) for _, parts in shown]
    figure = new_figure(DOUBLE_MM, sum(heights))
    reach = max(abs(part.amount) for _, parts in shown for part in parts)
    y = sum(heights)
    for (item, parts), height in zip(shown, heights, strict=True):
        _panel(figure, contents, item, parts, top_mm=y, total_mm=sum(heights), reach=reach)
        y -= height
    return mark_kind(figure, contents)


def _largest(parts: Sequence[Contribution]) -> list[Contribution]:
    ranked = sorted(parts, key=lambda part: -abs(part.amount))
    if len(ranked) <= _MOST + 1:
        return ranked
    rest = ranked[_MOST:]
    return [*ranked[:_MOST], Contribution(f"{len(rest)} others together", "", math.fsum(part.amount for part in rest))]


def _panel(
    figure: Figure, contents: ReportContents, item: PatientContributions, parts: Sequence[Contribution], *,
    top_mm: float, total_mm: float, reach: float,
) -> None:  # fmt: skip
    height = _ROW_MM * len(parts)
    left = (_NAME_MM + 4) / DOUBLE_MM
    axes = figure.add_axes((left, (top_mm - _HEAD_MM - height) / total_mm, 0.975 - left, height / total_mm))
    amounts = np.array([part.amount for part in parts])
    rows = np.arange(len(parts))
    bars = axes.barh(rows, amounts, height=0.64, color=["#b3420a" if value > 0 else "#4c9ed0" for value in amounts])
    for bar, value in zip(bars, amounts, strict=True):
        bar.set_hatch("" if value > 0 else "////")
        bar.set_edgecolor("white")
        axes.text(
            value + (0.015 if value >= 0 else -0.015) * reach, bar.get_y() + bar.get_height() / 2,
            ("+" if value > 0 else "") + decimal(float(value), 2), va="center", fontsize=6,
            ha="left" if value >= 0 else "right",
        )  # fmt: skip
    names = [fit_lines(f"{part.name}: {part.value}" if part.value else part.name, _NAME_MM, 6) for part in parts]
    axes.set(xlim=(-1.28 * reach, 1.28 * reach), ylim=(len(parts) - 0.4, -0.6))
    axes.set_yticks(rows, names, fontsize=6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=INK, linewidth=0.6)
    axes.set_xlabel("Added to the log-odds, against the average training patient")
    label = contents.event_label if item.outcome == 1 else contents.nonevent_label
    log_odds = item.baseline + math.fsum(part.amount for part in item.parts)
    cohort = cohort_label(item.cohort).lower()
    head = f"Case {item.case_id} ({cohort} cohort): {label}, predicted risk {100 * item.probability:.0f}%"
    said = (
        f"log-odds {decimal(item.baseline)} (average) {'+' if log_odds >= item.baseline else '−'} "
        f"{decimal(abs(log_odds - item.baseline))} = {decimal(log_odds)}"
    )
    y = (top_mm - _HEAD_MM) / total_mm
    figure.text(
        2 / DOUBLE_MM,
        y + 6.4 / total_mm,
        fit_lines(head, DOUBLE_MM - 6, 8, weight="bold", max_lines=1),
        weight="bold",
        fontsize=8,
    )
    figure.text(2 / DOUBLE_MM, y + 2.6 / total_mm, said, fontsize=6.5, color=GREY)
