"""A real study in a real browser: from a folder of ultrasound pictures and a table to a new patient's risk."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from tests.browser.serving import Serve, canvas, choose, draw_polygon, drop_patient, enter, look, wait_until_kept

from perirad.image.polygon import rasterise
from perirad.image.read import read_image
from perirad.regions.lesion import lesion_region
from perirad.study.model import load_model
from perirad.workbench.desk import Desk
from perirad.workbench.outlines import OutlineStore

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.shared]

KEPT_OUT, OUTLINED = "case255", "case004"
PAGES = {
    "quality": "#card-0",
    "results": "#report",
    "results?view=scenarios": "#auc-chart",
    "explorer": "#feature-map",
    "audit": "#run-audit",
    "readers": "#two-readers",
}
"""Pages, and something that each shows once it is drawn."""


@pytest.fixture
def ward(shared: Path, tmp_path: Path) -> Path:
    """The pictures, masks and table of BrEaST as a radiologist has them, without the patient to be read afterwards."""
    source, folder = shared / "data" / "breast_usg", tmp_path / "breast_usg"
    names = shutil.ignore_patterns(f"{KEPT_OUT}*")
    shutil.copytree(source / "images", folder / "images", ignore=names)
    lines = (source / "clinical.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "clinical.csv").write_text("".join(x for x in lines if KEPT_OUT not in x), encoding="utf-8")
    return folder


def contour(mask: Path) -> list[tuple[float, float]]:
    """Corners (row, column) of the largest outline in a mask, a few pixels apart at least."""
    pixels = (np.asarray(Pillow.open(mask).convert("L")) > 0).astype(np.uint8)
    found, _ = cv2.findContours(pixels, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    corners = cv2.approxPolyDP(max(found, key=cv2.contourArea), 6.0, closed=True)
    return [(float(row), float(column)) for column, row in corners[:, 0, :]]


def make_study(page: Page, ward: Path) -> None:
    """Choose the folder; say what is to be predicted while the pictures still come; make the study."""
    files = sum(path.is_file() for path in ward.rglob("*"))
    with page.expect_file_chooser() as chooser:
        page.click("[data-folder-of=new-upload]")
    chooser.value.set_files(ward)
    page.wait_for_selector("text=Table: clinical.csv", timeout=60_000)
    for field, value in (("outcome", "Classification"), ("event", "malignant"), ("left-out", "normal")):
        choose(page, f"new-{field}", value)
    choose(page, "new-clinical", "Age")
    page.wait_for_selector("#new-tally:has-text('malignant: 48 · benign: 77 · left out 2 (Classification: normal: 2)')")
    page.wait_for_function(f"document.querySelector('#new-files').innerText.startsWith('{files} ')", timeout=60_000)
    look(page, "new-study")
    page.click("#make-study")
    page.wait_for_selector("#run-study")


def outline_case(page: Page, base: str, ward: Path, folder: Path) -> None:
    """Draw a lesion anew; what is saved has the pixels that Python gives the polygon."""
    desk = Desk(folder)
    at = next(k for k, row in enumerate(desk.rows()) if OUTLINED in row.cells["image"])
    page.goto(f"{base}/outline?case={at}")
    canvas(page)
    page.click("#do-clear")
    page.locator(".perirad-canvas").focus()
    vertices = draw_polygon(page, contour(ward / "images" / f"{OUTLINED}_tumor.png"))
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved (2)')")
    wait_until_kept(page)
    look(page, "outline")
    row = desk.rows()[at]
    shape = desk.picture(row).shape
    saved = OutlineStore(folder, "reader 1").load(row.case_id, shape)
    assert saved is not None
    np.testing.assert_array_equal(saved.lesion, rasterise([vertices], shape))
    page.click("#use-outlines")
    page.wait_for_selector("text=1 outlines are used now")


def read_nomogram(page: Page, base: str) -> None:
    """Every page of results has its figures, and the nomogram answers its sliders."""
    for path, shown in PAGES.items():
        page.goto(f"{base}/{path}")
        page.locator(shown).first.wait_for()
        look(page, path.replace("?view=", "-"))
    page.goto(f"{base}/results?view=nomogram")
    risk = page.locator("#dial-risk")
    before = float(risk.get_attribute("data-risk") or "nan")
    page.locator("[data-slider=radscore] [tabindex='0']").focus()
    page.keyboard.press("PageUp")
    page.wait_for_function("(old) => Number(document.querySelector('#dial-risk').dataset.risk) > old", arg=before)
    assert "malignant" in risk.inner_text()
    look(page, "results-nomogram")


def test_a_real_study_from_a_folder_to_a_patient_naive(
    serve: Serve, browser: Browser, tmp_path: Path, ward: Path, shared: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    server = serve(home)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    enter(page, server)
    make_study(page, ward)
    folder = home / "new-study"
    assert len(Desk(folder).rows()) == 127
    outline_case(page, server.base, ward, folder)
    page.goto(server.base)
    page.click("#run-study")
    page.wait_for_selector("text=Features")
    look(page, "running")
    page.wait_for_function("document.querySelector('#run-state').innerText === 'The run is done.'", timeout=400_000)
    look(page, "home")
    read_nomogram(page, server.base)
    source = shared / "data" / "breast_usg"
    with (source / "clinical.csv").open(encoding="utf-8", newline="") as stream:
        row = next(row for row in csv.DictReader(stream) if KEPT_OUT in row["Image_filename"])
    drop_patient(page, server, source / "images" / f"{KEPT_OUT}.png", spacing_mm=f"{10 * float(row['Pixel_size'])!r}")
    page.locator(".perirad-canvas").focus()
    vertices = draw_polygon(page, contour(source / "images" / f"{KEPT_OUT}_tumor.png"))
    model = load_model(folder / "results" / "model.json")
    values: dict[str, Any] = {variable.name: float(row["Age"]) for variable in model.variables}
    for name, value in values.items():
        page.locator(f"[data-name={name}]").first.fill(f"{value:g}")
    page.click("#score-patient")
    risk = page.locator("#risk")
    risk.wait_for()
    look(page, "patient")
    desk = Desk(folder)
    assert all(KEPT_OUT not in row.cells["image"] for row in desk.rows())
    image = read_image(source / "images" / f"{KEPT_OUT}.png", spacing_mm=10 * float(row["Pixel_size"]))
    expected = model.score(image, lesion_region(rasterise([vertices], image.shape), image), values)
    assert float(risk.get_attribute("data-risk") or "nan") == pytest.approx(expected.probability, abs=1e-9)
    page.close()
