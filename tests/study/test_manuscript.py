"""Text of the manuscript, checklists and insight of a whole study: every number has its place in metrics.json."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docx import Document

from perirad.features.extract import extract
from perirad.regions.region import Region
from perirad.report.checklists.all import checklists
from perirad.report.checklists.metrics_score import METRICS, metrics_score
from perirad.report.checklists.records import Answer, Answered
from perirad.report.contents import ReportContents
from perirad.report.prose.manuscript import manuscript
from perirad.report.prose.quotes import found_at, quoted, said
from perirad.study import engine
from perirad.study.extraction import prepare_case
from perirad.study.feature_maps import RADIUS_MM, local_values
from perirad.study.gather import recipe_of
from perirad.study.patients import contributions_of, reading_of, typical_cases
from perirad.study.records import Validated
from perirad.study.reporting import make_contents
from perirad.study.settings import open_study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def validated(done: Path, tmp_path_factory: pytest.TempPathFactory) -> Validated:
    """The same study once more, in a folder of its own."""
    study = open_study(shutil.copytree(done, tmp_path_factory.mktemp("again") / "study"))
    return engine.validate(engine.fit(engine.extract(study, workers=1), workers=1), workers=1)


@pytest.fixture(scope="module")
def contents(validated: Validated) -> ReportContents:
    return make_contents(validated)


@pytest.fixture(scope="module")
def metrics(done: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((done / "results" / "metrics.json").read_text(encoding="utf-8"))
    return found


def test_each_number_of_the_text_is_in_the_metrics_analytic(contents: ReportContents, metrics: dict[str, Any]) -> None:
    names = sorted([*metrics["scenario"]["cross_validated_auc"], *metrics["design"]["regions"]["lost"]], key=len)[::-1]
    chapters = manuscript(contents)
    assert [chapter.anchor for chapter in chapters] == ["methods", "results", "limitations", "plain"]
    count = 0
    for chapter in chapters:
        for _, passages in chapter.paragraphs:
            for passage in passages:
                for part in passage.parts:
                    if isinstance(part, str):
                        left = part
                        for name in names:
                            left = left.replace(name, "")
                        assert not re.search(r"\d", left), part
                    else:
                        assert said(found_at(metrics, part.path), part.form) == part.text
                        count += 1
    assert count > 80


def test_the_list_of_numbers_names_their_places_analytic(done: Path, metrics: dict[str, Any]) -> None:
    with (done / "results" / "text" / "numbers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 80
    text = (done / "results" / "text" / "manuscript.md").read_text(encoding="utf-8")
    for row in rows:
        found_at(metrics, row["path in metrics.json"])
        assert row["text"] in text
    auc = metrics["models"]["Nomogram"]["test"]["auc"]
    assert f"the AUC of the nomogram was {auc['estimate']:.3f} (" in text


def test_the_word_document_says_the_same_naive(done: Path) -> None:
    markdown = (done / "results" / "text" / "manuscript.md").read_text(encoding="utf-8")
    document = Document(str(done / "results" / "text" / "manuscript.docx"))
    paragraphs = [item.text for item in document.paragraphs if item.text]
    plain = markdown.replace("**", "").replace("# ", "").replace("#", "").replace("- ", "")
    for paragraph in paragraphs:
        assert paragraph.replace("- ", "") in plain


def test_a_simulated_study_says_so_in_its_text_analytic(contents: ReportContents) -> None:
    text = {
        chapter.anchor: " ".join(part.text for _, found in chapter.paragraphs for part in found)
        for chapter in manuscript(contents)
    }
    assert "no patient is behind any figure" in text["methods"]
    assert "simulated" in text["limitations"]
    assert "made up by a computer" in text["plain"]


def test_a_path_that_is_not_there_writes_no_sentence_analytic() -> None:
    with pytest.raises(KeyError):
        quoted("{design/nothing|count} patients", {"design": {}})
    assert quoted("{a/1/n|count} of {a/0/n|count}", {"a": [{"n": 5}, {"n": 1200}]}).text == "1,200 of 5"


def test_contributions_add_up_to_the_risk_analytic(validated: Validated) -> None:
    cases = typical_cases(validated)
    assert [validated.fitted.analysed.cases[at].outcome for at in cases] == [0, 1]
    for at in range(len(validated.fitted.analysed.cases)):
        found = contributions_of(validated, at)
        log_odds = found.baseline + math.fsum(part.amount for part in found.parts)
        assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(found.probability, abs=1e-12)


def test_contributions_of_the_training_patients_cancel_analytic(validated: Validated) -> None:
    """Each part is against its mean in training, so over the training patients every part sums to nothing."""
    train = np.flatnonzero(np.array(validated.fitted.analysed.cohort_of_row) == "train")
    amounts = np.array([[part.amount for part in contributions_of(validated, int(at)).parts] for at in train])
    assert np.abs(amounts.mean(axis=0)).max() < 1e-12
    assert np.abs(amounts).max() > 0.1


def test_a_reading_is_the_prediction_naive(validated: Validated) -> None:
    at = typical_cases(validated)[1]
    reading = reading_of(validated, at)
    assert reading.probability == validated.predictions.scores.p_combined[at]
    assert reading.total_points == pytest.approx(validated.predictions.total_points[at], abs=1e-9)
    assert sum(reading.points.values()) == pytest.approx(reading.total_points, abs=1e-9)


def test_a_map_is_the_feature_in_discs_naive(validated: Validated) -> None:
    analysed = validated.fitted.analysed
    recipe = recipe_of(analysed.study.settings)
    files = analysed.cases[0].files
    assert files is not None
    image, regions = prepare_case(files, recipe)
    ring = next(region for region in regions if region.name == "P4")
    column = "P4_wavelet-LH_glcm_Contrast"
    found = local_values(image, ring, column, recipe.features)
    assert np.isnan(found[~ring.mask]).all()
    assert np.isfinite(found[ring.mask]).mean() > 0.95
    rows, columns = np.nonzero(ring.mask)
    step = round(1.0 / image.spacing_mm[0])
    on_grid = ((rows - rows.min()) % step == 0) & ((columns - columns.min()) % step == 0)
    for row, column_at in list(zip(rows[on_grid], columns[on_grid], strict=True))[::40]:
        y, x = np.mgrid[: image.shape[0], : image.shape[1]]
        near = np.hypot((y - row) * image.spacing_mm[0], (x - column_at) * image.spacing_mm[1]) <= RADIUS_MM
        table = extract(image, [Region("P4", near & ring.mask, image.spacing_mm)], recipe.features)
        assert found[row, column_at] == pytest.approx(table.take(columns=[column]).values[0, 0], rel=1e-9, nan_ok=True)


def test_checklists_have_all_items_and_leave_the_authors_theirs_analytic(contents: ReportContents) -> None:
    found = {item.stem: item for item in checklists(contents)}
    assert {stem: len(item.rows) for stem, item in found.items()} == {
        "tripod_ai": 52, "clear": 58, "metrics": 30, "ibsi": 41, "probast_ai": 34,
    }  # fmt: skip
    assert len({row.item.number.rstrip("abcdefg") for row in found["tripod_ai"].rows}) == 27
    assert [row.item.number for row in found["clear"].rows] == [str(number) for number in range(1, 59)]
    clear = {row.item.number: row.answer.status for row in found["clear"].rows}
    assert clear["8"] == "authors"  # ethics
    assert clear["31"] == "no"  # no second reader
    assert clear["40"] == "yes"  # intervals
    assert "METRICS score" in found["metrics"].score
    assert sum(row.item.key == "external" and row.answer.status == "no" for row in found["metrics"].rows) == 1


def test_the_metrics_score_by_hand_analytic() -> None:
    assert sum(item.weight for item in METRICS) == pytest.approx(1.0, abs=5e-4)
    everything = [Answered(item, Answer("yes", "")) for item in METRICS]
    assert metrics_score(everything) == pytest.approx((100.0, 100.0))
    three = [
        Answered(METRICS[0], Answer("yes", "")), Answered(METRICS[1], Answer("authors", "")),
        Answered(METRICS[2], Answer("no", "")), Answered(METRICS[3], Answer("n/a", "")),
    ]  # fmt: skip
    whole = 0.0368 + 0.0735 + 0.0919
    assert metrics_score(three) == pytest.approx((100 * 0.0368 / whole, 100 * (0.0368 + 0.0735) / whole))
    assert metrics_score([]) == (0.0, 0.0)


def test_insight_agrees_with_the_run_naive(validated: Validated, contents: ReportContents) -> None:
    development, insight = validated.fitted.development, contents.insight
    fit = development.scenarios[development.chosen]
    assert insight.path is not None
    at = insight.path.coefficients[insight.path.index]
    chosen = {name: value for name, value in zip(insight.path.columns, at, strict=True) if value != 0}
    assert chosen == dict(zip(fit.score.columns, fit.score.coefficients, strict=True))
    assert insight.counts is not None
    for k, (_, left) in enumerate(fit.steps):
        assert sum(row.left[k] for row in insight.counts.rows) == left
    assert sum(row.left[-1] for row in insight.counts.rows) == len(fit.score.columns)
    assert [item.width_mm for item in insight.widths] == [0.0, 2.0, 4.0]
    whole = [item for item in insight.subgroups if item.variable == "All"]
    nomogram = validated.evaluation.results["Nomogram"]
    assert [item.auc for item in whole] == [cohort.auc for cohort in nomogram.cohorts]
    for cohort in ("train", "test"):
        centres = [item for item in insight.subgroups if item.variable == "Centre" and item.cohort == cohort]
        assert sum(item.n for item in centres) == next(item.n for item in whole if item.cohort == cohort)
