"""How the features dwindled: after each step of the selection, and by family."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from perirad.report.contents import ReportContents
from perirad.report.style import DOUBLE_MM, INK, REGION_COLOURS, fit_lines, look, mark_kind, new_figure, styled

__all__ = ["feature_counts"]

_HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++")


@styled
def feature_counts(contents: ReportContents) -> Figure:
    """Left: features left by each step, a line for each scenario; right: those selected, by family and region."""
    counts = contents.insight.counts
    families: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    if counts is not None:
        for row in counts.rows:
            families[row.family][row.region][0] += row.left[0]
            families[row.family][row.region][1] += row.left[-1]
    n_rows = max(7, len(families))
    body = 5.2 * n_rows + 6
    height = body + 12 + 24
    figure = new_figure(DOUBLE_MM, height)
    steps = figure.add_axes((30 / DOUBLE_MM, 24 / height, 56 / DOUBLE_MM, body / height))
    _steps(steps, contents)
    if families:
        right = figure.add_axes((116 / DOUBLE_MM, 24 / height, 55 / DOUBLE_MM, body / height))
        _families(right, families)
        regions = list(dict.fromkeys(region for found in families.values() for region in found))
        right.legend(loc="upper left", bbox_to_anchor=(0, -10 / body), ncols=min(4, len(regions)), borderaxespad=0.0)
    return mark_kind(figure, contents)


def _steps(axes: Axes, contents: ReportContents) -> None:
    names = [*(name for name, _ in contents.scenarios[0].steps), "Selected"]
    y = np.arange(len(names))
    for rank, item in enumerate(contents.scenarios):
        style = look(rank)
        left = np.array([*(count for _, count in item.steps), item.n_selected], dtype=float)
        axes.plot(
            np.maximum(left, 0.5), y, color=style.colour, linestyle=style.dash, marker=style.marker, markersize=3,
            label=f"{item.name}{' (chosen)' if item.chosen else ''}", linewidth=1.6 if item.chosen else 0.9,
        )  # fmt: skip
        if item.chosen:
            for count, at in zip(left, y, strict=True):
                axes.annotate(
                    f"{count:g}", (max(count, 0.5), at), xytext=(6, 4), textcoords="offset points", fontsize=6
                )
    axes.set_xscale("log")
    most = max(count for item in contents.scenarios for _, count in item.steps)
    ticks = [tick for tick in (1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000) if tick <= 3 * most]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(0.7, 2.5 * most)
    axes.set_yticks(y, [fit_lines(name, 25, 6.2) for name in names], fontsize=6.2)
    axes.set(ylim=(len(names) - 0.6, -0.5), xlabel="Features left (logarithmic)")
    axes.grid(axis="x", color="#ececec", linewidth=0.5)
    axes.set_title("After each step", pad=5)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.35, -0.26), ncols=2, borderaxespad=0.0, columnspacing=1.0)


def _families(axes: Axes, families: dict[str, dict[str, list[int]]]) -> None:
    names = sorted(families, key=lambda name: -sum(found[1] for found in families[name].values()))
    regions = list(dict.fromkeys(region for found in families.values() for region in found))
    y = np.arange(len(names))
    start = np.zeros(len(names))
    for rank, region in enumerate(regions):
        taken = np.array([families[name][region][1] for name in names], dtype=float)
        axes.barh(
            y, taken, 0.64, left=start, color=REGION_COLOURS.get(region, look(rank).colour), label=region,
            hatch=_HATCHES[rank % len(_HATCHES)], edgecolor=INK, linewidth=0.4,
        )  # fmt: skip
        start += taken
    for at, name in enumerate(names):
        offered = sum(found[0] for found in families[name].values())
        axes.annotate(
            f"{int(start[at])} of {offered}",
            (start[at], at),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=6,
        )
    axes.set_yticks(y, [fit_lines(name, 24, 6.2) for name in names], fontsize=6.2)
    axes.set(ylim=(len(names) - 0.4, -0.6), xlim=(0, max(1.0, float(start.max())) * 1.3))
    axes.set_xlabel("Selected features (of those offered)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title("By family and region", pad=5)
