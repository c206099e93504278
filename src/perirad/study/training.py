"""The training rows as every fit sees them: features, outcome, patients and centres, nothing of other cohorts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.table import FeatureTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.arrays import IntArray
    from perirad.study.cohort import Case

__all__ = ["Training", "defined_everywhere", "drawn", "training_of", "with_centres"]


@dataclass(frozen=True)
class Training:
    """Training rows: features (with the centre of each row, where known), outcome (0/1) and patient."""

    table: FeatureTable
    outcome: IntArray
    patients: IntArray

    def rows(self, index: IntArray) -> Training:
        """Return some of the rows."""
        return Training(self.table.take(rows=index), self.outcome[index], self.patients[index])

    def regions(self, regions: tuple[str, ...]) -> Training:
        """Return the features of some regions only."""
        return replace(self, table=self.table.for_regions(regions))


def with_centres(table: FeatureTable, cases: Sequence[Case]) -> FeatureTable:
    """Return the table with the centre of each case, unless no case has one."""
    return replace(table, centres=tuple(case.centre for case in cases) if any(case.centre for case in cases) else ())


def training_of(cases: Sequence[Case], table: FeatureTable) -> Training:
    """Training rows of the training cases, in the order of the table's rows."""
    number = {patient: i for i, patient in enumerate(sorted({case.patient_id for case in cases}))}
    return Training(
        table,
        outcome=np.array([case.outcome for case in cases], dtype=np.int64),
        patients=np.array([number[case.patient_id] for case in cases], dtype=np.int64),
    )


def defined_everywhere(training: Training) -> Training:
    """Features that are defined in every training row: what the fit on all of them can use, and what can be scored.

    It looks at no outcome. Without it, a fold could select a feature that is undefined in a patient held out.
    """
    finite = np.flatnonzero(np.isfinite(training.table.values).all(axis=0))
    columns = [training.table.columns[j] for j in finite]
    return replace(training, table=training.table.take(columns=columns))


def drawn(training: Training, rows: IntArray) -> Training:
    """Training rows, some of them several times; a copy keeps its patient's number, so that no fold parts the two."""
    names = tuple(f"{training.table.case_ids[i]}#{k}" for k, i in enumerate(rows))
    centres = tuple(training.table.centres[i] for i in rows) if training.table.centres else ()
    table = FeatureTable(names, training.table.columns, training.table.values[rows], centres)
    return Training(table, training.outcome[rows], training.patients[rows])
