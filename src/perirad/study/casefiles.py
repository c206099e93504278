"""The files of a case, and what its table row says of how to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from perirad.errors import Problem
from perirad.study.cells import parse_spacing

__all__ = ["CaseFiles", "file_problems", "read_files"]


@dataclass(frozen=True)
class CaseFiles:
    """Image and outline of a case.

    `spacing_mm` is what the table states, (row, column); `label` says which value of the mask is the lesion, None when
    it marks one only; `frame` which frame of several, from 0.
    """

    image: Path
    mask: Path
    spacing_mm: tuple[float, float] | None = None
    label: int | None = None
    frame: int | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file whose content decides the features."""
        return self.image, self.mask


def read_files(row: Mapping[str, str], folder: Path, table: str) -> tuple[CaseFiles, list[Problem]]:
    """Files of a row of the table; a cell that cannot be read is a problem, and counts as empty."""
    case_id = row["case_id"]
    problems: list[Problem] = []
    spacing = parse_spacing(row.get("spacing_mm", ""))
    if isinstance(spacing, str):
        expected = "spacing_mm must be a positive number of millimetres per pixel, or two (row column)"
        problems.append(Problem(expected, repr(spacing), case=case_id, file=table))
        spacing = None
    whole: dict[str, int | None] = {}
    for name in ("mask_label", "frame"):
        text = row.get(name, "")
        whole[name] = int(text) if text.isdecimal() else None
        if text and not text.isdecimal():
            problems.append(Problem(f"{name} must be a whole number", repr(text), case=case_id, file=table))
    files = CaseFiles(folder / row["image"], folder / row["mask"], spacing, whole["mask_label"], whole["frame"])
    return files, problems


def file_problems(row: Mapping[str, str], folder: Path, table: str) -> Iterator[Problem]:
    """What is wrong with the paths of a row."""
    case_id = row["case_id"]
    for name in ("image", "mask"):
        if not row[name]:
            yield Problem(f"the {name} column must name a file", "an empty cell", case_id, table)
        elif lacking := _lacking(folder / row[name]):
            mend = f"correct the {name} column (paths are relative to the study folder)"
            yield Problem(f"the {name} file must exist", lacking, case_id, row[name], mend)
    if row["image"] and folder / row["image"] == folder / row["mask"]:
        mend = "name the outline of the lesion in the mask column"
        yield Problem("image and mask must be two files", "one and the same", case_id, row["image"], mend)


def _lacking(path: Path) -> str:
    """Why a file cannot be had; empty when it is there."""
    try:
        if path.is_file():
            return ""
        return "a folder" if path.is_dir() else "no such file"
    except OSError as error:
        return error.strerror or type(error).__name__
