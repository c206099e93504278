"""The files of a case, and what its table row says of how to read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perirad.errors import Problem
from perirad.study.cells import finite_number, parse_spacing

if TYPE_CHECKING:
    from perirad.image.outlines.choose import Choice

__all__ = [
    "FILE_COLUMNS", "Calipers", "CaseFiles", "Depth", "file_names", "file_problems", "lesion_label", "read_files",
]  # fmt: skip

FILE_COLUMNS = (
    *("image", "mask", "mask_2", "mask_label", "frame", "lesions", "other_mask", "exclude_mask", "chest_wall_mm"),
    *("spacing_mm", "caliper_mm", "caliper_points", "depth_mm", "depth_rows", "tick_mm"),
)
"""Columns of the table of cases that say what the files are and how they are read."""

_CHOICES: tuple[Choice, ...] = ("one", "largest", "all")


@dataclass(frozen=True)
class Calipers:
    """Two points of the picture, (row, column) in pixels, and their distance."""

    first: tuple[float, float]
    second: tuple[float, float]
    distance_mm: float


@dataclass(frozen=True)
class Depth:
    """Depth that the machine's display states, and the rows between which it lies; None for the whole picture."""

    depth_mm: float
    rows: tuple[float, float] | None = None


@dataclass(frozen=True)
class CaseFiles:
    """Image and outlines of a case.

    Parameters
    ----------
    image, mask : Path
        The picture and the outline of the lesion.
    spacing_mm : tuple of float, optional
        What the table states, (row, column).
    label : int or str, optional
        Which lesion of the mask's several, by number or name.
    frame : int, optional
        Which frame of several, from 0.
    lesions : {"one", "largest", "all"}
        What to do with several lesions, or several of that label.
    others : tuple of Path
        Masks of further lesions in the picture, to be left out of the rings.
    left_out : Path, optional
        Mask of whatever a reader wants left out of lesion and rings.
    chest_wall_mm : float, optional
        Depth of the chest wall, from the top of the insonated part.
    calipers, depth : optional
        What the table states instead of a spacing.
    tick_mm : float, optional
        Distance of neighbouring ticks of the ruler in the picture, where rulers are read.
    """

    image: Path
    mask: Path
    spacing_mm: tuple[float, float] | None = None
    label: int | str | None = None
    frame: int | None = None
    lesions: Choice = "one"
    others: tuple[Path, ...] = ()
    left_out: Path | None = None
    chest_wall_mm: float | None = None
    calipers: Calipers | None = None
    depth: Depth | None = None
    tick_mm: float | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file whose content decides the features."""
        return self.image, self.mask, *self.others, *([self.left_out] if self.left_out else [])


def read_files(row: Mapping[str, str], folder: Path, table: str) -> tuple[CaseFiles, list[Problem]]:
    """Files of a row of the table; a cell that cannot be read is a problem, and counts as empty."""
    cells = _Cells(row, table)
    files = CaseFiles(
        image=folder / row["image"],
        mask=folder / row["mask"],
        spacing_mm=cells.spacing(),
        label=lesion_label(row.get("mask_label")),
        frame=cells.whole("frame"),
        lesions=cells.choice(),
        others=tuple(folder / name for name in file_names(row, "other_mask")),
        left_out=folder / row["exclude_mask"] if row.get("exclude_mask") else None,
        chest_wall_mm=cells.positive("chest_wall_mm"),
        calipers=cells.calipers(),
        depth=cells.depth(),
        tick_mm=cells.positive("tick_mm"),
    )
    cells.check_one_scale()
    return files, cells.problems


def lesion_label(text: str | None) -> int | str | None:
    """Which lesion a person means: its number, or its name; None when nothing is said."""
    return int(text) if text and text.isdecimal() else text or None


class _Cells:
    """The cells of one row, and what is wrong with them."""

    def __init__(self, row: Mapping[str, str], table: str) -> None:
        self._row, self._table = row, table
        self.problems: list[Problem] = []

    def spacing(self) -> tuple[float, float] | None:
        value = parse_spacing(self._row.get("spacing_mm", ""))
        if not isinstance(value, str):
            return value
        self._bad("spacing_mm must be a positive number of millimetres per pixel, or two (row column)", value)
        return None

    def whole(self, name: str) -> int | None:
        text = self._row.get(name, "")
        if text and not text.isdecimal():
            self._bad(f"{name} must be a whole number", text)
        return int(text) if text.isdecimal() else None

    def positive(self, name: str) -> float | None:
        text = self._row.get(name, "")
        value = finite_number(text) if text else None
        if text and (value is None or value <= 0):
            self._bad(f"{name} must be a positive number", text)
            return None
        return value

    def choice(self) -> Choice:
        text = self._row.get("lesions", "") or "one"
        found = next((choice for choice in _CHOICES if choice == text), None)
        if found is None:
            self._bad(f"lesions must be one of {', '.join(_CHOICES)}", text)
        return found or "one"

    def calipers(self) -> Calipers | None:
        distance, points = self.positive("caliper_mm"), self._numbers("caliper_points", 4)
        if (distance is None) != (points is None) and not self.problems:
            self._bad("caliper_mm and caliper_points must be given together", "one of them")
        if distance is None or points is None:
            return None
        return Calipers((points[0], points[1]), (points[2], points[3]), distance)

    def depth(self) -> Depth | None:
        depth, rows = self.positive("depth_mm"), self._numbers("depth_rows", 2)
        if depth is None and rows is not None and not self.problems:
            self._bad("depth_rows must come with depth_mm", "depth_rows alone")
        return None if depth is None else Depth(depth, (rows[0], rows[1]) if rows else None)

    def check_one_scale(self) -> None:
        """Find two statements of one thing: nobody could say which is meant."""
        stated = [name for name in ("spacing_mm", "caliper_mm", "depth_mm") if self._row.get(name)]
        if len(stated) > 1:
            self._bad("the scale must be stated once (spacing_mm, caliper_mm or depth_mm)", " and ".join(stated))

    def _numbers(self, name: str, count: int) -> list[float] | None:
        text = self._row.get(name, "")
        if not text:
            return None
        numbers = [finite_number(part) for part in re.split(r"[\s;,]+", text)]
        found = [number for number in numbers if number is not None]
        if len(found) != count or len(numbers) != count:
            self._bad(f"{name} must be {count} numbers", text)
            return None
        return found

    def _bad(self, expected: str, found: str) -> None:
        self.problems.append(Problem(expected, repr(found), case=self._row["case_id"], file=self._table))


def file_names(row: Mapping[str, str], column: str) -> list[str]:
    """File names of a cell, several parted by semicolons."""
    return [name.strip() for name in row.get(column, "").split(";") if name.strip()]


def file_problems(row: Mapping[str, str], folder: Path, table: str) -> Iterator[Problem]:
    """What is wrong with the paths of a row."""
    case_id = row["case_id"]
    for name in ("image", "mask"):
        if not row[name]:
            yield Problem(f"the {name} column must name a file", "an empty cell", case_id, table)
    wanted = [("image", row["image"]), ("mask", row["mask"])]
    wanted += [(column, name) for column in ("other_mask", "exclude_mask") for name in file_names(row, column)]
    for column, name in wanted:
        if name and (lacking := _lacking(folder / name)):
            mend = f"correct the {column} column (paths are relative to the study folder)"
            yield Problem(f"the {column} file must exist", lacking, case_id, name, mend)
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
