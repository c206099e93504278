"""Laws kernels and their texture energy (IBSI JTXT, PQSD)."""

from __future__ import annotations

import math
import re

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary, Dimensions
from perirad.features.filters.mean import mean
from perirad.features.filters.separable import Cascade, Pooling, Taps, convolve, convolve_rotated

__all__ = ["KERNELS", "laws", "laws_energy"]

_INTEGERS = {
    "L3": (1, 2, 1),
    "E3": (-1, 0, 1),
    "S3": (-1, 2, -1),
    "L5": (1, 4, 6, 4, 1),
    "E5": (-1, -2, 0, 2, 1),
    "S5": (-1, 0, 2, 0, -1),
    "W5": (-1, 2, 0, -2, 1),
    "R5": (1, -4, 6, -4, 1),
}
KERNELS = {
    name: Taps(tuple(value / math.sqrt(sum(v * v for v in values)) for value in values), len(values) // 2)
    for name, values in _INTEGERS.items()
}
"""Level, edge, spot, wave and ripple kernels of 3 and 5 taps, of unit energy. Laws, Textured image segmentation,
University of Southern California (1980); normalised as in the IBSI 2 reference manual (arXiv:2006.05470)."""


def laws(
    array: FloatArray, *, kernels: str, boundary: Boundary = "mirror", pooling: Pooling | None = None
) -> FloatArray:
    """Response to a Laws kernel (IBSI JTXT).

    Parameters
    ----------
    array : ndarray
        Image or volume.
    kernels : str
        As ``"L5E5"`` (two dimensions, slice by slice) or ``"E5L5S5"`` (three), in IBSI's order x, y, z: the first for
        the last axis of the array. Names in `KERNELS`.
    boundary : {"zero", "nearest", "periodic", "mirror"}
        Continuation beyond the border.
    pooling : {"max", "average"}, optional
        Pool the responses of all rotations by right angles; without, the one orientation only.

    Returns
    -------
    ndarray
        Same shape.

    Raises
    ------
    InputError
        When a kernel is unknown, their number is not 2 or 3, or the array has too few axes.
    """
    chain = _chain(kernels)
    return convolve(array, chain, boundary) if pooling is None else convolve_rotated(array, chain, boundary, pooling)


def laws_energy(
    response: FloatArray, *, delta: int, dimensions: Dimensions = 2, boundary: Boundary = "mirror"
) -> FloatArray:
    """Texture energy: mean absolute response within a window of side 2 delta + 1 (IBSI PQSD).

    Parameters
    ----------
    response : ndarray
        Response to a Laws kernel.
    delta : int
        Chebyshev distance to which the window reaches, in pixels.
    dimensions : {2, 3}
        Window in the last two axes, or in the last three.
    boundary : {"zero", "nearest", "periodic", "mirror"}
        Continuation beyond the border.

    Returns
    -------
    ndarray
        Same shape, not negative but for rounding.
    """
    return mean(np.abs(response), support=2 * delta + 1, dimensions=dimensions, boundary=boundary)


def _chain(kernels: str) -> list[Cascade]:
    names = re.findall(r"[A-Z]\d", kernels)
    if "".join(names) != kernels or not set(names) <= set(KERNELS) or len(names) not in {2, 3}:
        raise InputError(f"Laws kernels must be two or three of {', '.join(KERNELS)}, as L5E5", f"{kernels!r}")
    return [(KERNELS[name],) for name in names]
