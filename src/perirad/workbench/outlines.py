"""Outlines that readers draw: saved at every change, whole or not at all, with their history."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.study.store import write_bytes, write_text
from perirad.workbench.places import file_stem, inside

__all__ = ["Outline", "OutlineStore", "from_runs", "to_runs"]


@dataclass(frozen=True)
class Outline:
    """What a reader drew of a case: pixels of the lesion, and pixels that no region may use; how often it was saved."""

    lesion: BoolArray
    excluded: BoolArray
    saves: int
    done: bool = False


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

    Of each case: a PNG of the lesion (and one of what is excluded, if anything is), which a study reads, a JSON with
    the number of saves, and a history with a line for each save.
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

    def save(self, case_id: str, shape: tuple[int, int], runs: Sequence[int], excluded: Sequence[int] = ()) -> Outline:
        """Keep what was drawn; returns it as it now stands."""
        lesion = from_runs(runs, shape)
        other = from_runs(excluded, shape) if excluded else np.zeros(shape, dtype=np.bool_)
        before = self.load(case_id, shape)
        saves = 1 if before is None else before.saves + 1
        stem = file_stem(case_id)
        # The history first: whatever happens next, what was drawn is on the disk.
        self._log(stem, {"save": saves, "runs": list(runs), "excluded": list(excluded)})
        write_bytes(self.place / f"{stem}.png", _png(lesion))
        if other.any():
            write_bytes(self.place / f"{stem}.excluded.png", _png(other))
        else:
            (self.place / f"{stem}.excluded.png").unlink(missing_ok=True)
        state = {
            "case_id": case_id,
            "reader": self.reader,
            "saves": saves,
            "shape": list(shape),
            "done": bool(lesion.any()),
        }
        write_text(self.place / f"{stem}.json", json.dumps(state, ensure_ascii=False) + "\n")
        return Outline(lesion, other, saves, bool(lesion.any()))

    def _log(self, stem: str, what: dict[str, object]) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        what = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **what}
        with (self.place / f"{stem}.history.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(what) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def load(self, case_id: str, shape: tuple[int, int]) -> Outline | None:
        """Last outline of a case, None where nothing was drawn; a last line that a crash cut off is passed over."""
        history = self.place / f"{file_stem(case_id)}.history.jsonl"
        if not history.is_file():
            return None
        for line in reversed(history.read_text(encoding="utf-8").splitlines()):
            try:
                known = json.loads(line)
                lesion = from_runs(known["runs"], shape)
                other = from_runs(known["excluded"], shape) if known["excluded"] else np.zeros(shape, dtype=np.bool_)
                return Outline(lesion, other, int(known["save"]), bool(lesion.any()))
            except (ValueError, KeyError, TypeError, InputError):
                continue
        return None

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


def _png(mask: BoolArray) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(mask.astype(np.uint8) * 255).save(stream, "PNG")
    return stream.getvalue()
