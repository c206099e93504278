"""What a two-by-two table says beyond its shares: likelihood ratios, agreement, odds ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass

from perirad.validation.proportion import Z95
from perirad.validation.records import Estimate, ThresholdMetrics

__all__ = ["DiagnosticSummary", "diagnostic_summary"]


@dataclass(frozen=True)
class DiagnosticSummary:
    """Measures of a two-by-two table; NaN where a denominator is zero.

    `lr_positive` and `lr_negative` have log-normal 95 % intervals, NaN where a needed cell is empty.
    """

    lr_positive: Estimate
    lr_negative: Estimate
    diagnostic_odds_ratio: float
    f1: float
    balanced_accuracy: float
    youden: float
    mcc: float
    kappa: float


def diagnostic_summary(table: ThresholdMetrics) -> DiagnosticSummary:
    """Likelihood ratios, odds ratio, F1, balanced accuracy, Youden index, Matthews correlation and Cohen's kappa.

    Parameters
    ----------
    table : ThresholdMetrics
        At a frozen cut-off.

    Returns
    -------
    DiagnosticSummary
        The interval of the likelihood ratios is that of Simel et al. (doi:10.1016/0895-4356(91)90128-v). F1, MCC and
        accuracy depend on the prevalence of the cohort; sensitivity, specificity and likelihood ratios do not.
    """
    tp, fp, tn, fn = table.tp, table.fp, table.tn, table.fn
    sensitivity, specificity = table.sensitivity.estimate, table.specificity.estimate
    positive = _ratio_of_shares(tp, tp + fn, fp, fp + tn)
    negative = _ratio_of_shares(fn, tp + fn, tn, fp + tn)
    return DiagnosticSummary(
        lr_positive=positive,
        lr_negative=negative,
        diagnostic_odds_ratio=_divide(tp * tn, fp * fn),
        f1=_divide(2 * tp, 2 * tp + fp + fn),
        balanced_accuracy=(sensitivity + specificity) / 2.0,
        youden=sensitivity + specificity - 1.0,
        mcc=_divide(tp * tn - fp * fn, math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
        kappa=_kappa(tp, fp, tn, fn),
    )


def _divide(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else math.nan


def _ratio_of_shares(a: int, m: int, b: int, n: int) -> Estimate:
    """(a / m) / (b / n)."""
    ratio = _divide(a * n, b * m)
    if not (a and b):
        return Estimate(ratio, math.nan, math.nan)
    # two full shares make the variance zero in theory, and -1e-17 in rounding
    reach = Z95 * math.sqrt(max(0.0, 1.0 / a - 1.0 / m + 1.0 / b - 1.0 / n))
    return Estimate(ratio, ratio * math.exp(-reach), ratio * math.exp(reach))


def _kappa(tp: int, fp: int, tn: int, fn: int) -> float:
    n = tp + fp + tn + fn
    by_chance = (tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)
    return _divide(n * (tp + tn) - by_chance, n * n - by_chance)
