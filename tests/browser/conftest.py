"""A real browser: Chromium as the system has it, driven from Python."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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
