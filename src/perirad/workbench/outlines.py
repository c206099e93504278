"""Outlines that readers draw: saved at every change, whole or not at all, with their history."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image as Pillow

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.study.store import write_bytes, write_text
from perirad.workbench.places import file_stem, inside

__all__ = ["Outline", "OutlineStore", "Step", "Steps", "from_runs", "to_runs"]

Step = Literal["edit", "amend", "undo", "redo"]
"""How a save follows from the one before: something new, the same thing moved on, or a step back or forth."""


@dataclass(frozen=True)
class Outline:
    """What a reader drew of a case.

    Pixels of the lesion that is studied, pixels that no region may use, and further lesions, which the rings of the
    studied one leave out; `saves` is how often it was saved.
    """

    lesion: BoolArray
    excluded: BoolArray
    saves: int
    done: bool = False
    others: tuple[BoolArray, ...] = ()


@dataclass(frozen=True)
class Steps:
    """Numbers of the saves that undo (`past`, the last one first to come) and redo (`future`) lead to; 0: untouched."""

    past: tuple[int, ...] = ()
    future: tuple[int, ...] = ()


def from_runs(runs: Sequence[int], shape: tuple[int, int]) -> BoolArray:
    """Mask of the lengths of its runs of False and True in turn, row by row.

    Raises
    ------
    InputError
        When the runs are not whole numbers that fill the picture.
    """
    size = shape[0] * shape[1]
    if not all(isinstance(length, int) and length >= 0 for length in runs) or sum(runs) != size:
        raise InputError(f"an outline must fill {shape[0]} x {shape[1]} pixels", f"runs of {sum(runs)}")
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, list(runs)).reshape(shape)


def to_runs(mask: BoolArray) -> list[int]:
    """Lengths of the runs of False and True in turn, row by row, False first."""
    flat = np.asarray(mask, dtype=np.bool_).ravel()
    edges = np.flatnonzero(np.diff(flat.astype(np.int8))) + 1
    runs = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
    return [0, *runs] if flat.size and flat[0] else [int(length) for length in runs]


@dataclass(frozen=True)
class OutlineStore:
    """Outlines of one reader under ``outlines/READER`` of a study.

    Of each case: a PNG of the studied lesion (and one of further lesions, and one of what is excluded, if there are
    any), which a study reads, a JSON with the number of saves, and a history with a line for each save.
    """

    folder: Path
    reader: str

    @property
    def place(self) -> Path:
        """Folder of the reader."""
        return inside(self.folder, f"outlines/{file_stem(self.reader)}")

    def mask_name(self, case_id: str) -> str:
        """Name of the lesion's PNG, relative to the study."""
        return f"outlines/{file_stem(self.reader)}/{file_stem(case_id)}.png"

    def save(
        self, case_id: str, shape: tuple[int, int], runs: Sequence[int], excluded: Sequence[int] = (),
        others: Sequence[Sequence[int]] = (), step: Step = "edit", by: str = "hand",
    ) -> Outline:  # fmt: skip
        """Keep what was drawn, `by` hand or by a rule; returns it as it now stands."""
        what = {
            "runs": list(runs),
            "excluded": list(excluded),
            "others": [list(each) for each in others],
            "step": step,
            "by": by,
        }
        drawn = _outline(what, shape)
        before = self.load(case_id, shape)
        saves = 1 if before is None else before.saves + 1
        stem = file_stem(case_id)
        # The history first: whatever happens next, what was drawn is on the disk.
        self._log(stem, {"save": saves, **what})
        write_bytes(self.place / f"{stem}.png", _png(drawn.lesion))
        further = np.logical_or.reduce([np.zeros(shape, dtype=np.bool_), *drawn.others]) & ~drawn.lesion
        for name, mask in (("excluded", drawn.excluded), ("others", further)):
            if mask.any():
                write_bytes(self.place / f"{stem}.{name}.png", _png(mask))
            else:
                (self.place / f"{stem}.{name}.png").unlink(missing_ok=True)
        state = {
            "case_id": case_id, "reader": self.reader, "saves": saves, "shape": list(shape), "done": drawn.done,
        }  # fmt: skip
        write_text(self.place / f"{stem}.json", json.dumps(state, ensure_ascii=False) + "\n")
        return replace(drawn, saves=saves)

    def _log(self, stem: str, what: dict[str, object]) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        what = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **what}
        path = self.place / f"{stem}.history.jsonl"
        torn = path.is_file() and not _ends_whole(path)
        with path.open("a", encoding="utf-8") as stream:
            # A line that a crash cut off must not swallow the one that comes after it.
            stream.write(("\n" if torn else "") + json.dumps(what) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def load(self, case_id: str, shape: tuple[int, int], save: int | None = None) -> Outline | None:
        """Outline of a case, the last or that of a save's number; None where there is none.

        A line that a crash cut off is passed over.
        """
        for known in self._history(case_id, last_first=True):
            try:
                if save in (None, known["save"]):
                    return replace(_outline(known, shape), saves=int(known["save"]))
            except (ValueError, KeyError, TypeError, InputError):
                continue
        return None

    def made_by(self, case_id: str) -> str:
        """How the last outline of a case came about: "hand", a rule's name, or "" where there is none."""
        last = next(self._history(case_id, last_first=True), None)
        return "" if last is None else str(last.get("by", "hand"))

    def steps(self, case_id: str) -> Steps:
        """Where undo and redo lead from the last save, told from the history: they outlive the page."""
        past: list[int] = []
        future: list[int] = []
        here = 0
        for known in self._history(case_id):
            step, save = known.get("step", "edit"), int(known.get("save", 0))
            if step == "undo" and past:
                future.append(here)
                here = past.pop()
            elif step == "redo" and future:
                past.append(here)
                here = future.pop()
            elif step == "amend":
                here = save
            else:
                past.append(here)
                here, future = save, []
        return Steps(tuple(past), tuple(future))

    def _history(self, case_id: str, *, last_first: bool = False) -> Iterator[dict[str, Any]]:
        path = self.place / f"{file_stem(case_id)}.history.jsonl"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        for line in reversed(lines) if last_first else lines:
            try:
                known = json.loads(line)
            except ValueError:
                continue
            if isinstance(known, dict):
                yield known

    def done(self) -> set[str]:
        """Identifiers of the cases with an outline that is not empty."""
        found = set()
        for path in sorted(self.place.glob("*.json")) if self.place.is_dir() else []:
            try:
                state = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                continue
            if isinstance(state, dict) and state.get("done"):
                found.add(str(state.get("case_id")))
        return found


def _outline(what: dict[str, Any], shape: tuple[int, int]) -> Outline:
    """Outline of a line of the history."""
    lesion = from_runs(what["runs"], shape)
    excluded = from_runs(what["excluded"], shape) if what["excluded"] else np.zeros(shape, dtype=np.bool_)
    others = tuple(from_runs(each, shape) for each in what.get("others", ()))
    return Outline(lesion, excluded, 0, bool(lesion.any()), others)


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 1))
        return stream.read() in {b"\n", b""}


def _png(mask: BoolArray) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(mask.astype(np.uint8) * 255).save(stream, "PNG")
    return stream.getvalue()
