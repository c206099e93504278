"""Rings of which much was lost: kept, or taken out with everything counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from perirad.errors import StudyError
from perirad.study.casefiles import CaseFiles
from perirad.study.cohort import Case, Cohort
from perirad.study.extraction import CaseQuality
from perirad.study.gather import Gathered
from perirad.study.losses import apply_policy, flagged_regions, loss_words
from perirad.study.records import Analysed
from perirad.study.settings import Study, StudySettings
from perirad.table import FeatureTable

COLUMNS = ("I_original_a", "P3_original_a", "P5_original_a")


def _analysed(lost_p5: list[float], cohorts: list[str], **regions: object) -> Analysed:
    """Study of rings P3 and P5, whose P5 lost the given shares."""
    ids = [f"c{i}" for i in range(len(lost_p5))]
    settings = StudySettings.model_validate({"outcome": {"column": "y"}, "regions": {"widths_mm": [3, 5], **regions}})
    quality = tuple(
        CaseQuality(
            case_id, "stated", "", (0.1, 0.1), (100, 100), 50.0, dict.fromkeys(("I", "P3", "P5"), 10),
            {"I": {}, "P3": {"image edge": 0.0}, "P5": {"image edge": share / 2, "other lesion": share / 2}},
        )
        for case_id, share in zip(ids, lost_p5, strict=True)
    )  # fmt: skip
    table = FeatureTable(tuple(ids), COLUMNS, np.arange(3.0 * len(ids)).reshape(-1, 3))
    cases = tuple(Case(name, name, CaseFiles(Path("i"), Path("m")), "", "", i % 2, {}) for i, name in enumerate(ids))
    return Analysed(
        Study(folder=Path(), settings=settings), Cohort(cases, (), (), (), len(ids), len(ids)),
        Gathered(table, quality, (), ()), cases, (), dict(zip(ids, cohorts, strict=True)),
    )  # fmt: skip


TEN = ["train"] * 8 + ["test"] * 2


def test_keep_changes_nothing_analytic() -> None:
    before = _analysed([0.9] * 10, TEN)
    assert apply_policy(before) is before


def test_drop_case_excludes_each_flagged_case_with_its_causes_analytic() -> None:
    after = apply_policy(_analysed([0.0, 0.31, *[0.29] * 7, 0.8], TEN, on_loss="drop case"))
    assert [case.case_id for case in after.cases] == [f"c{i}" for i in (0, 2, 3, 4, 5, 6, 7, 8)]
    assert after.features.table.case_ids == tuple(case.case_id for case in after.cases)
    assert [(item.case_id, item.reason) for item in after.exclusions] == [
        ("c1", "ring largely lost"),
        ("c9", "ring largely lost"),
    ]
    assert after.exclusions[1].detail == "P5 lost 80 % (other lesion 40 %, image edge 40 %)"


def test_drop_ring_gives_up_a_ring_that_many_training_cases_lost_analytic() -> None:
    after = apply_policy(_analysed([0.9, 0.9, *[0.0] * 8], TEN, on_loss="drop ring"))
    assert after.given_up == ("P5",)
    assert len(after.cases) == 10
    assert list(after.modelling.scenario_regions()) == ["I", "I+P3"]
    assert list(after.study.settings.scenario_regions()) == ["I", "I+P3", "I+P5"]


def test_a_ring_that_few_training_cases_lost_stays_without_them_analytic() -> None:
    after = apply_policy(_analysed([0.9, *[0.0] * 8, 0.9], TEN, on_loss="drop ring"))
    assert after.given_up == ()
    assert [item.case_id for item in after.exclusions] == ["c0"]
    last = after.features.table.values[-1]
    assert after.features.table.case_ids[-1] == "c9"
    assert np.isnan(last).tolist() == [False, False, True]


def test_test_cases_have_no_say_in_which_rings_stay_analytic() -> None:
    after = apply_policy(_analysed([*[0.0] * 8, 0.9, 0.9], TEN, on_loss="drop ring"))
    assert after.given_up == ()
    assert after.exclusions == ()


def test_a_study_without_scenarios_stops_analytic() -> None:
    analysed = _analysed([0.9] * 10, TEN, on_loss="drop ring")
    score = analysed.study.settings.score.model_copy(update={"scenarios": ("I+P5",)})
    settings = analysed.study.settings.model_copy(update={"score": score})
    study = analysed.study.model_copy(update={"settings": settings})
    with pytest.raises(StudyError, match=r"a scenario must be left, got P5 largely lost in more than 20 % of training"):
        apply_policy(Analysed(**{**vars(analysed), "study": study}))


def test_the_limit_itself_is_not_flagged_analytic() -> None:
    lost = {"P3": {"image edge": 0.3}, "P5": {"image edge": 0.2, "shadow": 0.11}}
    assert flagged_regions(lost, ("P3", "P5"), 0.3) == ("P5",)
    assert loss_words("P5", lost["P5"]) == "P5 lost 31 % (image edge 20 %, shadow 11 %)"
    assert loss_words("P3", {"image edge": 0.0}) == "P3 lost nothing"
