"""What a new study is to predict: the values of a column, or HER2-low by the results of IHC and ISH."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from nicegui import ui

from perirad.errors import InputError
from perirad.study.settings import OutcomeSettings
from perirad.workbench.bench import Bench
from perirad.workbench.newstudy import column_outcome, tally
from perirad.workbench.newstudy_guess import her2_columns, tells_her2
from perirad.workbench.problem_words import phrase

__all__ = ["OutcomeFields"]

_ULTRALOW = ("zero", "low", "exclude")


class OutcomeFields:
    """Fields of the outcome, and how many rows count as what by them.

    Parameters
    ----------
    bench : Bench
        For its words.
    frame : pandas.DataFrame
        The table, as text.
    """

    def __init__(self, bench: Bench, frame: pd.DataFrame) -> None:
        self._bench, self._frame = bench, frame
        words, found = bench.words, her2_columns(frame)
        names = [str(name) for name in frame.columns]
        kinds = {kind: words(f"outcome_{kind}") for kind in ("column", "her2")}
        self.kind = ui.radio(kinds, value="her2" if {"ihc", "ish"} <= set(found) else "column").props(
            f'inline id="new-outcome-kind" aria-label="{words("outcome_is")}"'
        )
        with ui.row().bind_visibility_from(self.kind, "value", value="column"):
            self.column = _select(names, words("outcome"), "new-outcome", "w-64")
            self.event = _select([], words("event"), "new-event", "w-64", multiple=True)
            self.left_out = _select([], words("left_out"), "new-left-out", "w-96", multiple=True)
        with ui.row().bind_visibility_from(self.kind, "value", value="her2"):
            self.her2 = {
                what: _select(["", *names], words(f"her2_{what}"), f"new-{what}", "w-64", value=found.get(what, ""))
                for what in ("ihc", "ish", "ratio", "copies")
            }
            self.ultralow = _select(
                {value: words(f"ultralow_{value}") for value in _ULTRALOW}, words("ultralow"), "new-ultralow", "w-80",
                value="zero",
            )  # fmt: skip
            self.preset = ui.checkbox(words("preset_her2")).props('id="new-preset"')
        self._counts = ui.label("").props('id="new-tally" role="status"')
        self.column.on_value_change(lambda change: self._offer(change.value))
        for field in (self.kind, self.event, self.left_out, *self.her2.values(), self.ultralow):
            field.on_value_change(self._count)
        self._count()

    @property
    def is_her2(self) -> bool:
        """Whether HER2 status is predicted."""
        return bool(self.kind.value == "her2")

    @property
    def columns(self) -> set[str]:
        """Columns that make the outcome, as far as they are chosen, or tell it by another name."""
        fields = self.her2.values() if self.is_her2 else (self.column,)
        told = {str(name) for name in self._frame.columns if self.is_her2 and tells_her2(str(name))}
        return told | {str(field.value) for field in fields if field.value}

    @property
    def preset_name(self) -> str:
        """The published design to begin with, "" for none."""
        return "her2-low-2025" if self.is_her2 and self.preset.value else ""

    def settings(self) -> OutcomeSettings:
        """The outcome as a study has it.

        Raises
        ------
        InputError
            When it is not said yet, or not wholly.
        """
        if not self.is_her2:
            event, left_out = (tuple(field.value or ()) for field in (self.event, self.left_out))
            return column_outcome(self._frame, self.column.value or "", event, left_out)
        for what in ("ihc", "ish"):
            if not self.her2[what].value:
                raise InputError(f"HER2 status must have a column of {what.upper()}", "none chosen")
        ihc, ish, ratio, copies = (str(self.her2[what].value or "") for what in ("ihc", "ish", "ratio", "copies"))
        return OutcomeSettings(
            rule="her2-low", ihc=ihc, ish=ish, ratio=ratio, copies=copies, ultralow=self.ultralow.value,
            label="HER2 status", event_label="HER2-low", nonevent_label="HER2-zero",
        )  # fmt: skip

    def listen(self, changed: Callable[[], None]) -> None:
        """Have something called whenever other columns may make the outcome, and once now."""
        for field in (self.kind, self.column, *self.her2.values()):
            field.on_value_change(changed)
        changed()

    def _offer(self, column: str) -> None:
        values = sorted({str(value) for value in self._frame[column]} - {""})
        for field in (self.event, self.left_out):
            field.set_options(values, value=[])
        self._count()

    def _count(self, _: Any = None) -> None:
        """Say what the rows count as; nothing while the outcome is not said."""
        words = self._bench.words
        try:
            found = tally(self._frame, self.settings())
        except InputError:
            self._counts.text = ""
            return
        said = [f"{label}: {n}" for label, n in found.classes.items()]
        for key, counts in (("tally_out", found.left_out), ("tally_unclear", found.unclear)):
            if counts:
                several = ", ".join(f"{phrase(why, words.language)}: {n}" for why, n in counts.items())
                said.append(words(key, n=sum(counts.values()), why=several[:300]))
        self._counts.text = " · ".join(said)


def _select(options: Any, label: str, mark: str, width: str, *, value: Any = None, multiple: bool = False) -> ui.select:
    given = [] if multiple else value
    return ui.select(options, label=label, multiple=multiple, value=given).classes(width).props(f'id="{mark}"')
