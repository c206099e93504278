"""Distribution of every model's predictions, by outcome and cohort."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from perirad.report.contents import CohortPerformance, ModelResult, ReportContents
from perirad.report.figures.curves import cohort_names, head_mm, mirrored_histogram, panel_title, shown_in
from perirad.report.style import INK, OUTCOME_COLOURS, fit_lines, mark_kind, panel_width_mm, panels, styled
from perirad.report.text import cohort_label

__all__ = ["predictions"]


@styled
def predictions(contents: ReportContents) -> Figure:
    """Histograms of the predicted risk, the event upward and the others downward: models across, cohorts down."""
    cohorts = cohort_names(contents.models)
    n_columns = len(contents.models)
    places = [(model, shown_in(model, cohort)) for cohort in cohorts for model in contents.models]
    width_mm = panel_width_mm(n_columns)
    foot = 22.0 if contents.column == "single" else 15.5 if len(cohorts) > 1 else 18.0
    made = panels(n_columns, n_rows=len(cohorts), head_mm=head_mm(1) + 1, foot_mm=foot, ratio=min(0.8, 30 / width_mm))
    for axes, (model, item) in zip(made.tops, places, strict=True):
        if item is None:
            axes.set_axis_off()
        else:
            _panel(axes, item, model, width_mm)
    for at, axes in enumerate(made.tops):
        if at % n_columns == 0 or contents.column == "single":
            axes.set_ylabel("Patients")
    handles = [
        Patch(facecolor=OUTCOME_COLOURS[1], label=f"upward: {fit_lines(contents.event_label, 34, 6.5, max_lines=1)}"),
        Patch(
            facecolor=OUTCOME_COLOURS[0], label=f"downward: {fit_lines(contents.nonevent_label, 34, 6.5, max_lines=1)}"
        ),
    ]
    spot = (0.01, 1.2 / (made.figure.get_figheight() * 25.4))
    made.figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=spot, ncols=1 if contents.column == "single" else 2
    )
    return mark_kind(made.figure, contents)


def _panel(axes: Axes, item: CohortPerformance, model: ModelResult, room_mm: float) -> None:
    tallest = mirrored_histogram(axes, item, 20)
    axes.axvline(model.cutoff, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set(xlim=(0, 1), ylim=(-1.12 * tallest, 1.12 * tallest), xlabel="Predicted risk")
    panel_title(
        axes, fit_lines(model.name, room_mm, 8, weight="bold", max_lines=1),
        [f"{cohort_label(item.cohort)}; dashed: cut-off"],
    )  # fmt: skip
