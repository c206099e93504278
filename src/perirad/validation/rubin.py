"""Pooling over imputed data sets by Rubin's rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_level
from perirad.validation.records import Estimate

__all__ = ["RubinPooled", "pool_auc", "pool_imputations"]


@dataclass(frozen=True)
class RubinPooled:
    """Pooled estimates, arrays of shape (n_terms,).

    `within` and `between` are the two variances, `total` their combination; `riv` the relative increase of variance
    and `fmi` the share of information that is missing.
    """

    estimate: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    statistic: FloatArray
    df: FloatArray
    p: FloatArray
    within: FloatArray
    between: FloatArray
    total: FloatArray
    riv: FloatArray
    fmi: FloatArray


def pool_imputations(
    estimates: FloatArray, se: FloatArray, *, df_complete: float = math.inf, level: float = 0.95
) -> RubinPooled:
    """Pool estimates of completed data sets by Rubin's rules.

    Parameters
    ----------
    estimates, se : ndarray of shape (n_imputations, n_terms)
        From each completed data set, on a scale where they are near normal; at least two.
    df_complete : float
        Residual degrees of freedom had nothing been missing, n less the coefficients; infinite for large samples.
    level : float
        Of the interval.

    Returns
    -------
    RubinPooled
        Degrees of freedom of Barnard and Rubin (doi:10.1093/biomet/86.4.948), as mice's `pool`.
    """
    q, u = _checked(estimates, se)
    m = q.shape[0]
    within, between = u.mean(axis=0), q.var(axis=0, ddof=1)
    more = (1.0 + 1.0 / m) * between
    total = within + more
    df = _barnard_rubin(m, more / total, df_complete)
    mean, error = q.mean(axis=0), np.sqrt(total)
    reach = special.stdtrit(df, 0.5 + check_level(level) / 2.0) * error
    riv = more / within
    parts = (
        mean, error, mean - reach, mean + reach, mean / error, df, 2.0 * special.stdtr(df, -np.abs(mean / error)),
        within, between, total, riv, (riv + 2.0 / (df + 3.0)) / (riv + 1.0),
    )  # fmt: skip
    return RubinPooled(*(frozen(np.asarray(part, dtype=np.float64)) for part in parts))


def pool_auc(areas: Sequence[float], variances: Sequence[float], *, level: float = 0.95) -> Estimate:
    """Pool areas under ROC curves of completed data sets on the logit scale (doi:10.1186/1471-2288-9-57).

    Parameters
    ----------
    areas, variances : sequence of float
        With DeLong's variance, of each completed data set.
    level : float

    Returns
    -------
    Estimate
        NaN where an area is 0 or 1, whose logit is infinite.
    """
    area, variance = np.asarray(areas, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if not np.all((area > 0.0) & (area < 1.0)):
        return Estimate(math.nan, math.nan, math.nan)
    pooled = pool_imputations(
        special.logit(area)[:, np.newaxis], (np.sqrt(variance) / (area * (1.0 - area)))[:, np.newaxis], level=level
    )
    middle, lower, upper = (special.expit(part[0]) for part in (pooled.estimate, pooled.lower, pooled.upper))
    return Estimate(float(middle), float(lower), float(upper))


def _barnard_rubin(m: int, missing: FloatArray, df_complete: float) -> FloatArray:
    old = (m - 1) / np.maximum(missing, 1e-4) ** 2  # mice's bound, met where the imputations agree
    if math.isinf(df_complete):
        return old
    observed = (df_complete + 1.0) / (df_complete + 3.0) * df_complete * (1.0 - missing)
    return old * observed / (old + observed)


def _checked(estimates: FloatArray, se: FloatArray) -> tuple[FloatArray, FloatArray]:
    q, s = np.asarray(estimates, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if q.ndim != 2 or q.shape != s.shape or q.shape[0] < 2:
        raise InputError("estimates of at least two imputations are needed", f"shapes {q.shape} and {s.shape}")
    if not (np.isfinite(q).all() and np.isfinite(s).all() and (s > 0.0).all()):
        raise InputError("every imputation needs finite estimates with positive standard errors", "others among them")
    return q, s**2
