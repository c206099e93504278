"""What a screen reader and a keyboard meet: names, roles and order of every page, in both languages and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import Serve, Server, enter

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

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


@pytest.mark.parametrize("kind", ["column", "her2"])
def test_the_form_of_a_new_study_has_no_fault_of_wcag_2_aa_analytic(
    serve: Serve, browser: Browser, tmp_path: Path, kind: str
) -> None:
    names = "her2_ihc,her2_ish" if kind == "her2" else "grade,diagnosis"
    table = tmp_path / "cases.csv"
    table.write_text(f"case_id,image,centre,{names}\n1,1.png,A,0,\n2,2.png,B,1+,\n", encoding="utf-8")
    (tmp_path / "home").mkdir()
    server = serve(tmp_path / "home")
    page = browser.new_page(viewport={"width": 820, "height": 1100})
    enter(page, server)
    page.set_input_files("#new-upload input[type=file]", str(table))
    page.wait_for_selector("#make-study")
    page.wait_for_timeout(600)
    assert faults(page) == []
    page.click("#make-study")
    page.wait_for_selector(".q-notification")
    page.wait_for_timeout(600)
    assert faults(page) == []
    page.close()
