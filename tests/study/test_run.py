"""The whole road on a small study: files, frozen model, honesty, repetition."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.study.small import change, read_cases, write_cases

from perirad.errors import InputError, StudyError
from perirad.study import engine
from perirad.study.casefiles import CaseFiles
from perirad.study.extraction import prepare_case
from perirad.study.fitting import cross_fit
from perirad.study.model import load_model
from perirad.study.settings import StudySettings, open_study
from perirad.study.store import ExtractionStore
from perirad.study.training import Training
from perirad.table import FeatureTable

FILES = [
    "checklists",
    "features.parquet",
    "figures",
    "instability.csv",
    "metrics.json",
    "model.json",
    "predictions.csv",
    "provenance.json",
    "quality.csv",
    "report.docx",
    "report.html",
    "tables",
    "text",
]


def _hashes(folder: Path) -> dict[str, str]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and ".cache" not in file.parts]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _predictions(folder: Path) -> list[dict[str, str]]:
    with (folder / "results" / "predictions.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_results_are_written_analytic(done: Path) -> None:
    assert sorted(file.name for file in (done / "results").iterdir() if not file.name.startswith(".")) == FILES
    kinds = {file.suffix for file in (done / "results" / "figures").iterdir()}
    assert kinds == {".svg"}  # as the settings of this study have it


def test_scoring_a_case_alone_reproduces_its_row_analytic(done: Path) -> None:
    model = load_model(done / "results" / "model.json")
    cases = {row["case_id"]: row for row in read_cases(done)}
    rows = [row for row in _predictions(done) if row["cohort"] == "test"]
    worst = 0.0
    for row in rows:
        case = cases[row["case_id"]]
        image, regions = prepare_case(CaseFiles(done / case["image"], done / case["mask"], (0.25, 0.25)), model.recipe)
        clinical = {variable.name: case[variable.name] for variable in model.variables}
        reading = model.score(image, regions[0], clinical)
        for name, value in (
            ("radscore", reading.radscore),
            ("probability", reading.probability),
            ("total_points", reading.total_points),
            ("probability_lower", reading.lower),
        ):
            worst = max(worst, abs(float(row[name]) - value))
    assert len(rows) == 18
    assert worst <= 1e-12


def test_radscore_is_the_formula_of_the_model_file_analytic(done: Path) -> None:
    block = json.loads((done / "results" / "model.json").read_text(encoding="utf-8"))["radscore"]
    assert block["features"]
    features = pd.read_parquet(done / "results" / "features.parquet")
    expected = np.full(len(features), block["intercept"])
    for item in block["features"]:
        expected += item["coefficient"] * (features[item["column"]].to_numpy() - item["mean"]) / item["sd"]
    found = [float(row["radscore"]) for row in _predictions(done)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_nothing_of_the_test_rows_reaches_the_model_analytic(done: Path, tmp_path: Path) -> None:
    """Turn the outcome of every test patient around and exchange their images: the model must not notice."""
    spoiled = Path(shutil.copytree(done, tmp_path / "study"))
    shutil.rmtree(spoiled / "results")
    cohort = {row["case_id"]: row["cohort"] for row in _predictions(done)}
    rows = read_cases(spoiled)
    for row in rows:
        row["cohort"] = cohort[row["case_id"]]
    tests = [row for row in rows if row["cohort"] == "test"]
    pictures = [(row["image"], row["mask"]) for row in tests]
    for row, (image, mask) in zip(tests, pictures[1:] + pictures[:1], strict=True):
        row.update(image=image, mask=mask, age="90", malignant=str(1 - int(row["malignant"])))
    write_cases(spoiled, rows)
    toml = spoiled / "study.toml"
    toml.write_text(toml.read_text().replace("[regions]", '[split]\nby = "cohort"\n[regions]'), encoding="utf-8")
    engine.run(open_study(spoiled), workers=1)
    honest = json.loads((done / "results" / "model.json").read_text(encoding="utf-8"))
    other = json.loads((spoiled / "results" / "model.json").read_text(encoding="utf-8"))
    for name in ("radscore", "clinical", "combined", "nomogram", "cutoffs", "training", "recipe"):
        assert other[name] == honest[name], name
    assert other["performance"]["combined"]["test"] != honest["performance"]["combined"]["test"]


@pytest.mark.slow
def test_same_bytes_whatever_the_number_of_workers_analytic(done: Path, tmp_path: Path) -> None:
    again = Path(shutil.copytree(done, tmp_path / "study", ignore=shutil.ignore_patterns("results")))
    engine.run(open_study(again), workers=2)
    assert _hashes(again / "results") == _hashes(done / "results")


def test_a_second_run_does_nothing_analytic(done: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (done / "results").glob("*.html")}
    _, did = engine.run(open_study(done), workers=1)
    assert not did
    assert before == {file: file.stat().st_mtime_ns for file in (done / "results").glob("*.html")}


def test_results_of_a_broken_run_are_not_taken_for_complete_analytic(done: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(done, tmp_path / "study"))
    study = open_study(folder)
    engine.fit(engine.extract(study, workers=1), workers=1)
    assert not (folder / "results" / "provenance.json").exists()
    _, did = engine.run(study, workers=1)
    assert did
    assert _hashes(folder / "results") == _hashes(done / "results")


def test_other_filters_reach_the_model_and_the_next_patient_analytic(small: Path) -> None:
    toml = small / "study.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(
        text.replace("[regions]", '[features]\nfilters = ["log", "gradient"]\nlog_sigma_mm = [0.5]\n[regions]')
    )
    engine.run(open_study(small), workers=1)
    model = load_model(small / "results" / "model.json")
    assert model.recipe.features.images == ("log-sigma-0-5-mm-3D", "gradient")
    row = _predictions(small)[0]
    case = next(case for case in read_cases(small) if case["case_id"] == row["case_id"])
    image, regions = prepare_case(CaseFiles(small / case["image"], small / case["mask"], (0.25, 0.25)), model.recipe)
    clinical = {variable.name: case[variable.name] for variable in model.variables}
    assert abs(model.score(image, regions[0], clinical).probability - float(row["probability"])) <= 1e-12


IBSI = """\
[features]
definitions = "ibsi"
filters = ["original"]
bin_count = 16
[features.ibsi]
families = ["statistics", "glcm", "ngldm"]
aggregations = ["merged"]
outlier_sigma = 3.0
spacing_mm = 0.4
interpolation = "cubic"
[[features.responses]]
kind = "gabor"
sigma_mm = 0.5
lambda_mm = 1.5
step_deg = 45.0
pooling = "max"
boundary = "nearest"
[[features.responses]]
kind = "riesz"
order = [1, 0]
[regions]"""


def test_ibsi_reaches_the_model_and_the_next_patient_analytic(small: Path) -> None:
    toml = small / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("[regions]", IBSI), encoding="utf-8")
    study = open_study(small)
    engine.run(study, workers=1)
    model = load_model(small / "results" / "model.json")
    assert model.recipe.features == study.settings.features.settings()
    features = pd.read_parquet(small / "results" / "features.parquet")
    assert features.shape[1] == 3 * 3 * (18 + 25 + 17)
    block = json.loads((small / "results" / "model.json").read_text(encoding="utf-8"))["radscore"]
    assert block["features"]
    assert all("_ibsi-" in item["column"] and len(item["ibsi"]) == 4 for item in block["features"])
    row = _predictions(small)[0]
    case = next(case for case in read_cases(small) if case["case_id"] == row["case_id"])
    image, regions = prepare_case(CaseFiles(small / case["image"], small / case["mask"], (0.25, 0.25)), model.recipe)
    clinical = {variable.name: case[variable.name] for variable in model.variables}
    assert abs(model.score(image, regions[0], clinical).probability - float(row["probability"])) <= 1e-12


def test_a_model_from_before_ibsi_still_loads_and_a_wrong_one_does_not_analytic(done: Path, tmp_path: Path) -> None:
    content = json.loads((done / "results" / "model.json").read_text(encoding="utf-8"))
    for name in ("definitions", "responses", "ibsi", "slice_mm"):
        del content["recipe"][name]
    file = tmp_path / "model.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert load_model(file).recipe == load_model(done / "results" / "model.json").recipe
    content["recipe"]["responses"] = [{"kind": "laws", "kernels": "L5E5", "energy": 7}]
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StudyError, match=r"recipe\.responses\.0\.laws\.energy: Unexpected keyword"):
        load_model(file)
    content["recipe"]["responses"] = [{"kind": "mean", "support": 4}]
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StudyError, match="support of a mean filter must be odd"):
        load_model(file)


def test_a_failing_case_is_a_row_with_a_reason_analytic(small: Path) -> None:
    (small / "images" / "010.png").write_bytes(b"broken")
    change(small, "c011", age="NA")
    engine.run(open_study(small), workers=1)
    quality = pd.read_csv(small / "results" / "quality.csv", dtype=str).set_index("case_id")
    assert len(quality) == 60
    assert quality.loc["c010", "status"] == "excluded"
    assert quality.loc["c010", "reason"] == "image or outline unusable"
    assert "010.png" in str(quality.loc["c010", "detail"])
    assert quality.loc["c011", "reason"] == "clinical value missing"
    assert len(_predictions(small)) == 58


def test_a_study_that_cannot_run_says_why_and_writes_features_analytic(small: Path) -> None:
    write_cases(small, [row | {"malignant": "0"} for row in read_cases(small)])
    with pytest.raises(StudyError, match="must hold both classes"):
        engine.run(open_study(small), workers=1)
    assert (small / "results" / "quality.csv").is_file()


def test_an_interrupted_extraction_goes_on_analytic(small: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == 20:
            raise StopError

    with pytest.raises(StopError):
        engine.extract(open_study(small), workers=1, progress=stop)
    kept = {file: file.stat().st_mtime_ns for file in (small / "results" / ".cache").glob("*.npz")}
    assert len(kept) == 20
    engine.extract(open_study(small), workers=1)
    assert all(file.stat().st_mtime_ns == time for file, time in kept.items())


def test_the_effect_is_found_outside_the_lesion_analytic(done: Path) -> None:
    metrics = json.loads((done / "results" / "metrics.json").read_text(encoding="utf-8"))
    cross = metrics["scenario"]["cross_validated_auc"]
    assert metrics["scenario"]["chosen"] in ("I+P2", "I+P4")
    assert max(cross["I+P2"], cross["I+P4"]) > cross["I"] + 0.05


@pytest.mark.parametrize(
    ("clinical", "line"),
    [
        ({}, "must be given (a number years), got nothing: add --set age=VALUE"),
        ({"age": "old"}, "age must be a number years, got 'old'"),
        ({"age": 50, "shoe": 4}, "'shoe' as well"),
    ],
)
def test_a_new_patient_with_a_bad_value_analytic(done: Path, clinical: dict[str, object], line: str) -> None:
    model = load_model(done / "results" / "model.json")
    assert [variable.name for variable in model.variables] == ["age"]
    case = read_cases(done)[0]
    image, regions = prepare_case(CaseFiles(done / case["image"], done / case["mask"], (0.25, 0.25)), model.recipe)
    with pytest.raises(InputError) as caught:
        model.score(image, regions[0], clinical)
    assert line in str(caught.value)


def test_a_value_outside_training_is_warned_of_analytic(done: Path) -> None:
    model = load_model(done / "results" / "model.json")
    case = read_cases(done)[0]
    image, regions = prepare_case(CaseFiles(done / case["image"], done / case["mask"], (0.25, 0.25)), model.recipe)
    reading = model.score(image, regions[0], {"age": 120})
    assert any(text.startswith("age = 120 lies outside the training range") for text in reading.warnings)


def _spoil(path: Path, target: Path, **changes: object) -> Path:
    data = json.loads(path.read_text(encoding="utf-8"))
    target.write_text(json.dumps(data | changes), encoding="utf-8")
    return target


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"schema_version": "perirad-model/9"}, "schema_version"),
        ({"surprise": 1}, "surprise"),
        ({"cutoffs": {"combined": "high"}}, "cutoffs.combined"),
    ],
)
def test_a_model_file_is_checked_strictly_analytic(
    done: Path, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    file = _spoil(done / "results" / "model.json", tmp_path / "model.json", **changes)
    with pytest.raises(StudyError) as caught:
        load_model(file)
    assert words in str(caught.value)


def test_what_is_no_model_is_said_analytic(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text("[" * 100000, encoding="utf-8")
    with pytest.raises(InputError, match="a model file must be JSON"):
        load_model(tmp_path / "m.json")
    with pytest.raises(InputError, match="a model file must be readable text"):
        load_model(tmp_path / "none.json")


def test_a_damaged_kept_case_is_extracted_again_analytic(done: Path, tmp_path: Path) -> None:
    """A truncated file and an empty one, as a full disk or a broken copy leaves them."""
    folder = Path(shutil.copytree(done, tmp_path / "study"))
    kept = sorted((folder / "results" / ".cache").glob("*.npz"))
    kept[0].write_bytes(kept[0].read_bytes()[:200])
    kept[1].write_bytes(b"")
    engine.run(open_study(folder), workers=1, force=True)
    assert _hashes(folder / "results") == _hashes(done / "results")


def test_a_full_disk_is_no_fault_of_the_case_analytic(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ExtractionStore, "save", full)
    with pytest.raises(OSError, match="No space left"):
        engine.extract(open_study(small), workers=1)


def test_a_feature_undefined_in_one_patient_does_not_stop_the_folds_analytic() -> None:
    """The strongest feature is undefined in one training row: no fold may select it, held out or not."""
    rng = np.random.default_rng(8)
    outcome = np.tile([0, 1], 30)
    values = rng.normal(size=(60, 6))
    values[:, 0] += 4.0 * outcome
    values[:, 1] += outcome
    names = tuple(f"I_original_firstorder_{name}" for name in "ABCDEF")
    settings = StudySettings.model_validate(
        {"outcome": {"column": "y"}, "selection": {"folds": 3}, "score": {"scenarios": ["I"], "repeats": 2}}
    )
    cases = tuple(map(str, range(60)))
    values[7, 0] = np.nan
    crossed = cross_fit(Training(FeatureTable(cases, names, values), outcome, np.arange(60)), settings)
    without = Training(FeatureTable(cases, names[1:], values[:, 1:]), outcome, np.arange(60))
    np.testing.assert_array_equal(crossed.scores["I"], cross_fit(without, settings).scores["I"])


def _reversed(data: dict[str, Any]) -> None:
    data["combined"]["variables"].reverse()


def _other_axis(data: dict[str, Any]) -> None:
    data["nomogram"]["axes"][0]["variable"] = "shoe"


def _short_axis(data: dict[str, Any]) -> None:
    data["nomogram"]["axes"][0]["points"] = [1.0]


def _other_region(data: dict[str, Any]) -> None:
    data["radscore"]["scenario"] = "I+P9"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_reversed, "combined: Value error, the terms of the variables are age, radscore, in this order"),
        (_other_axis, "the nomogram must have one axis for each predictor of the combined model"),
        (_short_axis, "nomogram.axes.0: Value error, an axis needs as many labels and points as values"),
        (_other_region, "the Rad-score names regions that the recipe does not make (I, P2, P4)"),
    ],
)
def test_a_model_whose_parts_disagree_is_refused_analytic(
    done: Path, tmp_path: Path, spoil: Callable[[dict[str, Any]], None], words: str
) -> None:
    data = json.loads((done / "results" / "model.json").read_text(encoding="utf-8"))
    spoil(data)
    (tmp_path / "model.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_model(tmp_path / "model.json")
    assert words in str(caught.value)
