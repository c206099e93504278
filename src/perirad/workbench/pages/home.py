"""Study home: open a study, see what is done, check and run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nicegui import run, ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench, say
from perirad.workbench.desk import Desk
from perirad.workbench.pages.new_study import new_study
from perirad.workbench.problem_words import phrase, said

__all__ = ["home"]


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
            new_study(bench)


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
