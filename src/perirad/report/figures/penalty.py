"""Path of the penalised regression, and the cross-validation that chose the penalty."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.arrays import FloatArray
from perirad.report.contents import ReportContents
from perirad.report.figures.curves import foot_mm, head_mm, legend_beneath, legend_entry, panel_title
from perirad.report.insight import PenaltyPath
from perirad.report.style import GREY, INK, look, mark_kind, panel_width_mm, panels, styled

__all__ = ["penalty"]

_NAMED = 5
_MEASURES = {"deviance": "Binomial deviance", "auc": "AUC", "class": "Misclassified share", "mse": "Squared error"}


@styled
def penalty(contents: ReportContents) -> Figure:
    """Left: coefficient of each feature against the penalty; right: the cross-validated measure."""
    path = contents.insight.path
    assert path is not None
    named = np.argsort(-np.abs(path.coefficients[path.index]), kind="stable")[:_NAMED]
    named = named[path.coefficients[path.index][named] != 0.0]
    width_mm = panel_width_mm(2)
    entries = [legend_entry(path.columns[j], width_mm) for j in named]
    made = panels(2, head_mm=head_mm(1), foot_mm=foot_mm([entries]))
    _paths(made.tops[0], path, named.tolist())
    if entries:
        legend_beneath(made.tops[0], entries, title="Largest at the chosen penalty")
    _measure(made.tops[1], path)
    other = [_other(path)] if _other(path) else []
    legend_beneath(
        made.tops[1], [f"Chosen penalty ({path.rule})", *other, "Mean ± 1 standard error"], title=""
    )  # fmt: skip
    return mark_kind(made.figure, contents)


def _axis(axes: Axes, path: PenaltyPath) -> FloatArray:
    """Logarithm of the penalty, the strongest at the left; above, the number of features."""
    x = np.log10(path.lambdas)
    axes.set_xlim(float(x.max()) + 0.02, float(x.min()) - 0.02)
    axes.set_xlabel("log₁₀ λ; above: number of features")
    spots = np.unique(np.linspace(0, len(x) - 1, 6).round().astype(int))
    for at in spots:
        axes.annotate(
            str(int(path.n_nonzero[at])), (float(x[at]), 1), xycoords=("data", "axes fraction"), xytext=(0, 2),
            textcoords="offset points", ha="center", va="bottom", fontsize=6, color=GREY,
        )  # fmt: skip
    return x


def _paths(axes: Axes, path: PenaltyPath, named: list[int]) -> None:
    x = _axis(axes, path)
    for j in range(len(path.columns)):
        if j not in named:
            axes.plot(x, path.coefficients[:, j], color="#c3c8ce", linewidth=0.5, zorder=1, label="_other")
    for rank, j in enumerate(named):
        style = look(rank)
        axes.plot(
            x,
            path.coefficients[:, j],
            color=style.colour,
            linestyle=style.dash,
            linewidth=1.1,
            zorder=3,
            label=str(rank),
        )
    axes.axvline(float(x[path.index]), color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=2)
    axes.axhline(0, color=INK, linewidth=0.5)
    axes.set_ylabel("Standardised coefficient")
    panel_title(axes, "Coefficients", [""])


def _other(path: PenaltyPath) -> str:
    """The penalty that the other rule would have chosen; empty where both agree."""
    return "" if path.index_min == path.index_1se else ("λ.1se" if path.index == path.index_min else "λ.min")


def _measure(axes: Axes, path: PenaltyPath) -> None:
    x = _axis(axes, path)
    axes.errorbar(
        x,
        path.cv_mean,
        yerr=path.cv_se,
        fmt="o",
        color="#12355b",
        markersize=2,
        elinewidth=0.6,
        capsize=1.2,
        label="mean",
    )
    axes.axvline(float(x[path.index]), color=INK, linewidth=0.8, linestyle=(0, (4, 2)), label="chosen")
    other = path.index_1se if path.index == path.index_min else path.index_min
    if _other(path):
        axes.axvline(float(x[other]), color=GREY, linewidth=0.8, linestyle=(0, (1, 1.5)), label="other")
    axes.set_ylabel(_MEASURES.get(path.measure, path.measure))
    panel_title(axes, "Cross-validation", [""])
