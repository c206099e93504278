"""The common leaks: each alters what the honest functions are given, or what is kept of their results."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.logistic import fit_logistic, probability
from perirad.study.audit_run import Rows, auc, split_and_develop
from perirad.study.fitting import fit_radscore
from perirad.table import FeatureTable
from perirad.validation.cutoffs import youden_cutoff
from perirad.validation.threshold import threshold_metrics

if TYPE_CHECKING:
    from perirad.arrays import FloatArray
    from perirad.study.audit_run import Run
    from perirad.study.cohort import Case
    from perirad.study.settings import StudySettings
    from perirad.validation.records import ThresholdMetrics

__all__ = [
    "BEST_SPLIT", "LEAKS", "Leak", "by_image", "cutoff_of_test", "oversampled", "permuted", "refitted_on_test",
    "scenario_by_test", "selected_on_all", "why_not",
]  # fmt: skip

Pair = tuple[float, float]
"""The same figure done honestly and with the leak."""

BEST_SPLIT = "best_split"


def permuted(rows: Rows, seed: int) -> Rows:
    """Deal the outcomes out anew among the patients: nothing in the data is related to them any more."""
    outcome = {case.patient_id: case.outcome for case in rows.cases}
    patients = sorted(outcome)
    order = np.random.default_rng(np.random.SeedSequence([seed, 5])).permutation(len(patients))
    dealt = {patient: outcome[patients[int(i)]] for patient, i in zip(patients, order, strict=True)}
    return rows.relabelled([replace(case, outcome=dealt[case.patient_id]) for case in rows.cases])


def selected_on_all(rows: Rows, settings: StudySettings) -> Rows:
    """Keep the features that screening, pruning and LASSO choose on all rows, those of the test patients included.

    A feature stays that any scenario chose. Scaling on all rows is no separate step here: the Rad-score scales what it
    is given once more, which undoes it.
    """
    training = rows.training
    chosen: set[str] = set()
    for name, regions in settings.scenario_regions().items():
        fit = fit_radscore(training.regions(regions), name, settings, (settings.seed, 4))
        chosen.update(fit.score.columns)
    return Rows(rows.cases, rows.table.take(columns=[name for name in rows.table.columns if name in chosen]))


def oversampled(rows: Rows, seed: int) -> Rows:
    """Copy patients of the rarer class, drawn at random, until both classes are equally frequent.

    A copy counts as a patient of its own, so that the split and the folds put copies of one patient on both sides.
    """
    outcome = {case.patient_id: case.outcome for case in rows.cases}
    counts = Counter(outcome.values())
    rarer = min((0, 1), key=lambda value: counts[value])
    members = sorted(patient for patient, value in outcome.items() if value == rarer)
    random = np.random.default_rng(np.random.SeedSequence([seed, 6]))
    drawn = random.choice(len(members), size=abs(counts[1] - counts[0]))
    index, cases = list(range(len(rows.cases))), list(rows.cases)
    for copy, place in enumerate(drawn):
        for i, case in enumerate(rows.cases):
            if case.patient_id == members[int(place)]:
                index.append(i)
                cases.append(_copy(case, copy))
    centres = tuple(rows.table.centres[i] for i in index) if rows.table.centres else ()
    names = tuple(case.case_id for case in cases)
    table = FeatureTable(names, rows.table.columns, rows.table.values[index], centres)
    return Rows(tuple(cases), table)


def _copy(case: Case, number: int) -> Case:
    return replace(case, case_id=f"{case.case_id} copy {number}", patient_id=f"{case.patient_id} copy {number}")


def by_image(rows: Rows) -> Rows:
    """Take every image for a patient of its own, so that images of one patient come on both sides of the split."""
    return rows.relabelled([replace(case, patient_id=case.case_id) for case in rows.cases])


def scenario_by_test(run: Run) -> str:
    """Scenario whose Rad-score has the highest AUC in the test rows; the first named when equal."""
    outcome, scenarios = run.test.outcome, run.development.scenarios
    return max(scenarios, key=lambda name: auc(outcome, scenarios[name].predict(run.test.table)))


def refitted_on_test(run: Run) -> FloatArray:
    """Risk of the test rows by a combined model with the same predictors, its weights fitted on these very rows."""
    combined = run.development.combined
    if combined is None:
        return run.risk
    columns = {variable.name: run.columns[variable.name] for variable in combined.variables}
    return probability(fit_logistic(columns, run.test.outcome, combined.variables), columns)


def cutoff_of_test(run: Run) -> float:
    """Youden cut-off of the nomogram in the test rows; that of training where none does better than chance."""
    value = youden_cutoff(run.test.outcome, run.risk).cutoff
    return run.cutoff if math.isnan(value) else value


def _selection(rows: Rows, settings: StudySettings, run: Run) -> Pair:
    return run.auc, split_and_develop(selected_on_all(rows, settings), settings).auc


def _width(_rows: Rows, _settings: StudySettings, run: Run) -> Pair:
    def of(name: str) -> float:
        return auc(run.test.outcome, run.development.scenarios[name].predict(run.test.table))

    return of(run.development.chosen), of(scenario_by_test(run))


def _refit(_rows: Rows, _settings: StudySettings, run: Run) -> Pair:
    return run.auc, auc(run.test.outcome, refitted_on_test(run))


def _at_cutoff(run: Run, of: Callable[[ThresholdMetrics], float]) -> Pair:
    honest, leaky = (threshold_metrics(run.test.outcome, run.risk, cut) for cut in (run.cutoff, cutoff_of_test(run)))
    return of(honest), of(leaky)


def _youden(_rows: Rows, _settings: StudySettings, run: Run) -> Pair:
    return _at_cutoff(run, lambda found: found.sensitivity.estimate + found.specificity.estimate - 1.0)


def _accuracy(_rows: Rows, _settings: StudySettings, run: Run) -> Pair:
    return _at_cutoff(run, lambda found: found.accuracy.estimate)


def _oversampling(rows: Rows, settings: StudySettings, run: Run) -> Pair:
    return run.auc, split_and_develop(oversampled(rows, settings.seed), settings).auc


def _images(rows: Rows, settings: StudySettings, run: Run) -> Pair:
    return run.auc, split_and_develop(by_image(rows), settings).auc


@dataclass(frozen=True)
class Leak:
    """A mistake in plain words, the figure it is judged by, and what measures it on one split.

    `measure` returns the figure of the honest and of the leaky way. It is None for the best of several splits, which
    no single split shows.
    """

    key: str
    title: str
    wrong: str
    figure: str
    measure: Callable[[Rows, StudySettings, Run], Pair] | None


_NOMOGRAM = "AUC of the nomogram"
_CUTOFF = (
    "The cut-off was chosen on the test patients and judged on the same patients, where it should have come from the "
    "training patients."
)

LEAKS: tuple[Leak, ...] = (
    Leak(
        "selection",
        "Features selected before the split",
        "Tests, pruning and LASSO chose the features on all patients, the test patients included; only then was the "
        "study split, and the model fitted on the training patients with these features.",
        _NOMOGRAM,
        _selection,
    ),
    Leak(
        BEST_SPLIT,
        "Best of several splits reported",
        "The study was split several times, and the split with the best test result was the one reported.",
        _NOMOGRAM,
        None,
    ),
    Leak(
        "width",
        "Ring width chosen by the test result",
        "Rad-scores of all scenarios were tried on the test patients, and the one that did best there was reported.",
        "AUC of the Rad-score",
        _width,
    ),
    Leak(
        "refit",
        "Nomogram fitted again on the test set",
        "The weights of the nomogram were fitted anew on the test patients, and judged on the same patients.",
        _NOMOGRAM,
        _refit,
    ),
    Leak("cutoff_youden", "Cut-off chosen on the test set", _CUTOFF, "Youden's index", _youden),
    Leak("cutoff_accuracy", "Cut-off chosen on the test set", _CUTOFF, "Accuracy", _accuracy),
    Leak(
        "oversampling",
        "Oversampling before the split",
        "Patients of the rarer class were copied until both classes were equally frequent, and only then was the study "
        "split: copies of one patient are on both sides.",
        _NOMOGRAM,
        _oversampling,
    ),
    Leak(
        "images",
        "Images of one patient on both sides",
        "The study was split by image, not by patient: the model is tested on patients that it was trained on.",
        _NOMOGRAM,
        _images,
    ),
)


def why_not(leak: Leak, rows: Rows, settings: StudySettings, n_seeds: int) -> str:
    """Why a leak cannot be made in this study; empty where it can."""
    outcome = {case.patient_id: case.outcome for case in rows.cases}
    events = sum(outcome.values())
    reasons = {
        BEST_SPLIT: n_seeds < 4 and f"it needs 4 splits or more, and {n_seeds} were asked for",
        "width": len(settings.scenario_regions()) < 2 and "there is one scenario only",
        "oversampling": 2 * events == len(outcome) and "both classes are equally frequent",
        "images": len(outcome) == len(rows.cases) and "every patient has one image",
    }
    return reasons.get(leak.key) or ""
