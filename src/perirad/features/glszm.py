"""Grey level zones (IBSI 9SAK): 8-connected pixels of one level."""

from __future__ import annotations

import numpy as np

from perirad._kernels import count_zones
from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, first_cells, sparse_rows
from perirad.features.discretise import LevelImage
from perirad.features.sizes import size_features

__all__ = ["GLSZM", "GLSZM_KINDS", "glszm", "zone_cells"]

GLSZM_KINDS = {
    "GrayLevelNonUniformity": "level non-uniformity",
    "GrayLevelNonUniformityNormalized": "level non-uniformity, normalised",
    "GrayLevelVariance": "level variance",
    "HighGrayLevelZoneEmphasis": "high",
    "LargeAreaEmphasis": "large",
    "LargeAreaHighGrayLevelEmphasis": "large high",
    "LargeAreaLowGrayLevelEmphasis": "large low",
    "LowGrayLevelZoneEmphasis": "low",
    "SizeZoneNonUniformity": "size non-uniformity",
    "SizeZoneNonUniformityNormalized": "size non-uniformity, normalised",
    "SmallAreaEmphasis": "small",
    "SmallAreaHighGrayLevelEmphasis": "small high",
    "SmallAreaLowGrayLevelEmphasis": "small low",
    "ZoneEntropy": "entropy",
    "ZonePercentage": "percentage",
    "ZoneVariance": "size variance",
}
"""Which of `SIZE_FORMULAS` each feature is."""

GLSZM = tuple(GLSZM_KINDS)


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
    return size_features(cells, n_pixels, GLSZM_KINDS.values())
