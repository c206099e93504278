"""How stable a selection is: how often each feature is selected over resamples, and Nogueira's index."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError

__all__ = ["Stability", "selection_frequency", "stability_index"]


@dataclass(frozen=True)
class Stability:
    """Nogueira's index of the stability of a selection.

    Parameters
    ----------
    estimate : float
        1 when all resamples select the same features, 0 when they agree no better than chance; NaN where it is not
        defined: all resamples select every feature, or none.
    lower, upper : float
        Interval; it may pass 1.
    standard_error : float
    confidence : float
    n_resamples, n_features : int
    mean_selected : float
        Mean number of features selected.
    """

    estimate: float
    lower: float
    upper: float
    standard_error: float
    confidence: float
    n_resamples: int
    n_features: int
    mean_selected: float


def selection_frequency(selected: ArrayLike) -> FloatArray:
    """Share of the resamples in which each feature was selected, shape (n_features,).

    Parameters
    ----------
    selected : array of bool, shape (n_resamples, n_features)
        Also zeros and ones.
    """
    return np.asarray(_checked(selected, 1).mean(axis=0), dtype=np.float64)


def stability_index(selected: ArrayLike, *, confidence: float = 0.95) -> Stability:
    r"""Stability of a selection over resamples, corrected for chance.

    .. math:: \hat\Phi = 1 - \frac{\frac1d \sum_f s_f^2}{\frac{\bar k}{d} (1 - \frac{\bar k}{d})}

    with :math:`s_f^2` the (unbiased) variance of the selection of feature f, and :math:`\bar k` of d features selected
    on average.

    Parameters
    ----------
    selected : array of bool, shape (n_resamples, n_features)
        At least two resamples.
    confidence : float
        Level of the interval, which holds for many resamples.

    Notes
    -----
    Nogueira, Sechidis, Brown 2018, On the stability of feature selection algorithms, Journal of Machine Learning
    Research 18 (174), theorems 2 and 7. It equals Fleiss' kappa of resamples as raters and features as subjects.
    """
    if not 0.0 < confidence < 1.0:
        raise InputError("confidence must be between 0 and 1", f"confidence={confidence}")
    z = _checked(selected, 2).astype(np.float64)
    m, d = z.shape
    frequency, counts = z.mean(axis=0), z.sum(axis=1)
    mean = float(counts.mean())
    chance = (mean / d) * (1.0 - mean / d) if d else 0.0
    if chance <= 0.0:
        return Stability(math.nan, math.nan, math.nan, math.nan, confidence, m, d, mean)
    estimate = 1.0 - m / (m - 1) * float(np.mean(frequency * (1.0 - frequency))) / chance
    influence = z @ frequency / d - counts * mean / d**2
    influence += estimate / 2.0 * (2.0 * counts * mean / d**2 - counts / d - mean / d + 1.0)
    standard_error = 2.0 / m * float(np.sqrt(((influence - influence.mean()) ** 2).sum())) / chance
    reach = float(special.ndtri((1.0 + confidence) / 2.0)) * standard_error
    return Stability(estimate, estimate - reach, estimate + reach, standard_error, confidence, m, d, mean)


def _checked(selected: ArrayLike, fewest: int) -> BoolArray:
    values = np.asarray(selected)
    if values.ndim != 2 or values.shape[0] < fewest:
        raise InputError(
            f"selections must be a table of at least {fewest} resamples by features", f"shape {values.shape}"
        )
    strange = (values != 0) & (values != 1)
    if strange.any():
        raise InputError("a selection must be true or false", f"{values[strange][0]}")
    return values.astype(np.bool_)
