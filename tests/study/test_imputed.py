"""Imputation inside the study: in every fit anew, pooled, frozen for later patients and said in their reading."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.study.test_harmonisation import write

from perirad.errors import InputError, StudyError
from perirad.nomogram.imputation import complete, fill, pool_fits
from perirad.nomogram.logistic import fit_logistic
from perirad.study import engine
from perirad.study.model import load_model
from perirad.study.predictors import clinical_variable
from perirad.study.settings import open_study
from perirad.table import FeatureTable

TEXT = """
title = "Gaps"
[outcome]
column = "y"
[columns]
case_id = "id"
[features]
source = "table"
columns = ["f*"]
[selection]
folds = 3
[score]
folds = 3
repeats = 1
[validation]
bootstrap = 3
[clinical]
missing = "impute"
imputations = 3
[[clinical.variables]]
name = "age"
[[clinical.variables]]
name = "side"
levels = ["left", "right"]
"""


def frame(n: int = 160, seed: int = 4) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    X = random.normal(size=(n, 6))
    X[:, :2] += 0.8 * y[:, None]
    age = (random.normal(55, 9, n) + 6 * y).round().astype(object)
    side = np.where(random.random(n) < 0.3 + 0.4 * y, "right", "left").astype(object)
    age[random.random(n) < 0.2] = ""
    side[random.random(n) < 0.1] = "NA"
    data = pd.DataFrame(X, columns=[f"f{j}" for j in range(6)])
    return data.assign(id=[f"p{i}" for i in range(n)], y=y, age=age, side=side)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("imputed"), frame(), TEXT)
    engine.run(open_study(folder), workers=1)
    return folder


def test_nobody_is_excluded_and_the_bootstrap_imputes_anew_analytic(done: Path) -> None:
    metrics = json.loads((done / "results" / "metrics.json").read_text(encoding="utf-8"))
    assert sum(metrics["cases"].values()) == 160
    assert metrics["internal_validation"]["failed"] == 0
    report = (done / "results" / "report.html").read_text(encoding="utf-8")
    assert "cases lack a clinical value. In training they were imputed 3 times" in report
    assert "Odds ratio" in (done / "results" / "tables" / "combined.csv").read_text(encoding="utf-8")


def test_the_clinical_model_is_pooled_over_completions_r_mice(done: Path) -> None:
    analysed = engine.extract(open_study(done), workers=1)
    fitted = engine.fit(analysed, workers=1)
    training, clinical = engine._training(analysed)
    variables = [clinical_variable(item) for item in analysed.modelling.clinical.variables]
    seed = int(np.random.SeedSequence((analysed.modelling.seed, 9)).generate_state(1)[0])
    fits = []
    for rows in complete(clinical, variables, training.outcome, 3, seed=seed):
        columns: dict[str, list[object]] = {name: [row[name] for row in rows] for name in ("age", "side")}
        fits.append(fit_logistic(columns, training.outcome, variables))
    found = fitted.development.clinical
    assert found is not None
    np.testing.assert_array_equal(found.coefficients, pool_fits(fits).coefficients)
    assert np.diag(found.covariance)[1] > np.mean([fit.covariance[1, 1] for fit in fits])


def test_a_later_patient_is_filled_and_told_analytic(done: Path) -> None:
    model, data = load_model(done / "results" / "model.json"), frame()
    predictions = pd.read_csv(done / "results" / "predictions.csv").set_index("case_id")
    gap = next(i for i in range(160) if data.loc[i, "age"] == "" and data.loc[i, "side"] in ("left", "right"))
    values = data.loc[[gap], list(model.radscore.columns)].to_numpy(dtype=float)
    table = FeatureTable(("new",), model.radscore.columns, values)
    reading = model.read(table, {"side": str(data.loc[gap, "side"])})
    assert reading.probability == predictions.loc[f"p{gap}", "probability"]
    assert any("age is missing: it was taken to be" in line for line in reading.warnings)
    known = model.read(table, {"side": "left", "age": 60})
    assert not any("missing" in line for line in known.warnings)
    filled = fill({"side": "left"}, model.rules)["age"]
    assert model.read(table, {"side": "left", "age": filled}).probability == pytest.approx(
        model.read(table, {"side": "left"}).probability, abs=1e-12
    )


def test_a_model_without_imputation_wants_every_value(tmp_path: Path) -> None:
    data = frame()
    text = TEXT.replace('missing = "impute"', 'missing = "exclude"').replace("bootstrap = 3", "bootstrap = 0")
    engine.run(open_study(write(tmp_path, data, text)), workers=1)
    model = load_model(tmp_path / "results" / "model.json")
    table = FeatureTable(("new",), model.radscore.columns, np.zeros((1, len(model.radscore.columns))))
    with pytest.raises(InputError, match="age must be given"):
        model.read(table, {"side": "left"})


def test_ridge_fits_are_not_pooled(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="ridge fits are not pooled"):
        open_study(write(tmp_path, frame(), TEXT.replace("imputations = 3", 'model = "ridge"')))
