"""Model updating."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import optimize, special, stats

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation.updating import choose_update, update_intercept, update_slope

from .conftest import Predictions


def new_hospital(n: int, truth: FloatArray, seed: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """Outcome, old linear predictor (1, 1, -0.5, with intercept -1) and predictors where `truth` holds."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    y = (rng.random(n) < special.expit(truth[0] + X @ truth[1:])).astype(np.int64)
    return y, -1.0 + X @ np.array([1.0, 1.0, -0.5]), X


def maximum(y: IntArray, eta: FloatArray, X: FloatArray) -> float:
    """Largest log-likelihood of eta + X b, by a general optimiser."""

    def loss(b: FloatArray) -> float:
        linear = eta + X @ b
        return float(np.logaddexp(0.0, linear).sum() - y @ linear)

    return -float(optimize.minimize(loss, np.zeros(X.shape[1]), method="BFGS", options={"gtol": 1e-9}).fun)


def test_steps_by_a_general_optimiser_naive() -> None:
    y, lp, X = new_hospital(200, np.array([0.5, 0.2, 1.0, 1.5]), seed=1)
    one, nothing = np.ones((200, 1)), np.zeros(200)
    refit = maximum(y, nothing, np.column_stack([one, X]))
    simpler = [
        maximum(y, lp, np.zeros((200, 1))), maximum(y, lp, one), maximum(y, nothing, np.column_stack([one, lp])),
    ]  # fmt: skip
    chosen, steps = choose_update(y, lp, X)
    assert chosen.method == "refit"
    assert [step.df for step in steps] == [4, 3, 2]
    for step, value in zip(steps, simpler, strict=True):
        assert step.chi2 == pytest.approx(2.0 * (refit - value), abs=1e-6)
        assert step.p == pytest.approx(stats.chi2.sf(step.chi2, step.df), rel=1e-9)
    np.testing.assert_allclose(special.expit(chosen.apply(lp, X)).sum(), y.sum(), rtol=1e-9)


@pytest.mark.parametrize(
    ("truth", "method"),
    [
        ([-1.0, 1.0, 1.0, -0.5], "none"),
        ([0.5, 1.0, 1.0, -0.5], "intercept"),
        ([0.5, 0.4, 0.4, -0.2], "slope"),
        ([-1.0, 0.1, 1.0, 1.0], "refit"),
    ],
)
def test_the_true_update_is_chosen_simulated(truth: list[float], method: str) -> None:
    found: Counter[str] = Counter(
        choose_update(*new_hospital(1500, np.array(truth), seed))[0].method for seed in range(60)
    )
    assert found[method] >= 53  # 0.95 of 60 less two standard errors


def test_updates_of_the_test_patients_r_rms(cohorts: dict[str, Predictions]) -> None:
    patients = cohorts["test"]
    lp = special.logit(patients["p_combined"])
    shift, stretch = update_intercept(patients.outcome, lp), update_slope(patients.outcome, lp)
    assert shift.intercept == pytest.approx(-0.317182500366083, abs=1e-9)
    assert (stretch.intercept, stretch.slope) == pytest.approx((-0.522990690442931, 0.556495797660547), abs=1e-9)
    np.testing.assert_allclose(special.expit(shift.apply(lp)).sum(), patients.outcome.sum(), rtol=1e-12)
    assert update_slope(patients.outcome, stretch.apply(lp)).slope == pytest.approx(1.0, abs=1e-9)


def test_one_predictor_has_nothing_to_refit_beyond_its_slope_analytic() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    y = (rng.random(400) < special.expit(0.2 * x)).astype(np.int64)
    chosen, steps = choose_update(y, 2.0 * x, x[:, np.newaxis])
    assert (chosen.method, steps[-1].df, steps[-1].p) == ("slope", 0, 1.0)
    assert steps[-1].chi2 == pytest.approx(0.0, abs=1e-8)


def test_no_maximum_is_told_analytic() -> None:
    y, lp = np.array([0, 0, 1, 1]), np.array([-2.0, -1.0, 1.0, 2.0])
    assert np.isnan(update_slope(y, lp).slope)
    assert np.isnan(update_intercept(np.ones(4, dtype=np.int64), lp).intercept)
    with pytest.raises(InputError, match=r"^the refitted model must have a maximum, got none: update the intercept"):
        choose_update(y, lp, lp[:, np.newaxis])


def test_a_refit_needs_the_predictors_mechanics() -> None:
    y, lp, X = new_hospital(300, np.array([0.5, 0.2, 1.0, 1.5]), seed=1)
    with pytest.raises(InputError, match=r"^a refitted model needs the predictors themselves, got the old linear"):
        choose_update(y, lp, X)[0].apply(lp)
    with pytest.raises(InputError, match=r"^finite predictors of 300 patients are needed, got an array of shape"):
        choose_update(y, lp, X[:10])
    with pytest.raises(InputError, match=r"^alpha must be above 0 and below 1, got alpha=5$"):
        choose_update(y, lp, X, alpha=5)
