"""The form of a new study: what the table's columns are, what is predicted from what, how patients are divided."""

from __future__ import annotations

from typing import Any

import pandas as pd
from nicegui import ui

from perirad.errors import InputError
from perirad.study.settings import SplitSettings
from perirad.workbench.bench import Bench
from perirad.workbench.newstudy import Plan
from perirad.workbench.newstudy_guess import guess, likely_unit
from perirad.workbench.pages.new_outcome import OutcomeFields

__all__ = ["StudyForm"]

_ASKED = ("case_id", "image", "patient_id", "mask", "spacing_mm", "centre", "other_mask")


class StudyForm:
    """Fields for all that a new study must be told beyond its files.

    Parameters
    ----------
    bench : Bench
        For its words and who is reading.
    frame : pandas.DataFrame
        The table, as text.
    """

    def __init__(self, bench: Bench, frame: pd.DataFrame) -> None:
        words = bench.words
        self._bench = bench
        self._found, self._clinical = guess(frame)
        self._fields = _columns(bench, frame, self._found)
        self._outcome = OutcomeFields(bench, frame)
        self._offered = ui.select(sorted(self._clinical), multiple=True, value=[], label=words("clinical"))
        self._offered.classes("w-full").props('id="new-clinical"')
        self._outcome.listen(self._offer)
        self._split = _Split(bench, frame, self._fields["centre"], self._found.get("cohort", ""))
        self._spacing = ui.input(words("spacing_all")).style("width: 32rem; max-width: 100%")
        likely = likely_unit(frame, self._found.get("spacing_mm", ""))
        unit = ui.select(["mm", "cm"], value=likely, label=words("unit")).classes("w-64").props('id="new-unit"')
        self._fields["spacing_mm"].on_value_change(
            lambda change: unit.set_value(likely_unit(frame, change.value or ""))
        )
        self._unit = unit

    def _offer(self) -> None:
        """What makes the outcome is no clinical variable."""
        kept = sorted(set(self._clinical) - self._outcome.columns)
        self._offered.set_options(kept, value=[name for name in self._offered.value if name in kept])

    def plan(self, title: str, *, simulated: bool) -> Plan:
        """What was said.

        Raises
        ------
        InputError
            When the outcome, or how patients are divided, is not said wholly.
        """
        return Plan(
            title=title, outcome=self._outcome.settings(), split=self._split.settings(),
            columns=self._found | {what: str(field.value or "") for what, field in self._fields.items()},
            clinical={key: self._clinical[key] for key in self._offered.value}, spacing_mm=self._spacing.value or "",
            unit=self._unit.value, reader=self._bench.reader, preset=self._outcome.preset_name, simulated=simulated,
        )  # fmt: skip


def _columns(bench: Bench, frame: pd.DataFrame, columns: dict[str, str]) -> dict[str, ui.select]:
    """Fields of the columns that are asked for; the others that perirad knows are named."""
    words, names = bench.words, [str(name) for name in frame.columns]
    ui.label(words("columns_are")).classes("perirad-faint")
    with ui.row():
        fields = {
            what: ui.select(["", *names], value=columns.get(what, ""), label=words(f"col_{what}")).classes("w-48")
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
