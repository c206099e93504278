"""Stability of a selection."""

from __future__ import annotations

import numpy as np
import pytest

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.selection.stability import selection_frequency, stability_index


def _selections(seed: int, m: int = 40, d: int = 25) -> BoolArray:
    random = np.random.default_rng(seed)
    return random.random((m, d)) < random.beta(0.4, 0.8, size=d)


@pytest.mark.parametrize("seed", range(4))
def test_index_is_fleiss_kappa_of_features_naive(seed: int) -> None:
    """Resamples are raters who call each feature selected or not; kappa by counting the pairs that agree."""
    selected = _selections(seed)
    m, d = selected.shape
    agree = sum(int((selected[i] == selected[j]).sum()) for i in range(m) for j in range(m) if i != j)
    observed = agree / (m * (m - 1) * d)
    share = selected.mean()
    chance = share**2 + (1.0 - share) ** 2
    assert stability_index(selected).estimate == pytest.approx((observed - chance) / (1.0 - chance), abs=1e-12)


def test_index_is_kuncheva_for_equal_sizes_analytic() -> None:
    random = np.random.default_rng(5)
    d, k, m = 30, 6, 12
    selected = np.zeros((m, d), dtype=bool)
    for row in selected:
        row[random.choice(12, size=k, replace=False)] = True
    pairs = [
        ((selected[i] & selected[j]).sum() - k * k / d) / (k - k * k / d) for i in range(m) for j in range(i + 1, m)
    ]
    assert stability_index(selected).estimate == pytest.approx(np.mean(pairs), abs=1e-12)


def test_standard_error_naive() -> None:
    """The spread of the index over many draws of the resamples, from one and the same selection procedure."""
    random = np.random.default_rng(7)
    p = random.beta(0.4, 0.8, size=25)
    found = [stability_index(random.random((100, 25)) < p) for _ in range(400)]
    spread = np.std([f.estimate for f in found])
    assert np.mean([f.standard_error for f in found]) == pytest.approx(spread, rel=0.12)
    centre = np.mean([f.estimate for f in found])
    assert 0.91 <= np.mean([f.lower <= centre <= f.upper for f in found]) <= 0.98


def test_ends_analytic() -> None:
    same = np.tile(np.arange(10) < 3, (5, 1))
    got = stability_index(same)
    assert (got.estimate, got.standard_error, got.lower, got.upper) == (1.0, 0.0, 1.0, 1.0)
    assert (got.n_resamples, got.n_features, got.mean_selected) == (5, 10, 3.0)
    assert stability_index(np.eye(4, dtype=bool)).estimate == pytest.approx(-1.0 / 3.0)
    for flat in (np.zeros((5, 10)), np.ones((5, 10)), np.zeros((5, 0))):
        assert np.isnan([stability_index(flat).estimate, stability_index(flat).lower]).all()


def test_frequency_analytic() -> None:
    selected = np.array([[1, 0, 1], [1, 0, 0], [1, 0, 0], [1, 0, 1]])
    assert selection_frequency(selected).tolist() == [1.0, 0.0, 0.5]


def test_bad_input_is_refused_mechanics() -> None:
    with pytest.raises(InputError, match="at least 2 resamples"):
        stability_index(np.ones((1, 4)))
    with pytest.raises(InputError, match="at least 1 resamples"):
        selection_frequency(np.ones(4))
    with pytest.raises(InputError, match="true or false"):
        selection_frequency(np.array([[1, 2]]))
    with pytest.raises(InputError, match="true or false"):
        stability_index(np.array([[1.0, np.nan], [0.0, 1.0]]))
    with pytest.raises(InputError, match="confidence"):
        stability_index(np.eye(3), confidence=95)
