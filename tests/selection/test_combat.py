"""ComBat against sva, and what freezing it means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError
from perirad.selection.combat import Combat, fit_combat

CHOICES: dict[str, dict[str, object]] = {
    "parametric": {},
    "parametric_age_outcome": {"covariates": ("age", "malignant")},
    "mean_only": {"mean_only": True},
    "ref_batch_A": {"reference": "A"},
    "nonparametric": {"parametric": False},
}


@pytest.fixture(scope="module")
def data(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "oracles" / "data.csv").set_index("id")


def fitted(data: pd.DataFrame, features: list[str], choice: dict[str, object]) -> tuple[Combat, np.ndarray | None]:
    settings = dict(choice)
    names = settings.pop("covariates", None)
    extra = data[list(names)].to_numpy(dtype=float) if isinstance(names, tuple) else None
    return fit_combat(data[features], data["centre"].tolist(), covariates=extra, **settings), extra  # type: ignore[arg-type]


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(CHOICES))
def test_harmonised_features_r_sva(name: str, data: pd.DataFrame, shared: Path) -> None:
    expected = pd.read_csv(shared / "oracles" / "expected" / f"combat_{name}.csv").set_index("id")
    features = list(expected.columns)
    combat, extra = fitted(data, features, CHOICES[name])
    found = pd.DataFrame(combat.transform(data[features], data["centre"].tolist(), extra), data.index, features)
    sd = data[features].std()
    off = ((found.loc[expected.index] - expected) / sd).abs().to_numpy().max()
    assert off < (1e-4 if name == "nonparametric" else 1e-6)


def cases(seed: int = 1, n: int = 90) -> tuple[np.ndarray, list[str]]:
    random = np.random.default_rng(seed)
    centres = [("A", "B", "C")[i % 3] for i in range(n)]
    X = random.normal(size=(n, 40)) * 3.0 + 10.0
    for name, shift, spread in (("B", 4.0, 2.0), ("C", -2.0, 0.5)):
        rows = np.array([centre == name for centre in centres])
        X[rows] = (X[rows] - 10.0) * spread + 10.0 + shift
    return X, centres


def test_centres_are_alike_afterwards_analytic() -> None:
    X, centres = cases(n=600)
    found = fit_combat(X, centres).transform(X, centres)
    groups = [found[np.array(centres) == name] for name in "ABC"]
    for group in groups:
        np.testing.assert_allclose(group.mean(axis=0).mean(), found.mean(), atol=0.1)
        assert group.std(axis=0).mean() == pytest.approx(found.std(axis=0).mean(), rel=0.05)


def test_a_case_alone_is_changed_as_among_others_analytic() -> None:
    X, centres = cases()
    combat = fit_combat(X, centres)
    whole = combat.transform(X, centres)
    np.testing.assert_allclose(combat.transform(X[7:8], centres[7:8]), whole[7:8], rtol=1e-12)
    some = np.array([3, 11, 30])
    np.testing.assert_allclose(combat.only(some).transform(X[:, some], centres), whole[:, some], rtol=1e-12)


def test_the_reference_stays_as_it_is_analytic() -> None:
    X, centres = cases()
    found = fit_combat(X, centres, reference="B").transform(X, centres)
    rows = np.array(centres) == "B"
    np.testing.assert_allclose(found[rows], X[rows], rtol=1e-12)


def test_a_feature_that_is_constant_in_a_centre_is_left_as_it_is_r_sva() -> None:
    X, centres = cases()
    X[np.array(centres) == "A", 5] = 1.0
    found = fit_combat(X, centres).transform(X, centres)
    np.testing.assert_array_equal(found[:, 5], X[:, 5])
    assert np.abs(found[:, 6] - X[:, 6]).max() > 0.1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"centres": ["A"] * 90}, "at least two centres"),
        ({"reference": "Z"}, "the reference centre must be one of A, B, C, got 'Z'"),
        ({"centres": ["A"] * 89 + ["B"]}, "at least two cases of each centre, got one of B"),
        ({"covariates": np.array([[name == "A"] for name in cases()[1]], dtype=float)}, "must not tell the centre"),
    ],
)
def test_what_cannot_be_fitted_says_why(change: dict[str, object], said: str) -> None:
    X, centres = cases()
    arguments: dict[str, object] = {"centres": centres, **change}
    with pytest.raises(InputError, match=said):
        fit_combat(X, **arguments)  # type: ignore[arg-type]


def test_an_unseen_centre_is_refused() -> None:
    X, centres = cases()
    combat = fit_combat(X, centres)
    with pytest.raises(InputError, match=r"learnt from \(A, B, C\), got 'D'"):
        combat.transform(X[:1], ["D"])
