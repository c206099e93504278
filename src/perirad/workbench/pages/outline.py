"""Outlining: the canvas, its tools, calibration, and the way from case to case; saved at every change."""

from __future__ import annotations

from typing import Any

import numpy as np
from nicegui import events, run, ui

from perirad.errors import InputError, StudyError
from perirad.workbench.agreement import agreement
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import OutlineCanvas
from perirad.workbench.desk import Desk, Picture, Row
from perirad.workbench.outlines import OutlineStore, to_runs
from perirad.workbench.segment import from_box, from_seed

__all__ = ["attach_machine", "outline", "tool_buttons"]

_TOOLS = ("polygon", "freehand", "paint", "erase", "wire", "seed", "box", "hand", "ruler", "exclude")


def outline(bench: Bench, at: int) -> None:
    """Draw the page of the case at a place of the table."""
    words = bench.words
    with bench.page("outline"):
        if bench.desk is None:
            ui.label(words("no_study"))
            return
        try:
            rows = bench.desk.rows()
            at = min(max(at, 0), len(rows) - 1)
            picture = bench.desk.picture(rows[at])
        except (InputError, StudyError, OSError) as error:
            say(error)
            ui.label(str(error))
            return
        _case(bench, bench.desk, rows, at, picture)


def _case(bench: Bench, desk: Desk, rows: list[Row], at: int, picture: Picture) -> None:
    words, row = bench.words, rows[at]
    widths = desk.study().settings.regions.widths_mm
    store, locked = OutlineStore(desk.folder, bench.reader), (desk.folder / "outlines" / "LOCKED").exists()
    mask = desk.drawn(row, picture.shape, bench.reader)

    def go(by: int) -> None:
        ui.navigate.to(f"/outline?case={(at + by) % len(rows)}")

    def read_by(change: events.ValueChangeEventArguments[Any]) -> None:
        if str(change.value).strip():
            bench.reader = str(change.value).strip()
            ui.navigate.to(f"/outline?case={at}")

    with ui.row().classes("w-full items-center no-wrap"):
        ui.button(icon="chevron_left", on_click=lambda: go(-1)).props(f'flat aria-label="{words("previous")}"')
        ui.label(f"{row.case_id} ({at + 1}/{len(rows)})").classes("text-h6").props('id="case-name"')
        ui.button(icon="chevron_right", on_click=lambda: go(1)).props(f'flat aria-label="{words("next")}"')
        state = ui.label("").props('id="save-state" role="status"').classes("text-caption")
        ui.space()
        lost = ui.label("").props('id="ring-loss" role="status"')
        ui.input(words("reader"), value=bench.reader).on("change", lambda event: read_by(_changed(event))).props(
            'dense for="reader"'
        )
    if locked:
        ui.label(words("locked")).classes("text-warning")
    with ui.element("div").classes("perirad-draw"):
        with ui.column():
            canvas = OutlineCanvas(
                f"/picture/{at}", picture.shape, picture.spacing_mm, widths,
                runs=[] if mask is None else to_runs(mask), locked=locked, label=f"{words('outline')}: {row.case_id}",
            ).classes("w-full")  # fmt: skip
            ui.label(words("keys")).classes("text-caption")
        with ui.column().classes("perirad-side gap-1"):
            tool_buttons(bench, canvas)
            _calibration(bench, desk, row, at, picture, canvas)
            _others(bench, desk, row, picture)

            _use(bench, desk)

    def changed(event: events.GenericEventArguments) -> None:
        found: dict[str, Any] = event.args
        try:
            drawn = found["exclusion"] if any(found["exclusion"][1:]) else []
            kept = store.save(row.case_id, picture.shape, found["runs"], drawn)
            state.text = f"{words('saved')} ({kept.saves})"
        except (InputError, OSError) as error:
            say(error)
        tell(found["lost"])

    def tell(shares: list[float | None]) -> None:
        known = [(width, share) for width, share in zip(widths, shares, strict=False) if share is not None]
        lost.text = "   ".join(words("lost", name=f"P{w:g}", percent=f"{100 * s:.1f}") for w, s in known)

    canvas.on("ready", lambda event: tell(event.args["lost"]))
    canvas.on("change", changed)
    canvas.on("step", lambda event: go(int(event.args["by"])))
    attach_machine(canvas, picture)


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


def attach_machine(canvas: OutlineCanvas, picture: Picture) -> None:
    """Let a seed and a box find the lesion's first outline."""
    image = picture.image
    canvas.on("seed", lambda event: _put(canvas, lambda: from_seed(image, event.args["row"], event.args["column"])))
    canvas.on("box", lambda event: _put(canvas, lambda: from_box(image, event.args["from"], event.args["to"])))


def _put(canvas: OutlineCanvas, find: Any) -> None:
    try:
        mask = find()
    except InputError as error:
        say(error)
        return
    if mask.any():
        canvas.run_method("setMask", to_runs(mask))


def tool_buttons(bench: Bench, canvas: OutlineCanvas) -> None:
    """Tools of the canvas; each has its key."""
    words = bench.words
    with ui.column().classes("w-full gap-1"):
        with ui.element("div").classes("perirad-tools"):
            for tool in _TOOLS:
                ui.button(words(tool), on_click=lambda _, name=tool: canvas.run_method("setTool", name)).props(
                    f'dense outline no-caps id="tool-{tool}"'
                )
            for key, method, argument in (
                ("undo", "undo", None), ("redo", "redo", None), ("smooth", "smooth", None), ("grow", "grow", 0.5),
                ("shrink", "grow", -0.5), ("clear", "clear", None), ("fit", "fit", None),
            ):  # fmt: skip
                ui.button(
                    words(key),
                    on_click=lambda _, m=method, a=argument: canvas.run_method(m, *([] if a is None else [a])),
                ).props(f'dense flat no-caps id="do-{key}"')
        ui.switch(words("rings"), value=True, on_change=lambda e: canvas.run_method("setRings", e.value))
        ui.label(words("brush_mm")).classes("text-caption")
        ui.slider(min=0.25, max=8, step=0.25, value=1.5, on_change=lambda e: canvas.run_method("setRadius", e.value))
        ui.label(words("window")).classes("text-caption")
        ui.range(
            min=0, max=255, value={"min": 0, "max": 255},
            on_change=lambda e: canvas.run_method("setLevels", e.value["min"], e.value["max"]),
        )  # fmt: skip


def _calibration(bench: Bench, desk: Desk, row: Row, at: int, picture: Picture, canvas: OutlineCanvas) -> None:
    words = bench.words
    with ui.expansion(words("calibration"), value=picture.spacing_mm is None).classes("w-full"):
        if picture.spacing_mm is None:
            ui.label(words("no_spacing"))
        else:
            mm = " x ".join(f"{value:.4g}" for value in picture.spacing_mm)
            ui.label(words("spacing", text=f"{mm} mm ({picture.source})")).style("overflow-wrap: anywhere")
        distance = ui.number(words("ruler_mm"), value=10, min=0.1).props('for="ruler-mm"')
        marks: dict[str, list[list[float]]] = {"points": []}
        canvas.on("ruler", lambda event: marks.update(points=event.args["points"]))

        def set_spacing() -> None:
            if len(marks["points"]) != 2 or not distance.value:
                ui.notify(words("no_spacing"), type="warning")
                return
            pixels = float(np.hypot(*(np.array(marks["points"][0]) - np.array(marks["points"][1]))))
            try:
                desk.set_cells({row.case_id: {"spacing_mm": f"{float(distance.value) / pixels:.6g}"}})
            except (InputError, OSError) as error:
                say(error)
                return
            ui.navigate.to(f"/outline?case={at}")

        ui.button(words("ruler_set"), on_click=set_spacing).props('dense id="set-spacing"')


def _others(bench: Bench, desk: Desk, row: Row, picture: Picture) -> None:
    """Agreement with other readers, only where both have outlined the case."""
    words, spacing = bench.words, picture.spacing_mm
    own = OutlineStore(desk.folder, bench.reader).load(row.case_id, picture.shape)
    folder = desk.folder / "outlines"
    others = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    with ui.expansion(words("agreement")).classes("w-full"):
        ui.label(words("wait_reader")).classes("text-caption")
        if own is None or not own.done or spacing is None:
            return
        for name in others:
            store = OutlineStore(desk.folder, name)
            known = (
                None
                if store.place == OutlineStore(desk.folder, bench.reader).place
                else store.load(row.case_id, picture.shape)
            )
            if known is not None and known.done:
                found = agreement(own.lesion, known.lesion, spacing)
                ui.label(f"{name}: " + words("dice", dice=f"{found.dice:.3f}", mm=f"{found.hausdorff_mm:.2f}"))
