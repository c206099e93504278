"""New studies from images and a stranger's table."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.study.small import write_small_study

from perirad.errors import InputError
from perirad.study.cohort import read_cohort
from perirad.study.settings import OutcomeSettings, SplitSettings, open_study
from perirad.study.table import read_table
from perirad.workbench.desk import Desk
from perirad.workbench.newstudy import Plan, column_outcome, tally, write_study
from perirad.workbench.newstudy_files import GivenFiles
from perirad.workbench.newstudy_guess import guess, her2_columns, likely_unit, tells_her2
from perirad.workbench.outlines import OutlineStore, to_runs


def table_of(folder: Path, *lines: str) -> Path:
    path = folder / "t.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with images and masks of six cases."""
    source = write_small_study(tmp_path / "source", 6)
    new = tmp_path / "new"
    shutil.copytree(source / "images", new / "images")
    shutil.copytree(source / "masks", new / "masks")
    return new


def test_her2_status_comes_from_ihc_and_ish_analytic(folder: Path) -> None:
    """By the guideline's table: 1+ and 2+ without amplification are low, 0 is zero, 3+ and amplified positive."""
    table = table_of(
        folder, "case,image,mask,HER2 IHC score,HER2-FISH,hospital,age",
        "1,000.png,000.png,0,,A,40", "2,001.png,001.png,1+,not done,A,50", "3,002.png,002.png,2+,negative,B,60",
        "4,003.png,003.png,2+,positive,B,70", "5,004.png,004.png,3+,,B,80", "6,005.png,005.png,2+,,A,90",
    )  # fmt: skip
    frame = read_table(table)
    columns, clinical = guess(frame)
    found = her2_columns(frame)
    assert found == {"ihc": "HER2 IHC score", "ish": "HER2-FISH"}
    outcome = OutcomeSettings(
        rule="her2-low", ihc=found["ihc"], ish=found["ish"], event_label="HER2-low", nonevent_label="HER2-zero"
    )
    counts = tally(frame, outcome)
    assert counts.classes == {"HER2-low": 2, "HER2-zero": 1}
    assert counts.left_out == {"HER2-positive (IHC 3+ or ISH positive)": 2, "HER2 IHC 2+ without ISH result": 1}
    assert counts.unclear == {}
    split = SplitSettings(by="centre", test_centres=("B",))
    assert clinical["age"] == ()
    write_study(folder, table, Plan("low", columns, outcome, {"age": ()}, split, preset="her2-low-2025"))
    study = open_study(folder)
    assert (study.settings.preset, study.settings.split.test_centres) == ("her2-low-2025", ("B",))
    cohort = read_cohort(study)
    assert {case.case_id: (case.outcome, case.centre) for case in cohort.cases} == {
        "1": (0, "A"), "2": (1, "A"), "3": (1, "B"),
    }  # fmt: skip


@pytest.mark.shared
def test_her2_status_of_tcga_is_counted_as_its_readme_says_regression(shared: Path) -> None:
    """Classes that were derived beside the table, by the same guideline and other code."""
    frame = read_table(shared / "data" / "tables" / "tcga_brca_her2_clinical.csv")
    found = her2_columns(frame)
    assert found == {"ihc": "her2_ihc_score", "ish": "her2_fish_status"}
    outcome = OutcomeSettings(
        rule="her2-low", ihc=found["ihc"], ish=found["ish"], event_label="low", nonevent_label="zero"
    )
    counts = tally(frame, outcome)
    assert counts.classes == {"low": 408, "zero": 61}
    positive = counts.left_out["HER2-positive (IHC 3+ or ISH positive)"]
    assert (positive, sum(counts.left_out.values()) - positive, counts.unclear) == (145, 485, {})
    told = [name for name in map(str, frame.columns) if tells_her2(name)]
    assert told == ["her2_status_by_ihc", "her2_ihc_score", "her2_fish_status", "her2_class"]


def test_what_the_table_says_of_files_and_cohorts_is_taken_over_analytic(folder: Path) -> None:
    table = table_of(
        folder, "case,image,mask,mask 2,other_mask,Cohort,exclude_reason,depth_mm,y",
        "1,000.png,000.png,001.png,002.png; 009.png,Training,,30,a",
        "2,001.png,001.png,,,test,motion,,b", "3,002.png,002.png,,,external,,,b",
    )  # fmt: skip
    frame = read_table(table)
    columns, clinical = guess(frame)
    assert {columns[what] for what in ("mask_2", "other_mask", "cohort", "exclude_reason", "depth_mm")} == {
        "mask 2", "other_mask", "Cohort", "exclude_reason", "depth_mm",
    }  # fmt: skip
    assert set(clinical) == {"y"}
    plan = Plan("x", columns, column_outcome(frame, "y", ("a",)), split=SplitSettings(by="cohort"), spacing_mm="0.1")
    with pytest.raises(
        InputError, match=r"the other_mask must be among the files given, got no such file .*case 1.*009"
    ):
        write_study(folder, table, plan)
    table.write_text(table.read_text(encoding="utf-8").replace("; 009", "; masks/003"), encoding="utf-8")
    write_study(folder, table, plan)
    first, second, _ = (row.cells for row in Desk(folder).rows())
    assert first["other_mask"] == "masks/002.png;masks/003.png"
    assert first["mask_2"] == "masks/001.png"
    assert (first["cohort"], second["cohort"], second["exclude_reason"]) == ("train", "test", "motion")
    assert (first["spacing_mm"], first["depth_mm"], second["spacing_mm"]) == ("", "30", "0.1")
    cohort = read_cohort(open_study(folder))
    assert [case.given_cohort for case in cohort.cases] == ["train", "external"]


def test_one_of_several_files_of_a_name_is_told_by_its_folder_analytic(tmp_path: Path) -> None:
    given = tmp_path / "given"
    for name in ("a/images/1.png", "a/masks/1.png", "a/2.png", "b/2.png", "b/Labels/3.png", "b/segmentations/3.png"):
        (given / name).parent.mkdir(parents=True, exist_ok=True)
        (given / name).touch()
    files = GivenFiles(tmp_path, given / "a" / "t.csv")
    assert files.find("1.png", "x", "image") == "given/a/images/1.png"
    assert files.find("1.png", "x", "mask") == "given/a/masks/1.png"
    assert files.find("2.png", "x", "image") == "given/a/2.png"  # beside the table
    assert files.find("b\\2.png", "x", "image") == "given/b/2.png"
    assert files.find("masks/1.png", "x", "image") == "given/a/masks/1.png"
    assert files.find_all("1.png&2.png ; b/2.png", "x", "other_mask") == (
        "given/a/masks/1.png;given/a/2.png;given/b/2.png"
    )
    (given / "a&b,c.png").touch()
    assert GivenFiles(tmp_path, given / "t.csv").find_all("a&b,c.png", "x", "mask_2") == "given/a&b,c.png"
    assert files.find_all("", "x", "mask_2") == ""
    with pytest.raises(InputError, match=r"mask must be among the files given, got 2 of that name .*case x.*3.png"):
        files.find("3.png", "x", "mask")
    for outside in ("../../etc/passwd", "/etc/passwd", "", ".."):
        with pytest.raises(InputError, match="no such file"):
            files.find(outside, "x", "image")


def test_a_column_is_taken_over_only_if_its_cells_could_be_that_analytic(folder: Path) -> None:
    table = table_of(
        folder, "case,image,frame,lesions,set,outcome,extra file,size,y",
        "1,000.png,wooden,2,validation,x,a.png,3,a", "2,001.png,steel,1,test,y,b.png,4,b",
    )  # fmt: skip
    columns, clinical = guess(read_table(table))
    assert columns == {"case_id": "case", "image": "image"}
    assert set(clinical) == {"set", "size", "y"}


def test_a_missing_outcome_is_no_event_that_did_not_happen_analytic(folder: Path) -> None:
    lines = ("1,000.png,,a", "2,001.png,n/a,b", "3,002.png,NA,[Not Available]", "4,003.png,,", "5,004.png,,Unknown")
    table = table_of(folder, "case,image,mask,y", *lines)
    frame = read_table(table)
    outcome = column_outcome(frame, "y", ("a",))
    assert (outcome.nonevent, outcome.excluded) == (("b",), ("Unknown", "[Not Available]"))
    counts = tally(frame, outcome)
    assert counts.classes == {"a": 1, "b": 1}
    assert counts.left_out == {"y: [Not Available]": 1, "outcome missing": 1, "y: Unknown": 1}
    write_study(folder, table, Plan("x", guess(frame)[0], outcome))
    store = OutlineStore(folder, "reader 1")
    assert [row.cells["mask"] for row in Desk(folder).rows()] == [store.mask_name(f"{n}") for n in range(1, 6)]


def test_none_and_minus_are_results_analytic(folder: Path) -> None:
    frame = read_table(table_of(folder, "case,image,y", "1,000.png,+", "2,001.png,-", "3,002.png,none"))
    assert column_outcome(frame, "y", ("+",)).nonevent == ("-", "none")


def test_an_outcome_of_one_class_stays_one_analytic(folder: Path) -> None:
    """A class that is not there is not given the name that a default has."""
    table = table_of(folder, "case,image,y", "1,000.png,1", "2,001.png,1")
    frame = read_table(table)
    write_study(folder, table, Plan("x", guess(frame)[0], column_outcome(frame, "y", ("1",))))
    assert open_study(folder).settings.outcome.nonevent == ()


def test_both_spacings_of_a_pixel_are_turned_into_millimetres_analytic(folder: Path) -> None:
    table = table_of(folder, "case,image,size,y", "1,000.png,0.0078 0.0065,a", "2,001.png,large,b")
    columns = {"case_id": "case", "image": "image", "spacing_mm": "size"}
    outcome = column_outcome(read_table(table), "y", ("a",))
    write_study(folder, table, Plan("x", columns, outcome, unit="cm"))
    assert [row.cells["spacing_mm"] for row in Desk(folder).rows()] == ["0.078 0.065", "large"]


def test_a_new_study_from_images_and_a_table_can_be_checked_analytic(tmp_path: Path) -> None:
    source = write_small_study(tmp_path / "source", 10)
    folder = tmp_path / "new"
    folder.mkdir()
    for path in sorted((source / "images").iterdir()):
        shutil.copy(path, folder)
    with (source / "cases.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    table = folder / "patients.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["ID", "Image_filename", "pixel size", "Diagnosis", "Age", "status"])
        writer.writeheader()
        for row in rows:
            writer.writerow({
                "ID": row["case_id"], "Image_filename": Path(row["image"]).name, "pixel size": row["spacing_mm"],
                "Diagnosis": "malignant" if row["malignant"] == "1" else "benign", "Age": row["age"],
                "status": row["menopause"],
            })  # fmt: skip
    columns, clinical = guess(read_table(table))
    assert columns == {"case_id": "ID", "image": "Image_filename", "spacing_mm": "pixel size"}
    assert clinical["Age"] == ()
    assert clinical["status"] == ("post", "pre")
    plan = Plan(
        "new",
        columns,
        column_outcome(read_table(table), "Diagnosis", ("malignant",)),
        {"Age": (), "status": ("pre", "post")},
    )
    write_study(folder, table, plan)
    study = open_study(folder)
    assert study.settings.outcome.nonevent == ("benign",)
    desk = Desk(folder)
    assert len(desk.rows()) == 10
    problems = desk.problems()
    assert len([line for line in problems if "no such file" in line]) == 10  # no outlines yet
    store = OutlineStore(folder, "reader 1")
    for case in desk.rows():
        shape = desk.picture(case).shape
        mask = np.zeros(shape, dtype=np.bool_)
        mask[25:45, 30:50] = True
        store.save(case.case_id, shape, to_runs(mask))
    assert not [line for line in desk.problems() if "no such file" in line]
    with pytest.raises(InputError, match=r"already"):
        write_study(folder, table, plan)


def test_a_spacing_in_centimetres_is_asked_for_and_turned_into_millimetres_analytic(tmp_path: Path) -> None:
    source = write_small_study(tmp_path / "source", 3)
    folder = Path(shutil.copytree(source / "images", tmp_path / "new"))
    (folder / "t.csv").write_text("id,image,size,y\n1,000.png,0.0078,a\n2,001.png,0.0065,b\n", encoding="utf-8")
    frame = read_table(folder / "t.csv")
    assert likely_unit(frame, "size") == "cm"
    assert likely_unit(frame.assign(size=["0.078", "0.065"]), "size") == "mm"
    assert likely_unit(frame, "") == "mm"
    columns = {"case_id": "id", "image": "image", "spacing_mm": "size"}
    write_study(folder, folder / "t.csv", Plan("x", columns, column_outcome(frame, "y", ("a",)), unit="cm"))
    assert [row.cells["spacing_mm"] for row in Desk(folder).rows()] == ["0.078", "0.065"]


def test_values_of_the_outcome_can_leave_a_case_out_analytic(tmp_path: Path) -> None:
    """A case without a lesion needs no outline, and a level that only it has is none of the study."""
    source = write_small_study(tmp_path / "source", 4)
    folder = Path(shutil.copytree(source / "images", tmp_path / "new"))
    rows = ("1,000.png,a,oval", "2,001.png,b,round", "3,002.png,normal,not applicable", "4,003.png,b,oval")
    (folder / "t.csv").write_text("\n".join(("id,image,y,shape", *rows)) + "\n", encoding="utf-8")
    frame = read_table(folder / "t.csv")
    columns, clinical = guess(frame)
    offered = {"shape": clinical["shape"]}
    assert offered == {"shape": ("not applicable", "oval", "round")}
    with pytest.raises(InputError, match="a value of the outcome counts as event or is left out, got a as both"):
        column_outcome(frame, "y", ("a",), ("a",))
    outcome = column_outcome(frame, "y", ("a",), ("normal",))
    write_study(folder, folder / "t.csv", Plan("x", columns, outcome, offered))
    settings = open_study(folder).settings
    assert (settings.outcome.event, settings.outcome.nonevent) == (("a",), ("b",))
    assert settings.outcome.excluded == ("normal",)
    assert settings.clinical.variables[0].levels == ("oval", "round")
    assert [line for line in Desk(folder).problems() if "case 3" in line] == []


def test_a_new_study_says_what_is_missing_analytic(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,image,y\n1,nowhere.png,a\n2,../../etc/passwd,b\n", encoding="utf-8")
    columns = {"case_id": "id", "image": "image"}
    frame = read_table(tmp_path / "t.csv")
    outcome = column_outcome(frame, "y", ("a",))
    with pytest.raises(InputError, match="the image must be among the files given, got no such file"):
        write_study(tmp_path, tmp_path / "t.csv", Plan("x", columns, outcome))
    with pytest.raises(InputError, match="the outcome must be a column of the table, got z"):
        column_outcome(frame, "z", ("a",))
    with pytest.raises(InputError, match="which values of the outcome count as event, got none"):
        column_outcome(frame, "y", ())
    her2 = OutcomeSettings(rule="her2-low", ihc="y", ish="nowhere")
    with pytest.raises(InputError, match="the outcome must be a column of the table, got nowhere"):
        write_study(tmp_path, tmp_path / "t.csv", Plan("x", columns, her2))
    with pytest.raises(InputError, match="a clinical variable must not be what the outcome is made of, got y"):
        write_study(tmp_path, tmp_path / "t.csv", Plan("x", columns, outcome, {"y": ("a", "b")}))
    assert not (tmp_path / "study.toml").exists()
