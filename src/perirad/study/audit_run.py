"""One split of a study, fitted and tested by the study's own functions, in memory and without a model file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import StudyError
from perirad.nomogram.imputation import fill
from perirad.nomogram.logistic import probability
from perirad.study.development import RADSCORE, develop
from perirad.study.split import assign_cohorts, split_problems
from perirad.study.training import training_of
from perirad.validation.discrimination import auc_delong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.arrays import FloatArray, IntArray
    from perirad.study.cohort import Case
    from perirad.study.development import Development
    from perirad.study.settings import StudySettings
    from perirad.study.training import Training
    from perirad.table import FeatureTable

__all__ = ["Rows", "Run", "auc", "split_and_develop"]


@dataclass(frozen=True)
class Rows:
    """Cases and their features; rows of `table` are in the order of `cases`."""

    cases: tuple[Case, ...]
    table: FeatureTable

    @property
    def outcome(self) -> IntArray:
        """0/1 per row."""
        return np.array([case.outcome for case in self.cases], dtype=np.int64)

    @property
    def patients(self) -> IntArray:
        """Number of each row's patient."""
        number = {patient: i for i, patient in enumerate(sorted({case.patient_id for case in self.cases}))}
        return np.array([number[case.patient_id] for case in self.cases], dtype=np.int64)

    @property
    def training(self) -> Training:
        """The rows as the fit takes them."""
        return training_of(self.cases, self.table)

    def take(self, index: IntArray) -> Rows:
        """Return some of the rows."""
        return Rows(tuple(self.cases[int(i)] for i in index), self.table.take(rows=index))

    def relabelled(self, cases: Sequence[Case]) -> Rows:
        """Return the same features with other cases (another outcome, another patient)."""
        return Rows(tuple(cases), replace(self.table, case_ids=tuple(case.case_id for case in cases)))


@dataclass(frozen=True)
class Run:
    """One split: what its training rows yielded, and its test rows."""

    test: Rows
    development: Development

    @cached_property
    def columns(self) -> dict[str, list[object]]:
        """What the combined model reads of the test rows."""
        development = self.development
        score = development.scenarios[development.chosen]
        rows = [fill(case.clinical, development.rules) for case in self.test.cases]
        clinical = {item.name: [row[item.name] for row in rows] for item in development.retained}
        return {**clinical, RADSCORE.name: score.predict(self.test.table).tolist()}

    @cached_property
    def risk(self) -> FloatArray:
        """Nomogram risk of the test rows; the training prevalence for all where nothing entered the model."""
        if self.development.combined is None:
            return np.full(len(self.test.cases), self.development.prevalence)
        return probability(self.development.combined, self.columns)

    @property
    def cutoff(self) -> float:
        """Cut-off of the nomogram, frozen in training."""
        return self.development.cutoffs.get("combined", self.development.prevalence)

    @property
    def auc(self) -> float:
        """Test AUC of the nomogram."""
        return auc(self.test.outcome, self.risk)


def auc(outcome: IntArray, score: FloatArray) -> float:
    """Area under the ROC curve."""
    return auc_delong(outcome, score).estimate


def split_and_develop(rows: Rows, settings: StudySettings) -> Run:
    """Split by the settings, and fit on the training rows all that a study fits.

    Raises
    ------
    StudyError
        When the split leaves too little to fit or to test.
    InputError
        When the training rows do not allow a model.
    """
    cohorts = assign_cohorts(rows.cases, settings)
    problems = list(split_problems(rows.cases, cohorts, settings))
    if problems:
        raise StudyError(problems)
    cohort_of_row = np.array([cohorts[case.case_id] for case in rows.cases])
    train, test = (rows.take(np.flatnonzero(cohort_of_row == name)) for name in ("train", "test"))
    return Run(test, develop(train.training, [case.clinical for case in train.cases], settings))
