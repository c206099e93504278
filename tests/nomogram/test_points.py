"""Points of the nomogram."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.nomogram.logistic import fit_logistic, probability
from perirad.nomogram.points import build_nomogram, read_patient
from perirad.nomogram.records import LogisticFit, Nomogram, Variable

from .conftest import Cohort

NAMES = ("age", "size_mm", "birads", "radscore")
EXPLICIT = {"age": (20.0, 90.0), "size_mm": (0.0, 60.0), "radscore": (-4.0, 3.0)}


@pytest.fixture(scope="module")
def fit(training: Cohort) -> LogisticFit:
    return fit_logistic(training.columns, training.outcome, training.variables(*NAMES))


@pytest.fixture(scope="module")
def explicit(fit: LogisticFit) -> Nomogram:
    return build_nomogram(fit, EXPLICIT, outcome_label="Risk")


def made_fit(variables: tuple[Variable, ...], terms: tuple[str, ...], coefficients: list[float]) -> LogisticFit:
    size = len(coefficients)
    return LogisticFit(variables, terms, np.array(coefficients), np.eye(size), -1.0, -2.0, 10, 5, "ml")


def as_rms_reads_it(nomogram: Nomogram, lowest: float, highest: float) -> FloatArray:
    """Risk scale by rms's interpolation between 1000 linear predictors, where ours is exact."""
    lp = np.linspace(lowest, highest, 1000)
    at = np.interp(nomogram.risk_ticks, special.expit(lp), lp)
    return np.asarray(nomogram.points_per_lp * (at - nomogram.lp_at_zero_points))


def test_axes_of_given_ranges_r_rms(explicit: Nomogram, oracle: dict[str, Any]) -> None:
    expected = oracle["nomogram"]["explicit_axes"]
    assert explicit.points_per_lp == pytest.approx(oracle["nomogram"]["points_per_lp_unit"], abs=1e-8)
    for axis, want in zip(explicit.axes, expected["axes"], strict=True):
        assert axis.variable.name == want["variable"]
        at = axis.values[: len(want["value"])] if axis.variable.kind == "categorical" else np.float64(want["value"])
        np.testing.assert_allclose(np.interp(at, axis.values, axis.points), want["points"], rtol=0, atol=1e-8)
    np.testing.assert_array_equal(explicit.total_ticks, expected["total_points_axis"])


def test_risk_scale_of_given_ranges_r_rms(explicit: Nomogram, oracle: dict[str, Any]) -> None:
    expected = oracle["nomogram"]["explicit_axes"]["probability"]
    np.testing.assert_array_equal(explicit.risk_ticks, expected["probability"])
    np.testing.assert_allclose(as_rms_reads_it(explicit, -8.0, 8.0), expected["total_points"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(explicit.risk_points, expected["total_points"], rtol=0, atol=5e-4)


def test_risk_scale_is_the_inverse_of_the_logistic_function_analytic(explicit: Nomogram) -> None:
    lp = explicit.lp_at_zero_points + explicit.risk_points / explicit.points_per_lp
    np.testing.assert_allclose(special.expit(lp), explicit.risk_ticks, rtol=1e-12)


def test_linear_predictor_scale_r_rms(explicit: Nomogram, oracle: dict[str, Any]) -> None:
    expected = oracle["nomogram"]["explicit_axes"]["lp"]
    lp = explicit.lp_at_zero_points + np.array(expected["total_points"]) / explicit.points_per_lp
    np.testing.assert_allclose(lp, expected["lp"], rtol=0, atol=1e-8)


def test_axes_of_training_ranges_r_rms(fit: LogisticFit, oracle: dict[str, Any]) -> None:
    expected = oracle["nomogram"]["default_axes_datadist"]
    limits = {row["stat"]: row for row in expected["datadist_limits"]}
    ranges = {name: (limits["Low"][name], limits["High"][name]) for name in EXPLICIT}
    nomogram = build_nomogram(fit, ranges, outcome_label="Risk")
    for axis, want in zip(nomogram.axes, expected["axes"], strict=True):
        assert list(axis.labels) == want["value"]
        np.testing.assert_allclose(axis.points, want["points"], rtol=0, atol=1e-8)
    np.testing.assert_array_equal(nomogram.total_ticks, expected["total_points_axis"])
    risk = expected["probability"]
    # rms ends its risk scale with the rounded scale of the linear predictor, we with the last point in reach
    np.testing.assert_array_equal(nomogram.risk_ticks, [*risk["probability"], 0.99])
    np.testing.assert_allclose(as_rms_reads_it(nomogram, -9.0, 4.0)[:-1], risk["total_points"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(nomogram.risk_points[:-1], risk["total_points"], rtol=0, atol=5e-4)
    last = nomogram.lp_at_zero_points + nomogram.risk_points[-1] / nomogram.points_per_lp
    assert special.expit(last) == pytest.approx(0.99, abs=1e-12)


def test_patients_r_rms(explicit: Nomogram, fit: LogisticFit, training: Cohort, oracle: dict[str, Any]) -> None:
    risks = probability(fit, training.columns)
    for expected in oracle["nomogram"]["patients"]:
        i = training.columns["id"].index(expected["id"])
        reading = read_patient(explicit, fit, {name: training.columns[name][i] for name in NAMES})
        assert list(reading.points) == list(NAMES)
        np.testing.assert_allclose(list(reading.points.values()), expected["points"], rtol=0, atol=1e-8)
        assert reading.total_points == pytest.approx(expected["total"], abs=1e-8)
        assert reading.probability == pytest.approx(expected["probability"], abs=1e-9)
        assert reading.probability == risks[i]
        through = explicit.lp_at_zero_points + reading.total_points / explicit.points_per_lp
        assert through == pytest.approx(reading.linear_predictor, abs=1e-12)


def test_points_go_beyond_the_axis_analytic(explicit: Nomogram, fit: LogisticFit) -> None:
    def radscore_points(value: float) -> float:
        reading = read_patient(explicit, fit, {"age": 10, "size_mm": 70, "birads": "4A", "radscore": value})
        assert reading.points["age"] < 0.0
        return reading.points["radscore"]

    assert radscore_points(4.0) == pytest.approx(800 / 7, abs=1e-9)
    assert radscore_points(-5.0) == pytest.approx(-100 / 7, abs=1e-9)


def test_negative_coefficient_counts_from_the_upper_end_analytic() -> None:
    variables = (Variable("a", "A", "continuous"), Variable("b", "B", "continuous"))
    fit = made_fit(variables, ("a", "b"), [1.0, -0.5, 0.1])
    nomogram = build_nomogram(fit, {"a": (0.0, 10.0), "b": (0.0, 10.0)}, outcome_label="Risk")
    assert nomogram.points_per_lp == pytest.approx(20.0)
    assert nomogram.lp_at_zero_points == pytest.approx(1.0 - 5.0)
    np.testing.assert_allclose(nomogram.axes[0].points, 100.0 - 10.0 * nomogram.axes[0].values)
    reading = read_patient(nomogram, fit, {"a": 4, "b": 5})
    assert reading.points == pytest.approx({"a": 60.0, "b": 10.0})
    assert reading.linear_predictor == pytest.approx(1.0 - 2.0 + 0.5)


def test_protective_level_gives_points_to_the_reference_analytic() -> None:
    birads = Variable("birads", "BI-RADS", "categorical", ("4A", "4B", "4C"))
    fit = made_fit((birads,), ("birads=4B", "birads=4C"), [0.0, -1.0, 1.0])
    nomogram = build_nomogram(fit, {}, outcome_label="Risk")
    np.testing.assert_allclose(nomogram.axes[0].points, [50.0, 0.0, 100.0])
    np.testing.assert_array_equal(nomogram.axes[0].values, [0, 1, 2])
    assert nomogram.axes[0].labels == ("4A", "4B", "4C")
    np.testing.assert_array_equal(nomogram.risk_ticks, [0.3, 0.4, 0.5, 0.6, 0.7])
    for level, points in zip(("4A", "4B", "4C"), (50.0, 0.0, 100.0), strict=True):
        assert read_patient(nomogram, fit, {"birads": level}).points["birads"] == pytest.approx(points)


def test_single_variable_of_one_value_analytic() -> None:
    fit = made_fit((Variable("x", "x", "continuous"),), ("x",), [0.0, 2.0])
    nomogram = build_nomogram(fit, {"x": (5.0, 5.0)}, outcome_label="Risk")
    assert nomogram.axes[0].values[0] <= 5.0 <= nomogram.axes[0].values[-1]
    assert nomogram.axes[0].points[[0, -1]] == pytest.approx([0.0, 100.0])
    assert read_patient(nomogram, fit, {"x": 5.0}).probability == special.expit(10.0)


def test_model_without_any_effect_analytic() -> None:
    fit = made_fit((Variable("x", "x", "continuous"),), ("x",), [0.3, 0.0])
    nomogram = build_nomogram(fit, {"x": (0.0, 1.0)}, outcome_label="Risk")
    assert nomogram.points_per_lp == 1.0
    assert nomogram.total_ticks.tolist() == [0.0]
    assert nomogram.risk_ticks.size == 0
    reading = read_patient(nomogram, fit, {"x": 0.4})
    assert (reading.total_points, reading.linear_predictor) == (0.0, 0.3)


def test_ranges_and_values_must_be_there_mechanics(fit: LogisticFit, explicit: Nomogram) -> None:
    with pytest.raises(InputError, match=r"^the range of size_mm is needed for its axis, got age$"):
        build_nomogram(fit, {"age": (20.0, 90.0)}, outcome_label="Risk")
    with pytest.raises(
        InputError, match=r"^the range of age must go from a lower to an upper value, got 9\.0 to 2\.0$"
    ):
        build_nomogram(fit, {**EXPLICIT, "age": (9.0, 2.0)}, outcome_label="Risk")
    with pytest.raises(InputError, match=r"^birads must be one of 4A, 4B, 4C, got '5' in row 1$"):
        read_patient(explicit, fit, {"age": 50, "size_mm": 10, "birads": "5", "radscore": 0})
    with pytest.raises(
        InputError, match=r"^radscore must be among the columns, got age, size_mm, birads: add radscore$"
    ):
        read_patient(explicit, fit, {"age": 50, "size_mm": 10, "birads": "4A"})
