"""Everything that can be wrong with a table, each with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow
from tests.study.small import change, read_cases, write_cases

from perirad.study import engine
from perirad.study.cells import parse_spacing
from perirad.study.cohort import read_cohort
from perirad.study.settings import open_study


def _lines(folder: Path) -> list[str]:
    return [problem.line() for problem in engine.check(open_study(folder), workers=1)]


def _replace(folder: Path, old: str, new: str) -> None:
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_study_has_no_problems_analytic(small: Path) -> None:
    assert _lines(small) == []


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"malignant": "perhaps"}, "outcome must be one of 1, 0, got 'perhaps' (case c004, cases.csv)"),
        ({"age": "5o"}, "age must be a number, got '5o' (case c004, cases.csv): correct the cell"),
        ({"age": "52,5"}, "age must be a number, got '52,5' (case c004, cases.csv): write a decimal point"),
        ({"age": "5_2"}, "age must be a number, got '5_2' (case c004, cases.csv): correct the cell"),
        ({"age": "inf"}, "age must be a number, got 'inf' (case c004, cases.csv): correct the cell"),
        ({"menopause": "peri"}, "menopause must be one of pre, post, got 'peri' (case c004, cases.csv)"),
        ({"spacing_mm": "-1"}, "spacing_mm must be a positive number of millimetres per pixel"),
        ({"image": "images/none.png"}, "the image file must exist, got no such file (case c004, images/none.png)"),
        (
            {"image": "masks/004.png"},
            "image and mask must be two files, got one and the same (case c004, masks/004.png)",
        ),
        ({"image": "images"}, "the image file must exist, got a folder (case c004, images)"),
        ({"image": "x" * 300}, "the image file must exist, got File name too long (case c004, x"),
        ({"patient_id": ""}, "patient_id must not be empty where other rows have one, got an empty cell (case c004"),
        ({"case_id": "c\x1b[2J"}, "printable characters, got 'c\\x1b[2J' in line 6 (cases.csv): rename it"),
        ({"case_id": "c" * 3000}, "'cccccccccccccccccccc'... of 3000 characters in line 6 (cases.csv): rename it"),
        ({"mask": ""}, "the mask column must name a file, got an empty cell (case c004, cases.csv)"),
    ],
)
def test_a_bad_cell_is_one_line_analytic(small: Path, cells: dict[str, str], line: str) -> None:
    change(small, "c004", **cells)
    found = _lines(small)
    assert len(found) == 1
    assert line in found[0]


def test_no_spacing_analytic(small: Path) -> None:
    change(small, "c004", spacing_mm="")
    (line,) = _lines(small)
    assert "case c004" in line
    assert "spacing" in line
    _replace(small, "[regions]", "[calibration]\nassumed_mm = 0.25\n[regions]")
    assert _lines(small) == []


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (np.zeros_like, "got no marked pixel"),
        (lambda mask: np.full_like(mask, 255), "got"),
        (lambda mask: mask[:-3], "got 69 x 80 for an image of 72 x 80 (rows x columns)"),
        (
            lambda mask: np.where(np.arange(mask.shape[1]) > 40, mask // 2, mask).astype(np.uint8),
            "mask must mark one lesion, got labels 127, 255",
        ),
    ],
    ids=["empty", "full", "another size", "several labels"],
)
def test_a_bad_mask_is_one_line_analytic(small: Path, make: object, words: str) -> None:
    file = small / "masks" / "004.png"
    mask = np.array(Pillow.open(file))
    assert callable(make)
    Pillow.fromarray(make(mask)).save(file)
    (line,) = _lines(small)
    assert "case c004" in line
    assert words in line


def test_the_lesion_of_several_labels_can_be_named_analytic(small: Path) -> None:
    file = small / "masks" / "004.png"
    mask = np.array(Pillow.open(file)) // 255
    mask[:4, :4] = 2
    Pillow.fromarray(mask).save(file)
    assert "mask must mark one lesion, got labels 1, 2" in _lines(small)[0]
    write_cases(small, [row | {"mask_label": "1" if row["case_id"] == "c004" else ""} for row in read_cases(small)])
    assert _lines(small) == []
    change(small, "c004", mask_label="3")
    assert "mask must hold label 3, got labels 1, 2" in _lines(small)[0]


def test_an_unreadable_image_is_one_line_analytic(small: Path) -> None:
    (small / "images" / "004.png").write_bytes(b"\x89PNG\r\n\x1a\nnot an image")
    (line,) = _lines(small)
    assert "case c004" in line
    assert "004.png" in line


def test_duplicate_case_ids_analytic(small: Path) -> None:
    change(small, "c005", case_id="c004")
    assert any("case_id must be unique, got lines 6, 7 (case c004, cases.csv)" in line for line in _lines(small))


def test_a_missing_column_analytic(small: Path) -> None:
    write_cases(small, [{key: value for key, value in row.items() if key != "age"} for row in read_cases(small)])
    (line,) = _lines(small)
    assert line.startswith("column 'age' must be in the table, got columns case_id, patient_id")


def test_one_class_only_analytic(small: Path) -> None:
    write_cases(small, [row | {"malignant": "1"} for row in read_cases(small)])
    lines = _lines(small)
    assert any("the train cohort must hold both classes, got 42 events among 42 patients" in line for line in lines)


def test_fewer_events_than_variables_analytic(small: Path) -> None:
    rows = read_cases(small)
    for number, row in enumerate(rows):
        row["malignant"] = str(int(number % 20 == 0))
    write_cases(small, rows)
    lines = _lines(small)
    assert any(
        "at least as many events as candidate parameters (3 with the Rad-score), got 2" in line for line in lines
    )


def test_a_level_that_training_lacks_and_a_constant_analytic(small: Path) -> None:
    _replace(small, '["pre", "post"]', '["pre", "post", "peri"]')
    write_cases(small, [row | {"age": "50"} for row in read_cases(small)])
    lines = _lines(small)
    assert any("every level of menopause must occur in training, got no training patient with peri" in x for x in lines)
    assert any("age must vary in training, got only 50.0" in x for x in lines)


def test_a_patient_in_both_cohorts_analytic(small: Path) -> None:
    rows = read_cases(small)
    for number, row in enumerate(rows):
        row["cohort"] = "train" if number < 40 else "test"
    rows[-1]["patient_id"] = "p000"
    rows[-1]["malignant"] = rows[0]["malignant"]
    write_cases(small, rows)
    _replace(small, "[regions]", '[split]\nby = "cohort"\n[regions]')
    (line,) = _lines(small)
    assert line.startswith(
        "a patient must be in one cohort only, got test and train (case c000, cases.csv, patient p000)"
    )


def test_an_unknown_centre_and_cohort_analytic(small: Path) -> None:
    _replace(small, "[regions]", '[split]\nby = "centre"\ntest_centres = ["Z"]\n[regions]')
    assert any("test centre 'Z' must occur in the table, got centres A, B" in line for line in _lines(small))
    _replace(small, 'by = "centre"\ntest_centres = ["Z"]', 'by = "cohort"')
    write_cases(small, [row | {"cohort": "training"} for row in read_cases(small)])
    assert any("cohort must be one of train, test, external, got 'training'" in line for line in _lines(small))


def test_a_patient_with_two_outcomes_analytic(small: Path) -> None:
    rows = read_cases(small)
    first = next(row for row in rows if row["malignant"] == "1")
    second = next(row for row in rows if row["malignant"] == "0")
    second["patient_id"] = first["patient_id"]
    write_cases(small, rows)
    assert any("a patient must have one outcome, got both outcomes in different rows" in line for line in _lines(small))


def test_all_problems_are_listed_at_once_analytic(small: Path) -> None:
    change(small, "c004", age="x")
    change(small, "c007", image="nothing.png")
    (small / "masks" / "009.png").unlink()
    Pillow.fromarray(np.zeros((72, 80), np.uint8)).save(small / "masks" / "011.png")
    lines = _lines(small)
    assert [next(case for case in ("c004", "c007", "c009", "c011") if case in line) for line in lines] == [
        "c004",
        "c007",
        "c009",
        "c011",
    ]


def test_a_missing_table_and_a_wrong_one_analytic(small: Path) -> None:
    (small / "cases.csv").write_bytes(b"\xff\xfe\x00bad")
    assert "the table must be readable as CSV (UTF-8), Excel or Parquet" in _lines(small)[0]
    (small / "cases.csv").unlink()
    assert _lines(small) == [
        "the table of cases must exist, got no such file (cases.csv): name it in study.toml: table = ..."
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"frame": "one"}, "unreadable row"),
        ({"age": "x"}, "unreadable row"),
        ({"mask": "masks/none.png"}, "image or outline missing"),
    ],
)
def test_an_exclusion_says_what_kind_of_fault_it_was_analytic(small: Path, cells: dict[str, str], reason: str) -> None:
    write_cases(small, [row | {"frame": ""} for row in read_cases(small)])
    change(small, "c004", **cells)
    (exclusion,) = read_cohort(open_study(small)).exclusions
    assert (exclusion.case_id, exclusion.reason) == ("c004", reason)


def test_a_missing_clinical_value_is_counted_analytic(small: Path) -> None:
    change(small, "c004", age="not available")
    assert _lines(small) == []
    (exclusion,) = read_cohort(open_study(small)).exclusions
    assert (exclusion.case_id, exclusion.reason) == ("c004", "clinical value missing")
    assert exclusion.detail == "age"
    _replace(
        small,
        'keep = "multivariable"',
        'keep = "multivariable"\nmissing = "stop"',
    )
    assert any("every clinical value must be known, got none for age (case c004" in line for line in _lines(small))


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet", ".tsv"])
def test_other_table_formats_give_the_same_cohort_analytic(small: Path, suffix: str) -> None:
    expected = read_cohort(open_study(small))
    frame = pd.read_csv(small / "cases.csv")
    file = small / f"cases{suffix}"
    if suffix == ".xlsx":
        frame.to_excel(file, index=False)
    elif suffix == ".parquet":
        frame.to_parquet(file)
    else:
        frame.to_csv(file, sep="\t", index=False)
    _replace(small, "seed = 3", f'seed = 3\ntable = "cases{suffix}"')
    assert read_cohort(open_study(small)).cases == expected.cases


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", None), ("0.08", (0.08, 0.08)), ("0.12 0.09", (0.12, 0.09)), ("0.12;0.09", (0.12, 0.09)), ("1 2 3", "1 2 3")],
)
def test_spacing_cells_analytic(text: str, expected: object) -> None:
    assert parse_spacing(text) == expected


def test_a_study_in_a_folder_with_a_space_analytic(small: Path, tmp_path: Path) -> None:
    moved = Path(shutil.move(small, tmp_path / "a folder with spaces"))
    assert _lines(moved) == []


def _retable(text: str, kind: str) -> str:
    lines = text.splitlines()
    return {
        "semicolons and decimal commas": text.replace(",", ";").replace("0.25", "0,25"),
        "tabs": text.replace(",", "\t"),
        "windows line ends and a mark": "\ufeff" + text.replace("\n", "\r\n"),
        "empty rows and columns": "\n".join([*(f"{line},," for line in lines), "," * 10, "", "," * 10]) + "\n",
        "a column of row numbers": "\n".join(f"{i if i else ''},{line}" for i, line in enumerate(lines)) + "\n",
        "quotes": "\n".join('"' + line.replace(",", '","') + '"' for line in lines) + "\n",
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "semicolons and decimal commas",
        "tabs",
        "windows line ends and a mark",
        "empty rows and columns",
        "a column of row numbers",
        "quotes",
    ],
)
def test_csv_as_spreadsheets_write_it_gives_the_same_cohort_analytic(small: Path, kind: str) -> None:
    expected = read_cohort(open_study(small))
    file = small / "cases.csv"
    file.write_text(_retable(file.read_text(encoding="utf-8"), kind), encoding="utf-8")
    found = read_cohort(open_study(small))
    assert (found.fatal, found.problems) == ((), ())
    assert (found.cases, found.n_rows) == (expected.cases, expected.n_rows)


def test_line_numbers_count_empty_rows_analytic(small: Path) -> None:
    file = small / "cases.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:3], "", "," * 8, *lines[3:], lines[1]]) + "\n", encoding="utf-8")
    assert any("case_id must be unique, got lines 2, 64 (case c000, cases.csv)" in line for line in _lines(small))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_column_twice_is_refused_analytic(small: Path, suffix: str) -> None:
    frame = pd.read_csv(small / "cases.csv", dtype=str)
    frame.insert(0, "age", frame["age"].to_numpy()[::-1], allow_duplicates=True)
    if suffix == ".xlsx":
        frame.to_excel(small / "cases.xlsx", index=False)
        _replace(small, "seed = 3", 'seed = 3\ntable = "cases.xlsx"')
    else:
        frame.to_csv(small / "cases.csv", index=False)
    assert _lines(small) == [f"every column must occur once, got 'age' more than once (cases{suffix})"]


def test_a_damaged_workbook_is_one_line_analytic(small: Path) -> None:
    pd.read_csv(small / "cases.csv").to_excel(small / "cases.xlsx", index=False)
    whole = (small / "cases.xlsx").read_bytes()
    (small / "cases.xlsx").write_bytes(whole[: len(whole) // 2])
    _replace(small, "seed = 3", 'seed = 3\ntable = "cases.xlsx"')
    (line,) = _lines(small)
    assert line.startswith("the table must be readable as CSV (UTF-8), Excel or Parquet, got File is not a zip file")


def test_an_external_cohort_of_one_class_analytic(small: Path) -> None:
    rows = read_cases(small)
    for number, row in enumerate(rows):
        row["cohort"] = "train" if number < 35 else "external" if row["malignant"] == "1" and number > 50 else "test"
    write_cases(small, rows)
    _replace(small, "[regions]", '[split]\nby = "cohort"\n[regions]')
    count = sum(row["cohort"] == "external" for row in rows)
    assert _lines(small) == [
        f"the external cohort must hold both classes, got {count} events among {count} patients: "
        "see [outcome] and [split]"
    ]


def test_patients_are_counted_not_images_analytic(small: Path) -> None:
    """Three images each: 6 training events of 18 patients would pass as 18."""
    rows = sorted(read_cases(small), key=lambda row: row["malignant"])
    for number, row in enumerate(rows):
        row["patient_id"] = f"{row['malignant']}-{number // 3}"
    write_cases(small, rows)
    _replace(small, "folds = 5", "folds = 10")
    assert any("in the rarer class: lower [selection] folds and [score] folds" in line for line in _lines(small))


def test_folds_within_folds_need_patients_analytic(small: Path) -> None:
    """7 events: the largest of 3 held-out folds takes 3 and leaves 4, too few for 5 folds; 8 leave 5."""
    rows = read_cases(small)
    for number, row in enumerate(rows):
        row["cohort"] = "train" if number < 45 else "test"
        row["malignant"] = str(int(number < 7 or number > 55))
    write_cases(small, rows)
    _replace(small, "[regions]", '[split]\nby = "cohort"\n[regions]')
    line = "5 folds within each of 3 need 8 patients of each class in training, got 7 in the rarer class"
    assert any(line in found for found in _lines(small))
    change(small, "c007", malignant="1")
    assert _lines(small) == []


@pytest.mark.parametrize(
    ("spacing", "found"),
    [("2.5", ""), ("0.025", "a lesion 0."), ("0.1", "a picture 8 mm long"), ("9.9", "a lesion")],
)
def test_millimetres_taken_for_centimetres_are_warned_of_analytic(small: Path, spacing: str, found: str) -> None:
    """An image of 72 x 80 pixels and a lesion of 23 to 33 pixels across, in millimetres."""
    _replace(small, "[2.0, 4.0]", "[10.0, 20.0]")
    change(small, "c004", spacing_mm=spacing)
    problems = engine.check(open_study(small), workers=1)
    assert len(problems) == (1 if found else 0)
    if not found:
        return
    problem = problems[0]
    assert problem.level == "warning"
    assert f"sizes must be those of a breast image, got {found}" in problem.line()
    assert problem.line().endswith("(case c004, 004.png): check that the spacing is in millimetres")
