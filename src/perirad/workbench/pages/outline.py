"""Outlining: the canvas, its tools, calibration, and the way from case to case; saved at every change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from nicegui import events, run, ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import OutlineCanvas
from perirad.workbench.desk import Desk, Row
from perirad.workbench.drawings import drawing_of, is_first, keep, state_of
from perirad.workbench.outlines import OutlineStore, to_runs
from perirad.workbench.pages.calibration import calibration
from perirad.workbench.pages.lesions import lesion_list
from perirad.workbench.pages.tools import attach_machine, tool_buttons
from perirad.workbench.pictures import Picture
from perirad.workbench.problem_words import error_lines
from perirad.workbench.tabled import tabled_outline

__all__ = ["outline"]


def outline(bench: Bench, at: int) -> None:
    """Draw the page of the case at a place of the table."""
    with bench.study_page("outline") as desk:
        if desk is None:
            return
        try:
            rows = desk.rows()
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        at = min(max(at, 0), len(rows) - 1)
        try:
            picture = desk.picture(rows[at])
        except (InputError, StudyError, OSError) as error:
            _unreadable(bench, rows, at, error)
            return
        _case(bench, desk, rows, at, picture)


def _unreadable(bench: Bench, rows: list[Row], at: int, error: InputError | StudyError | OSError) -> None:
    """What is wrong with a picture, and the way to its neighbours."""
    ui.label(f"{rows[at].case_id} ({at + 1}/{len(rows)})").classes("text-h6").props('id="case-name"')
    why = " · ".join(error_lines(error, bench.words.language))
    ui.label(why).style("overflow-wrap: anywhere").props('role="status" id="unreadable"')
    with ui.row():
        for key, by in (("previous", -1), ("next", 1)):
            ui.link(bench.words(key), f"/outline?case={(at + by) % len(rows)}")


def _case(bench: Bench, desk: Desk, rows: list[Row], at: int, picture: Picture) -> None:
    words, row, reader = bench.words, rows[at], bench.reader
    widths = desk.study().settings.regions.widths_mm
    locked = (desk.folder / "outlines" / "LOCKED").exists()
    store = OutlineStore(desk.folder, reader)

    def go(by: int) -> None:
        ui.navigate.to(f"/outline?case={(at + by) % len(rows)}")

    drawn = drawing_of(desk, row, picture.shape, reader)
    if drawn is None:
        _say_why(desk, row, picture)
    state, lost = _head(bench, row, (at, len(rows)), go)
    if locked:
        ui.label(words("locked")).classes("text-warning").props('role="status"')
    with ui.element("div").classes("perirad-draw"):
        with ui.column():
            canvas = OutlineCanvas(
                f"/picture/{at}", picture.shape, picture.spacing_mm, widths, words,
                state=state_of(drawn, picture.shape), held=_held(desk, row, reader),
                saves=0 if drawn is None else drawn.saves,
                steps=store.steps(row.case_id), field=picture.image.field, several=True, locked=locked,
                label=f"{words('outline')}: {row.case_id}",
            ).classes("w-full")  # fmt: skip
            ui.label(words("keys")).classes("text-caption")
        with ui.column().classes("perirad-side gap-1"):
            lesion_list(bench, canvas)
            tool_buttons(bench, canvas)
            calibration(bench, desk, row, picture, canvas, f"/outline?case={at}")
            ui.link(words("to_readers"), "/readers").props('id="to-readers"')
            _from_table(bench, desk, row, picture, canvas)
            _use(bench, desk)

    def tell(shares: list[float | None]) -> None:
        known = [(width, share) for width, share in zip(widths, shares, strict=False) if share is not None]
        lost.text = " · ".join(words("lost", name=f"P{w:g}", percent=f"{100 * s:.1f}") for w, s in known)

    def changed(event: events.GenericEventArguments) -> None:
        try:
            kept = keep(desk, row, picture.shape, reader, event.args)
            state.text = f"{words('saved')} ({kept.saves})"
            canvas.run_method("kept", event.args["sent"], kept.saves)
        except (InputError, OSError) as error:
            say(error)
        tell(event.args["lost"])

    def recall(event: events.GenericEventArguments) -> None:
        drawn = drawing_of(desk, row, picture.shape, reader, int(event.args["save"]))
        canvas.run_method("recalled", state_of(drawn, picture.shape), event.args["step"])

    canvas.on("ready", lambda event: tell(event.args["lost"]))
    canvas.on("change", changed)
    canvas.on("recall", recall)
    canvas.on("step", lambda event: go(int(event.args["by"])))
    attach_machine(canvas, picture)


def _say_why(desk: Desk, row: Row, picture: Picture) -> None:
    """Say what is wrong with the outline that the table names, where that is why the picture is empty."""
    try:
        tabled_outline(row.cells, picture.shape, desk.file)
    except (InputError, OSError) as error:
        say(error)


def _held(desk: Desk, row: Row, reader: str) -> str:
    """Name of what the browser holds of a case; it tells nobody whose it is."""
    words = "\n".join((str(desk.folder), reader, row.case_id))
    return f"perirad-{hashlib.sha256(words.encode()).hexdigest()[:24]}"


def _head(bench: Bench, row: Row, place: tuple[int, int], go: Callable[[int], None]) -> tuple[ui.label, ui.label]:
    """Line above the canvas: the case, what was saved, what the rings lack, who reads."""
    words, (at, count) = bench.words, place

    def read_by(change: events.ValueChangeEventArguments[Any]) -> None:
        if str(change.value).strip():
            bench.reader = str(change.value).strip()
            ui.navigate.to(f"/outline?case={at}")

    with ui.row().classes("w-full items-center no-wrap"):
        ui.button(icon="chevron_left", on_click=lambda: go(-1)).props(f'flat aria-label="{words("previous")}"')
        ui.label(f"{row.case_id} ({at + 1}/{count})").classes("text-h6 text-no-wrap").props('id="case-name"')
        ui.button(icon="chevron_right", on_click=lambda: go(1)).props(f'flat aria-label="{words("next")}"')
        state = ui.label("").props('id="save-state" role="status"').classes("text-caption")
        ui.space()
        lost = ui.label("").props('id="ring-loss" role="status"')
        ui.input(words("reader"), value=bench.reader).on("change", lambda event: read_by(_changed(event))).props(
            'dense for="reader"'
        )
    return state, lost


def _from_table(bench: Bench, desk: Desk, row: Row, picture: Picture, canvas: OutlineCanvas) -> None:
    """Button by which a further reader begins with the outline of the table, which is then no independent reading."""
    words = bench.words
    if is_first(desk.folder, bench.reader):
        return

    def take() -> None:
        drawn = desk.tabled(row, picture.shape)
        if drawn is None:
            ui.notify(words("no_tabled"), type="warning")
        else:
            canvas.run_method("setMask", to_runs(drawn.lesion))

    ui.button(words("from_table"), on_click=take).props('outline no-caps id="from-table"').classes("w-full")


def _use(bench: Bench, desk: Desk) -> None:
    """Button that lets the study use the reader's outlines."""
    words = bench.words

    async def use() -> None:
        try:
            n = await run.io_bound(desk.use_outlines, bench.reader)
        except (InputError, OSError) as error:
            say(error)
            return
        ui.notify(words("used", n=n), type="positive")

    ui.button(words("use"), on_click=use).props('outline id="use-outlines"').classes("w-full")


def _changed(event: events.GenericEventArguments) -> events.ValueChangeEventArguments[Any]:
    value = event.args if isinstance(event.args, str) else getattr(event.sender, "value", "")
    return events.ValueChangeEventArguments(sender=event.sender, client=event.client, value=value, previous_value=None)
