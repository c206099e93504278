"""The workbench in a real browser: a study from nothing to a patient's risk, and what happens when things go wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.browser.serving import CORNERS, Serve, Server, canvas, draw_polygon, drop_patient, enter
from tests.study.small import write_small_study

from perirad.image.polygon import rasterise
from perirad.regions.lesion import lesion_region
from perirad.study.model import load_model
from perirad.workbench.desk import Desk
from perirad.workbench.outlines import OutlineStore, to_runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


def test_a_patient_is_read_as_the_model_reads_them_naive(page: Page, server: Server, done: Path) -> None:
    with (done / "cases.csv").open(encoding="utf-8", newline="") as stream:
        row = next(iter(csv.DictReader(stream)))
    drop_patient(page, server, done / row["image"], spacing_mm=row["spacing_mm"])
    page.locator(".perirad-canvas").focus()
    vertices = draw_polygon(page, CORNERS)
    model = load_model(done / "results" / "model.json")
    values: dict[str, Any] = {}
    for variable in model.variables:
        if variable.levels:
            values[variable.name] = variable.levels[0]
        else:
            values[variable.name] = 61.0
            page.locator(f"[data-name={variable.name}]").first.fill("61")
    page.wait_for_timeout(300)
    page.click("#score-patient")
    risk = page.locator("#risk")
    risk.wait_for()
    desk = Desk(done)
    picture = desk.picture(desk.rows()[0])
    lesion = lesion_region(rasterise([vertices], picture.shape), picture.image)
    expected = model.score(picture.image, lesion, values)
    assert float(risk.get_attribute("data-risk") or "nan") == pytest.approx(expected.probability, abs=1e-9)
    for form, head in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
        with page.expect_download() as saved:
            page.click(f"#save-{form}")
        assert saved.value.suggested_filename == f"reading.{form}"
        assert Path(saved.value.path()).read_bytes().startswith(head)


def test_rest_scores_as_the_command_and_refuses_strangers_naive(page: Page, server: Server, done: Path) -> None:
    case = Desk(done).rows()[0]
    model = load_model(done / "results" / "model.json")
    values = {v.name: (v.levels[0] if v.levels else 55.0) for v in model.variables}
    with (done / case.cells["image"]).open("rb") as image, (done / case.cells["mask"]).open("rb") as mask:
        form: dict[str, Any] = {
            "image": {"name": "x.png", "mimeType": "image/png", "buffer": image.read()},
            "mask": {"name": "m.png", "mimeType": "image/png", "buffer": mask.read()},
            "values": json.dumps(values), "spacing_mm": case.cells["spacing_mm"],
        }  # fmt: skip
    answer = page.request.post(f"{server.base}/api/score", multipart=form)
    assert answer.status == 200
    desk = Desk(done)
    picture = desk.picture(case)
    drawn = desk.drawn(case, picture.shape, "nobody")
    assert drawn is not None
    expected = model.score(picture.image, lesion_region(drawn, picture.image), values)
    assert answer.json()["probability"] == pytest.approx(expected.probability, abs=1e-12)
    wrong = page.request.post(f"{server.base}/api/score", multipart={**form, "values": '{"nonsense": 1}'})
    assert wrong.status == 422
    assert "nonsense" in json.dumps(wrong.json()) or "must be given" in json.dumps(wrong.json())
    foreign = page.request.post(f"{server.base}/api/score", multipart=form, headers={"origin": "http://evil.example"})
    assert foreign.status == 403
    study = page.request.get(f"{server.base}/api/study").json()
    assert study["cases"] == 60
    for path in ("/picture/..%2f..%2fetc%2fpasswd", "/perirad/..%2f..%2fapp.py", "/picture/99999"):
        assert page.request.get(f"{server.base}{path}").status in {404, 422}


def test_without_the_token_there_is_nothing_to_see_analytic(browser: Browser, server: Server, page: Page) -> None:
    other = browser.new_context().new_page()
    assert (answer := other.goto(f"{server.base}/outline")) is not None
    assert answer.status == 401
    assert "terminal" in other.content()
    other.close()


def test_pages_in_two_languages_and_colours_analytic(page: Page, server: Server) -> None:
    for path in ("/", "/quality", "/results", "/patient"):
        page.goto(f"{server.base}{path}")
        page.wait_for_selector('a[aria-current="page"]')
    page.goto(server.base)
    page.get_by_label("Language").click()
    page.get_by_role("option", name="中文").click()
    page.wait_for_selector("text=运行研究")
    page.get_by_label("语言").click()
    page.get_by_role("option", name="English").click()
    page.wait_for_selector("#run-study")


def test_a_study_from_images_and_a_table_to_its_results_analytic(
    serve: Serve, browser: Browser, tmp_path: Path
) -> None:
    """Drop the files, say what the outcome is, use outlines, run, and read the report: all in the browser."""
    source = write_small_study(tmp_path / "source", 40, radius=(7.0, 11.0))
    with (source / "cases.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    table = tmp_path / "patients.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["case_id", "image", "spacing_mm", "diagnosis", "age"])
        writer.writeheader()
        for row in rows:
            kind = "malignant" if row["malignant"] == "1" else "benign"
            cells = {name: row[name] for name in ("case_id", "spacing_mm", "age")}
            writer.writerow({**cells, "image": Path(row["image"]).name, "diagnosis": kind})
    home = tmp_path / "home"
    home.mkdir()
    server = serve(home)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    enter(page, server)
    files = [str(path) for path in sorted((source / "images").iterdir())]
    page.set_input_files("#new-upload input[type=file]", [*files, str(table)])
    page.wait_for_function("document.querySelector('#new-files').innerText.startsWith('41 ')", timeout=60_000)
    page.locator("#new-outcome").click()
    page.get_by_role("option", name="diagnosis").click()
    page.locator("#new-event").click()
    page.get_by_role("option", name="malignant").click()
    page.keyboard.press("Escape")
    page.click("#make-study")
    page.wait_for_selector("#run-study")
    folder = home / "new-study"
    toml = folder / "study.toml"
    quick = "\n[regions]\nwidths_mm = [2.0, 4.0]\n[selection]\nfolds = 3\n[score]\nfolds = 3\nrepeats = 1\n"
    quick += "[validation]\nbootstrap = 2\n"
    toml.write_text(toml.read_text(encoding="utf-8") + quick + '[report]\nformats = ["svg"]\n', encoding="utf-8")
    page.goto(f"{server.base}/outline?case=0")
    canvas(page)
    page.locator(".perirad-canvas").focus()
    draw_polygon(page, CORNERS)
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved')")
    for row in rows[1:]:  # a reader's further work, as the canvas would save it
        mask = np.asarray(Pillow.open(source / row["mask"])) > 0

        OutlineStore(folder, "reader 1").save(row["case_id"], mask.shape, to_runs(mask))
    page.click("#use-outlines")
    page.wait_for_selector("text=40 outlines are used now")
    page.goto(server.base)
    page.click("#run-study")
    page.wait_for_function("document.querySelector('#run-state').innerText === 'The run is done.'", timeout=180_000)
    page.wait_for_selector("text=Report: done")
    page.goto(f"{server.base}/results")
    report = page.frame_locator("#report")
    report.locator("#nomogram-risk").wait_for(timeout=20_000)
    assert "Risk of malignant" in report.locator("#nomogram-risk").inner_text()
    page.close()
