"""Performance centre by centre, left out one after another, and pooled."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_outcome, check_probability
from perirad.validation.calibration import logit_of
from perirad.validation.calibration_tests import observed_expected
from perirad.validation.crossvalidation import HeldOut
from perirad.validation.discrimination import auc_delong
from perirad.validation.pooled import Pooled, pool_random_effects
from perirad.validation.proportion import Z95
from perirad.validation.recalibration import calibration_in_the_large, calibration_slope
from perirad.validation.records import Estimate
from perirad.validation.resampling import Fit, Predict
from perirad.validation.workers import Pool, in_order, seeds

__all__ = ["CentrePerformance", "Centres", "PooledMeasure", "centre_performance", "leave_one_centre_out"]

M = TypeVar("M")
Measure = Literal["auc", "slope", "intercept", "observed_expected"]
MEASURES: tuple[Measure, ...] = ("auc", "slope", "intercept", "observed_expected")


@dataclass(frozen=True)
class CentrePerformance:
    """Performance in one centre; NaN where undefined.

    `scale` holds estimate and standard error of each measure on the scale on which it is pooled: logit of the AUC,
    logarithm of observed / expected, slope and intercept as they are.
    """

    centre: str
    n: int
    n_events: int
    auc: Estimate
    slope: Estimate
    intercept: Estimate
    observed_expected: Estimate
    brier: float
    scale: Mapping[Measure, tuple[float, float]]


@dataclass(frozen=True)
class PooledMeasure:
    """A measure pooled over centres, back on its own scale, and where a new centre is expected.

    `centres` are those pooled, `left_out` those where it is undefined. `pooled` keeps the numbers on the scale of
    pooling; None, and NaN everywhere, with fewer than two centres.
    """

    estimate: Estimate
    prediction_lower: float
    prediction_upper: float
    centres: tuple[str, ...]
    left_out: tuple[str, ...]
    pooled: Pooled | None


@dataclass(frozen=True)
class Centres:
    """Performance of predictions in each centre and over all."""

    predictions: FloatArray
    centres: tuple[CentrePerformance, ...]
    pooled: Mapping[Measure, PooledMeasure]


def centre_performance(
    outcome: IntArray,
    probability: FloatArray,
    centre: Sequence[str],
    *,
    method: Literal["reml", "dl"] = "reml",
    knapp_hartung: bool = True,
) -> Centres:
    """Performance in each centre, pooled by random effects (doi:10.1136/bmj.i3140).

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    probability : ndarray of shape (n,)
        Predicted probability of the event.
    centre : sequence of str
        One per patient.
    method, knapp_hartung
        As in `pool_random_effects`.

    Returns
    -------
    Centres
        Centres in alphabetical order. Intervals within a centre are DeLong's on the logit scale and Wald's.
    """
    event = check_outcome(outcome)
    p = check_probability(probability, event.size)
    names = _checked_centres(centre, event.size)
    parts = tuple(
        _one(name, event[names == name].astype(np.int64), p[names == name]) for name in np.unique(names).tolist()
    )
    pooled = {measure: _pool(measure, parts, method, knapp_hartung) for measure in MEASURES}
    return Centres(frozen(p), parts, pooled)


def leave_one_centre_out(
    outcome: IntArray,
    centre: Sequence[str],
    fit: Fit[M],
    predict: Predict[M],
    *,
    seed: int = 0,
    workers: int = 1,
    pool: Pool = "threads",
    method: Literal["reml", "dl"] = "reml",
    knapp_hartung: bool = True,
) -> Centres:
    """Predict each centre by a model fitted in the others: internal-external cross-validation.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
    centre : sequence of str
        One per patient, at least two different ones.
    fit : callable (rows, seed) -> model
        Everything that looks at the outcome.
    predict : callable (model, rows) -> ndarray
        Probabilities.
    seed : int
    workers, pool
        As in `workers.in_order`.
    method, knapp_hartung
        As in `pool_random_effects`.

    Returns
    -------
    Centres
    """
    event = check_outcome(outcome)
    names = _checked_centres(centre, event.size)
    labels = np.unique(names)
    if labels.size < 2:
        raise InputError("at least two centres are needed", f"{labels.size}")
    splits = [(np.flatnonzero(names != label), np.flatnonzero(names == label)) for label in labels]
    task = HeldOut(fit, predict, splits, seeds(seed, len(splits)))
    predictions = np.empty(event.size)
    for (_, rows), values in zip(splits, in_order(task, len(splits), workers=workers, pool=pool), strict=True):
        predictions[rows] = values
    return centre_performance(outcome, predictions, centre, method=method, knapp_hartung=knapp_hartung)


def _one(name: str, y: IntArray, p: FloatArray) -> CentrePerformance:
    event, logit = y == 1, logit_of(p)
    area, error = math.nan, math.nan
    if event.any() and not event.all():
        auc = auc_delong(y, p)
        area, error = auc.estimate, math.sqrt(auc.variance)
    slope, intercept = calibration_slope(event, logit), calibration_in_the_large(event, logit)
    ratio = observed_expected(y, p)
    scale: dict[Measure, tuple[float, float]] = {
        "auc": _logit(area, error),
        "slope": (slope.estimate, _error(slope)),
        "intercept": (intercept.estimate, _error(intercept)),
        "observed_expected": _log(ratio),
    }
    within = [_back("auc", scale["auc"][0] + side * Z95 * scale["auc"][1]) for side in (-1.0, 1.0)]
    return CentrePerformance(
        centre=name,
        n=y.size,
        n_events=int(y.sum()),
        auc=Estimate(area, *within),
        slope=slope,
        intercept=intercept,
        observed_expected=ratio,
        brier=float(np.mean((y - p) ** 2)),
        scale=scale,
    )


def _pool(
    measure: Measure, parts: Sequence[CentrePerformance], method: Literal["reml", "dl"], knapp_hartung: bool
) -> PooledMeasure:
    good = [part for part in parts if np.isfinite(part.scale[measure]).all() and part.scale[measure][1] > 0.0]
    names = tuple(part.centre for part in good)
    left_out = tuple(part.centre for part in parts if part.centre not in names)
    if len(good) < 2:
        nothing = Estimate(math.nan, math.nan, math.nan)
        return PooledMeasure(nothing, math.nan, math.nan, names, left_out, None)
    estimates, errors = np.array([part.scale[measure] for part in good]).T
    pooled = pool_random_effects(estimates, errors, method=method, knapp_hartung=knapp_hartung)
    middle, lower, upper, prediction_lower, prediction_upper = (
        _back(measure, value)
        for value in (pooled.estimate, pooled.lower, pooled.upper, pooled.prediction_lower, pooled.prediction_upper)
    )
    return PooledMeasure(Estimate(middle, lower, upper), prediction_lower, prediction_upper, names, left_out, pooled)


_BACK: Mapping[Measure, Callable[[float], float]] = {
    "auc": lambda value: float(special.expit(value)),
    "observed_expected": lambda value: float(np.exp(value)),
}


def _back(measure: Measure, value: float) -> float:
    return _BACK[measure](value) if measure in _BACK else value


def _error(estimate: Estimate) -> float:
    return (estimate.upper - estimate.lower) / (2.0 * Z95)


def _logit(area: float, error: float) -> tuple[float, float]:
    """Logit of an area and its standard error, infinite at 0 and 1."""
    if not 0.0 < area < 1.0:
        return math.nan, math.nan
    return float(special.logit(area)), error / (area * (1.0 - area))


def _log(ratio: Estimate) -> tuple[float, float]:
    if not ratio.lower > 0.0:
        return math.nan, math.nan
    return math.log(ratio.estimate), math.log(ratio.upper / ratio.lower) / (2.0 * Z95)


def _checked_centres(centre: Sequence[str], n: int) -> np.ndarray:
    names = np.array([str(name) for name in centre])
    if names.shape != (n,):
        raise InputError(f"one centre is needed for each of {n} patients", f"{names.size}")
    return names
