"""Counts of regions that share pixels: each part is counted once, and the regions are put together from the parts.

A pair of pixels belongs to every region that holds both; runs, zones and neighbourhoods that cross from one part to
another are put right along the seams. All counts are whole numbers and equal those of each region alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from perirad import _kernels
from perirad.arrays import FloatArray
from perirad.features.cells import Cells
from perirad.features.counted import Counted
from perirad.features.firstorder import firstorder_of_parts
from perirad.features.ngtdm import level_tones, mean_differences
from perirad.features.parts import Parts

__all__ = ["count_together"]

N_DIRECTIONS = 4


def count_together(
    picture: FloatArray | NDArray[np.float32],
    parts: Parts,
    spacings_mm: Sequence[tuple[float, float]],
    bin_width: float,
) -> Counted | None:
    """Count all regions of a filtered image in bins of fixed width, whose edges all regions have in common.

    Returns
    -------
    Counted or None
        None where it does not pay or not hold: more than 255 levels, or 512 of all parts together, or a region's
        minimum so near to an edge that its quotient rounds to the other side.
    """
    found = _kernels.count_together(picture, bin_width, parts)
    if found is None:
        return None
    first, of_levels, statistics, differences, pairs, runs, zones, dependences = found
    highest = np.where(of_levels > 0, np.arange(of_levels.shape[1]), 0).max(axis=1)
    sums = mean_differences(differences)
    n_regions = len(first)
    return Counted(
        np.where(highest > 0, highest - first + 1, 0),
        of_levels.sum(axis=1),
        firstorder_of_parts(statistics, of_levels, spacings_mm),
        level_tones(of_levels[:, 1:], sums[:, 1:], first),
        Cells(*pairs, n_regions * N_DIRECTIONS),
        Cells(*runs, n_regions * N_DIRECTIONS),
        Cells(*zones, n_regions),
        Cells(*dependences, n_regions),
    )  # fmt: skip
