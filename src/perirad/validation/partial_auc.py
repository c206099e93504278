"""Area under a part of the ROC curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation.discrimination import roc_curve

__all__ = ["PartialAuc", "partial_auc"]


@dataclass(frozen=True)
class PartialAuc:
    """Area between two specificities (or sensitivities), as it is and standardised.

    `standardised` is 0.5 for a useless score and 1 for a perfect one (McClish, doi:10.1177/0272989X8900900307).
    """

    area: float
    standardised: float


def partial_auc(
    outcome: IntArray,
    score: FloatArray,
    low: float,
    high: float = 1.0,
    *,
    of: Literal["specificity", "sensitivity"] = "specificity",
) -> PartialAuc:
    """Area under the ROC curve where specificity, or sensitivity, lies between two limits.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise; both must occur.
    score : ndarray of shape (n,)
        Higher means the event is more likely.
    low, high : float
        0 <= low < high <= 1.
    of : {"specificity", "sensitivity"}

    Returns
    -------
    PartialAuc
        Points between two of the curve are interpolated linearly.
    """
    if not 0.0 <= low < high <= 1.0:
        raise InputError("limits of the partial area must satisfy 0 <= low < high <= 1", f"low={low}, high={high}")
    if of not in ("specificity", "sensitivity"):
        raise InputError("the partial area is of the specificity or the sensitivity", repr(of))
    curve = roc_curve(outcome, score)
    along, height = curve.specificity[::-1], curve.sensitivity[::-1]
    if of == "sensitivity":
        along, height = curve.sensitivity, curve.specificity
    area = _area(along, height, low, high)
    worst = ((1.0 - low) ** 2 - (1.0 - high) ** 2) / 2.0
    return PartialAuc(area, (1.0 + (area - worst) / (high - low - worst)) / 2.0)


def _area(along: FloatArray, height: FloatArray, low: float, high: float) -> float:
    """Trapezoids between two limits; `along` ascends and `height` falls, in steps where `along` stands still."""
    inside = (along > low) & (along < high)
    x = np.concatenate(([low], along[inside], [high]))
    y = np.concatenate(([_at(along, height, low, "right")], height[inside], [_at(along, height, high, "left")]))
    return float(np.trapezoid(y, x))


def _at(along: FloatArray, height: FloatArray, where: float, side: Literal["left", "right"]) -> float:
    """Height at a limit; of a step, the end that lies on the side of the wanted part."""
    if side == "right":
        last = int(np.searchsorted(along, where, side="right")) - 1
        if along[last] == where:
            return float(height[last])
    else:
        last = int(np.searchsorted(along, where, side="left"))
        if along[last] == where:
            return float(height[last])
        last -= 1
    share = (where - along[last]) / (along[last + 1] - along[last])
    return float(height[last] + share * (height[last + 1] - height[last]))
