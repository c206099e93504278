"""Mean filter (IBSI S60F)."""

from __future__ import annotations

from scipy import ndimage

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary, Dimensions, check_dimensions, scipy_mode

__all__ = ["mean"]


def mean(array: FloatArray, *, support: int, dimensions: Dimensions = 2, boundary: Boundary = "mirror") -> FloatArray:
    """Average over a square or cube around each sample (IBSI S60F).

    Parameters
    ----------
    array : ndarray
        Image or volume.
    support : int
        Side of the square or cube in pixels, odd.
    dimensions : {2, 3}
        Square in the last two axes, or cube in the last three.
    boundary : {"zero", "nearest", "periodic", "mirror"}
        Continuation beyond the border.

    Returns
    -------
    ndarray
        Same shape, same unit.

    Raises
    ------
    InputError
        When the support is even or not positive, or the array has too few axes.
    """
    check_dimensions(array, dimensions)
    if support < 1 or support % 2 == 0:
        raise InputError("support of the mean filter must be odd and positive", f"support={support}")
    return ndimage.uniform_filter(
        array, support, axes=tuple(range(-dimensions, 0)), mode=scipy_mode(boundary), output="float64"
    )
