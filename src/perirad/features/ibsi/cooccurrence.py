"""Grey level co-occurrence matrix (IBSI LFYI): pairs of nearest neighbours, symmetric."""

from __future__ import annotations

import numpy as np

from perirad.arrays import FloatArray
from perirad.features.cells import Cells
from perirad.features.glcm import pair_cells as planar_pairs
from perirad.features.ibsi.aggregation import Plane, directional_groups, mean_of_defined
from perirad.features.ibsi.levels import LevelVolume, count_cells, directions, in_ibsi_order

__all__ = ["GLCM", "cooccurrence", "cooccurrence_features", "pair_cells"]

GLCM = (
    "GYBY", "60VM", "UR99", "TU9B", "TF7R", "D3YU", "NTRS", "ZGXS", "OEEB", "P6QZ", "8ZQL", "ACUI", "8S9J", "IB1Z",
    "NDRX", "WF0Z", "1QCO", "E8JP", "NI2N", "QWB0", "DG8W", "7NFM", "AE86", "R8DG", "JN9H",
)  # fmt: skip


def cooccurrence(region: LevelVolume, plane: Plane) -> dict[tuple[str, str], float]:
    """Co-occurrence features, by IBSI code and aggregation code.

    Directions and slices without a pair are left out of a mean; NaN where none has a pair.
    """
    cells = pair_cells(region, plane)
    found: dict[tuple[str, str], float] = {}
    for groups in directional_groups(region, len(directions(plane != "3D")), plane):
        values = cooccurrence_features(groups.gather(cells), region.n_levels)
        found |= {(code, groups.code): mean_of_defined(values[code]) for code in GLCM}
    return found


def pair_cells(region: LevelVolume, plane: Plane) -> Cells:
    """Counts of pairs: a matrix per slice and direction (per direction in space), both orders of a pair counted."""
    picture = region.picture if plane != "3D" else None
    if picture is not None:
        return in_ibsi_order(planar_pairs(picture))
    steps = directions(plane != "3D")
    here = region.here()
    parts = []
    for k, step in enumerate(steps):
        there = region.beside(step)
        paired = there > 0
        a, b = here[paired], there[paired]
        matrix = (region.slice_of[paired] if plane != "3D" else 0) * len(steps) + np.full(a.size, k)
        parts += [(matrix, a, b), (matrix, b, a)]
    matrix, i, j = (np.concatenate(column) for column in zip(*parts, strict=True))
    return count_cells(matrix, i, j, len(steps) * (region.n_slices if plane != "3D" else 1))


def cooccurrence_features(cells: Cells, n_levels: int) -> dict[str, FloatArray]:
    """Features of each matrix.

    Parameters
    ----------
    cells : Cells
        Symmetric counts.
    n_levels : int
        Number of grey levels of the region, to normalise NDRX and 1QCO.

    Returns
    -------
    dict of str to ndarray of shape (n_matrices,)
        Keyed by IBSI code; entropies in bits. NaN for a matrix without a pair. With one level only, the correlation
        and the first information correlation are NaN (0/0).
    """
    m = cells.matrix
    total = cells.total(cells.n)
    p = cells.n / total[m]
    i, j = cells.i.astype(np.float64), cells.j.astype(np.float64)
    k = np.abs(i - j)
    mean, difference = cells.total(p * i), cells.total(p * k)
    from_i, from_j = i - mean[m], j - mean[m]
    variance = cells.total(p * from_i**2)
    cluster = from_i + from_j
    row = cells.margin(cells.i, p)
    joint, marginal = cells.total(-p * np.log2(p)), _entropy(row)
    p_row, p_column = row[m, cells.i], row[m, cells.j]
    crossed = cells.total(-p * np.log2(p_row * p_column))  # of p against the independent product
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = cells.total(p * from_i * from_j) / np.where(variance > 0.0, variance, np.nan)
        information = (joint - crossed) / np.where(marginal > 0.0, marginal, np.nan)
        inverse_variance = cells.total(np.where(k > 0.0, p / k**2, 0.0))
    values = {
        "GYBY": _largest(cells, p),
        "60VM": mean,
        "UR99": variance,
        "TU9B": joint,
        "TF7R": difference,
        "D3YU": cells.total(p * (k - difference[m]) ** 2),
        "NTRS": _entropy(cells.margin(np.abs(cells.i - cells.j), p)),
        "ZGXS": 2.0 * mean,
        "OEEB": cells.total(p * cluster**2),
        "P6QZ": _entropy(cells.margin(cells.i + cells.j, p)),
        "8ZQL": cells.total(p * p),
        "ACUI": cells.total(p * k**2),
        "8S9J": difference,
        "IB1Z": cells.total(p / (1.0 + k)),
        "NDRX": cells.total(p / (1.0 + k / n_levels)),
        "WF0Z": cells.total(p / (1.0 + k**2)),
        "1QCO": cells.total(p / (1.0 + (k / n_levels) ** 2)),
        "E8JP": inverse_variance,
        "NI2N": correlation,
        "QWB0": cells.total(p * i * j),
        "DG8W": cells.total(p * cluster**2),
        "7NFM": cells.total(p * cluster**3),
        "AE86": cells.total(p * cluster**4),
        "R8DG": information,
        "JN9H": np.sqrt(-np.expm1(np.minimum(-2.0 * (2.0 * marginal - joint), 0.0))),
    }
    return {code: np.where(total > 0.0, value, np.nan) for code, value in values.items()}


def _entropy(p: FloatArray) -> FloatArray:
    """Entropy of each row in bits; 0 log 0 is 0."""
    return np.asarray(-(p * np.log2(np.where(p > 0.0, p, 1.0))).sum(axis=1), dtype=np.float64)


def _largest(cells: Cells, p: FloatArray) -> FloatArray:
    largest = np.zeros(cells.n_matrices)
    np.maximum.at(largest, cells.matrix, p)
    return largest
