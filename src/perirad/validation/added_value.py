"""What new predictors add to old ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation._check import check_outcome, check_probability
from perirad.validation.discrimination import compare_auc
from perirad.validation.proportion import Z95
from perirad.validation.records import AucComparison, Estimate

__all__ = ["AddedValue", "LikelihoodRatioTest", "added_value", "likelihood_ratio_test"]


@dataclass(frozen=True)
class LikelihoodRatioTest:
    """Twice the gain of log-likelihood of the larger of two nested models, fitted to the same patients."""

    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class AddedValue:
    """New predictions minus old ones in the same patients.

    `auc` with DeLong's test; `brier` (negative is better) with a paired interval; `log_likelihood` per patient;
    `fraction_new` the share of the new model's likelihood-ratio information that the old one lacks, in these patients.
    """

    auc: AucComparison
    brier: Estimate
    log_likelihood: float
    fraction_new: float


def likelihood_ratio_test(smaller: float, larger: float, df: int) -> LikelihoodRatioTest:
    """Test that the parameters a larger model adds are all zero.

    Parameters
    ----------
    smaller, larger : float
        Maximised log-likelihoods of nested models on the same patients; not of penalised fits, and not of predictors
        that were chosen by looking at these patients' outcome, a Rad-score among them: cross-fit it first.
    df : int
        Parameters added.

    Returns
    -------
    LikelihoodRatioTest

    Raises
    ------
    InputError
        When the larger model fits worse, which nested maxima cannot.
    """
    if df < 1:
        raise InputError("the larger model must add at least one parameter", f"df={df}")
    chi2 = 2.0 * (larger - smaller)
    if not math.isfinite(chi2) or chi2 < -1e-8 * max(1.0, abs(larger)):
        raise InputError("the larger of nested models must fit at least as well", f"{larger} after {smaller}")
    chi2 = max(chi2, 0.0)  # rounding of two equal maxima
    return LikelihoodRatioTest(chi2, df, float(special.chdtrc(df, chi2)))


def added_value(outcome: IntArray, old: FloatArray, new: FloatArray) -> AddedValue:
    """Compare two models' predictions of the same patients.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    old, new : ndarray of shape (n,)
        Predicted probabilities.

    Returns
    -------
    AddedValue
        `log_likelihood` is -inf or inf, or NaN, where a prediction was certain and wrong. `fraction_new` is NaN where
        the new predictions are no better than the prevalence.
    """
    event = check_outcome(outcome, both=True)
    a, b = check_probability(old, event.size), check_probability(new, event.size)
    change = (event - b) ** 2 - (event - a) ** 2
    reach = Z95 * float(change.std(ddof=1)) / math.sqrt(event.size)
    prevalence = np.full(event.size, event.mean())
    null, first, second = (_mean_log_likelihood(event, part) for part in (prevalence, a, b))
    gain = second - null
    return AddedValue(
        auc=compare_auc(outcome, b, a),
        brier=Estimate(float(change.mean()), float(change.mean()) - reach, float(change.mean()) + reach),
        log_likelihood=second - first if math.isfinite(first) or math.isfinite(second) else math.nan,
        fraction_new=1.0 - (first - null) / gain if gain > 0.0 else math.nan,
    )


def _mean_log_likelihood(event: np.ndarray, p: FloatArray) -> float:
    with np.errstate(divide="ignore"):
        return float(np.log(np.where(event, p, 1.0 - p)).mean())
