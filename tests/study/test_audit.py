"""Leaks beside the honest run: each does what it says, and on noise only they find something."""

from __future__ import annotations

import csv
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from perirad.errors import InputError, StudyError
from perirad.report.audit import AuditRow
from perirad.study import engine
from perirad.study.audit import audit, audit_rows, measure, write_audit
from perirad.study.audit_leaks import (
    LEAKS,
    by_image,
    cutoff_of_test,
    oversampled,
    permuted,
    refitted_on_test,
    scenario_by_test,
    selected_on_all,
    why_not,
)
from perirad.study.audit_run import Rows, auc, split_and_develop
from perirad.study.audit_statistics import best_of, over_splits
from perirad.study.cohort import Case
from perirad.study.settings import Study, StudySettings, open_study
from perirad.study.split import assign_cohorts
from perirad.table import FeatureTable
from perirad.validation.threshold import threshold_metrics

Audited = dict[tuple[str, bool], AuditRow]

SETTINGS = StudySettings.model_validate(
    {
        "outcome": {"column": "y"},
        "regions": {"widths_mm": [3]},
        "selection": {"folds": 3},
        "score": {"folds": 3, "repeats": 1},
        "clinical": {"keep": "multivariable", "variables": [{"name": "age"}]},
    }
)


def noise(n: int = 90, *, seed: int = 0, n_features: int = 60, images: int = 1, events: float = 0.4) -> Rows:
    """Patients whose features, age and outcome have nothing to do with each other."""
    random = np.random.default_rng(seed)
    columns = tuple(f"{region}_original_noise_{k}" for region in ("I", "P3") for k in range(n_features))
    outcome = (np.arange(n) < round(events * n)).astype(int)
    cases = tuple(
        Case(f"c{i:03d}_{k}", f"p{i:03d}", None, "", "", int(outcome[i]), {"age": float(random.normal(55, 9))})
        for i in range(n)
        for k in range(images)
    )
    return Rows(
        cases,
        FeatureTable(tuple(case.case_id for case in cases), columns, random.normal(size=(n * images, len(columns)))),
    )


@pytest.fixture(scope="module")
def audited() -> Audited:
    contents = measure(noise(80, seed=7, n_features=200, events=0.5), SETTINGS, n_seeds=12)
    return {(row.key, row.permuted): row for row in contents.rows}


@pytest.mark.parametrize("shuffled", [True, False])
def test_honest_figure_of_noise_is_chance_analytic(audited: Audited, shuffled: bool) -> None:
    honest = audited["selection", shuffled].honest
    assert honest.lower < 0.5 < honest.upper
    assert abs(honest.estimate - 0.5) < 0.1


@pytest.mark.parametrize("shuffled", [True, False])
def test_selection_before_the_split_finds_something_in_noise_analytic(audited: Audited, shuffled: bool) -> None:
    row = audited["selection", shuffled]
    assert row.leaky.lower > 0.6
    assert row.leaky.lower > row.honest.upper
    assert row.gain.lower > 0.05


@pytest.mark.parametrize("shuffled", [True, False])
def test_best_of_several_splits_finds_something_in_noise_analytic(audited: Audited, shuffled: bool) -> None:
    row = audited["best_split", shuffled]
    assert row.leaky.lower > 0.5
    assert row.gain.lower > 0.0


def test_choices_by_the_test_set_never_lose_analytic(audited: Audited) -> None:
    for key in ("width", "cutoff_youden"):
        for shuffled in (True, False):
            row = audited[key, shuffled]
            assert np.all(np.array(row.leaky_values) >= np.array(row.honest_values))
            assert row.gain.estimate > 0.0


def test_honest_run_is_that_of_the_study_regression(done: Path) -> None:
    analysed = engine.extract(open_study(done), workers=1)
    rows, settings, notes = audit_rows(analysed)
    run = split_and_develop(rows, settings)
    said = json.loads((done / "results" / "metrics.json").read_text(encoding="utf-8"))
    assert run.auc == pytest.approx(said["models"]["Nomogram"]["test"]["auc"]["estimate"], abs=1e-12)
    at = threshold_metrics(run.test.outcome, run.risk, run.cutoff)
    assert at.accuracy.estimate == said["models"]["Nomogram"]["test"]["at_cutoff"]["accuracy"]["estimate"]
    assert notes == ()


def test_permuted_deals_the_same_outcomes_to_patients_analytic() -> None:
    rows = noise(images=2)
    other = permuted(rows, 3)
    assert other.outcome.sum() == rows.outcome.sum()
    assert (other.outcome != rows.outcome).any()
    assert (other.outcome[::2] == other.outcome[1::2]).all()
    assert [case.clinical for case in other.cases] == [case.clinical for case in rows.cases]
    assert np.array_equal(other.table.values, rows.table.values)
    assert np.array_equal(permuted(rows, 3).outcome, other.outcome)


def test_selected_on_all_looks_at_test_rows_too_analytic() -> None:
    rows = noise()
    values = rows.table.values.copy()
    # A feature that tells the outcome in the test patients alone.
    cohorts = assign_cohorts(rows.cases, SETTINGS)
    test = np.array([cohorts[case.case_id] == "test" for case in rows.cases])
    values[test, 0] = 6.0 * (rows.outcome[test] - 0.5)
    planted = Rows(rows.cases, replace(rows.table, values=values))
    chosen = selected_on_all(planted, SETTINGS)
    assert rows.table.columns[0] in chosen.table.columns
    assert 0 < len(chosen.table.columns) < len(rows.table.columns)
    assert chosen.cases == rows.cases


def test_oversampled_copies_the_rarer_class_analytic() -> None:
    rows = noise(50, images=2, events=0.3)
    more = oversampled(rows, 1)
    outcome = {case.patient_id: case.outcome for case in more.cases}
    assert sum(outcome.values()) == 35 == len(outcome) - 35
    assert more.cases[: len(rows.cases)] == rows.cases
    place = {case.case_id: i for i, case in enumerate(rows.cases)}
    for i, case in enumerate(more.cases[len(rows.cases) :], start=len(rows.cases)):
        origin = place[case.case_id.split(" copy ")[0]]
        assert case.outcome == rows.cases[origin].outcome == 1
        assert np.array_equal(more.table.values[i], rows.table.values[origin])


def test_oversampled_copies_lie_on_both_sides_analytic() -> None:
    more = oversampled(noise(60, events=0.25), 1)
    cohorts = assign_cohorts(more.cases, SETTINGS)
    sides: dict[str, set[str]] = {}
    for case in more.cases:
        sides.setdefault(case.patient_id.split(" copy ")[0], set()).add(cohorts[case.case_id])
    assert any(len(found) == 2 for found in sides.values())


def test_by_image_parts_the_images_of_a_patient_analytic() -> None:
    rows = noise(images=3)
    honest, leaky = (assign_cohorts(item.cases, SETTINGS) for item in (rows, by_image(rows)))
    patient = {case.case_id: case.patient_id for case in rows.cases}

    def both_sides(cohorts: dict[str, str]) -> int:
        return sum(
            len({cohorts[case] for case in patient if patient[case] == one}) == 2 for one in set(patient.values())
        )

    assert both_sides(honest) == 0
    assert both_sides(leaky) > 10


def test_scenario_by_test_is_the_best_in_the_test_rows_naive() -> None:
    run = split_and_develop(noise(seed=2), SETTINGS)
    scores = {name: fit.score.predict(run.test.table) for name, fit in run.development.scenarios.items()}
    best = {
        name: stats.mannwhitneyu(score[run.test.outcome == 1], score[run.test.outcome == 0]).statistic
        for name, score in scores.items()
    }
    assert best[scenario_by_test(run)] == max(best.values())


def test_refitted_weights_are_those_of_the_test_rows_analytic() -> None:
    rows = noise(seed=4)
    cases = [replace(case, clinical={"age": float(case.clinical["age"]) + 12.0 * case.outcome}) for case in rows.cases]
    run = split_and_develop(rows.relabelled(cases), SETTINGS)
    assert run.development.retained
    risk = refitted_on_test(run)
    # The score equation of the intercept: observed and expected events agree in the rows of the fit.
    assert float(risk.sum()) == pytest.approx(run.test.outcome.sum(), abs=1e-6)
    assert abs(float(run.risk.sum()) - run.test.outcome.sum()) > 1e-3


def test_cutoff_of_test_is_the_best_in_the_test_rows_naive() -> None:
    run = split_and_develop(noise(seed=5), keep_all())

    def youden(cutoff: float) -> float:
        called = run.risk >= cutoff
        return float(called[run.test.outcome == 1].mean() - called[run.test.outcome == 0].mean())

    assert youden(cutoff_of_test(run)) == pytest.approx(max(youden(cut) for cut in run.risk), abs=1e-12)


def test_cutoff_of_training_stays_where_none_beats_chance_analytic() -> None:
    run = split_and_develop(noise(seed=4), keep_all())
    assert run.auc < 0.4
    assert cutoff_of_test(run) == run.cutoff


def keep_all() -> StudySettings:
    clinical = SETTINGS.clinical.model_copy(update={"keep": "all"})
    return SETTINGS.model_copy(update={"clinical": clinical})


def test_nothing_in_the_model_gives_chance_analytic() -> None:
    run = split_and_develop(noise(seed=4, n_features=1), SETTINGS)
    empty = replace(run, development=replace(run.development, combined=None))
    assert empty.auc == 0.5
    assert np.array_equal(refitted_on_test(empty), empty.risk)


def test_leaks_that_do_not_apply_are_named_analytic() -> None:
    rows = noise(60, events=0.5)
    one = SETTINGS.model_copy(update={"score": SETTINGS.score.model_copy(update={"scenarios": ("I",)})})
    reasons = {leak.key: why_not(leak, rows, one, 2) for leak in LEAKS}
    assert {key for key, reason in reasons.items() if reason} == {"best_split", "width", "oversampling", "images"}
    assert reasons["images"] == "every patient has one image"
    contents = measure(rows, one, n_seeds=2)
    assert dict(contents.left_out)["Oversampling before the split"] == "both classes are equally frequent"
    assert {row.key for row in contents.rows} == {"selection", "refit", "cutoff_youden", "cutoff_accuracy"}


def test_images_on_both_sides_find_something_in_noise_analytic() -> None:
    rows = noise(80, images=2, n_features=100, events=0.5)
    random = np.random.default_rng(1)
    # Two images of a patient are alike.
    values = np.repeat(rows.table.values[::2], 2, axis=0) + 0.2 * random.normal(size=rows.table.values.shape)
    contents = measure(Rows(rows.cases, replace(rows.table, values=values)), SETTINGS, n_seeds=5)
    (row,) = (row for row in contents.rows if row.key == "images" and row.permuted)
    assert row.gain.lower > 0.0
    assert row.leaky.lower > 0.6
    assert "Images of one patient on both sides" not in dict(contents.left_out)


def test_splits_that_cannot_be_fitted_are_left_out_and_named_analytic() -> None:
    rows = noise(60, n_features=12)
    levels = [{"age": case.clinical["age"], "kind": "rare" if i == 7 else "usual"} for i, case in enumerate(rows.cases)]
    rows = rows.relabelled(
        [replace(case, clinical=clinical) for case, clinical in zip(rows.cases, levels, strict=True)]
    )
    settings = StudySettings.model_validate(
        {
            **SETTINGS.model_dump(),
            "clinical": {"variables": [{"name": "age"}, {"name": "kind", "levels": ["usual", "rare"]}]},
        }
    )
    contents = measure(rows, settings, n_seeds=6)
    without = []
    for seed in range(1, 7):
        cohorts = assign_cohorts(rows.cases, settings.model_copy(update={"seed": seed}))
        if cohorts[rows.cases[7].case_id] == "test":
            without.append(seed)
    assert 0 < len(without) < 6
    (row,) = (row for row in contents.rows if row.key == "selection" and not row.permuted)
    assert sorted([*row.seeds, *without]) == [1, 2, 3, 4, 5, 6]
    for seed in without:
        assert any(
            note.startswith(f"Seed {seed}, real outcome: no fit: every level of kind") for note in contents.notes
        )


def test_best_of_is_the_mean_over_all_draws_naive() -> None:
    values = np.array([0.4, 0.7, 0.55, 0.7, 0.61, 0.5])
    for count in (1, 2, 4, 6):
        naive = np.mean([max(drawn) for drawn in itertools.combinations(values, count)])
        assert best_of(values, count) == pytest.approx(naive, abs=1e-12)
    assert math.isnan(best_of(values, 7))


def test_interval_of_the_mean_is_students_scipy() -> None:
    values = np.random.default_rng(3).normal(size=11)
    found = over_splits(values, np.mean)
    low, high = stats.t.interval(0.95, 10, values.mean(), stats.sem(values))
    assert (found.estimate, found.lower, found.upper) == pytest.approx((values.mean(), low, high), abs=1e-12)
    assert math.isnan(over_splits(values[:1], np.mean).lower)
    assert math.isnan(over_splits(values[:0], np.mean).estimate)


def test_results_are_the_same_with_any_number_of_workers_analytic(tmp_path: Path) -> None:
    written = []
    for workers in (1, 2):
        study = Study(folder=tmp_path / str(workers), settings=SETTINGS)
        write_audit(measure(noise(60, n_features=12), SETTINGS, n_seeds=4, workers=workers), study)
        written.append({path.name: path.read_bytes() for path in (study.results / "audit").iterdir()})
    assert written[0] == written[1]
    assert set(written[0]) == {"audit.csv", "audit.html", "audit.json"}


def test_table_says_what_was_measured_analytic(tmp_path: Path) -> None:
    study = Study(folder=tmp_path, settings=SETTINGS)
    contents = measure(noise(60, n_features=12), SETTINGS, n_seeds=2)
    write_audit(contents, study)
    with (study.results / "audit" / "audit.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["leak"], row["outcome"] == "permuted") for row in rows] == [
        (row.key, row.permuted) for row in contents.rows
    ]
    for row, said in zip(contents.rows, rows, strict=True):
        assert float(said["gain"]) == pytest.approx(np.subtract(row.leaky_values, row.honest_values).mean())
        assert int(said["splits"]) == 2


def test_page_needs_nothing_beside_itself_and_escapes_analytic(tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"title": "<b>A & B</b>"})
    study = Study(folder=tmp_path, settings=settings)
    write_audit(measure(noise(60, n_features=12), settings, n_seeds=2), study)
    page = (study.results / "audit" / "audit.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in page
    assert "every patient has one image" in page
    assert page.count("data:image/svg+xml;base64,") == 1
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_one_seed_is_refused_analytic(done: Path) -> None:
    with pytest.raises(InputError, match="at least 2 seeds"):
        audit(engine.extract(open_study(done), workers=1), n_seeds=1)


def test_no_split_that_can_be_fitted_is_an_error_analytic() -> None:
    with pytest.raises(StudyError, match="some split must allow a fit"):
        measure(noise(60, events=0.05), SETTINGS, n_seeds=2)


def test_undefined_features_external_cases_and_fixed_splits_are_said_analytic(done: Path) -> None:
    analysed = engine.extract(open_study(done), workers=1)
    settings = analysed.study.settings
    split = settings.split.model_copy(update={"by": "cohort"})
    study = analysed.study.model_copy(update={"settings": settings.model_copy(update={"split": split})})
    values = analysed.features.table.values.copy()
    values[3, 5] = np.nan
    table = replace(analysed.features.table, values=values)
    cohorts = {**analysed.cohorts, analysed.cases[0].case_id: "external"}
    changed = replace(analysed, study=study, cohorts=cohorts, features=replace(analysed.features, table=table))
    rows, seen, notes = audit_rows(changed)
    assert len(rows.cases) == len(analysed.cases) - 1
    assert len(rows.table.columns) == len(table.columns) - 1
    assert seen.split.by == "random"
    assert len(notes) == 3
    for word, note in zip(("external", "fixed", "undefined"), notes, strict=True):
        assert word in note


def test_auc_is_that_of_ranks_scipy() -> None:
    random = np.random.default_rng(0)
    outcome, score = random.integers(0, 2, 40), random.normal(size=40).round(1)
    naive = stats.mannwhitneyu(score[outcome == 1], score[outcome == 0]).statistic
    assert auc(outcome, score) == pytest.approx(naive / (outcome.sum() * (1 - outcome).sum()), abs=1e-12)
