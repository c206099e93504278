"""The nomogram with sliders: points of each value, total points, and the risk with its interval."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from nicegui import ui

from perirad.errors import InputError, StudyError
from perirad.nomogram.records import NomogramAxis
from perirad.study.model import Model
from perirad.workbench.bench import Bench, alarm
from perirad.workbench.dials import Value, axes_of, dial, start_values, values_of_case
from perirad.workbench.nomogram_chart import nomogram_chart
from perirad.workbench.outcomes import one_line, read_model
from perirad.workbench.pages.result_tabs import note, trouble
from perirad.workbench.svg import number

__all__ = ["nomogram"]

_STYLE = """
.perirad-dials { display: grid; grid-template-columns: minmax(16rem, 22rem) minmax(0, 1fr); gap: 1.5rem; width: 100%; }
.perirad-risk { font-size: 1.5rem; font-weight: 700; line-height: 1.3; }
@media (max-width: 60rem) { .perirad-dials { grid-template-columns: minmax(0, 1fr); } }
"""


def nomogram(bench: Bench, folder: Path) -> None:
    """Draw the tab."""
    words = bench.words
    try:
        model = read_model(folder)
    except InputError as error:
        trouble(bench, error)
        return
    if not axes_of(model):
        note(words("no_nomogram"))
        return
    ui.add_css(_STYLE)
    values = start_values(model)
    with ui.element("div").classes("perirad-dials"):
        side = ui.column().classes("w-full gap-2")
        with ui.column().classes("w-full gap-2"):
            out = ui.column().classes("w-full gap-1").props('role="status" id="dial-out"')
            chart = ui.html("", sanitize=False).classes("w-full").props('id="dial-chart"')
            table = ui.html("", sanitize=False).classes("w-full")

    def draw() -> None:
        _read(bench, model, values, out, chart, table)

    with side:
        fields = {axis.variable.name: _control(bench, model, axis, values, draw) for axis in axes_of(model)}
        _of_case(bench, model, folder, fields)
    draw()


def _label(bench: Bench, axis: NomogramAxis) -> str:
    variable = axis.variable
    label = bench.words("radscore_name") if variable.name == "radscore" else variable.label
    return f"{label} ({variable.unit})" if variable.unit else label


def _control(bench: Bench, model: Model, axis: NomogramAxis, values: dict[str, Value], draw: Any) -> Any:
    """A slider beside a field for a number, a choice for a category; gives what can be set from elsewhere."""
    name, label = axis.variable.name, _label(bench, axis)
    if axis.variable.levels:

        def choose(event: Any) -> None:
            values[name] = str(event.value)
            draw()

        ui.label(label).classes("text-weight-medium")
        group = ui.radio(list(axis.variable.levels), value=values[name], on_change=choose).props("inline dense")
        return group.props(f'data-dial="{escape(name)}" aria-label="{escape(label)}"')
    low, high = float(axis.values[0]), float(axis.values[-1])
    first = float(values[name])
    field = ui.number(label, value=first).props(f'dense for="dial-{escape(name)}"').classes("w-full")
    slider = ui.slider(min=low, max=high, step=(high - low) / 400, value=first)
    slider.props(f'aria-label="{escape(label)}" data-slider="{escape(name)}"')

    def typed(event: Any) -> None:
        if event.value is None:
            return
        values[name] = float(event.value)
        slider.set_value(min(max(float(event.value), low), high))
        draw()

    def slid(event: Any) -> None:
        if abs(float(event.value) - min(max(float(values[name]), low), high)) > 1e-12:  # else it was typed
            field.set_value(float(f"{event.value:.4g}"))

    field.on_value_change(typed)
    slider.on_value_change(slid)
    if seen := model.file.training.ranges.get(name):
        ui.label(bench.words("training_range", low=number(seen[0]), high=number(seen[1]))).classes("perirad-faint")
    return field


def _read(bench: Bench, model: Model, values: dict[str, Value], out: Any, chart: Any, table: Any) -> None:
    words, record = bench.words, model.nomogram
    assert record is not None, "the page has a nomogram"
    try:
        read = dial(model, values)
    except InputError as error:
        out.clear()
        with out:
            note(one_line(error))
        return
    event = model.file.outcome.event_label
    out.clear()
    with out:
        risk = words("risk", event=event, percent=f"{100 * read.risk:.1f}")
        ui.label(risk).classes("perirad-risk").props(
            f'id="dial-risk" data-risk="{read.risk!r}" data-lower="{read.lower!r}" data-upper="{read.upper!r}"'
            f' data-total="{read.total!r}"'
        )
        side = "positive" if read.positive else "negative"
        said = words("interval", low=f"{100 * read.lower:.1f}", high=f"{100 * read.upper:.1f}")
        ui.label(f"{said}; {words(side, percent=f'{100 * read.cutoff:.1f}')}")
        for name, (low, high) in read.outside.items():
            axis = next(axis for axis in record.axes if axis.variable.name == name)
            note(words("outside_range", name=_label(bench, axis), low=number(low), high=number(high)))
    names = {axis.variable.name: _label(bench, axis) for axis in record.axes}
    names |= {"points": words("axis_points"), "total": words("axis_total"), "risk": words("axis_risk")}
    title = f"{words('tab_nomogram')}: {risk}, {said}"
    chart.set_content(nomogram_chart(record, read, values, names, title=title))
    rows = "".join(
        f'<tr><th scope="row">{escape(names[name])}</th><td class="n">{escape(_shown(values[name]))}</td>'
        f'<td class="n">{points:.1f}</td></tr>'
        for name, points in read.points.items()
    )
    table.set_content(
        f'<table class="perirad-grid" id="dial-table"><thead><tr><th scope="col">{words("col_variable")}</th>'
        f'<th class="n" scope="col">{words("col_value")}</th><th class="n" scope="col">{words("axis_points")}</th></tr>'
        f'</thead><tbody>{rows}<tr class="chosen"><th scope="row">{words("axis_total")}</th><td></td>'
        f'<td class="n">{read.total:.1f}</td></tr></tbody></table>'
    )


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else number(value)


def _of_case(bench: Bench, model: Model, folder: Path, fields: dict[str, Any]) -> None:
    """Take the values of a patient of the study, so that the page shows what the run predicted."""
    words, desk = bench.words, bench.desk
    assert desk is not None, "the page shows a study"
    try:
        frame = pd.read_csv(folder / "predictions.csv", dtype={"case_id": str}, usecols=["case_id", "radscore"])
        scores = dict(zip(frame["case_id"], frame["radscore"].astype(float), strict=True))
    except (OSError, ValueError):
        return  # without predictions there are no patients to take values of; the sliders work all the same

    def take(event: Any) -> None:
        if event.value not in scores:
            return
        try:
            row = next((row for row in desk.rows() if row.case_id == event.value), None)
            if row is None:
                raise InputError("a case must be in the table of the study", repr(event.value))
            missing = ("", *desk.study().settings.clinical.missing_words)
            found = values_of_case(model, row.cells, scores[event.value], missing)
        except (InputError, StudyError, OSError) as error:
            alarm(one_line(error))
            return
        for name, field in fields.items():
            field.set_value(found[name])

    ui.separator()
    ui.select(list(scores), label=words("values_of_case"), with_input=True, on_change=take).classes("w-full").props(
        'for="dial-case"'
    )
