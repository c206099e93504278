"""Forest plot: the AUC of the main model in subgroups and centres."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.report.contents import ReportContents
from perirad.report.insight import Subgroup
from perirad.report.style import DOUBLE_MM, GREY, INK, fit_lines, mark_kind, mm_canvas, styled
from perirad.report.text import DASH, auc_text, cohort_label, decimal

__all__ = ["forest", "forest_cohort"]

_ROW_MM, _HEAD_MM, _FOOT_MM = 4.3, 15.0, 13.0
_NAME_X, _COUNT_X, _LEFT, _RIGHT, _TEXT_X = 3.0, 62.0, 84.0, 142.0, 146.0
_LOW = 0.4


def forest_cohort(contents: ReportContents) -> str:
    """Cohort that is shown: the first beside training, else training."""
    cohorts = list(dict.fromkeys(item.cohort for item in contents.insight.subgroups))
    return next((name for name in cohorts if name != "train"), cohorts[0] if cohorts else "")


@styled
def forest(contents: ReportContents) -> Figure:
    """A line for each subgroup: patients, events, AUC with DeLong's interval; the dashed line is that of all."""
    cohort = forest_cohort(contents)
    groups = [item for item in contents.insight.subgroups if item.cohort == cohort and item.n]
    n_heads = len({item.variable for item in groups}) - 1
    height = _HEAD_MM + _FOOT_MM + _ROW_MM * (len(groups) + n_heads)
    figure, axes = mm_canvas(DOUBLE_MM, height)
    y = height - _HEAD_MM
    axes.text(
        _NAME_X, y + 8.5, f"{cohort_label(cohort)} cohort: AUC of the model by subgroup", fontsize=8, weight="bold"
    )
    for x, word, side in (
        (_NAME_X, "Subgroup", "left"),
        (_COUNT_X, "Patients (events)", "center"),
        (_TEXT_X, "AUC (95% CI)", "left"),
    ):
        axes.text(x, y + 3.2, word, fontsize=6.5, weight="bold", ha=side)
    axes.plot([_NAME_X, DOUBLE_MM - 3], [y + 2, y + 2], color=INK, linewidth=0.6)
    whole = next((item.auc for item in groups if item.variable == "All"), None)
    bottom = _FOOT_MM - 1
    if whole is not None:
        axes.plot([_x(whole.estimate)] * 2, [bottom, y + 1], color=GREY, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0)
    _scale(axes, bottom)
    last = "All"
    for item in groups:
        if item.variable != last:
            y -= _ROW_MM
            axes.text(
                _NAME_X,
                y,
                fit_lines(item.variable, 48, 6.5, weight="bold", max_lines=1),
                fontsize=6.5,
                weight="bold",
                va="center",
            )
            last = item.variable
        y -= _ROW_MM
        _row(axes, y, item)
    return mark_kind(figure, contents)


def _x(auc: float) -> float:
    return _LEFT + (min(max(auc, _LOW), 1.0) - _LOW) / (1.0 - _LOW) * (_RIGHT - _LEFT)


def _scale(axes: Axes, y: float) -> None:
    axes.plot([_LEFT, _RIGHT], [y, y], color=INK, linewidth=0.6)
    for value in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        axes.plot([_x(value)] * 2, [y, y - 1], color=INK, linewidth=0.6)
        axes.text(_x(value), y - 1.6, f"{value:.1f}", ha="center", va="top", fontsize=6)
    axes.text((_LEFT + _RIGHT) / 2, y - 7.2, "AUC", ha="center", fontsize=6.5)


def _row(axes: Axes, y: float, item: Subgroup) -> None:
    whole = item.variable == "All"
    indent = 0 if whole else 3
    axes.text(_NAME_X + indent, y, fit_lines(item.group, 44, 6.5, max_lines=1), fontsize=6.5, va="center")
    axes.text(_COUNT_X, y, f"{item.n} ({item.n_events})", fontsize=6.5, ha="center", va="center")
    if item.auc is None:
        axes.text(_TEXT_X, y, f"{DASH} too few", fontsize=6.5, va="center", color=GREY)
        return
    auc = item.auc
    low, high = _x(auc.lower), _x(auc.upper)
    exact = auc.lower == auc.upper
    if not exact:
        axes.plot([low, high], [y, y], color=INK, linewidth=0.9)
    if auc.lower < _LOW:
        axes.plot([low], [y], marker="<", color=INK, markersize=3.5)
    axes.plot([_x(auc.estimate)], [y], marker="D" if whole else "s", color="#12355b", markersize=4.6 if whole else 3.6)
    said = f"{decimal(auc.estimate)} (complete separation)" if exact else auc_text(auc)
    axes.text(_TEXT_X, y, said, fontsize=6.5 if not exact else 5.6, va="center")
