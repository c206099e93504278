"""Flexible calibration curves and their bands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.validation.calibration import calibrate
from perirad.validation.calibration_curve import calibration_band, spline_calibration
from perirad.validation.smoother import local_quadratic, local_quadratic_error, lowess

from .conftest import Predictions

MODELS = ("p_clinical", "p_radiomics", "p_combined")
COHORTS = ("train", "test")


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("model", MODELS)
def test_spline_distances_r_rms(
    model: str, cohort: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    expected = oracle["calibration"][model][cohort]["rcs3_logit_knots_10_50_90"]
    got = spline_calibration(cohorts[cohort].outcome, cohorts[cohort][model])
    np.testing.assert_allclose(got.knots, expected["knots"], atol=1e-9)
    wanted = [expected[name] for name in ("ICI", "E50", "E90", "Emax")]
    assert [got.ici, got.e50, got.e90, got.emax] == pytest.approx(wanted, abs=1e-9)


def test_lowess_r(cohorts: dict[str, Predictions], oracle: dict[str, Any]) -> None:
    patients, expected = cohorts["test"], oracle["lowess"]
    got = lowess(patients["p_combined"], patients["malignant"], np.array(expected["x"]))
    np.testing.assert_allclose(got, expected["y"], rtol=0, atol=1e-12)


def test_lowess_of_a_line_and_beyond_it_analytic() -> None:
    x = np.array([0.3, 0.1, 0.2, 0.9, 0.5, 0.5, 0.7])
    at = np.array([0.1, 0.25, 0.9, 0.05, 1.0])
    np.testing.assert_allclose(lowess(x, 2.0 * x - 1.0, at), [-0.8, -0.5, 0.8, np.nan, np.nan], atol=1e-12)
    assert lowess(np.full(4, 0.3), np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.3])).tolist() == [0.75]
    assert lowess(np.array([0.3]), np.array([1.0]), np.array([0.3])).tolist() == [1.0]


@pytest.mark.parametrize("seed", range(3))
def test_error_of_the_smoother_by_its_weights_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, variance = rng.integers(0, 30, 40) / 30.0, rng.random(40)
    # the fit is linear in the outcome: unit outcomes, one at a time, show each patient's weight
    weights = np.column_stack([local_quadratic(x, unit, x) for unit in np.eye(40)])
    expected = np.sqrt(weights**2 @ variance)
    np.testing.assert_allclose(local_quadratic_error(x, variance, x), expected, rtol=1e-9)


def covered(lower: FloatArray, truth: FloatArray, upper: FloatArray) -> float:
    return float(np.mean((lower <= truth) & (truth <= upper)))


def test_bands_cover_the_truth_simulated() -> None:
    rng = np.random.default_rng(1)
    loess, spline = [], []
    for _ in range(60):
        logit = rng.normal(-1.0, 1.2, 250)
        p, truth = 1.0 / (1.0 + np.exp(-logit)), 1.0 / (1.0 + np.exp(-0.3 - 0.8 * logit))
        y = (rng.random(250) < truth).astype(np.int64)
        truth = truth[np.argsort(p)]
        band, curve = calibration_band(y, p), spline_calibration(y, p).curve
        loess.append(covered(band.lower, truth, band.upper))
        spline.append(covered(curve.lower, truth, curve.upper))
    assert 0.91 < np.mean(loess) < 0.98
    assert 0.92 < np.mean(spline) < 0.98


def test_band_belongs_to_the_curve_of_calibrate_analytic(cohorts: dict[str, Predictions]) -> None:
    patients = cohorts["test"]
    band = calibration_band(patients.outcome, patients["p_combined"])
    curve = calibrate(patients.outcome, patients["p_combined"]).curve
    np.testing.assert_array_equal(band.predicted, curve.predicted)
    np.testing.assert_array_equal(band.observed, curve.observed)
    narrow = calibration_band(patients.outcome, patients["p_combined"], level=0.5)
    ratio = (band.upper - band.observed) / (narrow.upper - narrow.observed)
    np.testing.assert_allclose(ratio, 1.959963984540054 / 0.674489750196082, rtol=1e-9)


def test_two_predictions_leave_a_straight_line_analytic() -> None:
    p = np.repeat([0.2, 0.8], 50)
    y = np.concatenate([np.repeat([0, 1], [45, 5]), np.repeat([0, 1], [15, 35])])
    got = spline_calibration(y, p)
    assert got.knots.size == 0
    np.testing.assert_allclose(got.curve.observed, [0.1, 0.7], atol=1e-12)
    error = np.sqrt(1.0 / (50 * 0.09))
    np.testing.assert_allclose(got.curve.upper[0], 1.0 / (1.0 + 9.0 * np.exp(-1.959963984540054 * error)), atol=1e-12)
    assert (got.ici, got.emax) == pytest.approx((0.1, 0.1))
    band = calibration_band(y, p)
    np.testing.assert_allclose(band.upper[0] - 0.1, 1.959963984540054 * np.sqrt(0.09 / 50), atol=1e-12)


@pytest.mark.parametrize("y", [[0, 0, 0, 0], [0, 0, 1, 1]])
def test_no_maximum_is_undefined_analytic(y: list[int]) -> None:
    got = spline_calibration(np.array(y), np.array([0.1, 0.2, 0.6, 0.8]))
    assert np.isnan(got.curve.observed).all()
    assert np.isnan([got.ici, got.e50, got.e90, got.emax]).all()


def test_five_knots_bend_more_than_three_analytic(cohorts: dict[str, Predictions]) -> None:
    patients = cohorts["train"]
    knots = [spline_calibration(patients.outcome, patients["p_combined"], n_knots=n).knots.size for n in (3, 4, 5)]
    assert knots == [3, 4, 5]
    with pytest.raises(InputError, match=r"^a calibration spline has 3, 4 or 5 knots, got n_knots=2$"):
        spline_calibration(patients.outcome, patients["p_combined"], n_knots=2)
