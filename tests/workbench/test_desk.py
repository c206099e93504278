"""The desk: outlines used, exclusions counted, agreement, words in two languages."""

from __future__ import annotations

import csv
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.small import write_small_study

from perirad.errors import InputError
from perirad.study.cohort import read_cohort
from perirad.study.settings import open_study
from perirad.workbench import messages
from perirad.workbench.agreement import agreement
from perirad.workbench.desk import Desk
from perirad.workbench.messages import LANGUAGES, Words
from perirad.workbench.outlines import OutlineStore, to_runs
from perirad.workbench.patients import take_picture


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(write_small_study(tmp_path / "study", 12))


def test_outlines_are_used_and_the_table_before_is_kept_analytic(desk: Desk) -> None:
    before = (desk.folder / "cases.csv").read_bytes()
    store, row = OutlineStore(desk.folder, "reader 1"), desk.rows()[2]
    picture = desk.picture(row)
    mask = np.zeros(picture.shape, dtype=np.bool_)
    mask[20:40, 25:50] = True
    other = np.zeros_like(mask)
    other[0:3] = True
    store.save(row.case_id, picture.shape, to_runs(mask), to_runs(other))
    assert desk.use_outlines("reader 1") == 1
    cohort = read_cohort(open_study(desk.folder))
    used = next(case.files for case in cohort.cases if case.case_id == row.case_id)
    assert used is not None
    assert used.mask == desk.folder / store.mask_name(row.case_id)
    assert used.left_out is not None
    assert (desk.folder / "cases.before-workbench.csv").read_bytes() == before
    drawn = desk.drawn(desk.rows()[2], picture.shape, "reader 1")
    assert drawn is not None
    np.testing.assert_array_equal(drawn, mask)


def test_exclusions_are_in_the_table_and_counted_with_their_reason_analytic(desk: Desk) -> None:
    case = desk.rows()[0].case_id
    with pytest.raises(InputError, match="reason"):
        desk.decide(case, "exclude", "  ")
    desk.decide(case, "exclude", "motion\nblur")
    cohort = read_cohort(open_study(desk.folder))
    assert [item.reason for item in cohort.exclusions] == ["excluded by a reader: motion blur"]
    assert len(cohort.cases) == 11
    assert (desk.rows()[0].verdict, desk.rows()[0].reason) == ("exclude", "motion blur")
    desk.decide(case, "accept")
    assert desk.rows()[0].verdict == "accept"
    assert len(read_cohort(open_study(desk.folder)).cases) == 12


def test_a_picture_outside_the_study_is_refused_unless_its_folder_is_allowed_analytic(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "study", 4)
    (tmp_path / "elsewhere").mkdir()
    shutil.copyfile(folder / "images" / "000.png", tmp_path / "elsewhere" / "a.png")
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for name in ("../elsewhere/a.png", str(tmp_path / "elsewhere" / "a.png"), "/etc/passwd"):
        rows[0]["image"] = name
        with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        with pytest.raises(InputError, match="study's folder"):
            Desk(folder).picture(Desk(folder).rows()[0])
        if "elsewhere" in name:
            allowed = Desk(folder, [tmp_path / "elsewhere"])
            assert allowed.picture(allowed.rows()[0]).shape == (72, 80)


def test_a_picture_without_a_spacing_is_shown_without_rings_analytic(desk: Desk) -> None:
    desk.set_cells({desk.rows()[0].case_id: {"spacing_mm": ""}})
    assert desk.picture(desk.rows()[0]).spacing_mm is None
    assert desk.picture(desk.rows()[1]).spacing_mm == (0.25, 0.25)


def test_agreement_of_two_squares_by_hand_analytic() -> None:
    first = np.zeros((40, 40), dtype=np.bool_)
    second = first.copy()
    first[10:20, 10:20] = True
    second[10:20, 13:23] = True
    found = agreement(first, second, (0.5, 0.2))
    assert found.dice == pytest.approx(0.7)
    assert found.hausdorff_mm == pytest.approx(3 * 0.2)
    assert agreement(first, first, (1, 1)).hausdorff_mm == 0.0
    nothing = agreement(first, np.zeros_like(first), (1, 1))
    assert nothing.dice == 0.0
    assert math.isnan(nothing.hausdorff_mm)
    with pytest.raises(InputError):
        agreement(first, first[:5], (1, 1))


def test_uploads_that_are_no_images_are_refused_analytic(tmp_path: Path) -> None:
    for content in (b"", b"not an image", b"\x89PNG\r\n\x1a\n" + b"0" * 50):
        with pytest.raises(InputError):
            take_picture(content, "x.png", (0.1, 0.1))
    bomb = tmp_path / "bomb.png"
    Pillow.new("1", (30000, 30000)).save(bomb)
    assert bomb.stat().st_size < 2_000_000
    with pytest.raises(InputError, match=r"large|pixels"):
        take_picture(bomb.read_bytes(), "bomb.png", (0.1, 0.1))


def test_both_languages_have_every_word_with_the_same_places_analytic() -> None:
    folder = Path(str(messages.__file__)).parent / "messages"
    files = {
        name: [json.loads(p.read_text(encoding="utf-8")) for p in sorted((folder / name).glob("*.json"))]
        for name in LANGUAGES
    }
    found = {name: {key: text for part in parts for key, text in part.items()} for name, parts in files.items()}
    assert found["en"].keys() == found["zh"].keys()
    assert all(len(found[name]) == sum(map(len, parts)) for name, parts in files.items()), "a word is in two catalogues"
    for key, text in found["en"].items():
        places = sorted(part.split("}")[0] for part in text.split("{")[1:])
        assert places == sorted(part.split("}")[0] for part in found["zh"][key].split("{")[1:]), key
    assert Words("xx")("home") == "Study"
    assert Words("zh")("cases", n=3) == "3 例"


def test_an_exclusion_that_was_erased_is_used_no_longer_analytic(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path))
    row = desk.rows()[0]
    shape = desk.picture(row).shape
    lesion, left_out = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    lesion[10:20, 10:20], left_out[0:5, 0:5] = True, True
    store = OutlineStore(desk.folder, "reader 1")
    store.save(row.case_id, shape, to_runs(lesion), to_runs(left_out))
    desk.use_outlines("reader 1")
    assert desk.rows()[0].cells["exclude_mask"].endswith(".excluded.png")
    store.save(row.case_id, shape, to_runs(lesion), to_runs(np.zeros(shape, dtype=np.bool_)))
    desk.use_outlines("reader 1")
    assert desk.rows()[0].cells["exclude_mask"] == ""
    assert not list(store.place.glob("*.excluded.png"))
