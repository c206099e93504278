"""Study home: open or make a study, see what is done, check and run it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from nicegui import events, run, ui

from perirad.errors import InputError, StudyError
from perirad.study.table import read_table
from perirad.workbench.bench import Bench, say
from perirad.workbench.desk import Desk
from perirad.workbench.newstudy import Plan, guess, likely_unit, write_study
from perirad.workbench.pages.dropped import drop_zone
from perirad.workbench.places import write_new
from perirad.workbench.problem_words import phrase, said

__all__ = ["home"]

_TABLES = (".csv", ".xlsx", ".parquet")
_NEEDED = ("case_id", "image", "patient_id", "mask", "spacing_mm", "centre")


def home(bench: Bench) -> None:
    """Draw the page."""
    with bench.page("home"):
        if bench.desk is None:
            ui.label(bench.words("no_study")).classes("text-h6")
        else:
            _study(bench)
        with ui.expansion(bench.words("open"), value=bench.desk is None).classes("w-full"):
            _open(bench)
        with ui.expansion(bench.words("new"), value=bench.desk is None).classes("w-full"):
            _new(bench)


def _open(bench: Bench) -> None:
    words = bench.words
    place = ui.input(words("folder"), value=str(bench.home)).classes("w-full").props('for="study-folder"')

    def go() -> None:
        try:
            bench.open(Path(place.value).expanduser())
        except (StudyError, InputError, OSError) as error:
            say(error)
            return
        ui.navigate.to("/")

    ui.button(words("open_button"), on_click=go).props('id="open-study"')


def _study(bench: Bench) -> None:
    assert bench.desk is not None
    desk, words = bench.desk, bench.words
    try:
        study, rows = desk.study(), desk.rows()
    except (StudyError, InputError, OSError) as error:
        say(error)
        return
    ui.label(study.settings.title).classes("text-h5")
    ui.label(f"{desk.folder.name}: {words('cases', n=len(rows))}").classes("text-body2")

    @ui.refreshable
    def badges() -> None:
        with ui.row():
            for name, state in desk.state().items():
                colour = {"done": "positive", "stale": "warning", "missing": "grey-8"}[state]
                ui.badge(f"{words(name)}: {words(state)}", color=colour).classes("q-pa-sm").tooltip(name)

    badges()
    with ui.row().classes("items-center"):
        start = ui.button(words("run"), icon="play_arrow").props('id="run-study"')
        cancel = ui.button(words("cancel"), icon="stop").props('outline id="cancel-run"')
        check = ui.button(words("check"), icon="fact_check").props('outline id="check-study"')
    bar = (
        ui.linear_progress(0, show_value=False).classes("w-full").props(f'instant-feedback aria-label="{words("run")}"')
    )
    word = ui.label("").props('id="run-state" role="status"')
    log = ui.log(max_lines=200).classes("w-full").style("height: 8rem")
    _problems(bench, desk, check)
    shown: dict[str, Any] = {"lines": 0, "state": "idle"}

    def tick() -> None:
        found = bench.runner().progress()
        going = bench.going()
        start.set_enabled(not going)
        cancel.set_enabled(found.state == "running")
        bar.value = found.done / found.total if found.total else 0.0
        left = "" if found.seconds_left is None else "; " + words("left", n=round(found.seconds_left))
        stage = phrase(found.stage, words.language)
        told = words("running", stage=stage, done=found.done, total=found.total)
        states = {
            "running": told + left if found.stage else "...",
            "done": words("run_done"), "failed": words("run_failed"), "cancelled": words("run_cancelled"), "idle": "",
        }  # fmt: skip
        word.text = words("run_waits") if going == "audit" else states[found.state]
        log.set_visibility(bool(found.lines))
        for line in found.lines[shown["lines"] :]:
            log.push(said(line, words.language))
        if found.state != shown["state"]:
            badges.refresh()
        shown.update(lines=len(found.lines), state=found.state)

    def begin() -> None:
        if not bench.going():
            shown.update(lines=0)
            log.clear()
            bench.runner().start()

    start.on_click(begin)
    cancel.on_click(lambda: bench.runner().cancel())
    ui.timer(0.5, tick)


def _problems(bench: Bench, desk: Desk, check: ui.button) -> None:
    """What is wrong with the study, listed when `check` is pressed."""
    words, problems = bench.words, ui.column()

    async def look() -> None:
        problems.clear()
        lines = await run.io_bound(desk.problems, words.language)
        with problems:
            ui.label(words("problems", n=len(lines)) if lines else words("no_problems")).props('id="check-result"')
            for line in (lines or [])[:200]:
                ui.label(line).classes("text-body2").style("overflow-wrap: anywhere")

    check.on_click(look)


def _new(bench: Bench) -> None:
    words = bench.words
    ui.label(words("new_hint"))
    name = ui.input(words("name"), value=words("new_study")).props('for="new-name"')
    count = ui.label("").props('id="new-files" role="status"')
    form = ui.column().classes("w-full")
    given = {"files": 0}

    def folder() -> Path:
        return bench.home / (re.sub("[^\\w.-]+", "-", name.value or "").strip("-.") or "new-study")

    async def arrived(event: events.UploadEventArguments) -> None:
        try:
            place = folder()
            place.mkdir(parents=True, exist_ok=True)
            if (place / "study.toml").exists():
                raise InputError("a new study must have a name of its own", f"{place.name} is there already")
            written = write_new(place, event.file.name, await event.file.read())
        except (InputError, OSError) as error:
            say(error)
            return
        given["files"] += 1
        count.text = words("files_in", n=given["files"])
        if written.suffix.lower() in _TABLES:
            form.clear()
            with form:
                _plan(bench, place, written, name.value or "")

    drop_zone(words, words("files"), arrived, mark="new-upload", several=True)


def _plan(bench: Bench, folder: Path, table: Path, title: str) -> None:
    words = bench.words
    try:
        frame = read_table(table)
    except InputError as error:
        say(error)
        return
    names = [str(name) for name in frame.columns]
    columns, clinical = guess(frame)
    ui.label(words("table_in", name=table.name, n=len(frame)))
    with ui.row():
        fields = {
            what: ui.select(["", *names], value=columns.get(what, ""), label=words("column_of", what=what)).classes(
                "w-48"
            )
            for what in _NEEDED
        }
    outcome = ui.select(names, label=words("outcome")).classes("w-64").props('id="new-outcome"')
    event = ui.select([], multiple=True, label=words("event")).classes("w-64").props('id="new-event"')
    left_out = ui.select([], multiple=True, label=words("left_out")).classes("w-96").props('id="new-left-out"')

    def offer(change: events.ValueChangeEventArguments[Any]) -> None:
        values = sorted({str(value) for value in frame[change.value]} - {""})
        for field in (event, left_out):
            field.set_options(values, value=[])

    outcome.on_value_change(offer)
    offered = ui.select(sorted(clinical), multiple=True, value=[], label=words("clinical")).classes("w-full")
    spacing = ui.input(words("spacing_all")).classes("w-96")
    likely = likely_unit(frame, columns.get("spacing_mm", ""))
    unit = ui.select(["mm", "cm"], value=likely, label=words("unit")).classes("w-64").props('id="new-unit"')
    fields["spacing_mm"].on_value_change(lambda change: unit.set_value(likely_unit(frame, change.value or "")))

    async def make() -> None:
        plan = Plan(
            title=title or folder.name, columns={what: field.value for what, field in fields.items() if field.value},
            outcome=outcome.value or "", event=tuple(event.value or ()),
            excluded=tuple(left_out.value or ()),
            clinical={key: clinical[key] for key in offered.value if key != outcome.value},
            spacing_mm=spacing.value or "", unit=unit.value, reader=bench.reader,
        )  # fmt: skip
        try:
            if not plan.event:
                raise InputError("say which values of the outcome count as event", "none")
            await asyncio.to_thread(write_study, folder, table, plan)
            bench.open(folder)
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        ui.notify(words("made"), type="positive")
        ui.navigate.to("/")

    ui.button(words("make"), on_click=make).props('id="make-study"')
