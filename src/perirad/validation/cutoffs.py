"""Cut-offs learnt from training patients, to be frozen before other patients are met."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation._check import check_fraction
from perirad.validation.discrimination import roc_curve

__all__ = [
    "OperatingPoint", "closest_to_corner", "least_cost_cutoff", "sensitivity_cutoff", "specificity_cutoff",
    "youden_cutoff",
]  # fmt: skip

SAME = 1e-12  # criteria closer than this differ by rounding only


@dataclass(frozen=True)
class OperatingPoint:
    """A cut-off (positive when score >= cutoff) and its shares among the patients it was learnt from.

    The shares are those of the patients who chose the cut-off, hence too good; all NaN where no cut-off serves.
    """

    cutoff: float
    sensitivity: float
    specificity: float


NONE = OperatingPoint(math.nan, math.nan, math.nan)


def youden_cutoff(outcome: IntArray, score: FloatArray) -> OperatingPoint:
    """Cut-off with the largest sensitivity + specificity.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    score : ndarray of shape (n,)
        Higher means the event is more likely.

    Returns
    -------
    OperatingPoint
        Between two neighbouring scores, as are all of this module; of equally good ones the lowest, which is the most
        sensitive. NaN where none is better than chance.
    """
    points = _points(outcome, score)
    index = points.sensitivity + points.specificity - 1.0
    return _largest(points, index) if index.size and index.max() > SAME else NONE


def closest_to_corner(outcome: IntArray, score: FloatArray) -> OperatingPoint:
    """Cut-off whose point of the ROC curve is closest to perfect; parameters and ties as in `youden_cutoff`."""
    points = _points(outcome, score)
    return _largest(points, -((1.0 - points.sensitivity) ** 2) - (1.0 - points.specificity) ** 2)


def sensitivity_cutoff(outcome: IntArray, score: FloatArray, at_least: float) -> OperatingPoint:
    """Most specific cut-off of at least a given sensitivity.

    Parameters
    ----------
    outcome, score : ndarray of shape (n,)
        As in `youden_cutoff`.
    at_least : float
        Wanted sensitivity, within 0 and 1.

    Returns
    -------
    OperatingPoint
        NaN where only calling everybody positive would do.
    """
    points = _points(outcome, score)
    enough = points.sensitivity >= check_fraction("wanted sensitivity", at_least) - SAME
    # the highest of these: cut-offs between the same two events differ in specificity alone
    return _point(points, int(np.flatnonzero(enough)[-1])) if enough.any() else NONE


def specificity_cutoff(outcome: IntArray, score: FloatArray, at_least: float) -> OperatingPoint:
    """Most sensitive cut-off of at least a given specificity; NaN where only calling nobody positive would do."""
    points = _points(outcome, score)
    enough = points.specificity >= check_fraction("wanted specificity", at_least) - SAME
    return _point(points, int(np.flatnonzero(enough)[0])) if enough.any() else NONE


def least_cost_cutoff(
    outcome: IntArray, score: FloatArray, *, missed_to_false_alarm: float, prevalence: float | None = None
) -> OperatingPoint:
    r"""Cut-off with the least expected cost (doi:10.1016/S0001-2998(78)80014-2).

    .. math:: c \pi (1 - \mathrm{sensitivity}) + (1 - \pi) (1 - \mathrm{specificity})

    Parameters
    ----------
    outcome, score : ndarray of shape (n,)
        As in `youden_cutoff`.
    missed_to_false_alarm : float
        Cost of a missed event over that of a false alarm, positive.
    prevalence : float, optional
        Of the event where the cut-off is to be used; that of `outcome` when None.

    Returns
    -------
    OperatingPoint
        Ties as in `youden_cutoff`.
    """
    if not 0.0 < missed_to_false_alarm < math.inf:
        raise InputError("the cost ratio must be positive", f"missed_to_false_alarm={missed_to_false_alarm}")
    points = _points(outcome, score)
    share = float(np.mean(outcome)) if prevalence is None else check_fraction("prevalence", prevalence)
    cost = missed_to_false_alarm * share * (1.0 - points.sensitivity) + (1.0 - share) * (1.0 - points.specificity)
    return _largest(points, -cost)


@dataclass(frozen=True)
class _Points:
    """Operating points, cut-offs ascending, without the two that do not look at the score."""

    cutoff: FloatArray
    sensitivity: FloatArray
    specificity: FloatArray


def _points(outcome: IntArray, score: FloatArray) -> _Points:
    curve = roc_curve(outcome, score)
    parts = (curve.thresholds, curve.sensitivity, curve.specificity)
    return _Points(*(part[1:-1][::-1] for part in parts))


def _largest(points: _Points, criterion: FloatArray) -> OperatingPoint:
    if criterion.size == 0:
        return NONE
    return _point(points, int(np.flatnonzero(criterion >= criterion.max() - SAME)[0]))


def _point(points: _Points, place: int) -> OperatingPoint:
    return OperatingPoint(*(float(part[place]) for part in (points.cutoff, points.sensitivity, points.specificity)))
