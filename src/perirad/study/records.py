"""What each step of a study hands to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from perirad.image.image import Source
from perirad.report.further import Further
from perirad.report.lengths import Lengths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perirad.arrays import IntArray
    from perirad.study.cohort import Case, Cohort, Exclusion
    from perirad.study.development import Development
    from perirad.study.evaluation import Evaluation, Predictions
    from perirad.study.gather import Gathered
    from perirad.study.internal_validation import Internal
    from perirad.study.model import Model
    from perirad.study.settings import Study, StudySettings

__all__ = ["Analysed", "Fitted", "Validated"]


@dataclass(frozen=True)
class Analysed:
    """Cases with features, outcome and cohort; rows of `features.table` are in the order of `cases`.

    `given_up` are the rings that the study does without, because too much of them was lost (`study.losses`).
    """

    study: Study
    cohort: Cohort
    features: Gathered
    cases: tuple[Case, ...]
    exclusions: tuple[Exclusion, ...]
    cohorts: Mapping[str, str]
    given_up: tuple[str, ...] = ()

    @property
    def modelling(self) -> StudySettings:
        """The settings as the models are fitted by them: without the scenarios of rings that were given up."""
        settings = self.study.settings
        if not self.given_up:
            return settings
        names = [name for name, regions in settings.scenario_regions().items() if not set(regions) & set(self.given_up)]
        score = settings.score.model_copy(update={"scenarios": tuple(names)})
        return settings.model_copy(update={"score": score})

    @property
    def outcome(self) -> IntArray:
        """0/1 per case."""
        return np.array([case.outcome for case in self.cases], dtype=np.int64)

    @property
    def cohort_of_row(self) -> tuple[str, ...]:
        """Cohort of each case."""
        return tuple(self.cohorts[case.case_id] for case in self.cases)

    def lengths(self, *cohorts: str) -> Lengths:
        """How lengths are written that were taken from the images: from all, or from those of some cohorts."""
        items = self.features.quality
        if cohorts:
            members = {case.case_id for case in self.cases if self.cohorts[case.case_id] in cohorts}
            items = tuple(item for item in items if item.case_id in members)
        n_assumed = sum(item.calibration == Source.ASSUMED for item in items)
        assumed_mm = self.study.settings.calibration.assumed_mm if n_assumed else None
        return Lengths(assumed_mm, n_assumed, len(items), self.study.settings.regions.names)


@dataclass(frozen=True)
class Fitted:
    """What training yields, and the model made of it."""

    analysed: Analysed
    development: Development
    model: Model


@dataclass(frozen=True)
class Validated:
    """The model on all cohorts; `internal` is None without the bootstrap, `further` is what stands beside."""

    fitted: Fitted
    predictions: Predictions
    evaluation: Evaluation
    internal: Internal | None = None
    further: Further = field(default_factory=Further)
