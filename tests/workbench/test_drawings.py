"""What a reader goes on from: the own outline, the table's for the first one, an empty picture for the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.study.small import write_small_study

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.study.casefiles import read_files
from perirad.study.extraction import prepare_case
from perirad.study.gather import recipe_of
from perirad.study.settings import open_study
from perirad.workbench.desk import Desk
from perirad.workbench.drawings import drawing_of, is_first, keep, state_of
from perirad.workbench.outlines import from_runs, to_runs
from perirad.workbench.tabled import tabled_outline

SHAPE = (72, 80)


def block(top: int, left: int, size: int = 8) -> BoolArray:
    mask = np.zeros(SHAPE, dtype=np.bool_)
    mask[top : top + size, left : left + size] = True
    return mask


def told(lesion: BoolArray, others: tuple[BoolArray, ...] = (), excluded: BoolArray | None = None) -> dict[str, Any]:
    nothing = np.zeros(SHAPE, dtype=np.bool_)
    return {
        "runs": to_runs(lesion), "others": [to_runs(mask) for mask in others], "step": "edit",
        "exclusion": to_runs(nothing if excluded is None else excluded),
    }  # fmt: skip


def test_a_second_reader_begins_without_the_lesion_of_the_table_analytic(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path, 8))
    row = desk.rows()[0]
    tabled = desk.tabled(row, SHAPE)
    assert tabled is not None
    assert tabled.lesion.any()
    began = drawing_of(desk, row, SHAPE, "reader 1")
    assert began is not None
    np.testing.assert_array_equal(began.lesion, tabled.lesion)
    keep(desk, row, SHAPE, "reader 1", told(block(10, 10)))
    assert is_first(desk.folder, "reader 1")
    assert not is_first(desk.folder, "reader 2")
    second = drawing_of(desk, row, SHAPE, "reader 2")
    assert second is not None
    assert not second.lesion.any()
    first = drawing_of(desk, row, SHAPE, "reader 1")
    assert first is not None
    np.testing.assert_array_equal(first.lesion, block(10, 10))
    before = drawing_of(desk, row, SHAPE, "reader 1", 0)
    assert before is not None
    np.testing.assert_array_equal(before.lesion, tabled.lesion)


def test_the_canvas_is_told_what_was_kept_analytic(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path, 8))
    row = desk.rows()[0]
    kept = keep(desk, row, SHAPE, "reader 1", told(block(10, 10), (block(30, 30),), block(50, 5)))
    state = state_of(kept, SHAPE)
    lesions = [from_runs(runs, SHAPE) for runs in state["lesions"]]
    np.testing.assert_array_equal(lesions, [block(10, 10), block(30, 30)])
    np.testing.assert_array_equal(from_runs(state["exclusion"], SHAPE), block(50, 5))
    empty = state_of(None, SHAPE)
    assert not from_runs(empty["lesions"][0], SHAPE).any()


def test_further_lesions_are_left_out_of_the_rings_of_a_study_naive(tmp_path: Path) -> None:
    """What is drawn beside the lesion takes its pixels from the ring that the study measures."""
    desk = Desk(write_small_study(tmp_path, 8))
    row = desk.rows()[0]
    keep(desk, row, SHAPE, "reader 1", told(block(20, 20), (block(20, 30),), block(30, 20, 2)))
    desk.use_outlines("reader 1")
    study = open_study(desk.folder)
    cells = desk.rows()[0].cells
    assert cells["other_mask"].endswith(".others.png")
    assert cells["exclude_mask"].endswith(".excluded.png")
    files, problems = read_files(cells, desk.folder, "cases.csv")
    assert problems == []
    _, regions = prepare_case(files, recipe_of(study.settings))
    ring = next(region for region in regions if region.name.startswith("P"))
    assert not (ring.mask & (block(20, 30) | block(30, 20, 2))).any()
    assert ring.lost_fraction["other lesion"] > 0
    assert ring.lost_fraction["marked by hand"] > 0
    keep(desk, row, SHAPE, "reader 1", told(block(20, 20)))
    desk.use_outlines("reader 1")
    assert desk.rows()[0].cells["other_mask"] == desk.rows()[0].cells["exclude_mask"] == ""


def test_an_outline_of_the_table_that_does_not_fit_is_told_analytic(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path, 4))
    row = desk.rows()[0]
    assert desk.tabled(row, (60, 60)) is None
    with pytest.raises(InputError, match=r"size of its image.*60 x 60"):
        tabled_outline(row.cells, (60, 60), desk.file)
    (desk.folder / row.cells["mask"]).unlink()
    with pytest.raises((InputError, OSError), match=row.cells["mask"].rsplit("/", 1)[-1]):
        tabled_outline(row.cells, SHAPE, desk.file)
