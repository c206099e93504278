"""Figures beside the main ones, each from the frozen model or from repeating the whole development."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError
from perirad.nomogram.effects import variance_inflation
from perirad.nomogram.records import RidgeFit
from perirad.nomogram.statistics import fit_statistics
from perirad.nomogram.tables import multivariable, univariable
from perirad.report.further import AddedTo, AtPrevalence, Classified, Further, Needed, Nested, Regression, Requested
from perirad.study.development import RADSCORE
from perirad.study.evaluation import CLINICAL, NOMOGRAM, radscore_name
from perirad.study.internal_validation import Repeat
from perirad.study.training import defined_everywhere
from perirad.validation.added_value import added_value, likelihood_ratio_test
from perirad.validation.calibration_tests import hosmer_lemeshow
from perirad.validation.centres import leave_one_centre_out
from perirad.validation.crossvalidation import cross_validate
from perirad.validation.discrimination import auc_delong
from perirad.validation.mcnemar import compare_classifications
from perirad.validation.prevalence import predictive_values
from perirad.validation.reclassification import reclassification
from perirad.validation.sample_size import development_sample_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perirad.arrays import FloatArray, IntArray
    from perirad.report.contents import ModelResult
    from perirad.study.development import Development
    from perirad.study.evaluation import Evaluation
    from perirad.study.internal_validation import Clinical, Learnt
    from perirad.study.settings import StudySettings
    from perirad.study.training import Training
    from perirad.validation.centres import Centres

__all__ = ["look_further"]

_FEWEST_CENTRES, _FEWEST_OF_A_CLASS, _SHOWN = 3, 5, 5


def look_further(
    development: Development,
    evaluation: Evaluation,
    training: Training,
    clinical: Clinical,
    settings: StudySettings,
    *,
    workers: int = 1,
) -> Further:
    """Compute all that the settings ask for beside the main figures.

    Parameters
    ----------
    development, training, clinical, settings
        As `develop` got and gave them.
    evaluation : Evaluation
        Of the frozen models in every cohort.
    workers : int
        The result does not depend on it.
    """
    repeat = Repeat(development, defined_everywhere(training), clinical, settings)
    results = evaluation.results
    models = [name for name in (CLINICAL, radscore_name(development.chosen), NOMOGRAM) if name in results]
    centres, why = _centres(repeat, workers)
    nested, why_not = _nested(repeat, workers)
    return Further(
        added=tuple(_added(development, results)),
        needed=tuple(_needed(development, training, settings)),
        at_prevalence=tuple(_at_prevalence(results, models, settings.validation.prevalence)),
        centres=centres,
        nested=nested,
        requested=tuple(_requested(results, models, settings)),
        not_done=(*why, *why_not),
        classified=tuple(_classified(results, models)),
        regression=_regression(development, training, clinical, settings),
    )


def _regression(
    development: Development, training: Training, clinical: Clinical, settings: StudySettings
) -> Regression | None:
    """Tables with profile intervals; None where values were imputed, as profiles of several completions do not pool."""
    combined = development.combined
    if combined is None or any(item.name not in row for row in clinical for item in settings.clinical.variables):
        return None
    apparent = development.scenarios[development.chosen].predict(training.table)
    crossed = settings.score.training_score == "cross-fitted"
    score = development.cross.scores[development.chosen] if crossed else apparent
    columns: dict[str, list[object]] = {
        item.name: [row[item.name] for row in clinical] for item in settings.clinical.variables
    }
    columns[RADSCORE.name] = score.tolist()
    y, plain = training.outcome, not isinstance(combined, RidgeFit)
    single, together = (
        tuple(item.variable for item in part) for part in (development.univariable, development.multivariable)
    )
    return Regression(
        univariable(columns, y, single, profile=True) if single else (),
        multivariable(columns, y, together, profile=True) if together else (),
        multivariable(columns, y, combined.variables, profile=True) if plain else development.combined_tests,
        variance_inflation(combined),
        fit_statistics(combined, columns, y),
    )


def _added(development: Development, results: Mapping[str, ModelResult]) -> Iterator[AddedTo]:
    """What the nomogram adds to either of its halves, where it has both."""
    combined, clinical = development.combined, development.clinical
    both = combined is not None and clinical is not None and "radscore" in [item.name for item in combined.variables]
    if not both or CLINICAL not in results:
        return
    assert combined is not None
    assert clinical is not None
    for old in (CLINICAL, radscore_name(development.chosen)):
        for item in results[NOMOGRAM].cohorts:
            other = results[old].cohort(item.cohort)
            if len(set(item.outcome.tolist())) < 2:
                continue
            test = None
            if old == CLINICAL and item.cohort == "train" and combined.method == clinical.method == "ml":
                df = len(combined.terms) - len(clinical.terms)
                test = likelihood_ratio_test(clinical.log_likelihood, combined.log_likelihood, df)
            yield AddedTo(
                NOMOGRAM, old, item.cohort, added_value(item.outcome, other.probability, item.probability), test
            )


def _needed(development: Development, training: Training, settings: StudySettings) -> Iterator[Needed]:
    """Patients that would be needed for all candidates, and for the clinical variables with the Rad-score as one."""
    outcome = {int(patient): int(y) for patient, y in zip(training.patients, training.outcome, strict=True)}
    n, events = len(outcome), sum(outcome.values())
    prevalence = events / n
    clinical = sum(max(1, len(item.levels) - 1, item.knots - 1) for item in settings.clinical.variables)
    features = 0 if settings.features.source == "none" else len(training.table.columns)
    asked = [("Clinical variables" + (", and the Rad-score as one" if features else ""), clinical + bool(features))]
    if features:
        asked.append(("Clinical variables, and every feature offered", clinical + features))
    most = 1.0 - (prevalence**prevalence * (1.0 - prevalence) ** (1.0 - prevalence)) ** 2
    r2 = settings.validation.r2_share * most
    for what, parameters in asked:
        if parameters:
            yield Needed(what, parameters, n, events, r2, development_sample_size(r2, parameters, prevalence))


def _at_prevalence(
    results: Mapping[str, ModelResult], models: Sequence[str], prevalence: float | None
) -> Iterator[AtPrevalence]:
    if prevalence is None:
        return
    for name in models:
        for item in results[name].cohorts:
            if 0 < item.outcome.sum() < len(item.outcome):
                yield AtPrevalence(name, item.cohort, predictive_values(item.at_cutoff, prevalence))


def _classified(results: Mapping[str, ModelResult], models: Sequence[str]) -> Iterator[Classified]:
    """The nomogram against its halves, each at its own cut-off."""
    for old in models:
        for item in results[NOMOGRAM].cohorts if old != NOMOGRAM else ():
            other = results[old].cohort(item.cohort)
            calls = [part.probability >= part.at_cutoff.cutoff for part in (item, other)]
            yield Classified(NOMOGRAM, old, item.cohort, compare_classifications(item.outcome, *calls))


def _requested(
    results: Mapping[str, ModelResult], models: Sequence[str], settings: StudySettings
) -> Iterator[Requested]:
    wanted = settings.validation
    for item in results[NOMOGRAM].cohorts:
        if wanted.hosmer_lemeshow:
            test = hosmer_lemeshow(item.outcome, item.probability, development=item.cohort == "train")
            yield Requested(item.cohort, NOMOGRAM, hosmer_lemeshow=test)
        if wanted.reclassification:
            for old in models:
                if old != NOMOGRAM:
                    before = results[old].cohort(item.cohort).probability
                    found = reclassification(item.outcome, before, item.probability)
                    yield Requested(item.cohort, NOMOGRAM, against=old, reclassification=found)


def _centres(repeat: Repeat, workers: int) -> tuple[Centres | None, list[str]]:
    """Each training centre as the models of the other centres predict it, and why not where that cannot be."""
    training, settings = repeat.training, repeat.settings
    names = training.table.centres
    if settings.validation.centres == "off" or len(set(names)) < _FEWEST_CENTRES:
        return None, []
    counts = Counter(zip(names, training.outcome.tolist(), strict=True))
    few = sorted({name for name in names if min(counts[name, 0], counts[name, 1]) < _FEWEST_OF_A_CLASS})
    if few:
        shown = ", ".join(few[:_SHOWN]) + (f" and {len(few) - _SHOWN} more" if len(few) > _SHOWN else "")
        return None, [
            f"Centres were not left out one by one: fewer than {_FEWEST_OF_A_CLASS} training patients of one class in "
            f"{shown}."
        ]
    try:
        found = leave_one_centre_out(
            training.outcome, names, repeat.fit, repeat.predict, seed=_seed(settings, 7), workers=workers
        )
    except InputError as error:
        return None, [f"Centres were not left out one by one: {error}."]
    return found, []


def _nested(repeat: Repeat, workers: int) -> tuple[Nested | None, list[str]]:
    """The whole development in repeated cross-validation."""
    wanted, outcome = repeat.settings.validation, repeat.training.outcome
    if not wanted.nested:
        return None, []
    scenarios = tuple(repeat.settings.scenario_regions())
    chosen: list[str] = []

    def fit(rows: IntArray, seed: int) -> Learnt:
        learnt = repeat.fit(rows, seed)
        chosen.append(scenarios[int(np.argmax(learnt.marks[: len(scenarios)]))])
        return learnt

    def measure(rows: IntArray, risk: FloatArray) -> float:
        return auc_delong(outcome[rows], risk).estimate

    try:
        found = cross_validate(
            outcome,
            fit,
            repeat.predict,
            n_folds=wanted.nested_folds,
            n_repeats=wanted.nested,
            seed=_seed(repeat.settings, 8),
            patients=repeat.training.patients,
            workers=workers,
        )
    except InputError as error:
        return None, [f"There is no nested cross-validation: {error}."]
    counts = Counter(chosen)
    aucs = found.measured_by_fold(measure).mean(axis=1)
    return Nested(wanted.nested_folds, aucs, {name: counts[name] for name in scenarios}), []


def _seed(settings: StudySettings, purpose: int) -> int:
    return int(np.random.SeedSequence((settings.seed, purpose)).generate_state(1)[0])
