"""A run beside the workbench: progress is told, a killed or cancelled run goes on where it stopped."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.study.small import write_small_study

from perirad.workbench.auditing import auditor
from perirad.workbench.bench import Bench
from perirad.workbench.runner import Runner

pytestmark = pytest.mark.slow


def wait_for(ready: Callable[[], bool], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def kept(folder: Path) -> int:
    cache = folder / "results" / ".cache"
    return len(list(cache.iterdir())) if cache.is_dir() else 0


def test_a_run_that_is_killed_goes_on_from_what_was_extracted_analytic(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "study", 60, radius=(7.0, 11.0))
    first = Runner(folder)
    assert first.start()
    assert not first.start()  # one at a time
    wait_for(lambda: kept(folder) >= 3)
    assert first._process is not None
    first._process.send_signal(signal.SIGKILL)
    wait_for(lambda: first.progress().state != "running")
    assert first.progress().state == "failed"
    assert not (folder / "results" / "report.html").exists()
    left = {path: path.stat().st_mtime_ns for path in (folder / "results" / ".cache").iterdir()}
    second = Runner(folder)
    second.start()
    wait_for(lambda: second.progress().state != "running")
    found = second.progress()
    assert found.state == "done"
    assert any(line.startswith("report:") for line in found.lines)
    assert (folder / "results" / "report.html").exists()
    assert all(path.stat().st_mtime_ns == time_ns for path, time_ns in left.items() if path.suffix != ".tmp")


def test_a_run_can_be_cancelled_and_says_so_analytic(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "study", 60)
    runner = Runner(folder)
    assert runner.progress().state == "idle"
    runner.start()
    wait_for(lambda: kept(folder) >= 1)
    runner.cancel()
    wait_for(lambda: runner.progress().state != "running")
    assert runner.progress().state == "cancelled"


def test_a_run_with_problems_ends_as_failed_with_their_words_analytic(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "study", 4)
    runner = Runner(folder)
    runner.start()
    wait_for(lambda: runner.progress().state != "running")
    found = runner.progress()
    assert found.state == "failed"
    assert any("error:" in line for line in found.lines)


def test_an_audit_runs_beside_the_study_with_its_own_words_analytic(ran: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(ran, folder)
    report = (folder / "results" / "report.html").read_bytes()
    auditor, study = Runner(folder, "audit"), Runner(folder)
    assert auditor.start("--seeds", "2", "--workers", "1")
    assert study.progress().state == "idle"
    wait_for(lambda: auditor.progress().state != "running")
    found = auditor.progress()
    assert found.state == "done", found.lines
    assert (found.stage, found.done, found.total) == ("Auditing", 4, 4)
    assert "2 splits" in (folder / "results" / "audit" / "audit.html").read_text(encoding="utf-8")
    assert (folder / "results" / "report.html").read_bytes() == report


def test_an_audit_can_be_cancelled_and_leaves_no_page_analytic(ran: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(ran, folder)
    auditor = Runner(folder, "audit")
    auditor.start("--seeds", "50", "--workers", "1")
    wait_for(lambda: auditor.progress().stage == "Auditing")
    auditor.cancel()
    wait_for(lambda: auditor.progress().state != "running", 20.0)
    assert auditor.progress().state == "cancelled"
    assert not (folder / "results" / "audit" / "audit.html").exists()


def test_an_audit_that_is_refused_says_why_analytic(ran: Path) -> None:
    auditor = Runner(ran, "audit")
    auditor.start("--seeds", "1")
    wait_for(lambda: auditor.progress().state != "running")
    assert auditor.progress().state == "failed"
    assert auditor.progress().lines


def test_the_bench_knows_what_is_under_way_for_its_study_analytic(ran: Path, tmp_path: Path) -> None:
    folder, other = tmp_path / "study", tmp_path / "other"
    for copy in (folder, other):
        shutil.copytree(ran, copy)
    bench = Bench(tmp_path)
    bench.open(folder)
    assert bench.going() == ""
    auditor(bench).start("--seeds", "50", "--workers", "1")
    assert bench.going() == "audit"
    bench.open(other)
    assert bench.going() == ""
    bench.open(folder)
    auditor(bench).cancel()
    wait_for(lambda: bench.going() == "", 60.0)
    bench.runner().start()
    assert bench.going() == "run"
    bench.runner().cancel()
    wait_for(lambda: bench.going() == "", 60.0)
