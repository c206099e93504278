"""Agreement of predicted and observed risk."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.validation.calibration import calibrate
from perirad.validation.records import Calibration, Estimate
from perirad.validation.smoother import local_quadratic

from .conftest import Predictions

Z = 1.959963984540054
MODELS = ("p_clinical", "p_radiomics", "p_combined")
COHORTS = ("train", "test")


def standard_error(estimate: Estimate) -> float:
    return (estimate.upper - estimate.lower) / (2.0 * Z)


@pytest.fixture(scope="module")
def calibrations(cohorts: dict[str, Predictions]) -> dict[tuple[str, str], Calibration]:
    return {(m, c): calibrate(cohorts[c].outcome, cohorts[c][m]) for m in MODELS for c in COHORTS}


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("model", MODELS)
def test_intercept_slope_and_scores_r_rms(
    model: str, cohort: str, calibrations: dict[tuple[str, str], Calibration], oracle: dict[str, Any]
) -> None:
    got, expected = calibrations[model, cohort], oracle["calibration"][model][cohort]
    assert got.n == expected["n"]
    assert got.intercept.estimate == pytest.approx(expected["citl"], abs=1e-10)
    assert standard_error(got.intercept) == pytest.approx(expected["citl_se"], abs=1e-7)
    assert got.slope.estimate == pytest.approx(expected["slope"], abs=1e-10)
    assert standard_error(got.slope) == pytest.approx(expected["slope_se"], abs=1e-7)
    assert got.observed_expected == pytest.approx(expected["OE"], abs=1e-12)
    assert got.brier == pytest.approx(expected["brier"], abs=1e-12)
    assert got.brier_scaled == pytest.approx(expected["brier_scaled"], abs=1e-12)


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("model", MODELS)
def test_smooth_curve_r_loess(
    model: str,
    cohort: str,
    calibrations: dict[tuple[str, str], Calibration],
    cohorts: dict[str, Predictions],
    oracle: dict[str, Any],
) -> None:
    got, expected = calibrations[model, cohort], oracle["calibration"][model][cohort]
    distances = expected["loess_span075_degree2_direct"]
    assert got.ici == pytest.approx(distances["ICI"], abs=1e-10)
    assert got.e50 == pytest.approx(distances["E50"], abs=1e-10)
    assert got.e90 == pytest.approx(distances["E90"], abs=1e-10)
    assert got.emax == pytest.approx(distances["Emax"], abs=1e-10)
    place = np.searchsorted(got.curve.predicted, cohorts[cohort][model][:10])
    np.testing.assert_allclose(got.curve.observed[place], expected["loess_direct_first10"], rtol=0, atol=1e-10)


@pytest.mark.parametrize("n_groups", [5, 10])
@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("model", MODELS)
def test_groups_r_hosmer_lemeshow(
    model: str, cohort: str, n_groups: int, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected = oracle["calibration"][model][cohort][f"hosmer_lemeshow_{n_groups}"]
    groups = calibrate(cohorts[cohort].outcome, cohorts[cohort][model], n_groups=n_groups).groups
    np.testing.assert_array_equal(groups.n, expected["n"])
    np.testing.assert_allclose(groups.n * groups.observed, expected["observed"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(groups.n * groups.predicted, expected["expected"], rtol=0, atol=1e-10)
    assert np.all((groups.lower <= groups.observed) & (groups.observed <= groups.upper))


def naive_loess(x: FloatArray, y: FloatArray, span: float = 0.75) -> FloatArray:
    """One weighted parabola per patient."""
    fitted = []
    for centre in x:
        distance = np.abs(x - centre)
        reach = np.sort(distance)[max(1, int(x.size * span + 1e-5)) - 1]
        away = (x - centre) / (reach or 1.0)
        weight = np.where(distance < reach, 1.0 - np.minimum(np.abs(away), 1.0) ** 3, 0.0) ** 1.5
        if reach == 0.0:
            weight = (distance == 0.0).astype(float)
        design = np.column_stack([np.ones(x.size), away, away**2]) * weight[:, np.newaxis]
        fitted.append(np.linalg.lstsq(design, y * weight, rcond=1e-7)[0][0])
    return np.array(fitted)


@pytest.mark.parametrize("seed", range(6))
def test_smoother_of_random_and_tied_predictions_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 50).astype(float)
    binary = (rng.random(50) < 0.1).astype(np.float64)
    samples: list[FloatArray] = [rng.random(50), rng.integers(1, 9, 50) / 10, rng.integers(0, 3, 50) / 2, binary]
    for x in samples:
        np.testing.assert_allclose(local_quadratic(x, y, x), naive_loess(x, y), rtol=0, atol=1e-8)


def test_smoother_of_a_parabola_is_that_parabola_analytic() -> None:
    x = np.linspace(0.0, 1.0, 700)
    y = 0.1 + 0.5 * x - 0.3 * x**2
    np.testing.assert_allclose(local_quadratic(x, y, x), y, rtol=0, atol=1e-12)


def test_recalibrated_predictions_are_recovered_analytic() -> None:
    # observed shares that follow the logistic recalibration exactly: 0.5 + 2 * logit
    p = np.repeat([0.2, 0.8], 100)
    y = np.concatenate([np.repeat([0, 1], [90, 10]), np.repeat([0, 1], [10, 90])])
    got = calibrate(y, p)
    slope = math.log(9) / math.log(4)
    assert got.slope.estimate == pytest.approx(slope, abs=1e-12)
    assert got.intercept.estimate == pytest.approx(0.0, abs=1e-12)
    assert standard_error(got.intercept) == pytest.approx(1.0 / math.sqrt(200 * 0.16), abs=1e-12)
    assert got.observed_expected == pytest.approx(1.0, abs=1e-12)
    assert got.brier == pytest.approx(0.9 * 0.04 + 0.1 * 0.64, abs=1e-12)
    np.testing.assert_allclose(got.curve.observed, [0.1, 0.9], rtol=0, atol=1e-12)
    assert (got.ici, got.e50, got.e90, got.emax) == pytest.approx((0.1,) * 4, abs=1e-12)


def test_constant_predictions_analytic() -> None:
    y = np.repeat([0, 1], [70, 30])
    got = calibrate(y, np.full(100, 0.2))
    assert np.isnan([got.slope.estimate, got.slope.lower, got.slope.upper]).all()
    assert got.intercept.estimate == pytest.approx(math.log(0.3 / 0.7) - math.log(0.2 / 0.8), abs=1e-12)
    np.testing.assert_allclose(got.curve.observed, 0.3, rtol=0, atol=1e-12)
    assert (got.ici, got.e50, got.e90, got.emax) == pytest.approx((0.1,) * 4, abs=1e-12)
    assert got.groups.n.tolist() == [100]


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_one_class_analytic(p: float) -> None:
    got = calibrate(np.zeros(20, dtype=np.int64), np.full(20, p))
    assert np.isnan([got.intercept.estimate, got.slope.estimate, got.brier_scaled]).all()
    assert got.observed_expected == 0.0
    assert got.brier == pytest.approx(p**2)


@pytest.mark.parametrize("p", [[0.1, 0.2, 0.8, 0.9], [0.1, 0.5, 0.5, 0.9], [0.9, 0.8, 0.2, 0.1]])
def test_separated_classes_have_no_slope_analytic(p: list[float]) -> None:
    got = calibrate(np.array([0, 0, 1, 1]), np.array(p))
    assert math.isnan(got.slope.estimate)
    assert got.intercept.estimate == pytest.approx(0.0, abs=1e-9)


def test_certain_predictions_stay_finite_analytic() -> None:
    y = np.array([0, 0, 1, 0, 1, 1, 0, 1])
    p = np.array([0.0, 0.0, 0.0, 0.3, 0.4, 1.0, 1.0, 1.0])
    got = calibrate(y, p)
    kept = calibrate(y, np.clip(p, 1e-10, 1 - 1e-10))
    assert got.slope == kept.slope
    assert 0.0 < got.slope.estimate < 1.0
    assert np.isfinite([got.intercept.estimate, got.slope.lower, got.slope.upper, got.ici]).all()
    assert got.brier == pytest.approx(np.mean((y - p) ** 2), abs=1e-15)


def test_nothing_expected_analytic() -> None:
    got = calibrate(np.array([0, 1, 0]), np.zeros(3))
    assert math.isnan(got.observed_expected)
    assert got.intercept.estimate == pytest.approx(math.log(0.5) - math.log(1e-10 / (1 - 1e-10)), rel=1e-12)


def test_ties_merge_groups_analytic() -> None:
    p = np.array([0.1] * 60 + [0.2] * 20 + [0.9] * 20)
    y = np.array([0, 1] * 50)
    groups = calibrate(y, p).groups
    assert groups.n.tolist() == [60, 20, 20]
    np.testing.assert_allclose(groups.predicted, [0.1, 0.2, 0.9], rtol=0, atol=1e-12)
    np.testing.assert_allclose(groups.observed, 0.5)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_few_patients_analytic(n: int) -> None:
    got = calibrate(np.arange(n) % 2, np.linspace(0.2, 0.6, n))
    assert got.groups.n.sum() == n
    assert np.isfinite([got.brier, got.ici, got.emax]).all()


@pytest.mark.parametrize(
    ("p", "line"),
    [
        ([0.1, 1.2], "every probability must be within 0 and 1, got 1.2 in row 2"),
        ([-0.1, 0.2], "every probability must be within 0 and 1, got -0.1 in row 1"),
        ([0.1, np.nan], "every probability must be finite, got nan in row 2"),
        ([0.1], "one probability is needed for each of 2 patients, got an array of shape (1,)"),
    ],
)
def test_bad_probability_is_named_mechanics(p: list[float], line: str) -> None:
    with pytest.raises(InputError) as error:
        calibrate(np.array([0, 1]), np.array(p))
    assert str(error.value) == line


def test_bad_number_of_groups_is_named_mechanics() -> None:
    with pytest.raises(InputError, match=r"^at least one calibration group is needed, got n_groups=0$"):
        calibrate(np.array([0, 1]), np.array([0.1, 0.2]), n_groups=0)
