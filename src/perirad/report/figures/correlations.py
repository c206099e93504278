"""Heat map of the correlations among the selected features, in groups of similar ones."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from perirad.report.contents import ReportContents
from perirad.report.style import DOUBLE_MM, GREY, INK, fit_lines, mark_kind, new_figure, styled
from perirad.report.text import decimal

__all__ = ["correlations"]

_NAME_MM, _LEAST_MM, _MOST_MM = 72.0, 2.2, 6.0
_SIDE_MM = 86.0


@styled
def correlations(contents: ReportContents) -> Figure:
    """Spearman's rho of each pair; blue negative (with a stroke), red positive; frames hold a cluster."""
    found = contents.insight.correlations
    assert found is not None
    n = len(found.columns)
    cell = min(_MOST_MM, max(_LEAST_MM, _SIDE_MM / n))
    side = cell * n
    height = side + 10 + 12
    figure = new_figure(DOUBLE_MM, height)
    axes = figure.add_axes((_NAME_MM / DOUBLE_MM, 10 / height, side / DOUBLE_MM, side / height))
    picture = axes.imshow(found.matrix, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    size = min(6.2, max(3.6, cell * 2.1))
    names = [
        fit_lines(f"{at}  {name}", _NAME_MM - 4, size, max_lines=1) for at, name in enumerate(found.columns, start=1)
    ]
    axes.set_yticks(range(n), names, fontsize=size)
    axes.set_xticks(range(n), [str(at) for at in range(1, n + 1)], fontsize=min(size, 5.5 if n > 25 else size))
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _cells(axes, found.matrix, cell)
    _frames(axes, found.clusters)
    bar = figure.add_axes(((_NAME_MM + side + 5) / DOUBLE_MM, 10 / height, 3 / DOUBLE_MM, min(40.0, side) / height))
    figure.colorbar(picture, cax=bar, ticks=[-1, -0.5, 0, 0.5, 1])
    bar.tick_params(labelsize=6)
    bar.set_title("ρ", fontsize=7, loc="center")
    pairs = np.abs(found.matrix[np.triu_indices(n, 1)])
    groups = len(set(found.clusters.tolist()))
    said = f"{groups} groups at |ρ| > {1 - found.cut:g}; largest |ρ| {decimal(float(pairs.max()))}"
    figure.text(2 / DOUBLE_MM, 1 - 4.5 / height, "Correlation of the selected features", fontsize=8, weight="bold")
    figure.text(2 / DOUBLE_MM, 1 - 8 / height, f"training patients; {said}", fontsize=6.2, color=GREY)
    return mark_kind(figure, contents)


def _cells(axes: Axes, matrix: np.ndarray, cell_mm: float) -> None:
    """Numbers where there is room, else a stroke in negative cells: grey prints keep the sign."""
    n = len(matrix)
    for i in range(n):
        for j in range(n):
            value = float(matrix[i, j])
            ink = "white" if abs(value) > 0.6 else INK
            if cell_mm >= 5.5 and i != j:
                axes.text(j, i, decimal(value, 1), ha="center", va="center", fontsize=4.6, color=ink)
            elif value < -0.15:
                axes.plot([j - 0.25, j + 0.25], [i, i], color=ink, linewidth=0.5)
    axes.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))


def _frames(axes: Axes, clusters: np.ndarray) -> None:
    start = 0
    for at in range(1, len(clusters) + 1):
        if at == len(clusters) or clusters[at] != clusters[start]:
            if at - start > 1:
                axes.add_patch(
                    Rectangle(
                        (start - 0.5, start - 0.5), at - start, at - start, fill=False, edgecolor=INK, linewidth=1.2
                    )
                )
            start = at
