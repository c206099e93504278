"""How much of each region was lost."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from perirad.report.contents import ReportContents, RingLoss
from perirad.report.lengths import Lengths
from perirad.report.style import GREY, SINGLE_MM, mark_kind, new_figure, styled

__all__ = ["ring_loss"]


@styled
def ring_loss(contents: ReportContents) -> Figure:
    """Median, upper quartile and maximum of the share of each region that was lost."""
    losses = contents.ring_losses
    row_mm = 11 if contents.lengths.assumed else 8
    height_mm = 25 + row_mm * max(1, len(losses))
    figure = new_figure(SINGLE_MM, height_mm)
    axes = figure.add_axes((27 / SINGLE_MM, 13 / height_mm, (SINGLE_MM - 31) / SINGLE_MM, 1 - 21.5 / height_mm))
    rows = np.arange(len(losses))
    for row, loss in zip(rows, losses, strict=True):
        axes.plot([0, 100 * loss.maximum], [row, row], color="#9fb4c7", linewidth=1.0, solid_capstyle="butt", zorder=1)
        axes.plot(
            [0, 100 * loss.upper_quartile], [row, row], color="#12355b", linewidth=4, solid_capstyle="butt", zorder=2
        )
        axes.plot(100 * loss.maximum, row, "|", color="#12355b", markersize=7)
        axes.plot(100 * loss.median, row, "D", color="#ffb000", markeredgecolor="#12355b", markersize=4.2, zorder=3)
    limit = 100 * losses[0].limit if losses else 30.0
    axes.axvline(limit, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0)
    axes.set_yticks(rows, [_name(loss, contents.lengths) for loss in losses])
    top = max([35.0, *(100 * loss.maximum for loss in losses if np.isfinite(loss.maximum))])
    axes.set(xlim=(-0.01 * top, 1.04 * top), ylim=(len(losses) - 0.4, -0.6), xlabel="Share lost (%)")
    axes.set_title(
        "diamond: median;  bar: to upper quartile;\nline: to maximum;  dashed: limit", fontsize=6, fontweight="normal"
    )
    return mark_kind(figure, contents)


def _name(loss: RingLoss, lengths: Lengths) -> str:
    """Region, its width where it is one in pixels, and how many images lost too much of it."""
    lines = [loss.region]
    if width := lengths.width(loss.region):
        where = f"in {lengths.counts}" if lengths.mixed else f"(assumed {lengths.assumed_mm:g} mm)"
        lines = [f"{loss.region}: {width}", where]
    region = "\n".join(lines)
    return f"{region}\n{loss.n_flagged}/{loss.n_cases} above {100 * loss.limit:.0f}%"
