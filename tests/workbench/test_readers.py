"""Two readers: independent until both are done, compared as the study compares them, joined without loss."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.small import write_small_study

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.selection.agreement import icc
from perirad.study.cohort import read_cohort
from perirad.study.gather import gather
from perirad.study.settings import open_study
from perirad.workbench.desk import Desk
from perirad.workbench.outlines import OutlineStore, to_runs
from perirad.workbench.reader_features import feature_agreement, icc_table
from perirad.workbench.readers import (
    CONSENSUS,
    common,
    compare,
    make_consensus,
    outlines_of,
    readers_of,
    table_of,
)

SHAPE = (72, 80)
PAIR = ("reader 1", "Dr. Second")


def given(desk: Desk, at: int) -> BoolArray:
    return np.asarray(Pillow.open(desk.folder / desk.rows()[at].cells["mask"])) > 0


def shifted(mask: BoolArray, by: int) -> BoolArray:
    return np.roll(mask, by, axis=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Six cases: five by the first reader, four of these and the last by the second."""
    desk = Desk(write_small_study(tmp_path / "study", 6, radius=(7.0, 11.0)))
    for at in range(6):
        case = desk.rows()[at].case_id
        mask = given(desk, at)
        if at < 5:
            OutlineStore(desk.folder, PAIR[0]).save(case, SHAPE, to_runs(mask))
        if at != 4:
            OutlineStore(desk.folder, PAIR[1]).save(case, SHAPE, to_runs(shifted(mask, at)))
    return desk


def test_only_what_both_have_finished_is_compared_analytic(desk: Desk) -> None:
    assert readers_of(desk) == {PAIR[0]: 5, PAIR[1]: 5}
    found = compare(desk, *PAIR)
    cases = [row.case_id for row in desk.rows()]
    assert {pair.case_id for pair in found.pairs} == set(cases[:4]) == common(desk, PAIR)
    assert found.hidden == 2
    with pytest.raises(InputError, match="when all readers have outlined it, got 1 of 2"):
        outlines_of(desk, desk.rows()[4], SHAPE, PAIR)
    dice = [pair.found.dice for pair in found.pairs if pair.found is not None]
    assert dice == sorted(dice)
    assert dice[-1] == 1.0
    by_case = {pair.case_id: pair for pair in found.pairs}
    for at in range(4):
        pair = by_case[cases[at]]
        assert pair.at == at
        assert pair.found is not None
        spacing_mm = desk.picture(desk.rows()[at]).spacing_mm
        assert spacing_mm is not None
        assert pair.found.hausdorff_mm == pytest.approx(at * spacing_mm[1])
    table = list(csv.DictReader(io.StringIO(table_of(found))))
    assert [row["case_id"] for row in table] == [pair.case_id for pair in found.pairs]


def test_without_spacing_there_is_dice_but_no_distance_analytic(desk: Desk) -> None:
    desk.set_cells({desk.rows()[1].case_id: {"spacing_mm": ""}})
    pair = next(pair for pair in compare(desk, *PAIR).pairs if pair.at == 1)
    assert pair.found is not None
    assert 0 < pair.found.dice < 1
    assert np.isnan(pair.found.hausdorff_mm)


def test_the_correlations_are_those_of_a_study_with_a_second_mask_naive(desk: Desk) -> None:
    """Against the study's own extraction of `mask` and `mask_2`."""
    found = feature_agreement(desk, PAIR)
    desk.use_outlines(PAIR[0])
    desk.use_outlines(PAIR[1], "mask_2")
    study = open_study(desk.folder)
    cohort = read_cohort(study)
    both = [case for case in cohort.cases if case.case_id in common(desk, PAIR)]
    gathered = gather(replace(cohort, cases=tuple(both)).cases, study.settings, study.folder, workers=1)
    assert gathered.second is not None
    assert gathered.table.columns == found.columns
    expected = icc([gathered.table.values, gathered.second.values], study.settings.selection.icc_kind)
    np.testing.assert_array_equal(found.estimate, expected.estimate)
    np.testing.assert_array_equal(found.lower, expected.lower)
    assert found.n_cases == 4
    good = [bool(value >= study.settings.selection.icc) for value in expected.estimate]
    assert list(found.reliable) == good
    assert sum(passed for passed, _ in found.by_region().values()) == sum(good)
    rows = list(csv.DictReader(io.StringIO(icc_table(found))))
    assert [row["feature"] for row in rows] == list(found.columns)


def test_a_case_that_cannot_be_measured_is_told_and_too_few_are_refused_analytic(desk: Desk) -> None:
    (desk.folder / desk.rows()[0].cells["image"]).write_bytes(b"no picture")
    found = feature_agreement(desk, PAIR)
    assert found.n_cases == 3
    assert len(found.left_out) == 1
    assert found.left_out[0].startswith(desk.rows()[0].case_id)
    (desk.folder / desk.rows()[1].cells["image"]).write_bytes(b"no picture")
    with pytest.raises(InputError, match="3 cases or more must be outlined by both readers, got 2"):
        feature_agreement(desk, PAIR)
    with pytest.raises(InputError, match="ended after 2 of 4"):
        feature_agreement(desk, PAIR, lambda done, total: done < 2)


def test_a_consensus_is_kept_and_one_corrected_by_hand_stays_analytic(desk: Desk) -> None:
    row = desk.rows()[3]
    left_out = np.zeros(SHAPE, dtype=np.bool_)
    left_out[:4, :4] = True
    OutlineStore(desk.folder, PAIR[1]).save(row.case_id, SHAPE, to_runs(shifted(given(desk, 3), 3)), to_runs(left_out))
    store = OutlineStore(desk.folder, CONSENSUS)
    made = make_consensus(desk, row, PAIR, "all")
    np.testing.assert_array_equal(made.lesion, given(desk, 3) & shifted(given(desk, 3), 3))
    np.testing.assert_array_equal(made.excluded, left_out)
    assert store.made_by(row.case_id) == "rule all"
    again = make_consensus(desk, row, PAIR, "any")
    np.testing.assert_array_equal(again.lesion, given(desk, 3) | shifted(given(desk, 3), 3))
    store.save(row.case_id, SHAPE, to_runs(given(desk, 3)))
    with pytest.raises(InputError, match="corrected by hand"):
        make_consensus(desk, row, PAIR, "halfway")
    with pytest.raises(InputError, match="when all readers"):
        make_consensus(desk, desk.rows()[4], PAIR, "halfway")


def test_masks_outside_the_study_are_not_measured_analytic(desk: Desk, tmp_path: Path) -> None:
    row = desk.rows()[0]
    (tmp_path / "other.png").write_bytes((desk.folder / row.cells["mask"]).read_bytes())
    desk.set_cells({row.case_id: {"other_mask": "../other.png"}})
    found = feature_agreement(desk, PAIR)
    assert found.n_cases == 3
    assert "a file must lie in the study's folder" in found.left_out[0]
