"""Features that come from a table: which columns, what their cells hold, and what cannot be used, said in full."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError, Problem
from perirad.study.cells import finite_number
from perirad.study.cohort import Exclusion, named_columns, renamed
from perirad.study.gather import Gathered
from perirad.study.table import read_table
from perirad.table import FeatureTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from perirad.study.cohort import Case
    from perirad.study.settings import Study, StudySettings

__all__ = ["FeatureFile", "gather_columns", "read_feature_file", "read_feature_row"]

_SHOWN = 5


@dataclass(frozen=True)
class FeatureFile:
    """Features of all rows of a table, and what was found to be wrong with it.

    `notes` are warnings about columns that are not used, or cells that hold no number. `fatal` problems concern the
    table as a whole.
    """

    values: Mapping[str, Mapping[str, float]]
    columns: tuple[str, ...]
    notes: tuple[Problem, ...]
    fatal: tuple[Problem, ...]


def gather_columns(cases: Sequence[Case], study: Study) -> Gathered:
    """Features of the cases out of the table that the settings name; a case without a row is excluded, and counted."""
    found = read_feature_file(study)
    known = [case for case in cases if case.case_id in found.values]
    rows = [[found.values[case.case_id][name] for name in found.columns] for case in known]
    values = np.array(rows, dtype=np.float64).reshape(len(known), len(found.columns))
    table = FeatureTable(tuple(case.case_id for case in known), found.columns, values)
    gone = tuple(
        Exclusion(case.case_id, case.patient_id, "no row in the table of features")
        for case in cases
        if case.case_id not in found.values
    )
    return Gathered(table, (), gone, (*found.fatal, *found.notes))


def read_feature_file(study: Study) -> FeatureFile:
    """Read the features of every row; never raises for bad content, which is listed in the result.

    An empty cell, or one of the words for missing values, is an undefined feature (NaN). So is a cell with anything
    else that is no number, which a note tells. A column of which no cell holds a number is not used.
    """
    settings = study.settings
    if settings.features.source == "none":
        frame = renamed(read_table(study.table), settings)
        return FeatureFile({case_id: {} for case_id in frame["case_id"]}, (), (), ())
    path = study.folder / settings.features.table if settings.features.table else study.table
    try:
        frame = renamed(read_table(path), settings)
    except InputError as error:
        return FeatureFile({}, (), (), (error.problem,))
    fatal = list(_problems(frame, path.name))
    if fatal:
        return FeatureFile({}, (), (), tuple(fatal))
    names = _names(frame, settings)
    if not names:
        mend = "see [features] columns and groups in study.toml"
        nothing = Problem("the table must have columns of features", "none that match", file=path.name, mend=mend)
        return FeatureFile({}, (), (), (nothing,))
    missing = set(settings.clinical.missing_words) | {""}
    read = {own: [_number(cell, missing) for cell in frame[column]] for own, column in names.items()}
    used = tuple(own for own in names if any(number is not None and not math.isnan(number) for number in read[own]))
    table = {own: [np.nan if number is None else number for number in read[own]] for own in used}
    values = {case_id: {own: table[own][i] for own in used} for i, case_id in enumerate(frame["case_id"])}
    return FeatureFile(values, used, tuple(_notes(frame, names, read, used, path.name)), ())


def read_feature_row(path: Path, columns: Sequence[str], case_id: str = "") -> FeatureTable:
    """One patient's features out of a table with one row, or with a column `case_id` that names it.

    Parameters
    ----------
    columns : sequence of str
        Those that a model needs; of a group's column ``GROUP_name`` the table may have the name alone.

    Raises
    ------
    InputError
        When the row or a column is not there, or a cell holds no number.
    """
    frame = read_table(path)
    if case_id:
        frame = frame[frame["case_id"] == case_id] if "case_id" in frame.columns else frame.iloc[:0]
    if len(frame) != 1:
        expected = f"the table must have one row of case {case_id}" if case_id else "the table must have one row"
        raise InputError(expected, f"{len(frame)}", file=path.name, mend="name the patient: --case ID")
    row, values = frame.iloc[0], []
    for name in columns:
        column = name if name in frame.columns else name.partition("_")[2]
        if column not in frame.columns:
            raise InputError(f"the table must have the feature {name}", "no such column", file=path.name)
        value = finite_number(row[column])
        if value is None:
            raise InputError(f"the feature {name} must be a number", repr(row[column]), file=path.name)
        values.append(value)
    return FeatureTable((case_id or "new patient",), tuple(columns), np.array([values]))


def _number(cell: str, missing: set[str]) -> float | None:
    """Number of a cell, NaN where the value is missing, None where there is something else."""
    value = finite_number(cell)
    return value if value is not None else float("nan") if cell in missing else None


def _problems(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    if "case_id" not in frame.columns:
        mend = "name it in [columns] of study.toml"
        yield Problem("column 'case_id' must be in the table of features", "no such column", file=file, mend=mend)
        return
    twice = frame["case_id"][frame["case_id"].duplicated()]
    for case_id in dict.fromkeys(twice):
        yield Problem("a case must have one row in the table of features", "several", case=case_id, file=file)


def _names(frame: pd.DataFrame, settings: StudySettings) -> dict[str, str]:
    """Name of each feature -> column of the table; features of a group carry its name in front."""
    reserved = named_columns(settings)
    free = [name for name in frame.columns if name not in reserved and _matches(name, settings.features.columns)]
    if not settings.features.groups:
        return {name: name for name in free}
    return {
        f"{group}_{name}": name
        for group, patterns in settings.features.groups.items()
        for name in free
        if _matches(name, patterns)
    }


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _notes(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    read: Mapping[str, list[float | None]],
    used: Sequence[str],
    file: str,
) -> Iterator[Problem]:
    """One line for each kind of thing that is wrong, with the first few columns it concerns."""
    none = [names[own] for own in names if own not in used]
    words = [name for name in none if any(cell for cell in frame[name])]
    empty = [name for name in none if name not in words]
    flat = [names[own] for own in used if len(_known(read[own])) < 2]
    holes = [names[own] for own in used if any(number is not None and math.isnan(number) for number in read[own])]
    for kind, found in (
        ("hold a number", words), ("not be empty", empty), ("vary", flat), ("be known for every case", holes)
    ):  # fmt: skip
        if found:
            expected = f"every column of features must {kind}"
            said = f"{len(found)} that {'does' if len(found) == 1 else 'do'} not: {_listed(found)}"
            yield Problem(expected, said, file=file, mend=_CONSEQUENCE[kind], level="warning")
    for own in used:
        odd = [i for i, number in enumerate(read[own]) if number is None]
        if odd:
            case_id, cell = frame["case_id"].iloc[odd[0]], frame[names[own]].iloc[odd[0]]
            more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
            said = f"{cell!r} in column {names[own]!r}{more}"
            yield Problem(
                "a feature must be a number", said, case_id, file, "the feature is undefined there", "warning"
            )


def _known(numbers: Sequence[float | None]) -> set[float]:
    return {number for number in numbers if number is not None and not math.isnan(number)}


_CONSEQUENCE = {
    "hold a number": "it is no feature; leave it out with [features] columns if that is right",
    "not be empty": "it is no feature",
    "vary": "it cannot be selected",
    "be known for every case": "it cannot be selected if it is missing for a training case",
}


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{shown}{more}"
