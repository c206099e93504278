"""The way of the data through the study, with its numbers."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from perirad.report.contents import ReportContents
from perirad.report.figures.curves import main_model
from perirad.report.style import DOUBLE_MM, INK, fit_lines, mark_kind, mm_canvas, styled, text_size_mm
from perirad.report.text import cohort_label, decimal, listed, plural

__all__ = ["workflow", "workflow_steps"]

_GAP_MM, _PAD_MM, _ACROSS = 5.0, 2.0, 4


def workflow_steps(contents: ReportContents) -> list[tuple[str, list[str]]]:
    """Name of each step, and lines that say with which numbers it was done."""
    steps: list[tuple[str, list[str]]] = []
    n_cases = sum(item.n_cases for item in contents.cohorts)
    n_patients = sum(item.n_patients for item in contents.cohorts)
    if contents.images:
        sources = [f"{name} {count}" for name, count in contents.calibrations.items()]
        steps.append(
            (
                "Images",
                [f"{plural(n_cases, 'image')} of {plural(n_patients, 'patient')}", "pixel spacing: " + listed(sources)],
            )
        )
        rings = [item.region for item in contents.ring_losses]
        steps.append(("Regions", ["lesion I, outlined by a reader", f"{listed(rings)} made from it"]))
    else:
        steps.append(
            (
                "Patients",
                [
                    plural(n_patients, "patient"),
                    "features from a table" if contents.scenarios else "clinical variables",
                ],
            )
        )
    if contents.scenarios:
        most = max(contents.scenarios, key=lambda item: item.steps[0][1])
        chosen = next(item for item in contents.scenarios if item.chosen)
        regions = chosen.name.count("+") + 1
        per = f"{chosen.steps[0][1] // regions} of each region" if contents.images else ""
        steps.append(("Features", [line for line in (per, f"up to {most.steps[0][1]} in {most.name}") if line]))
        path = " → ".join(str(count) for _, count in chosen.steps)
        steps.append(("Selection", ["in training patients alone", f"{chosen.name}: {path} → {chosen.n_selected}"]))
        several = len(contents.scenarios)
        tried = f"{several} scenarios, {chosen.name} chosen by cross-validation" if several > 1 else chosen.name
        steps.append(("Rad-score", [tried, f"mean AUC of the folds {decimal(chosen.cv_auc)}"]))
    if contents.nomogram is not None:
        steps.append(
            (
                "Nomogram",
                [listed([axis.variable.label for axis in contents.nomogram.axes]), "learnt in training, then frozen"],
            )
        )
    model = main_model(contents)
    if model is not None:
        lines = [f"{cohort_label(item.cohort)}: AUC {decimal(item.auc.estimate)}" for item in model.cohorts]
        if contents.internal is not None:
            lines.append(f"{plural(contents.internal.n_resamples, 'resample')} of the whole selection")
        steps.append(("Validation", lines))
    return steps


@styled
def workflow(contents: ReportContents) -> Figure:
    """Boxes in reading order, four across."""
    steps = workflow_steps(contents)
    across = min(_ACROSS, len(steps))
    width = (DOUBLE_MM - 6 - (across - 1) * _GAP_MM) / across
    texts = ["\n".join(fit_lines(line, width - 2 * _PAD_MM, 6.3, max_lines=4) for line in lines) for _, lines in steps]
    heights = [text_size_mm(text, 6.3)[1] * 1.12 + 2 * _PAD_MM + 5.5 for text in texts]
    rows = [range(start, min(start + across, len(steps))) for start in range(0, len(steps), across)]
    tall = [max(heights[k] for k in row) for row in rows]
    total = sum(tall) + _GAP_MM * 1.4 * (len(rows) - 1) + 8
    figure, axes = mm_canvas(DOUBLE_MM, total)
    y = total - 3
    for row, height in zip(rows, tall, strict=True):
        for place, k in enumerate(row):
            x = 3 + place * (width + _GAP_MM)
            axes.add_patch(Rectangle((x, y - height), width, height, facecolor="#f4f7fa", edgecolor=INK, linewidth=0.8))
            axes.text(x + _PAD_MM, y - 2.2, f"{k + 1}  {steps[k][0]}", weight="bold", fontsize=7.5, va="top")
            axes.text(x + _PAD_MM, y - 7.2, texts[k], fontsize=6.3, va="top", linespacing=1.3)
            if place + 1 < len(row):
                _arrow(axes, (x + width, y - height / 2), (x + width + _GAP_MM, y - height / 2))
            elif k + 1 < len(steps):
                below = y - height - 0.7 * _GAP_MM
                last, first = x + width / 2, 3 + width / 2
                axes.plot([last, last, first], [y - height, below, below], color=INK, linewidth=0.8)
                _arrow(axes, (first, below), (first, y - height - 1.4 * _GAP_MM))
        y -= height + 1.4 * _GAP_MM
    return mark_kind(figure, contents)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    patch = FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=6, linewidth=0.8, color=INK, shrinkA=0, shrinkB=0
    )
    axes.add_patch(patch)
