"""Counts of regions that share pixels: each part is counted once, and the regions are put together from the parts.

A pair of pixels belongs to every region that holds both; runs, zones and neighbourhoods that cross from one part to
another are put right along the seams. All counts are whole numbers and equal those of each region alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perirad import _kernels
from perirad.arrays import BoolArray
from perirad.features.cells import Cells
from perirad.features.counted import Counted
from perirad.features.firstorder import firstorder_of_parts
from perirad.features.parts import Regions
from perirad.features.pictures import Picture
from perirad.features.settings import FeatureSettings

__all__ = ["count_together"]

N_DIRECTIONS = 4


def count_together(
    pictures: Sequence[Picture],
    regions: Regions,
    spacings_mm: Sequence[tuple[float, float]],
    settings: FeatureSettings,
) -> tuple[BoolArray, Counted]:
    """Count all regions of filtered images.

    Bins of fixed width have edges that all regions have in common. With a fixed number of bins every region has its
    own, so that only the grey values' statistics are shared, and the levels of each region are counted by themselves.

    Parameters
    ----------
    pictures : sequence of ndarray of shape (rows, columns), or None
        Double or single precision.
    regions : Regions
        Of `parts_of`, separate as well where the number of bins is fixed.
    spacings_mm : sequence of tuple of float
        (row, column) of each region.

    Returns
    -------
    done : ndarray of bool, shape (n_pictures,)
        False where it does not hold: no picture, more than 255 levels, or 512 of all parts together, a value that is
        not finite, a region's minimum so near to an edge that its quotient rounds to the other side, a range of a few
        units in the last place.
    counted : Counted
        The regions of the pictures that are done, one picture after the other.
    """
    found = _kernels.count_together(pictures, regions, settings.bin_width or 0.0, int(settings.bin_count or 0))
    done, n_levels, n_pixels, statistics, entropy, uniformity, tones, pairs, runs, zones, dependences = found
    n = len(n_levels)
    areas = np.array([down * across for down, across in spacings_mm] * (n // len(spacings_mm)))
    return np.array(done, dtype=np.bool_), Counted(
        n_levels,
        n_pixels,
        firstorder_of_parts(statistics, n_pixels, entropy, uniformity, areas),
        Cells(*tones, n),
        Cells(*pairs, n * N_DIRECTIONS),
        Cells(*runs, n * N_DIRECTIONS),
        Cells(*zones, n),
        Cells(*dependences, n),
    )
