"""A new patient: drop an image, outline the lesion, enter values, read the risk."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
from nicegui import events, run, ui

from perirad.errors import InputError, StudyError
from perirad.regions.lesion import lesion_region
from perirad.study.cells import given_spacing
from perirad.study.model import Model, Reading, load_model
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import OutlineCanvas
from perirad.workbench.desk import Picture
from perirad.workbench.outlines import from_runs
from perirad.workbench.pages.dropped import drop_zone
from perirad.workbench.pages.tools import attach_machine, tool_buttons
from perirad.workbench.patients import Waiting, take_picture
from perirad.workbench.sheet import sheet_of

__all__ = ["patient"]


def patient(bench: Bench, waiting: Waiting) -> None:
    """Draw the page."""
    words = bench.words
    with bench.page("patient"):
        if bench.desk is None:
            ui.label(words("no_study"))
            return
        path = bench.desk.folder / "results" / "model.json"
        if not path.is_file():
            ui.label(words("no_results"))
            return
        try:
            model = load_model(path)
        except (InputError, StudyError) as error:
            say(error)
            return
        _upload(bench, waiting)
        if waiting.picture is not None:
            _read(bench, model, waiting.picture)


def _upload(bench: Bench, waiting: Waiting) -> None:
    words = bench.words
    with ui.row().classes("items-center"):
        spacing = ui.input(words("spacing_mm")).classes("w-64").props('for="patient-spacing"')

        async def arrived(event: events.UploadEventArguments) -> None:
            try:
                mm = given_spacing(spacing.value or "", name="millimetres per pixel")
                content = await event.file.read()
                waiting.picture = await run.io_bound(take_picture, content, event.file.name, mm)
            except (InputError, OSError) as error:
                say(error)
                return
            ui.navigate.to("/patient")

        drop_zone(words, words("image_file"), arrived, mark="patient-upload")


def _read(bench: Bench, model: Model, picture: Picture) -> None:
    words = bench.words
    drawn: dict[str, list[int]] = {"runs": []}
    with ui.element("div").classes("perirad-draw"):
        with ui.column():
            widths = model.recipe.regions.widths_mm
            canvas = OutlineCanvas("/patient/picture", picture.shape, picture.spacing_mm, widths, words).classes(
                "w-full"
            )
            canvas.on("change", lambda event: drawn.update(runs=event.args["runs"]))
            attach_machine(canvas, picture)
        with ui.column().classes("perirad-side"):
            tool_buttons(bench, canvas)
    ui.label(words("values")).classes("text-h6")
    fields: dict[str, Any] = {}
    with ui.row():
        for variable in model.variables:
            label = f"{variable.label} ({variable.unit})" if variable.unit else variable.label
            made = (
                ui.select(list(variable.levels), value=variable.levels[0], label=label).classes("w-48")
                if variable.levels
                else ui.number(label).classes("w-48")
            )
            fields[variable.name] = made.props(f'data-name="{variable.name}"')
    out = ui.column().props('id="reading" role="status"')

    async def score() -> None:
        out.clear()
        if sum(drawn["runs"][1::2]) == 0:
            ui.notify(words("draw_first"), type="warning")
            return
        given = {name: field.value for name, field in fields.items() if field.value not in (None, "")}
        try:
            reading = await run.io_bound(_score, model, picture, drawn["runs"], given)
        except (InputError, StudyError) as error:
            say(error)
            return
        with out:
            if reading is not None:
                _show(bench, model, reading)
                with ui.row():
                    for form in ("png", "pdf"):
                        ui.button(
                            f"{words('save_reading')} {form.upper()}",
                            on_click=lambda _, f=form: ui.download(
                                sheet_of(model, picture, drawn["runs"], reading, f), f"reading.{f}"
                            ),
                        ).props(f'outline id="save-{form}"')

    ui.button(words("score"), on_click=score).props('id="score-patient"')


def _score(model: Model, picture: Picture, runs: list[int], given: dict[str, Any]) -> Reading:
    if picture.spacing_mm is None:
        raise InputError(
            "pixel spacing must be known", "none", mend="say the millimetres per pixel and drop the image again"
        )
    lesion = lesion_region(from_runs(runs, picture.shape), picture.image)
    return model.score(picture.image, lesion, given)


def _show(bench: Bench, model: Model, reading: Reading) -> None:
    words, event = bench.words, model.file.outcome.event_label
    ui.label(words("risk", event=event, percent=f"{100 * reading.probability:.1f}")).classes("text-h5").props(
        f'id="risk" data-risk="{reading.probability!r}"'
    )
    ui.label(words("interval", low=f"{100 * reading.lower:.1f}", high=f"{100 * reading.upper:.1f}"))
    side = "positive" if reading.positive else "negative"
    ui.label(
        words("points", n=f"{reading.total_points:.1f}") + "; " + words(side, percent=f"{100 * reading.cutoff:.1f}")
    )
    for name, points in reading.points.items():
        ui.label(f"{name}: {points:.1f}")
    for warning in reading.warnings:
        ui.label(warning).classes("text-warning text-weight-bold")
    nearest = _nearest(bench, reading.probability)
    if nearest:
        ui.label(words("nearest")).classes("text-weight-bold")
        for line in nearest:
            ui.label(line)


def _nearest(bench: Bench, risk: float) -> list[str]:
    """Three training patients whose risk is nearest, with what they turned out to have."""
    assert bench.desk is not None
    path = bench.desk.folder / "results" / "predictions.csv"
    if not path.is_file():
        return []
    frame = pd.read_csv(io.StringIO(path.read_text(encoding="utf-8")), dtype={"case_id": str})
    own = frame[frame.cohort == "train"].copy()
    own["away"] = (own.probability - risk).abs()
    settings = bench.desk.study().settings.outcome
    names = (settings.nonevent_label, settings.event_label)
    nearest = own.nsmallest(3, "away")
    found = zip(nearest["case_id"], nearest["probability"], nearest["outcome"], strict=True)
    return [f"{case}: {100 * float(p):.0f} %, {names[int(y)]}" for case, p, y in found]
