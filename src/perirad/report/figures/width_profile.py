"""Width profile: how well the Rad-score does with each ring width, and how often each width would be chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.arrays import FloatArray
from perirad.report.contents import ReportContents
from perirad.report.figures.curves import foot_mm, head_mm, legend_beneath, panel_title
from perirad.report.insight import WidthResult
from perirad.report.style import GREY, INK, SINGLE_MM, look, mark_kind, panels, styled
from perirad.report.text import cohort_label
from perirad.validation.proportion import Z95

__all__ = ["width_profile"]


@styled
def width_profile(contents: ReportContents) -> Figure:
    """Cross-validated AUC of each scenario with its band, AUC in the other cohorts, and beneath how often chosen."""
    widths = contents.insight.widths
    others = [item.cohort for item in contents.scenarios[0].result.cohorts if item.cohort != "train"]
    entries = ["Cross-validation in training (mean, 95% band)", *(f"{cohort_label(name)} (95% CI)" for name in others)]
    counted = any(item.resamples is not None or item.nested is not None for item in widths)
    made = panels(1, head_mm=head_mm(1), foot_mm=foot_mm([entries]) + 2, ratio=0.75, strip_mm=14 if counted else 0)
    assert made.figure.get_figwidth() * 25.4 < SINGLE_MM + 1
    x = _places(widths)
    _performance(made.tops[0], contents, widths, x, others)
    below = made.strips[0] if counted else made.tops[0]
    if counted:
        _chosen(below, widths, x)
        made.tops[0].tick_params(labelbottom=False)
    known = all(item.width_mm is not None for item in widths)
    labels = [item.scenario if not known else f"{item.scenario}\n{_text(item.width_mm)}" for item in widths]
    below.set_xticks(x, labels, fontsize=6.2)
    below.set_xlabel("Ring width" if known else "Scenario")
    legend_beneath(below, [], title="") if False else _legend(made.tops[0], below, entries)
    return mark_kind(made.figure, contents)


def _legend(top: Axes, below: Axes, entries: Sequence[str]) -> None:
    """Legend of the upper axes, written beneath the lower ones."""
    handles = top.get_legend_handles_labels()[0]
    figure = below.get_figure(root=True)
    assert figure is not None
    spot = (0.06, 3.0 / (figure.get_figheight() * 25.4))
    figure.legend(handles, list(entries), loc="lower left", bbox_to_anchor=spot, handletextpad=0.6, labelspacing=0.35)


def _text(width_mm: float | None) -> str:
    return "no ring" if not width_mm else f"{width_mm:g} mm"


def _places(widths: Sequence[WidthResult]) -> FloatArray:
    """Ring widths to scale where all scenarios have one, else equal steps."""
    if all(item.width_mm is not None for item in widths) and len({item.width_mm for item in widths}) == len(widths):
        return np.array([float(item.width_mm or 0.0) for item in widths])
    return np.arange(len(widths), dtype=np.float64)


def _performance(
    axes: Axes, contents: ReportContents, widths: Sequence[WidthResult], x: FloatArray, others: Sequence[str]
) -> None:
    mean = np.array([item.fold_aucs.mean() for item in widths])
    error = np.array([item.fold_aucs.std(ddof=1) / np.sqrt(len(item.fold_aucs)) for item in widths])
    style = look(0)
    order = np.argsort(x)
    axes.fill_between(
        x[order],
        (mean - Z95 * error)[order],
        (mean + Z95 * error)[order],
        color=style.colour,
        alpha=0.16,
        linewidth=0,
    )
    axes.plot(x[order], mean[order], color=style.colour, marker=style.marker, label="cv")
    step = 0.018 * float(np.ptp(x) or 1.0)
    for rank, cohort in enumerate(others, start=1):
        style = look(rank)
        aucs = [item.result.cohort(cohort).auc for item in contents.scenarios]
        values = np.array([auc.estimate for auc in aucs])
        spread = np.abs(np.array([[auc.estimate - auc.lower, auc.upper - auc.estimate] for auc in aucs]).T)
        axes.errorbar(
            x + rank * step, values, yerr=spread, color=style.colour, linestyle="none", marker=style.marker,
            elinewidth=0.8, capsize=1.5, label=cohort,
        )  # fmt: skip
    at = next((place for place, item in zip(x, widths, strict=True) if item.chosen), None)
    if at is not None:
        axes.axvline(float(at), color=GREY, linewidth=0.7, linestyle=(0, (1, 1.5)), zorder=0)
    margin = 0.08 * float(np.ptp(x) or 1.0)
    axes.set(xlim=(float(x.min()) - margin, float(x.max()) + margin), ylabel="AUC")
    low = min(0.5, *(float(line.get_ydata().min()) for line in axes.lines if line.get_label() == "cv"))  # type: ignore[union-attr]
    axes.set_ylim(min(low, axes.get_ylim()[0]), min(1.0, axes.get_ylim()[1] + 0.02))
    axes.grid(axis="y", color="#ececec", linewidth=0.5)
    axes.set_axisbelow(True)
    chosen = next((item.scenario for item in widths if item.chosen), "")
    panel_title(axes, "Width profile of the Rad-score", [f"dotted: {chosen}, chosen by cross-validation in training"])


def _chosen(axes: Axes, widths: Sequence[WidthResult], x: FloatArray) -> None:
    gap = float(np.min(np.diff(np.sort(x)))) if len(x) > 1 else 1.0
    series = [
        (name, [getattr(item, field) for item in widths], style)
        for name, field, style in (("resamples", "resamples", "#12355b"), ("outer folds", "nested", "#d55e00"))
        if any(getattr(item, field) is not None for item in widths)
    ]
    wide = 0.5 * gap / len(series)
    for k, (name, shares, colour) in enumerate(series):
        place = x + (k - (len(series) - 1) / 2) * wide
        bars = axes.bar(
            place,
            [100 * share for share in shares],
            wide * 0.92,
            color=colour,
            hatch="" if k == 0 else "////",
            edgecolor="white",
            linewidth=0.3,
        )
        for bar, share in zip(bars, shares, strict=True):
            axes.annotate(f"{100 * share:.0f}", (bar.get_x() + bar.get_width() / 2, 100 * share), xytext=(0, 1),
                          textcoords="offset points", ha="center", fontsize=5.8)  # fmt: skip
        axes.annotate(
            name, (1, 1), xytext=(0, -7 * k), xycoords="axes fraction", textcoords="offset points", ha="right",
            va="top", fontsize=6, color=colour,
        )  # fmt: skip
    axes.set(ylim=(0, 128), ylabel="Chosen (%)")
    axes.set_yticks([0, 50, 100])
    axes.axhline(0, color=INK, linewidth=0.5)
