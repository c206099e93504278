"""What the outline page goes on from, and how it keeps what is drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from perirad.study.store import write_text
from perirad.workbench.desk import Desk, Row
from perirad.workbench.outlines import Outline, OutlineStore, Step, to_runs

__all__ = ["drawing_of", "is_first", "keep", "state_of"]

_STEPS: dict[Any, Step] = {"amend": "amend", "undo": "undo", "redo": "redo"}


def drawing_of(desk: Desk, row: Row, shape: tuple[int, int], reader: str, save: int | None = None) -> Outline | None:
    """What a reader goes on from: the own outline (the last, or that of a save's number), else what the table names.

    Of the table's, only the first reader sees the studied lesion; a further one begins without it, so that readings
    are independent, but with further lesions and what is left out. Save 0 is the picture before anything was drawn.
    """
    own = OutlineStore(desk.folder, reader).load(row.case_id, shape, save) if save != 0 else None
    if own is not None:
        return own
    found = desk.tabled(row, shape)
    if found is None or is_first(desk.folder, reader):
        return found
    return replace(found, lesion=np.zeros(shape, dtype=np.bool_), done=False)


def is_first(folder: Path, reader: str) -> bool:
    """Whether nobody else drew in this study before this reader did."""
    try:
        return str(json.loads((folder / "outlines" / "first.json").read_text(encoding="utf-8"))) == reader
    except (OSError, ValueError):
        return True


def keep(desk: Desk, row: Row, shape: tuple[int, int], reader: str, told: Mapping[str, Any]) -> Outline:
    """Keep what the canvas tells: `runs`, `exclusion`, `others`, and which `step` it is.

    Raises
    ------
    InputError
        When what is told does not fill the picture.
    """
    excluded = told["exclusion"] if any(told["exclusion"][1::2]) else []
    step: Step = _STEPS.get(told.get("step"), "edit")
    store = OutlineStore(desk.folder, reader)
    kept = store.save(row.case_id, shape, told["runs"], excluded, told.get("others", ()), step)
    first = desk.folder / "outlines" / "first.json"
    if not first.exists():
        write_text(first, json.dumps(reader, ensure_ascii=False) + "\n")
    return kept


def state_of(drawn: Outline | None, shape: tuple[int, int]) -> dict[str, Any]:
    """Outline as the canvas takes it: runs of each lesion, the studied one first, and of what is left out."""
    if drawn is None:
        return {"lesions": [[shape[0] * shape[1]]], "exclusion": [shape[0] * shape[1]]}
    lesions = [to_runs(mask) for mask in (drawn.lesion, *drawn.others)]
    return {"lesions": lesions, "exclusion": to_runs(drawn.excluded)}
