"""Calibration: where the millimetres come from, and two ways to set them by the ruler in the picture."""

from __future__ import annotations

from typing import Any

from nicegui import run, ui

from perirad.errors import InputError
from perirad.image.calibrate import calibrate_points
from perirad.image.ruler import RulerReading, read_ruler
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import OutlineCanvas
from perirad.workbench.desk import Desk, Row
from perirad.workbench.pictures import Picture

__all__ = ["calibration"]

_SCALE = ("spacing_mm", "caliper_mm", "caliper_points", "depth_mm", "depth_rows", "tick_mm")


def calibration(bench: Bench, desk: Desk, row: Row, picture: Picture, canvas: OutlineCanvas, here: str) -> None:
    """Draw the panel; what is set goes into the table, and the page at `here` is shown anew."""
    words = bench.words

    def write(cells: dict[str, str]) -> None:
        known = {name: "" for name in _SCALE if row.cells.get(name)}
        try:
            desk.set_cells({row.case_id: known | cells})
        except (InputError, OSError) as error:
            say(error)
            return
        ui.navigate.to(here)

    with ui.expansion(words("calibration"), value=picture.spacing_mm is None).classes("w-full"):
        if picture.spacing_mm is None:
            ui.label(words("no_spacing")).props('id="no-spacing"')
            ui.label(picture.problem).classes("text-caption").style("overflow-wrap: anywhere")
        else:
            mm = " x ".join(f"{value:.4g}" for value in picture.spacing_mm)
            ui.label(words("spacing", text=f"{mm} mm ({picture.source})")).style("overflow-wrap: anywhere")
        _by_marks(bench, picture, canvas, write)
        _by_ruler(bench, picture, canvas, write)


def _by_marks(bench: Bench, picture: Picture, canvas: OutlineCanvas, write: Any) -> None:
    """Two marks, and how far apart they are; the table keeps them, so that everybody can see where the mm come from."""
    words = bench.words
    distance = ui.number(words("ruler_mm"), value=10, min=0.1).props('for="ruler-mm"').classes("w-full")
    marks: dict[str, list[list[float]]] = {"points": []}
    canvas.on("ruler", lambda event: marks.update(points=event.args["points"]))

    def set_spacing() -> None:
        if len(marks["points"]) != 2 or not distance.value:
            ui.notify(words("no_spacing"), type="warning")
            return
        first, second = ((float(point[0]), float(point[1])) for point in marks["points"])
        try:
            calibrate_points(picture.image, first, second, float(distance.value))
        except InputError as error:
            say(error)
            return
        places = " ".join(f"{value:.2f}" for value in (*first, *second))
        write({"caliper_mm": f"{float(distance.value):g}", "caliper_points": places})

    ui.button(words("ruler_set"), on_click=set_spacing).props('dense no-caps id="set-spacing"')


def _by_ruler(bench: Bench, picture: Picture, canvas: OutlineCanvas, write: Any) -> None:
    """The ruler that perirad sees in the picture, its ticks shown, used only where it is read surely."""
    words = bench.words
    tick = ui.number(words("tick_mm"), min=0.1).props('for="tick-mm" clearable').classes("w-full")
    found = ui.column().classes("gap-0 w-full").props('role="status" id="ruler-reading"')

    async def look() -> None:
        stated = float(tick.value) if tick.value else None
        try:
            reading = await run.io_bound(read_ruler, picture.image.pixels, stated)
        except InputError as error:
            say(error)
            return
        found.clear()
        with found:
            if reading is None:
                ui.label(words("no_ruler"))
                return
            _told(bench, reading)
            if reading.is_sure:
                ui.button(words("ruler_use"), on_click=lambda: write({"spacing_mm": reading.cell()})).props(
                    'dense no-caps id="use-ruler"'
                )
        canvas.run_method("setMarks", _ticks(reading))

    ui.button(words("ruler_read"), on_click=look).props('dense no-caps outline id="read-ruler"')


def _told(bench: Bench, reading: RulerReading) -> None:
    words = bench.words
    mm = " x ".join(f"{value:.4g}" for value in reading.spacing_mm)
    for line in (
        words("ruler_seen", mm=mm, tick=f"{reading.tick_mm:g}", confidence=f"{100 * reading.confidence:.0f}"),
        words("ruler_sure" if reading.is_sure else "ruler_unsure"),
    ):
        ui.label(line).classes("text-caption").style("overflow-wrap: anywhere")


def _ticks(reading: RulerReading) -> list[list[float]]:
    """Places (row, column) of the ticks."""
    ticks = []
    for ruler in reading.rulers:
        beside = sum(ruler.band_px) / 2.0
        ticks += [[float(p), beside] if ruler.is_upright else [beside, float(p)] for p in ruler.places_px]
    return ticks
