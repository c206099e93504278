"""The command line: exit status, messages, and what scripts rely on."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.study.small import change, read_cases, write_small_study


def perirad(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error::DeprecationWarning", "-m", "perirad", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study, run through the command."""
    folder = write_small_study(tmp_path_factory.mktemp("cli") / "my study")
    done = perirad("run", folder, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"report: {folder / 'results' / 'report.html'}"
    return folder


def test_version_and_help_analytic() -> None:
    assert perirad("--version").stdout == "perirad 0.1.0\n"
    text = perirad("--help").stdout
    for verb in ("init", "check", "run", "extract", "fit", "validate", "report", "features", "score", "demo"):
        assert verb in text


def test_wrong_usage_is_status_two_analytic() -> None:
    assert perirad("run").returncode == 2
    assert perirad("fly", "away").returncode == 2


def test_the_summary_says_what_kind_of_cohort_it_is_analytic(study: Path) -> None:
    again = perirad("run", study)
    assert again.returncode == 0
    assert again.stdout.startswith("nothing changed since the last run\n")
    assert "SIMULATED cohort, no patients; 42 train, 18 test" in again.stdout


def test_score_prints_the_row_of_predictions_analytic(study: Path) -> None:
    case = read_cases(study)[0]
    words: list[str | Path] = ["score", study / "results" / "model.json", study / case["image"], study / case["mask"]]
    words += ["--spacing-mm", "0.25", "--set", f"age={case['age']}", "--json"]
    done = perirad(*words)
    assert done.returncode == 0, done.stderr
    reading = json.loads(done.stdout)
    with (study / "results" / "predictions.csv").open(encoding="utf-8", newline="") as stream:
        row = next(row for row in csv.DictReader(stream) if row["case_id"] == case["case_id"])
    for name, column in (("radscore", "radscore"), ("probability", "probability"), ("total_points", "total_points")):
        assert abs(reading[name] - float(row[column])) <= 1e-12
    people = perirad(*words[:-1]).stdout
    assert "SIMULATED cohort" in people
    assert f"Risk of malignant: {100 * reading['probability']:.1f} %" in people


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ([], "pixel spacing must be known"),
        (["--spacing-mm", "0.25"], "age must be given (a number years), got nothing: add --set age=VALUE"),
        (["--spacing-mm", "wide"], "--spacing-mm must be one or two positive numbers, got 'wide'"),
        (["--spacing-mm", "0.25", "--set", "age"], "--set must be NAME=VALUE, got 'age'"),
    ],
)
def test_score_complains_in_one_line_analytic(study: Path, extra: list[str], line: str) -> None:
    case = read_cases(study)[0]
    done = perirad("score", study / "results" / "model.json", study / case["image"], study / case["mask"], *extra)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert line in done.stderr


def test_check_lists_all_and_is_status_one_analytic(study: Path, tmp_path: Path) -> None:
    spoiled = Path(shutil.copytree(study, tmp_path / "s", ignore=shutil.ignore_patterns("results")))
    assert perirad("check", spoiled).returncode == 0
    change(spoiled, "c003", age="x")
    change(spoiled, "c005", mask="masks/none.png")
    done = perirad("check", spoiled, "--json")
    assert done.returncode == 1
    problems = json.loads(done.stdout)
    assert [(problem["case"], problem["found"]) for problem in problems] == [("c003", "'x'"), ("c005", "no such file")]
    plain = perirad("check", spoiled)
    assert plain.stderr.splitlines()[-1] == "2 problems"


def test_features_as_csv_and_json_analytic(study: Path) -> None:
    case = read_cases(study)[0]
    words: list[str | Path] = [
        "features",
        study / case["image"],
        study / case["mask"],
        "--spacing-mm",
        "0.25",
        "--width-mm",
        "2",
    ]
    rows = list(csv.reader(perirad(*words).stdout.splitlines()))
    assert rows[0] == ["feature", "value"]
    assert len(rows) == 1 + 2 * 474
    values = json.loads(perirad(*words, "--json").stdout)
    assert {name: float(value) for name, value in rows[1:] if value} == {
        k: v for k, v in values.items() if v is not None
    }


def test_init_makes_a_study_that_opens_analytic(tmp_path: Path) -> None:
    done = perirad("init", tmp_path / "new study")
    assert done.returncode == 0, done.stderr
    # The example's images are not there, and check says exactly that.
    lines = perirad("check", tmp_path / "new study").stderr.splitlines()
    assert sum("file must exist, got no such file" in line for line in lines) == 4
    again = perirad("init", tmp_path / "new study")
    assert again.returncode == 1
    assert "init makes a new study, got study.toml already there" in again.stderr


def test_importing_perirad_loads_nothing_heavy_analytic() -> None:
    code = (
        "import sys, perirad; print(sorted(m for m in ('numpy', 'scipy', 'pandas', 'matplotlib') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
