"""How an image continues beyond its border (IBSI 2 boundary conditions)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError

__all__ = ["Boundary", "Dimensions", "check_dimensions", "extended", "scipy_mode"]

Boundary = Literal["zero", "nearest", "periodic", "mirror"]
"""Constant zero, the outermost value, the image over again, or its reflection with the outermost value repeated."""

Dimensions = Literal[2, 3]
"""A filter acts on the last two axes of an array (slice by slice where it has three), or on the last three."""

_ScipyMode = Literal["constant", "nearest", "wrap", "reflect"]
_SCIPY_MODES: dict[Boundary, _ScipyMode] = {
    "zero": "constant",
    "nearest": "nearest",
    "periodic": "wrap",
    "mirror": "reflect",
}
_NUMPY_MODES: dict[Boundary, Literal["constant", "edge", "wrap", "symmetric"]] = {
    "zero": "constant",
    "nearest": "edge",
    "periodic": "wrap",
    "mirror": "symmetric",
}


def scipy_mode(boundary: Boundary) -> _ScipyMode:
    """Return the name of a boundary condition in `scipy.ndimage`.

    Raises
    ------
    InputError
        A word that is none of the four.
    """
    if boundary not in _SCIPY_MODES:
        raise InputError(f"boundary must be one of {', '.join(_SCIPY_MODES)}", f"{boundary!r}")
    return _SCIPY_MODES[boundary]


def extended(array: FloatArray, width: int, n_axes: int, boundary: Boundary) -> FloatArray:
    """Return an array with `width` more samples at both ends of its last `n_axes` axes."""
    scipy_mode(boundary)
    widths = [(0, 0)] * (array.ndim - n_axes) + [(width, width)] * n_axes
    return np.pad(array, widths, mode=_NUMPY_MODES[boundary])


def check_dimensions(array: FloatArray, dimensions: int) -> None:
    """Raise InputError when an array has fewer axes than a filter needs."""
    if array.ndim < dimensions:
        raise InputError(f"a filter of {dimensions} dimensions needs an array of as many axes", f"shape {array.shape}")
