"""What the pages show of a study: its cases with pictures and outlines, its problems, its results."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from perirad.errors import InputError, StudyError
from perirad.study.casefiles import CaseFiles, read_files
from perirad.study.cohort import EXCLUDE_COLUMN, renamed
from perirad.study.gather import recipe_of
from perirad.study.settings import Study, open_study
from perirad.study.store import write_text
from perirad.study.table import read_table
from perirad.workbench.outlines import Outline, OutlineStore
from perirad.workbench.pictures import Picture, calibrated_picture
from perirad.workbench.places import inside
from perirad.workbench.problem_words import level_line
from perirad.workbench.tabled import tabled_outline

__all__ = ["Desk", "Row"]


@dataclass(frozen=True)
class Row:
    """A case of the table: identifier, cells, and what was decided of it (accept, exclude, or nothing)."""

    case_id: str
    cells: Mapping[str, str]
    verdict: str = ""
    reason: str = ""


class Desk:
    """A study folder on the desk; every method reads what is on the disk now."""

    def __init__(self, folder: Path, allowed: Sequence[Path] = ()) -> None:
        self.folder = folder.resolve()
        self.allowed = tuple(path.resolve() for path in allowed)

    def study(self) -> Study:
        """The study, its settings checked."""
        return open_study(self.folder)

    def frame(self) -> pd.DataFrame:
        """The table of cases, columns as the study calls them."""
        study = self.study()
        return renamed(read_table(study.table), study.settings)

    def rows(self) -> list[Row]:
        """All cases of the table, in its order."""
        frame, accepted = self.frame(), self.accepted()
        if "case_id" not in frame.columns or "image" not in frame.columns:
            raise InputError("the table must have the columns case_id and image", ", ".join(map(str, frame.columns)))
        found = []
        for cells in frame.to_dict("records"):
            own = {str(name): str(value) for name, value in cells.items()}
            reason = own.get(EXCLUDE_COLUMN, "")
            verdict = "exclude" if reason else "accept" if own["case_id"] in accepted else ""
            found.append(Row(own["case_id"], own, verdict, reason))
        return found

    def picture(self, row: Row) -> Picture:
        """A case's picture; one whose millimetres nobody knows is shown without rings.

        Raises
        ------
        InputError
            When the file lies outside the study, or cannot be read.
        """
        study = self.study()
        path, cells = self.file(row.cells["image"]), dict(row.cells)
        try:
            self.file(cells.get("mask", ""))
        except InputError:
            cells["mask"] = ""  # where it may not be read it cannot choose among calibrated regions
        return calibrated_picture(path, cells, study.folder, recipe_of(study.settings).calibration)

    def case_files(self, row: Row) -> CaseFiles:
        """Files of a case as a study reads them, every one of them such that it may be read.

        Raises
        ------
        InputError
            When a cell cannot be read, or a file lies outside the study and the folders that were allowed.
        """
        study = self.study()
        files, problems = read_files({"mask": "", **row.cells}, study.folder, study.table.name)
        if problems:
            raise InputError.of(problems[0])
        for path in files.paths:
            self.file(str(path))
        return files

    def file(self, name: str) -> Path:
        """A file of the table: in the study folder, or in a folder that was allowed when the workbench was started."""
        path = (self.folder / name).resolve()
        if any(path.is_relative_to(folder) for folder in self.allowed):
            return path
        try:
            return inside(self.folder, name)
        except InputError as error:
            mend = f"start with: perirad workbench --allow {path.parent.name}/, the folder where the images are"
            raise InputError(error.problem.expected, error.problem.found, mend=mend) from None

    def drawn(self, row: Row, shape: tuple[int, int], reader: str) -> np.ndarray | None:
        """Studied lesion of a case as a reader has outlined it, or as the table has it where the reader has not."""
        own = OutlineStore(self.folder, reader).load(row.case_id, shape)
        found = own if own is not None else self.tabled(row, shape)
        return None if found is None else found.lesion

    def tabled(self, row: Row, shape: tuple[int, int]) -> Outline | None:
        """Outline that the table names; None where it names none, or the outline cannot be read."""
        try:
            return tabled_outline(row.cells, shape, self.file)
        except (InputError, OSError):
            return None

    def accepted(self) -> set[str]:
        """Cases that were accepted in quality control."""
        try:
            known = json.loads((self.folder / "outlines" / "accepted.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return set()
        return {str(name) for name in known} if isinstance(known, list) else set()

    def decide(self, case_id: str, verdict: str, reason: str = "") -> None:
        """Accept a case, or exclude it for a reason, which the table keeps and the patient flow counts.

        Raises
        ------
        InputError
            For an exclusion without a reason, or of a table that is no CSV file.
        """
        reason = " ".join(reason.split())
        if verdict == "exclude" and not reason:
            raise InputError("an exclusion must have a reason", "none", case=case_id)
        known = self.accepted() - {case_id} | ({case_id} if verdict == "accept" else set())
        before = next(row for row in self.rows() if row.case_id == case_id).reason
        if before or verdict == "exclude":
            self.set_cells({case_id: {EXCLUDE_COLUMN: reason if verdict == "exclude" else ""}})
        write_text(self.folder / "outlines" / "accepted.json", json.dumps(sorted(known), ensure_ascii=False) + "\n")

    def set_cells(self, changes: Mapping[str, Mapping[str, str]]) -> None:
        """Change cells of the table: case -> column -> text. The table as it was first is kept beside it.

        Raises
        ------
        InputError
            When the table is no CSV file.
        """
        table = self.study().table
        if table.suffix.lower() != ".csv":
            mend = "save it as CSV and name that in study.toml"
            raise InputError("the workbench changes CSV tables only", table.name, mend=mend)
        kept = table.with_name(f"{table.stem}.before-workbench.csv")
        if not kept.exists():
            shutil.copyfile(table, kept)
        frame = self.frame()
        for column in dict.fromkeys(name for cells in changes.values() for name in cells):
            if column not in frame.columns:
                frame[column] = ""
        place = {case: at for at, case in enumerate(frame["case_id"])}
        for case, cells in changes.items():
            for column, text in cells.items():
                frame.loc[frame.index[place[case]], column] = text
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(list(frame.columns))
        writer.writerows(frame.to_numpy().tolist())
        write_text(table, stream.getvalue())

    def use_outlines(self, reader: str, column: str = "mask") -> int:
        """Let the study use a reader's outlines; returns how many cases have one."""
        store = OutlineStore(self.folder, reader)
        done = store.done()
        changes = {}
        for row in self.rows():
            if row.case_id in done:
                changes[row.case_id] = {column: store.mask_name(row.case_id)}
                for name, cell in (("excluded", "exclude_mask"), ("others", "other_mask")):
                    area = store.mask_name(row.case_id).removesuffix(".png") + f".{name}.png"
                    if column == "mask" and (self.folder / area).is_file():
                        changes[row.case_id][cell] = area
                    elif column == "mask" and row.cells.get(cell):  # what the reader has erased is used no longer
                        changes[row.case_id][cell] = ""
        if changes:
            self.set_cells(changes)
        return len(changes)

    def problems(self, language: str = "en") -> list[str]:
        """What `perirad check` says, a line each, in a language."""
        from perirad.study import engine  # noqa: PLC0415

        try:
            found = tuple(engine.check(self.study(), workers=1))
        except (StudyError, InputError) as error:
            found = error.problems
        return [level_line(item, language) for item in found]

    def state(self) -> dict[str, Any]:
        """What is done and what is stale: file -> "done", "stale" or "missing"."""
        results = self.folder / "results"
        newest = max(
            (p.stat().st_mtime for p in (self.folder / "study.toml", self.study().table) if p.exists()), default=0
        )
        found: dict[str, Any] = {}
        for name in ("features.parquet", "model.json", "metrics.json", "report.html"):
            path = results / name
            found[name] = "missing" if not path.exists() else "stale" if path.stat().st_mtime < newest else "done"
        return found
