"""The workbench in a real browser: a study from nothing to a patient's risk, and what happens when things go wrong."""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.small import write_small_study

from perirad.image.polygon import rasterise
from perirad.regions.lesion import lesion_region
from perirad.regions.ring import rings
from perirad.study import engine
from perirad.study.model import load_model
from perirad.study.settings import open_study
from perirad.workbench.desk import Desk
from perirad.workbench.outlines import OutlineStore, from_runs, to_runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


@dataclass
class Server:
    """A workbench in a process of its own."""

    process: subprocess.Popen[str]
    url: str

    @property
    def base(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def token(self) -> str:
        return self.url.split("token=")[1]


def start(home: Path, study: Path | None = None) -> Server:
    words = [sys.executable, "-m", "perirad", "workbench", *([str(study)] if study else [])]
    process = subprocess.Popen(
        [*words, "--port", "0", "--home", str(home)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, line
    return Server(process, found.group(0))


def stop(server: Server) -> None:
    server.process.kill()
    server.process.wait()
    if server.process.stdout is not None:
        server.process.stdout.close()


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_small_study(tmp_path_factory.mktemp("bench") / "study", 60, radius=(7.0, 11.0))
    engine.run(open_study(folder), workers=1)
    return folder


@pytest.fixture(scope="module")
def server(done: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("home"), done)
    yield running
    stop(running)


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page that has entered; any error on the console fails the test."""
    errors: list[str] = []
    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    enter(opened, server)
    yield opened
    opened.close()
    assert errors == []


def enter(page: Page, server: Server) -> None:
    """Open the workbench by the address the terminal shows; the browser may be faster than the server."""
    for attempt in range(60):
        try:
            page.goto(server.url)
            return
        except Exception:
            if attempt == 59:
                raise
            time.sleep(0.25)


def canvas(page: Page) -> None:
    page.wait_for_function("window.periradCanvas && window.periradCanvas.bitmap")


def to_screen(page: Page, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where points (row, column) of the picture lie on the page."""
    view = page.evaluate(
        "() => { const c = window.periradCanvas, b = c.$refs.canvas.getBoundingClientRect();"
        " return [c.view.scale, c.view.x, c.view.y, c.ratio, b.left, b.top, c.aspect()]; }"
    )
    scale, x, y, ratio, left, top, aspect = view
    return [(left + ((c + 0.5) * scale + x) / ratio, top + ((r + 0.5) * scale * aspect + y) / ratio) for r, c in points]


def draw_polygon(page: Page, points: list[tuple[float, float]]) -> list[list[float]]:
    """Click a polygon and close it; returns its vertices as the canvas has them."""
    page.keyboard.press("3")
    for x, y in to_screen(page, points):
        page.mouse.click(x, y)
    page.keyboard.press("Enter")
    found: list[list[float]] = page.evaluate("window.periradCanvas.polygon.points")
    return found


CORNERS = [(20.3, 30.2), (22.7, 52.4), (40.1, 55.8), (50.6, 41.9), (38.2, 26.4)]


def test_an_outline_has_the_same_pixels_in_the_browser_and_in_python_naive(
    page: Page, server: Server, done: Path
) -> None:
    page.goto(f"{server.base}/outline?case=1")
    canvas(page)
    page.locator("#do-clear").click()
    page.locator(".perirad-canvas").focus()
    vertices = draw_polygon(page, CORNERS)
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved')")
    runs = page.evaluate("window.periradCanvas.runsNow()")
    desk = Desk(done)
    row = desk.rows()[1]
    picture = desk.picture(row)
    truth = rasterise([vertices], picture.shape)
    np.testing.assert_array_equal(from_runs(runs, picture.shape), truth)
    saved = OutlineStore(done, "reader 1").load(row.case_id, picture.shape)
    assert saved is not None
    np.testing.assert_array_equal(saved.lesion, truth)
    lost = page.evaluate("window.periradCanvas.lost")
    made = rings(lesion_region(truth, picture.image), picture.image, (2.0, 4.0))
    assert lost == pytest.approx([ring.lost_total for ring in made], abs=1e-12)


def test_random_polygons_have_the_same_pixels_naive(page: Page, server: Server) -> None:
    """The rasteriser of the page against the one of the package, vertices on centres and between them."""
    page.goto(f"{server.base}/outline?case=0")
    canvas(page)
    rng = np.random.default_rng(3)
    for count in (3, 4, 7, 40):
        for whole in (False, True):
            points = rng.uniform(-0.5, 59.5, (count, 2))
            points = points.round() if whole else points
            runs = page.evaluate(
                "async (points) => { const g = await import('/perirad/geometry.js');"
                " return g.toRuns(g.rasterise([points], 60, 60)); }",
                points.tolist(),
            )
            np.testing.assert_array_equal(from_runs(runs, (60, 60)), rasterise([points], (60, 60)))


def test_a_box_finds_a_first_outline_and_a_ruler_sets_the_spacing_analytic(
    page: Page, server: Server, done: Path
) -> None:
    page.goto(f"{server.base}/outline?case=7")
    canvas(page)
    page.locator("#do-clear").click()
    page.locator(".perirad-canvas").focus()
    desk = Desk(done)
    row = desk.rows()[7]
    truth = np.asarray(Pillow.open(done / row.cells["mask"])) > 0
    low, high = np.argwhere(truth).min(axis=0) - 5, np.argwhere(truth).max(axis=0) + 5
    page.keyboard.press("b")
    (x, y), (u, v) = to_screen(page, [(float(low[0]), float(low[1])), (float(high[0]), float(high[1]))])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(u, v, steps=4)
    page.mouse.up()
    page.wait_for_function("window.periradCanvas.mask.reduce((a, b) => a + b, 0) > 50")
    found = from_runs(page.evaluate("window.periradCanvas.runsNow()"), truth.shape)
    assert 2 * (found & truth).sum() / (found.sum() + truth.sum()) > 0.8
    page.keyboard.press("m")
    for x, y in to_screen(page, [(10.0, 10.0), (50.0, 10.0)]):
        page.mouse.click(x, y)
    page.get_by_text("Calibration").click()
    page.fill("#ruler-mm", "8")
    page.wait_for_timeout(400)
    page.click("#set-spacing")
    page.wait_for_function("window.periradCanvas && Math.abs(window.periradCanvas.spacing[0] - 0.2) < 0.004")
    assert desk.picture(desk.rows()[7]).spacing_mm == pytest.approx((0.2, 0.2), abs=0.004)


def test_brush_undo_redo_and_keys_analytic(page: Page, server: Server, done: Path) -> None:
    page.goto(f"{server.base}/outline?case=3")
    canvas(page)
    page.locator("#do-clear").click()
    page.locator(".perirad-canvas").focus()
    page.keyboard.press("p")
    (x, y), (u, v) = to_screen(page, [(30, 30), (36, 48)])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(u, v, steps=6)
    page.mouse.up()
    count = "window.periradCanvas.mask.reduce((a, b) => a + b, 0)"
    painted = page.evaluate(count)
    assert painted > 100
    page.keyboard.press("+")
    assert page.evaluate(count) > painted
    page.keyboard.press("Control+z")
    assert page.evaluate(count) == painted
    page.keyboard.press("Control+z")
    assert page.evaluate(count) == 0
    page.keyboard.press("Control+y")
    assert page.evaluate(count) == painted
    page.keyboard.press("n")
    page.wait_for_function("document.querySelector('#case-name').innerText.includes('(5/60)')")


def test_nothing_is_lost_on_reload_or_when_the_server_is_killed_analytic(
    browser: Browser, done: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(done, tmp_path / "study"))
    first = start(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    enter(page, first)
    page.goto(f"{first.base}/outline?case=4")
    canvas(page)
    page.locator("#do-clear").click()
    page.locator(".perirad-canvas").focus()
    draw_polygon(page, CORNERS)
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved')")
    runs = page.evaluate("window.periradCanvas.runsNow()")
    page.wait_for_timeout(300)
    page.reload()
    canvas(page)
    assert page.evaluate("window.periradCanvas.runsNow()") == runs
    first.process.send_signal(signal.SIGKILL)
    stop(first)
    page.close()
    second = start(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    enter(page, second)
    page.goto(f"{second.base}/outline?case=4")
    canvas(page)
    assert page.evaluate("window.periradCanvas.runsNow()") == runs
    page.close()
    stop(second)


def test_dragging_a_polygon_of_240_points_with_three_rings_is_fluent_regression(
    browser: Browser, tmp_path: Path
) -> None:
    """1024 x 768 picture; the interval between frames while a vertex is dragged."""
    folder = write_small_study(tmp_path / "study", 4)
    rng = np.random.default_rng(1)
    grey = rng.integers(0, 255, (768, 1024)).astype(np.uint8)
    for path in (folder / "images").iterdir():
        Pillow.fromarray(grey).save(path)
    toml = folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("[2.0, 4.0]", "[3.0, 5.0, 8.0]"), encoding="utf-8")
    server = start(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    enter(page, server)
    page.goto(f"{server.base}/outline?case=0")
    canvas(page)
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    radius = 120 + 8 * np.sin(5 * angle)
    points = np.column_stack([384 + 0.8 * radius * np.sin(angle), 512 + radius * np.cos(angle)])
    page.evaluate(
        "(points) => { const c = window.periradCanvas; c.spacing = [0.08, 0.08]; c.polygon = { points, open: true };"
        " c.close(); c.frames = []; }",
        points.tolist(),
    )
    (x, y), *_ = to_screen(page, [tuple(points[0])])
    page.locator(".perirad-canvas").focus()
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(150):
        page.mouse.move(x + 40 * np.sin(step / 12), y + 30 * np.cos(step / 9))
    frames = page.evaluate("window.periradCanvas.frames")
    page.mouse.up()
    page.close()
    stop(server)
    intervals = np.diff(np.array(frames))
    assert len(intervals) > 60
    print(f"frame interval: median {np.median(intervals):.1f}, p95 {np.quantile(intervals, 0.95):.1f} ms")
    # What was measured is told in the closing note; the test only catches a canvas that stutters.
    assert np.quantile(intervals, 0.95) < 60.0


def test_a_patient_is_read_as_the_model_reads_them_naive(page: Page, server: Server, done: Path) -> None:
    with (done / "cases.csv").open(encoding="utf-8", newline="") as stream:
        row = next(iter(csv.DictReader(stream)))
    page.goto(f"{server.base}/patient")
    page.fill("#patient-spacing", row["spacing_mm"])
    page.set_input_files("#patient-upload input[type=file]", str(done / row["image"]))
    canvas(page)
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


def test_a_study_from_images_and_a_table_to_its_results_analytic(browser: Browser, tmp_path: Path) -> None:
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
    server = start(home)
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
    page.wait_for_selector("text=report.html: done")
    page.goto(f"{server.base}/results")
    report = page.frame_locator("#report")
    report.locator("#nomogram-risk").wait_for(timeout=20_000)
    assert "Risk of malignant" in report.locator("#nomogram-risk").inner_text()
    page.close()
    stop(server)
