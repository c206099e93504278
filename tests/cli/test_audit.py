"""`perirad audit` from the command line, on a study of pictures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.study.small import write_small_study
from typer.testing import CliRunner

from perirad.cli.main import app


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command says to the linear algebra stays within its own process, which here is that of all tests."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study of pictures."""
    return write_small_study(tmp_path_factory.mktemp("audit") / "study")


def test_audit_prints_both_outcomes_and_writes_its_files_analytic(folder: Path) -> None:
    done = CliRunner().invoke(app, ["audit", str(folder), "--seeds", "2", "--workers", "1"])
    assert done.exit_code == 0, done.output
    before, after = done.stdout.split("permuted outcome")
    assert "real outcome" in before
    for part in (before, after):
        assert "Features selected before the split" in part
        assert "Cut-off chosen on the test set (Youden)" in part
    assert "does not apply: Images of one patient on both sides: every patient has one image" in done.stdout
    assert "does not apply: Best of several splits reported" in done.stdout
    for name in ("audit.json", "audit.csv", "audit.html"):
        assert (folder / "results" / "audit" / name).is_file()


def test_audit_as_json_is_the_file_analytic(folder: Path) -> None:
    done = CliRunner().invoke(app, ["audit", str(folder), "--seeds", "2", "--workers", "1", "--json"])
    assert done.exit_code == 0, done.output
    written = json.loads((folder / "results" / "audit" / "audit.json").read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == written
    assert written["n_splits"] == 2


def test_audit_of_one_seed_is_wrong_usage_analytic(folder: Path) -> None:
    assert CliRunner().invoke(app, ["audit", str(folder), "--seeds", "1"]).exit_code == 2


def test_an_audit_leaves_the_results_of_the_run_as_they_are_analytic(folder: Path) -> None:
    results = folder / "results"
    before = {name: f"what the run wrote: {name}\n" for name in ("quality.csv", "features.parquet")}
    for name, text in before.items():
        (results / name).write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["audit", str(folder), "--seeds", "2", "--workers", "1"])
    assert done.exit_code == 0, done.output
    assert {name: (results / name).read_text(encoding="utf-8") for name in before} == before
