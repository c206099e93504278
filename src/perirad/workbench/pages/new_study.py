"""A new study: drop images and a table, say what is what, and make it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pandas as pd
from nicegui import events, ui

from perirad.errors import InputError, StudyError
from perirad.study.settings import SplitSettings
from perirad.study.table import read_table
from perirad.workbench.bench import Bench, say
from perirad.workbench.newstudy import Plan, write_study
from perirad.workbench.newstudy_guess import guess, likely_unit
from perirad.workbench.pages.dropped import drop_zone
from perirad.workbench.pages.new_outcome import OutcomeFields
from perirad.workbench.places import write_new

__all__ = ["new_study"]

_TABLES = (".csv", ".xlsx", ".parquet")
_ASKED = ("case_id", "image", "patient_id", "mask", "spacing_mm", "centre", "other_mask")


def new_study(bench: Bench) -> None:
    """Draw the field to drop files on; the form comes with the table."""
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
                _form(bench, place, written, name.value or "")

    drop_zone(words, words("files"), arrived, mark="new-upload", several=True)


def _form(bench: Bench, folder: Path, table: Path, title: str) -> None:
    """What the table's columns are, what is predicted from what, and how patients are divided."""
    words = bench.words
    try:
        frame = read_table(table)
    except InputError as error:
        say(error)
        return
    columns, clinical = guess(frame)
    ui.label(words("table_in", name=table.name, n=len(frame)))
    fields = _columns(bench, frame, columns)
    outcome = OutcomeFields(bench, frame)
    offered = ui.select(sorted(clinical), multiple=True, value=[], label=words("clinical")).classes("w-full")

    def offer() -> None:
        kept = sorted(set(clinical) - outcome.columns)
        offered.set_options(kept, value=[name for name in offered.value if name in kept])

    outcome.listen(offer)
    split = _Split(bench, frame, fields["centre"], columns.get("cohort", ""))
    spacing = ui.input(words("spacing_all")).classes("w-96")
    likely = likely_unit(frame, columns.get("spacing_mm", ""))
    unit = ui.select(["mm", "cm"], value=likely, label=words("unit")).classes("w-64").props('id="new-unit"')
    fields["spacing_mm"].on_value_change(lambda change: unit.set_value(likely_unit(frame, change.value or "")))

    async def make() -> None:
        try:
            plan = Plan(
                title=title or folder.name, outcome=outcome.settings(), split=split.settings(),
                columns=columns | {what: str(field.value or "") for what, field in fields.items()},
                clinical={key: clinical[key] for key in offered.value}, spacing_mm=spacing.value or "",
                unit=unit.value, reader=bench.reader, preset=outcome.preset_name,
            )  # fmt: skip
            await asyncio.to_thread(write_study, folder, table, plan)
            bench.open(folder)
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        ui.notify(words("made"), type="positive")
        ui.navigate.to("/")

    ui.button(words("make"), on_click=make).props('id="make-study"')


def _columns(bench: Bench, frame: pd.DataFrame, columns: dict[str, str]) -> dict[str, ui.select]:
    """Fields of the columns that are asked for; the others that perirad knows are named."""
    words, names = bench.words, [str(name) for name in frame.columns]
    with ui.row():
        fields = {
            what: ui.select(["", *names], value=columns.get(what, ""), label=words("column_of", what=what)).classes(
                "w-48"
            )
            for what in _ASKED
        }
    if further := [name for what, name in columns.items() if what not in _ASKED]:
        ui.label(words("taken_over", names=", ".join(further))).props('id="new-further"').classes("perirad-faint")
    return fields


class _Split:
    """Fields of how patients are divided."""

    def __init__(self, bench: Bench, frame: pd.DataFrame, centre: ui.select, cohort: str) -> None:
        words = bench.words
        ways = {way: words(f"split_{way}") for way in ("random", *(["cohort"] if cohort else []), "centre")}
        with ui.row():
            self._by = ui.select(ways, value="cohort" if cohort else "random", label=words("split")).classes("w-96")
            self._by.props('id="new-split"')
            self._test = ui.select([], multiple=True, label=words("test_centres")).classes("w-64")
            self._test.props('id="new-test-centres"').bind_visibility_from(self._by, "value", value="centre")

        def offer(column: Any) -> None:
            there = {str(value) for value in frame[column]} if column else set()
            self._test.set_options(sorted(there - {""}), value=[])

        centre.on_value_change(lambda change: offer(change.value))
        offer(centre.value)

    def settings(self) -> SplitSettings:
        """The division as a study has it.

        Raises
        ------
        InputError
            When no test centre is named.
        """
        centres = tuple(self._test.value or ()) if self._by.value == "centre" else ()
        if self._by.value == "centre" and not centres:
            raise InputError("say which centres are the test set", "none chosen")
        return SplitSettings(by=self._by.value, test_centres=centres)
