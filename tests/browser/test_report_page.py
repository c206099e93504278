"""The report in a real browser: it fetches nothing, complains of nothing, and its nomogram agrees with the model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from tests.study.small import write_small_study

from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.points import build_nomogram
from perirad.nomogram.records import Variable
from perirad.nomogram.spline import spline_knots
from perirad.report.html import write_html
from perirad.study import engine
from perirad.study.model import load_model
from perirad.study.reporting import make_contents
from perirad.study.settings import open_study
from perirad.table import FeatureTable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
N_PATIENTS = 20


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_small_study(tmp_path_factory.mktemp("browser") / "study", radius=(7.0, 11.0))
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace('keep = "multivariable"', 'keep = "all"')
    toml.write_text(text, encoding="utf-8")
    engine.run(open_study(folder), workers=1)
    return folder


@pytest.fixture
def page(browser: Browser, study: Path) -> Iterator[Page]:
    """The report, offline; any word on the console and any request but for the file itself fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True, accept_downloads=True)
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    address = (study / "results" / "report.html").as_uri()
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.split("#")[0] == address or request.url.startswith(("data:", "blob:"))
            else complaints.append(request.url)
        ),
    )
    opened.goto(address)
    yield opened
    context.close()
    assert complaints == []


def read(page: Page) -> tuple[float, float, float]:
    out = page.locator("#nomogram-risk")
    names = ("data-risk", "data-lower", "data-upper")
    risk, lower, upper = (float(out.get_attribute(name) or "nan") for name in names)
    return risk, lower, upper


def test_the_nomogram_agrees_with_score_for_twenty_patients_naive(page: Page, study: Path) -> None:
    """The Rad-score and clinical values of each patient, typed in, against what `perirad score` reads for them."""
    model = load_model(study / "results" / "model.json")
    cases = pd.read_csv(study / "cases.csv", dtype=str).set_index("case_id")
    features = pd.read_parquet(study / "results" / "features.parquet")
    risks = set()
    for case in features.index[:N_PATIENTS]:
        clinical = {name: str(cases.loc[case, name]) for name in ("age", "menopause")}
        table = FeatureTable((case,), tuple(features.columns), features.loc[[case]].to_numpy())
        reading = model.read(table, clinical)
        page.fill("#value-radscore", repr(reading.radscore))
        page.fill("#value-age", clinical["age"])
        page.select_option("#value-menopause", clinical["menopause"])
        risk, lower, upper = read(page)
        assert risk == pytest.approx(reading.probability, abs=1e-9)
        assert lower == pytest.approx(reading.lower, abs=1e-9)
        assert upper == pytest.approx(reading.upper, abs=1e-9)
        total = float(page.locator("#nomogram-risk").get_attribute("data-total") or "nan")
        assert total == pytest.approx(reading.total_points, abs=1e-6)
        risks.add(risk)
    assert len(risks) == N_PATIENTS


def test_clicks_sliders_and_warnings_of_the_nomogram_analytic(page: Page) -> None:
    before = read(page)[0]
    slider = page.locator("#nomogram-live input[type=range]").first
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert read(page)[0] > before
    axis = page.locator("#nomogram-live .target").nth(1)
    box = axis.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2)
    age = page.locator("#value-age").input_value()
    page.mouse.click(box["x"] + 90, box["y"] + box["height"] / 2)
    assert page.locator("#value-age").input_value() != age
    assert page.locator("#nomogram-warning").inner_text() == ""
    page.fill("#value-age", "140")
    warning = page.locator("#nomogram-warning").inner_text()
    assert re.search(r"Age 140 lies outside what training had seen \(\d+ to \d+\)", warning)
    risk, lower, upper = read(page)
    assert lower < risk < upper


def test_cases_can_be_leafed_through_by_keys_and_chosen_analytic(page: Page, study: Path) -> None:
    cases = list(pd.read_csv(study / "results" / "predictions.csv", dtype={"case_id": str}).case_id)
    heading = page.locator("#cases-live h4")
    assert heading.inner_text() == f"Case {cases[0]}"
    page.locator("#cases-live .view").focus()
    page.keyboard.press("ArrowRight")
    assert heading.inner_text() == f"Case {cases[1]}"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert heading.inner_text() == f"Case {cases[-1]}"
    assert page.locator("#cases-live .view .outline").count() == 3
    page.locator("#cases-live .region input").first.uncheck()
    assert page.locator("#cases-live .view .outline").count() == 2
    page.select_option("#cases-live select >> nth=1", "1")
    events = int(page.locator("#cases-live .count").inner_text().split()[0])
    assert events == int(pd.read_csv(study / "results" / "predictions.csv").outcome.sum())


def test_figures_and_tables_can_be_downloaded_analytic(page: Page) -> None:
    with page.expect_download() as vector:
        page.get_by_role("button", name="Download figure roc as SVG").click()
    assert vector.value.suggested_filename == "roc.svg"
    assert Path(vector.value.path()).read_bytes().startswith(b"<?xml")
    with page.expect_download() as pixels:
        page.get_by_role("button", name="Download figure roc as picture").click()
    assert pixels.value.suggested_filename == "roc.png"
    assert Path(pixels.value.path()).read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as table:
        page.get_by_role("button", name="Download this table as CSV").first.click()
    text = Path(table.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith('"Cohort","Patients"')


def test_dark_and_narrow_analytic(page: Page) -> None:
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_splines_and_levels_agree_too_naive(browser: Browser, study: Path, tmp_path: Path) -> None:
    """A model with a spline and a variable of four levels, read by the script and by the model."""
    rng = np.random.default_rng(8)
    n = 300
    age, level = rng.normal(55, 12, n), rng.integers(0, 4, n)
    outcome = (rng.random(n) < 1 / (1 + np.exp(-np.abs(age - 55) / 10 + level / 2))).astype(np.int64)
    levels = ("none", 'a <b> & "c"', "two", "three")
    columns: dict[str, list[object]] = {"age": age.tolist(), "kind": [levels[k] for k in level]}
    knots = spline_knots(age, 4)
    variables = [
        Variable("age", "Age", "continuous", (), "years", knots), Variable("kind", "Kind", "categorical", levels),
    ]  # fmt: skip
    fit = fit_logistic(columns, outcome, variables)
    ranges = {"age": (float(age.min()), float(age.max()))}
    record = build_nomogram(fit, ranges, outcome_label="Risk")
    done = engine.validate(engine.fit(engine.extract(open_study(study), workers=1), workers=1), workers=1)
    contents = replace(
        make_contents(done), combined_fit=fit, nomogram=record, ranges=ranges, insight=make_contents(done).insight
    )
    contents = replace(contents, insight=replace(contents.insight, reading=None))
    write_html(contents, tmp_path / "report.html")
    opened = browser.new_page()
    opened.goto((tmp_path / "report.html").as_uri())
    design = json.loads(opened.locator("#nomogram-data").inner_text() or "{}")
    assert [item["name"] for item in design["variables"]] == ["age", "kind"]
    for value in (21.5, 44.0, 58.25, 77.0, 93.0):
        for name in levels:
            opened.fill("#value-age", str(value))
            opened.select_option("#value-kind", name)
            lp = fit.coefficients @ _row(value, name, variables)
            assert read(opened)[0] == pytest.approx(1 / (1 + np.exp(-lp)), abs=1e-12)
    opened.close()


def _row(age: float, kind: str, variables: list[Variable]) -> np.ndarray:
    """Terms of a patient written out: restricted cubic spline and indicators."""
    t = variables[0].knots
    terms = [
        (
            max(age - t[j], 0) ** 3
            - max(age - t[-2], 0) ** 3 * (t[-1] - t[j]) / (t[-1] - t[-2])
            + max(age - t[-1], 0) ** 3 * (t[-2] - t[j]) / (t[-1] - t[-2])
        )
        / (t[-1] - t[0]) ** 2
        for j in range(len(t) - 2)
    ]
    return np.array([1.0, age, *terms, *(float(kind == level) for level in variables[1].levels[1:])])
