"""Tables: the numbers of the record, written as journals want them."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.nomogram.records import OddsRatio
from perirad.report.contents import ReportContents
from perirad.report.tables import report_tables
from perirad.report.tables.baseline import baseline_table, categorical_p, continuous_p
from perirad.report.tables.files import write_tables
from perirad.report.tables.performance import performance_table
from perirad.report.tables.regression import regression_table
from perirad.report.tables.scores import model_equation, radscore_formula, selected_table, term_label
from perirad.report.text import count_share, decimal, interval, p_text
from perirad.validation.records import Proportion

Maker = Callable[..., ReportContents]
NAN = math.nan


def test_numbers_are_written_as_journals_want_them_analytic() -> None:
    assert [p_text(p) for p in (0.0004, 0.0496, 0.9996, NAN)] == ["<0.001", "0.050", ">0.999", "–"]
    assert interval(0.78, 0.71, 0.85) == "0.78 (0.71–0.85)"
    assert interval(-0.04, -0.31, 0.22) == "−0.04 (−0.31 to 0.22)"
    assert interval(NAN, NAN, NAN) == "–"
    assert interval(0.5, NAN, NAN) == "0.50 (–)"
    assert [decimal(v) for v in (-0.001, -0.006, 0.0, math.inf)] == ["0.00", "−0.01", "0.00", "∞"]
    assert [count_share(3, 8), count_share(0, 0)] == ["3 (37.5%)", "0 (–)"]


def test_baseline_counts_every_patient_once_naive(contents_of: Maker) -> None:
    contents = contents_of()
    table = baseline_table(contents)
    frame = contents.baseline
    levels = table[table["Characteristic"].isin(["  3", "  4A", "  4B", "  4C", "  5"])]
    train = frame[(frame["cohort"] == "train") & (frame["outcome"] == 0)]
    counted = [int(text.split()[0]) for text in levels.iloc[:, 1]]
    assert counted == [int((train["birads"] == level).sum()) for level in ("3", "4A", "4B", "4C", "5")]
    missing = table.iloc[list(table["Characteristic"]).index("  Missing"), 1]
    assert int(str(missing).split()[0]) == int(train["age"].isna().sum())
    low, middle, high = np.percentile(train["age"].dropna(), [25, 50, 75])
    assert table.iloc[0, 1] == f"{middle:.1f} [{low:.1f}–{high:.1f}]"


def test_baseline_shows_levels_nobody_announced_analytic(contents_of: Maker) -> None:
    contents = contents_of()
    frame = contents.baseline.copy()
    frame.loc[0, "birads"] = "6"
    assert "  6" in list(baseline_table(replace(contents, baseline=frame))["Characteristic"])


def test_p_of_counts_analytic() -> None:
    # chi2 = 100 (30*20 - 20*30)^2 = 0; and the tea taster's table, p = 34/70
    for counts, expected, mark in (([[30, 30], [20, 20]], 1.0, ""), ([[3, 1], [1, 3]], 34 / 70, "*")):
        p, sign = categorical_p(np.array(counts))
        assert p == pytest.approx(expected)
        assert sign == mark
    p, sign = categorical_p(np.array([[5, 1], [3, 3], [1, 6]]))
    assert sign == "†"
    assert 0 < p < 1
    assert math.isnan(categorical_p(np.array([[5, 4], [0, 0]]))[0])


def test_mann_whitney_by_counting_pairs_naive() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 9, 30).astype(float), rng.integers(2, 11, 25).astype(float)
    u = sum((x > y) + 0.5 * (x == y) for x in a for y in b)
    n = a.size + b.size
    _, ties = np.unique(np.concatenate([a, b]), return_counts=True)
    variance = a.size * b.size / 12 * (n + 1 - float((ties**3 - ties).sum()) / (n * (n - 1)))
    z = (abs(u - a.size * b.size / 2) - 0.5) / variance**0.5
    assert continuous_p(a, b) == pytest.approx(math.erfc(z / 2**0.5), rel=1e-9)
    assert math.isnan(continuous_p(a, np.array([])))
    assert math.isnan(continuous_p(np.ones(3), np.ones(4)))


def test_performance_agrees_with_the_predictions_naive(contents_of: Maker) -> None:
    contents = contents_of()
    table = performance_table(contents)
    row = 0
    for model in contents.models:
        for item in model.cohorts:
            events, others = item.probability[item.outcome == 1], item.probability[item.outcome == 0]
            auc = np.mean([(x > y) + 0.5 * (x == y) for x in events for y in others])
            assert str(table.loc[row, "AUC (95% CI)"]).startswith(f"{auc:.2f} (")
            tp = int((events >= model.cutoff).sum())
            assert str(table.loc[row, "Sensitivity"]).endswith(f"; {tp}/{events.size}")
            row += 1
    assert row == len(table)


def test_undefined_shares_keep_their_counts_and_say_why_analytic(contents_of: Maker) -> None:
    contents = contents_of()
    model = contents.models[0]
    item = model.cohorts[0]
    none = replace(item.at_cutoff, ppv=Proportion(NAN, NAN, NAN, 0, 0))
    odd = replace(contents, models=(replace(model, cohorts=(replace(item, at_cutoff=none),)),))
    table = next(table for table in report_tables(odd) if table.stem == "performance")
    assert table.frame.loc[0, "Positive predictive value"] == "–; 0/0"
    assert any("nobody in the denominator" in note for note in table.notes)


def test_formulas_can_be_calculated_naive(contents_of: Maker) -> None:
    contents = contents_of(selected=5)
    text = radscore_formula(contents).removeprefix("Rad-score = ").replace("−", "-").replace("×", "*")
    values = {item.column: item.mean + (at + 1) * item.sd for at, item in enumerate(contents.selected)}
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(name, repr(values[name]))
    assert set(text) <= set("0123456789.+-*/()e ")
    expected = contents.radscore_intercept + sum(
        (at + 1) * item.coefficient for at, item in enumerate(contents.selected)
    )
    assert sum_of(text) == pytest.approx(expected, abs=2e-4)


def sum_of(text: str) -> float:
    """Value of an expression of numbers: pandas' own evaluator, which knows arithmetic only."""
    return float(np.asarray(pd.eval(text, engine="python"), dtype=np.float64))


def test_constant_radscore_is_its_intercept_analytic(contents_of: Maker) -> None:
    contents = contents_of(selected=0)
    assert radscore_formula(contents) == "Rad-score = −0.318"
    assert selected_table(contents).empty
    assert "no combined model" in model_equation(replace(contents, combined_fit=None))


def test_terms_are_named_in_words_analytic(contents_of: Maker) -> None:
    variables = contents_of().variables
    assert term_label("birads=4B", variables) == "BI-RADS category: 4B vs 3"
    assert term_label("age", variables) == "Age (years)"
    assert term_label("unknown", variables) == "unknown"


def test_no_cell_says_nan_and_all_are_text_analytic(contents_of: Maker) -> None:
    for contents in (contents_of(), contents_of("real", 2, nasty=True), contents_of(cohorts=("train",), selected=0)):
        for table in report_tables(contents):
            cells = [cell for row in table.frame.to_numpy() for cell in row]
            assert all(isinstance(cell, str) for cell in cells), table.stem
            assert not any(cell.lower() in {"nan", "none", "inf"} for cell in cells), table.stem
            learnt = "training patients only" in table.caption
            counted = [item.n_patients for item in contents.cohorts if item.name == "train" or not learnt]
            assert f"N = {sum(counted)}" in table.caption


def test_written_tables_read_back_naive(contents_of: Maker, tmp_path: Path) -> None:
    contents = contents_of("simulated", 2, nasty=True)
    paths = write_tables(contents, tmp_path)
    for table in report_tables(contents):
        with (tmp_path / f"{table.stem}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        assert rows[0] == [*table.frame.columns, "Image lengths"]
        assert rows[1:] == [[*row, contents.lengths.unit] for row in table.frame.to_numpy()]
        fragment = (tmp_path / f"{table.stem}.html").read_text(encoding="utf-8")
        assert "<script" not in fragment
        assert fragment.count('scope="row"') == len(table.frame)
    assert len(paths) == 4 * len(report_tables(contents))


def test_odds_ratios_near_one_keep_a_third_decimal_analytic(contents_of: Maker) -> None:
    test = contents_of().univariable[0]
    small = replace(test, rows=(OddsRatio("radscore", 0.9954, 0.9912, 0.9996, 0.03),))
    large = replace(test, rows=(OddsRatio("radscore", 2.5, 1.2, NAN, NAN),))
    frame = regression_table([small, large])
    assert list(frame["Odds ratio (95% CI)"]) == ["0.995 (0.991–1.000)", "2.50 (–)"]
    assert list(frame["P (Wald)"]) == ["0.030", "–"]
