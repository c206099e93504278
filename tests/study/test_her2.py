"""HER2 categories, against the tables of ASCO/CAP 2018 and 2023 written out by hand, and on a public clinical table."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from tests.study.small import read_cases, write_cases

from perirad.study import engine
from perirad.study.cohort import read_cohort
from perirad.study.her2 import Category, classify, dual_probe_groups
from perirad.study.outcome import her2_low
from perirad.study.settings import open_study

ZERO, ULTRALOW, LOW = Category.ZERO, Category.ULTRALOW, Category.LOW
POSITIVE, UNDETERMINED, UNREADABLE = Category.POSITIVE, Category.UNDETERMINED, Category.UNREADABLE


@pytest.mark.parametrize(
    ("score", "missing", "negative", "equivocal", "positive"),
    [
        ("0", ZERO, ZERO, ZERO, POSITIVE),
        ("0+", ULTRALOW, ULTRALOW, ULTRALOW, POSITIVE),
        ("1+", LOW, LOW, LOW, POSITIVE),
        ("2+", UNDETERMINED, LOW, UNDETERMINED, POSITIVE),
        ("3+", POSITIVE, POSITIVE, POSITIVE, POSITIVE),
        ("", UNDETERMINED, UNDETERMINED, UNDETERMINED, POSITIVE),
        ("Negative", UNDETERMINED, UNDETERMINED, UNDETERMINED, POSITIVE),
        ("Indeterminate", UNDETERMINED, UNDETERMINED, UNDETERMINED, POSITIVE),
    ],
)
def test_every_pair_of_results_has_its_category_ascocap(
    score: str, missing: Category, negative: Category, equivocal: Category, positive: Category
) -> None:
    words = {"": missing, "negative": negative, "equivocal": equivocal, "positive": positive}
    assert {word: classify(score, word).category for word in words} == words


@pytest.mark.parametrize(
    ("spellings", "category"),
    [
        (("0", "zero", "IHC 0", "0.0", "score 0", " 0 ", "０"), ZERO),
        (("0+", "ultralow", "Ultra-low", "HER2-ultralow", "0 with membrane staining"), ULTRALOW),
        (("1", "1+", "+1", "1 +", "IHC 1+", "(1+)", "HER2 1+", "1.0", "１＋", "c-erbB-2 (1+)", "her2/neu: 1+"), LOW),
        (("2", "2+", "+2", "++", "(++)", "Equivocal", "IHC2+", "2+ by IHC", "2.0"), UNDETERMINED),
        (("3", "3+", "+3", "+++", "Positive", "POS", "HER2 positive", "IHC=3+"), POSITIVE),
        (("", "NA", "n/a", "nan", "[Not Available]", "[Not Evaluated]", "not_done", "Unknown", "None"), UNDETERMINED),
        (("4+", "1+/2+", "1-2+", "+", "-", "1.5", "low", "2+?", "high", "01", "0-1+", "IHC"), UNREADABLE),
    ],
)
def test_spellings_of_ihc_analytic(spellings: tuple[str, ...], category: Category) -> None:
    assert {spelling: classify(spelling, "").category for spelling in spellings} == dict.fromkeys(spellings, category)


@pytest.mark.parametrize(
    ("spellings", "category"),
    [
        (("positive", "Positive", "pos", "amplified", "Amplified", "FISH positive", "[Positive]"), POSITIVE),
        (("negative", "NEG", "not amplified", "non-amplified", "unamplified", "ISH: negative", "not_amplified"), LOW),
        (("Equivocal", "Indeterminate", "borderline", "", "Not Performed", "[Not Available]", "NA"), UNDETERMINED),
        (("maybe", "1", "0", "+", "-", "2.3", "yes", "positive?", "FISH"), UNREADABLE),
    ],
)
def test_spellings_of_ish_with_ihc_two_analytic(spellings: tuple[str, ...], category: Category) -> None:
    assert {spelling: classify("2+", spelling).category for spelling in spellings} == dict.fromkeys(spellings, category)


def test_a_cell_that_is_not_read_is_quoted_analytic() -> None:
    assert classify("1+/2+", "negative").reason == "IHC '1+/2+'"
    assert classify("2+", "2.3").reason == "ISH '2.3'"
    assert classify("2+", "", ratio="high").reason == "ISH ratio 'high'"
    assert classify("2+", "", ratio="2.4", copies="-1").reason == "ISH copies '-1'"


@pytest.mark.parametrize(
    ("ratio", "copies", "group", "with_zero", "with_one", "with_two", "with_three"),
    [
        ("2.0", "4.0", 1, POSITIVE, POSITIVE, POSITIVE, POSITIVE),
        ("2.4", "9", 1, POSITIVE, POSITIVE, POSITIVE, POSITIVE),
        ("2.0", "3.9", 2, ZERO, LOW, LOW, POSITIVE),
        ("1.99", "6.0", 3, ZERO, LOW, POSITIVE, POSITIVE),
        ("1.5", "5.9", 4, ZERO, LOW, LOW, POSITIVE),
        ("1.5", "4.0", 4, ZERO, LOW, LOW, POSITIVE),
        ("1.1", "2.3", 5, ZERO, LOW, LOW, POSITIVE),
    ],
)
def test_dual_probe_groups_in_the_light_of_ihc_ascocap(
    ratio: str,
    copies: str,
    group: int,
    with_zero: Category,
    with_one: Category,
    with_two: Category,
    with_three: Category,
) -> None:
    assert dual_probe_groups(float(ratio), float(copies)) == (group,)
    expected = {"0": with_zero, "1+": with_one, "2+": with_two, "3+": with_three}
    assert {score: classify(score, "", ratio=ratio, copies=copies).category for score in expected} == expected


@pytest.mark.parametrize(
    ("ihc", "ratio", "copies", "category"),
    [
        ("1+", "1.4", "", LOW),  # groups 3, 4 and 5 are all negative with IHC 1+
        ("2+", "1.4", "", UNDETERMINED),  # group 3 would be positive
        ("2+", "2.4", "", UNDETERMINED),  # group 2 would be negative
        ("2+", "", "3.1", LOW),  # groups 2 and 5
        ("2+", "", "7", POSITIVE),  # groups 1 and 3
        ("2+", "", "5", UNDETERMINED),  # groups 1 and 4
        ("", "2.4", "8", POSITIVE),
        ("", "1.5", "7", UNDETERMINED),
    ],
)
def test_one_number_counts_if_all_its_groups_agree_ascocap(
    ihc: str, ratio: str, copies: str, category: Category
) -> None:
    assert classify(ihc, "", ratio=ratio, copies=copies).category is category


def test_a_word_decides_between_the_groups_that_numbers_leave_ascocap() -> None:
    assert classify("2+", "positive", ratio="2.4").category is POSITIVE
    assert classify("2+", "negative", ratio="2.4").category is LOW


def test_contradictions_are_said_and_not_settled_by_guess_ascocap() -> None:
    assert classify("3+", "negative").note == "IHC 3+ with negative ISH: positive by IHC"
    assert classify("0", "positive").note == "IHC 0 with positive ISH: positive by ISH"
    assert classify("1+", "amplified").note == "IHC 1+ with positive ISH: positive by ISH"
    assert classify("2+", "negative", ratio="2.4", copies="8").reason == "ISH 'negative' with ratio 2.4 and copies 8"
    assert classify("2+", "positive", ratio="1.1", copies="2").category is UNREADABLE
    old = classify("1+", "positive", ratio="1.5", copies="7")
    assert old.category is LOW
    assert old.note == "ISH group 3 (ratio 1.5 and copies 7) is negative with IHC 1+ since 2018, recorded as positive"
    recount = classify("2+", "", ratio="2.3", copies="3.2")
    assert (
        recount.note == "ISH group 2 (ratio 2.3 and copies 3.2) with IHC 2+ is taken for recounted by a second observer"
    )
    assert classify("2+", "negative").note == ""


@pytest.mark.parametrize(("ultralow", "outcome"), [("zero", 0), ("low", 1), ("exclude", None)])
def test_ultralow_goes_where_the_study_says_analytic(ultralow: str, outcome: int | None) -> None:
    derived = her2_low("0+", "", ultralow=ultralow)
    assert derived.outcome == outcome
    assert derived.excluded == ("" if outcome is not None else "HER2-ultralow (IHC 0 with membrane staining)")
    assert derived.group == "HER2-ultralow"


def _spelled_out(row: dict[str, str]) -> str:
    """The rule once more, in the words of this table alone."""
    ihc, fish = row["her2_ihc_score"], row["her2_fish_status"]
    if ihc == "3+" or fish == "Positive":
        return "positive"
    if ihc == "0":
        return "zero"
    if ihc == "1+" or (ihc == "2+" and fish == "Negative"):
        return "low"
    return "undetermined"


@pytest.mark.shared
def test_categories_of_a_public_table_naive(shared: Path) -> None:
    with (shared / "data" / "tables" / "tcga_brca_her2_clinical.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ours = [classify(row["her2_ihc_score"], row["her2_fish_status"]) for row in rows]
    words = [item.category.value.removeprefix("HER2-") for item in ours]
    assert words == [_spelled_out(row) for row in rows]
    assert words == [row["her2_class"] for row in rows]
    assert Counter(words) == {"low": 408, "zero": 61, "positive": 145, "undetermined": 485}
    assert sum("positive by IHC" in item.note for item in ours) == 5
    assert sum("positive by ISH" in item.note for item in ours) == 3


RULE = 'rule = "her2-low"\nihc = "ihc"\nish = "ish"\nratio = "ratio"\ncopies = "copies"\n'

SPECIAL = {
    0: {"ihc": "0+"},
    1: {"ihc": "2+"},
    2: {"ihc": "3+", "ish": "negative"},
    3: {"ihc": "2+", "ratio": "1.1", "copies": "2.5"},
    4: {"ihc": "1-2+"},
}


def _her2_study(folder: Path) -> Path:
    rows = read_cases(folder)
    for number, row in enumerate(rows):
        row.update({"ihc": "1+" if row["malignant"] == "1" else "0", "ish": "", "ratio": "", "copies": ""})
        row.update(SPECIAL.get(number, {}))
    write_cases(folder, rows)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8").replace('column = "malignant"\n', RULE)
    file.write_text(text, encoding="utf-8")
    return folder


def test_a_study_counts_every_category_analytic(small: Path) -> None:
    cohort = read_cohort(open_study(_her2_study(small)))
    assert sum(cohort.groups.values()) == 59  # all rows but the unreadable one
    assert {name: cohort.groups[name] for name in ("HER2-ultralow", "HER2-positive", "HER2-undetermined")} == {
        "HER2-ultralow": 1,
        "HER2-positive": 1,
        "HER2-undetermined": 1,
    }
    assert {case.case_id: case.outcome for case in cohort.cases if case.case_id in {"c000", "c003"}} == {
        "c000": 0,
        "c003": 1,
    }
    reasons = {item.case_id: item.reason for item in cohort.exclusions}
    assert reasons == {
        "c001": "HER2 IHC 2+ without ISH result",
        "c002": "HER2-positive (IHC 3+ or ISH positive)",
        "c004": "unreadable row",
    }


def test_check_lists_doubtful_cells_and_contradictions_analytic(small: Path) -> None:
    problems = engine.check(open_study(_her2_study(small)), workers=1)
    lines = {problem.case: f"{problem.level}: {problem.line()}" for problem in problems}
    assert lines["c004"] == (
        "error: outcome must be a HER2 score, got IHC '1-2+' (case c004, cases.csv): "
        "write IHC as 0, 1+, 2+ or 3+, ISH as negative, positive or equivocal"
    )
    assert lines["c002"] == (
        "warning: HER2 results should agree, got IHC 3+ with negative ISH: positive by IHC (case c002, cases.csv): "
        "check the pathology report"
    )


def test_columns_of_the_rule_must_be_there_analytic(small: Path) -> None:
    file = _her2_study(small) / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"ratio"', '"her2_ratio"'), encoding="utf-8")
    (problem,) = engine.check(open_study(small), workers=1)
    assert problem.expected == "column 'her2_ratio' must be in the table"
