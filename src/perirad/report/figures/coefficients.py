"""Coefficients of the selected features."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from perirad.report.contents import ReportContents
from perirad.report.style import DOUBLE_MM, GREY, INK, fit_lines, mark_kind, mm_canvas, new_figure, styled
from perirad.report.text import decimal

__all__ = ["coefficients"]

_NAME_MM = 78.0


@styled
def coefficients(contents: ReportContents) -> Figure:
    """Bars of the selected features' coefficients (per training standard deviation), the largest on top."""
    if not contents.selected:
        return mark_kind(_nothing(contents), contents)
    features = sorted(contents.selected, key=lambda feature: -abs(feature.coefficient))
    names = [
        fit_lines(f"{item.column} ({item.ibsi_code})" if item.ibsi_code else item.column, _NAME_MM, 6.2)
        for item in features
    ]
    values = np.array([item.coefficient for item in features])
    height_mm = 18 + 6.2 * len(features)
    figure = new_figure(DOUBLE_MM, height_mm)
    left = (_NAME_MM + 5) / DOUBLE_MM
    axes = figure.add_axes((left, 12 / height_mm, 0.985 - left, 1 - 15 / height_mm))
    rows = np.arange(len(features))
    bars = axes.barh(rows, values, height=0.62, color=["#b3420a" if value > 0 else "#4c9ed0" for value in values])
    for bar, value in zip(bars, values, strict=True):
        bar.set_hatch("" if value > 0 else "////")
        bar.set_edgecolor("white")
    widest = float(np.abs(values).max()) or 1.0
    for row, value in zip(rows, values, strict=True):
        axes.text(
            float(value) + (0.02 if value >= 0 else -0.02) * widest, float(row), decimal(float(value), 3),
            fontsize=6, va="center",
            ha="left" if value >= 0 else "right",
        )  # fmt: skip
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = 0.17 * (high - low)
    axes.set(xlim=(low - (room if low < 0 else 0), high + (room if high > 0 else 0)), ylim=(len(features) - 0.4, -0.6))
    axes.set_yticks(rows, names, fontsize=6.2)
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=INK, linewidth=0.6)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("Coefficient per training standard deviation (log odds)")
    return mark_kind(figure, contents)


def _nothing(contents: ReportContents) -> Figure:
    figure, axes = mm_canvas(DOUBLE_MM, 26)
    text = (
        "No feature was selected.\n"
        f"The Rad-score is the same for every patient (intercept {decimal(contents.radscore_intercept, 3)})."
    )
    axes.text(DOUBLE_MM / 2, 14, text, ha="center", va="center", color=GREY, linespacing=1.6)
    return figure
