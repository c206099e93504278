"""What `perirad check` says of pictures that were made wrong in one known way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.pictures import case, disc, speckle
from tests.study.small import change, read_cases, write_cases

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import Problem
from perirad.image.image import Source
from perirad.study import engine
from perirad.study.casefiles import CaseFiles
from perirad.study.cohort import Case
from perirad.study.quality import CaseLook, look_at
from perirad.study.quality_cohort import cohort_findings
from perirad.study.quality_findings import case_findings
from perirad.study.settings import open_study

MASK = disc(20)


def _said(problems: tuple[Problem, ...]) -> list[str]:
    assert all(problem.level == "warning" for problem in problems)
    return [f"{problem.expected}: {problem.found}" for problem in problems]


def _look(pixels: FloatArray, mask: BoolArray = MASK, name: str = "c1", **more: object) -> CaseLook:
    image, regions = case(pixels, mask, **more)  # type: ignore[arg-type]
    return look_at(name, image, regions, f"{name}_mask.png")


def test_a_sound_case_is_not_accused_analytic() -> None:
    assert case_findings(_look(speckle(1))) == ()


def test_every_finding_names_case_file_and_mend_analytic() -> None:
    (problem,) = case_findings(_look(speckle(1), disc(20, (20, 100))))
    assert problem.line() == (
        "a lesion should lie whole inside the picture, got one that touches the top edge (case c1, made.png): "
        "use a picture that shows it whole, or exclude the case"
    )


def test_tiny_lesions_by_millimetres_and_by_pixels_analytic() -> None:
    """A disc of radius 12 has 441 pixels, one of 11 has 377."""
    expected = "a lesion should be at least 5 mm across and have 400 pixels: "
    assert _said(case_findings(_look(speckle(1), disc(12), mm=0.2))) == [f"{expected}441 pixels, 4.7 mm across"]
    assert _said(case_findings(_look(speckle(1), disc(12), mm=0.25))) == []
    assert _said(case_findings(_look(speckle(1), disc(11), mm=0.3))) == [f"{expected}377 pixels, 6.6 mm across"]


def test_nothing_is_said_in_millimetres_that_are_assumed_or_impossible_analytic() -> None:
    assert case_findings(_look(speckle(1), disc(12), mm=0.2, source=Source.ASSUMED)) == ()
    (problem,) = case_findings(_look(speckle(1), disc(11), mm=0.2, source=Source.ASSUMED))
    assert problem.found == "377 pixels"
    assert case_findings(_look(speckle(1), disc(12), mm=0.2), plausible=False) == ()


def test_clipped_grey_levels_analytic() -> None:
    bright = np.minimum(speckle(1), 80.0)
    share = np.mean(bright[disc(30)] == 80.0)  # lesion and the ring of 2 mm at 0.2 mm
    (problem,) = case_findings(_look(bright))
    assert problem.found == f"{100 * share:.0f} % of their pixels at 80, the highest"
    dark = np.maximum(speckle(1) - 120.0, 0.0)
    assert np.mean(dark[disc(30)] == 0.0) > 0.5
    assert any("at 0, the lowest" in line for line in _said(case_findings(_look(dark))))


def test_an_anechoic_lesion_is_not_clipped_analytic() -> None:
    cyst = speckle(1)
    cyst[disc(19)] = 0.0
    assert case_findings(_look(cyst)) == ()


def test_few_grey_levels_analytic() -> None:
    poster = np.round(speckle(1) / 16.0) * 16.0
    levels = len(np.unique(poster[disc(30)]))
    assert f"lesion and rings should have at least 32 grey levels: {levels} in " in " ".join(
        _said(case_findings(_look(poster)))
    )


def test_a_tint_is_no_colour_analytic() -> None:
    """Sepia: up to 70 of chroma in bright tissue, the more the brighter."""
    grey = speckle(1)
    tint = (grey * 70.0 / 255.0).astype(np.uint8)
    assert case_findings(_look(grey, chroma=tint)) == ()


@pytest.mark.parametrize(
    ("rows", "kind"), [(30, "a Doppler or elastography window"), (100, "elastography or another colour map")]
)
def test_coloured_windows_analytic(rows: int, kind: str) -> None:
    chroma = np.zeros((150, 200), dtype=np.uint8)
    chroma[150 - rows :, 20:180] = 180
    look = _look(speckle(1), chroma=chroma)
    assert look.coloured["picture"] == 160 * rows
    first = _said(case_findings(look))[0]
    assert first == f"a picture should be B-mode in grey: {100 * rows * 160 / 30000:.0f} % of it coloured, as by {kind}"
    touched = [line for line in _said(case_findings(look)) if "free of coloured overlays" in line]
    assert len(touched) == (1 if rows == 100 else 0)


def test_coloured_marks_in_lesion_and_ring_analytic() -> None:
    chroma = np.zeros((150, 200), dtype=np.uint8)
    chroma[75, 96:103] = 200
    expected = "lesion and rings should be free of coloured overlays: "
    assert _said(case_findings(_look(speckle(1), chroma=chroma))) == [f"{expected}7 coloured pixels in I"]
    chroma[46, 98:104] = 200  # 29 rows above the centre: in P2 alone
    assert _said(case_findings(_look(speckle(1), chroma=chroma))) == [
        f"{expected}7 coloured pixels in I and 6 coloured pixels in P2"
    ]
    assert case_findings(_look(speckle(1), chroma=np.zeros((150, 200), dtype=np.uint8))) == ()


def _cases(*patients: str, centres: tuple[str, ...] = ()) -> dict[str, Case]:
    names = [f"c{number}" for number in range(len(patients))]
    centres = centres or ("",) * len(patients)
    nowhere = Path("x")
    return {
        name: Case(name, patient, CaseFiles(nowhere, nowhere), centre, "", 0, {})
        for name, patient, centre in zip(names, patients, centres, strict=True)
    }


def test_one_picture_of_two_patients_is_a_mistake_and_two_lesions_of_one_are_none_analytic() -> None:
    looks = [_look(speckle(1), MASK, "c0"), _look(speckle(1), disc(18), "c1")]
    found = cohort_findings(looks, _cases("p1", "p2"), {"c0": "train", "c1": "test"}, "cases.csv")
    assert _said(found) == [
        "a picture should belong to one patient: the pixels of case c0, one in train and one in test"
    ]
    assert _said(cohort_findings(looks, _cases("p1", "p2"), {}, "cases.csv")) == [
        "a picture should belong to one patient: the pixels of case c0, of patient p1"
    ]
    assert cohort_findings(looks, _cases("p1", "p1"), {}, "cases.csv") == ()


def test_a_lesion_twice_and_an_outline_twice_analytic() -> None:
    looks = [_look(speckle(1), MASK, "c0"), _look(speckle(1), MASK, "c1"), _look(speckle(2), MASK, "c2")]
    found = cohort_findings(looks, _cases("p1", "p1", "p2"), {}, "cases.csv")
    assert _said(found) == [
        "a lesion should be in the table once: picture and outline of case c0 once more",
        "every picture should have an outline of its own: the very outline of case c0 (c0_mask.png)",
    ]
    assert (found[1].case, found[1].file) == ("c2", "c2_mask.png")


def test_near_duplicates_of_one_patient_are_natural_analytic() -> None:
    looks = [_look(speckle(1), MASK, "c0"), _look(speckle(1)[:, ::-1] + 1.0, disc(18), "c1")]
    (problem,) = cohort_findings(looks, _cases("p1", "p2"), {"c0": "train", "c1": "train"}, "cases.csv")
    assert problem.found == "almost the picture of case c0 turned left to right (correlation 1.000), of patient p1"
    assert cohort_findings(looks, _cases("p1", "p1"), {}, "cases.csv") == ()


def test_groups_that_differ_are_compared_by_medians_analytic() -> None:
    base = _look(speckle(1))
    looks = [
        replace(
            base,
            case_id=f"c{number}",
            spacing_mm=(0.05, 0.05) if number % 2 else (0.08, 0.08),
            shape=(400, 900) if number < 12 else (400, 500),
            picture_digest=str(number),
            lesion_digest=str(number),
        )
        for number in range(24)
    ]
    cases = _cases(*(["p"] * 24), centres=("A", "B") * 12)
    cohorts = {f"c{number}": "train" if number < 12 else "test" for number in range(24)}
    assert [problem.line() for problem in cohort_findings(looks, cases, cohorts, "cases.csv")] == [
        "centres should have similar pixel spacings (ratio up to 1.5), got medians A 0.08 mm, B 0.05 mm (cases.csv): "
        "set [features] resample_mm",
        "cohorts should have pictures of similar size (ratio up to 1.5), got medians test 500 columns, "
        "train 900 columns (cases.csv): check that all were exported and cropped in the same way",
    ]
    few = looks[:6] + looks[12:18]
    assert cohort_findings(few, cases, cohorts, "cases.csv") == ()
    assumed = [replace(look, assumed=True, shape=(400, 500)) for look in looks]
    assert cohort_findings(assumed, cases, cohorts, "cases.csv") == ()


def test_check_finds_what_was_spoilt_in_a_study_analytic(small: Path) -> None:
    rows = {row["case_id"]: row for row in read_cases(small)}
    picture = Pillow.open(small / rows["c003"]["image"])
    picture.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT).save(small / "images" / "flip.png")
    change(small, "c007", image="images/flip.png")
    change(small, "c010", mask=rows["c011"]["mask"])
    line = np.zeros((72, 3), dtype=np.uint8)
    first, second = (np.asarray(Pillow.open(small / rows[name]["image"])) for name in ("c020", "c021"))
    Pillow.fromarray(np.hstack([first, line, second])).save(small / "images" / "dual.png")
    mask = np.asarray(Pillow.open(small / rows["c020"]["mask"]))
    Pillow.fromarray(np.hstack([mask, line, np.zeros_like(mask)])).save(small / "masks" / "dual.png")
    change(small, "c020", image="images/dual.png", mask="masks/dual.png")
    problems = engine.check(open_study(small), workers=1)
    by_case = {problem.case: problem for problem in problems}
    assert set(by_case) == {"c007", "c011", "c020"}
    assert by_case["c007"].found.startswith("almost the picture of case c003 turned left to right (correlation 1.000)")
    assert by_case["c011"].found == "the very outline of case c010 (011.png)"
    assert by_case["c020"].expected == "a picture should show one view"
    assert json.dumps([problem.__dict__ for problem in problems])


def test_a_check_survives_rows_that_cannot_be_read_analytic(small: Path) -> None:
    (small / "images" / "002.png").write_bytes(b"\x89PNG\r\n\x1a\nnot a picture")
    rows = read_cases(small)
    rows[5]["image"] = rows[4]["image"]
    write_cases(small, rows)
    found = {problem.case: problem for problem in engine.check(open_study(small), workers=1)}
    assert found["c002"].level == "error"
    assert found["c005"].found.startswith("the pixels of case c004")
