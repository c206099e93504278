"""Updating a model: what the statistics say, that the file stays consistent, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.study.test_further import TEXT, frame
from tests.study.test_harmonisation import write
from typer.testing import CliRunner

from perirad.cli.main import app
from perirad.errors import StudyError
from perirad.nomogram.design import design_matrix
from perirad.nomogram.logistic import expit, fit_logistic, linear_predictor
from perirad.nomogram.points import read_patient
from perirad.study import engine
from perirad.study.model import Model, load_model
from perirad.study.settings import open_study
from perirad.study.updating import NewHospital, read_hospital, update_model
from perirad.validation.updating import choose_update, update_slope


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    text = TEXT.replace("bootstrap = 2", "bootstrap = 0").replace("nested = 2", "nested = 0")
    folder = write(tmp_path_factory.mktemp("updating"), frame(), text)
    engine.run(open_study(folder), workers=1)
    return load_model(folder / "results" / "model.json")


def hospital(model: Model, *, shift: float, stretch: float = 1.0, n: int = 400, seed: int = 3) -> NewHospital:
    """Patients whose risk is the model's, shifted and stretched."""
    random = np.random.default_rng(seed)
    columns: dict[str, list[object]] = {
        "radscore": random.normal(0, 1.5, n).tolist(),
        "age": random.normal(57, 9, n).tolist(),
    }
    assert model.combined is not None
    risk = expit(shift + stretch * linear_predictor(model.combined, columns))
    return NewHospital((random.random(n) < risk).astype(np.int64), columns)


def test_a_stretch_is_that_of_logistic_recalibration_analytic(model: Model) -> None:
    patients = hospital(model, shift=1.0, stretch=0.5)
    assert model.combined is not None
    old = linear_predictor(model.combined, patients.columns)
    found, expected = update_model(model, patients, "slope"), update_slope(patients.outcome, old)
    assert found.model.combined is not None
    new = linear_predictor(found.model.combined, patients.columns)
    np.testing.assert_allclose(new, expected.apply(old), atol=1e-10)
    assert found.after.slope.estimate == pytest.approx(1.0, abs=1e-6)
    assert found.after.intercept.estimate == pytest.approx(0.0, abs=1e-6)
    moved = np.array([model.file.cutoffs["combined"], found.model.file.cutoffs["combined"]])
    at = np.log(moved / (1 - moved))
    assert at[1] == pytest.approx(expected.intercept + expected.slope * at[0])


def test_the_closed_test_changes_as_little_as_it_may_analytic(model: Model) -> None:
    assert update_model(model, hospital(model, shift=0.0)).method == "none"
    assert update_model(model, hospital(model, shift=1.2)).method == "intercept"
    assert update_model(model, hospital(model, shift=0.8, stretch=0.3, n=1500)).method == "slope"
    patients = hospital(model, shift=0.0, n=1500)
    other = NewHospital(patients.outcome, {**patients.columns, "age": patients.columns["age"][::-1]})
    assert update_model(model, other).method == "refit"
    assert model.combined is not None
    design, _ = design_matrix(other.columns, model.combined.variables)
    chosen, _ = choose_update(other.outcome, linear_predictor(model.combined, other.columns), design)
    assert chosen.method == "refit"


@pytest.mark.parametrize("way", ["intercept", "slope", "refit"])
def test_the_updated_file_reads_as_its_formula_analytic(model: Model, way: str, tmp_path: Path) -> None:
    patients = hospital(model, shift=0.7, stretch=0.8)
    updated = update_model(model, patients, way).model  # type: ignore[arg-type]
    (tmp_path / "new.json").write_text(updated.save_text(), encoding="utf-8")
    again = load_model(tmp_path / "new.json")
    assert again.combined is not None
    assert again.nomogram is not None
    values = {"radscore": 0.4, "age": 61.0}
    by_formula = expit(linear_predictor(again.combined, {name: [value] for name, value in values.items()}))[0]
    assert read_patient(again.nomogram, again.combined, values).probability == pytest.approx(by_formula, abs=1e-9)
    assert again.file.provenance["update"] == way
    assert again.file.performance == {}
    if way == "refit":
        fit = fit_logistic(patients.columns, patients.outcome, again.combined.variables)
        np.testing.assert_allclose(again.combined.coefficients, fit.coefficients, rtol=1e-12)


def test_an_interval_widens_by_what_the_update_does_not_know_analytic(model: Model) -> None:
    few = update_model(model, hospital(model, shift=1.0, n=60), "intercept").model.combined
    many = update_model(model, hospital(model, shift=1.0, n=6000), "intercept").model.combined
    assert few is not None
    assert many is not None
    assert model.combined is not None
    assert few.covariance[0, 0] > many.covariance[0, 0] > model.combined.covariance[0, 0]


def table(model: Model, folder: Path, **change: object) -> Path:
    patients = hospital(model, shift=1.0, n=80)
    data = pd.DataFrame({**patients.columns, "event": patients.outcome}).assign(**change)  # type: ignore[arg-type]
    data.to_csv(folder / "patients.csv", index=False)
    return folder / "patients.csv"


def test_the_command_writes_a_model_and_says_what_it_did(model: Model, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(model.save_text(), encoding="utf-8")
    words = ["update", str(tmp_path / "model.json"), str(table(model, tmp_path)), "--outcome", "event"]
    said = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "here.json")])
    assert said.exit_code == 0, said.output
    assert "update: intercept" in said.output
    assert load_model(tmp_path / "here.json").file.provenance["update"] == "intercept"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"age": "old"}, "age must be a number, got 'old' in line 2"),
        ({"event": 2}, "event must be 1 or 0, got '2' in line 2"),
        ({"event": 1}, "at least 10 patients of each class, got 80 events among 80 patients"),
    ],
)
def test_what_cannot_be_used_is_said(model: Model, tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(StudyError, match=said):
        read_hospital(table(model, tmp_path, **change), model, outcome="event")


def test_a_predictor_that_is_not_in_the_table_is_named(model: Model, tmp_path: Path) -> None:
    place = table(model, tmp_path)
    pd.read_csv(place).drop(columns="age").to_csv(place, index=False)
    with pytest.raises(StudyError, match="column 'age' must be in the table"):
        read_hospital(place, model, outcome="event")
