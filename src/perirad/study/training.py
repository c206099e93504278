"""The training rows as every fit sees them: features, outcome, patients and centres, nothing of other cohorts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.table import FeatureTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.arrays import FloatArray, IntArray
    from perirad.study.cohort import Case

__all__ = ["Training", "defined_everywhere", "drawn", "training_of", "with_centres"]


@dataclass(frozen=True)
class Training:
    """Training rows: features (with the centre of each row, where known), outcome (0/1) and patient.

    `second` has the features of a second reader, a row for each row and NaN where there is none; None without any.
    """

    table: FeatureTable
    outcome: IntArray
    patients: IntArray
    second: FloatArray | None = None

    def rows(self, index: IntArray) -> Training:
        """Return some of the rows."""
        second = None if self.second is None else self.second[index]
        return Training(self.table.take(rows=index), self.outcome[index], self.patients[index], second)

    def columns(self, names: Sequence[str]) -> Training:
        """Return some of the features."""
        place = {name: j for j, name in enumerate(self.table.columns)}
        second = None if self.second is None else self.second[:, [place[name] for name in names]]
        return replace(self, table=self.table.take(columns=names), second=second)

    def regions(self, regions: tuple[str, ...]) -> Training:
        """Return the features of some regions only."""
        return self.columns(self.table.for_regions(regions).columns)


def with_centres(table: FeatureTable, cases: Sequence[Case]) -> FeatureTable:
    """Return the table with the centre of each case, unless no case has one."""
    return replace(table, centres=tuple(case.centre for case in cases) if any(case.centre for case in cases) else ())


def training_of(cases: Sequence[Case], table: FeatureTable, second: FeatureTable | None = None) -> Training:
    """Training rows of the training cases, in the order of the table's rows; `second` may have other cases, too."""
    number = {patient: i for i, patient in enumerate(sorted({case.patient_id for case in cases}))}
    return Training(
        table,
        outcome=np.array([case.outcome for case in cases], dtype=np.int64),
        patients=np.array([number[case.patient_id] for case in cases], dtype=np.int64),
        second=None if second is None else _aligned(second, table),
    )


def _aligned(second: FeatureTable, table: FeatureTable) -> FloatArray | None:
    """Second readings in the rows and columns of a table, NaN where there is none; None without any."""
    place = {case_id: i for i, case_id in enumerate(second.case_ids)}
    rows = [i for i, case_id in enumerate(table.case_ids) if case_id in place]
    if not rows:
        return None
    values = np.full(table.values.shape, np.nan)
    own = second.take(columns=table.columns)
    values[rows] = own.values[[place[table.case_ids[i]] for i in rows]]
    return values


def defined_everywhere(training: Training) -> Training:
    """Features that are defined in every training row: what the fit on all of them can use, and what can be scored.

    It looks at no outcome. Without it, a fold could select a feature that is undefined in a patient held out.
    """
    finite = np.flatnonzero(np.isfinite(training.table.values).all(axis=0))
    columns = [training.table.columns[j] for j in finite]
    return training.columns(columns)


def drawn(training: Training, rows: IntArray) -> Training:
    """Training rows, some of them several times; a copy keeps its patient's number, so that no fold parts the two."""
    names = tuple(f"{training.table.case_ids[i]}#{k}" for k, i in enumerate(rows))
    centres = tuple(training.table.centres[i] for i in rows) if training.table.centres else ()
    table = FeatureTable(names, training.table.columns, training.table.values[rows], centres)
    second = None if training.second is None else training.second[rows]
    return Training(table, training.outcome[rows], training.patients[rows], second)
