"""Net reclassification and integrated discrimination improvement: for those who are asked for them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_outcome, check_probability
from perirad.validation.proportion import Z95

__all__ = ["CAUTION", "Improvement", "Reclassification", "discrimination_improvement", "reclassification"]

CAUTION = (
    "Not recommended alone: NRI and IDI rise with miscalibration and with useless variables, and their usual standard "
    "errors are too small; report the change of AUC, the likelihood-ratio test and net benefit."
)


@dataclass(frozen=True)
class Improvement:
    """A difference with its standard error, 95 % interval and two-sided p; NaN where it has no variance."""

    estimate: float
    se: float
    lower: float
    upper: float
    z: float
    p: float


@dataclass(frozen=True)
class Reclassification:
    """Net reclassification improvement: among events, among the others, and their sum.

    The tables count patients by old (row) and new (column) category, None for the continuous NRI. `caution` is to be
    printed with it.
    """

    nri: Improvement
    events: Improvement
    nonevents: Improvement
    table_events: IntArray | None
    table_nonevents: IntArray | None
    caution: str


def reclassification(
    outcome: IntArray, old: FloatArray, new: FloatArray, *, cutoffs: tuple[float, ...] = ()
) -> Reclassification:
    """Net reclassification improvement (doi:10.1002/sim.2929; continuous: doi:10.1002/sim.4085).

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    old, new : ndarray of shape (n,)
        Predicted probabilities of the same patients.
    cutoffs : tuple of float
        Ascending limits of the risk categories, each belonging to the upper one; without any, every change counts.

    Returns
    -------
    Reclassification
        Standard errors as Hmisc's `improveProb`.
    """
    event, a, b = _checked(outcome, old, new)
    limits = np.asarray(cutoffs, dtype=np.float64)
    if limits.size and not (np.all(np.diff(limits) > 0.0) and limits.min() > 0.0 and limits.max() < 1.0):
        raise InputError("risk categories need ascending limits within 0 and 1", f"{tuple(cutoffs)}")
    tables: list[IntArray | None] = [None, None]
    if limits.size:
        a, b = (np.searchsorted(limits, part, side="right").astype(np.float64) for part in (a, b))
        tables = [_cross(a[which], b[which], limits.size + 1) for which in (event, ~event)]
    up_events, down_events = _moves(a[event], b[event])
    up_others, down_others = _moves(a[~event], b[~event])
    n_events = int(np.count_nonzero(event))
    gain = up_events - down_events, down_others - up_others
    variance = (up_events + down_events) / n_events, (up_others + down_others) / (event.size - n_events)
    spread = [v - g**2 / m for v, g, m in zip(variance, gain, (n_events, event.size - n_events), strict=True)]
    return Reclassification(
        nri=_improvement(sum(gain), sum(spread)),
        events=_improvement(gain[0], spread[0]),
        nonevents=_improvement(gain[1], spread[1]),
        table_events=tables[0],
        table_nonevents=tables[1],
        caution=CAUTION,
    )


def discrimination_improvement(outcome: IntArray, old: FloatArray, new: FloatArray) -> Improvement:
    """Integrated discrimination improvement: gain in mean risk of events minus that of the others.

    Parameters
    ----------
    outcome, old, new : ndarray of shape (n,)
        As in `reclassification`, whose `CAUTION` holds here too.

    Returns
    -------
    Improvement
        NaN but for the estimate with a single event or non-event (doi:10.1002/sim.2929).
    """
    event, a, b = _checked(outcome, old, new)
    change = b - a
    parts = change[event], change[~event]
    variance = sum(float(part.var(ddof=1)) / part.size if part.size > 1 else math.nan for part in parts)
    return _improvement(float(parts[0].mean() - parts[1].mean()), variance)


def _checked(outcome: IntArray, old: FloatArray, new: FloatArray) -> tuple[np.ndarray, FloatArray, FloatArray]:
    event = check_outcome(outcome, both=True)
    return event, check_probability(old, event.size), check_probability(new, event.size)


def _moves(old: FloatArray, new: FloatArray) -> tuple[float, float]:
    return float(np.mean(new > old)), float(np.mean(new < old))


def _cross(old: FloatArray, new: FloatArray, size: int) -> IntArray:
    flat = (old * size + new).astype(np.int64)
    return frozen(np.bincount(flat, minlength=size * size).reshape(size, size).astype(np.int64))


def _improvement(estimate: float, variance: float) -> Improvement:
    if not variance > 0.0:
        return Improvement(estimate, *(math.nan,) * 5)
    se = math.sqrt(variance)
    z = estimate / se
    return Improvement(estimate, se, estimate - Z95 * se, estimate + Z95 * se, z, 2.0 * float(special.ndtr(-abs(z))))
