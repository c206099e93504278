"""Pooling over centres and over imputations."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.validation._newton import maximum_likelihood
from perirad.validation.pooled import Pooled, pool_random_effects
from perirad.validation.rubin import pool_auc, pool_imputations


def check(got: Pooled, expected: dict[str, Any]) -> None:
    names = {"est": got.estimate, "se": got.se, "tau2": got.tau2, "I2": got.i2, "Q": got.q, "Qp": got.p_q}
    for name, value in names.items():
        assert value == pytest.approx(expected[name], rel=1e-6, abs=1e-8), name
    assert [got.lower, got.upper] == pytest.approx(expected["ci"], abs=1e-7)
    assert [got.prediction_lower, got.prediction_upper] == pytest.approx(expected["prediction"], abs=1e-7)


@pytest.mark.parametrize("which", range(3))
def test_pooled_area_r_metafor(which: int, oracle: dict[str, Any]) -> None:
    centres, expected = oracle["iecv"]["centres"], oracle["iecv"]["pooled_logit_auc"][which]
    estimates, se = (np.array([centre[name] for centre in centres]) for name in ("logit_auc", "logit_se"))
    method: Literal["reml", "dl"] = "reml" if expected["method"] == "REML" else "dl"
    check(pool_random_effects(estimates, se, method=method, knapp_hartung=expected["test"] == "knha"), expected)


@pytest.mark.parametrize("what", ["slope", "citl"])
def test_pooled_slope_and_intercept_r_metafor(what: str, oracle: dict[str, Any]) -> None:
    centres = oracle["iecv"]["centres"]
    estimates, se = (np.array([centre[name] for centre in centres]) for name in (what, f"{what}_se"))
    check(pool_random_effects(estimates, se), oracle["iecv"][f"pooled_{what}"])


def test_equal_errors_analytic() -> None:
    # with equal errors REML is the sample variance less the error's
    y = np.array([0.1, 0.9, 0.5, 1.3])
    got = pool_random_effects(y, np.full(4, 0.2))
    assert got.tau2 == pytest.approx(y.var(ddof=1) - 0.04, abs=1e-12)
    assert (got.estimate, got.se) == pytest.approx((y.mean(), y.std(ddof=1) / 2.0), abs=1e-12)
    alike = pool_random_effects(np.array([0.5, 0.51, 0.52]), np.full(3, 0.2))
    assert (alike.tau2, alike.i2) == (0.0, 0.0)
    assert alike.prediction_upper == alike.upper


def restricted_likelihood(tau2: float, y: FloatArray, v: FloatArray) -> float:
    w = 1.0 / (v + tau2)
    mean = (w @ y) / w.sum()
    return float(-0.5 * np.log(v + tau2).sum() - 0.5 * math.log(w.sum()) - 0.5 * w @ (y - mean) ** 2)


@pytest.mark.parametrize("seed", range(8))
def test_likelihood_is_largest_there_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.01, 0.5, 5)
    y = rng.normal(0.0, np.sqrt(v + 0.1 * seed))
    tau2 = pool_random_effects(y, np.sqrt(v)).tau2
    best = restricted_likelihood(tau2, y, v)
    assert best >= max(restricted_likelihood(t, y, v) for t in np.linspace(0.0, 10.0, 5001)) - 1e-12


def test_bad_centres_are_named_mechanics() -> None:
    with pytest.raises(InputError, match=r"^estimates and errors of at least two centres are needed, got shapes"):
        pool_random_effects(np.array([0.5]), np.array([0.1]))
    with pytest.raises(InputError, match=r"positive standard error, got 0.5 with nan in place 2: leave the centre out"):
        pool_random_effects(np.array([0.4, 0.5]), np.array([0.1, np.nan]))


def test_imputations_r_mice(shared: Path, oracle: dict[str, Any]) -> None:
    table = pd.read_csv(shared / "oracles" / "mi.csv")
    estimates, errors = [], []
    for _, part in table.groupby("imp"):
        design = np.column_stack([np.ones(len(part)), part[["age", "size_mm", "ca153"]].to_numpy(dtype=float)])
        fit = maximum_likelihood(design, part["malignant"].to_numpy(dtype=float))
        assert fit is not None
        estimates.append(fit.beta)
        errors.append(np.sqrt(np.diag(fit.covariance)))
    got = pool_imputations(np.array(estimates), np.array(errors), df_complete=303 - 4)
    for place, expected in enumerate(oracle["mi_pooling"]["pooled"]):
        for name, key in (("within", "ubar"), ("between", "b"), ("total", "t")):
            assert getattr(got, name)[place] == pytest.approx(expected[key], rel=1e-6)
        for name in ("estimate", "se", "statistic", "df", "p", "riv", "fmi"):
            assert getattr(got, name)[place] == pytest.approx(expected[name], rel=1e-6), name


def test_imputations_that_agree_analytic() -> None:
    got = pool_imputations(np.full((3, 1), 0.5), np.full((3, 1), 0.1))
    assert (got.estimate[0], got.se[0], got.riv[0]) == pytest.approx((0.5, 0.1, 0.0), abs=1e-15)
    assert got.upper[0] - 0.5 == pytest.approx(0.1959963984540054, abs=1e-6)


def test_pooled_area_is_that_of_the_logits_analytic() -> None:
    got = pool_auc([0.8, 0.8], [0.0016, 0.0016])
    assert got.estimate == pytest.approx(0.8)
    logit = math.log(4.0) + 1.959963984540054 * 0.04 / 0.16
    assert got.upper == pytest.approx(1.0 / (1.0 + math.exp(-logit)), abs=1e-6)
    assert math.isnan(pool_auc([1.0, 0.8], [0.0, 0.01]).estimate)


def test_bad_imputations_are_named_mechanics() -> None:
    with pytest.raises(InputError, match=r"^estimates of at least two imputations are needed, got shapes"):
        pool_imputations(np.ones((1, 2)), np.ones((1, 2)))
    with pytest.raises(InputError, match=r"^every imputation needs finite estimates with positive standard errors"):
        pool_imputations(np.ones((2, 2)), np.zeros((2, 2)))
