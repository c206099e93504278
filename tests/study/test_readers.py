"""Two readers: features on which they disagree are not used, and that is decided anew in every fit."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.small import STUDY, write_small_study

from perirad.errors import StudyError
from perirad.selection.agreement import icc
from perirad.study import engine
from perirad.study.narrowing import narrow
from perirad.study.settings import SelectionSettings, open_study
from perirad.study.training import Training, defined_everywhere, drawn
from perirad.table import FeatureTable


def training(n: int = 60, seed: int = 2) -> Training:
    """Features 0 to 3 read alike by both readers, 4 and 5 not at all; every second row was read once."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(n, 6))
    second = values + 0.1 * random.normal(size=values.shape)
    second[:, 4:] = random.normal(size=(n, 2))
    second[1::2] = np.nan
    names = tuple(f"I_original_firstorder_F{j}" for j in range(6))
    table = FeatureTable(tuple(map(str, range(n))), names, values)
    return Training(table, np.arange(n) % 4 // 2, np.arange(n), second)


def kept(rows: Training, **choice: object) -> list[int]:
    settings = SelectionSettings.model_validate({"test": "none", "correlation": 1.0, **choice})
    return [int(name[-1]) for name in narrow(rows, settings).names]


def test_features_on_which_readers_disagree_are_dropped_analytic() -> None:
    rows = training()
    assert kept(rows) == [0, 1, 2, 3]
    assert kept(rows, icc=0) == list(range(6))
    assert kept(replace(rows, second=None)) == list(range(6))
    assert narrow(rows, SelectionSettings()).steps[2] == ("Reliable between readers", 4)


def test_the_limit_is_that_of_the_rows_of_this_fit_naive() -> None:
    rows = training()
    part = np.arange(0, 20)
    second = rows.second
    assert second is not None
    own = icc([rows.table.values[part[::2]], second[part[::2]]], "ICC2")
    limit = float(np.sort(own.estimate)[2])
    expected = np.flatnonzero(own.estimate >= limit).tolist()
    assert kept(rows.rows(part), icc=limit) == expected
    assert kept(rows.rows(part), icc=limit, icc_by="lower") == np.flatnonzero(own.lower >= limit).tolist()


def test_second_readings_follow_their_rows_analytic() -> None:
    rows = training()
    index = np.array([4, 4, 9, 0])
    copies = drawn(rows, index)
    assert rows.second is not None
    assert copies.second is not None
    np.testing.assert_array_equal(copies.second, rows.second[index])
    fewer = rows.columns(rows.table.columns[2:5])
    np.testing.assert_array_equal(fewer.second, rows.second[:, 2:5])
    assert defined_everywhere(rows).second is not None


def test_without_a_row_read_twice_nothing_is_reliable_analytic() -> None:
    assert kept(training().rows(np.arange(1, 40, 2))) == []


def write_second(folder: Path, count: int) -> Path:
    """Outline the first cases again, a pixel wider."""
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows[:count]:
        mask = np.asarray(Pillow.open(folder / row["mask"])) > 0
        wider = mask | np.roll(mask, 1, 0) | np.roll(mask, -1, 0) | np.roll(mask, 1, 1) | np.roll(mask, -1, 1)
        row["mask_2"] = row["mask"].replace(".png", "_2.png")
        Pillow.fromarray((wider * 255).astype(np.uint8)).save(folder / row["mask_2"])
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*rows[0]] if "mask_2" in rows[0] else [*rows[0], "mask_2"])
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.slow
def test_a_study_with_two_readers_reports_their_agreement_analytic(tmp_path: Path) -> None:
    folder = write_second(write_small_study(tmp_path / "two", n=60), 40)
    Pillow.fromarray(np.zeros((72, 80), dtype=np.uint8)).save(folder / "masks" / "000_2.png")  # an empty outline
    study = open_study(folder)
    said = [problem for problem in engine.check(study) if "second outline" in problem.mend]
    assert [(problem.case, problem.level) for problem in said] == [("c000", "warning")]
    engine.run(study, workers=1)
    metrics = json.loads((folder / "results" / "metrics.json").read_text(encoding="utf-8"))
    assert set(metrics["readers"]) == {"I", "P2", "P4"}
    assert 10 <= metrics["readers"]["I"]["cases"] < 40
    assert 0 < metrics["readers"]["I"]["reliable"] < metrics["readers"]["I"]["features"]
    assert (folder / "results" / "features_2.parquet").is_file()
    assert "Agreement of two readers" in (folder / "results" / "report.html").read_text(encoding="utf-8")
    assert "Reliable between readers" in (folder / "results" / "tables" / "scenarios.csv").read_text(encoding="utf-8")


def test_too_few_second_outlines_are_said_before(tmp_path: Path) -> None:
    folder = write_second(write_small_study(tmp_path / "few", n=40), 5)
    with pytest.raises(StudyError, match="at least 10 training cases with mask_2"):
        engine.extract(open_study(folder), workers=1)
    (folder / "study.toml").write_text(STUDY.replace("[selection]", "[selection]\nicc = 0"), encoding="utf-8")
    assert engine.extract(open_study(folder), workers=1).features.second is not None


def test_a_missing_second_outline_is_a_warning(tmp_path: Path) -> None:
    folder = write_second(write_small_study(tmp_path / "gone", n=40), 30)
    (folder / "masks" / "003_2.png").unlink()
    found = [problem for problem in engine.check(open_study(folder)) if "mask_2" in problem.expected]
    assert [(problem.case, problem.level) for problem in found] == [("c003", "warning")]
