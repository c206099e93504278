"""How many patients a model needs to be built."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.errors import InputError
from perirad.validation._check import check_within
from perirad.validation.proportion import Z95

__all__ = ["DevelopmentSize", "auc_sample_size", "cox_snell_of_c_statistic", "development_sample_size"]


@dataclass(frozen=True)
class DevelopmentSize:
    """Patients needed for development, by each criterion and all together.

    `n_shrinkage` keeps the expected shrinkage, `n_optimism` the optimism of Nagelkerke's R2, `n_overall_risk` the
    error of the overall risk; `n` is the largest. `events_per_parameter` counts candidate parameters.
    `n_prediction_error` is van Smeden's for a mean absolute error of the predicted risk, not part of `n`.
    """

    n_shrinkage: int
    n_optimism: int
    n_overall_risk: int
    n: int
    events: int
    events_per_parameter: float
    max_r2: float
    n_prediction_error: float


def development_sample_size(
    r2_cox_snell: float,
    n_parameters: int,
    prevalence: float,
    *,
    shrinkage: float = 0.9,
    optimism: float = 0.05,
    margin: float = 0.05,
) -> DevelopmentSize:
    """Sample size to develop a binary model (doi:10.1002/sim.7992, doi:10.1136/bmj.m441), as pmsampsize.

    Parameters
    ----------
    r2_cox_snell : float
        Expected, after optimism; from a published C statistic by `cox_snell_of_c_statistic`.
    n_parameters : int
        *Candidate* parameters, all that are looked at before selection: every radiomic feature of every region.
    prevalence : float
        Of the event.
    shrinkage, optimism, margin : float
        Wanted shrinkage factor, largest optimism of R2, largest error of the overall risk.

    Returns
    -------
    DevelopmentSize
        `n_prediction_error` is for a mean absolute error of 0.05 (doi:10.1177/0962280218784726); its formula was found
        by simulation of at most 12 candidates and is extrapolated beyond.

    Raises
    ------
    InputError
        Also when `r2_cox_snell` is beyond what the prevalence, or the shrinkage, admits.
    """
    check_within("prevalence", prevalence)
    for name, value in (("shrinkage", shrinkage), ("optimism", optimism), ("margin", margin)):
        check_within(name, value)
    if n_parameters < 1:
        raise InputError("at least one candidate parameter is needed", f"n_parameters={n_parameters}")
    max_r2 = -math.expm1(2.0 * _null_log_likelihood(prevalence))
    if not 0.0 < r2_cox_snell < min(max_r2, shrinkage):
        raise InputError(
            f"R2 (Cox-Snell) must be above 0 and below {min(max_r2, shrinkage):.3g}", f"r2_cox_snell={r2_cox_snell}"
        )
    by_shrinkage = _shrunken(r2_cox_snell, n_parameters, shrinkage)
    by_optimism = _shrunken(r2_cox_snell, n_parameters, r2_cox_snell / (r2_cox_snell + optimism * max_r2))
    by_risk = math.ceil((Z95 / margin) ** 2 * prevalence * (1.0 - prevalence))
    n = max(by_shrinkage, by_optimism, by_risk)
    exponent = -0.508 + 0.259 * math.log(prevalence) + 0.504 * math.log(n_parameters) - math.log(0.05)
    return DevelopmentSize(
        n_shrinkage=by_shrinkage,
        n_optimism=by_optimism,
        n_overall_risk=by_risk,
        n=n,
        events=math.ceil(n * prevalence),
        events_per_parameter=n * prevalence / n_parameters,
        max_r2=max_r2,
        n_prediction_error=math.exp(exponent / 0.544),
    )


def cox_snell_of_c_statistic(c_statistic: float, prevalence: float) -> float:
    """Cox-Snell R2 of a normally distributed linear predictor with a given C statistic (doi:10.1002/sim.8806).

    Parameters
    ----------
    c_statistic : float
        Above 0.5 and below 1.
    prevalence : float

    Returns
    -------
    float
        Of predictors normal within either class with equal variance, integrated instead of simulated.
    """
    if not 0.5 < c_statistic < 1.0:
        raise InputError("the C statistic must be above 0.5 and below 1", f"c_statistic={c_statistic}")
    check_within("prevalence", prevalence)
    # with unit variance in both classes the log odds rise by `apart` per unit
    apart = math.sqrt(2.0) * float(special.ndtri(c_statistic))
    start = float(special.logit(prevalence)) - apart**2 / 2.0
    x, step = np.linspace(-12.0, 12.0 + apart, 40_001, retstep=True)
    eta = start + apart * x
    density = [np.exp(-((x - mean) ** 2) / 2.0) / math.sqrt(2.0 * math.pi) for mean in (apart, 0.0)]
    with_event = prevalence * density[0] @ -np.logaddexp(0.0, -eta)
    without = (1.0 - prevalence) * density[1] @ -np.logaddexp(0.0, eta)
    gain = float(step) * float(with_event + without) - _null_log_likelihood(prevalence)
    return -math.expm1(-2.0 * gain)


def auc_sample_size(
    auc: float, *, nonevents_per_event: float, power: float = 0.8, alpha: float = 0.05
) -> tuple[float, float]:
    """Events and non-events to show that an AUC differs from 0.5 (doi:10.1373/clinchem.2004.031823).

    Parameters
    ----------
    auc : float
        Expected, above 0.5 and below 1.
    nonevents_per_event : float
    power, alpha : float

    Returns
    -------
    tuple of float
        Not rounded; as pROC's `power.roc.test`.
    """
    if not 0.5 < auc < 1.0:
        raise InputError("the expected AUC must be above 0.5 and below 1", f"auc={auc}")
    for name, value in (("power", power), ("alpha", alpha)):
        check_within(name, value)
    if not 0.0 < nonevents_per_event < math.inf:
        raise InputError("non-events per event must be positive", f"nonevents_per_event={nonevents_per_event}")
    none, some = (_binormal_variance(area, nonevents_per_event) for area in (0.5, auc))
    spread = special.ndtri(1.0 - alpha / 2.0) * math.sqrt(none) + special.ndtri(power) * math.sqrt(some)
    events = float(spread**2) / (auc - 0.5) ** 2
    return events, events * nonevents_per_event


def _null_log_likelihood(prevalence: float) -> float:
    return -float(special.entr(prevalence) + special.entr(1.0 - prevalence))


def _shrunken(r2: float, n_parameters: int, shrinkage: float) -> int:
    return math.ceil(n_parameters / ((shrinkage - 1.0) * math.log1p(-r2 / shrinkage)))


def _binormal_variance(auc: float, ratio: float) -> float:
    a2 = (1.414 * float(special.ndtri(auc))) ** 2
    return 0.0099 * math.exp(-a2 / 2.0) * (5.0 * a2 + 8.0 + (a2 + 8.0) / ratio)
