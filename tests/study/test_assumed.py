"""A study of pictures without a spacing: every result says that its millimetres are assumed; no other study's does."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from tests.study.small import read_cases, write_cases, write_small_study

from perirad.cli.main import main
from perirad.errors import StudyError
from perirad.study import engine
from perirad.study.extraction import implausible
from perirad.study.model import load_model
from perirad.study.provenance import analysis_digest
from perirad.study.reporting import make_contents
from perirad.study.settings import open_study

pytestmark = pytest.mark.slow
UNIT = "px (assumed 0.25 mm)"
NOTE = f"In all 60 images the spacing is assumed: lengths taken from them are in {UNIT}, not mm. P2 is 8 px."


def perirad(*words: str | Path) -> tuple[str, str]:
    """Standard output and error of the command, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["perirad", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
    assert not end.value.code, err.getvalue()
    return out.getvalue(), err.getvalue()


def without_spacing(folder: Path, n_known: int = 0) -> Path:
    """Take the spacing out of the table but for the first rows, and let the study assume it."""
    rows = read_cases(folder)
    write_cases(folder, [row | {"spacing_mm": "0.25" if at < n_known else ""} for at, row in enumerate(rows)])
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace("[2.0, 4.0]", "[2.0]").replace("folds = 5", "folds = 3")
    toml.write_text(text.replace("[regions]", "[calibration]\nassumed_mm = 0.25\n[regions]"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def assumed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study without any spacing, run through the command."""
    folder = without_spacing(write_small_study(tmp_path_factory.mktemp("assumed") / "study", radius=(7.0, 11.0)))
    out, _ = perirad("run", folder, "--workers", "1")
    assert NOTE in out.splitlines()
    return folder


def svg_words(svg: str) -> str:
    """Texts of a figure; letters are drawn as paths, each line of text stands before them as a comment."""
    return " ".join(re.findall(r"<!-- (.*?) -->", svg))


def score_words(study: Path, *more: str) -> tuple[str, ...]:
    row = read_cases(study)[0]
    model = load_model(study / "results" / "model.json")
    values = [word for item in model.variables for word in ("--set", f"{item.name}={row[item.name]}")]
    return "score", *map(str, (study / "results/model.json", study / row["image"], study / row["mask"])), *values, *more


def strings_of(content: Any) -> Iterator[str]:
    """Every text in JSON that is not a key."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from strings_of(value)
    elif isinstance(content, Sequence):
        for value in content:
            yield from strings_of(value)


def test_every_figure_says_so_analytic(assumed: Path) -> None:
    figures = sorted((assumed / "results" / "figures").glob("*.svg"))
    assert len(figures) == 23
    for figure in figures:
        assert NOTE in svg_words(figure.read_text(encoding="utf-8")), figure.name
    assert "P2: 8 px" in svg_words((assumed / "results" / "figures" / "ring_loss.svg").read_text(encoding="utf-8"))


def test_every_table_says_so_analytic(assumed: Path) -> None:
    tables = sorted((assumed / "results" / "tables").glob("*.csv"))
    assert len(tables) >= 13
    for table in tables:
        with table.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert header[-1] == "Image lengths"
        assert rows
        assert {row[-1] for row in rows} == {UNIT}, table.name
        assert f"<p>{NOTE}</p>" in table.with_suffix(".html").read_text(encoding="utf-8"), table.name
    losses = (assumed / "results" / "tables" / "ring_loss.csv").read_text(encoding="utf-8")
    assert '"P2 (8 px, assumed 0.25 mm)"' in losses


def test_the_page_says_so_analytic(assumed: Path) -> None:
    page = (assumed / "results" / "report.html").read_text(encoding="utf-8")
    assert f"patients. Image lengths in {UNIT}</p>" in page
    pictures = [base64.b64decode(found).decode() for found in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)]
    assert len(pictures) == 21
    assert all(NOTE in svg_words(picture) for picture in pictures)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)
    assert len(captions) == 23
    assert all(f"Image lengths in {UNIT}." in caption for caption in captions)
    # All tables but the five checklists; the summary; the warnings; Methods; IBSI's item of the spacing.
    assert page.count(NOTE) == page.count("<table") - 5 + 4


def test_the_document_says_so_analytic(assumed: Path) -> None:
    document = docx.Document(str(assumed / "results" / "report.docx"))
    said = [paragraph.text for paragraph in document.paragraphs]
    captions = [text for text in said if text.startswith("Figure ")]
    assert len(captions) == len(document.inline_shapes) == 23
    assert all(text.endswith(f"Image lengths in {UNIT}.") for text in captions)
    assert said.count(NOTE) == len(document.tables) + 2
    assert sum(NOTE in text for text in said) == len(document.tables) + 3


def test_the_model_says_so_analytic(assumed: Path) -> None:
    content = json.loads((assumed / "results" / "model.json").read_text(encoding="utf-8"))
    note = NOTE.replace("60", "42")
    assert content["calibration"] == {"n_images": 42, "n_assumed": 42, "note": note}
    assert content["recipe"]["assumed_mm"] == 0.25
    assert content["recipe"]["regions"].endswith(f". {NOTE}")
    assert load_model(assumed / "results" / "model.json").file.spacing_note == note


def test_files_for_scripts_say_so_analytic(assumed: Path) -> None:
    results = assumed / "results"
    metrics = json.loads((results / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["calibration"] == {"assumed": 60, "images": 60, "assumed_mm": 0.25, "note": NOTE}
    for name in ("predictions.csv", "quality.csv"):
        assert set(pd.read_csv(results / name)["calibration"]) == {"assumed"}
    assert pd.read_parquet(results / "features.parquet").attrs == {"lengths": NOTE}


def test_the_command_says_so_analytic(assumed: Path) -> None:
    again, _ = perirad("run", assumed)
    assert again.startswith("nothing changed")
    assert NOTE in again.splitlines()
    out, err = perirad(*score_words(assumed))
    assert "This model was learnt on images of ASSUMED spacing (42 of 42): see the warning." in out.splitlines()
    assert f"Lengths in this image: {UNIT}" in out
    assert f"lengths in this image are {UNIT}, not mm" in err


def test_score_as_json_says_so_analytic(assumed: Path) -> None:
    reading = json.loads(perirad(*score_words(assumed, "--json"))[0])
    assert reading["lengths"] == UNIT
    assert "the pixel spacing is assumed to be 0.25 x 0.25 mm" in reading["warnings"][0]
    assert reading["warnings"][1].startswith("the model was learnt on images of assumed spacing. In all 42 images")


def test_a_calibrated_patient_is_told_what_the_model_rests_on_analytic(assumed: Path) -> None:
    reading = json.loads(perirad(*score_words(assumed, "--spacing-mm", "0.25", "--json"))[0])
    assert reading["lengths"] == "mm"
    assert reading["warnings"][0].startswith("the model was learnt on images of assumed spacing. In all 42 images")


def test_a_model_from_before_the_block_still_warns_analytic(assumed: Path, tmp_path: Path) -> None:
    content = json.loads((assumed / "results" / "model.json").read_text(encoding="utf-8"))
    del content["calibration"]
    (tmp_path / "model.json").write_text(json.dumps(content), encoding="utf-8")
    assert "the spacing was assumed (0.25 mm)" in load_model(tmp_path / "model.json").file.spacing_note
    content["recipe"]["assumed_mm"] = None
    (tmp_path / "model.json").write_text(json.dumps(content), encoding="utf-8")
    assert load_model(tmp_path / "model.json").file.spacing_note == ""


def test_a_calibrated_study_never_says_so_analytic(done: Path) -> None:
    results = done / "results"
    texts = {file.name: file.read_text(encoding="utf-8") for file in results.rglob("*.csv")}
    texts |= {file.name: file.read_text(encoding="utf-8") for file in results.rglob("*.html")}
    texts |= {file.name: svg_words(file.read_text(encoding="utf-8")) for file in results.rglob("*.svg")}
    texts |= {file.name: "\n".join(strings_of(json.loads(file.read_text()))) for file in results.glob("*.json")}
    assert len(texts) >= 2 + 2 * 13 + 1 + 10 + 3
    document = docx.Document(str(results / "report.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    texts["report.docx"] = "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
    texts["run"] = "".join(perirad("run", done))
    texts["score"] = "".join(perirad(*score_words(done, "--spacing-mm", "0.25")))
    assert [name for name, text in texts.items() if "assumed" in text.lower()] == []
    assert pd.read_parquet(results / "features.parquet").attrs == {}
    assert "Image lengths" not in texts["cohorts.csv"]


def test_mixed_studies_are_told_apart_analytic(tmp_path: Path) -> None:
    folder = without_spacing(write_small_study(tmp_path / "study", 40, radius=(7.0, 11.0)), n_known=20)
    validated = engine.validate(engine.fit(engine.extract(open_study(folder), workers=1), workers=1))
    analysed = validated.fitted.analysed
    lengths, learnt = analysed.lengths(), analysed.lengths("train")
    assert lengths.unit == f"mm, and {UNIT} in 20 of 40 images"
    members = [item for item in analysed.cases[20:] if analysed.cohorts[item.case_id] == "train"]
    assert (learnt.n_assumed, learnt.n) == (len(members), analysed.cohort_of_row.count("train"))
    contents = make_contents(validated)
    assert contents.lengths == lengths
    # A case's picture has the unit of its own image.
    own = {item.case_id: item.files.spacing_mm for item in analysed.cases if item.files is not None}
    assert {view.assumed_mm for view in contents.cases} == {None, 0.25}
    assert all((view.assumed_mm is None) == (own[view.case_id] is not None) for view in contents.cases)
    # The same spacing, now known: the same features, but not the same study.
    before = analysis_digest(analysed)
    write_cases(folder, [row | {"spacing_mm": "0.25"} for row in read_cases(folder)])
    known = engine.extract(open_study(folder), workers=1)
    assert (known.features.table.values == analysed.features.table.values).all()
    assert not known.lengths().assumed
    assert analysis_digest(known) != before


def test_without_a_word_there_is_no_study_analytic(assumed: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(assumed, tmp_path / "study", ignore=shutil.ignore_patterns("results")))
    toml = folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("assumed_mm = 0.25", ""), encoding="utf-8")
    with pytest.raises(StudyError, match="pixel spacing must be known"):
        engine.extract(open_study(folder), workers=1)


def test_sizes_that_cannot_be_are_said_in_pixels_analytic() -> None:
    area_mm2 = math.pi * 80**2
    assert implausible(area_mm2, (150, 200), (2.5, 2.5), 2.5) == "a lesion 64 px (assumed 2.5 mm) across"
    assert implausible(area_mm2, (150, 200), (2.5, 2.5)) == "a lesion 160 mm across"
    assert implausible(100.0, (150, 200), (0.02, 0.02), 0.02) == "a picture 200 px (assumed 0.02 mm) long"
    assert implausible(100.0, (150, 200), (0.2, 0.2), 0.2) == ""
