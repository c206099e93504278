"""Figures beside the main ones: added value, sample size, other prevalence, centres, nested validation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perirad.arrays import FloatArray
from perirad.nomogram.records import VariableTest
from perirad.nomogram.statistics import FitStatistics
from perirad.validation.added_value import AddedValue, LikelihoodRatioTest
from perirad.validation.calibration_tests import HosmerLemeshow
from perirad.validation.centres import Centres
from perirad.validation.mcnemar import PairedAccuracy
from perirad.validation.prevalence import PredictiveValues
from perirad.validation.reclassification import Reclassification
from perirad.validation.sample_size import DevelopmentSize

__all__ = ["AddedTo", "AtPrevalence", "Classified", "Further", "Needed", "Nested", "Regression", "Requested"]


@dataclass(frozen=True)
class AddedTo:
    """What a model adds to another in a cohort; the likelihood-ratio test is of the training patients."""

    new: str
    old: str
    cohort: str
    value: AddedValue
    test: LikelihoodRatioTest | None


@dataclass(frozen=True)
class Needed:
    """Training patients that the criteria of Riley and others ask for, and those that there are.

    `n_parameters` are candidates: what was offered to the selection, not what it left. `r2` is the Cox-Snell R2 that
    was anticipated.
    """

    candidates: str
    n_parameters: int
    n: int
    n_events: int
    r2: float
    size: DevelopmentSize


@dataclass(frozen=True)
class AtPrevalence:
    """Predictive values of a model at a stated prevalence, its sensitivity and specificity taken from a cohort."""

    model: str
    cohort: str
    values: PredictiveValues


@dataclass(frozen=True)
class Classified:
    """Two models at their frozen cut-offs on the same patients: McNemar's tests."""

    first: str
    second: str
    cohort: str
    test: PairedAccuracy


@dataclass(frozen=True)
class Nested:
    """The whole development in cross-validation: AUC of each repeat, and how often each scenario was chosen."""

    n_folds: int
    aucs: FloatArray
    chosen: Mapping[str, int]


@dataclass(frozen=True)
class Requested:
    """Tests that are shown only on request, because they mislead when they stand alone."""

    cohort: str
    model: str
    hosmer_lemeshow: HosmerLemeshow | None = None
    against: str = ""
    reclassification: Reclassification | None = None


@dataclass(frozen=True)
class Regression:
    """The regression tables once more with profile likelihood intervals, and what the combined model looks like.

    `inflation` is the generalised variance inflation factor of each variable of the combined model.
    """

    univariable: tuple[VariableTest, ...]
    multivariable: tuple[VariableTest, ...]
    combined: tuple[VariableTest, ...]
    inflation: Mapping[str, float]
    statistics: FitStatistics | None


@dataclass(frozen=True)
class Further:
    """All of it; empty where it does not apply or was not asked for. `not_done` says why, in sentences."""

    added: tuple[AddedTo, ...] = ()
    needed: tuple[Needed, ...] = ()
    at_prevalence: tuple[AtPrevalence, ...] = ()
    centres: Centres | None = None
    nested: Nested | None = None
    requested: tuple[Requested, ...] = ()
    not_done: tuple[str, ...] = field(default=())
    regression: Regression | None = None
    classified: tuple[Classified, ...] = ()
