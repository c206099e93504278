"""Pictures as the pages show them: calibrated as the study would calibrate them."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.small import write_small_study

from perirad.errors import InputError
from perirad.study.recipe import CalibrationRule
from perirad.workbench.desk import Desk
from perirad.workbench.pictures import calibrated_picture

RULE = CalibrationRule()


def write(path: Path, value: int = 90, shape: tuple[int, int] = (80, 100)) -> Path:
    Pillow.fromarray(np.full(shape, value, dtype=np.uint8)).save(path)
    return path


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"spacing_mm": "0.1 0.2"}, (0.1, 0.2)),
        ({"depth_mm": "40"}, (0.5, 0.5)),
        ({"caliper_mm": "20", "caliper_points": "10 10 10 50"}, (0.5, 0.5)),
        ({"caliper_mm": "50", "caliper_points": "10 10 40 50"}, (1.0, 1.0)),
    ],
)
def test_the_scale_that_the_table_states_is_shown_analytic(
    tmp_path: Path, cells: dict[str, str], expected: tuple[float, float]
) -> None:
    path = write(tmp_path / "a.png")
    picture = calibrated_picture(path, {"case_id": "a", **cells}, tmp_path, RULE)
    assert picture.spacing_mm == pytest.approx(expected)
    assert picture.problem == ""


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "pixel spacing must be known"),
        ({"spacing_mm": "wide"}, "positive number"),
        ({"spacing_mm": "0.1", "depth_mm": "40"}, "stated once"),
        ({"caliper_mm": "20", "caliper_points": "10 10 10 500"}, "lie in the picture"),
    ],
)
def test_a_picture_without_millimetres_says_why_analytic(tmp_path: Path, cells: dict[str, str], words: str) -> None:
    picture = calibrated_picture(write(tmp_path / "a.png"), {"case_id": "a", **cells}, tmp_path, RULE)
    assert picture.spacing_mm is None
    assert re.search(words, picture.problem)


def test_a_changed_file_is_read_anew_and_a_lost_one_is_an_error_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", 90)
    cells = {"case_id": "a", "spacing_mm": "0.1"}
    first = calibrated_picture(path, cells, tmp_path, RULE)
    assert calibrated_picture(path, cells, tmp_path, RULE) is first
    write(path, 200)
    os.utime(path, ns=(1, 1))
    shown = np.asarray(Pillow.open(io.BytesIO(calibrated_picture(path, cells, tmp_path, RULE).png)))
    assert (shown == 200).all()
    path.unlink()
    with pytest.raises(InputError, match=r"a\.png"):
        calibrated_picture(path, cells, tmp_path, RULE)


def test_a_study_with_depth_has_its_millimetres_on_the_desk_naive(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path, 4))
    row = desk.rows()[0]
    desk.set_cells({row.case_id: {"spacing_mm": "", "depth_mm": "36"}})
    assert desk.picture(desk.rows()[0]).spacing_mm == pytest.approx((0.5, 0.5))
