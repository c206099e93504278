"""How much a patient's risk depends on the patients the model happened to be developed with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_level, check_outcome, check_probability
from perirad.validation.smoother import lowess

__all__ = ["Instability", "calibration_instability", "instability"]


@dataclass(frozen=True)
class Instability:
    """Spread of each patient's risk over the models of bootstrap resamples, arrays of shape (n,).

    `lower` and `upper` are percentiles, `mape` the mean absolute difference from the `original` risk, `flipped` the
    share of models on the other side of the cut-off (NaN without one). `n_models` counts models that could be fitted.
    """

    original: FloatArray
    lower: FloatArray
    upper: FloatArray
    mape: FloatArray
    mean_mape: float
    flipped: FloatArray
    n_models: int


def instability(
    original: FloatArray, predictions: FloatArray, *, cutoff: float | None = None, level: float = 0.95
) -> Instability:
    """Instability of individual predictions (doi:10.1002/bimj.202200302).

    Parameters
    ----------
    original : ndarray of shape (n,)
        Predicted probabilities of the model itself.
    predictions : ndarray of shape (n_resamples, n)
        Of the models of bootstrap resamples for the same patients; a row of NaN is a failed resample and left out.
    cutoff : float, optional
        A patient is positive when probability >= cutoff.
    level : float
        Of the percentiles.

    Returns
    -------
    Instability
    """
    p = check_probability(original, np.asarray(original).size)
    models = _models(predictions, p.size)
    tail = (1.0 - check_level(level)) / 2.0
    lower, upper = np.quantile(models, (tail, 1.0 - tail), axis=0)
    mape = np.abs(models - p).mean(axis=0)
    flipped = np.full(p.size, np.nan)
    if cutoff is not None:
        flipped = ((models >= cutoff) != (p >= cutoff)).mean(axis=0)
    return Instability(
        original=frozen(p),
        lower=frozen(lower),
        upper=frozen(upper),
        mape=frozen(mape),
        mean_mape=float(mape.mean()),
        flipped=frozen(flipped),
        n_models=len(models),
    )


def calibration_instability(outcome: IntArray, predictions: FloatArray, at: FloatArray) -> FloatArray:
    """Calibration curves, in the original patients, of the models of bootstrap resamples.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    predictions : ndarray of shape (n_resamples, n)
        As in `instability`.
    at : ndarray of shape (m,)
        Risks at which to read the curves.

    Returns
    -------
    ndarray of shape (n_models, m)
        By `smoother.lowess`; NaN beyond the risks a model predicts.
    """
    y = check_outcome(outcome).astype(np.float64)
    curves = [lowess(row, y, np.asarray(at, dtype=np.float64)) for row in _models(predictions, y.size)]
    return np.array(curves)


def _models(predictions: FloatArray, n: int) -> FloatArray:
    rows = np.asarray(predictions)
    if rows.ndim != 2 or rows.shape[1] != n or not np.issubdtype(rows.dtype, np.floating):
        raise InputError(
            f"predictions of each model for {n} patients are needed", f"an array of {rows.dtype} of shape {rows.shape}"
        )
    kept = rows[~np.isnan(rows).all(axis=1)]
    if kept.size == 0:
        raise InputError("at least one model is needed", "none that could be fitted")
    for row in kept:
        check_probability(row, n)
    return kept
