"""The clinical and combined models as the settings ask for them, and what model.json keeps of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from tests.study.small import STUDY, write_small_study

from perirad.errors import InputError
from perirad.nomogram.backward import backward_by_aic
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.points import read_patient
from perirad.nomogram.records import LogisticFit, RidgeFit
from perirad.nomogram.ridge import choose_penalty
from perirad.nomogram.spline import spline_knots
from perirad.study import engine
from perirad.study.model import Model, load_model
from perirad.study.predictors import clinical_variable, fit_model, retain
from perirad.study.records import Validated
from perirad.study.settings import ClinicalSettings, ClinicalVariable, Study, StudySettings, open_study

AGE = ClinicalVariable(name="age", knots=4)
SIZE = ClinicalVariable(name="size")
GRADE = ClinicalVariable(name="grade", levels=("low", "high"))


def rows(seed: int = 1, n: int = 300) -> tuple[dict[str, list[object]], np.ndarray]:
    """Age acts as a bow, size not at all, grade a little."""
    rng = np.random.default_rng(seed)
    age, size, grade = rng.uniform(30, 80, n), rng.normal(20, 5, n), rng.integers(2, size=n)
    logit = 0.004 * (age - 55) ** 2 - 1.0 + 1.4 * grade
    outcome = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    return {"age": age.tolist(), "size": size.tolist(), "grade": [("low", "high")[g] for g in grade]}, outcome


def test_by_default_every_variable_stays_analytic() -> None:
    columns, outcome = rows()
    found = retain([columns], outcome, ClinicalSettings(variables=(SIZE, GRADE)))
    assert [variable.name for variable in found.variables] == ["size", "grade"]
    assert [test.variable.name for test in found.together] == ["size", "grade"]


def test_a_screen_by_p_drops_what_says_nothing_analytic() -> None:
    columns, outcome = rows()
    found = retain([columns], outcome, ClinicalSettings(variables=(AGE, SIZE, GRADE), keep="multivariable"))
    assert [variable.name for variable in found.variables] == ["age", "grade"]


def test_backward_elimination_is_that_of_aic_r_stepaic() -> None:
    columns, outcome = rows()
    settings = ClinicalSettings(variables=(AGE, SIZE, GRADE), keep="backward")
    found = retain([columns], outcome, settings)
    full = retain([columns], outcome, settings.model_copy(update={"keep": "all"})).variables
    assert found.variables == backward_by_aic(columns, outcome, full)
    assert "size" not in [variable.name for variable in found.variables]


def test_knots_are_those_of_these_rows_r_rms() -> None:
    columns, outcome = rows()
    found = retain([columns], outcome, ClinicalSettings(variables=(AGE,)))
    assert found.variables[0].knots == spline_knots(np.array(columns["age"]), 4)
    fit = fit_model([columns], outcome, found.variables, ClinicalSettings())
    straight = fit_logistic(columns, outcome, [clinical_variable(SIZE)])
    assert fit.terms == ("age", "age'", "age''")
    assert fit.log_likelihood > straight.log_likelihood + 10


@pytest.mark.parametrize(("model", "method"), [("ml", "ml"), ("firth", "firth"), ("auto", "ml")])
def test_the_model_is_fitted_as_named_analytic(model: str, method: str) -> None:
    columns, outcome = rows()
    settings = ClinicalSettings.model_validate({"model": model})
    fit = fit_model([columns], outcome, [clinical_variable(SIZE)], settings)
    assert fit.method == method
    assert not isinstance(fit, RidgeFit)


def test_ridge_takes_the_penalty_with_the_best_aic_r_rms() -> None:
    columns, outcome = rows()
    variables = [clinical_variable(SIZE), clinical_variable(GRADE)]
    fit = fit_model([columns], outcome, variables, ClinicalSettings(model="ridge", penalties=(1.0, 8.0, 64.0)))
    best = choose_penalty(columns, outcome, variables, (1.0, 8.0, 64.0))
    assert isinstance(fit, RidgeFit)
    assert fit.penalty == best.penalty
    np.testing.assert_array_equal(fit.coefficients, best.coefficients)


def test_levels_do_not_bend() -> None:
    with pytest.raises(ValidationError, match="only a number can have knots"):
        ClinicalVariable(name="grade", levels=("low", "high"), knots=3)


BENT = STUDY.replace('unit = "years"', 'unit = "years"\nknots = 3')


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_study(tmp_path_factory.mktemp("predictors"), n=60)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["ridge", "firth"])
def test_the_model_file_reads_a_patient_as_the_study_did_analytic(small: Path, model: str) -> None:
    text = BENT.replace("bootstrap = 3", "bootstrap = 0").replace('"multivariable"', f'"all"\nmodel = "{model}"')
    (small / "study.toml").write_text(text.replace("repeats = 1", "repeats = 1\nknots = 3"), encoding="utf-8")
    validated = engine.validate(engine.fit(engine.extract(open_study(small))))
    loaded = load_model(small / "results" / "model.json")
    fit, again = validated.fitted.development.combined, loaded.combined
    assert isinstance(fit, RidgeFit if model == "ridge" else LogisticFit)
    assert type(again) is type(fit)
    assert again is not None
    assert fit is not None
    assert again.variables == fit.variables
    assert [len(variable.knots) for variable in again.variables] == [3, 3, 0]
    _reads_alike(loaded, validated.predictions.scores.p_combined, validated)


def _reads_alike(loaded: Model, risks: np.ndarray, validated: Validated) -> None:
    analysed = validated.fitted.analysed
    assert loaded.nomogram is not None
    assert loaded.combined is not None
    for i in (0, 7, 31):
        table = analysed.features.table.take(rows=np.array([i]))
        reading = loaded.read(table, analysed.cases[i].clinical)
        assert reading.probability == risks[i]
        by_points = read_patient(
            loaded.nomogram, loaded.combined, {**analysed.cases[i].clinical, "radscore": reading.radscore}
        )
        assert by_points.probability == pytest.approx(risks[i], abs=1e-9)


def test_a_spline_of_too_few_values_says_so() -> None:
    with pytest.raises(InputError, match="distinct values"):
        retain([{"age": [1.0, 2.0] * 20}], np.arange(40) % 2, ClinicalSettings(variables=(AGE,)))


def test_settings_name_the_ways_of_the_models() -> None:
    settings = StudySettings.model_validate(
        {"outcome": {"column": "y"}, "clinical": {"keep": "backward", "model": "ridge"}, "score": {"knots": 4}}
    )
    assert (settings.clinical.keep, settings.clinical.model, settings.score.knots) == ("backward", "ridge", 4)
    assert Study(folder=Path(), settings=settings).settings.clinical.penalties[0] == 0.25
