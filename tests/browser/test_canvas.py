"""The canvas in a real browser: the same pixels as in Python, tools and keys, and nothing lost."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.browser.serving import (
    CORNERS,
    Serve,
    Server,
    blank_canvas,
    canvas,
    draw_polygon,
    enter,
    stop,
    to_screen,
    wait_until_kept,
)
from tests.study.small import write_small_study

from perirad.image.polygon import rasterise
from perirad.image.ruler import read_ruler
from perirad.regions.exclusion import Cause, Exclusions
from perirad.regions.lesion import lesion_region
from perirad.regions.ring import rings
from perirad.simulate.screenshot import simulate_screenshot
from perirad.workbench.desk import Desk
from perirad.workbench.messages import Words
from perirad.workbench.outlines import OutlineStore, from_runs, to_runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


def test_an_outline_has_the_same_pixels_in_the_browser_and_in_python_naive(
    page: Page, server: Server, done: Path
) -> None:
    blank_canvas(page, server, 1)
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
    blank_canvas(page, server, 7)
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
    blank_canvas(page, server, 3)
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
    serve: Serve, browser: Browser, done: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(done, tmp_path / "study"))
    first = serve(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    enter(page, first)
    blank_canvas(page, first, 4)
    draw_polygon(page, CORNERS)
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved')")
    runs = page.evaluate("window.periradCanvas.runsNow()")
    wait_until_kept(page)
    page.reload()
    canvas(page)
    assert page.evaluate("window.periradCanvas.runsNow()") == runs
    first.process.send_signal(signal.SIGKILL)
    stop(first)
    page.close()
    second = serve(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    enter(page, second)
    page.goto(f"{second.base}/outline?case=4")
    canvas(page)
    assert page.evaluate("window.periradCanvas.runsNow()") == runs
    page.close()


def test_several_lesions_are_drawn_kept_and_studied_in_turn_analytic(page: Page, server: Server, done: Path) -> None:
    blank_canvas(page, server, 9)
    draw_polygon(page, CORNERS)
    page.keyboard.press("a")
    page.wait_for_selector("#lesion-1[aria-pressed=true]")
    page.locator(".perirad-canvas").focus()
    draw_polygon(page, [(r + 14, c + 20) for r, c in CORNERS])
    page.wait_for_function("document.querySelector('#lesion-1').innerText.includes('mm²')")
    lesions = page.evaluate("window.periradCanvas.snapshot().lesions")
    desk = Desk(done)
    row = desk.rows()[9]
    picture = desk.picture(row)
    first, second = (from_runs(runs, picture.shape) for runs in lesions)
    made = rings(
        lesion_region(first, picture.image), picture.image, (2.0, 4.0),
        exclusions=Exclusions({Cause.OTHER_LESION: second & ~first}),
    )  # fmt: skip
    lost = page.evaluate("window.periradCanvas.lost")
    assert made[1].lost_fraction["other lesion"] > 0.01
    assert lost == pytest.approx([ring.lost_total for ring in made], abs=1e-12)
    page.click("#lesion-study")
    page.wait_for_selector("#lesion-0[aria-pressed=true]")
    wait_until_kept(page)
    saved = OutlineStore(done, "reader 1").load(row.case_id, picture.shape)
    assert saved is not None
    np.testing.assert_array_equal(saved.lesion, second)
    np.testing.assert_array_equal(saved.others, [first])
    page.click("#lesion-remove")
    page.wait_for_selector("#lesion-1", state="detached")
    page.keyboard.press("Control+z")


def test_undo_leads_back_beyond_a_reload_and_redo_forth_again_analytic(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/outline?case=11")
    canvas(page)
    page.locator(".perirad-canvas").focus()
    state = "JSON.stringify([window.periradCanvas.snapshot().lesions, window.periradCanvas.snapshot().exclusion])"
    states = [page.evaluate(state)]
    page.keyboard.press("+")
    states.append(page.evaluate(state))
    page.keyboard.press("x")
    (x, y), *_ = to_screen(page, [(8.0, 8.0)])
    page.mouse.click(x, y)
    states.append(page.evaluate(state))
    page.keyboard.press("-")
    states.append(page.evaluate(state))
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved (3)')")
    assert len(set(states)) == 4
    for way, order in (("Control+z", [2, 1, 0]), ("Control+y", [1, 2, 3]), ("Control+z", [2])):
        page.reload()
        canvas(page)
        page.locator(".perirad-canvas").focus()
        for at in order:
            page.keyboard.press(way)
            page.wait_for_function(f"(wanted) => {state} === wanted", arg=states[at])
        wait_until_kept(page)


def test_a_lesion_is_outlined_without_a_mouse_naive(page: Page, server: Server) -> None:
    blank_canvas(page, server, 12)
    page.keyboard.press("3")
    page.keyboard.press(" ")
    at = [36, 40]
    said = page.locator(".perirad-said")
    assert page.evaluate("window.periradCanvas.cursor") == at
    corners = []
    moves = (
        ("ArrowUp", 10, (-10, 0)),
        ("ArrowRight", 12, (0, 12)),
        ("ArrowDown", 14, (14, 0)),
        ("ArrowLeft", 9, (0, -9)),
    )
    for key, count, (down, across) in moves:
        for _ in range(count):
            page.keyboard.press(key)
        at = [at[0] + down, at[1] + across]
        assert said.inner_text() == f"row {at[0]}, column {at[1]}"
        page.keyboard.press(" ")
        corners.append(tuple(at))
        assert said.inner_text().startswith(f"point {len(corners)} ")
    page.keyboard.press("Enter")
    runs = page.evaluate("window.periradCanvas.runsNow()")
    np.testing.assert_array_equal(from_runs(runs, (72, 80)), rasterise([corners], (72, 80)))
    assert "mm²" in said.inner_text()


def test_controls_beside_the_canvas_act_while_the_server_stands_still_analytic(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/outline?case=14")
    canvas(page)
    page.keyboard.press("Escape")
    words = {key: f"[aria-label='{Words()(key)}']" for key in ("brush_mm", "window_low", "window_high")}
    server.process.send_signal(signal.SIGSTOP)
    try:
        page.click("#tool-paint")
        assert page.evaluate("window.periradCanvas.tool") == "paint"
        page.click("#lesion-new")
        assert page.evaluate("window.periradCanvas.lesions.length") == 2
        page.click("#do-clear")
        assert not page.evaluate("window.periradCanvas.mask.includes(1)")
        page.get_by_role("switch", name=Words()("rings")).click()
        assert not page.evaluate("window.periradCanvas.ringsOn")
        page.locator(words["brush_mm"]).locator("[tabindex='0']").press("ArrowRight")
        assert page.evaluate("window.periradCanvas.radius") == 1.75
        for end, key, at in (("low", "ArrowRight", 1), ("high", "ArrowLeft", 254)):
            page.locator(words[f"window_{end}"]).locator("[tabindex='0']").press(key)
            assert page.evaluate(f"window.periradCanvas.levels.{end}") == at
    finally:
        server.process.send_signal(signal.SIGCONT)
    page.wait_for_function("document.querySelector('#tool-paint').ariaPressed === 'true'")


def test_undo_works_beside_the_canvas_and_tools_give_the_keys_back_analytic(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/outline?case=13")
    canvas(page)
    empty, drawn = "!window.periradCanvas.mask.includes(1)", "window.periradCanvas.mask.includes(1)"
    page.locator(".perirad-canvas").focus()
    page.keyboard.press("+")
    page.wait_for_function(drawn)
    page.click("#do-clear")
    page.wait_for_function(empty)
    page.keyboard.press("e")  # the click left the keys with the canvas
    page.wait_for_function("window.periradCanvas.tool === 'erase'")
    page.locator("#tool-hand").focus()
    page.keyboard.press("Control+z")
    page.wait_for_function(drawn)
    page.locator("#tool-hand").press("Enter")  # by the keyboard: the focus stays among the tools
    page.wait_for_function("window.periradCanvas.tool === 'hand'")
    assert page.evaluate("document.activeElement.id") == "tool-hand"
    page.keyboard.press("b")
    page.wait_for_timeout(100)
    assert page.evaluate("window.periradCanvas.tool") == "hand"
    before = page.evaluate("window.periradCanvas.runsNow()")
    page.locator("[for=reader]").press("Control+z")  # undoes what is typed, nothing else
    page.wait_for_timeout(100)
    assert page.evaluate("window.periradCanvas.runsNow()") == before


def test_what_is_drawn_while_the_server_is_gone_is_not_lost_analytic(
    serve: Serve, browser: Browser, done: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(done, tmp_path / "study"))
    first = serve(tmp_path, folder)
    port = int(first.base.rsplit(":", 1)[1])
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    enter(page, first)
    page.goto(f"{first.base}/outline?case=6")
    canvas(page)
    page.locator(".perirad-canvas").focus()
    page.keyboard.press("+")
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved')")
    first.process.send_signal(signal.SIGKILL)
    stop(first)
    page.click("#do-shrink")
    page.click("#tool-exclude")
    (x, y), *_ = to_screen(page, [(6.0, 6.0)])
    page.mouse.click(x, y)
    state = "[window.periradCanvas.snapshot().lesions, window.periradCanvas.snapshot().exclusion]"
    drawn = page.evaluate(state)
    assert len(drawn[1]) > 1
    page.close()
    second = serve(tmp_path, folder, port)
    page = context.new_page()
    enter(page, second)
    page.goto(f"{second.base}/outline?case=6")
    canvas(page)
    page.wait_for_function("document.querySelector('#save-state').innerText.includes('saved (2)')")
    assert page.evaluate(state) == drawn
    wait_until_kept(page)
    row = Desk(folder).rows()[6]
    saved = OutlineStore(folder, "reader 1").load(row.case_id, (72, 80))
    assert saved is not None
    assert to_runs(saved.lesion) == drawn[0][0]
    context.close()


def test_the_ruler_of_a_screenshot_is_read_and_used_analytic(serve: Serve, browser: Browser, tmp_path: Path) -> None:
    """Against the spacing that the screenshot was drawn with."""
    folder = write_small_study(tmp_path / "study", 4)
    seed = next(n for n in range(50) if (found := read_ruler(simulate_screenshot(n).pixels)) and found.is_sure)
    shot = simulate_screenshot(seed)
    desk = Desk(folder)
    row = desk.rows()[1]
    Pillow.fromarray(shot.pixels).save(folder / row.cells["image"])
    desk.set_cells({row.case_id: {"spacing_mm": ""}})
    server = serve(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    enter(page, server)
    page.goto(f"{server.base}/outline?case=1")
    canvas(page)
    page.wait_for_selector("#no-spacing")
    page.click("#read-ruler")
    page.wait_for_selector("#use-ruler")
    assert page.evaluate("window.periradCanvas.marks.length") >= 3
    page.click("#use-ruler")
    page.wait_for_function("window.periradCanvas && window.periradCanvas.spacing")
    page.close()
    spacing_mm = desk.picture(desk.rows()[1]).spacing_mm
    assert spacing_mm == pytest.approx(shot.spacing_mm, rel=0.02)
