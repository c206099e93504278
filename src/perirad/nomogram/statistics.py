"""Statistics of a logistic fit on the patients it was fitted to; all of them are apparent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray
from perirad.nomogram.design import Columns, outcome_vector
from perirad.nomogram.logistic import expit, linear_predictor
from perirad.nomogram.records import LogisticFit, RidgeFit

__all__ = ["FitStatistics", "fit_statistics"]


@dataclass(frozen=True)
class FitStatistics:
    """How well a model describes its own training patients.

    Parameters
    ----------
    lr_chi2, df, p : float
        Likelihood-ratio test of all terms together (`df` the effective number for a ridge fit).
    aic, bic : float
    r2_nagelkerke, r2_cox_snell : float
        Doi 10.1093/biomet/78.3.691; the latter cannot reach 1.
    brier : float
    c, dxy, gamma, tau_a : float
        Rank agreement of prediction and outcome: area under the curve, Somers' D, Goodman-Kruskal's gamma, Kendall's
        tau a.
    g, gr, gp : float
        Mean difference between two patients (Gini's): of the linear predictor, its exponential, of the probability.
    """

    lr_chi2: float
    df: float
    p: float
    aic: float
    bic: float
    r2_nagelkerke: float
    r2_cox_snell: float
    brier: float
    c: float
    dxy: float
    gamma: float
    tau_a: float
    g: float
    gr: float
    gp: float


def fit_statistics(fit: LogisticFit, columns: Columns, outcome: IntArray) -> FitStatistics:
    """Statistics of a fit on its training patients, as `rms::lrm` prints them.

    `lrm` rounds predictions to 1/500 before it counts pairs; here they are not rounded, so that its C, Dxy, gamma and
    tau a may differ in the fourth digit. For a fit by Firth's penalised likelihood, the likelihoods are penalised.
    `gamma` is NaN when all predictions are equal.
    """
    lp = linear_predictor(fit, columns)
    y = outcome_vector(outcome, lp.size)
    p = expit(lp)
    df = fit.effective_df if isinstance(fit, RidgeFit) else float(len(fit.terms))
    chi2 = 2.0 * (fit.log_likelihood - fit.null_log_likelihood)
    cox_snell = -math.expm1(-chi2 / fit.n)
    agree, disagree = _pairs(lp, y)
    mixed = float(y.sum() * (y.size - y.sum()))
    g = _mean_difference(lp)
    return FitStatistics(
        lr_chi2=chi2,
        df=df,
        p=float(special.chdtrc(df, max(chi2, 0.0))),
        aic=-2.0 * fit.log_likelihood + 2.0 * (df + 1.0),
        bic=-2.0 * fit.log_likelihood + math.log(fit.n) * (df + 1.0),
        r2_nagelkerke=cox_snell / -math.expm1(2.0 * fit.null_log_likelihood / fit.n),
        r2_cox_snell=cox_snell,
        brier=float(np.mean((y - p) ** 2)),
        c=0.5 + (agree - disagree) / mixed / 2.0,
        dxy=(agree - disagree) / mixed,
        gamma=(agree - disagree) / (agree + disagree) if agree + disagree else math.nan,
        tau_a=(agree - disagree) / (y.size * (y.size - 1) / 2.0),
        g=g,
        gr=math.exp(g) if g < 709.0 else math.inf,
        gp=_mean_difference(p),
    )


def _pairs(score: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Pairs of an event and a non-event whose scores agree, and disagree, with it."""
    below = np.sort(score[y == 0.0])
    events = score[y == 1.0]
    agree = np.searchsorted(below, events, side="left").sum()
    disagree = below.size * events.size - np.searchsorted(below, events, side="right").sum()
    return float(agree), float(disagree)


def _mean_difference(x: FloatArray) -> float:
    ordered = np.sort(x) - x.mean()
    n = x.size
    return float((2.0 * np.arange(1, n + 1) - n - 1.0) @ ordered) * 2.0 / (n * (n - 1.0))
