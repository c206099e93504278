"""Results as the pages read them: scenarios, the nomogram by hand, and one line for what is missing or of old."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError
from perirad.study.model import load_model
from perirad.study.settings import open_study
from perirad.table import FeatureTable

pytest.importorskip("nicegui", reason="the workbench needs its extra")

import httpx
from fastapi import FastAPI
from tests.workbench.asked import ask

from perirad.workbench.auc_chart import Interval, auc_chart
from perirad.workbench.auditing import audit_page, audit_state
from perirad.workbench.bench import Bench
from perirad.workbench.desk import Desk
from perirad.workbench.dials import dial, start_values, values_of_case
from perirad.workbench.explore import open_explorer
from perirad.workbench.nomogram_chart import nomogram_chart
from perirad.workbench.outcomes import FIGURES, compare, read_model
from perirad.workbench.result_files import result_files

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(ran: Path, tmp_path: Path) -> Path:
    """The study, to be changed."""
    folder = tmp_path / "study"
    shutil.copytree(ran, folder)
    return folder


def test_scenarios_have_the_auc_of_their_scores_naive(ran: Path) -> None:
    found = compare(ran / "results")
    rows = pd.read_csv(ran / "results" / "predictions.csv")
    assert [row.name for row in found.scenarios] == ["I", "I+P2", "I+P4"]
    for row in found.scenarios:
        for cohort in found.cohorts:
            own = rows[rows.cohort == cohort]
            scores = own[f"radscore_{row.name}"].to_numpy()
            events, others = scores[own.outcome == 1], scores[own.outcome == 0]
            pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in events for b in others]
            assert row.aucs[cohort].estimate == pytest.approx(sum(pairs) / len(pairs))
            assert (row.aucs[cohort].n, row.aucs[cohort].n_events) == (len(own), len(events))
    best = max(found.scenarios, key=lambda row: row.cv_auc)
    assert found.chosen is not None
    assert found.chosen.cv_auc == best.cv_auc
    assert found.chosen.name == load_model(ran / "results" / "model.json").file.radscore.scenario
    assert [row.name for row in found.models] == ["Clinical", "Nomogram"]


def test_the_nomogram_by_hand_is_what_score_says_naive(ran: Path) -> None:
    """Values of every patient, set by hand, against what the model reads from the patient's features."""
    model = load_model(ran / "results" / "model.json")
    features = pd.read_parquet(ran / "results" / "features.parquet")
    scores = pd.read_csv(ran / "results" / "predictions.csv").set_index("case_id")
    for row in Desk(ran).rows():
        table = FeatureTable((row.case_id,), tuple(features.columns), features.loc[[row.case_id]].to_numpy())
        expected = model.read(table, {"age": row.cells["age"], "menopause": row.cells["menopause"]})
        values = values_of_case(model, row.cells, float(scores.radscore[row.case_id]))
        found = dial(model, values)
        assert found.risk == pytest.approx(expected.probability, abs=1e-12)
        assert (found.lower, found.upper) == pytest.approx((expected.lower, expected.upper), abs=1e-12)
        assert found.total == pytest.approx(expected.total_points, abs=1e-9)
        assert found.points == pytest.approx(dict(expected.points))
        assert found.positive == expected.positive
        assert found.risk == pytest.approx(scores.probability[row.case_id], abs=1e-12)


def test_values_outside_training_are_named_and_impossible_ones_refused_analytic(ran: Path) -> None:
    model = read_model(ran / "results")
    values = start_values(model)
    assert dial(model, values).outside == {}
    assert dial(model, {**values, "age": 140.0}).outside == {"age": model.file.training.ranges["age"]}
    with pytest.raises(InputError, match="menopause must be"):
        values_of_case(model, {"age": "50", "menopause": "never"}, 0.0)
    with pytest.raises(InputError, match="age must be given"):
        values_of_case(model, {"age": "", "menopause": "pre"}, 0.0)


def test_the_nomogram_escapes_names_analytic(ran: Path) -> None:
    model = read_model(ran / "results")
    assert model.nomogram is not None
    values = start_values(model)
    names = dict.fromkeys([*values, "points", "total", "risk"], "<b>&")
    text = nomogram_chart(model.nomogram, dial(model, values), values, names, title='"<b>')
    assert "<b>" not in text
    assert text.count('class="patient"') == len(values) + 2


@pytest.mark.parametrize("name", ["model.json", "features.parquet"])
@pytest.mark.parametrize("broken", ["missing", "nonsense", "old"])
def test_features_of_partial_results_are_refused_in_one_line_analytic(copy: Path, name: str, broken: str) -> None:
    _break(copy / "results" / name, broken)
    with pytest.raises(InputError) as caught:
        open_explorer(copy / "results")
    text = str(caught.value)
    assert name in text
    assert "run the study again" in text
    assert "\n" not in text
    assert len(text) < 400


@pytest.mark.parametrize("name", ["metrics.json", "predictions.csv"])
@pytest.mark.parametrize("broken", ["missing", "nonsense", "old"])
def test_numbers_of_partial_results_are_refused_in_one_line_analytic(copy: Path, name: str, broken: str) -> None:
    _break(copy / "results" / name, broken)
    results = copy / "results"
    with pytest.raises(InputError) as caught:
        compare(results) if name == "metrics.json" else open_explorer(results).values("I_original_glcm_Contrast")
    text = str(caught.value)
    assert name in text
    assert "\n" not in text
    assert len(text) < 400


def _break(path: Path, how: str) -> None:
    if how == "missing":
        path.unlink()
    elif how == "nonsense":
        path.write_bytes(b"\x00\xff{")
    elif path.suffix == ".json":
        kept = {"perirad_version": "0.0.1", "versions": {"perirad": "0.0.1"}, "scenario": {}, "models": {}}
        path.write_text(json.dumps(kept), encoding="utf-8")
    else:
        path.write_text("case,something\n1,2\n", encoding="utf-8")


def test_an_old_model_says_whose_it_is_analytic(copy: Path) -> None:
    path = copy / "results" / "model.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    known["perirad_version"] = "0.0.1"
    del known["radscore"], known["training"]
    path.write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(InputError, match=r"perirad 0\.0\.1 .*and 1 more.*run the study again"):
        read_model(copy / "results")


def test_old_numbers_say_whose_they_are_and_what_they_lack_analytic(copy: Path) -> None:
    path = copy / "results" / "metrics.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    known["versions"]["perirad"] = "0.0.1"
    del known["scenario"]["cross_validated_auc_se"]
    path.write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(InputError, match=r"a file of perirad 0\.0\.1 without 'cross_validated_auc_se'"):
        compare(copy / "results")


def test_features_of_other_cases_are_refused_analytic(copy: Path) -> None:
    path = copy / "results" / "features.parquet"
    pd.read_parquet(path).iloc[5:].to_parquet(path)
    with pytest.raises(InputError, match="case c000 and 4 more"):
        open_explorer(copy / "results").values("I_original_glcm_Contrast")


def test_an_audit_is_stale_when_the_results_are_newer_analytic(copy: Path) -> None:
    table = open_study(copy).table
    assert audit_state(copy, table) == "missing"
    page = audit_page(copy)
    page.parent.mkdir()
    page.write_text("an audit", encoding="utf-8")
    assert audit_state(copy, table) == "done"
    later = page.stat().st_mtime + 5
    for path in (copy / "results" / "model.json", copy / "study.toml", table):
        before = path.stat().st_mtime
        os.utime(path, (later, later))
        assert audit_state(copy, table) == "stale"
        os.utime(path, (before, before))
        assert audit_state(copy, table) == "done"


def test_only_named_files_of_the_study_are_served_analytic(copy: Path, tmp_path: Path) -> None:
    bench = Bench(home=tmp_path)
    server = FastAPI()
    server.include_router(result_files(bench))

    def get(path: str) -> httpx.Response:
        return ask(server, "GET", path)

    assert get("/figure/roc").status_code == 404  # no study is open
    bench.open(copy)
    answer = get("/figure/roc")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]
    for name in ("nomogram", "roc.svg", "..%2froc", "..%2f..%2fstudy.toml", "%2fetc%2fpasswd", ".", "roc%00"):
        assert get(f"/figure/{name}").status_code == 404, name
    assert get("/audit.html").status_code == 404
    secret = tmp_path / "secret.html"
    secret.write_text("secret", encoding="utf-8")
    audit_page(copy).parent.mkdir()
    audit_page(copy).symlink_to(secret)
    assert get("/audit.html").status_code == 404
    figure = copy / "results" / "figures" / f"{FIGURES[0]}.svg"
    figure.unlink()
    figure.symlink_to(secret)
    assert get(f"/figure/{FIGURES[0]}").status_code == 404


def test_the_chart_of_aucs_has_a_mark_for_each_analytic(ran: Path) -> None:
    found = compare(ran / "results")
    rows = [Interval("<i>", row.chosen, list(row.aucs.items())) for row in found.scenarios]
    text = auc_chart(rows, [(name, name) for name in found.cohorts], title="t", name="AUC")
    assert "<i>" not in text
    n = sum(len(row.aucs) for row in found.scenarios)
    assert text.count('class="interval ') == n
    assert text.count('class="train"') + text.count('class="test"') == n + len(found.cohorts)
    assert np.isfinite([auc.estimate for row in rows for _, auc in row.aucs]).all()
