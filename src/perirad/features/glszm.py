"""Grey level zones (IBSI 9SAK): 8-connected pixels of one level."""

from __future__ import annotations

import numpy as np

from perirad._kernels import count_zones
from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, emphases, first_cells, sparse_rows
from perirad.features.discretise import LevelImage

__all__ = ["GLSZM", "glszm", "zone_cells"]

GLSZM = (
    "GrayLevelNonUniformity", "GrayLevelNonUniformityNormalized", "GrayLevelVariance", "HighGrayLevelZoneEmphasis",
    "LargeAreaEmphasis", "LargeAreaHighGrayLevelEmphasis", "LargeAreaLowGrayLevelEmphasis",
    "LowGrayLevelZoneEmphasis", "SizeZoneNonUniformity", "SizeZoneNonUniformityNormalized", "SmallAreaEmphasis",
    "SmallAreaHighGrayLevelEmphasis", "SmallAreaLowGrayLevelEmphasis", "ZoneEntropy", "ZonePercentage",
    "ZoneVariance",
)  # fmt: skip


def zone_cells(image: LevelImage) -> Cells:
    """Zone counts of one region."""
    n_pixels = image.n_pixels
    first, n_cells = first_cells(image, n_pixels)
    zones = np.zeros(n_cells, dtype=np.uint32)
    count_zones(
        image.levels,
        first,
        np.empty((2, image.levels.shape[1]), dtype=np.int32),
        np.empty(n_pixels, dtype=np.int32),
        np.empty(n_pixels, dtype=np.int32),
        np.empty(n_pixels, dtype=np.uint16),
        zones,
    )
    return sparse_rows(zones.reshape(1, -1), first)


def glszm(cells: Cells, n_pixels: IntArray) -> FloatArray:
    """Zone features of regions.

    Parameters
    ----------
    cells : Cells
        Of `zone_cells`: one matrix per region.
    n_pixels : ndarray of shape (n_regions,)
        Pixels of each region.

    Returns
    -------
    ndarray of shape (n_regions, 16)
        In the order of `GLSZM`; entropy in bits. NaN for a region without pixels.
    """
    e = emphases(cells)
    zones = e["total"]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = [
            e["levels_squared"] / zones,
            e["levels_squared"] / zones**2,
            e["level_variance"],
            e["high"],
            e["large"],
            e["large_high"],
            e["large_low"],
            e["low"],
            e["sizes_squared"] / zones,
            e["sizes_squared"] / zones**2,
            e["small"],
            e["small_high"],
            e["small_low"],
            e["entropy"],
            zones / n_pixels,
            e["size_variance"],
        ]  # fmt: skip
    return np.stack(values, axis=1)
