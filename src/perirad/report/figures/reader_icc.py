"""Agreement of two readers: intraclass correlation of every feature, ordered."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from perirad.report.contents import ReportContents
from perirad.report.figures.curves import foot_mm, head_mm, legend_beneath, legend_entry, panel_title
from perirad.report.style import INK, look, mark_kind, panel_width_mm, panels, styled

__all__ = ["reader_icc"]


@styled
def reader_icc(contents: ReportContents) -> Figure:
    """A curve for each region: features from the least to the best agreement; the dashed line is the limit."""
    found = contents.agreement
    width_mm = panel_width_mm(1)
    limit = found[0].limit
    entries = [
        legend_entry(
            f"{item.region}: {int((item.correlations >= limit).sum())} of {item.n_features} features reach it", width_mm
        )
        for item in found
    ]
    made = panels(1, head_mm=head_mm(1), foot_mm=foot_mm([entries]), ratio=0.8)
    axes = made.tops[0]
    for rank, item in enumerate(found):
        style = look(rank)
        ordered = np.sort(item.correlations)
        share = 100 * np.arange(1, ordered.size + 1) / max(1, ordered.size)
        axes.plot(share, ordered, color=style.colour, linestyle=style.dash, label=item.region)
    axes.axhline(limit, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    lowest = min((float(item.correlations.min()) for item in found if item.correlations.size), default=0.0)
    axes.set(
        xlim=(0, 100),
        ylim=(min(0.0, max(-0.5, lowest)), 1.02),
        xlabel="Features, least reliable first (%)",
        ylabel="Intraclass correlation",
    )
    panel_title(
        axes, "Agreement between two readers", [f"{found[0].n_cases} cases read twice; dashed: limit {limit:g}"]
    )
    legend_beneath(axes, entries, title="")
    return mark_kind(made.figure, contents)
