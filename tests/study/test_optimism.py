"""The bootstrap of the whole development, against plain loops, on noise, and where it fails."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.report.conftest import make_contents
from tests.study.test_honesty import N_TRAIN, SETTINGS, _noise

from perirad.arrays import FloatArray, IntArray
from perirad.report.contents import Corrected, InternalValidation
from perirad.report.summary import summary
from perirad.report.tables.all import report_tables
from perirad.selection.folds import stratified_group_folds
from perirad.selection.lasso import cv_lasso
from perirad.selection.stability import stability_index
from perirad.study import engine
from perirad.study.development import Development, develop
from perirad.study.internal_validation import Clinical, Internal, nomogram_risk, validate_internally
from perirad.study.penalty import penalised
from perirad.study.settings import SelectionSettings, StudySettings, ValidationSettings, open_study
from perirad.study.training import Training, drawn
from perirad.table import FeatureTable
from perirad.validation.resamples import bootstrap_rows
from perirad.validation.workers import seeds


def _settings(bootstrap: int) -> StudySettings:
    return SETTINGS.model_copy(update={"validation": ValidationSettings(bootstrap=bootstrap)})


def _noise_training(seed: int) -> tuple[Training, Clinical]:
    table, outcome, clinical = _noise(seed)
    rows = np.arange(N_TRAIN)
    return Training(table.take(rows=rows), outcome[rows], rows), clinical[:N_TRAIN]


def _signal(seed: int, n: int = 90, *, images: int = 1) -> tuple[Training, Clinical]:
    """Features of which three tell something, `images` rows per patient."""
    rng = np.random.default_rng(seed)
    outcome = np.repeat((rng.random(n // images) < 0.5).astype(np.int64), images)
    columns = tuple(f"{region}_original_noise_{k}" for region in ("I", "P3", "P5") for k in range(8))
    values = rng.normal(size=(n, len(columns)))
    values[:, [1, 9, 17]] += outcome[:, None] * (0.4, 0.9, 0.5)
    table = FeatureTable(tuple(f"c{i}" for i in range(n)), columns, values)
    patients = np.repeat(np.arange(n // images), images)
    return Training(table, outcome, patients), [{"age": float(age)} for age in rng.normal(55, 9, n)]


def _validated(training: Training, clinical: Clinical, settings: StudySettings, workers: int = 1) -> Internal:
    found = validate_internally(develop(training, clinical, settings), training, clinical, settings, workers=workers)
    assert found is not None
    return found


def _auc(outcome: IntArray, risk: FloatArray) -> float:
    events, others = risk[outcome == 1], risk[outcome == 0]
    return float(np.mean([(e > o) + 0.5 * (e == o) for e in events for o in others]))


def _plain_risk(development: Development, training: Training, clinical: Clinical) -> FloatArray:
    """Nomogram's risks, term by term from the coefficients; all of these developments keep Rad-score and age."""
    assert development.combined is not None
    score = development.scenarios[development.chosen].score
    place = {name: j for j, name in enumerate(training.table.columns)}
    risks = []
    for i, row in enumerate(training.table.values):
        radscore = score.intercept + sum(
            b * (row[place[name]] - m) / s
            for name, b, m, s in zip(score.columns, score.coefficients, score.means, score.sds, strict=True)
        )
        values = {"radscore": radscore, "age": float(clinical[i]["age"])}
        eta = development.combined.coefficients[0] + sum(
            beta * values[variable.name]
            for beta, variable in zip(
                development.combined.coefficients[1:], development.combined.variables, strict=True
            )
        )
        risks.append(1 / (1 + np.exp(-eta)))
    return np.array(risks)


def _entropy(seed: int, purpose: int) -> int:
    return int(np.random.SeedSequence((seed, purpose)).generate_state(1)[0])


def test_optimism_and_out_of_bag_are_those_of_a_plain_loop_naive() -> None:
    (training, clinical), settings = _signal(1), _settings(4)
    rows = bootstrap_rows(90, 4, seed=_entropy(1, 5), patients=training.patients)
    children = np.random.SeedSequence(_entropy(1, 6)).spawn(5)[1:]
    gaps, outside, chosen = [], [], []
    for resample, child in zip(rows, children, strict=True):
        again = settings.model_copy(update={"seed": int(child.generate_state(1)[0])})
        development = develop(drawn(training, resample), [clinical[i] for i in resample], again)
        risk, y = _plain_risk(development, training, clinical), training.outcome
        left = [i for i in range(90) if i not in set(resample.tolist())]
        gaps.append(_auc(y[resample], risk[resample]) - _auc(y, risk))
        outside.append(_auc(y[left], risk[left]))
        chosen.append(development.chosen)
    figures = _validated(training, clinical, settings).figures
    found = figures.models["Nomogram"]["auc"]
    assert found.optimism == pytest.approx(np.mean(gaps), abs=1e-12)
    assert found.out_of_bag == pytest.approx(np.mean(outside), abs=1e-12)
    assert found.apparent == pytest.approx(
        _auc(training.outcome, _plain_risk(develop(training, clinical, settings), training, clinical)), abs=1e-12
    )
    assert figures.chosen == {name: chosen.count(name) for name in ("I", "I+P3", "I+P5")}
    assert figures.retained == {"age": 4}
    assert not figures.failures


def test_the_result_does_not_depend_on_workers_naive() -> None:
    training, clinical = _signal(2)
    one, three = (_validated(training, clinical, _settings(5), workers) for workers in (1, 3))
    assert repr(one.figures) == repr(three.figures), "by their digits: an undefined figure is not equal to itself"
    assert one.spread is not None
    assert three.spread is not None
    np.testing.assert_array_equal(one.spread.lower, three.spread.lower)
    np.testing.assert_array_equal(one.spread.flipped, three.spread.flipped)


def test_copies_of_a_patient_share_a_fold_analytic() -> None:
    training, _ = _signal(3, images=2)
    rows = bootstrap_rows(90, 1, seed=1, patients=training.patients)[0]
    resample = drawn(training, rows)
    assert len(set(training.patients[rows].tolist())) < 45, "some patients must be drawn twice"
    times = np.bincount(rows, minlength=90).reshape(-1, 2)
    np.testing.assert_array_equal(times[:, 0], times[:, 1])
    folds = stratified_group_folds(resample.outcome, resample.patients, 5, seed=1)
    for patient in np.unique(resample.patients):
        assert len(set(folds[resample.patients == patient].tolist())) == 1
    np.testing.assert_array_equal(resample.table.values, training.table.values[rows])


def test_resamples_that_cannot_be_fitted_are_counted_analytic() -> None:
    training, clinical = _signal(4)
    rare = np.flatnonzero(training.outcome == 1)[:8]
    rows = np.concatenate([np.flatnonzero(training.outcome == 0), rare])
    few = Training(training.table.take(rows=rows), training.outcome[rows], training.patients[rows])
    found = _validated(few, [clinical[i] for i in rows], _settings(6)).figures
    assert found.failures
    assert "as many patients as folds" in found.failures[0]
    assert sum(found.chosen.values()) == found.n_fitted == 6 - len(found.failures)
    assert found.models["Nomogram"]["brier"].n_used == found.n_fitted


def test_features_undefined_in_some_row_are_not_offered_analytic() -> None:
    training, clinical = _signal(5)
    values = training.table.values.copy()
    values[0, 9] = np.nan
    table = FeatureTable(training.table.case_ids, training.table.columns, values)
    hurt = Training(table, training.outcome, training.patients)
    assert not _validated(hurt, clinical, _settings(3)).figures.failures


def test_switched_off_analytic() -> None:
    training, clinical = _signal(6)
    settings = _settings(0)
    assert validate_internally(develop(training, clinical, settings), training, clinical, settings) is None


def test_progress_counts_every_resample_analytic() -> None:
    training, clinical = _signal(7)
    settings, said = _settings(3), list[tuple[int, int]]()
    validate_internally(
        develop(training, clinical, settings), training, clinical, settings,
        workers=2, progress=lambda done, total: said.append((done, total)),
    )  # fmt: skip
    assert said == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.slow
def test_noise_is_worth_nothing_after_correction_analytic() -> None:
    figures = [_validated(*_noise_training(seed), _settings(12)).figures for seed in range(12)]
    models = [list(item.models.values()) for item in figures]
    for k in range(2):  # nomogram, Rad-score
        auc = [model[k]["auc"] for model in models]
        # Patients not drawn: the standard error of the mean of 12 cohorts of 140 is about 0.015.
        assert abs(float(np.mean([item.out_of_bag for item in auc])) - 0.5) < 0.045
        assert abs(float(np.mean([item.estimate_632_plus for item in auc])) - 0.5) < 0.06
    assert float(np.mean([model[1]["auc"].apparent for model in models])) > 0.65, "the apparent AUC must mislead"


@pytest.mark.parametrize("effect", [0.0, 0.6, 4.0])
@pytest.mark.parametrize("rule", ["lambda.min", "lambda.1se"])
def test_the_short_path_chooses_what_the_whole_path_does_naive(effect: float, rule: str) -> None:
    rng = np.random.default_rng(8)
    for _ in range(4):
        y = np.arange(80) % 2
        Z = rng.normal(size=(80, 60))
        Z[:, :3] += effect * y[:, None]
        folds = rng.permutation(80) % 5
        short = penalised(Z, y, folds, SelectionSettings.model_validate({"rule": rule}))
        whole = cv_lasso(Z, y, folds, rule=rule)  # type: ignore[arg-type]
        assert short.chosen_lambda == whole.chosen_lambda
        assert short.intercept == whole.intercept
        np.testing.assert_array_equal(short.coefficients, whole.coefficients)


def test_the_end_of_the_path_is_left_out_where_it_cannot_matter_analytic() -> None:
    rng = np.random.default_rng(9)
    y, Z = np.arange(150) % 2, rng.normal(size=(150, 80))
    assert penalised(Z, y, rng.permutation(150) % 5, SelectionSettings()).path.lambdas.size < 40


def test_metrics_hold_the_apparent_figures_and_the_correction_analytic(done: Path) -> None:
    metrics = json.loads((done / "results" / "metrics.json").read_text(encoding="utf-8"))
    internal = metrics["internal_validation"]
    assert internal["resamples"] == 3
    for name in ("Nomogram", metrics["chosen_radscore"]):
        found, train = internal["models"][name], metrics["models"][name]["train"]
        assert found["auc"]["apparent"] == pytest.approx(train["auc"]["estimate"], abs=1e-12)
        assert found["brier"]["apparent"] == pytest.approx(train["calibration"]["brier"], abs=1e-12)
        slope = train["calibration"]["slope"]["estimate"]
        assert (found["calibration_slope"]["apparent"] is None) == (slope is None)
        assert found["auc"]["corrected"] == pytest.approx(found["auc"]["apparent"] - found["auc"]["optimism"])
    assert sum(internal["scenario_chosen"].values()) == 3 - internal["failed"]


def test_instability_has_a_row_for_every_training_case_analytic(done: Path) -> None:
    with (done / "results" / "instability.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["case_id"]: row for row in csv.DictReader(stream)}
    with (done / "results" / "predictions.csv").open(encoding="utf-8", newline="") as stream:
        train = {row["case_id"]: row for row in csv.DictReader(stream) if row["cohort"] == "train"}
    assert list(rows) == list(train)
    for case, row in rows.items():
        assert float(row["probability"]) == pytest.approx(float(train[case]["probability"]), abs=1e-12)
        assert float(row["lower"]) <= float(row["upper"])


def test_the_report_says_so_and_off_is_off_analytic(done: Path, tmp_path: Path) -> None:
    page = (done / "results" / "report.html").read_text(encoding="utf-8")
    assert "whole selection was repeated in 3 bootstrap resamples" in page
    assert "Corrected (.632+)" in page
    folder = Path(shutil.copytree(done, tmp_path / "study"))
    toml = folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("bootstrap = 3", "bootstrap = 0"), encoding="utf-8")
    engine.run(open_study(folder), workers=1)
    assert json.loads((folder / "results" / "metrics.json").read_text(encoding="utf-8"))["internal_validation"] is None
    assert "resample" not in (folder / "results" / "tables" / "performance.html").read_text(encoding="utf-8")
    assert not (folder / "results" / "instability.csv").exists(), "stale figures of a run with the bootstrap"


def test_a_report_without_a_resample_that_could_be_fitted_says_so_analytic() -> None:
    nan = float("nan")
    nothing = Corrected(
        apparent=0.9, optimism=nan, corrected=nan, out_of_bag=nan, lower=nan, upper=nan, estimate_632_plus=nan, n_used=0
    )
    measures = dict.fromkeys(("auc", "brier", "calibration_slope", "calibration_intercept"), nothing)
    internal = InternalValidation(2, {"Nomogram": measures}, {"I": 0}, {}, {}, None, ("too few", "too few"))
    contents = replace(make_contents(), internal=internal)
    assert any("none of 2 bootstrap resamples" in sentence for sentence in summary(contents))
    tables = {table.stem: table for table in report_tables(contents)}
    assert "2 could not be fitted" in "".join(tables["optimism"].notes)
    assert tables["optimism"].frame.iloc[0].tolist()[:4] == ["Nomogram", "AUC", "0.90", "–"]
    assert tables["stability"].frame.iloc[0].tolist()[1:] == ["I", "0 (–)"]


def test_how_often_features_are_selected_naive() -> None:
    (training, clinical), settings = _signal(4), _settings(6)
    development = develop(training, clinical, settings)
    internal = validate_internally(development, training, clinical, settings)
    assert internal is not None
    first, second = (int(np.random.SeedSequence((settings.seed, k)).generate_state(1)[0]) for k in (5, 6))
    resamples = bootstrap_rows(len(training.outcome), 6, seed=first, patients=training.patients)
    chosen = []
    for rows, seed in zip(resamples, seeds(second, 7)[1:], strict=True):
        again = develop(drawn(training, rows), [clinical[i] for i in rows], settings.model_copy(update={"seed": seed}))
        chosen.append(set(again.scenarios[again.chosen].score.columns))
    for name in development.scenarios[development.chosen].score.columns:
        assert internal.figures.selected[name] == np.mean([name in found for found in chosen])
    marks = np.array([[name in found for name in training.table.columns] for found in chosen])
    assert internal.figures.stability == stability_index(marks)


def test_net_benefit_of_patients_not_drawn_naive() -> None:
    (training, clinical), settings = _signal(4), _settings(5)
    development = develop(training, clinical, settings)
    internal = validate_internally(development, training, clinical, settings)
    assert internal is not None
    found = internal.figures.benefit
    assert found is not None
    first, second = (int(np.random.SeedSequence((settings.seed, k)).generate_state(1)[0]) for k in (5, 6))
    resamples = bootstrap_rows(len(training.outcome), 5, seed=first, patients=training.patients)
    at, everyone = 11, np.arange(len(training.outcome))
    threshold = found.thresholds[at]

    def benefit(rows: IntArray, risk: FloatArray) -> float:
        positive, event = risk >= threshold, training.outcome[rows] == 1
        odds = threshold / (1 - threshold)
        return float((positive & event).mean() - odds * (positive & ~event).mean())

    outside = []
    for rows, seed in zip(resamples, seeds(second, 6)[1:], strict=True):
        again = develop(drawn(training, rows), [clinical[i] for i in rows], settings.model_copy(update={"seed": seed}))
        left = np.setdiff1d(everyone, rows)
        outside.append(benefit(left, nomogram_risk(again, training.table, clinical)[left]))
    apparent = benefit(everyone, nomogram_risk(development, training.table, clinical))
    assert found.apparent[at] == pytest.approx(apparent)
    assert found.out_of_bag[at] == pytest.approx(np.mean(outside))
    assert found.corrected[at] == pytest.approx(0.368 * apparent + 0.632 * np.mean(outside))
