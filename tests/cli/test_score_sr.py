"""`perirad score --sr`: the report beside the printed reading, or one line why there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pydicom
import pytest
from tests.hospital.dicom_case import patient_files
from tests.workbench.conftest import ran

__all__ = ["ran"]

pytest.importorskip("highdicom", reason="DICOM SR needs the package highdicom (extra pacs)")


def score(ran: Path, *words: str | Path) -> Any:
    command = [sys.executable, "-m", "perirad", "score", ran / "results" / "model.json", *words]
    values = ["--set", "age=61", "--set", "menopause=post"]
    return subprocess.run([*map(str, command), *values], capture_output=True, text=True, check=False)


def test_the_report_has_the_printed_risk_analytic(ran: Path, tmp_path: Path) -> None:
    files = patient_files(ran, tmp_path, frames=3, frame=1)
    done = score(ran, files.image, files.mask, "--frame", "1", "--json", "--sr", tmp_path / "r.dcm")
    assert done.returncode == 0, done.stderr
    assert "Roe" not in done.stdout + done.stderr
    report = pydicom.dcmread(tmp_path / "r.dcm")
    assert report.PatientName == "Roe^Jane"
    values = [e.value for e in report.iterall() if e.keyword == "FloatingPointValue"]
    assert json.loads(done.stdout)["probability"] in values


def test_a_screenshot_has_no_report_analytic(ran: Path, tmp_path: Path) -> None:
    words: list[str | Path] = [
        ran / "images" / "000.png",
        ran / "masks" / "000.png",
        "--spacing-mm",
        "0.25",
        "--sr",
        tmp_path / "r.dcm",
    ]
    done = score(ran, *words)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "must be of a DICOM image" in done.stderr
    assert not (tmp_path / "r.dcm").exists()
