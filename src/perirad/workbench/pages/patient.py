"""A new patient: drop an image, outline the lesion, enter values, read the risk."""

from __future__ import annotations

from typing import Any

from nicegui import events, run, ui

from perirad.errors import InputError, StudyError
from perirad.study.cells import given_frame, given_spacing
from perirad.study.model import Model, load_model
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import OutlineCanvas
from perirad.workbench.pages.dropped import drop_zone
from perirad.workbench.pages.patient_reading import Asked, show_reading
from perirad.workbench.pages.tools import attach_machine, tool_buttons
from perirad.workbench.patients import Drawn, Patient, Waiting, read_patient, take_picture
from perirad.workbench.pictures import Picture

__all__ = ["patient"]


def patient(bench: Bench, waiting: Waiting) -> None:
    """Draw the page."""
    words = bench.words
    with bench.study_page("patient") as desk:
        if desk is None:
            return
        path = desk.folder / "results" / "model.json"
        if not path.is_file():
            ui.label(words("no_results"))
            return
        try:
            model = load_model(path)
            widths_mm = model.recipe.regions.widths_mm
        except (InputError, StudyError) as error:
            say(error)
            return
        _upload(bench, waiting)
        if waiting.patient is not None:
            _read(bench, model, waiting.patient, widths_mm)


def _upload(bench: Bench, waiting: Waiting) -> None:
    words = bench.words
    ui.label(words("patient_hint")).classes("perirad-faint")
    with ui.row().classes("items-center"):
        spacing = ui.input(words("spacing_mm")).classes("w-96").props('for="patient-spacing"')
        frame = ui.input(words("patient_frame")).classes("w-72").props('for="patient-frame" inputmode=numeric')

        async def arrived(event: events.UploadEventArguments) -> None:
            try:
                mm = given_spacing(spacing.value or "", name="millimetres per pixel")
                content = await event.file.read()
                number = given_frame((frame.value or "").strip())
                waiting.patient = await run.io_bound(take_picture, content, event.file.name, mm, number)
            except (InputError, OSError) as error:
                say(error)
                return
            ui.navigate.to("/patient")

        drop_zone(words, words("image_file"), arrived, mark="patient-upload")


def _read(bench: Bench, model: Model, waiting: Patient, widths_mm: tuple[float, ...]) -> None:
    words = bench.words
    on_canvas = {"now": Drawn()}
    canvas = _canvas(bench, waiting.picture, widths_mm)
    ui.label(words("values")).classes("text-h6")
    with ui.row():
        fields = {variable.name: _field(variable) for variable in model.variables}
        harmonised = model.file.radscore.harmonisation
        centre: Any = None
        if harmonised is not None:
            centre = ui.select(list(harmonised.centres), label=words("patient_centre")).classes("w-48")
            centre.props('data-name="centre"')
    out = ui.column().classes("w-full gap-2").props('id="reading" role="status"')

    def changed(_: Any = None) -> None:
        """A reading of what is no longer there must not stand beside it."""
        if out.default_slot.children:
            out.clear()
            with out:
                ui.label(words("patient_change"))

    def redrawn(event: events.GenericEventArguments) -> None:
        told = Drawn(tuple(event.args["runs"]), tuple(event.args["exclusion"]))
        if told != on_canvas["now"]:
            on_canvas["now"] = told
            changed()

    canvas.on("change", redrawn)
    for field in (*fields.values(), *([centre] if centre is not None else [])):
        field.on_value_change(changed)

    async def score() -> None:
        out.clear()
        drawn = on_canvas["now"]
        if drawn.is_empty:
            ui.notify(words("draw_first"), type="warning")
            return
        given = {name: field.value for name, field in fields.items() if field.value not in (None, "")}
        place = (centre.value or "") if centre is not None else ""
        button.disable()
        try:
            reading = await run.io_bound(read_patient, model, waiting, drawn, given, place)
        except (InputError, StudyError) as error:
            say(error)
            return
        finally:
            button.enable()
        if reading is not None and drawn == on_canvas["now"]:
            with out:
                await show_reading(bench, Asked(model, waiting, drawn, given, reading))
            ui.run_javascript('document.getElementById("reading").scrollIntoView({block: "nearest"})')

    button = ui.button(words("score"), on_click=score).props('id="score-patient"')
    out.move()


def _canvas(bench: Bench, picture: Picture, widths_mm: tuple[float, ...]) -> OutlineCanvas:
    words = bench.words
    with ui.element("div").classes("perirad-draw"):
        with ui.column():
            canvas = OutlineCanvas("/patient/picture", picture.shape, picture.spacing_mm, widths_mm, words).classes(
                "w-full"
            )
            attach_machine(canvas, picture)
        with ui.column().classes("perirad-side"):
            tool_buttons(bench, canvas)
    return canvas


def _field(variable: Any) -> Any:
    """Field of a clinical variable; nothing is chosen beforehand, so that nobody's value is made up."""
    label = f"{variable.label} ({variable.unit})" if variable.unit else variable.label
    if variable.levels:
        made: Any = ui.select(list(variable.levels), label=label, clearable=True)
    else:
        made = ui.number(label)
    return made.classes("w-48").props(f'data-name="{variable.name}"')
