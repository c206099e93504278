"""What a frozen cut-off does to the patients of one cohort."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation._check import check_outcome, check_score
from perirad.validation.proportion import Interval, proportion
from perirad.validation.records import ThresholdMetrics

__all__ = ["threshold_metrics"]


def threshold_metrics(
    outcome: IntArray, score: FloatArray, cutoff: float, *, interval: Interval = "wilson"
) -> ThresholdMetrics:
    """Two-by-two table and its shares at a cut-off; a patient is positive when score >= cutoff.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    score : ndarray of shape (n,)
    cutoff : float
        On the scale of the score; infinite ones call nobody or everybody positive.
    interval : {"wilson", "clopper-pearson"}
        Of the shares (see `proportion`).

    Returns
    -------
    ThresholdMetrics
        Shares with 95 % intervals, NaN where nobody is in the denominator.
    """
    event = check_outcome(outcome)
    values = check_score(score, event.size)
    if math.isnan(cutoff):
        raise InputError("cut-off must be a number", f"cutoff={cutoff}")
    positive = values >= cutoff
    tp = int(np.count_nonzero(positive & event))
    fp = int(np.count_nonzero(positive)) - tp
    fn = int(np.count_nonzero(event)) - tp
    tn = event.size - tp - fp - fn
    return ThresholdMetrics(
        cutoff=float(cutoff),
        tp=tp,
        fp=fp,
        tn=tn,
        fn=fn,
        sensitivity=proportion(tp, tp + fn, interval=interval),
        specificity=proportion(tn, tn + fp, interval=interval),
        ppv=proportion(tp, tp + fp, interval=interval),
        npv=proportion(tn, tn + fn, interval=interval),
        accuracy=proportion(tp + tn, event.size, interval=interval),
    )
