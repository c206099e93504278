"""What a screen reader and a keyboard meet: names, roles and order of every page, in both languages and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

sync_playwright = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="needs the package axe-playwright-python (extra dev)"
)

pytestmark = pytest.mark.slow

PAGES = ("/", "/outline?case=2", "/readers", "/quality", "/results", "/patient")


def faults(page: Page) -> list[str]:
    """Violations of the rules of WCAG 2 A and AA that axe can tell, a line each."""
    found = sync_playwright.Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "iframes": False, "preload": False}
    )
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found.response["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_fault_of_wcag_2_aa_analytic(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.base}{path}")
    page.wait_for_selector('a[aria-current="page"]')
    page.wait_for_timeout(600)
    assert faults(page) == []
