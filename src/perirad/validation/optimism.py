"""Optimism of apparent performance: the bootstrap's correction, .632 and .632+."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_level
from perirad.validation.resampling import Resampled

__all__ = ["Optimism", "Out632", "estimate_632", "no_information_brier", "optimism"]


@dataclass(frozen=True)
class Optimism:
    """Apparent performance and what remains of it, arrays of shape (n_measures,).

    `optimism` is the mean of `training` - `test` over the `n_used` resamples in which both are defined; `corrected`
    is `apparent` - `optimism`, with a bootstrap interval.
    """

    apparent: FloatArray
    training: FloatArray
    test: FloatArray
    optimism: FloatArray
    corrected: FloatArray
    lower: FloatArray
    upper: FloatArray
    n_used: IntArray


@dataclass(frozen=True)
class Out632:
    """Apparent and out-of-bag performance, and their blends, arrays of shape (n_measures,).

    `overfitting` is 0 for a model that keeps what it promises and 1 for one that only remembers.
    """

    apparent: FloatArray
    out_of_bag: FloatArray
    estimate_632: FloatArray
    estimate_632_plus: FloatArray
    overfitting: FloatArray
    n_used: IntArray


def optimism(resampled: Resampled, *, level: float = 0.95) -> Optimism:
    """Correct apparent performance for optimism (doi:10.1016/S0895-4356(01)00341-9).

    Parameters
    ----------
    resampled : Resampled
    level : float
        Of the interval: percentiles of the apparent performance of the resamples, moved by the optimism
        (doi:10.1002/sim.9148, algorithm 1). The uncertainty of the optimism itself is not in it.

    Returns
    -------
    Optimism
        NaN for a measure that no resample defines.
    """
    tail = (1.0 - check_level(level)) / 2.0
    both = np.isfinite(resampled.training) & np.isfinite(resampled.test)
    training, test = (_mean(np.where(both, part, np.nan)) for part in (resampled.training, resampled.test))
    gap = training - test
    lower, upper = _quantiles(np.where(both, resampled.training, np.nan), (tail, 1.0 - tail))
    return Optimism(
        apparent=frozen(resampled.apparent),
        training=frozen(training),
        test=frozen(test),
        optimism=frozen(gap),
        corrected=frozen(resampled.apparent - gap),
        lower=frozen(lower - gap),
        upper=frozen(upper - gap),
        n_used=frozen(both.sum(axis=0).astype(np.int64)),
    )


def estimate_632(resampled: Resampled, no_information: Sequence[float]) -> Out632:
    """Blend apparent and out-of-bag performance (doi:10.1080/01621459.1997.10474007).

    Parameters
    ----------
    resampled : Resampled
    no_information : sequence of float
        Each measure's value for a useless model: 0.5 for an AUC, `no_information_brier` for a Brier score.

    Returns
    -------
    Out632
        Where a measure is better when lower, `no_information` is above the apparent value, and all holds alike. An
        out-of-bag value worse than useless counts as useless in .632+.
    """
    apparent, useless = resampled.apparent, np.asarray(no_information, dtype=np.float64)
    if useless.shape != apparent.shape:
        raise InputError(f"{apparent.size} no-information values are needed", f"an array of shape {useless.shape}")
    outside = _mean(resampled.out_of_bag)
    sign = np.sign(apparent - useless)
    bounded = np.where(sign * (outside - useless) < 0.0, useless, outside)
    lost, possible = sign * (apparent - bounded), np.abs(apparent - useless)
    rate = np.divide(lost, possible, out=np.zeros_like(lost), where=(lost > 0.0) & (possible > 0.0))
    rate = np.where(np.isfinite(outside), rate, np.nan)
    weight = 0.632 / (1.0 - 0.368 * rate)
    return Out632(
        apparent=frozen(apparent),
        out_of_bag=frozen(outside),
        estimate_632=frozen(0.368 * apparent + 0.632 * outside),
        estimate_632_plus=frozen((1.0 - weight) * apparent + weight * bounded),
        overfitting=frozen(rate),
        n_used=frozen(np.isfinite(resampled.out_of_bag).sum(axis=0).astype(np.int64)),
    )


def no_information_brier(outcome: IntArray, probability: FloatArray) -> float:
    """Brier score of predictions dealt out among the patients at random: the mean over all pairs."""
    prevalence, p = float(np.mean(outcome)), np.asarray(probability, dtype=np.float64)
    return float(np.mean(prevalence * (1.0 - p) ** 2 + (1.0 - prevalence) * p**2))


def _mean(values: FloatArray) -> FloatArray:
    """Mean of each column over its finite rows; NaN where there is none."""
    finite = np.isfinite(values)
    count = finite.sum(axis=0)
    total = np.where(finite, values, 0.0).sum(axis=0)
    mean: FloatArray = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def _quantiles(values: FloatArray, shares: tuple[float, float]) -> FloatArray:
    columns = [column[np.isfinite(column)] for column in values.T]
    found = [np.quantile(column, shares) if column.size else np.full(2, np.nan) for column in columns]
    return np.array(found).reshape(-1, 2).T
