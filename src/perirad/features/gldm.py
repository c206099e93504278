"""Grey level dependence (IBSI REK0, coarseness 0): pixels by how many neighbours share their level."""

from __future__ import annotations

import numpy as np

from perirad._kernels import count_dependents
from perirad.arrays import FloatArray
from perirad.features.cells import Cells, emphases
from perirad.features.discretise import LevelImage

__all__ = ["GLDM", "dependence_cells", "gldm"]

GLDM = (
    "DependenceEntropy", "DependenceNonUniformity", "DependenceNonUniformityNormalized", "DependenceVariance",
    "GrayLevelNonUniformity", "GrayLevelVariance", "HighGrayLevelEmphasis", "LargeDependenceEmphasis",
    "LargeDependenceHighGrayLevelEmphasis", "LargeDependenceLowGrayLevelEmphasis", "LowGrayLevelEmphasis",
    "SmallDependenceEmphasis", "SmallDependenceHighGrayLevelEmphasis", "SmallDependenceLowGrayLevelEmphasis",
)  # fmt: skip


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
    e = emphases(cells)
    pixels = e["total"]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = [
            e["entropy"],
            e["sizes_squared"] / pixels,
            e["sizes_squared"] / pixels**2,
            e["size_variance"],
            e["levels_squared"] / pixels,
            e["level_variance"],
            e["high"],
            e["large"],
            e["large_high"],
            e["large_low"],
            e["low"],
            e["small"],
            e["small_high"],
            e["small_low"],
        ]  # fmt: skip
    return np.stack(values, axis=1)
