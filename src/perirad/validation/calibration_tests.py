"""Scores and tests of agreement between predicted risks and outcomes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_outcome, check_probability
from perirad.validation.calibration import risk_groups
from perirad.validation.proportion import Z95
from perirad.validation.records import Estimate

__all__ = [
    "HosmerLemeshow", "SpiegelhalterTest", "brier_score", "expected_calibration_error", "hosmer_lemeshow", "log_loss",
    "observed_expected", "spiegelhalter",
]  # fmt: skip

CAUTION = (
    "The Hosmer-Lemeshow test depends on the number of groups, says nothing of size or direction of miscalibration, "
    "rejects any model in large cohorts and none in small ones; report curve, slope and intercept instead."
)


@dataclass(frozen=True)
class SpiegelhalterTest:
    """Spiegelhalter's z, and its two-sided p, that predictions are the true risks."""

    z: float
    p: float


@dataclass(frozen=True)
class HosmerLemeshow:
    """Hosmer-Lemeshow test with the table it is computed from, and why not to lean on it (`caution`)."""

    chi2: float
    df: int
    p: float
    n: FloatArray
    observed: FloatArray
    expected: FloatArray
    caution: str


def brier_score(outcome: IntArray, probability: FloatArray) -> Estimate:
    """Mean squared difference of outcome and predicted probability, with its normal 95 % interval.

    NaN limits with a single patient.
    """
    y, p = _checked(outcome, probability)
    squared = (y - p) ** 2
    reach = Z95 * float(squared.std(ddof=1)) / math.sqrt(y.size) if y.size > 1 else math.nan
    return Estimate(float(squared.mean()), float(squared.mean()) - reach, float(squared.mean()) + reach)


def log_loss(outcome: IntArray, probability: FloatArray) -> float:
    """Mean negative log-likelihood; infinite where an event was said to be impossible, or its absence."""
    y, p = _checked(outcome, probability)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(np.where(y == 1.0, p, 1.0 - p))))


def observed_expected(outcome: IntArray, probability: FloatArray) -> Estimate:
    """Observed over expected number of events, with a 95 % interval on the log scale.

    NaN where nothing is expected; NaN limits without an event. The variance of the logarithm is that of the observed
    share, (1 - prevalence) / events (doi:10.1136/bmj.i6460).
    """
    y, p = _checked(outcome, probability)
    events, expected = float(y.sum()), float(p.sum())
    if expected == 0.0:
        return Estimate(math.nan, math.nan, math.nan)
    ratio = events / expected
    if events == 0.0:
        return Estimate(ratio, math.nan, math.nan)
    factor = math.exp(Z95 * math.sqrt((1.0 - events / y.size) / events))
    return Estimate(ratio, ratio / factor, ratio * factor)


def expected_calibration_error(outcome: IntArray, probability: FloatArray, *, n_bins: int = 10) -> float:
    """Mean distance of observed share and mean prediction in bins of equal width, closed on the right."""
    y, p = _checked(outcome, probability)
    if n_bins < 1:
        raise InputError("at least one bin is needed", f"n_bins={n_bins}")
    bins = np.searchsorted(np.linspace(0.0, 1.0, n_bins + 1)[1:-1], p, side="left")
    gaps = np.bincount(bins, weights=y - p, minlength=n_bins)
    return float(np.abs(gaps).sum() / y.size)


def spiegelhalter(outcome: IntArray, probability: FloatArray) -> SpiegelhalterTest:
    """Spiegelhalter's test (doi:10.1002/sim.4780050506).

    NaN where no prediction could fail it: all are 0, 0.5 or 1.
    """
    y, p = _checked(outcome, probability)
    variance = float(np.sum((1.0 - 2.0 * p) ** 2 * p * (1.0 - p)))
    if variance == 0.0:
        return SpiegelhalterTest(math.nan, math.nan)
    z = float(np.sum((y - p) * (1.0 - 2.0 * p))) / math.sqrt(variance)
    return SpiegelhalterTest(z, 2.0 * float(special.ndtr(-abs(z))))


def hosmer_lemeshow(
    outcome: IntArray, probability: FloatArray, *, n_groups: int = 10, development: bool = False
) -> HosmerLemeshow:
    """Hosmer-Lemeshow test, for those who are asked for it (doi:10.1080/03610928008827941).

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    probability : ndarray of shape (n,)
    n_groups : int
        Groups between quantiles of the prediction; those that ties make coincide are merged.
    development : bool
        True among the patients the model was fitted to: two degrees of freedom fewer.

    Returns
    -------
    HosmerLemeshow
        Infinite with p = 0 where a group was certain and wrong. p is NaN without a degree of freedom.
    """
    y, p = _checked(outcome, probability)
    group, count = risk_groups(p, n_groups)
    n = np.bincount(group, minlength=count).astype(np.float64)
    observed: FloatArray = np.bincount(group, weights=y, minlength=count).astype(np.float64)
    expected: FloatArray = np.bincount(group, weights=p, minlength=count).astype(np.float64)
    chi2 = float(_terms(observed, expected).sum() + _terms(n - observed, n - expected).sum())
    df = count - 2 if development else count
    p_value = float(special.chdtrc(df, chi2)) if df > 0 else math.nan
    return HosmerLemeshow(chi2, df, p_value, frozen(n), frozen(observed), frozen(expected), CAUTION)


def _terms(observed: FloatArray, expected: FloatArray) -> FloatArray:
    squared = (observed - expected) ** 2
    with np.errstate(divide="ignore", over="ignore"):
        return np.divide(squared, expected, out=np.zeros_like(squared), where=squared > 0.0)


def _checked(outcome: IntArray, probability: FloatArray) -> tuple[FloatArray, FloatArray]:
    event = check_outcome(outcome)
    return event.astype(np.float64), check_probability(probability, event.size)
