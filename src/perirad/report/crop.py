"""Which part of a picture to show: what lies about the regions, and a margin."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray

__all__ = ["about"]


def about(shown: BoolArray, margin_mm: float, spacing_mm: tuple[float, float]) -> tuple[slice, slice]:
    """Rows and columns about all marked pixels with a margin, cut at the picture's edge; all where none is marked."""
    if not shown.any():
        return slice(0, shown.shape[0]), slice(0, shown.shape[1])
    sides = []
    for axis in (0, 1):
        at = np.flatnonzero(shown.any(axis=1 - axis))
        margin = round(margin_mm / spacing_mm[axis])
        sides.append(slice(max(0, int(at[0]) - margin), min(shown.shape[axis], int(at[-1]) + 1 + margin)))
    return sides[0], sides[1]
