"""Random-effects pooling of estimates of several centres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.validation._check import check_level

__all__ = ["Pooled", "pool_random_effects"]


@dataclass(frozen=True)
class Pooled:
    """Mean over centres with its interval, their spread, and where a new centre is expected.

    `tau2` is the variance between centres, `i2` its percentage of the total; `q` and `p_q` test that there is none.
    """

    estimate: float
    se: float
    lower: float
    upper: float
    prediction_lower: float
    prediction_upper: float
    tau2: float
    i2: float
    q: float
    p_q: float
    n_centres: int


def pool_random_effects(
    estimates: FloatArray,
    se: FloatArray,
    *,
    method: Literal["reml", "dl"] = "reml",
    knapp_hartung: bool = True,
    level: float = 0.95,
) -> Pooled:
    """Pool estimates of several centres (doi:10.1002/jrsm.1164).

    Parameters
    ----------
    estimates, se : ndarray of shape (n_centres,)
        On a scale where they are near normal: logit of the AUC, log of O/E, slope, intercept; at least two centres.
    method : {"reml", "dl"}
        Restricted maximum likelihood (doi:10.3102/10769986030003261) or DerSimonian-Laird
        (doi:10.1016/0197-2456(86)90046-2).
    knapp_hartung : bool
        Standard error and t quantiles of Hartung and Knapp (doi:10.1002/sim.791); normal ones otherwise.
    level : float
        Of both intervals.

    Returns
    -------
    Pooled
        As metafor's `rma`: the prediction interval has the same quantile as the mean's.
    """
    y, v = _checked(estimates, se)
    freedom = y.size - 1
    fixed = 1.0 / v
    q = float(fixed @ (y - fixed @ y / fixed.sum()) ** 2)
    typical = freedom * float(fixed.sum()) / float(fixed.sum() ** 2 - fixed @ fixed)
    tau2 = _reml(y, v) if method == "reml" else _moments(v, q)
    weights = 1.0 / (v + tau2)
    mean = float(weights @ y / weights.sum())
    se2 = 1.0 / float(weights.sum())
    tail = 0.5 + check_level(level) / 2.0
    quantile = float(special.ndtri(tail))
    if knapp_hartung:
        se2 *= float(weights @ (y - mean) ** 2) / freedom
        quantile = float(special.stdtrit(freedom, tail))
    reach, further = quantile * math.sqrt(se2), quantile * math.sqrt(se2 + tau2)
    return Pooled(
        estimate=mean,
        se=math.sqrt(se2),
        lower=mean - reach,
        upper=mean + reach,
        prediction_lower=mean - further,
        prediction_upper=mean + further,
        tau2=tau2,
        i2=100.0 * tau2 / (tau2 + typical),
        q=q,
        p_q=float(special.chdtrc(freedom, q)),
        n_centres=y.size,
    )


def _moments(v: FloatArray, q: float) -> float:
    w = 1.0 / v
    return max(0.0, (q - (v.size - 1)) / float(w.sum() - w @ w / w.sum()))


def _reml(y: FloatArray, v: FloatArray) -> float:
    """Largest restricted likelihood: the best of a grid, since there can be several peaks, then bisection."""
    scale = float(y.var(ddof=1)) + float(v.max())
    grid = np.concatenate(([0.0], scale * np.logspace(-6.0, 2.0, 81)))
    best = int(np.argmax([_restricted(tau2, y, v) for tau2 in grid]))
    if best == 0 and _slope(0.0, y, v) <= 0.0:
        return 0.0
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, grid.size - 1)])
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _slope(middle, y, v) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def _restricted(tau2: float, y: FloatArray, v: FloatArray) -> float:
    w = 1.0 / (v + tau2)
    rest = y - w @ y / w.sum()
    return float(np.log(w).sum() - math.log(w.sum()) - w @ rest**2)


def _slope(tau2: float, y: FloatArray, v: FloatArray) -> float:
    w = 1.0 / (v + tau2)
    rest = y - w @ y / w.sum()
    return float(w**2 @ rest**2 - w.sum() + w @ w / w.sum())


def _checked(estimates: FloatArray, se: FloatArray) -> tuple[FloatArray, FloatArray]:
    y, s = np.asarray(estimates, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if y.ndim != 1 or y.shape != s.shape or y.size < 2:
        raise InputError("estimates and errors of at least two centres are needed", f"shapes {y.shape} and {s.shape}")
    good = np.isfinite(y) & (s > 1e-100) & (s < 1e100)  # beyond, weights are zero or infinite
    if not good.all():
        place = int(np.flatnonzero(~good)[0])
        raise InputError(
            "every centre needs a finite estimate with a positive standard error",
            f"{y[place]} with {s[place]} in place {place + 1}",
            mend="leave the centre out, and say so",
        )
    return y, s**2
