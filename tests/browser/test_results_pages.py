"""Results in a real browser: scenarios, features with their maps, the nomogram with sliders, the audit."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from tests.browser.serving import Serve, Server, enter

from perirad.study.model import load_model
from perirad.table import FeatureTable
from perirad.workbench.desk import Desk
from perirad.workbench.dials import axes_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

TABS = ("/results", "/results?view=scenarios", "/explorer", "/results?view=nomogram", "/audit")
COLUMN = "P4_original_glcm_Contrast"


@pytest.mark.parametrize("path", TABS)
def test_tabs_lead_to_one_another_and_stay_within_the_window_analytic(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.base}{path}")
    tabs = page.locator("nav.perirad-tabs a")
    tabs.first.wait_for()
    assert [tab.get_attribute("href") for tab in tabs.all()] == list(TABS)
    assert page.locator("nav.perirad-tabs a[aria-current=page]").get_attribute("href") == path
    page.wait_for_timeout(1500)
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", TABS[1:])
def test_result_pages_have_no_fault_of_wcag_2_aa_analytic(page: Page, server: Server, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python (dev)")
    page.goto(f"{server.base}{path}")
    page.locator("nav.perirad-tabs").wait_for()
    page.wait_for_timeout(2500)
    # Without `preload`, for which axe fetches the style sheets: a bar of the page's framework would tell of that.
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "iframes": False, "preload": False}
    for _ in range(2):  # light, then dark
        found = axe.Axe().run(page, options=wanted)
        faults = [f"{v['id']}: {n['html'][:160]}" for v in found.response["violations"] for n in v["nodes"]]
        assert faults == []
        page.get_by_label("Light or dark").click()
        page.wait_for_timeout(600)


def test_the_chosen_scenario_stands_out_with_its_reason_naive(page: Page, server: Server, done: Path) -> None:
    page.goto(f"{server.base}/results?view=scenarios")
    chosen = page.locator("#scenario-table tr.chosen")
    name = load_model(done / "results" / "model.json").file.radscore.scenario
    assert chosen.locator("th").inner_text() == f"{name} – chosen"
    assert page.locator("[data-what=why]").first.inner_text().startswith(f"{name} was chosen")
    assert page.locator("#scenario-table tbody tr").count() == 5
    page.wait_for_function("[...document.querySelectorAll('.perirad-figure')].every(e => e.naturalWidth > 0)")
    assert page.locator(".perirad-figure").count() == 3


def test_a_feature_is_found_by_keys_read_and_mapped_naive(page: Page, server: Server, done: Path) -> None:
    page.goto(f"{server.base}/explorer")
    page.locator("#find-feature").fill("p4 original glcm contrast")
    page.wait_for_function("document.querySelector('#n-found').innerText.startsWith('1 of ')")
    page.locator("#find-feature").press("Tab")
    for _ in range(3):  # the button that empties the field may come before the list
        if page.evaluate("document.activeElement.innerText.startsWith('Contrast')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelector('#feature-name').innerText === '{COLUMN}'")
    assert page.locator("[data-fact=ibsi]").inner_text() == "ACUI"
    assert page.locator("[data-fact=what]").inner_text() == "Mean squared difference of neighbours."
    assert "0 to 4 mm" in page.locator("[data-fact=where]").inner_text()
    page.locator("#map-picture svg").wait_for(timeout=30_000)
    features = pd.read_parquet(done / "results" / "features.parquet")[COLUMN]
    rows = pd.read_csv(done / "results" / "predictions.csv").set_index("case_id")
    shown = page.locator("#spread-table tbody tr")
    for outcome in (0, 1):
        own = [float(features[case]) for case in rows[(rows.cohort == "train") & (rows.outcome == outcome)].index]
        cells = shown.nth(outcome).locator("td").all_inner_texts()
        assert int(cells[0]) == len(own)
        assert float(cells[3].replace("−", "-")) == pytest.approx(statistics.median(own), rel=2e-3)
    before = page.locator("#map-picture").get_attribute("data-case")
    page.click("#map-next")
    page.wait_for_function(f"document.querySelector('#map-picture')?.dataset.case > '{before}'", timeout=30_000)
    assert "do not add up" in page.locator("#map-note").inner_text()
    assert f"feature={COLUMN}" in page.url
    page.reload()
    page.wait_for_function(f"document.querySelector('#feature-name')?.innerText === '{COLUMN}'")


def test_a_feature_without_places_says_so_analytic(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/explorer?feature=I_original_shape2D_Elongation")
    note = page.locator("#feature-map .perirad-note")
    note.wait_for()
    assert note.inner_text().startswith("There is no map")
    page.goto(f"{server.base}/explorer?feature=../../study.toml&case=<script>")
    page.locator("#feature-name").wait_for()
    assert "study.toml" not in page.locator("#feature-name").inner_text()


def test_sliders_give_the_risk_of_the_model_naive(page: Page, server: Server, done: Path) -> None:
    page.goto(f"{server.base}/results?view=nomogram")
    model = load_model(done / "results" / "model.json")
    risk = page.locator("#dial-risk")
    risk.wait_for()
    before = float(risk.get_attribute("data-risk") or "nan")
    page.locator("[data-slider=radscore] [tabindex='0']").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"Number(document.querySelector('#dial-risk').dataset.risk) > {before}")
    features = pd.read_parquet(done / "results" / "features.parquet")
    case = str(features.index[4])
    page.locator("#dial-case").fill(case)
    page.get_by_role("option", name=case).click()
    table = FeatureTable((case,), tuple(features.columns), features.loc[[case]].to_numpy())
    row = next(row.cells for row in Desk(done).rows() if row.case_id == case)
    expected = model.read(table, {variable.name: row[variable.name] for variable in model.variables})
    page.wait_for_function(
        f"Math.abs(Number(document.querySelector('#dial-risk').dataset.risk) - {expected.probability!r}) < 1e-9"
    )
    assert float(risk.get_attribute("data-lower") or "nan") == pytest.approx(expected.lower, abs=1e-9)
    assert float(risk.get_attribute("data-total") or "nan") == pytest.approx(expected.total_points, abs=1e-6)
    high = 10 * max(float(axis.values[-1]) for axis in axes_of(model) if axis.variable.name == "radscore")
    page.locator("#dial-radscore").fill(str(high))
    page.wait_for_selector("#dial-out .perirad-note")
    assert "Rad-score lies outside" in page.locator("#dial-out .perirad-note").inner_text()


@pytest.fixture
def own(serve: Serve, browser: Browser, done: Path, tmp_path: Path) -> Iterator[tuple[Page, Server, Path]]:
    """A workbench with a copy of the study, to be changed."""
    folder = tmp_path / "study"
    shutil.copytree(done, folder)
    server = serve(tmp_path, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    enter(page, server)
    yield page, server, folder
    page.close()


def test_an_audit_is_run_shown_and_grows_stale_analytic(own: tuple[Page, Server, Path]) -> None:
    page, server, folder = own
    page.goto(f"{server.base}/audit")
    page.wait_for_selector("#no-audit")
    page.locator("#audit-splits").fill("60")
    page.click("#run-audit")
    page.wait_for_function("!document.querySelector('#cancel-audit').disabled")
    page.click("#cancel-audit")
    page.wait_for_function("document.querySelector('#audit-state').innerText.includes('cancelled')", timeout=60_000)
    page.locator("#audit-splits").fill("2")
    page.click("#run-audit")
    frame = page.frame_locator("#audit-page")
    frame.locator("h1").wait_for(timeout=120_000)
    assert "2 splits" in frame.locator(".subtitle").inner_text()
    assert page.locator("#audit-page").get_attribute("sandbox") == ""
    toml = folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n# looked at again\n", encoding="utf-8")
    page.reload()
    page.wait_for_selector("text=This audit is older")


def test_partial_results_are_told_in_one_line_and_break_no_page_analytic(own: tuple[Page, Server, Path]) -> None:
    page, server, folder = own
    for name, path in (
        ("metrics.json", "/results?view=scenarios"), ("predictions.csv", "/explorer"), ("report.html", "/results"),
        ("features.parquet", "/explorer"), ("model.json", "/results?view=nomogram"),
    ):  # fmt: skip
        (folder / "results" / name).rename(folder / name)
        page.goto(f"{server.base}{path}")
        text = page.locator("#results-trouble, #no-results").first.inner_text()
        assert name in text
        assert "\n" not in text
        (folder / name).rename(folder / "results" / name)
    for path in ("/figure/..%2f..%2fstudy.toml", "/figure/nomogram", "/audit.html", "/figure/%2fetc%2fpasswd"):
        assert page.request.get(f"{server.base}{path}").status == 404
