"""`perirad check`: quality warnings as lines and as JSON, and the montage beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.study.small import change, read_cases, write_small_study


def perirad(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "perirad", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of forty cases, one of which names another's picture and another a file that is not there."""
    folder = write_small_study(tmp_path_factory.mktemp("check") / "study", n=40)
    change(folder, "c001", image=read_cases(folder)[0]["image"])
    change(folder, "c002", image="images/none.png")
    return folder


def test_warnings_errors_and_montage_in_one_run_analytic(study: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = perirad("check", study, "--json", "--montage", page)
    assert done.returncode == 1
    problems = {problem["case"]: problem for problem in json.loads(done.stdout)}
    assert problems["c002"]["level"] == "error"
    assert problems["c001"]["level"] == "warning"
    assert problems["c001"]["found"].startswith("the pixels of case c000")
    assert f"montage: {page}" in done.stderr
    text = page.read_text(encoding="utf-8")
    assert text.count('id="case-') >= 39
    assert text.index(">c001</a>") < text.index(">c000</a>")
    assert "the image file must exist, got no such file (case c002, images/none.png)" in text


def test_lines_name_case_and_file_analytic(study: Path) -> None:
    lines = perirad("check", study).stderr.splitlines()
    (line,) = [line for line in lines if "case c001" in line]
    assert line.startswith("warning: a picture should belong to one patient, got the pixels of case c000")
    assert "(case c001, 000.png)" in line


def test_a_montage_of_another_kind_is_refused_at_once_analytic(study: Path, tmp_path: Path) -> None:
    done = perirad("check", study, "--montage", tmp_path / "page.docx")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "error: a montage must be .html, .pdf or .png, got .docx (page.docx): name it montage.html"
    )
