"""Instability: how far each training patient's risk moves from one bootstrap model to the next."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.report.contents import ReportContents
from perirad.report.figures.curves import foot_mm, head_mm, panel_title
from perirad.report.style import GREY, INK, mark_kind, panels, styled
from perirad.report.text import decimal
from perirad.validation.instability import Instability

__all__ = ["instability"]


@styled
def instability(contents: ReportContents) -> Figure:
    """Range of each training patient's risk over the resamples, and how often a patient changes sides of the cut-off.

    Riley, Collins 2023, doi:10.1002/bimj.202200302.
    """
    spread = contents.instability
    made = panels(2, head_mm=head_mm(1), foot_mm=foot_mm([[]]))
    if spread is not None:
        _ranges(made.tops[0], spread)
        _sides(made.tops[1], spread)
    return mark_kind(made.figure, contents)


def _ranges(axes: Axes, spread: Instability) -> None:
    order = np.argsort(spread.original, kind="stable")
    risk = spread.original[order]
    axes.vlines(risk, spread.lower[order], spread.upper[order], color="#9db7cf", linewidth=0.7, zorder=1)
    axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=2)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="Risk by the model", ylabel="Risk by models of resamples (95%)")
    panel_title(axes, "Risk", [f"Mean absolute change {decimal(spread.mean_mape, 3)}; {spread.n_models} resamples"])


def _sides(axes: Axes, spread: Instability) -> None:
    known = np.isfinite(spread.flipped)
    axes.scatter(spread.original[known], spread.flipped[known], s=6, color="#12355b", linewidths=0, alpha=0.7, zorder=2)
    axes.axhline(0.5, color=GREY, linewidth=0.6, linestyle=(0, (1, 1)), zorder=1)
    axes.set(xlim=(0, 1), ylim=(-0.02, 1.02), xlabel="Risk by the model", ylabel="Resamples that change the side")
    often = float(np.mean(spread.flipped[known] > 0.1)) if known.any() else float("nan")
    panel_title(axes, "Side of the cut-off", [f"Above 10% in {decimal(100 * often, 0)}% of the patients"])
