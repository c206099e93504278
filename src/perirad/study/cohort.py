"""The cohort: rows of the table as cases, with everything that is wrong found at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from perirad.errors import InputError, Problem
from perirad.study.casefiles import FILE_COLUMNS, file_problems, read_files
from perirad.study.cells import finite_number, shortest
from perirad.study.outcome import derive
from perirad.study.settings import ROW_NUMBER
from perirad.study.table import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from perirad.study.casefiles import CaseFiles
    from perirad.study.settings import ClinicalVariable, Study, StudySettings

__all__ = ["COHORTS", "EXCLUDE_COLUMN", "Case", "Cohort", "Exclusion", "named_columns", "read_cohort", "renamed"]

COHORTS = ("train", "test", "external")
_LONGEST_ID = 200
EXCLUDE_COLUMN = "exclude_reason"
"""A case with anything in this column is left out for that reason, which the flow counts."""


@dataclass(frozen=True)
class Case:
    """One image of one patient, with its outcome (1 event, 0 no event) and clinical values.

    `given_cohort` is the `cohort` column as found (empty without one). Clinical values are numbers for continuous
    variables and level names for categorical ones; a name that is not there is a missing value, which is kept only
    where the settings impute. `files` is None where features do not come from images; `second` are the same files with
    the outline of a second reader, where there is one.
    """

    case_id: str
    patient_id: str
    files: CaseFiles | None
    centre: str
    given_cohort: str
    outcome: int
    clinical: Mapping[str, float | str]
    second: CaseFiles | None = None


@dataclass(frozen=True)
class Exclusion:
    """A row that does not enter the analysis: `reason` is what the patient flow counts, `detail` what was found."""

    case_id: str
    patient_id: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Cohort:
    """What the table yields.

    `fatal` problems concern the study as a whole; nothing can be run before they are mended. `problems` concern single
    cases, which are excluded with a reason. `notes` are warnings about rows that are understood. `groups` counts the
    categories that a rule found in all rows (HER2-zero, HER2-low, ...); it is empty where the outcome is a column.
    """

    cases: tuple[Case, ...]
    exclusions: tuple[Exclusion, ...]
    fatal: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    n_rows: int
    n_patients: int
    notes: tuple[Problem, ...] = ()
    groups: Mapping[str, int] = field(default_factory=dict)


@dataclass
class _Findings:
    cases: list[Case] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    fatal: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    groups: Counter[str] = field(default_factory=Counter)


def read_cohort(study: Study) -> Cohort:
    """Read the table of a study; never raises for bad content, which is listed in the result."""
    found = _Findings()
    try:
        frame = renamed(read_table(study.table), study.settings)
    except InputError as error:
        return Cohort((), (), (error.problem,), (), 0, 0)
    settings, file = study.settings, study.table.name
    found.fatal.extend(_column_problems(list(frame.columns), settings, file))
    if found.fatal:
        return Cohort((), (), tuple(found.fatal), (), len(frame), 0)
    rows = [{str(key): str(value) for key, value in row.items()} for row in frame.to_dict("records")]
    found.fatal.extend(_identity_problems(rows, [int(number) for number in frame.index], settings, file))
    for row in rows:
        if reason := row.get(EXCLUDE_COLUMN, ""):
            found.exclusions.append(Exclusion(row["case_id"], _patient(row), f"excluded by a reader: {reason}"))
        else:
            _read_row(row, study, found)
    patients = {_patient(row) for row in rows}
    found.fatal.extend(_patient_problems(found.cases, settings, file))
    return Cohort(
        tuple(found.cases),
        tuple(found.exclusions),
        tuple(found.fatal),
        tuple(found.problems),
        len(rows),
        len(patients),
        tuple(found.notes),
        dict(found.groups),
    )


def renamed(frame: pd.DataFrame, settings: StudySettings) -> pd.DataFrame:
    """Return the table with its columns as the study calls them, and rows numbered where it has no other name for them.

    Raises
    ------
    InputError
        When a column is to be called by the name of another.
    """
    changes = {found: name for found, name in settings.columns.renamed.items() if found in frame.columns}
    for found, name in changes.items():
        if name in frame.columns:
            mend = f"rename one of them in the table, or take {name} out of [columns]"
            raise InputError(f"column {found!r} is to be {name}", f"another column {name!r}", mend=mend)
    frame = frame.rename(columns=changes)
    if settings.columns.case_id == ROW_NUMBER:
        frame = frame.assign(case_id=[str(number) for number in range(1, len(frame) + 1)])
    return frame


def named_columns(settings: StudySettings) -> frozenset[str]:
    """Columns of the table of cases that mean something, by the names that the study gives them."""
    variables = (variable.name for variable in settings.clinical.variables)
    own = (*settings.columns.model_dump(), *settings.outcome.columns, EXCLUDE_COLUMN)
    return frozenset((*own, *variables, *FILE_COLUMNS))


def _column_problems(columns: Sequence[str], settings: StudySettings, file: str) -> Iterator[Problem]:
    needed = ("case_id", "image", "mask") if settings.features.of_images else ("case_id",)
    wanted = dict.fromkeys(needed, "the table setting, or [columns],")
    wanted |= {variable.name: "[clinical]" for variable in settings.clinical.variables}
    wanted |= dict.fromkeys(settings.outcome.columns, "[outcome]")
    if settings.split.by != "random":
        wanted[settings.split.by] = "[split]"
    for name, place in wanted.items():
        if name not in columns:
            mend = f"add the column, or correct {place} in study.toml"
            yield Problem(
                f"column {name!r} must be in the table", f"columns {', '.join(columns)}", file=file, mend=mend
            )


def _identity_problems(
    rows: Sequence[Mapping[str, str]], numbers: Sequence[int], settings: StudySettings, file: str
) -> Iterator[Problem]:
    lines: dict[str, list[int]] = defaultdict(list)
    for number, row in zip(numbers, rows, strict=True):
        lines[row["case_id"]].append(number)
    for case_id, places in lines.items():
        where = f"lines {', '.join(map(str, places))}" if len(places) > 1 else f"line {places[0]}"
        if not case_id:
            yield Problem("case_id must not be empty", where, file=file, mend="give every row an identifier")
        elif len(places) > 1:
            yield Problem("case_id must be unique", where, case=case_id, file=file, mend="rename or remove a row")
        if len(case_id) > _LONGEST_ID or not case_id.isprintable():
            found = f"{case_id[:20]!r}... of {len(case_id)} characters" if len(case_id) > _LONGEST_ID else repr(case_id)
            expected = f"case_id must be one line of at most {_LONGEST_ID} printable characters"
            yield Problem(expected, f"{found} in {where}", file=file, mend="rename it")
    nameless = [row["case_id"] for row in rows if not row.get("patient_id", "")]
    if 0 < len(nameless) < len(rows) and "patient_id" in rows[0]:
        mend = "fill the cell (images of one patient must stay together), or leave the whole column empty"
        for case_id in nameless:
            yield Problem(
                "patient_id must not be empty where other rows have one", "an empty cell", case_id, file, mend
            )
    if settings.split.by == "centre":
        known = {row["centre"] for row in rows}
        for centre in settings.split.test_centres:
            if centre not in known:
                found = f"centres {', '.join(sorted(known))}"
                mend = "correct test_centres in study.toml"
                yield Problem(f"test centre {centre!r} must occur in the table", found, file=file, mend=mend)


def _patient(row: Mapping[str, str]) -> str:
    return row.get("patient_id", "") or row["case_id"]


def _read_row(row: Mapping[str, str], study: Study, found: _Findings) -> None:
    settings, file = study.settings, study.table.name
    case_id, patient_id = row["case_id"], _patient(row)
    derived = derive(row, settings.outcome)
    if derived.group:
        found.groups[derived.group] += 1
    if derived.note:
        expected, mend = "HER2 results should agree", "check the pathology report"
        found.notes.append(Problem(expected, derived.note, case_id, file, mend, "warning"))
    if derived.excluded:
        found.exclusions.append(Exclusion(case_id, patient_id, derived.excluded))
        return
    problems: list[Problem] = []
    if derived.unreadable:
        rule = settings.outcome
        classes = f"one of {', '.join((*rule.event, *rule.nonevent))}" if rule.rule == "column" else "a HER2 score"
        mend = "" if rule.rule == "column" else "write IHC as 0, 1+, 2+ or 3+, ISH as negative, positive or equivocal"
        problems.append(Problem(f"outcome must be {classes}", derived.unreadable, case_id, file, mend))
    clinical, missing, bad = _clinical(row, settings, file)
    problems.extend(bad)
    files: CaseFiles | None = None
    if settings.features.of_images:
        files, bad = read_files(row, study.folder, file)
        problems.extend(bad)
    problems.extend(_place_problems(row, settings, file))
    reason = "unreadable row" if problems else "image or outline missing"
    if settings.features.of_images:
        problems.extend(file_problems(row, study.folder, file))
    if problems:
        found.problems.extend(problems)
        found.exclusions.append(Exclusion(case_id, patient_id, reason, problems[0].line()))
    elif missing and settings.clinical.missing != "impute":
        text = ", ".join(missing)
        if settings.clinical.missing == "stop":
            mend = 'complete the table, or set [clinical] missing = "exclude"'
            found.fatal.append(Problem("every clinical value must be known", f"none for {text}", case_id, file, mend))
        found.exclusions.append(Exclusion(case_id, patient_id, "clinical value missing", text))
    else:
        assert derived.outcome is not None
        centre, cohort = row.get("centre", ""), row.get("cohort", "").lower()
        second = None
        if files is not None and (name := row.get("mask_2", "")):
            second = replace(files, mask=study.folder / name)
            if not second.mask.is_file():
                mend = "correct the mask_2 column; the case counts as read once"
                found.notes.append(
                    Problem("the mask_2 file must exist", "no such file", case_id, name, mend, "warning")
                )
                second = None
        found.cases.append(Case(case_id, patient_id, files, centre, cohort, derived.outcome, clinical, second))


def _place_problems(row: Mapping[str, str], settings: StudySettings, file: str) -> Iterator[Problem]:
    if settings.split.by == "cohort" and row["cohort"].lower() not in COHORTS:
        yield Problem(f"cohort must be one of {', '.join(COHORTS)}", repr(row["cohort"]), row["case_id"], file)
    if settings.split.by == "centre" and not row["centre"]:
        yield Problem("the centre must be known when the split is by centre", "an empty cell", row["case_id"], file)


def _clinical(
    row: Mapping[str, str], settings: StudySettings, file: str
) -> tuple[dict[str, float | str], list[str], list[Problem]]:
    values: dict[str, float | str] = {}
    missing: list[str] = []
    problems: list[Problem] = []
    for variable in settings.clinical.variables:
        text = row[variable.name]
        if variable.levels and (level := _level(text, variable)) is not None:
            values[variable.name] = level
        elif text in settings.clinical.missing_words:
            missing.append(variable.name)
        else:
            value = finite_number(text) if not variable.levels else None
            if value is None:
                problems.append(_clinical_problem(variable, text, row["case_id"], file))
            else:
                values[variable.name] = value
    return values, missing, problems


def _level(text: str, variable: ClinicalVariable) -> str | None:
    return next((spelling for spelling in (text, shortest(text)) if spelling in variable.levels), None)


def _clinical_problem(variable: ClinicalVariable, text: str, case_id: str, file: str) -> Problem:
    expected = f"one of {', '.join(variable.levels)}" if variable.levels else "a number"
    if variable.levels:
        mend = "correct the cell, or add the level in study.toml"
    else:
        mend = "write a decimal point" if re.fullmatch(r"[+-]?\d+,\d+", text) else "correct the cell"
    return Problem(f"{variable.name} must be {expected}", repr(text), case=case_id, file=file, mend=mend)


def _patient_problems(cases: Sequence[Case], settings: StudySettings, file: str) -> Iterator[Problem]:
    by_patient: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_patient[case.patient_id].append(case)
    for patient, images in by_patient.items():
        place = f"{file}, patient {patient}"
        if len({case.outcome for case in images}) > 1:
            yield Problem(
                "a patient must have one outcome", "both outcomes in different rows", images[0].case_id, place
            )
        if settings.split.by == "cohort":
            sides = sorted({case.given_cohort for case in images})
        elif settings.split.by == "centre":
            tests = settings.split.test_centres
            sides = sorted({"test" if case.centre in tests else "train" for case in images})
        else:
            continue
        if len(sides) > 1:
            mend = "move all rows of the patient to one side"
            found = " and ".join(sides)
            yield Problem("a patient must be in one cohort only", found, images[0].case_id, place, mend)
