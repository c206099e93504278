"""Studies whose features come from a table, or that have none: the same road, without images."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.study.public_tables import TABLES, write_table_study
from tests.study.small import STUDY, write_small_study

from perirad.errors import InputError, StudyError
from perirad.study import engine
from perirad.study.feature_file import read_feature_file, read_feature_row
from perirad.study.model import load_model
from perirad.study.settings import open_study

SOURCE = """
[features]
source = "table"
table = "features.csv"
[features.groups]
I = ["I_*"]
P2 = ["P2_*"]
P4 = ["P4_*"]
"""


def write(folder: Path, text: str, rows: dict[str, list[object]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    pd.DataFrame(rows).to_csv(folder / "cases.csv", index=False)
    return folder


def rows(n: int = 80, seed: int = 1) -> dict[str, list[object]]:
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    features = {f"T2, f{j}": (random.normal(size=n) + y * (j < 3)).tolist() for j in range(8)}
    return {"id": [f"p{i}" for i in range(n)], "y": [f"{value}.0" for value in y], **features}


TEXT = """
title = "From a table"
[outcome]
column = "y"
[columns]
case_id = "id"
[features]
source = "table"
[selection]
folds = 5
[score]
folds = 3
repeats = 1
[validation]
bootstrap = 2
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("tables") / "one", TEXT, rows())
    engine.run(open_study(folder), workers=1)
    return folder


def test_a_study_needs_no_image_analytic(done: Path) -> None:
    metrics = json.loads((done / "results" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["features_from"] == "table"
    assert metrics["models"]["Rad-score all"]["test"]["auc"]["estimate"] > 0.7
    assert metrics["cases"] == {"train": 56, "test": 24}
    report = (done / "results" / "report.html").read_text(encoding="utf-8")
    assert "Real data" in report
    assert not any(word in report for word in ("Real images", "Images and regions", "millimet", "ultrasound"))
    with (done / "results" / "quality.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["status"] for row in csv.DictReader(stream)] == ["analysed"] * 80


def test_its_model_scores_a_row_and_refuses_an_image_analytic(done: Path) -> None:
    model = load_model(done / "results" / "model.json")
    predictions = pd.read_csv(done / "results" / "predictions.csv", dtype={"case_id": str}).set_index("case_id")
    frame = pd.DataFrame(rows()).rename(columns={"id": "case_id"})
    frame.to_csv(done / "patients.csv", index=False)
    table = read_feature_row(done / "patients.csv", model.radscore.columns, "p7")
    assert model.read(table, {}).probability == pytest.approx(predictions.loc["p7", "probability"], abs=1e-12)
    with pytest.raises(InputError, match="features of a table: score a row"):
        _ = model.recipe
    with pytest.raises(InputError, match="must have one row, got 80"):
        read_feature_row(done / "patients.csv", model.radscore.columns)
    with pytest.raises(InputError, match="must have the feature absent"):
        read_feature_row(done / "patients.csv", ("absent",), "p7")


def test_what_cannot_be_used_is_said_in_full_analytic(tmp_path: Path) -> None:
    table = rows()
    table |= {"empty": [""] * 80, "text": ["a"] * 80, "flat": [2] * 80, "odd": ["high", "", *range(78)]}
    found = read_feature_file(open_study(write(tmp_path, TEXT, table)))
    lines = [problem.line() for problem in found.notes]
    assert any("hold a number, got 1 that does not: 'text'" in line for line in lines)
    assert any("not be empty, got 1 that does not: 'empty'" in line for line in lines)
    assert any("vary, got 1 that does not: 'flat'" in line for line in lines)
    assert any("known for every case, got 1 that does not: 'odd'" in line for line in lines)
    assert any("must be a number, got 'high' in column 'odd' (case p0" in line for line in lines)
    assert all(problem.level == "warning" for problem in found.notes)
    assert {"flat", "odd"} < set(found.columns)
    assert not {"empty", "text", "id", "y"} & set(found.columns)
    assert np.isnan(found.values["p0"]["odd"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[features]", '[features]\ntable = "absent.csv"'), "no such file"),
        (("[features]", '[features]\ncolumns = ["X_*"]'), "must have columns of features, got none that match"),
        (('case_id = "id"', 'case_id = "number"'), "column 'case_id' must be in the table"),
    ],
)
def test_what_is_wrong_with_the_table_of_features(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    study = open_study(write(tmp_path, TEXT.replace(*change), rows()))
    assert any(said in problem.line() for problem in engine.check(study))
    with pytest.raises(StudyError, match=said):
        engine.extract(study)


def test_a_case_without_features_is_excluded_and_counted_analytic(tmp_path: Path) -> None:
    study = open_study(write(tmp_path, TEXT.replace("[features]", '[features]\ntable = "f.csv"'), rows()))
    pd.DataFrame(rows()).iloc[3:].to_csv(tmp_path / "f.csv", index=False)
    analysed = engine.extract(study)
    assert [item.case_id for item in analysed.exclusions] == ["p0", "p1", "p2"]
    assert {item.reason for item in analysed.exclusions} == {"no row in the table of features"}


@pytest.mark.slow
def test_features_of_images_from_their_table_give_the_same_model_regression(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "images", n=60)
    engine.run(open_study(folder), workers=1)
    frame = pd.read_parquet(folder / "results" / "features.parquet")
    other = tmp_path / "table"
    other.mkdir()
    frame.to_csv(other / "features.csv")
    (other / "cases.csv").write_bytes((folder / "cases.csv").read_bytes())
    text = STUDY.replace("[score]", '[score]\nscenarios = ["I", "I+P2", "I+P4"]')
    (other / "study.toml").write_text(text + SOURCE, encoding="utf-8")
    engine.run(open_study(other), workers=1)
    ours, theirs = (json.loads((place / "results" / "model.json").read_text()) for place in (folder, other))
    assert theirs["recipe"] is None
    assert theirs["combined"] == ours["combined"]
    named = [f"{item['column'].split('_', 1)[0]}_{item['column']}" for item in ours["radscore"]["features"]]
    assert [item["column"] for item in theirs["radscore"]["features"]] == named


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(TABLES))
def test_public_tables_run_from_csv_to_report_regression(name: str, tmp_path: Path, shared: Path) -> None:
    folder = write_table_study(tmp_path / name, shared / "data" / "tables", name)
    study = open_study(folder)
    problems = engine.check(study)
    assert [problem for problem in problems if problem.level == "error"] == []
    place, _ = engine.run(study, workers=1)
    metrics = json.loads((folder / "results" / "metrics.json").read_text(encoding="utf-8"))
    expected = {"fae_example_radiomics": 0.9, "lgg_idh_radiomics": 0.7, "MASS_Pima": 0.8}
    assert metrics["models"]["Nomogram"]["test"]["auc"]["estimate"] > expected.get(name, 0.5)
    assert ("Rad-score" in " ".join(metrics["models"])) == ("radiomics" in name)
    assert place.stat().st_size > 100_000
    if name == "lgg_idh_radiomics":  # its README: three empty and three constant features
        lines = " ".join(problem.line() for problem in problems)
        assert "not be empty, got 3" in lines
        assert "vary, got 3" in lines
