"""Figures beside the main ones, against plain loops and the functions they come from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.study.test_harmonisation import write
from tests.study.test_optimism import _signal

from perirad.nomogram.effects import variance_inflation
from perirad.nomogram.profile import profile_intervals
from perirad.report.contents import ModelResult
from perirad.report.further import Further
from perirad.study import engine
from perirad.study.development import develop, find_cutoff
from perirad.study.evaluation import NOMOGRAM, Evaluation
from perirad.study.further import look_further
from perirad.study.internal_validation import nomogram_risk
from perirad.study.records import Fitted, Validated
from perirad.study.settings import StudySettings, ValidationSettings, open_study
from perirad.validation.cutoffs import sensitivity_cutoff, specificity_cutoff, youden_cutoff
from perirad.validation.discrimination import auc_delong
from perirad.validation.sample_size import development_sample_size
from perirad.validation.workers import seeds

TEXT = """
title = "Three centres"
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
[clinical]
[[clinical.variables]]
name = "age"
[validation]
bootstrap = 2
nested = 2
nested_folds = 3
prevalence = 0.2
thresholds = [0.1, 0.5]
hosmer_lemeshow = true
reclassification = true
"""


def frame(n: int = 150, seed: int = 4) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    X = random.normal(size=(n, 8))
    X[:, :3] += 0.8 * y[:, None]
    data = pd.DataFrame(X, columns=[f"f{j}" for j in range(8)])
    age = random.normal(55, 9, n) + 4 * y
    return data.assign(id=[f"p{i}" for i in range(n)], y=y, age=age.round(), centre=[f"C{i % 3}" for i in range(n)])


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("further"), frame(), TEXT)
    engine.run(open_study(folder), workers=1)
    return folder


def further_of(folder: Path, workers: int = 1) -> tuple[Further, Fitted, Validated]:
    analysed = engine.extract(open_study(folder), workers=1)
    fitted = engine.fit(analysed, workers=1)
    validated = engine.validate(fitted, workers=workers)
    return validated.further, fitted, validated


def test_metrics_hold_what_was_asked_for_analytic(done: Path) -> None:
    further = json.loads((done / "results" / "metrics.json").read_text(encoding="utf-8"))["further"]
    assert [item["centre"] for item in further["centres"]["centres"]] == ["C0", "C1", "C2"]
    assert len(further["nested"]["aucs"]) == 2
    assert sum(further["nested"]["chosen"].values()) == 6
    assert {item["cohort"] for item in further["added"]} == {"train", "test"}
    assert further["needed"][0]["n_parameters"] == 2
    assert further["needed"][1]["n_parameters"] == 9
    assert all(item["values"]["prevalence"] == 0.2 for item in further["at_prevalence"])
    assert len(further["requested"]) == 2 * 3
    report = (done / "results" / "report.html").read_text(encoding="utf-8")
    for title in ("Leaving one centre out", "Nested cross-validation", "Sample size", "What the nomogram adds"):
        assert title in report
    assert "caution" in report.lower()


def test_a_centre_is_predicted_by_the_others_naive(done: Path) -> None:
    further, fitted, validated = further_of(done)
    assert further.centres is not None
    training, clinical = engine._training(validated.fitted.analysed)
    settings = fitted.analysed.modelling
    first = int(np.random.SeedSequence((settings.seed, 7)).generate_state(1)[0])
    names = np.array(training.table.centres)
    for k, (label, seed) in enumerate(zip(np.unique(names), seeds(first, 3), strict=True)):
        inside, out = np.flatnonzero(names != label), np.flatnonzero(names == label)
        again = develop(
            training.rows(inside), [clinical[i] for i in inside], settings.model_copy(update={"seed": seed})
        )
        risk = nomogram_risk(again, training.table.take(rows=out), [clinical[i] for i in out])
        found = further.centres.centres[k]
        assert found.auc.estimate == pytest.approx(auc_delong(training.outcome[out], risk).estimate, abs=1e-12)
        np.testing.assert_allclose(further.centres.predictions[out], risk, rtol=1e-9)


def test_the_same_with_one_and_two_workers_naive(done: Path) -> None:
    one, two = further_of(done)[0], further_of(done, workers=2)[0]
    assert one.nested is not None
    assert two.nested is not None
    np.testing.assert_array_equal(one.nested.aucs, two.nested.aucs)
    assert one.nested.chosen == two.nested.chosen
    assert one.centres is not None
    assert two.centres is not None
    np.testing.assert_array_equal(one.centres.predictions, two.centres.predictions)


def test_noise_is_chance_in_nested_cross_validation_analytic() -> None:
    aucs = []
    for seed in range(4):
        training, clinical = _signal(seed)
        outcome = np.random.default_rng(seed).permutation(training.outcome)
        rows = type(training)(training.table, outcome, training.patients)
        settings = StudySettings.model_validate(
            {
                "outcome": {"column": "y"},
                "selection": {"folds": 3},
                "score": {"folds": 3, "repeats": 1, "scenarios": ["I", "I+P3"]},
                "clinical": {"variables": [{"name": "age"}]},
                "validation": {"nested": 2},
            }
        )
        development = develop(rows, clinical, settings)
        evaluation = _nothing_else()
        further = look_further(development, evaluation, rows, clinical, settings)
        assert further.nested is not None
        aucs += further.nested.aucs.tolist()
    assert abs(np.mean(aucs) - 0.5) < 0.1


def _nothing_else() -> Evaluation:
    """Results without any model: what is repeated does not look at them."""

    return Evaluation({NOMOGRAM: ModelResult(NOMOGRAM, 0.5, ())}, ())


def test_the_sample_size_is_of_all_candidates_r_pmsampsize(done: Path) -> None:
    needed = further_of(done)[0].needed
    prevalence = needed[0].n_events / needed[0].n
    largest = 1 - np.exp(2 * (prevalence * np.log(prevalence) + (1 - prevalence) * np.log(1 - prevalence)))
    assert needed[0].r2 == pytest.approx(0.15 * largest)
    for item in needed:
        assert item.size == development_sample_size(item.r2, item.n_parameters, prevalence)


@pytest.mark.parametrize("name", ["youden", "sensitivity", "specificity"])
def test_cut_offs_are_those_of_the_settings_r_proc(name: str) -> None:
    random = np.random.default_rng(1)
    y, risk = np.arange(60) % 2, random.random(60)
    settings = ValidationSettings.model_validate({"cutoff": name, "at_least": 0.8})
    expected = {
        "youden": youden_cutoff(y, risk),
        "sensitivity": sensitivity_cutoff(y, risk, 0.8),
        "specificity": specificity_cutoff(y, risk, 0.8),
    }[name]
    assert find_cutoff(y, risk, settings) == expected.cutoff


def test_few_patients_of_a_centre_are_said(tmp_path: Path) -> None:
    data = frame().assign(centre=lambda rows: ["Z" if i < 4 else name for i, name in enumerate(rows["centre"])])
    text = TEXT.replace("nested = 2", "nested = 0").replace("bootstrap = 2", "bootstrap = 0")
    further = further_of(write(tmp_path, data, text))[0]
    assert further.centres is None
    assert "fewer than 5 training patients of one class in Z" in further.not_done[0]


def test_regression_has_profile_intervals_and_inflation_r_rms(done: Path) -> None:
    further, fitted, validated = further_of(done)
    found, combined = further.regression, fitted.development.combined
    assert found is not None
    assert combined is not None
    training, clinical = engine._training(validated.fitted.analysed)
    columns: dict[str, list[object]] = {"age": [row["age"] for row in clinical]}
    columns["radscore"] = fitted.development.cross.scores[fitted.development.chosen].tolist()
    lower, upper = profile_intervals(combined, columns, training.outcome)
    rows = [row for test in found.combined for row in test.rows]
    np.testing.assert_allclose(np.array([row.profile_lower for row in rows], dtype=float), np.exp(lower[1:]), rtol=1e-9)
    np.testing.assert_allclose(np.array([row.profile_upper for row in rows], dtype=float), np.exp(upper[1:]), rtol=1e-9)
    assert found.inflation == variance_inflation(combined)
    table = (done / "results" / "tables" / "combined.csv").read_text(encoding="utf-8")
    assert "Profile 95% CI" in table


def test_models_at_their_cut_offs_naive(done: Path) -> None:
    further, _, validated = further_of(done)
    results = validated.evaluation.results
    for item in further.classified:
        first, second = (results[name].cohort(item.cohort) for name in (item.first, item.second))
        event = first.outcome == 1
        ours, theirs = (part.probability >= part.at_cutoff.cutoff for part in (first, second))
        only = int((event & ours & ~theirs).sum()), int((event & theirs & ~ours).sum())
        assert (item.test.sensitivity.only_first, item.test.sensitivity.only_second) == only
    assert {(item.second, item.cohort) for item in further.classified} >= {("Clinical", "test"), ("Clinical", "train")}


def test_net_benefit_table_is_the_formula_analytic(done: Path) -> None:
    validated = further_of(done)[2]
    item = validated.evaluation.results[NOMOGRAM].cohort("test")
    table = pd.read_csv(done / "results" / "tables" / "net_benefit.csv")
    row = table[(table["Cohort"] == "Test") & (table["Threshold"] == 0.3)].iloc[0]
    positive, event = item.probability >= 0.3, item.outcome == 1
    benefit = (positive & event).mean() - 3 / 7 * (positive & ~event).mean()
    everybody = event.mean() - 3 / 7 * (~event).mean()
    assert float(row["Net benefit"]) == pytest.approx(benefit, abs=6e-4)
    assert float(row["Standardised net benefit"]) == pytest.approx(benefit / event.mean(), abs=6e-3)
    assert float(row["Interventions avoided per 100"]) == pytest.approx(100 * (benefit - everybody) * 7 / 3, abs=0.06)
