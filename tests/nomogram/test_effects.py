"""Wald tests, effects between two values, statistics of the fit and backward elimination, against R."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.nomogram.backward import backward_by_aic, backward_by_p
from perirad.nomogram.effects import effect, odds_ratios, wald_tests
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import Variable
from perirad.nomogram.ridge import fit_ridge
from perirad.nomogram.statistics import fit_statistics

from .conftest import Cohort

MODELS = {
    "clinical": ("age", "size_mm", "birads", "family_history"),
    "radiomics": ("radscore",),
    "combined": ("age", "size_mm", "birads", "radscore"),
}
CANDIDATES = ("age", "size_mm", "menopause", "birads", "ca153", "family_history")


@pytest.mark.parametrize("model", MODELS)
def test_wald_tests_r_rms(model: str, training: Cohort, oracle: dict[str, Any]) -> None:
    expected = oracle["logistic"][model]["anova_wald"]
    tests = wald_tests(fit_logistic(training.columns, training.outcome, training.variables(*MODELS[model])))
    assert [test.label for test in tests] == [*MODELS[model], "all"]
    assert [test.df for test in tests] == [row["d.f."] for row in expected]
    np.testing.assert_allclose([test.chi2 for test in tests], [row["Chi.Square"] for row in expected], rtol=1e-7)
    np.testing.assert_allclose([test.p for test in tests], [row["P"] for row in expected], rtol=1e-6, atol=1e-15)


def test_odds_ratios_between_quartiles_r_rms(training: Cohort, oracle: dict[str, Any]) -> None:
    rows = oracle["logistic"]["iqr_odds_ratios_combined"]
    fit = fit_logistic(training.columns, training.outcome, training.variables(*MODELS["combined"]))
    compared = 0
    for beta, expected in zip(rows[::2], rows[1::2], strict=True):
        name, _, levels = beta["label"].partition(" - ")
        high, low = levels.split(":") if levels else (expected["High"], expected["Low"])
        got = effect(fit, training.variable(name), low, high)
        want = (expected["Effect"], expected["Lower.0.95"], expected["Upper.0.95"])
        assert (got.odds_ratio, got.lower, got.upper) == pytest.approx(want, rel=1e-6)
        compared += 1
    assert compared == 5


def test_effect_of_one_unit_is_the_odds_ratio_analytic(training: Cohort) -> None:
    fit = fit_logistic(training.columns, training.outcome, training.variables("age", "birads"))
    age, level = odds_ratios(fit)[0], odds_ratios(fit)[2]
    one = effect(fit, training.variable("age"), 40, 41)
    assert (one.odds_ratio, one.lower, one.p) == pytest.approx((age.odds_ratio, age.lower, age.p), rel=1e-9)
    other = effect(fit, training.variable("birads"), "4A", "4C")
    assert (other.odds_ratio, other.upper) == pytest.approx((level.odds_ratio, level.upper), rel=1e-12)
    assert effect(fit, training.variable("age"), 40, 40).odds_ratio == 1.0
    wider = effect(fit, training.variable("age"), 40, 41, confidence=0.99)
    assert wider.lower < one.lower < one.upper < wider.upper


@pytest.mark.parametrize("model", MODELS)
def test_statistics_r_rms(model: str, training: Cohort, oracle: dict[str, Any]) -> None:
    """`lrm` counts its pairs after rounding predictions to 1/500, we do not: those four agree to 1e-3."""
    expected = oracle["logistic"][model]
    want = expected["lrm_stats"]
    fit = fit_logistic(training.columns, training.outcome, training.variables(*MODELS[model]))
    got = fit_statistics(fit, training.columns, training.outcome)
    assert (got.lr_chi2, got.df) == pytest.approx((want["Model L.R."], want["d.f."]), abs=1e-7)
    assert got.p == pytest.approx(want["P"], abs=1e-14)
    assert (got.aic, got.bic) == pytest.approx((expected["aic"], expected["bic"]), abs=1e-7)
    assert got.r2_nagelkerke == pytest.approx(want["R2"], abs=1e-9)
    assert got.r2_cox_snell == pytest.approx(expected["cox_snell_R2"], abs=1e-9)
    assert (got.brier, got.g, got.gr, got.gp) == pytest.approx(
        (want["Brier"], want["g"], want["gr"], want["gp"]), rel=1e-7
    )
    pairs = [want[name] for name in ("C", "Dxy", "Gamma", "Tau-a")]
    np.testing.assert_allclose([got.c, got.dxy, got.gamma, got.tau_a], pairs, rtol=0, atol=1e-3)


def test_rank_statistics_naive(training: Cohort) -> None:
    fit = fit_logistic(training.columns, training.outcome, training.variables("birads"))
    got = fit_statistics(fit, training.columns, training.outcome)
    levels = np.array([{"4A": 0, "4B": 1, "4C": 2}[level] for level in training.columns["birads"]])
    signs = np.sign(levels[training.outcome == 1][:, None] - levels[training.outcome == 0][None, :])
    assert got.c == pytest.approx(np.mean((signs + 1) / 2))
    assert got.dxy == pytest.approx(signs.mean())
    assert got.gamma == pytest.approx(signs.sum() / np.abs(signs).sum())
    assert got.tau_a == pytest.approx(signs.sum() / (303 * 302 / 2))
    lp = fit.coefficients[0] + np.r_[0.0, fit.coefficients[1:]][levels]
    assert got.g == pytest.approx(np.abs(lp[:, None] - lp[None, :]).sum() / (303 * 302))


def test_ridge_counts_effective_terms_analytic(training: Cohort) -> None:
    variables = training.variables(*MODELS["combined"])
    fit = fit_ridge(training.columns, training.outcome, variables, penalty=5)
    got = fit_statistics(fit, training.columns, training.outcome)
    assert got.df == fit.effective_df < 5.0
    assert got.aic == pytest.approx(-2 * fit.log_likelihood + 2 * (fit.effective_df + 1))


def test_backward_elimination_r_mass_and_rms(training: Cohort, oracle: dict[str, Any]) -> None:
    variables = training.variables(*CANDIDATES)
    expected = oracle["logistic"]["stepAIC_backward"]
    kept = backward_by_aic(training.columns, training.outcome, variables)
    assert [variable.name for variable in kept] == expected["kept"]
    fit = fit_logistic(training.columns, training.outcome, kept)
    assert fit_statistics(fit, training.columns, training.outcome).aic == pytest.approx(expected["aic"], abs=1e-7)
    np.testing.assert_allclose(fit.coefficients, list(expected["coef"].values()), rtol=0, atol=1e-7)
    full = fit_logistic(training.columns, training.outcome, variables)
    assert [v.name for v in backward_by_p(full)] == oracle["logistic"]["fastbw_p05"]["kept"]


def test_noise_is_eliminated_and_signal_stays_analytic() -> None:
    random = np.random.default_rng(3)
    signal, noise = random.normal(size=200), random.normal(size=(3, 200))
    y = (random.random(200) < 1 / (1 + np.exp(-2 * signal))).astype(np.int64)
    columns: dict[str, Any] = {"s": signal, "n1": noise[0], "n2": noise[1], "n3": noise[2]}
    variables = [Variable(name, name, "continuous") for name in ("n1", "s", "n2", "n3")]
    assert [v.name for v in backward_by_p(fit_logistic(columns, y, variables), alpha=1e-6)] == ["s"]
    shuffled = random.permutation(y)
    fit = fit_logistic(columns, shuffled, variables)
    assert backward_by_p(fit, alpha=1e-9) == ()
    assert len(backward_by_p(fit, alpha=0.999)) == 4
    assert len(backward_by_aic(columns, shuffled, variables)) <= 2
    with pytest.raises(InputError, match="alpha"):
        backward_by_p(fit, alpha=5)
