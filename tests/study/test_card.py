"""The model card holds the model's own numbers, and says what it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.study.test_further import TEXT, frame
from tests.study.test_harmonisation import write
from typer.testing import CliRunner

from perirad.cli.main import app
from perirad.study import engine
from perirad.study.card import model_card
from perirad.study.model import Model, load_model
from perirad.study.settings import open_study


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = TEXT.replace("bootstrap = 2", "bootstrap = 0").replace("nested = 2", "nested = 0")
    place = write(tmp_path_factory.mktemp("card"), frame(), text)
    engine.run(open_study(place), workers=1)
    return place / "results" / "model.json"


def test_every_number_is_the_models_own_analytic(folder: Path) -> None:
    model = load_model(folder)
    text, file = model_card(model), model.file
    assert file.combined is not None
    for term, value in zip(("intercept", *file.combined.terms), file.combined.coefficients, strict=True):
        assert f"| {term} | {value:.6g} |" in text
    for item in file.radscore.features:
        assert f"| {item.column} | " in text
    auc = file.performance["combined"]["test"]["auc"]
    assert auc is not None
    assert f"{auc:.3f} (" in text
    assert f"Cut-off, frozen in training: {100 * file.cutoffs['combined']:.1f} %" in text
    assert "A patient needs: age." in text
    assert "no image can be scored" in text
    assert "SIMULATED" not in text


def test_a_simulated_model_and_one_without_performance_say_so_analytic(folder: Path) -> None:
    file = load_model(folder).file
    text = model_card(Model(file.model_copy(update={"kind": "simulated", "performance": {}})))
    assert "SIMULATED cohort" in text
    assert "judge the model in your own patients" in text


def test_a_model_without_predictors_has_a_card_analytic(folder: Path) -> None:
    file = load_model(folder).file
    bare = file.model_copy(update={"combined": None, "clinical": None, "nomogram": None})
    assert "No predictor was retained" in model_card(Model(bare))


def test_the_command_prints_or_writes(folder: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["card", str(folder)])
    assert said.exit_code == 0
    assert said.output == model_card(load_model(folder))
    CliRunner().invoke(app, ["card", str(folder), "--out", str(tmp_path / "card.md")])
    assert (tmp_path / "card.md").read_text(encoding="utf-8") == said.output
