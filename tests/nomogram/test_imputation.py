"""Imputation: complete data stay, what is missing comes back near the truth, pooling is Rubin's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError
from perirad.nomogram.imputation import complete, fill, fit_rules, pool_fits
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import Variable

AGE = Variable("age", "Age", "continuous")
SIZE = Variable("size", "Size", "continuous")
SIDE = Variable("side", "Side", "categorical", ("left", "right"))
ALL = (AGE, SIZE, SIDE)


def patients(n: int = 800, seed: int = 1) -> tuple[list[dict[str, float | str]], np.ndarray]:
    random = np.random.default_rng(seed)
    age = random.normal(55, 10, n)
    size = 5 + 0.3 * age + random.normal(0, 2, n)
    right = random.random(n) < 1 / (1 + np.exp(-(age - 55) / 4))
    y = (random.random(n) < 1 / (1 + np.exp(-(-12 + 0.55 * size + 0.6 * right)))).astype(np.int64)
    rows: list[dict[str, float | str]] = [
        {"age": float(a), "size": float(s), "side": ("left", "right")[int(r)]}
        for a, s, r in zip(age, size, right, strict=True)
    ]
    return rows, y


def with_gaps(rows: list[dict[str, float | str]], y: np.ndarray, seed: int = 2) -> list[dict[str, float | str]]:
    """Size is missing the more often, the older the patient, and if there was an event; side at random."""
    random = np.random.default_rng(seed)
    found = []
    for row, event in zip(rows, y, strict=True):
        kept = dict(row)
        if random.random() < 0.15 + 0.35 * (float(row["age"]) > 55) + 0.2 * event:
            del kept["size"]
        if random.random() < 0.2:
            del kept["side"]
        found.append(kept)
    return found


def columns(rows: object) -> dict[str, list[object]]:
    assert isinstance(rows, (list, tuple))
    return {name: [row[name] for row in rows] for name in ("age", "size", "side")}


def test_complete_values_stay_as_they_are_analytic() -> None:
    rows, y = patients(50)
    assert complete(rows, ALL, y, 5, seed=1) == (rows,)


def test_known_values_are_not_touched_analytic() -> None:
    rows, y = patients(200)
    gaps = with_gaps(rows, y)
    for completion in complete(gaps, ALL, y, 3, seed=1):
        for before, after in zip(gaps, completion, strict=True):
            assert {name: after[name] for name in before} == before
            assert set(after) == {"age", "size", "side"}
            assert after["side"] in SIDE.levels


def test_the_same_seed_gives_the_same_completions_analytic() -> None:
    rows, y = patients(120)
    gaps = with_gaps(rows, y)
    assert complete(gaps, ALL, y, 2, seed=4) == complete(gaps, ALL, y, 2, seed=4)
    assert complete(gaps, ALL, y, 2, seed=4) != complete(gaps, ALL, y, 2, seed=5)


def test_coefficients_come_back_where_complete_cases_are_biased_analytic() -> None:
    whole, imputed, left = [], [], []
    for seed in range(6):
        rows, y = patients(seed=seed)
        gaps = with_gaps(rows, y, seed + 50)
        whole.append(fit_logistic(columns(rows), y, ALL).coefficients)
        fits = [fit_logistic(columns(done), y, ALL) for done in complete(gaps, ALL, y, 5, seed=seed)]
        imputed.append(pool_fits(fits).coefficients)
        full = [i for i, row in enumerate(gaps) if len(row) == 3]
        left.append(fit_logistic(columns([rows[i] for i in full]), y[full], ALL).coefficients)
    truth, by_mi, by_cases = (np.mean(part, axis=0) for part in (whole, imputed, left))
    assert abs(by_mi[2] - truth[2]) < 0.06  # per unit of size
    assert abs(by_mi[0] - truth[0]) < 0.7 * abs(by_cases[0] - truth[0])  # the intercept, which gaps by outcome move


@pytest.mark.shared
def test_pooled_coefficients_r_mice(shared: Path) -> None:
    frame = pd.read_csv(shared / "oracles" / "mi.csv")
    expected = json.loads((shared / "oracles" / "expected" / "mi_pooling.json").read_text())["pooled"]
    variables = [Variable(name, name, "continuous") for name in ("age", "size_mm", "ca153")]
    fits = []
    for _, part in frame.groupby("imp"):
        values: dict[str, list[object]] = {item.name: part[item.name].tolist() for item in variables}
        fits.append(fit_logistic(values, part["malignant"].to_numpy(), variables))
    pooled = pool_fits(fits)
    table = pd.DataFrame(expected)
    np.testing.assert_allclose(pooled.coefficients, table["estimate"], atol=1e-7)
    np.testing.assert_allclose(np.sqrt(np.diag(pooled.covariance)), table["se"], atol=1e-7)


def test_a_later_patient_is_filled_without_an_outcome_analytic() -> None:
    rows, y = patients()
    gaps = with_gaps(rows, y)
    rules = fit_rules(complete(gaps, ALL, y, 3, seed=1), ALL, gaps)
    assert fill({"age": 75.0, "side": "left"}, rules)["size"] == pytest.approx(5 + 0.3 * 75, abs=1.5)
    assert fill({"age": 35.0, "side": "left"}, rules)["size"] == pytest.approx(5 + 0.3 * 35, abs=1.5)
    assert fill({"age": 80.0, "size": 29.0}, rules)["side"] == "right"
    assert fill({"age": 30.0, "size": 14.0}, rules)["side"] == "left"
    assert fill(rows[0], rules) == rows[0]
    assert set(fill({}, rules)) == {"age", "size", "side"}


def test_one_variable_alone_is_filled_by_what_is_typical_analytic() -> None:
    rows: list[dict[str, float | str]] = [{"age": float(a)} for a in range(30, 51)]
    (rule,) = fit_rules([rows], (AGE,), rows)
    assert fill({}, (rule,)) == {"age": 40.0}


def test_too_few_known_values_are_refused() -> None:
    rows, y = patients(40)
    few = [row if i < 5 else {"age": row["age"], "side": row["side"]} for i, row in enumerate(rows)]
    with pytest.raises(InputError, match="size must be known for at least 10 training patients, got 5"):
        complete(few, ALL, y, 2, seed=1)
