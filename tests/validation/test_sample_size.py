"""Sample size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.validation.sample_size import (
    auc_sample_size,
    cox_snell_of_c_statistic,
    development_sample_size,
)
from perirad.validation.validation_size import net_benefit_sample_size, validation_sample_size


def test_development_riley(oracle: dict[str, Any]) -> None:
    for case in oracle["sample_size"]["development"]:
        got = development_sample_size(case["R2_cs"], case["predictors"], case["prevalence"])
        assert (got.n_shrinkage, got.n_optimism) == (case["n_shrinkage"], case["n_r2_optimism"])
        assert (got.n_overall_risk, got.n, got.events) == (case["n_overall_risk"], case["n"], case["events"])
        assert got.events_per_parameter == pytest.approx(case["epp"], abs=1e-12)
        assert got.max_r2 == pytest.approx(case["max_R2_cs"], abs=1e-12)
        assert got.n_prediction_error == pytest.approx(case["n_mape_0.05_van_smeden"], abs=1e-9)


def test_r2_of_a_c_statistic_riley(oracle: dict[str, Any]) -> None:
    for case in oracle["sample_size"]["R2cs_from_C"]:
        got = cox_snell_of_c_statistic(case["C"], case["prevalence"])
        assert got == pytest.approx(case["R2_cs_normal_lp_exact"], abs=1e-9)


def test_validation_riley(oracle: dict[str, Any]) -> None:
    for case in oracle["sample_size"]["validation"]:
        got = validation_sample_size(case["prevalence"], case["C"], case["lp_mean"], case["lp_sd"])
        assert got.n_observed_expected == pytest.approx(case["n_OE"], abs=1e-9)
        assert got.n_slope == pytest.approx(case["n_slope"], abs=1e-6)
        assert got.n_c_statistic == case["n_C"]
        assert got.n - 1 < max(case["n_OE"], case["n_slope"], case["n_C"]) <= got.n


def test_patients_for_an_area_r_proc(oracle: dict[str, Any]) -> None:
    case = oracle["roc"]["power_one_auc"]
    got = auc_sample_size(case["auc"], nonevents_per_event=case["kappa_controls_per_case"], power=case["power"])
    assert got == pytest.approx((case["ncases"], case["ncontrols"]), abs=1e-9)


def test_net_benefit_by_the_delta_method_naive() -> None:
    prevalence, sensitivity, specificity, t = 0.3, 0.8, 0.7, 0.2

    def benefit(shares: FloatArray) -> float:
        """Standardised net benefit of the shares of true and false positives, and of events."""
        true, false, events = shares
        return float((true - false * t / (1.0 - t)) / events)

    cells = np.array([prevalence * sensitivity, (1.0 - prevalence) * (1.0 - specificity), prevalence])
    steps = np.eye(3) * 1e-6
    gradient = np.array([(benefit(cells + step) - benefit(cells - step)) / 2e-6 for step in steps])
    together = np.array([[cells[0], 0.0, cells[0]], [0.0, cells[1], 0.0], [cells[0], 0.0, prevalence]])
    variance = gradient @ (together - np.outer(cells, cells)) @ gradient
    got = net_benefit_sample_size(prevalence, sensitivity, specificity, t, se_net_benefit=0.05)
    assert got == pytest.approx(variance / 0.05**2, rel=1e-6)


def test_whole_radiomics_needs_thousands_analytic() -> None:
    # what the tool is for: candidates are counted before selection
    few, many = (development_sample_size(0.2, n, 0.3).n for n in (8, 474))
    assert many > 50 * few * 0.9


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: development_sample_size(0.7, 10, 0.2), "R2 (Cox-Snell) must be above 0 and below 0.632, got"),
        (
            lambda: development_sample_size(0.2, 0, 0.2),
            "at least one candidate parameter is needed, got n_parameters=0",
        ),
        (lambda: development_sample_size(0.2, 5, 1.2), "prevalence must be above 0 and below 1, got 1.2"),
        (lambda: development_sample_size(0.2, 5, 0.2, shrinkage=1.0), "shrinkage must be above 0 and below 1, got 1.0"),
        (lambda: cox_snell_of_c_statistic(0.5, 0.2), "the C statistic must be above 0.5 and below 1, got"),
        (
            lambda: validation_sample_size(0.2, 0.8, 0.0, 0.0),
            "the linear predictor needs a mean and an SD above 0, at",
        ),
        (lambda: validation_sample_size(0.2, 0.8, 0.0, 1.0, se_slope=0.0), "wanted standard errors must be positive"),
        (lambda: auc_sample_size(0.8, nonevents_per_event=0.0), "non-events per event must be positive, got"),
        (lambda: net_benefit_sample_size(0.2, 1.0, 0.8, 0.1), "sensitivity must be above 0 and below 1, got 1.0"),
        (lambda: auc_sample_size(0.4, nonevents_per_event=1.0), "the expected AUC must be above 0.5 and below 1, got"),
    ],
)
def test_bad_wishes_are_named_mechanics(call: Any, line: str) -> None:
    with pytest.raises(InputError) as error:
        call()
    assert str(error.value).startswith(line)
