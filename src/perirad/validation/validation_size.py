"""How many patients a model needs to be tested in."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.errors import InputError
from perirad.validation._check import check_within

__all__ = ["ValidationSize", "net_benefit_sample_size", "validation_sample_size"]


@dataclass(frozen=True)
class ValidationSize:
    """Patients needed for external validation, by each criterion; `n` is the largest, rounded up, `events` of them."""

    n_observed_expected: float
    n_slope: float
    n_c_statistic: int
    n: int
    events: int


def validation_sample_size(
    prevalence: float,
    c_statistic: float,
    lp_mean: float,
    lp_sd: float,
    *,
    se_log_observed_expected: float = 0.051,
    se_slope: float = 0.051,
    se_c_statistic: float = 0.0255,
) -> ValidationSize:
    """Sample size to validate a binary model (doi:10.1002/sim.9025), as pmvalsampsize.

    Parameters
    ----------
    prevalence, c_statistic : float
        Expected in the patients to come.
    lp_mean, lp_sd : float
        Of the linear predictor there, taken as normal.
    se_log_observed_expected, se_slope, se_c_statistic : float
        Wanted standard errors; 0.051 gives an interval 0.2 wide, 0.0255 one 0.1 wide.

    Returns
    -------
    ValidationSize
    """
    check_within("prevalence", prevalence)
    check_within("C statistic", c_statistic)
    if not (math.isfinite(lp_mean) and 0.0 < lp_sd <= 20.0):
        raise InputError(
            "the linear predictor needs a mean and an SD above 0, at most 20", f"lp_mean={lp_mean}, lp_sd={lp_sd}"
        )
    wanted = se_log_observed_expected, se_slope, se_c_statistic
    if not all(0.0 < se < math.inf for se in wanted):
        raise InputError("wanted standard errors must be positive", f"{wanted}")
    ratio = (1.0 - prevalence) / (prevalence * se_log_observed_expected**2)
    slope = _slope_size(lp_mean, lp_sd, se_slope)
    area = _c_statistic_size(c_statistic, prevalence, se_c_statistic)
    n = math.ceil(max(ratio, slope, area))
    return ValidationSize(ratio, slope, area, n, math.ceil(n * prevalence))


def net_benefit_sample_size(
    prevalence: float, sensitivity: float, specificity: float, threshold: float, *, se_net_benefit: float = 0.051
) -> float:
    r"""Sample size to estimate the standardised net benefit at a threshold (doi:10.1002/sim.9025).

    .. math:: \frac{1}{s^2} \left[ \frac{a (1 - a)}{\pi} + \frac{w^2 b (1 - b)}{1 - \pi}
              + \frac{w^2 (1 - b)^2}{\pi (1 - \pi)} \right], \quad w = \frac{1 - \pi}{\pi} \frac{t}{1 - t}

    Parameters
    ----------
    prevalence, sensitivity, specificity : float
        Expected at the threshold.
    threshold : float
        Probability from which patients are acted upon.
    se_net_benefit : float
        Wanted standard error.

    Returns
    -------
    float
        Patients, not rounded.
    """
    named = {"prevalence": prevalence, "sensitivity": sensitivity, "specificity": specificity, "threshold": threshold}
    for name, value in named.items():
        check_within(name, value)
    if not 0.0 < se_net_benefit < math.inf:
        raise InputError("wanted standard errors must be positive", f"{se_net_benefit}")
    w2 = ((1.0 - prevalence) / prevalence * threshold / (1.0 - threshold)) ** 2
    of_events = sensitivity * (1.0 - sensitivity) / prevalence
    of_others = w2 * specificity * (1.0 - specificity) / (1.0 - prevalence)
    of_prevalence = w2 * (1.0 - specificity) ** 2 / (prevalence * (1.0 - prevalence))
    return (of_events + of_others + of_prevalence) / se_net_benefit**2


def _slope_size(mean: float, sd: float, se: float) -> float:
    """From the information of the recalibration's intercept and slope."""
    x = np.linspace(mean - 10.0 * sd, mean + 10.0 * sd, 20_001)
    weight = np.exp(-(((x - mean) / sd) ** 2) / 2.0)
    weight = weight / weight.sum() * special.expit(x) * special.expit(-x)
    alone, both, slope = float(weight.sum()), float(weight @ x), float(weight @ x**2)
    return alone / (se**2 * (alone * slope - both**2))


def _c_statistic_size(c: float, prevalence: float, se: float) -> int:
    """Smallest n whose standard error (Newcombe's) is small enough; it falls with n."""

    def error(n: int) -> float:
        half = n / 2.0 - 1.0
        inflation = 1.0 + half * (1.0 - c) / (2.0 - c) + half * c / (1.0 + c)
        return math.sqrt(c * (1.0 - c) * inflation / (n**2 * prevalence * (1.0 - prevalence)))

    low, high = 0, 1
    while error(high) > se:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if error(middle) > se else (low, middle)
    return high
