"""Feature explorer: what a column is, its values by class, and its map over a case."""

from __future__ import annotations

import io
import shutil
import statistics
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.features.columns import feature_names
from perirad.features.entries import ENTRIES
from perirad.features.settings import FeatureSettings
from perirad.study.cohort import read_cohort
from perirad.study.extraction import prepare_case
from perirad.study.feature_maps import has_places, local_values
from perirad.study.settings import open_study

pytest.importorskip("nicegui", reason="the workbench needs its extra")

from perirad.workbench.case_map import map_of
from perirad.workbench.chart import spread_chart
from perirad.workbench.desk import Desk
from perirad.workbench.explore import Explorer, Spread, alone, open_explorer, parse_column, spread_of
from perirad.workbench.feature_words import family_words, image_words, meaning_words, region_words, unit_words
from perirad.workbench.map_chart import colour_bar, map_chart
from perirad.workbench.messages import Words

if TYPE_CHECKING:
    from perirad.study.model import Model

COLUMN = "P2_original_glcm_Contrast"


@pytest.mark.slow
def test_values_by_class_are_those_of_the_tables_naive(ran: Path) -> None:
    values = open_explorer(ran / "results").values(COLUMN)
    features = pd.read_parquet(ran / "results" / "features.parquet")[COLUMN].to_dict()
    rows = pd.read_csv(ran / "results" / "predictions.csv")
    for outcome in (0, 1):
        members = [row.case_id for row in rows.itertuples() if row.cohort == "train" and row.outcome == outcome]
        expected = sorted(float(features[case]) for case in members)
        found = spread_of(values, outcome)
        assert found.values.tolist() == expected
        assert found.quartiles == pytest.approx(statistics.quantiles(expected, n=4, method="inclusive"))
        typical = values.typical(outcome)
        assert typical is not None
        assert typical.case_id in members
        middle = statistics.median(expected)
        assert abs(typical.value - middle) == min(abs(value - middle) for value in expected)


@pytest.mark.slow
def test_auc_of_a_feature_alone_counts_pairs_naive(ran: Path) -> None:
    values = open_explorer(ran / "results").values(COLUMN)
    train = [case for case in values.cases if case.cohort == "train"]
    pairs = [(a.value, b.value) for a in train if a.outcome == 1 for b in train if b.outcome == 0]
    expected = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs)
    found = alone(values)
    assert found is not None
    assert found[0] == pytest.approx(expected)
    assert found[1] <= found[0] <= found[2]


@pytest.mark.slow
def test_a_search_finds_by_name_code_and_meaning_the_rad_score_first_analytic(ran: Path) -> None:
    known = open_explorer(ran / "results")
    assert known.search("")[: len(known.selected)] == tuple(known.selected)
    assert sorted(known.search("")) == sorted(known.columns)
    weights = [abs(block.coefficient) for block in known.selected.values()]
    assert weights == sorted(weights, reverse=True)
    found = known.search("p4 GLCM contrast wavelet-lh")
    assert "P4_wavelet-LH_glcm_Contrast" in found
    assert all(name.startswith("P4_wavelet-LH_glcm_") for name in found)
    assert "I_original_glcm_JointEntropy" in known.search("TU9B")
    assert "I_original_firstorder_Kurtosis" in known.search("tails of the grey")
    assert known.search("no such feature") == ()
    with pytest.raises(InputError, match="column of features"):
        known.values("../../study.toml")


def test_ten_thousand_names_are_searched_within_a_tenth_of_a_second_analytic(tmp_path: Path) -> None:
    names = tuple(f"R{k}_original_glcm_Contrast" for k in range(10_000))
    nothing = SimpleNamespace(file=SimpleNamespace(radscore=SimpleNamespace(features=())))
    known = Explorer(tmp_path, cast("Model", nothing), names)
    known.search("x")
    start = time.perf_counter()
    assert known.search("r9999 contrast") == ("R9999_original_glcm_Contrast",)
    assert time.perf_counter() - start < 0.1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_feature_has_words_in_both_languages_analytic(language: str) -> None:
    words = Words(language)
    filters = ("original", "wavelet", "log", "square", "squareroot", "logarithm", "exponential", "gradient", "lbp-2d")
    settings = FeatureSettings(filters=filters)
    names = [f"P5_{name}" for name in feature_names(settings)]
    names += [f"I_{name}" for name in feature_names(FeatureSettings(definitions="ibsi", filters=("original",)))]
    for name in names:
        column = parse_column(name)
        assert column.entry is not None, name
        said = [f(words, column) for f in (region_words, image_words, family_words, meaning_words, unit_words)]
        assert all(said), name
    assert region_words(words, parse_column("R3-5_original_glcm_Contrast")).startswith("R3-5: ")
    # All of PyRadiomics' features are translated, so no English sentence stands on a Chinese page.
    own = [entry for entry in ENTRIES if entry.definitions == "pyradiomics"]
    meanings = {meaning_words(words, parse_column(f"I_original_{e.family}_{e.name}")) for e in own}
    assert all((max(map(ord, text)) > 0x4E00) == (language == "zh") for text in meanings)


def test_a_column_of_a_table_is_taken_as_it_is_analytic() -> None:
    column = parse_column("ki67")
    assert (column.name, column.region, column.entry, column.ibsi) == ("ki67", "", None, "")
    assert not has_places("ki67")
    assert not has_places("I_original_shape2D_Elongation")
    assert has_places("I_original_glcm_Contrast")


@pytest.mark.slow
def test_a_map_has_the_colours_of_the_local_values_and_none_outside_naive(ran: Path) -> None:
    desk, known = Desk(ran), open_explorer(ran / "results")
    case = known.values(COLUMN).cases[3].case_id
    found = map_of(desk, known.model, case, COLUMN)
    files = next(item.files for item in read_cohort(open_study(ran)).cases if item.case_id == case)
    assert files is not None
    image, regions = prepare_case(files, known.model.recipe)
    region = next(item for item in regions if item.name == "P2")
    values = local_values(image, region, COLUMN, known.model.recipe.features)
    inside = values[np.isfinite(values)]
    assert found.limits == pytest.approx(tuple(np.quantile(inside, (0.02, 0.98))))
    colour = np.asarray(Pillow.open(io.BytesIO(found.colour)))
    assert colour.shape[:2] == (found.size[1], found.size[0]) == Pillow.open(io.BytesIO(found.grey)).size[::-1]
    rows, columns = np.nonzero(np.logical_or(region.mask, regions[0].mask))
    margin = 4.0 / 0.25
    top, left = max(0, int(rows.min() - margin)), max(0, int(columns.min() - margin))
    bottom = min(image.shape[0], int(rows.max() + 1 + margin))
    scale = found.size[1] / (bottom - top)
    low, high = found.limits
    checked = 0
    for row, column in [(r, c) for r in range(top, bottom, 3) for c in range(left, int(columns.max()) + 1, 3)]:
        pixel = colour[int((row - top + 0.5) * scale), int((column - left + 0.5) * scale)]
        value = values[row, column]
        assert (pixel[3] == 255) == bool(np.isfinite(value))
        if np.isfinite(value):
            share = min(max((value - low) / (high - low), 0.0), 1.0)
            expected = [round(255 * part) for part in mpl.colormaps["cividis"](share)[:3]]
            assert pixel[:3].tolist() == expected
            checked += 1
    assert checked > 50


@pytest.mark.slow
def test_a_map_reads_no_file_outside_the_study_analytic(ran: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(ran, folder)
    known = open_explorer(folder / "results")
    outside = tmp_path / "outside.png"
    shutil.copyfile(folder / "images" / "000.png", outside)
    table = folder / "cases.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("images/000.png", "../outside.png"), encoding="utf-8")
    with pytest.raises(InputError, match="study's folder"):
        map_of(Desk(folder), known.model, "c000", COLUMN)
    assert map_of(Desk(folder, (tmp_path,)), known.model, "c000", COLUMN).case_id == "c000"
    with pytest.raises(InputError, match="in the table"):
        map_of(Desk(folder), known.model, "../c000", COLUMN)
    with pytest.raises(InputError, match="at a place"):
        map_of(Desk(folder), known.model, "c001", "I_original_shape2D_Elongation")


def test_charts_escape_what_the_study_says_analytic() -> None:
    evil = '<script>alert("x")</script>&'
    spreads = [Spread(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), 0), Spread(np.array([2.0]), 1)]
    text = spread_chart(spreads, [evil, evil], title=evil, name=evil, marked=(evil, 3.0))
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 5
    assert "<script" not in colour_bar((0.0, 1.0), name=evil, title=evil)
    empty = spread_chart([Spread(np.array([]), 4)] * 2, ["a", "b"], title="t", name="n")
    assert "NaN" not in empty
    assert "nan" not in empty


@pytest.mark.slow
def test_a_map_says_what_it_shows_analytic(ran: Path) -> None:
    known = open_explorer(ran / "results")
    found = map_of(Desk(ran), known.model, "c001", COLUMN)
    text = map_chart(found, title='a "map"')
    assert 'aria-label="a &quot;map&quot;"' in text
    assert " mm</text>" in text
    assert text.count("<image ") == 2
