"""Grey level dependence (IBSI REK0, coarseness 0): pixels by how many neighbours share their level."""

from __future__ import annotations

import numpy as np

from perirad._kernels import count_dependents
from perirad.arrays import FloatArray
from perirad.features.cells import Cells
from perirad.features.discretise import LevelImage
from perirad.features.sizes import size_features

__all__ = ["GLDM", "GLDM_KINDS", "dependence_cells", "gldm"]

GLDM_KINDS = {
    "DependenceEntropy": "entropy",
    "DependenceNonUniformity": "size non-uniformity",
    "DependenceNonUniformityNormalized": "size non-uniformity, normalised",
    "DependenceVariance": "size variance",
    "GrayLevelNonUniformity": "level non-uniformity",
    "GrayLevelVariance": "level variance",
    "HighGrayLevelEmphasis": "high",
    "LargeDependenceEmphasis": "large",
    "LargeDependenceHighGrayLevelEmphasis": "large high",
    "LargeDependenceLowGrayLevelEmphasis": "large low",
    "LowGrayLevelEmphasis": "low",
    "SmallDependenceEmphasis": "small",
    "SmallDependenceHighGrayLevelEmphasis": "small high",
    "SmallDependenceLowGrayLevelEmphasis": "small low",
}
"""Which of `SIZE_FORMULAS` each feature is."""

GLDM = tuple(GLDM_KINDS)


def dependence_cells(image: LevelImage) -> Cells:
    """Dependence counts of one region; the pixel itself counts, so j runs from 1 to 9."""
    table = np.zeros((image.n_levels + 1, 9), dtype=np.uint32)
    count_dependents(image.levels, np.empty(image.levels.shape[1], dtype=np.uint16), table)
    i, j = np.nonzero(table)
    return Cells(np.zeros_like(i), i, j + 1, table[i, j].astype(np.float64), 1)


def gldm(cells: Cells) -> FloatArray:
    """Dependence features of regions.

    Parameters
    ----------
    cells : Cells
        Of `dependence_cells`: one matrix per region.

    Returns
    -------
    ndarray of shape (n_regions, 14)
        In the order of `GLDM`; entropy in bits. NaN for a region without pixels.
    """
    return size_features(cells, cells.total(cells.n), GLDM_KINDS.values())
