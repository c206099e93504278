"""A new patient in the browser: from a dropped DICOM image to its reading as DICOM SR."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
from tests.browser.serving import CORNERS, Server, draw_polygon, drop_patient
from tests.hospital.dicom_case import patient_files

from perirad.study.model import Model, load_model

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest.importorskip("highdicom", reason="DICOM SR needs the package highdicom (extra pacs)")
pytestmark = pytest.mark.slow


def read(page: Page, model: Model) -> None:
    """Outline, enter values, and ask for the risk."""
    page.locator(".perirad-canvas").focus()
    draw_polygon(page, CORNERS)
    for variable in model.variables:
        field = page.locator(f"[data-name={variable.name}]").first
        if variable.levels:
            field.click()
            page.get_by_role("option", name=variable.levels[0], exact=True).click()
        else:
            field.fill("119")
    page.wait_for_timeout(300)
    page.click("#score-patient")
    page.locator("#risk").wait_for()


def test_a_frame_of_a_loop_is_read_and_saved_as_dicom_sr_analytic(
    page: Page, server: Server, done: Path, tmp_path: Path
) -> None:
    model = load_model(done / "results" / "model.json")
    files = patient_files(done, tmp_path, frames=3, frame=1)
    page.goto(f"{server.base}/patient")
    page.set_input_files("#patient-upload input[type=file]", str(files.image))
    page.wait_for_selector("text=one frame must be chosen")
    drop_patient(page, server, files.image, frame="1")
    read(page, model)
    page.wait_for_selector("#save-sr")
    risk = float(page.locator("#risk").get_attribute("data-risk") or "nan")
    assert page.locator(".perirad-near").count() == 3
    assert "outside the training range" in page.locator("#reading").inner_text()
    with page.expect_download() as saved:
        page.click("#save-sr")
    assert saved.value.suggested_filename == "reading.sr.dcm"
    report = pydicom.dcmread(io.BytesIO(Path(saved.value.path()).read_bytes()))
    assert report.PatientName == "Roe^Jane"
    told = re.findall(r"Floating Point Value +FD: ([-\d.e]+)", str(report))
    assert risk in [float(value) for value in told]
    assert "Roe" not in page.content()


def test_a_screenshot_says_why_there_is_no_sr_and_old_readings_go_analytic(
    page: Page, server: Server, done: Path
) -> None:
    model = load_model(done / "results" / "model.json")
    drop_patient(page, server, done / "images" / "000.png", spacing_mm="0.25")
    read(page, model)
    assert "No DICOM SR" in page.locator("#sr-hint").inner_text()
    assert page.locator("#save-sr").count() == 0
    numeric = next(variable.name for variable in model.variables if not variable.levels)
    page.locator(f"[data-name={numeric}]").first.fill("50")
    page.wait_for_selector("text=read the patient again")
    assert page.locator("#risk").count() == 0
