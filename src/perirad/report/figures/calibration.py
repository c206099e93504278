"""Calibration: smooth curve, groups, and the histogram of predictions beneath."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.report.contents import CohortPerformance, ModelResult, ReportContents
from perirad.report.figures.curves import cohort_counts, head_mm, main_model, mirrored_histogram, panel_title
from perirad.report.style import GREY, fit_lines, mark_kind, panels, styled
from perirad.report.text import cohort_label, decimal, estimate_text

__all__ = ["calibration"]


@styled
def calibration(contents: ReportContents, model: ModelResult | None = None) -> Figure:
    """Agreement of predicted and observed risk of one model (the main one unless given), a panel for each cohort."""
    shown = model or main_model(contents)
    cohorts = shown.cohorts if shown else ()
    made = panels(len(cohorts), head_mm=head_mm(4), foot_mm=20, strip_mm=15)
    for upper, lower, item in zip(made.tops, made.strips, cohorts, strict=True):
        _curve(upper, item)
        _histogram(lower, item, contents)
    if made.tops:
        handles, labels = made.tops[0].get_legend_handles_labels()
        spot = (0.01, 3.2 / (made.figure.get_figheight() * 25.4))
        made.figure.legend(
            handles, labels, loc="lower left", bbox_to_anchor=spot, ncols=3, columnspacing=1.2, handletextpad=0.5
        )
    return mark_kind(made.figure, contents)


def _curve(axes: Axes, item: CohortPerformance) -> None:
    result = item.calibration
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 2)), label="Perfect")
    if np.isfinite(result.curve.observed).any():
        axes.plot(result.curve.predicted, result.curve.observed, color="#12355b", label="Smooth curve")
    if item.smooth is not None and np.isfinite(item.smooth.lower).any():
        band = item.smooth
        axes.fill_between(
            band.predicted, np.clip(band.lower, 0, 1), np.clip(band.upper, 0, 1), color="#12355b", alpha=0.16,
            linewidth=0, label="95% band of the curve",
        )  # fmt: skip
    groups = result.groups
    if groups.predicted.size:
        below = np.clip(groups.observed - groups.lower, 0, None)
        above = np.clip(groups.upper - groups.observed, 0, None)
        axes.errorbar(
            groups.predicted, groups.observed, yerr=np.vstack([below, above]), fmt="o", color="#d55e00",
            elinewidth=0.8, capsize=1.5, markersize=3.5, label="Groups (95% CI)",
        )  # fmt: skip
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.02, 1.02), ylabel="Observed share")
    panel_title(axes, cohort_label(item.cohort), [cohort_counts(item), *_numbers(item)])
    axes.tick_params(labelbottom=False)


def _numbers(item: CohortPerformance) -> list[str]:
    result = item.calibration
    return [
        f"Slope {estimate_text(result.slope)}",
        f"Intercept {estimate_text(result.intercept)}",
        f"Brier score {decimal(result.brier, 3)};  ICI {decimal(result.ici, 3)}",
    ]


def _histogram(axes: Axes, item: CohortPerformance, contents: ReportContents) -> None:
    """Predictions of the patients with the event upward, of those without downward."""
    tallest = mirrored_histogram(axes, item, 40)
    axes.set(
        xlabel=fit_lines(f"Predicted risk of {contents.event_label}", 50), ylabel="Patients",
        ylim=(-tallest * 1.35, tallest * 1.35),
    )  # fmt: skip
    axes.text(
        0.995,
        0.98,
        fit_lines(contents.event_label, 30, 6, max_lines=1),
        transform=axes.transAxes,
        ha="right",
        va="top",
        fontsize=6,
    )
    axes.text(
        0.995,
        0.02,
        fit_lines(contents.nonevent_label, 30, 6, max_lines=1),
        transform=axes.transAxes,
        ha="right",
        va="bottom",
        fontsize=6,
    )
