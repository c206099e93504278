from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perirad.errors import InputError
from perirad.selection.folds import stratified_folds, stratified_group_folds


@settings(max_examples=60, deadline=None)
@given(n1=st.integers(10, 60), n0=st.integers(10, 90), k=st.integers(2, 10), seed=st.integers(0, 2**31))
def test_each_outcome_is_spread_evenly_analytic(n1: int, n0: int, k: int, seed: int) -> None:
    y = np.random.default_rng(seed).permutation(np.repeat([1, 0], [n1, n0]))
    folds = stratified_folds(y, k, seed=seed)
    for part in (folds[y == 0], folds[y == 1], folds):
        sizes = np.bincount(part, minlength=k + 1)[1:]
        assert sizes.sum() == part.size
        assert sizes.max() - sizes.min() <= 1


def test_seed_decides_analytic() -> None:
    y = np.arange(50) % 2
    np.testing.assert_array_equal(stratified_folds(y, 5, seed=3), stratified_folds(y, 5, seed=3))
    assert (stratified_folds(y, 5, seed=3) != stratified_folds(y, 5, seed=4)).any()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**31), k=st.integers(2, 6))
def test_patients_stay_together_analytic(seed: int, k: int) -> None:
    random = np.random.default_rng(seed)
    groups = [f"P{i}" for i in random.integers(0, 60, size=150)] + [f"Q{i}" for i in range(12)]
    y = (random.random(162) < 0.3).astype(np.int64)
    y[-6:] = 1
    y[-12:-6] = 0
    folds = stratified_group_folds(y, groups, k, seed=seed)
    patients = {name: {int(f) for f, g in zip(folds, groups, strict=True) if g == name} for name in groups}
    assert all(len(own) == 1 for own in patients.values())
    positive = {name: max(v for v, g in zip(y, groups, strict=True) if g == name) for name in patients}
    for value in (0, 1):
        sizes = [
            sum(1 for name in patients if positive[name] == value and f in patients[name]) for f in range(1, k + 1)
        ]
        assert max(sizes) - min(sizes) <= 1


def test_one_row_per_patient_is_the_plain_case_analytic() -> None:
    y = np.arange(30) % 3 == 0
    plain = stratified_folds(y.astype(np.int64), 5, seed=1)
    np.testing.assert_array_equal(stratified_group_folds(y.astype(np.int64), np.arange(30), 5, seed=1), plain)


def test_too_few_cases_are_refused_analytic() -> None:
    y = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0])
    with pytest.raises(InputError, match=r"3 with outcome 1: use at most 3 folds"):
        stratified_folds(y, 5, seed=0)
    with pytest.raises(InputError, match="collect more cases with outcome 1"):
        stratified_folds(np.array([1, 0, 0]), 2, seed=0)
    with pytest.raises(InputError, match="1 with outcome 1"):
        stratified_group_folds(y, ["a"] * 3 + list("bcdefg"), 2, seed=0)
    with pytest.raises(InputError, match="at least 2"):
        stratified_folds(y, 1, seed=0)
    with pytest.raises(InputError, match="one entry per row"):
        stratified_group_folds(y, ["a"], 2, seed=0)
