"""ComBat inside the study: learnt in each fit, frozen for whoever is scored, refused where it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError, StudyError
from perirad.selection.combat import fit_combat
from perirad.study import engine
from perirad.study.fitting import fit_radscore
from perirad.study.model import load_model
from perirad.study.settings import StudySettings, open_study
from perirad.study.training import Training
from perirad.table import FeatureTable

TEXT = """
title = "Two centres"
[outcome]
column = "y"
[features]
source = "table"
[harmonisation]
method = "combat"
[selection]
folds = 5
[score]
folds = 3
repeats = 1
[validation]
bootstrap = 3
"""


def frame(n: int = 120, seed: int = 1) -> pd.DataFrame:
    """Features that tell the outcome, moved and stretched in centre B."""
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    centre = np.where(random.random(n) < 0.5, "A", "B")
    X = random.normal(size=(n, 12))
    X[:, :3] += y[:, None]
    X[centre == "B"] = X[centre == "B"] * 2.5 + 4.0
    data = pd.DataFrame(X, columns=[f"f{j}" for j in range(12)])
    return data.assign(case_id=[f"p{i}" for i in range(n)], y=y, centre=centre)


def write(folder: Path, data: pd.DataFrame, text: str = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    data.to_csv(folder / "cases.csv", index=False)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def training(data: pd.DataFrame) -> Training:
    names = tuple(f"f{j}" for j in range(12))
    table = FeatureTable(tuple(data["case_id"]), names, data[list(names)].to_numpy(), tuple(data["centre"]))
    return Training(table, data["y"].to_numpy(), np.arange(len(data)))


def settings(method: str) -> StudySettings:
    content = {"outcome": {"column": "y"}, "harmonisation": {"method": method}, "features": {"source": "table"}}
    return StudySettings.model_validate(content)


def test_the_score_is_fitted_on_harmonised_features_r_sva() -> None:
    rows = training(frame())
    fit = fit_radscore(rows, "all", settings("combat"), (1,))
    combat = fit_combat(rows.table.values, rows.table.centres)
    by_hand = replace(rows, table=replace(rows.table, values=combat.transform(rows.table.values, rows.table.centres)))
    other = fit_radscore(by_hand, "all", settings("none"), (1,))
    assert fit.score.columns == other.score.columns
    np.testing.assert_array_equal(fit.score.coefficients, other.score.coefficients)
    np.testing.assert_allclose(fit.predict(rows.table), other.predict(by_hand.table), atol=1e-10)
    assert other.harmonised is None


def test_centres_no_longer_tell_patients_apart_analytic() -> None:
    rows = training(frame())
    at_b = np.array(rows.table.centres) == "B"
    gaps = []
    for method in ("none", "combat"):
        scores = fit_radscore(rows, "all", settings(method), (1,)).predict(rows.table)
        gaps.append(abs(scores[at_b].mean() - scores[~at_b].mean()))
    assert gaps[1] < 0.3 * gaps[0]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("combat"), frame())
    engine.run(open_study(folder), workers=1)
    return folder


def test_the_model_file_harmonises_a_new_patient_analytic(done: Path) -> None:
    model, data = load_model(done / "results" / "model.json"), frame()
    predictions = pd.read_csv(done / "results" / "predictions.csv").set_index("case_id")
    for i in (0, 1, 50):
        values = data.loc[[i], list(model.radscore.columns)].to_numpy()
        table = FeatureTable(("new",), model.radscore.columns, values, (str(data.loc[i, "centre"]),))
        assert model.read(table, {}).probability == pytest.approx(predictions.loc[f"p{i}", "probability"], abs=1e-12)
        with pytest.raises(InputError, match="the centre must be known"):
            model.read(replace(table, centres=()), {})
        with pytest.raises(InputError, match="got 'Z'"):
            model.read(replace(table, centres=("Z",)), {})


def test_it_is_repeated_in_the_bootstrap_analytic(done: Path) -> None:
    validated = engine.validate(engine.fit(engine.extract(open_study(done), workers=1), workers=1), workers=1)
    assert validated.internal is not None
    assert validated.internal.figures.n_fitted == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.assign(centre="A"), "at least two centres in training, got 1"),
        (lambda data: data.drop(columns="centre"), "the centre of every case"),
        (lambda data: data.assign(centre=["C", *data["centre"][1:]]), "C with 1|test cases of 'C'"),
    ],
)
def test_what_cannot_be_harmonised_is_said_before(
    change: Callable[[pd.DataFrame], pd.DataFrame], said: str, tmp_path: Path
) -> None:
    study = open_study(write(tmp_path, change(frame())))
    with pytest.raises(StudyError, match=said):
        engine.extract(study)


def test_a_test_centre_that_training_never_saw_is_refused(tmp_path: Path) -> None:
    split = '[split]\nby = "centre"\ntest_centres = ["B"]\n'
    study = open_study(write(tmp_path, frame(), TEXT + split))
    lines = [problem.line() for problem in engine.check(study)]
    assert any("only harmonise centres that are in training, got test cases of 'B'" in line for line in lines)
