"""A new study from a folder of images and a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from perirad.errors import InputError
from perirad.study.cells import finite_number
from perirad.study.settings import ClinicalSettings
from perirad.study.store import write_text
from perirad.study.table import read_table
from perirad.workbench.outlines import OutlineStore

__all__ = ["Plan", "guess", "likely_unit", "write_study"]

_MOST_LEVELS = 8
_FINEST_MM = 0.02
_MISSING = frozenset(ClinicalSettings().missing_words)


@dataclass(frozen=True)
class Plan:
    """What the new study is to be: columns by their meaning, outcome, clinical variables, spacing for all (mm).

    Of the outcome's values, those in `event` count as 1, those in `excluded` leave the case out by design (the patient
    flow counts it), all others count as 0. `unit` is that of the table's spacing column: "mm" or "cm" per pixel.
    """

    title: str
    columns: Mapping[str, str]
    outcome: str
    event: tuple[str, ...]
    clinical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spacing_mm: str = ""
    unit: str = "mm"
    units: Mapping[str, str] = field(default_factory=dict)
    reader: str = "reader 1"
    excluded: tuple[str, ...] = ()


def best_columns(names: Sequence[str]) -> dict[str, str]:
    """Columns of a table that are what a study needs, told by their names: what it is -> column."""
    plain = {"".join(c for c in name.lower() if c.isalnum()): name for name in names}
    wanted = {
        "case_id": ("caseid", "case", "id", "imageid"),
        "patient_id": ("patientid", "patient", "subject", "subjectid"),
        "image": ("image", "imagefile", "imagefilename", "file", "filename", "picture"),
        "mask": ("mask", "maskfile", "maskfilename", "masktumorfilename", "outline", "segmentation"),
        "spacing_mm": ("spacingmm", "pixelspacing", "pixelsize", "spacing", "mmperpixel", "pixelsizemm"),
        "centre": ("centre", "center", "hospital", "site"),
    }
    found = {}
    for what, known in wanted.items():
        for name in known:
            if name in plain:
                found[what] = plain[name]
                break
    return found


def guess(frame: pd.DataFrame) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Columns by meaning, and every other column that could be a clinical variable: its levels, () for numbers."""
    columns = best_columns([str(name) for name in frame.columns])
    used = set(columns.values())
    clinical: dict[str, tuple[str, ...]] = {}
    for name in map(str, frame.columns):
        values = [str(value) for value in frame[name] if str(value) not in _MISSING]
        if name in used or not values:
            continue
        levels = tuple(sorted(set(values)))
        if all(finite_number(value) is not None for value in values) and len(levels) > 2:
            clinical[name] = ()
        elif 2 <= len(levels) <= _MOST_LEVELS:
            clinical[name] = levels
    return columns, clinical


def write_study(folder: Path, table: Path, plan: Plan) -> Path:
    """Write `study.toml` and `cases.csv` into a folder that holds the images.

    A case without an outline in the table gets the place where the reader's outline will be.

    Raises
    ------
    InputError
        When the folder has a study already, a column or an image is missing, or a value is to be event and left out.
    """
    if (folder / "study.toml").exists():
        raise InputError("a new study must have a folder of its own", f"study.toml is there already in {folder.name}")
    frame = read_table(table)
    for what in ("case_id", "image"):
        if plan.columns.get(what, "") not in frame.columns:
            raise InputError(f"the table must say which column is {what}", ", ".join(map(str, frame.columns)))
    if plan.outcome not in frame.columns:
        raise InputError("the outcome must be a column of the table", plan.outcome or "none chosen")
    if both := sorted({*plan.event} & {*plan.excluded}):
        raise InputError("a value of the outcome counts as event or is left out", f"{both[0]} as both")
    plan = replace(plan, clinical=_levels_left(frame, plan))
    rows = [_row(folder, {str(k): v for k, v in cells.items()}, plan) for cells in frame.to_dict("records")]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(folder / "cases.csv", stream.getvalue())
    write_text(folder / "study.toml", _toml(plan, sorted({str(value) for value in frame[plan.outcome]})))
    return folder


def _levels_left(frame: pd.DataFrame, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Clinical variables with the levels that occur in cases that are not left out by design."""
    kept = frame[~frame[plan.outcome].map(str).isin(plan.excluded)]
    there = {name: {str(value) for value in kept[name]} for name in plan.clinical}
    return {name: tuple(level for level in levels if level in there[name]) for name, levels in plan.clinical.items()}


def _row(folder: Path, cells: Mapping[str, object], plan: Plan) -> dict[str, str]:
    text = {str(name): str(value) for name, value in cells.items()}
    case = text[plan.columns["case_id"]]
    image = _found(folder, text[plan.columns["image"]], case)
    mask_name = text.get(plan.columns.get("mask", ""), "")
    spacing = _in_mm(text.get(plan.columns.get("spacing_mm", ""), ""), plan.unit) or plan.spacing_mm
    row = {
        "case_id": case,
        "patient_id": text.get(plan.columns.get("patient_id", ""), "") or case,
        "image": image,
        "mask": _found(folder, mask_name, case) if mask_name else OutlineStore(folder, plan.reader).mask_name(case),
        "spacing_mm": spacing,
        "centre": text.get(plan.columns.get("centre", ""), ""),
    }
    return row | {name: text[name] for name in (plan.outcome, *plan.clinical) if name not in row}


def likely_unit(frame: pd.DataFrame, column: str) -> str:
    """Unit of a spacing column by its size: an ultrasound pixel is 0.02 to 0.3 mm wide, so less than 0.02 is cm."""
    numbers = [finite_number(str(value)) for value in frame[column]] if column in frame.columns else []
    known = sorted(number for number in numbers if number is not None and number > 0)
    return "cm" if known and known[len(known) // 2] < _FINEST_MM else "mm"


def _in_mm(text: str, unit: str) -> str:
    """Spacing of a cell in mm; what is no number stays, and is complained of later."""
    number = finite_number(text) if text else None
    return text if number is None or unit == "mm" else f"{10 * number:.10g}"


def _found(folder: Path, name: str, case: str) -> str:
    """Path of a file relative to the study, wherever in its folder it lies."""
    plain = Path(name.replace("\\", "/")).name
    for path in (folder / name, *sorted(folder.rglob(plain))):
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path.resolve().relative_to(folder.resolve()).as_posix()
    raise InputError("the image must be among the files given", "no such file", case=case, file=name[:80])


def _toml(plan: Plan, values: Sequence[str]) -> str:
    def q(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    def each(texts: Sequence[str]) -> str:
        return f"[{', '.join(map(q, texts))}]"

    none = [value for value in values if value not in {*plan.event, *plan.excluded, ""}]
    lines = [
        f"title = {q(plan.title)}", 'kind = "real"', 'table = "cases.csv"', "seed = 1", "", "[outcome]",
        f"column = {q(plan.outcome)}", f"event = {each(plan.event)}",
        f"nonevent = {each(none)}", f"label = {q(plan.outcome)}",
        *([f"excluded = {each(plan.excluded)}"] if plan.excluded else []),
        f"event_label = {q(' or '.join(plan.event))}",
        f"nonevent_label = {q(' or '.join(none))}",
    ]  # fmt: skip
    for name, levels in plan.clinical.items():
        lines += ["", "[[clinical.variables]]", f"name = {q(name)}", f"label = {q(name)}"]
        if levels:
            lines.append(f"levels = {each(levels)}")
        elif plan.units.get(name):
            lines.append(f"unit = {q(plan.units[name])}")
    return "\n".join(lines) + "\n"
