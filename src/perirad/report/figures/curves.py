"""What the panels of curves share: which cohorts there are, and a legend beneath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from perirad.report.contents import CohortPerformance, ModelResult, ReportContents
from perirad.report.style import GREY, INK, OUTCOME_COLOURS, fit_lines
from perirad.report.text import plural

__all__ = [
    "cohort_counts",
    "cohort_names",
    "foot_mm",
    "head_mm",
    "legend_beneath",
    "legend_entry",
    "main_model",
    "mirrored_histogram",
    "panel_title",
    "radscore_model",
    "shown_in",
]


def cohort_names(models: Sequence[ModelResult]) -> list[str]:
    """Cohorts in which any model was tried, training first, each once."""
    return list(dict.fromkeys(item.cohort for model in models for item in model.cohorts))


def shown_in(model: ModelResult, cohort: str) -> CohortPerformance | None:
    """Performance in a cohort, or None where the model was not tried in it."""
    return next((item for item in model.cohorts if item.cohort == cohort), None)


def cohort_counts(item: CohortPerformance) -> str:
    """``n = 120, 48 events``."""
    return f"n = {len(item.outcome)}, {plural(int(item.outcome.sum()), 'event')}"


def main_model(contents: ReportContents) -> ModelResult | None:
    """Model the paper is about: the one called Nomogram, else the last."""
    if not contents.models:
        return None
    return next((model for model in contents.models if model.name.lower().startswith("nomogram")), contents.models[-1])


def radscore_model(contents: ReportContents) -> ModelResult | None:
    """Rad-score alone: the model named so, else the chosen scenario's."""
    for model in contents.models:
        if model.name.lower().startswith("rad-score"):
            return model
    return next((scenario.result for scenario in contents.scenarios if scenario.chosen), None)


def mirrored_histogram(axes: Axes, item: CohortPerformance, n_bins: int) -> int:
    """Predictions of the patients with the event upward, of those without downward; returns the tallest bar's count."""
    edges = np.linspace(0, 1, n_bins + 1)
    middle, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    with_event = np.histogram(item.probability[item.outcome == 1], edges)[0]
    without = np.histogram(item.probability[item.outcome == 0], edges)[0]
    axes.bar(middle, with_event, width, color=OUTCOME_COLOURS[1], edgecolor="white", linewidth=0.3)
    axes.bar(middle, -without, width, color=OUTCOME_COLOURS[0], edgecolor="white", linewidth=0.3)
    axes.axhline(0, color=INK, linewidth=0.5)
    tallest = max(1, int(max(with_event.max(), without.max())))
    axes.set_yticks([-tallest, 0, tallest], [str(tallest), "0", str(tallest)])
    return tallest


def head_mm(n_lines: int) -> float:
    """Room above a panel for its title and some lines beneath the title."""
    return 6.5 + 3.0 * n_lines


def foot_mm(entries: Sequence[Sequence[str]]) -> float:
    """Room beneath panels for axis labels and the longest of their legends, the title of the legend included."""
    return 16.5 + 3.25 * max((sum(1 + entry.count("\n") for entry in legend) for legend in entries), default=0)


def panel_title(axes: Axes, name: str, lines: Sequence[str]) -> None:
    """Bold name over plain lines, all above the panel, so that no number covers a curve."""
    axes.set_title(name, pad=4.5 + 8.3 * len(lines))
    axes.annotate(
        "\n".join(lines), (0, 1), xytext=(0, 3), xycoords="axes fraction", textcoords="offset points", va="bottom",
        fontsize=6.2, linespacing=1.25,
    )  # fmt: skip


def legend_entry(label: str, panel_mm: float) -> str:
    """Legend text broken over lines where it is wider than the panel."""
    return fit_lines(label, panel_mm - 9, 6.5, max_lines=3)


def legend_beneath(axes: Axes, entries: Sequence[str], *, title: str) -> None:
    """Legend under a panel, where it can hide no curve."""
    handles = axes.get_legend_handles_labels()[0]
    figure = axes.get_figure(root=True)
    assert figure is not None
    below = ScaledTranslation(-2 / 72, -27 / 72, figure.dpi_scale_trans)
    legend = axes.legend(
        handles, list(entries), loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=axes.transAxes + below,
        title=title, borderaxespad=0.0, handletextpad=0.6, labelspacing=0.35,
    )  # fmt: skip
    legend.set_alignment("left")
    legend.get_title().set_color(GREY)
