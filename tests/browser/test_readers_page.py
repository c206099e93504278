"""Two readers in a real browser: compared, measured, joined."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.browser.serving import Serve, canvas, enter

from perirad.workbench.desk import Desk
from perirad.workbench.outlines import OutlineStore, to_runs
from perirad.workbench.readers import CONSENSUS, compare

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow


def test_readers_are_compared_measured_and_joined_naive(
    serve: Serve, browser: Browser, done: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(done, tmp_path / "study"))
    desk = Desk(folder)
    for at in range(8):
        row = desk.rows()[at]
        mask = np.asarray(Pillow.open(folder / row.cells["mask"])) > 0
        OutlineStore(folder, "reader 1").save(row.case_id, mask.shape, to_runs(mask))
        if at != 7:
            OutlineStore(folder, "reader 2").save(row.case_id, mask.shape, to_runs(np.roll(mask, at % 3, axis=1)))
    server = serve(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    enter(page, server)
    page.goto(f"{server.base}/readers")
    page.wait_for_selector("#agreement")
    assert page.locator("#hidden").inner_text().endswith(": 1")
    found = compare(desk, "reader 1", "reader 2")
    dice = [pair.found.dice for pair in found.pairs if pair.found is not None]
    assert f"7 cases; Dice, median (quartiles): {np.median(dice):.3f}" in page.locator("#agreement").inner_text()
    with page.expect_download() as saved:
        page.click("#save-agreement")
    with Path(saved.value.path()).open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == 7
    worst = found.pairs[0]
    page.get_by_role("button", name=f"Look at: {worst.case_id}").click()
    page.click("#join-halfway")
    page.wait_for_selector("#reader-look >> text=consensus")
    shape = desk.picture(desk.rows()[worst.at]).shape
    joint = OutlineStore(folder, CONSENSUS).load(worst.case_id, shape)
    assert joint is not None
    assert joint.done
    page.click("#icc-start")
    page.wait_for_selector("#icc-found", timeout=60_000)
    assert "ICC2, 7 cases" in page.locator("#icc-found").inner_text()
    page.click("#use-second")
    page.wait_for_selector("text=7 outlines are in the column mask_2")
    assert desk.rows()[0].cells["mask_2"].startswith("outlines/reader")
    page.click("#consensus-all")
    page.wait_for_selector("text=7 consensus outlines were made")
    page.click("#edit-consensus")
    page.wait_for_function("window.periradCanvas && window.periradCanvas.bitmap")
    canvas(page)
    assert page.evaluate("window.periradCanvas.runsNow()") == to_runs(joint.lesion)
    assert errors == []
    page.close()
