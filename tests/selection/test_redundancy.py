from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.selection.redundancy import pearson, prune_correlated, spearman


@pytest.fixture(scope="module")
def features(shared: Path) -> pd.DataFrame:
    data = pd.read_csv(shared / "oracles" / "data.csv")
    return data[data["cohort"] == "train"].filter(regex=r"_f\d\d$")


@pytest.mark.parametrize(("method", "name"), [("spearman", "spearman_exact_removed"), ("pearson", "exact_removed")])
def test_pruned_features_r_caret(
    method: Literal["spearman", "pearson"], name: str, features: pd.DataFrame, shared: Path
) -> None:
    text = (shared / "oracles" / "expected" / "feature_selection.json").read_text()
    expected = json.loads(text)["find_correlation_caret"]
    keep = prune_correlated(features.to_numpy(), cutoff=expected["cutoff"], method=method)
    assert list(features.columns[~keep]) == expected[name]


def test_pruned_at_once_r_caret(features: pd.DataFrame, shared: Path) -> None:
    text = (shared / "oracles" / "expected" / "feature_selection.json").read_text()
    expected = json.loads(text)["find_correlation_caret"]
    keep = prune_correlated(features.to_numpy(), cutoff=expected["cutoff"], method="pearson", exact=False)
    assert list(features.columns[~keep]) == expected["fast_removed"]


def test_correlations_r_cor(features: pd.DataFrame, shared: Path) -> None:
    X = features.to_numpy()
    for name, r in (("spearman", spearman(X)), ("pearson", pearson(X))):
        expected = pd.read_csv(shared / "oracles" / "expected" / f"cor_{name}.csv", index_col=0).to_numpy()
        np.testing.assert_allclose(r, expected, rtol=0, atol=1e-12)


def _plain_pruning(r: FloatArray, cutoff: float) -> BoolArray:
    """The rule of findCorrelation(exact=TRUE) word by word, with all means taken anew each time."""
    p = len(r)
    off = r.copy()
    np.fill_diagonal(off, np.nan)
    order = np.argsort(-np.nanmean(off, axis=0), kind="stable")
    off = off[np.ix_(order, order)]
    gone: set[int] = set()
    for i in range(p):
        for j in range(i + 1, p):
            if i in gone or j in gone or not off[i, j] > cutoff:
                continue
            left = [k for k in range(p) if k not in gone]
            own = np.nanmean(off[i, left])
            others = np.nanmean(off[np.ix_([k for k in left if k != j], left)])
            gone.add(i if own > others else j)
    keep = np.ones(p, dtype=np.bool_)
    keep[order[list(gone)]] = False
    return keep


@pytest.mark.parametrize("seed", range(6))
def test_pruning_naive(seed: int) -> None:
    random = np.random.default_rng(seed)
    X = random.normal(size=(40, 5)) @ random.normal(size=(5, 30)) + 0.4 * random.normal(size=(40, 30))
    for cutoff in (0.5, 0.8):
        keep = prune_correlated(X, cutoff=cutoff)
        np.testing.assert_array_equal(keep, _plain_pruning(np.abs(spearman(X)), cutoff))
        kept = np.abs(spearman(X[:, keep]))
        assert (kept - np.eye(len(kept))).max() <= cutoff


def test_few_columns_analytic() -> None:
    x = np.arange(5.0)
    assert prune_correlated(np.empty((5, 0))).tolist() == []
    assert prune_correlated(x[:, None]).tolist() == [True]
    assert prune_correlated(np.column_stack([x, x**3])).sum() == 1
    assert prune_correlated(np.column_stack([x, -x])).sum() == 1
    assert prune_correlated(np.column_stack([x, -x]), exact=False).tolist() == [False, True]
    assert prune_correlated(np.empty((5, 0)), exact=False).tolist() == []


def test_exact_cutoff_is_kept_analytic() -> None:
    X = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 2.0]])  # rank correlation of exactly one half
    assert spearman(X)[0, 1] == pytest.approx(0.5)
    assert prune_correlated(X, cutoff=0.51).all()
    assert prune_correlated(X, cutoff=0.49).sum() == 1


def test_undefined_columns_analytic() -> None:
    X = np.column_stack([np.arange(4.0), np.ones(4), [1.0, np.nan, 2.0, 3.0], [2.0, 1.0, 4.0, 3.0]])
    r = spearman(X)
    assert np.isnan(r[0]).tolist() == [False, True, True, False]
    assert r.diagonal().tolist() == [1.0, 1.0, 1.0, 1.0]
    with pytest.raises(InputError, match="column 1"):
        prune_correlated(X)
    with pytest.raises(InputError, match="column 1"):
        prune_correlated(X[:, :2])


def test_bad_settings_are_refused_analytic() -> None:
    with pytest.raises(InputError, match="cutoff"):
        prune_correlated(np.eye(3), cutoff=1.5)
    with pytest.raises(InputError, match="method"):
        prune_correlated(np.eye(3), method="kendall")  # type: ignore[arg-type]
