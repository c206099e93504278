"""Who goes where."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from perirad.study.casefiles import CaseFiles
from perirad.study.cohort import Case
from perirad.study.settings import StudySettings
from perirad.study.split import assign_cohorts


def _cases(n: int, *, events: int, images: int = 1) -> list[Case]:
    return [
        Case(f"c{i}-{k}", f"p{i}", CaseFiles(Path("i"), Path("m")), "AB"[i % 2], "", int(i < events), {})
        for i in range(n)
        for k in range(images)
    ]


def _settings(**split: object) -> StudySettings:
    return StudySettings.model_validate({"outcome": {"column": "y"}, "split": split, "seed": 7})


def test_seven_to_three_of_433_is_303_and_130_analytic() -> None:
    cases = _cases(433, events=245)
    cohorts = assign_cohorts(cases, _settings())
    assert Counter(cohorts.values()) == {"train": 303, "test": 130}
    events = sum(case.outcome for case in cases if cohorts[case.case_id] == "test")
    # 245 * 130 / 433 = 73.56: the stratum takes 73 or 74.
    assert events in (73, 74)


def test_images_of_a_patient_stay_together_analytic() -> None:
    cases = _cases(50, events=20, images=3)
    cohorts = assign_cohorts(cases, _settings())
    for i in range(50):
        assert len({cohorts[f"c{i}-{k}"] for k in range(3)}) == 1


def test_the_split_does_not_depend_on_the_order_of_rows_analytic() -> None:
    cases = _cases(80, events=30)
    assert assign_cohorts(cases, _settings()) == assign_cohorts(cases[::-1], _settings())


def test_another_seed_is_another_split_analytic() -> None:
    cases = _cases(80, events=30)
    other = StudySettings.model_validate({"outcome": {"column": "y"}, "seed": 8})
    assert assign_cohorts(cases, _settings()) != assign_cohorts(cases, other)


@pytest.mark.parametrize("by", ["centre", "cohort"])
def test_a_given_split_is_taken_as_it_is_analytic(by: str) -> None:
    cases = [
        Case(f"c{i}", f"p{i}", CaseFiles(Path("i"), Path("m")), "AB"[i % 2], ("train", "test")[i % 2], 0, {})
        for i in range(10)
    ]
    cohorts = assign_cohorts(cases, _settings(by=by, test_centres=["B"]))
    assert cohorts == {f"c{i}": ("train", "test")[i % 2] for i in range(10)}
