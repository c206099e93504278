"""A workbench in a process of its own, and a browser's hands on its canvas."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

CORNERS = [(20.3, 30.2), (22.7, 52.4), (40.1, 55.8), (50.6, 41.9), (38.2, 26.4)]


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


class Serve(Protocol):
    """What the fixture `serve` gives: `start`, of a server that ends with the test."""

    def __call__(self, home: Path, study: Path | None = None, port: int = 0) -> Server: ...


def start(home: Path, study: Path | None = None, port: int = 0) -> Server:
    words = [sys.executable, "-m", "perirad", "workbench", *([str(study)] if study else [])]
    process = subprocess.Popen(
        [*words, "--port", str(port), "--home", str(home)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
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


def drop_patient(page: Page, server: Server, path: Path, *, frame: str = "", spacing_mm: str = "") -> None:
    """Drop an image that is taken, and wait for its page: the page before may show a patient too."""
    page.goto(f"{server.base}/patient")
    page.fill("#patient-frame", frame)
    page.fill("#patient-spacing", spacing_mm)
    with page.expect_navigation():
        page.set_input_files("#patient-upload input[type=file]", str(path))
    canvas(page)


def canvas(page: Page) -> None:
    page.wait_for_function("window.periradCanvas && window.periradCanvas.bitmap")


def wait_until_kept(page: Page) -> None:
    """Wait until the browser holds nothing back: the server has said that it kept all that was drawn."""
    page.wait_for_function("!Object.keys(localStorage).some((name) => name.startsWith('perirad-'))")


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


def blank_canvas(page: Page, server: Server, case: int) -> None:
    """Open the outlines at a case, with nothing drawn and the keys going to the canvas."""
    page.goto(f"{server.base}/outline?case={case}")
    canvas(page)
    page.locator("#do-clear").click()
    page.locator(".perirad-canvas").focus()


def choose(page: Page, mark: str, *names: str) -> None:
    """Choose from a list of several, as eyes and a hand do: when it is there, and until it is gone."""
    page.locator(f"#{mark}").click()
    for name in names:
        page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")
    page.locator("[role=listbox]").wait_for(state="detached")


def look(page: Page, name: str) -> None:
    """Keep a picture of the page in the folder `PERIRAD_LOOK`, if that is set: for eyes, not for tests."""
    if folder := os.environ.get("PERIRAD_LOOK"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
