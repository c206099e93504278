"""Profile likelihood intervals against R's, and against likelihood ratios recomputed point by point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import optimize, special

from perirad.errors import InputError
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.profile import profile_intervals
from perirad.nomogram.records import Variable
from perirad.nomogram.ridge import fit_ridge
from perirad.nomogram.tables import multivariable, univariable

from .conftest import Cohort

MODELS = {
    "clinical": ("age", "size_mm", "birads", "family_history"),
    "radiomics": ("radscore",),
    "combined": ("age", "size_mm", "birads", "radscore"),
}


@pytest.mark.parametrize("model", MODELS)
def test_likelihood_limits_r_glm(model: str, training: Cohort, oracle: dict[str, Any]) -> None:
    """R interpolates the profile by a spline: one limit of 26, the clinical intercept's, is 1.1e-4 away, with it.

    Ours are exact to 1e-8, which `test_likelihood_at_the_limits_naive` shows.
    """
    expected = oracle["logistic"][model]
    fit = fit_logistic(training.columns, training.outcome, training.variables(*MODELS[model]))
    lower, upper = profile_intervals(fit, training.columns, training.outcome)
    np.testing.assert_allclose(lower, expected["profile_lo"], rtol=0, atol=1.2e-4)
    np.testing.assert_allclose(upper, expected["profile_hi"], rtol=0, atol=1e-4)


def test_penalised_limits_r_firth(separated: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["firth"]
    fit = fit_logistic(
        separated.columns, separated.outcome, separated.variables("age", "size_mm", "marker"), method="firth"
    )
    lower, upper = profile_intervals(fit, separated.columns, separated.outcome)
    np.testing.assert_allclose(lower, expected["profile_lo"], rtol=0, atol=1e-7)
    np.testing.assert_allclose(upper, expected["profile_hi"], rtol=0, atol=1e-7)


def test_limits_in_the_tables_r_glm(training: Cohort, oracle: dict[str, Any]) -> None:
    compared = 0
    for expected in oracle["univariable"]:
        if expected["or_profile_lo"][0] is None:
            continue
        name = expected["variable"]
        column = training.columns[name]
        if expected["z_scored"]:
            column = (column - column.mean()) / column.std(ddof=1)
        (test,) = univariable({name: column}, training.outcome, [training.variable(name)], profile=True)
        for row, low, high in zip(test.rows, expected["or_profile_lo"], expected["or_profile_hi"], strict=True):
            assert (row.profile_lower, row.profile_upper) == pytest.approx((low, high), rel=2e-4)
            compared += 1
    assert compared >= 40
    names = MODELS["combined"]
    tests = multivariable(training.columns, training.outcome, training.variables(*names), profile=True)
    rows = [row for test in tests for row in test.rows]
    want = oracle["logistic"]["combined"]
    limits = np.array([(row.profile_lower, row.profile_upper) for row in rows], dtype=np.float64)
    np.testing.assert_allclose(limits[:, 0], np.exp(want["profile_lo"][1:]), rtol=1e-4)
    np.testing.assert_allclose(limits[:, 1], np.exp(want["profile_hi"][1:]), rtol=1e-4)


def test_likelihood_at_the_limits_naive(training: Cohort) -> None:
    """The best likelihood with the coefficient at its limit, found by a general optimiser, is where it should be."""
    names = ("age", "size_mm")
    fit = fit_logistic(training.columns, training.outcome, training.variables(*names))
    design = np.column_stack([np.ones(303), *(training.columns[name] for name in names)])
    for confidence, chi2 in ((0.95, 3.841458820694124), (0.5, 0.454936423119572)):
        limits = profile_intervals(fit, training.columns, training.outcome, confidence=confidence)
        for side in limits:
            for j in range(3):
                rest = [k for k in range(3) if k != j]

                def lost(b: Any, j: int = j, rest: list[int] = rest, value: float = float(side[j])) -> float:
                    eta = design[:, rest] @ b + design[:, j] * value
                    return float(np.logaddexp(0, eta).sum() - training.outcome @ eta)

                best = optimize.minimize(
                    lost,
                    fit.coefficients[rest],
                    method="Nelder-Mead",
                    options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000},
                ).fun
                assert 2.0 * (best + fit.log_likelihood) == pytest.approx(chi2, abs=1e-5)


def test_two_by_two_table_analytic() -> None:
    """One binary variable: the likelihood ratio of its log odds ratio has a closed form up to one root."""
    x, y = np.repeat([0, 0, 1, 1], [20, 10, 8, 17]), np.repeat([0, 1, 0, 1], [20, 10, 8, 17])
    fit = fit_logistic({"x": x}, y, [Variable("x", "x", "continuous")])
    lower, upper = profile_intervals(fit, {"x": x}, y)
    for value in (lower[1], upper[1]):

        def slope(b: float, value: float = float(value)) -> float:
            return float(27 - 30 * special.expit(b) - 25 * special.expit(b + value))

        start = optimize.brentq(slope, -20, 20)
        p0, p1 = special.expit(start), special.expit(start + value)
        held = 10 * np.log(p0) + 20 * np.log(1 - p0) + 17 * np.log(p1) + 8 * np.log(1 - p1)
        assert 2.0 * (fit.log_likelihood - held) == pytest.approx(3.841458820694124, abs=1e-8)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e5])
def test_units_do_not_matter_analytic(scale: float, training: Cohort) -> None:
    variables = training.variables("age", "radscore")
    plain = profile_intervals(
        fit_logistic(training.columns, training.outcome, variables), training.columns, training.outcome
    )
    columns = {"age": training.columns["age"] * scale, "radscore": training.columns["radscore"]}
    moved = profile_intervals(fit_logistic(columns, training.outcome, variables), columns, training.outcome)
    for a, b in zip(plain, moved, strict=True):
        np.testing.assert_allclose(b * [1.0, scale, 1.0], a, rtol=1e-7)


def test_nearly_separated_outcome_has_far_but_finite_limits_analytic() -> None:
    x = np.r_[np.arange(20.0), np.arange(19.0, 39.0), 50.0]
    y = np.r_[np.zeros(20, dtype=np.int64), np.ones(20, dtype=np.int64), 0]
    for method in ("ml", "firth"):
        fit = fit_logistic({"x": x}, y, [Variable("x", "x", "continuous")], method=method)
        lower, upper = profile_intervals(fit, {"x": x}, y)
        assert np.isfinite(lower).all()
        assert np.isfinite(upper).all()
        assert (lower < fit.coefficients).all()
        assert (fit.coefficients < upper).all()


@pytest.mark.parametrize("seed", range(12))
def test_outliers_do_not_stop_the_search_analytic(seed: int) -> None:
    """Heavy tails make the root of the likelihood ratio anything but straight; every limit is found all the same."""
    random = np.random.default_rng(seed)
    columns = {f"v{j}": random.standard_t(1.0, size=30) for j in range(2)}
    y = (random.random(30) < 0.4).astype(np.int64)
    fit = fit_logistic(columns, y, [Variable(name, name, "continuous") for name in columns])
    lower, upper = profile_intervals(fit, columns, y)
    assert np.isfinite([lower, upper]).all()
    assert (lower < fit.coefficients).all()
    assert (fit.coefficients < upper).all()


def test_limit_that_cannot_be_found_is_nan_in_the_table_mechanics(
    training: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise InputError("the profile likelihood must converge", "none")

    monkeypatch.setattr("perirad.nomogram.tables.profile_intervals", lost)
    for table in (univariable, multivariable):
        (test,) = table(training.columns, training.outcome, training.variables("age"), profile=True)
        limits = np.array([test.rows[0].profile_lower, test.rows[0].profile_upper], dtype=np.float64)
        assert np.isnan(limits).all()
        assert test.rows[0].lower < test.rows[0].odds_ratio < test.rows[0].upper


def test_bad_requests_are_refused_mechanics(training: Cohort) -> None:
    variables = training.variables("age")
    fit = fit_logistic(training.columns, training.outcome, variables)
    with pytest.raises(InputError, match="confidence"):
        profile_intervals(fit, training.columns, training.outcome, confidence=95)
    ridge = fit_ridge(training.columns, training.outcome, variables, penalty=2)
    with pytest.raises(InputError, match="without a ridge penalty, got a penalty of 2"):
        profile_intervals(ridge, training.columns, training.outcome)
