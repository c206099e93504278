"""Who is in training and who is in the test: by patient, stratified, with a seed, or as the table says."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import Problem
from perirad.study.cohort import COHORTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perirad.study.cohort import Case
    from perirad.study.settings import StudySettings

__all__ = ["assign_cohorts", "split_problems"]


_FEWEST_OF_A_CENTRE = 10
_FEWEST_READ_TWICE = 10


def assign_cohorts(cases: Sequence[Case], settings: StudySettings) -> dict[str, str]:
    """Cohort (train, test or external) of every case, by case id; all images of a patient stay together."""
    split = settings.split
    if split.by == "cohort":
        return {case.case_id: case.given_cohort for case in cases}
    if split.by == "centre":
        return {case.case_id: "test" if case.centre in split.test_centres else "train" for case in cases}
    test = _random_test_patients(cases, split.test_fraction, settings.seed)
    return {case.case_id: "test" if case.patient_id in test else "train" for case in cases}


def _random_test_patients(cases: Sequence[Case], fraction: float, seed: int) -> set[str]:
    """Stratified by outcome; the number of training patients is the rounded (1 - fraction) of all."""
    outcome = {case.patient_id: case.outcome for case in cases}
    patients = sorted(outcome)
    n_test = len(patients) - round((1.0 - fraction) * len(patients))
    sizes = Counter(outcome.values())
    exact = {value: n_test * size / len(patients) for value, size in sizes.items()}
    quota = {value: int(share) for value, share in exact.items()}
    by_remainder = sorted(exact, key=lambda value: (quota[value] - exact[value], value))
    for value in by_remainder[: n_test - sum(quota.values())]:
        quota[value] += 1
    rng = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    chosen: set[str] = set()
    for value in sorted(sizes):
        members = [patient for patient in patients if outcome[patient] == value]
        chosen.update(members[i] for i in rng.permutation(len(members))[: quota[value]])
    return chosen


def split_problems(cases: Sequence[Case], cohorts: Mapping[str, str], settings: StudySettings) -> Iterator[Problem]:
    """Find what makes a fit or a test impossible: one class only, too few events. Patients count, not images."""
    if settings.harmonisation.method == "combat":
        yield from _centre_problems(cases, cohorts, settings)
    yield from _reader_problems(cases, cohorts, settings)
    for name in COHORTS:
        members = [case for case in cases if cohorts[case.case_id] == name]
        outcome = {case.patient_id: case.outcome for case in members}
        events = sum(outcome.values())
        found = f"{events} events among {len(outcome)} patients"
        if not members and name != "external":
            yield Problem(f"the split must leave {name} patients", "none", mend="see [split] in study.toml")
        elif members and events in (0, len(outcome)):
            yield Problem(f"the {name} cohort must hold both classes", found, mend="see [outcome] and [split]")
        elif name == "train":
            yield from _event_problems(min(events, len(outcome) - events), settings)
            yield from _variable_problems(members, settings)


def _centre_problems(cases: Sequence[Case], cohorts: Mapping[str, str], settings: StudySettings) -> Iterator[Problem]:
    """Find what makes ComBat impossible: it must know each centre from several training cases, in every fold."""
    counts = Counter(case.centre for case in cases if cohorts[case.case_id] == "train")
    mend = 'set [harmonisation] method = "none", or divide the patients so that each centre is in training'
    if "" in counts:
        found = f"none for {counts['']} training cases"
        yield Problem("ComBat needs the centre of every case", found, mend="fill the column centre")
    if len(counts) < 2:
        yield Problem("ComBat needs at least two centres in training", f"{len(counts)}", mend=mend)
    few = [f"{name} with {count}" for name, count in sorted(counts.items()) if count < _FEWEST_OF_A_CENTRE]
    if few:
        expected = f"ComBat needs at least {_FEWEST_OF_A_CENTRE} training cases of each centre"
        yield Problem(expected, ", ".join(few), mend='set [harmonisation] method = "none"')
    if settings.harmonisation.reference not in ("", *counts):
        yield Problem("the reference centre must be in training", repr(settings.harmonisation.reference), mend=mend)
    for name in sorted({case.centre for case in cases} - set(counts)):
        yield Problem("ComBat can only harmonise centres that are in training", f"test cases of {name!r}", mend=mend)


def _reader_problems(cases: Sequence[Case], cohorts: Mapping[str, str], settings: StudySettings) -> Iterator[Problem]:
    """Find second readings that are too few to tell anything about agreement."""
    twice = [case for case in cases if case.second is not None]
    training = sum(cohorts[case.case_id] == "train" for case in twice)
    if settings.selection.icc and twice and training < _FEWEST_READ_TWICE:
        expected = f"agreement between readers needs at least {_FEWEST_READ_TWICE} training cases with mask_2"
        mend = "outline more cases twice, or switch it off: [selection] icc = 0"
        yield Problem(expected, f"{training}", mend=mend)


def _event_problems(smaller: int, settings: StudySettings) -> Iterator[Problem]:
    parameters = sum(max(1, len(item.levels) - 1) for item in settings.clinical.variables) + 1
    if smaller < parameters:
        expected = f"training needs at least as many events as candidate parameters ({parameters} with the Rad-score)"
        mend = "name fewer variables or levels in [clinical], or collect more patients"
        yield Problem(expected, f"{smaller} in the rarer class", mend=mend)
    outer, inner = settings.score.folds, settings.selection.folds
    # What the largest held-out fold leaves of the rarer class must still fill the folds of the LASSO.
    needed = next(n for n in itertools.count(outer) if n - math.ceil(n / outer) >= inner)
    if smaller < needed:
        expected = f"{inner} folds within each of {outer} need {needed} patients of each class in training"
        yield Problem(expected, f"{smaller} in the rarer class", mend="lower [selection] folds and [score] folds")


def _variable_problems(members: Sequence[Case], settings: StudySettings) -> Iterator[Problem]:
    for item in settings.clinical.variables:
        values = {case.clinical[item.name] for case in members if item.name in case.clinical}
        absent = [level for level in item.levels if level not in values]
        if absent:
            expected = f"every level of {item.name} must occur in training"
            mend = "merge it with another level in the table, or leave it out of levels"
            yield Problem(expected, f"no training patient with {', '.join(absent)}", mend=mend)
        elif len(values) == 1:
            yield Problem(
                f"{item.name} must vary in training", f"only {values.pop()}", mend="leave it out of [clinical]"
            )
