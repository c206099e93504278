"""Calibration: agreement of predicted risks with what was observed."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from perirad.arrays import BoolArray, FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_outcome, check_probability
from perirad.validation.proportion import proportion
from perirad.validation.recalibration import calibration_in_the_large, calibration_slope
from perirad.validation.records import Calibration, CalibrationGroups, SmoothCalibration
from perirad.validation.smoother import local_quadratic

__all__ = ["calibrate", "logit_of", "risk_groups"]

CERTAIN = 1e-10  # logits are taken of probabilities kept this far from 0 and 1


def calibrate(outcome: IntArray, probability: FloatArray, *, n_groups: int = 10) -> Calibration:
    """Compare predicted probabilities with the outcome.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    probability : ndarray of shape (n,)
        Predicted probability of the event.
    n_groups : int
        Groups of similar risk, between quantiles of the prediction; groups that ties make coincide are merged.

    Returns
    -------
    Calibration
        Intercept (calibration in the large: slope held at 1) and slope (with a free intercept) of the logistic
        recalibration, with Wald 95 % intervals; the distances between smooth curve and diagonal over all patients
        (ICI, E50, E90, Emax; doi:10.1002/sim.8281). The curve is not confined to 0 and 1.

    Notes
    -----
    Logits are taken of probabilities kept within 1e-10 and 1 - 1e-10. The intercept is NaN with one class only;
    so is the slope, and also where all predictions are alike or separate the classes. Observed / expected is NaN
    where nothing is expected, the scaled Brier score with one class only.
    """
    event = check_outcome(outcome)
    p = check_probability(probability, event.size)
    y = event.astype(np.float64)
    logit = logit_of(p)
    prevalence, expected = float(y.mean()), float(p.sum())
    brier, worst = float(np.mean((y - p) ** 2)), prevalence * (1.0 - prevalence)
    curve, distance = _smooth(y, p)
    return Calibration(
        n=y.size,
        n_events=int(np.count_nonzero(event)),
        intercept=calibration_in_the_large(event, logit),
        slope=calibration_slope(event, logit),
        observed_expected=float(y.sum()) / expected if expected > 0.0 else math.nan,
        brier=brier,
        brier_scaled=1.0 - brier / worst if worst > 0.0 else math.nan,
        ici=float(distance.mean()),
        e50=float(np.median(distance)),
        e90=float(np.quantile(distance, 0.9)),
        emax=float(distance.max()),
        curve=curve,
        groups=_groups(event, p, n_groups),
    )


def _smooth(y: FloatArray, p: FloatArray) -> tuple[SmoothCalibration, FloatArray]:
    """Smooth curve at the different predictions, and each patient's distance from it."""
    values, place = np.unique(p, return_inverse=True)
    fitted = local_quadratic(p, y, values)
    return SmoothCalibration(frozen(values), frozen(fitted)), np.abs(fitted[place] - p)


def logit_of(probability: FloatArray) -> FloatArray:
    """Logits of probabilities kept within 1e-10 and 1 - 1e-10."""
    logit: FloatArray = special.logit(np.clip(probability, CERTAIN, 1.0 - CERTAIN))
    return logit


def risk_groups(probability: FloatArray, n_groups: int) -> tuple[IntArray, int]:
    """Each patient's group between quantiles of the prediction (R's type 7), closed on the right, and their number.

    Groups that ties leave empty do not count.
    """
    if n_groups < 1:
        raise InputError("at least one calibration group is needed", f"n_groups={n_groups}")
    cuts = np.unique(np.quantile(probability, np.linspace(0.0, 1.0, n_groups + 1)))
    values, group = np.unique(np.searchsorted(cuts[1:-1], probability, side="left"), return_inverse=True)
    return group.astype(np.int64), int(values.size)


def _groups(event: BoolArray, p: FloatArray, n_groups: int) -> CalibrationGroups:
    group, count = risk_groups(p, n_groups)
    members = [group == g for g in range(count)]
    shares = [proportion(int(np.count_nonzero(event[m])), int(np.count_nonzero(m))) for m in members]
    return CalibrationGroups(
        predicted=frozen(np.array([float(p[m].mean()) for m in members])),
        observed=frozen(np.array([share.estimate for share in shares])),
        lower=frozen(np.array([share.lower for share in shares])),
        upper=frozen(np.array([share.upper for share in shares])),
        n=frozen(np.array([float(share.denominator) for share in shares])),
    )
