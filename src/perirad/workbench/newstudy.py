"""A new study from a folder of images and a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from perirad.errors import InputError
from perirad.study.casefiles import FILE_COLUMNS
from perirad.study.cells import parse_spacing
from perirad.study.outcome import derive
from perirad.study.settings import OutcomeSettings, SplitSettings
from perirad.study.store import write_text
from perirad.study.table import read_table
from perirad.study.toml import toml_of
from perirad.workbench.newstudy_files import GivenFiles
from perirad.workbench.newstudy_guess import COHORT_WORDS, FURTHER, is_unknown
from perirad.workbench.outlines import OutlineStore

__all__ = ["Plan", "Tally", "column_outcome", "tally", "write_study"]

_FILES = ("mask_2", "other_mask", "exclude_mask")
_SCALES = ("caliper_mm", "depth_mm", "tick_mm")


@dataclass(frozen=True)
class Plan:
    """What the new study is to be.

    Parameters
    ----------
    title : str
        Its title.
    columns : mapping of str to str
        What perirad calls a column -> the table's name of it.
    outcome : OutcomeSettings
        What is predicted.
    clinical : mapping of str to tuple of str
        Clinical variables that are offered, with their levels; () for numbers.
    split : SplitSettings
        How patients are divided.
    spacing_mm : str
        Millimetres per pixel of images of which the table says nothing.
    unit : str
        Unit of the table's spacing column: "mm" or "cm" per pixel.
    reader : str
        Whose outlines the study will use where the table names none.
    preset : str
        A published design to begin with, or "".
    simulated : bool
        Whether no patient is behind the images; every figure then says so.
    """

    title: str
    columns: Mapping[str, str]
    outcome: OutcomeSettings
    clinical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    split: SplitSettings = field(default_factory=SplitSettings)
    spacing_mm: str = ""
    unit: str = "mm"
    reader: str = "reader 1"
    preset: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class Tally:
    """How many rows are of each class (event first), left out by design and why, and of no understood outcome."""

    classes: Mapping[str, int]
    left_out: Mapping[str, int]
    unclear: Mapping[str, int]


def column_outcome(
    frame: pd.DataFrame, column: str, event: Sequence[str], excluded: Sequence[str] = ()
) -> OutcomeSettings:
    """Outcome by the values of a column: those in `event` count as 1, all others as 0.

    Values in `excluded`, and words for missing values, leave the case out by design; the patient flow counts them.

    Raises
    ------
    InputError
        When there is no such column, nothing counts as event, or a value is to be event and left out.
    """
    if column not in frame.columns:
        raise InputError("the outcome must be a column of the table", column or "none chosen")
    if not event:
        raise InputError("say which values of the outcome count as event", "none")
    if both := sorted({*event} & {*excluded}):
        raise InputError("a value of the outcome counts as event or is left out", f"{both[0]} as both")
    values = sorted({str(value) for value in frame[column]} - {*event, *excluded, ""})
    none = [value for value in values if not is_unknown(value)]
    return OutcomeSettings(
        column=column, event=tuple(event), nonevent=tuple(none),
        excluded=(*excluded, *(value for value in values if is_unknown(value))),
        label=column, event_label=" or ".join(event), nonevent_label=" or ".join(none),
    )  # fmt: skip


def tally(frame: pd.DataFrame, outcome: OutcomeSettings) -> Tally:
    """Count what the rows of a table are by an outcome."""
    found = [derive({str(name): str(cell) for name, cell in row.items()}, outcome) for row in frame.to_dict("records")]
    labels = {outcome.event_label: 1, outcome.nonevent_label: 0}
    return Tally(
        {label: sum(one.outcome == value for one in found) for label, value in labels.items() if label},
        dict(Counter(one.excluded for one in found if one.excluded)),
        dict(Counter(one.unreadable for one in found if one.unreadable)),
    )


def write_study(folder: Path, table: Path, plan: Plan) -> Path:
    """Write `study.toml` and `cases.csv` into a folder that holds the images.

    A case without an outline in the table gets the place where the reader's outline will be.

    Raises
    ------
    InputError
        When the folder has a study already, a column or a file is missing, or a clinical variable is the outcome.
    """
    if (folder / "study.toml").exists():
        raise InputError("a new study must have a folder of its own", f"study.toml is there already in {folder.name}")
    frame = read_table(table)
    for what in ("case_id", "image"):
        if plan.columns.get(what, "") not in frame.columns:
            raise InputError(f"the table must say which column is {what}", ", ".join(map(str, frame.columns)))
    for name in plan.outcome.columns:
        if name not in frame.columns:
            raise InputError("the outcome must be a column of the table", name or "none chosen")
        if name in plan.clinical:
            raise InputError("a clinical variable must not be what the outcome is made of", name)
    plan = replace(plan, clinical=_levels_left(frame, plan))
    files, store = GivenFiles(folder, table), OutlineStore(folder, plan.reader)
    rows = [_row(files, store, {str(k): str(v) for k, v in row.items()}, plan) for row in frame.to_dict("records")]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(folder / "cases.csv", stream.getvalue())
    write_text(folder / "study.toml", toml_of(_settings(plan)))
    return folder


def _levels_left(frame: pd.DataFrame, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Clinical variables with the levels that occur in cases that are not left out by design."""
    kept = frame[frame.apply(lambda row: not derive(dict(row), plan.outcome).excluded, axis=1)]
    there = {name: {str(value) for value in kept[name]} for name in plan.clinical}
    return {name: tuple(level for level in levels if level in there[name]) for name, levels in plan.clinical.items()}


def _row(files: GivenFiles, store: OutlineStore, text: Mapping[str, str], plan: Plan) -> dict[str, str]:
    cell = {what: text.get(name, "") for what, name in plan.columns.items() if name}
    cell |= {what: "" for what in FILE_COLUMNS if is_unknown(cell.get(what, ""))}
    case, mask = cell["case_id"], cell.get("mask", "")
    spacing = _in_mm(cell.get("spacing_mm", ""), plan.unit)
    row = {
        "case_id": case,
        "patient_id": cell.get("patient_id", "") or case,
        "image": files.find(cell["image"], case, "image"),
        "mask": files.find(mask, case, "mask") if mask else store.mask_name(case),
        "spacing_mm": spacing or ("" if any(cell.get(name) for name in _SCALES) else plan.spacing_mm),
        "centre": cell.get("centre", ""),
    }
    row |= {what: cell[what] for what in FURTHER if plan.columns.get(what)}
    row |= {what: files.find_all(row[what], case, what) for what in _FILES if what in row}
    if "cohort" in row:
        row["cohort"] = COHORT_WORDS.get(row["cohort"].lower(), row["cohort"])
    return row | {name: text[name] for name in (*plan.outcome.columns, *plan.clinical) if name not in row}


def _in_mm(text: str, unit: str) -> str:
    """Spacing of a cell in mm; what is no spacing stays, and is complained of later."""
    spacing = parse_spacing(text)
    if unit == "mm" or spacing is None or isinstance(spacing, str):
        return text
    return " ".join(dict.fromkeys(f"{10 * number:.10g}" for number in spacing))


def _settings(plan: Plan) -> dict[str, Any]:
    """What `study.toml` says; all else is as the defaults, or the preset, have it."""
    variables = [
        {"name": name, "label": name, **({"levels": list(levels)} if levels else {})}
        for name, levels in plan.clinical.items()
    ]
    outcome = plan.outcome.model_dump(mode="json")
    by_value = ("column", "event", "nonevent", "excluded")
    by_rule = ("rule", "ihc", "ish", "ratio", "copies", "ultralow")
    told = (*(by_value if plan.outcome.rule == "column" else by_rule), "label", "event_label", "nonevent_label")
    return {
        "title": plan.title, "kind": "simulated" if plan.simulated else "real", "table": "cases.csv", "seed": 1,
        **({"preset": plan.preset} if plan.preset else {}),
        "outcome": {name: outcome[name] for name in told if outcome[name] not in ("", []) or name == "nonevent"},
        "split": plan.split.model_dump(mode="json", exclude_defaults=True) or {"by": plan.split.by},
        **({"clinical": {"variables": variables}} if variables else {}),
    }  # fmt: skip
