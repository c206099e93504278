"""Frames of the workbench's canvas while an outline of 240 points with three rings is dragged, in a headless Chromium.

Beside them the frames of the same page while nothing is drawn: what the browser itself can do on this machine.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from tests.browser.serving import canvas, enter, start, stop, to_screen
from tests.study.small import write_small_study

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
IDLE = (
    "() => new Promise((done) => { const times = []; const step = (time) => { times.push(time);"
    " times.length < 150 ? requestAnimationFrame(step) : done(times); }; requestAnimationFrame(step); })"
)


def study(folder: Path) -> Path:
    """A study whose pictures have 1024 x 768 pixels."""
    made = write_small_study(folder / "study", 4)
    grey = np.random.default_rng(1).integers(0, 255, (768, 1024)).astype(np.uint8)
    for path in (made / "images").iterdir():
        Image.fromarray(grey).save(path)
    toml = made / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("[2.0, 4.0]", "[3.0, 5.0, 8.0]"), encoding="utf-8")
    return made


def outline() -> list[tuple[float, float]]:
    """240 points (row, column) about the middle of the picture."""
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    radius = 120 + 8 * np.sin(5 * angle)
    return list(zip(384 + 0.8 * radius * np.sin(angle), 512 + radius * np.cos(angle), strict=True))


def told(name: str, times: list[float]) -> float:
    """Print and return the 95 % quantile of the intervals, ms."""
    intervals = np.diff(np.array(times))
    high = float(np.quantile(intervals, 0.95))
    print(f"{name:32} median {np.median(intervals):5.1f} ms   95 % {high:5.1f} ms   ({len(intervals)} frames)")
    return high


def main() -> None:
    """Print intervals between frames, dragging and idle, and their ratio."""
    found = next((path for name in COMMANDS if (path := shutil.which(name))), None)
    if found is None:
        print("left out: needs Chromium (Debian package chromium)")
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        server = start(Path(folder), study(Path(folder)))
        browser = play.chromium.launch(executable_path=found, args=["--disable-gpu", *sandbox])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        enter(page, server)
        page.goto(f"{server.base}/outline?case=0")
        canvas(page)
        idle = told("nothing is drawn", page.evaluate(IDLE))
        points = outline()
        page.evaluate(
            "(points) => { const c = window.periradCanvas; c.spacing = [0.08, 0.08];"
            " c.polygon = { points, open: true }; c.close(); c.frames = []; }",
            [list(point) for point in points],
        )
        [(x, y)] = to_screen(page, points[:1])
        page.locator(".perirad-canvas").focus()
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(150):
            page.mouse.move(x + 40 * np.sin(step / 12), y + 30 * np.cos(step / 9))
        dragged = told("240 points, rings of 3, 5, 8 mm", page.evaluate("window.periradCanvas.frames"))
        page.mouse.up()
        browser.close()
        stop(server)
    print(f"ratio of the 95 % quantiles: {dragged / idle:.2f}")


if __name__ == "__main__":
    main()
