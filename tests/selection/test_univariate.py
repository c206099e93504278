from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.selection.univariate import (
    Adjustment,
    adjust_p,
    mann_whitney,
    mann_whitney_u,
    screen,
    t_statistic,
    t_test,
)


@pytest.fixture(scope="module")
def training(shared: Path) -> tuple[FloatArray, IntArray]:
    data = pd.read_csv(shared / "oracles" / "data.csv")
    data = data[data["cohort"] == "train"]
    return data.filter(regex=r"_f\d\d$").to_numpy(dtype=np.float64), data["malignant"].to_numpy()


@pytest.fixture(scope="module")
def tests_of_r(shared: Path) -> list[dict[str, Any]]:
    text = (shared / "oracles" / "expected" / "feature_selection.json").read_text()
    return list(json.loads(text)["tests"])


def test_mann_whitney_r_wilcox(training: tuple[FloatArray, IntArray], tests_of_r: list[dict[str, Any]]) -> None:
    expected = [test["p_wilcox"] for test in tests_of_r]
    np.testing.assert_allclose(mann_whitney(*training), expected, rtol=1e-10, atol=1e-14)


def test_welch_r_ttest(training: tuple[FloatArray, IntArray], tests_of_r: list[dict[str, Any]]) -> None:
    np.testing.assert_allclose(t_test(*training), [test["p_welch"] for test in tests_of_r], rtol=1e-10)


def test_pooled_r_ttest(training: tuple[FloatArray, IntArray], tests_of_r: list[dict[str, Any]]) -> None:
    expected = [test["p_pooled"] for test in tests_of_r]
    np.testing.assert_allclose(t_test(*training, equal_variance=True), expected, rtol=1e-10)


def test_statistics_r_tests(training: tuple[FloatArray, IntArray], tests_of_r: list[dict[str, Any]]) -> None:
    np.testing.assert_allclose(mann_whitney_u(*training), [test["U"] for test in tests_of_r], rtol=1e-12)
    t, freedom = t_statistic(*training)
    np.testing.assert_allclose(t, [test["t_welch"] for test in tests_of_r], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(freedom, [test["df_welch"] for test in tests_of_r], rtol=1e-9)
    pooled, freedom = t_statistic(*training, equal_variance=True)
    np.testing.assert_allclose(pooled, [test["t_pooled"] for test in tests_of_r], rtol=1e-9, atol=1e-12)
    assert (freedom == 301.0).all()


def test_heavy_ties_and_small_groups_naive() -> None:
    """Ranks by comparing all pairs, ties counted value by value."""
    random = np.random.default_rng(0)
    X = random.integers(0, 4, size=(25, 40)).astype(np.float64)
    y = np.array([1] * 6 + [0] * 19)
    for column, p in zip(X.T, mann_whitney(X, y), strict=True):
        a, b = column[y == 1], column[y == 0]
        u = sum((i > j) + 0.5 * (i == j) for i in a for j in b)
        ties = sum(float(c) ** 3 - c for c in (np.count_nonzero(column == v) for v in set(column)))
        sd = np.sqrt(6 * 19 / 12 * (26 - ties / (25 * 24)))
        z = (u - 57 - np.sign(u - 57) * 0.5) / sd
        assert p == pytest.approx(min(1.0, 2 * stats.norm.sf(abs(z))), rel=1e-12)


def test_undefined_features_are_nan_analytic() -> None:
    y = np.array([0, 0, 0, 1, 1, 1])
    X = np.array(
        [[1.0, 5.0, 1.0], [2.0, 5.0, np.nan], [3.0, 5.0, 2.0], [4.0, 5.0, 3.0], [5.0, 5.0, 4.0], [7.0, 5.0, 9.0]]
    )
    for p in (mann_whitney(X, y), t_test(X, y), t_test(X, y, equal_variance=True)):
        assert np.isnan(p).tolist() == [False, True, True]


def test_one_case_in_a_group_analytic() -> None:
    X, y = np.array([[1.0], [2.0], [4.0]]), np.array([0, 0, 1])
    assert np.isnan(t_test(X, y)).all()
    expected = stats.ttest_ind([1.0, 2.0], [4.0]).pvalue
    assert t_test(X, y, equal_variance=True)[0] == pytest.approx(expected, rel=1e-12)


def test_no_feature_analytic() -> None:
    y = np.array([0, 1, 1])
    assert mann_whitney(np.empty((3, 0)), y).shape == (0,)
    assert t_test(np.empty((3, 0)), y).shape == (0,)


def test_one_class_is_refused_analytic() -> None:
    with pytest.raises(InputError, match="both 0 and 1"):
        mann_whitney(np.eye(3), np.zeros(3))


@pytest.mark.parametrize(("adjustment", "name"), [("fdr", "BH"), ("holm", "holm"), ("bonferroni", "bonferroni")])
def test_adjustment_r_padjust(
    adjustment: Adjustment, name: str, training: tuple[FloatArray, IntArray], shared: Path
) -> None:
    text = (shared / "oracles" / "expected" / "feature_selection.json").read_text()
    expected = json.loads(text)["adjusted_p_wilcox"][name]
    p = mann_whitney(*training)
    np.testing.assert_allclose(adjust_p(p, adjustment), expected, rtol=1e-9, atol=1e-14)
    with_gaps = np.insert(p, [0, 7, 40], np.nan)
    got = adjust_p(with_gaps, adjustment)
    np.testing.assert_allclose(got[~np.isnan(with_gaps)], expected, rtol=1e-9, atol=1e-14)
    assert np.isnan(got[np.isnan(with_gaps)]).all()
    passed = screen(*training, adjustment=adjustment)
    assert passed.tolist() == [value < 0.05 for value in expected]


def test_screen_of_each_test_r_ttest(training: tuple[FloatArray, IntArray], tests_of_r: list[dict[str, Any]]) -> None:
    for test, name in (("mann-whitney", "p_wilcox"), ("welch", "p_welch"), ("t-test", "p_pooled")):
        expected = [item[name] < 0.01 for item in tests_of_r]
        assert screen(*training, test=test, alpha=0.01).tolist() == expected  # type: ignore[arg-type]


def test_adjustment_of_few_and_of_equals_analytic() -> None:
    assert adjust_p([0.01, 0.02, 0.03], "fdr").tolist() == pytest.approx([0.03, 0.03, 0.03])
    assert adjust_p([0.5, 0.9], "bonferroni").tolist() == [1.0, 1.0]
    assert adjust_p([0.04, 0.01], "holm").tolist() == pytest.approx([0.04, 0.02])
    assert adjust_p([], "fdr").tolist() == []
    assert np.isnan(adjust_p([np.nan], "holm")).all()


def test_undefined_test_does_not_pass_analytic() -> None:
    X = np.column_stack([np.arange(40.0), np.full(40, 2.0), np.r_[np.nan, np.arange(39.0)]])
    y = (np.arange(40) >= 20).astype(np.int64)
    assert screen(X, y, adjustment="fdr").tolist() == [True, False, False]


def test_bad_settings_are_refused_mechanics() -> None:
    X, y = np.arange(8.0)[:, None], np.arange(8) % 2
    with pytest.raises(InputError, match="between 0 and 1"):
        adjust_p([0.5, 1.2], "fdr")
    with pytest.raises(InputError, match="p-values must be numbers in an array"):
        adjust_p(["small"], "fdr")
    with pytest.raises(InputError, match="feature values must be numbers in an array"):
        mann_whitney(np.array([["a"], ["b"]]), y)
    with pytest.raises(InputError, match="'none', 'fdr'"):
        adjust_p([0.5], "BY")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="'mann-whitney', 't-test' or 'welch'"):
        screen(X, y, test="wilcoxon")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="alpha"):
        screen(X, y, alpha=0.0)
