"""Restricted cubic splines, their tests, ridge fits and nomogram, against rms.

The reference values are made by rms_splines.R from data that both sides compute from formulas.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

from perirad.errors import InputError
from perirad.nomogram.effects import effect, wald_tests
from perirad.nomogram.logistic import fit_logistic, linear_predictor
from perirad.nomogram.points import build_nomogram, read_patient
from perirad.nomogram.records import LogisticFit, Variable
from perirad.nomogram.ridge import choose_penalty, fit_ridge
from perirad.nomogram.spline import spline_basis, spline_knots
from perirad.nomogram.statistics import fit_statistics
from perirad.nomogram.tables import multivariable

CASE = np.arange(1, 241)
X = 50 + 14 * np.sin(1.7 * CASE) + 6 * np.cos(0.31 * CASE * CASE)
Z = 12 + 8 * np.sin(2.3 * CASE + 1) * np.cos(0.7 * CASE)
G = np.array(["a", "b", "c"])[(CASE + CASE // 5) % 3]
Y = (0.01 * (X - 45) ** 2 + 0.15 * Z + 1.2 * (G == "b") + 3 * np.sin(7.1 * CASE) > 4.5).astype(np.int64)
COLUMNS: dict[str, Any] = {"x": X, "z": Z, "g": G}
VARIABLES = (
    Variable("x", "x", "continuous", knots=spline_knots(X, 4)),
    Variable("z", "z", "continuous", knots=spline_knots(Z, 3)),
    Variable("g", "g", "categorical", ("a", "b", "c")),
)
MANY = np.arange(1.0, 121.0)
RISING = 1 + MANY / 7 + np.sin(MANY)
TIED = {
    "few": 10 + 5 * np.sin(np.arange(1.0, 61.0)),
    "x": X,
    "low": np.r_[np.zeros(30), RISING],
    "both": np.r_[np.zeros(20), RISING, np.full(20, 99.0)],
}


@pytest.fixture(scope="module")
def rms() -> dict[str, Any]:
    expected = dict(json.loads((Path(__file__).parent / "rms_splines.json").read_text()))
    assert expected["events"] == Y.sum()
    return expected


@pytest.fixture(scope="module")
def fit() -> LogisticFit:
    return fit_logistic(COLUMNS, Y, VARIABLES)


def test_knots_r_rms(rms: dict[str, Any]) -> None:
    np.testing.assert_allclose(VARIABLES[0].knots, rms["knots_x"], rtol=1e-13)
    np.testing.assert_allclose(VARIABLES[1].knots, rms["knots_z"], rtol=1e-13)
    for name, expected in rms["knots_of"].items():
        np.testing.assert_allclose(spline_knots(TIED[name[:-1]], int(name[-1])), expected, rtol=1e-12, err_msg=name)


def test_columns_r_rms(rms: dict[str, Any]) -> None:
    basis = spline_basis(np.array([20, 45.5, 61, 90]), VARIABLES[0].knots)
    np.testing.assert_allclose(basis, rms["basis"], rtol=1e-12, atol=1e-13)


def test_curve_is_straight_beyond_its_knots_and_smooth_within_analytic() -> None:
    knots = (10.0, 20.0, 40.0, 70.0)
    for outside in (np.array([-50.0, -20.0, 10.0]), np.array([70.0, 100.0, 130.0])):
        np.testing.assert_allclose(np.diff(spline_basis(outside, knots), n=2, axis=0), 0.0, atol=1e-10)
    for knot in knots:
        h = 1e-3
        second = np.diff(spline_basis(knot + h * np.arange(-3.0, 4.0), knots), n=2, axis=0) / h**2
        np.testing.assert_allclose(np.diff(second, axis=0), 0.0, atol=1e-4)


def test_fit_r_rms(fit: LogisticFit, rms: dict[str, Any]) -> None:
    assert fit.terms == ("x", "x'", "x''", "z", "z'", "g=b", "g=c")
    np.testing.assert_allclose(fit.coefficients, rms["coef"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), rms["se"], rtol=1e-7)
    np.testing.assert_allclose(
        -2 * np.array([fit.null_log_likelihood, fit.log_likelihood]), rms["deviance"], rtol=1e-12
    )
    new: dict[str, Any] = {"x": [15, 48, 95], "z": [2, 12, 30], "g": ["a", "b", "c"]}
    np.testing.assert_allclose(linear_predictor(fit, new), rms["predicted"], rtol=1e-8)


def test_wald_tests_r_rms(fit: LogisticFit, rms: dict[str, Any]) -> None:
    expected = [row for row in rms["anova"] if row["label"] != "TOTAL NONLINEAR"]
    tests = wald_tests(fit)
    assert [test.label for test in tests] == ["x", "x (nonlinear)", "z", "z (nonlinear)", "g", "all"]
    assert [test.df for test in tests] == [row["df"] for row in expected]
    np.testing.assert_allclose([test.chi2 for test in tests], [row["chi2"] for row in expected], rtol=1e-7)
    np.testing.assert_allclose([test.p for test in tests], [row["p"] for row in expected], rtol=1e-6)


def test_effects_r_rms(fit: LogisticFit, rms: dict[str, Any]) -> None:
    got = [effect(fit, VARIABLES[0], 40, 60), effect(fit, VARIABLES[1], 8, 16)]
    got += [effect(fit, VARIABLES[2], "a", level) for level in ("b", "c")]
    expected = [row for row in rms["effects"] if row["label"] == "Odds Ratio"]
    assert [row.term for row in got[1:3]] == ["z: 16 against 8", "g: b against a"]
    for name, field in (("odds_ratio", "effect"), ("lower", "lower"), ("upper", "upper")):
        np.testing.assert_allclose([getattr(row, name) for row in got], [row[field] for row in expected], rtol=1e-7)


def test_points_r_rms(fit: LogisticFit, rms: dict[str, Any]) -> None:
    nomogram = build_nomogram(fit, {"x": (20, 80), "z": (4, 20)}, outcome_label="Risk")
    ticks = (np.arange(20.0, 90.0, 10.0), np.arange(4.0, 24.0, 4.0))
    for axis, at in zip(nomogram.axes, ticks, strict=False):
        assert np.isin(at, axis.values).all()
    axes = rms["axes"]
    widest = max(np.ptp(axes[name]["xbeta"]) for name in axes)
    assert (100.0 / widest) == pytest.approx(axes["x"]["points"][-1] / np.ptp(axes["x"]["xbeta"]), rel=1e-9)
    for name, axis in zip(("x", "z"), nomogram.axes, strict=False):
        chosen = np.isin(axis.values, ticks[("x", "z").index(name)])
        lp = axis.points[chosen] / nomogram.points_per_lp
        np.testing.assert_allclose(np.diff(lp), np.diff(axes[name]["xbeta"]), rtol=0, atol=1e-8)
    np.testing.assert_allclose(nomogram.axes[2].points / nomogram.points_per_lp, axes["g"]["xbeta"], rtol=0, atol=1e-8)


def test_reading_of_a_curve_analytic(fit: LogisticFit) -> None:
    """On a tick the axis' own points; anywhere the points give back the linear predictor."""
    nomogram = build_nomogram(fit, {"x": (20, 80), "z": (4, 20)}, outcome_label="Risk")
    axis = nomogram.axes[0]
    for tick, points in zip(axis.values, axis.points, strict=True):
        reading = read_patient(nomogram, fit, {"x": tick, "z": 9, "g": "b"})
        assert reading.points["x"] == pytest.approx(points, abs=1e-9)
    for x in (3.0, 47.3, 91.0):
        reading = read_patient(nomogram, fit, {"x": x, "z": 9, "g": "b"})
        through = nomogram.lp_at_zero_points + reading.total_points / nomogram.points_per_lp
        assert through == pytest.approx(reading.linear_predictor, abs=1e-9)
        assert reading.probability == pytest.approx(special.expit(through), abs=1e-9)


def test_ridge_r_rms(rms: dict[str, Any]) -> None:
    fit = fit_ridge(COLUMNS, Y, VARIABLES, penalty=3.0)
    np.testing.assert_allclose(fit.coefficients, rms["ridge_coef"], rtol=0, atol=1e-7)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), rms["ridge_se"], rtol=1e-6)
    assert fit.effective_df == pytest.approx(rms["ridge_df"], abs=1e-7)


def test_choice_of_the_penalty_r_rms(rms: dict[str, Any]) -> None:
    penalties = [0, 0.25, 0.5, 1, 2, 5, 10, 20, 50]
    assert choose_penalty(COLUMNS, Y, VARIABLES, penalties).penalty == rms["pentrace"] == 5


def test_statistics_r_rms(fit: LogisticFit, rms: dict[str, Any]) -> None:
    got, want = fit_statistics(fit, COLUMNS, Y), rms["stats"]
    exact = [got.lr_chi2, got.df, got.p, got.r2_nagelkerke, got.r2_cox_snell, got.brier, got.g, got.gr, got.gp]
    names = ["Model L.R.", "d.f.", "P", "R2", "R2(240)", "Brier", "g", "gr", "gp"]
    np.testing.assert_allclose(exact, [want[name] for name in names], rtol=1e-7)
    rounded = [want[name] for name in ("C", "Dxy", "Gamma", "Tau-a")]  # of predictions rounded to 1/500
    np.testing.assert_allclose([got.c, got.dxy, got.gamma, got.tau_a], rounded, rtol=0, atol=2e-3)


def test_table_compares_the_quartiles_of_a_curve_analytic(fit: LogisticFit) -> None:
    tests = multivariable(COLUMNS, Y, VARIABLES, profile=True)
    (row,) = tests[0].rows
    expected = effect(fit, VARIABLES[0], *np.quantile(X, (0.25, 0.75)).tolist())
    assert (row.odds_ratio, row.lower, row.upper) == pytest.approx(
        (expected.odds_ratio, expected.lower, expected.upper), rel=1e-9
    )
    assert row.profile_lower is None
    assert tests[0].df == 3
    assert [row.term for row in tests[2].rows] == ["g=b", "g=c"]


def test_bad_knots_are_refused_mechanics() -> None:
    for knots in ((1.0, 2.0), (1.0, 3.0, 2.0), (1.0, np.nan, 2.0)):
        with pytest.raises(InputError, match="the knots of x must be at least three ascending numbers"):
            fit_logistic(COLUMNS, Y, [replace(VARIABLES[0], knots=knots)])
    with pytest.raises(InputError, match="only a continuous variable can have knots, got g with levels"):
        fit_logistic(COLUMNS, Y, [replace(VARIABLES[2], knots=(1.0, 2.0, 3.0))])
    with pytest.raises(InputError, match="3 to 7 knots, got 2"):
        spline_knots(X, 2)
    with pytest.raises(InputError, match="at least six patients"):
        spline_knots([1.0, 2.0, 3.0], 3)
    with pytest.raises(InputError, match="at least six patients"):
        spline_knots([*X.tolist(), np.nan], 3)
    with pytest.raises(InputError, match="at least 6 distinct values, got 2: use fewer knots"):
        spline_knots(np.arange(50) % 2, 3)
    with pytest.raises(InputError, match="3 knots must be distinct, got 1"):
        spline_knots(np.r_[np.full(90, 5.0), np.arange(10.0), np.arange(20, 25)], 3)
