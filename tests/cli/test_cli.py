"""The command line: exit status, messages, and what scripts rely on."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
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
    for verb in (
        "init",
        "check",
        "run",
        "extract",
        "fit",
        "validate",
        "report",
        "features",
        "catalogue",
        "score",
        "demo",
    ):
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


def test_a_warning_alone_is_status_zero_analytic(study: Path, tmp_path: Path) -> None:
    odd = Path(shutil.copytree(study, tmp_path / "s", ignore=shutil.ignore_patterns("results")))
    change(odd, "c003", spacing_mm="0.1")
    done = perirad("check", odd)
    assert (done.returncode, done.stdout) == (0, "no errors found\n")
    assert done.stderr.splitlines()[-1].startswith("warning: sizes must be those of a breast image, got a picture 8 mm")


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
    assert rows[0] == ["feature", "value", "unit", "ibsi"]
    assert len(rows) == 1 + 2 * 474
    assert next(row for row in rows if row[0] == "P2_original_glcm_Contrast")[2:] == ["level^2", "ACUI"]
    values = json.loads(perirad(*words, "--json").stdout)
    assert {name: float(value) for name, value, _, _ in rows[1:] if value} == {
        k: v for k, v in values.items() if v is not None
    }


def features_of(study: Path, *words: str) -> tuple[list[list[str]], str]:
    case = read_cases(study)[0]
    done = perirad("features", study / case["image"], study / case["mask"], "--spacing-mm", "0.25", *words)
    return list(csv.reader(done.stdout.splitlines()))[1:], done.stderr


def test_features_by_preset_and_definitions_analytic(study: Path) -> None:
    rows, _ = features_of(study, "--preset", "102", "--no-rings")
    assert len(rows) == 102
    rows, _ = features_of(study, "--preset", "851", "--no-rings", "--bin-count", "32")
    assert len(rows) == 851
    assert ["I_original_shape_MeshVolume", "mm^3", "RNU0"] in [[name, unit, code] for name, _, unit, code in rows]
    rows, _ = features_of(study, "--preset", "102", "--definitions", "ibsi", "--width-mm", "2")
    assert len(rows) == 2 * 145
    assert all(unit and code for _, _, unit, code in rows)


def test_features_by_a_settings_file_analytic(study: Path, tmp_path: Path) -> None:
    toml = tmp_path / "some.toml"
    toml.write_text(
        '[regions]\nwidths_mm = [2]\n[features]\nbin_count = 16\nfilters = ["square"]\n'
        '[[features.responses]]\nkind = "laws"\nkernels = "L5E5"\n',
        encoding="utf-8",
    )
    rows, _ = features_of(study, "--settings", str(toml))
    assert len(rows) == 2 * 2 * 93
    assert {name.split("_")[1] for name, *_ in rows} == {"square", "laws-L5E5"}
    assert len(features_of(study, "--settings", str(study), "--no-rings")[0]) == 0
    assert len(features_of(study, "--settings", str(study / "study.toml"), "--no-rings")[0]) == 474


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--preset", "7"], "there are presets of 102, 474, 851, 939, 1404 features, got count=7"),
        (["--definitions", "ISBI"], "--definitions must be pyradiomics or ibsi, got 'ISBI'"),
        (["--preset", "851", "--definitions", "ibsi"], "slice_mm goes with PyRadiomics' definitions"),
        (["--bin-width", "5", "--bin-count", "5"], "exactly one of bin_width and bin_count must be given"),
        (["--settings", "nowhere.toml"], "a file of settings must exist, got no such file (nowhere.toml)"),
        (["--settings", "x.toml", "--preset", "474"], "a file of settings must exist"),
    ],
)
def test_features_complains_in_one_line_analytic(study: Path, words: list[str], line: str) -> None:
    rows, errors = features_of(study, *words)
    assert rows == []
    assert errors.startswith(f"error: {line}")
    assert len(errors.splitlines()) == 1


def test_the_catalogue_as_table_csv_and_json_analytic() -> None:
    lines = perirad("catalogue", "--family", "ibsi-glcm").stdout.splitlines()
    assert lines[0].split() == ["family", "name", "ibsi", "unit", "flat", "one_pixel", "formula"]
    assert lines[4].split()[:4] == ["ibsi-glcm", "joint-entropy", "TU9B", "bit"]
    rows = list(csv.DictReader(perirad("catalogue", "--csv").stdout.splitlines()))
    assert len(rows) == 290
    assert rows == json.loads(perirad("catalogue", "--json").stdout)
    wrong = perirad("catalogue", "--family", "glxm")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("error: definitions are pyradiomics and ibsi, families shape2D, firstorder, glcm,")


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


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_is_one_line_and_status_130_analytic(study: Path, tmp_path: Path, workers: str) -> None:
    folder = Path(shutil.copytree(study, tmp_path / "s", ignore=shutil.ignore_patterns("results")))
    command = [sys.executable, "-m", "perirad", "run", str(folder), "--workers", workers]
    # Ctrl-C reaches every process of the group, workers too.
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert running.stderr is not None
    first = running.stderr.readline()
    os.killpg(running.pid, signal.SIGINT)
    _, rest = running.communicate(timeout=60)
    assert first.startswith("Extracting: ")
    assert running.returncode == 130
    lines = [line for line in rest.splitlines() if not line.startswith("Extracting: ")]
    assert lines == ["interrupted; finished cases are kept, the same command goes on from there"]
    assert list((folder / "results" / ".cache").glob("*.npz"))


def test_a_polite_end_is_heard_where_ctrl_c_is_ignored_analytic(study: Path, tmp_path: Path) -> None:
    """As in what a script started in the background: the shell lets it ignore Ctrl-C."""
    folder = Path(shutil.copytree(study, tmp_path / "s", ignore=shutil.ignore_patterns("results")))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        running = subprocess.Popen(
            [sys.executable, "-m", "perirad", "run", str(folder), "--workers", "2"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    assert running.stderr is not None
    running.stderr.readline()
    running.terminate()
    _, rest = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted; finished cases are kept" in rest


def test_workers_end_with_a_killed_command_analytic(study: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(study, tmp_path / "s", ignore=shutil.ignore_patterns("results")))
    command = [sys.executable, "-m", "perirad", "run", str(folder), "--workers", "2"]
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert running.stderr is not None
    running.stderr.readline()
    assert _members(running.pid) > 1
    running.kill()
    running.communicate(timeout=60)
    end = time.monotonic() + 30
    while _members(running.pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert _members(running.pid) == 0


def _members(group: int) -> int:
    """Living processes of a process group."""
    found = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = file.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        found += int(its_group) == group and state != "Z"
    return found


def test_a_full_disk_is_one_line_analytic(study: Path) -> None:
    case = read_cases(study)[0]
    files = [str(study / case["image"]), str(study / case["mask"])]
    command = [sys.executable, "-m", "perirad", "features", *files]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, "--spacing-mm", "0.25"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: files must be readable and writable, got No space left on device: make room")
    assert len(done.stderr.splitlines()) == 1


def test_json_of_a_model_without_predictors_is_json_analytic(study: Path, tmp_path: Path) -> None:
    """No interval, no nomogram: null, which a parser can read, and never NaN."""
    model = json.loads((study / "results" / "model.json").read_text(encoding="utf-8"))
    model |= {"combined": None, "nomogram": None, "clinical": None, "cutoffs": {}}
    (tmp_path / "model.json").write_text(json.dumps(model), encoding="utf-8")
    case = read_cases(study)[0]
    done = perirad(
        "score", tmp_path / "model.json", study / case["image"], study / case["mask"], "--spacing-mm", "0.25", "--json"
    )
    assert done.returncode == 0, done.stderr
    reading = json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert (reading["lower"], reading["upper"], reading["cutoff"]) == (None, None, None)
    assert reading["probability"] == pytest.approx(model["training"]["prevalence"], abs=1e-15)
