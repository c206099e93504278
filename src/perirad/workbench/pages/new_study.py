"""A new study: drop images and a table, say what is what, and make it."""

from __future__ import annotations

import asyncio
import re
import tomllib
from pathlib import Path

from nicegui import events, ui

from perirad.errors import InputError, StudyError
from perirad.study.table import read_table
from perirad.workbench.bench import Bench, say
from perirad.workbench.newstudy import write_study
from perirad.workbench.newstudy_guess import guess
from perirad.workbench.pages.dropped import drop_zone
from perirad.workbench.pages.new_form import StudyForm
from perirad.workbench.places import write_new

__all__ = ["new_study"]

_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".parquet")
_GIVEN = "given"
"""Folder of a new study in which what was dropped lies as it came."""


def new_study(bench: Bench) -> None:
    """Draw the field to drop files on; the form comes with the table."""
    _NewStudy(bench)


class _NewStudy:
    """What has come so far, and the form for the rest."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._place: Path | None = None
        self._files = 0
        self._tables: dict[str, Path] = {}
        words = bench.words
        ui.label(words("new_hint"))
        self._name = ui.input(words("name"), value=words("new_study")).props('for="new-name"')
        self._simulated = ui.checkbox(words("new_simulated")).props('id="new-simulated"')
        drop_zone(words, words("files"), self._arrived, mark="new-upload", several=True)
        self._count = ui.label("").props('id="new-files" role="status"')
        self._which = ui.select([], label=words("which_table")).classes("w-96").props('id="new-table"')
        self._which.set_visibility(False)
        self._below = ui.column().classes("w-full")
        self._which.on_value_change(self._show)

    def _named(self) -> Path:
        """Folder by the name that is typed now."""
        plain = re.sub("[^\\w.-]+", "-", self._name.value or "").strip("-.")
        return self._bench.home / (plain or "new-study")

    async def _arrived(self, event: events.UploadEventArguments) -> None:
        """Keep a file; the folder is that of the name typed when the first one came, until the study is made."""
        try:
            place = self._place or _free(self._named())
            content = await event.file.read()
            written = write_new(place / _GIVEN, event.file.name, content)
        except (InputError, OSError) as error:
            say(error)
            return
        self._place = place
        self._files += 1
        self._count.text = self._bench.words("files_in", n=self._files)
        if written.name == "study.toml" and _is_simulated(content):
            self._simulated.value = True
        if written.suffix.lower() in _TABLES:
            self._take(written.relative_to(place / _GIVEN).as_posix(), written)

    def _take(self, name: str, table: Path) -> None:
        """Of several tables the first that names pictures is taken, until another is chosen."""
        now = self._which.value
        keeps = now is not None and (_names_pictures(self._tables[now]) or not _names_pictures(table))
        self._tables[name] = table
        self._which.set_options(list(self._tables), value=now if keeps else name)
        self._which.set_visibility(len(self._tables) > 1)

    def _show(self) -> None:
        """Draw the form for the chosen table."""
        words, name = self._bench.words, str(self._which.value)
        table = self._tables[name]
        self._below.clear()
        with self._below:
            try:
                frame = read_table(table)
            except InputError as error:
                say(error)
                return
            ui.label(words("table_in", name=table.name, n=len(frame)))
            form = StudyForm(self._bench, frame)
            ui.button(words("make"), on_click=lambda: self._make(form, name)).props('id="make-study"')

    async def _make(self, form: StudyForm, table: str) -> None:
        """Write the study, under the name that is typed now, by the form of one of the tables, and open it."""
        assert self._place is not None
        try:
            plan = form.plan(self._name.value or self._named().name, simulated=bool(self._simulated.value))
            if self._named() != self._place:  # it was named after the first file had come
                place = _free(self._named())
                if place.exists():
                    raise InputError("a new study must have a name of its own", f"{place.name} is there already")
                self._place.rename(place)
                self._place = place
                self._tables = {name: place / _GIVEN / name for name in self._tables}
            await asyncio.to_thread(write_study, self._place, self._tables[table], plan)
            self._bench.open(self._place)
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        ui.notify(self._bench.words("made"), type="positive")
        ui.navigate.to("/")


def _free(place: Path) -> Path:
    """A folder in which no study was made yet.

    Raises
    ------
    InputError
        When there is one.
    """
    if (place / "study.toml").exists():
        raise InputError("a new study must have a name of its own", f"{place.name} is there already")
    return place


def _is_simulated(content: bytes) -> bool:
    """Whether the settings of a study that lay among the files say that no patient is behind it."""
    try:
        return tomllib.loads(content.decode("utf-8")).get("kind") == "simulated"
    except ValueError:
        return False


def _names_pictures(table: Path) -> bool:
    try:
        return {"case_id", "image"} <= set(guess(read_table(table))[0])
    except InputError:
        return False
