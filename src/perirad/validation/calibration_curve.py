"""Flexible calibration curves with their band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_level, check_outcome, check_probability
from perirad.validation._newton import maximum_likelihood
from perirad.validation.calibration import logit_of
from perirad.validation.smoother import local_quadratic, local_quadratic_error

__all__ = ["CalibrationBand", "SplineCalibration", "calibration_band", "spline_calibration"]


@dataclass(frozen=True)
class CalibrationBand:
    """Smooth curve at the different predictions, ascending, with a band that holds point by point."""

    predicted: FloatArray
    observed: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class SplineCalibration:
    """Logistic calibration curve with a restricted cubic spline, its band, and its distances from the diagonal.

    `knots` are on the logit scale; empty where ties left too few of them and a straight logistic line was fitted.
    """

    curve: CalibrationBand
    knots: FloatArray
    ici: float
    e50: float
    e90: float
    emax: float


def calibration_band(outcome: IntArray, probability: FloatArray, *, level: float = 0.95) -> CalibrationBand:
    """Band of the local regression that `calibrate` draws.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    probability : ndarray of shape (n,)
        Predicted probability of the event.
    level : float
        Of the band, at each prediction by itself.

    Returns
    -------
    CalibrationBand
        The curve is a weighted sum of outcomes, each with the variance of an event of the fitted risk (kept 1/2n away
        from 0 and 1). Neither curve nor band is confined to 0 and 1; the smoother's own bias is not in the band.
    """
    event = check_outcome(outcome)
    p = check_probability(probability, event.size)
    width = float(special.ndtri(0.5 + check_level(level) / 2.0))
    y, (values, place) = event.astype(np.float64), np.unique(p, return_inverse=True)
    fitted = local_quadratic(p, y, values)
    margin = 0.5 / y.size
    risk = np.clip(fitted[place], margin, 1.0 - margin)
    error = width * local_quadratic_error(p, risk * (1.0 - risk), values)
    return CalibrationBand(*(frozen(part) for part in (values, fitted, fitted - error, fitted + error)))


def spline_calibration(
    outcome: IntArray, probability: FloatArray, *, n_knots: int = 3, level: float = 0.95
) -> SplineCalibration:
    """Logistic regression of the outcome on a restricted cubic spline of the logit of the prediction.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    probability : ndarray of shape (n,)
        Predicted probability of the event.
    n_knots : {3, 4, 5}
        At the usual quantiles of the logit (doi:10.1007/978-3-319-19425-7, table 2.3).
    level : float
        Of the band, Wald's on the logit scale.

    Returns
    -------
    SplineCalibration
        Within 0 and 1 with its band. NaN where the fit has no maximum: one class, or separation.
    """
    event = check_outcome(outcome)
    p = check_probability(probability, event.size)
    width = float(special.ndtri(0.5 + check_level(level) / 2.0))
    logit = logit_of(p)
    knots = _knots(logit, n_knots)
    values, place = np.unique(p, return_inverse=True)
    at = _basis(logit_of(values), knots)
    fit = maximum_likelihood(_basis(logit, knots), event.astype(np.float64))
    eta, error = np.full(values.size, np.nan), np.full(values.size, np.nan)
    if fit is not None:
        eta = at @ fit.beta
        error = width * np.sqrt(np.einsum("ij,jk,ik->i", at, fit.covariance, at))
    observed, lower, upper = (special.expit(part) for part in (eta, eta - error, eta + error))
    distance = np.abs(observed[place] - p)
    return SplineCalibration(
        curve=CalibrationBand(*(frozen(part) for part in (values, observed, lower, upper))),
        knots=frozen(knots),
        ici=float(distance.mean()),
        e50=float(np.median(distance)),
        e90=float(np.quantile(distance, 0.9)),
        emax=float(distance.max()),
    )


QUANTILES = {3: (0.1, 0.5, 0.9), 4: (0.05, 0.35, 0.65, 0.95), 5: (0.05, 0.275, 0.5, 0.725, 0.95)}


def _knots(logit: FloatArray, n_knots: int) -> FloatArray:
    if n_knots not in QUANTILES:
        raise InputError("a calibration spline has 3, 4 or 5 knots", f"n_knots={n_knots}")
    knots = np.unique(np.quantile(logit, QUANTILES[n_knots]))
    return knots if knots.size == n_knots <= np.unique(logit).size else np.empty(0)


def _basis(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Columns of a cubic spline that is linear beyond the outer knots, a column of ones first."""
    columns = [np.ones_like(x), x]
    if knots.size:
        inner, (before, last) = knots[:-2], knots[-2:]
        scale = (knots[-1] - knots[0]) ** 2
        for knot in inner:
            tails = (last - knot) * _cube(x - before) - (before - knot) * _cube(x - last)
            columns.append((_cube(x - knot) - tails / (last - before)) / scale)
    return np.column_stack(columns)


def _cube(x: FloatArray) -> FloatArray:
    return np.maximum(x, 0.0) ** 3
