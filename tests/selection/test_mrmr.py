"""mRMR against its definition in R, and simple cases."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError
from perirad.selection.mrmr import MrmrScheme, mrmr


@pytest.mark.parametrize(
    ("scheme", "name"),
    [
        ("MID", "mrmr_mid_gaussian_pearson"),
        ("MIQ", "mrmr_miq_gaussian_pearson"),
        ("FCQ", "mrmr_fcq"),
        ("RCD", "mrmr_fcd_abs_r"),
    ],
)
def test_first_fifteen_r_formula(scheme: MrmrScheme, name: str, shared: Path) -> None:
    data = pd.read_csv(shared / "oracles" / "data.csv")
    data = data[data["cohort"] == "train"]
    features = data.filter(regex=r"_f\d\d$")
    expected = json.loads((shared / "oracles" / "expected" / "feature_selection.json").read_text())[name]
    got = mrmr(features.to_numpy(), data["malignant"].to_numpy(), 15, scheme=scheme)
    assert list(features.columns[got.order]) == expected["order"]
    np.testing.assert_allclose(got.scores, expected["score"], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("scheme", ["MID", "MIQ", "FCQ", "RCD"])
def test_a_copy_comes_late_analytic(scheme: MrmrScheme) -> None:
    random = np.random.default_rng(1)
    y = np.repeat([0, 1], 50)
    a, b = y + 0.8 * random.normal(size=100), y + 1.2 * random.normal(size=100)
    X = np.column_stack([a, 2.0 * a + 1.0, b])
    assert mrmr(X, y, 3, scheme=scheme).order.tolist() == [0, 2, 1]


@pytest.mark.parametrize("scheme", ["MID", "MIQ", "FCQ", "RCD"])
def test_every_feature_once_and_units_do_not_matter_analytic(scheme: MrmrScheme) -> None:
    random = np.random.default_rng(2)
    X, y = random.normal(size=(40, 9)), np.arange(40) % 2
    got = mrmr(X, y, 100, scheme=scheme)
    assert sorted(got.order.tolist()) == list(range(9))
    moved = mrmr(X * 10.0 ** np.arange(-4, 5) + 3.0, y, 100, scheme=scheme)
    np.testing.assert_array_equal(moved.order, got.order)
    np.testing.assert_allclose(moved.scores, got.scores, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("scheme", ["MID", "MIQ", "FCQ", "RCD"])
def test_perfect_and_unrelated_features_are_finite_or_first_analytic(scheme: MrmrScheme) -> None:
    y = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    across = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    got = mrmr(np.column_stack([across, y * 1.0, 1.0 - y]), y, 3, scheme=scheme)
    assert got.order[0] == 1
    assert got.order.tolist() in ([1, 0, 2], [1, 2, 0])
    assert not np.isnan(got.scores).any()


def test_bad_input_is_refused_mechanics() -> None:
    X, y = np.random.default_rng(0).normal(size=(10, 3)), np.arange(10) % 2
    with pytest.raises(InputError, match="MID, MIQ, FCQ or RCD"):
        mrmr(X, y, 2, scheme="FOO")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="n_features"):
        mrmr(X, y, 0)
    with pytest.raises(InputError, match="both 0 and 1"):
        mrmr(X, np.zeros(10), 2)
    X[4, 1] = np.nan
    with pytest.raises(InputError, match="missing value in column 1"):
        mrmr(X, y, 2)
    X[:, 1] = 3.0
    with pytest.raises(InputError, match="column 1"):
        mrmr(X, y, 2)
    assert mrmr(np.empty((10, 0)), y, 2).order.shape == (0,)
