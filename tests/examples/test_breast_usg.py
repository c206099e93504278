"""The example on real images, from the data set's own sheet to the report."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from perirad.study import engine
from perirad.study.casefiles import CaseFiles
from perirad.study.extraction import prepare_case
from perirad.study.model import load_model
from perirad.study.settings import open_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "breast_usg" / "make_study.py"


@pytest.fixture(scope="module")
def study(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example study, run."""
    folder = tmp_path_factory.mktemp("example") / "breast usg"
    subprocess.run([sys.executable, str(EXAMPLE), str(shared / "data" / "breast_usg"), str(folder)], check=True)
    said = engine.check(open_study(folder))
    # Looked at: five lesions of 3.0 to 4.9 mm, and one whose outline ends at the picture's left edge.
    assert {problem.case for problem in said} == {"004", "023", "085", "177", "189", "186"}
    assert all(problem.level == "warning" for problem in said)
    engine.run(open_study(folder))
    return folder


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
@pytest.mark.shared
def test_every_row_of_the_sheet_is_accounted_for_analytic(study: Path) -> None:
    quality = _rows(study / "results" / "quality.csv")
    assert len(quality) == 128
    excluded = [row["reason"] for row in quality if row["status"] == "excluded"]
    # Recounted from the table: two normal cases, and whoever lacks an age or a readable calcification.
    sheet = _rows(study / "cases.csv")
    clinical = sum(
        row["diagnosis"] != "normal" and any(row[name] == "" for name in ("age", "calcifications")) for row in sheet
    )
    assert excluded.count("Diagnosis: normal") == 2
    assert excluded.count("clinical value missing") == clinical
    assert len(excluded) == 2 + clinical


@pytest.mark.slow
@pytest.mark.shared
def test_real_images_give_a_model_that_scores_its_own_patients_analytic(study: Path) -> None:
    model = load_model(study / "results" / "model.json")
    cases = {row["case_id"]: row for row in _rows(study / "cases.csv")}
    rows = [row for row in _rows(study / "results" / "predictions.csv") if row["cohort"] == "test"]
    for row in rows[:8]:
        case = cases[row["case_id"]]
        spacing = float(case["spacing_mm"])
        image, regions = prepare_case(
            CaseFiles(study / case["image"], study / case["mask"], (spacing, spacing)), model.recipe
        )
        clinical = {variable.name: case[variable.name] for variable in model.variables}
        reading = model.score(image, regions[0], clinical)
        assert abs(reading.probability - float(row["probability"])) <= 1e-12
        assert abs(reading.radscore - float(row["radscore"])) <= 1e-12


@pytest.mark.slow
@pytest.mark.shared
def test_the_report_says_that_the_images_are_real_analytic(study: Path) -> None:
    text = (study / "results" / "report.html").read_text(encoding="utf-8")
    assert "Real images; outcome: Diagnosis (malignant versus benign)" in text
    assert "SIMULATED" not in text
    metrics = json.loads((study / "results" / "metrics.json").read_text(encoding="utf-8"))
    auc = metrics["models"]["Nomogram"]["test"]["auc"]
    assert f"{auc['estimate']:.2f} ({auc['lower']:.2f}" in text
