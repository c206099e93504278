"""A real browser: Chromium as the system has it, driven from Python."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import Serve, Server, enter, start, stop
from tests.study.small import write_small_study

from perirad.study import engine
from perirad.study.settings import open_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need the package playwright (extra dev)")

COMMANDS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; tests are skipped, with the reason, where there is none."""
    found = next((path for name in COMMANDS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("browser tests need Chromium (Debian package chromium)")
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_api.sync_playwright() as play:
        running = play.chromium.launch(executable_path=found, args=["--disable-gpu", *sandbox])
        yield running
        running.close()


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small simulated study that was run."""
    folder = write_small_study(tmp_path_factory.mktemp("bench") / "study", 60, radius=(7.0, 11.0))
    engine.run(open_study(folder), workers=1)
    return folder


@pytest.fixture(scope="module")
def server(done: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A workbench with that study open."""
    running = start(tmp_path_factory.mktemp("home"), done)
    yield running
    stop(running)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start workbenches as `start` does; each ends with its test, also where that fails: the next would be blamed."""
    with ExitStack() as ending:

        def started(home: Path, study: Path | None = None, port: int = 0) -> Server:
            server = start(home, study, port)
            ending.callback(stop, server)
            return server

        yield started


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
