"""How well two outlines of one lesion agree."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError

__all__ = ["Agreement", "agreement"]


@dataclass(frozen=True)
class Agreement:
    """Dice (0 to 1), and in mm the Hausdorff distance of the outlines, its 95th percentile, and their mean distance.

    NaN where both, or for the distances one, are empty.
    """

    dice: float
    hausdorff_mm: float
    hausdorff_95_mm: float
    mean_mm: float


def agreement(first: BoolArray, second: BoolArray, spacing_mm: tuple[float, float]) -> Agreement:
    """Compare two masks of one picture.

    Parameters
    ----------
    first, second : ndarray of bool, shape (n_rows, n_columns)
    spacing_mm : tuple of float
        (row, column), mm per pixel.

    Notes
    -----
    Distances are between the masks' border pixels (those with a 4-neighbour outside), both ways together.
    """
    if first.shape != second.shape:
        raise InputError("outlines to be compared must be of one picture", f"{first.shape} and {second.shape}")
    total = int(first.sum()) + int(second.sum())
    dice = 2.0 * int((first & second).sum()) / total if total else math.nan
    if not first.any() or not second.any():
        return Agreement(dice, math.nan, math.nan, math.nan)
    there, back = _distances(first, second, spacing_mm), _distances(second, first, spacing_mm)
    both = np.concatenate([there, back])
    percentile = max(float(np.quantile(there, 0.95)), float(np.quantile(back, 0.95)))
    return Agreement(dice, float(both.max()), percentile, float(both.mean()))


def _distances(of: BoolArray, to: BoolArray, spacing_mm: tuple[float, float]) -> FloatArray:
    """Distance of each border pixel of one mask to the nearest border pixel of the other."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    scale = np.array(spacing_mm)
    found = cKDTree(np.argwhere(_border(to)) * scale).query(np.argwhere(_border(of)) * scale)[0]
    return np.asarray(found, dtype=np.float64)


def _border(mask: BoolArray) -> BoolArray:
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return np.asarray(mask & ~inner, dtype=np.bool_)
