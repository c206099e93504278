"""The outcome rule, case by case as the ASCO/CAP scores define it."""

from __future__ import annotations

import pytest

from perirad.study.outcome import derive, her2_low
from perirad.study.settings import OutcomeSettings


@pytest.mark.parametrize(
    ("ihc", "ish", "outcome"),
    [("0", "", 0), ("1+", "", 1), ("1", "", 1), ("2+", "negative", 1), ("2+", "Negative", 1), ("1+", "negative", 1)],
)
def test_her2_status_is_derived_analytic(ihc: str, ish: str, outcome: int) -> None:
    assert her2_low(ihc, ish).outcome == outcome


@pytest.mark.parametrize(
    ("ihc", "ish", "reason"),
    [
        ("3+", "", "HER2-positive (IHC 3+ or ISH positive)"),
        ("2+", "positive", "HER2-positive (IHC 3+ or ISH positive)"),
        ("1+", "positive", "HER2-positive (IHC 3+ or ISH positive)"),
        ("2+", "", "HER2 IHC 2+ without ISH result"),
        ("2+", "not done", "HER2 IHC 2+ without ISH result"),
        ("", "", "HER2 IHC missing"),
    ],
)
def test_her2_exclusions_carry_their_reason_analytic(ihc: str, ish: str, reason: str) -> None:
    derived = her2_low(ihc, ish)
    assert derived.outcome is None
    assert derived.excluded == reason


@pytest.mark.parametrize(("ihc", "ish", "found"), [("4+", "", "IHC '4+'"), ("2+", "maybe", "ISH 'maybe'")])
def test_her2_nonsense_is_unreadable_analytic(ihc: str, ish: str, found: str) -> None:
    assert her2_low(ihc, ish).unreadable == found


def test_column_outcome_analytic() -> None:
    rule = OutcomeSettings(column="class", event=("m",), nonevent=("b",), excluded=("n",), label="Diagnosis")
    assert derive({"class": "m"}, rule).outcome == 1
    assert derive({"class": "b"}, rule).outcome == 0
    assert derive({"class": "n"}, rule).excluded == "Diagnosis: n"
    assert derive({"class": ""}, rule).excluded == "outcome missing"
    assert derive({"class": "x"}, rule).unreadable == "'x'"
