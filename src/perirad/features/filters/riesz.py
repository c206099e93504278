"""Riesz transform (IBSI AYRS)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import fft

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import check_dimensions
from perirad.features.filters.fourier import frequencies

__all__ = ["riesz"]


def riesz(array: FloatArray, *, order: Sequence[int]) -> FloatArray:
    r"""Riesz transform of an image or of a filter's response (IBSI AYRS).

    .. math:: \hat f(\nu) \mapsto (-i)^L \sqrt{\frac{L!}{l_1! \, l_2! \, l_3!}} \,
              \frac{\nu_1^{l_1} \nu_2^{l_2} \nu_3^{l_3}}{|\nu|^L} \hat f(\nu), \quad L = l_1 + l_2 + l_3

    Parameters
    ----------
    array : ndarray
        Image, volume or response map. It continues periodically, as the Fourier transform has it; for another boundary
        extend the image (by half its sides at least) before it is filtered, and cut the result.
    order : sequence of int
        Two orders (slice by slice) or three, in IBSI's order x, y, z: the first for the last axis of the array.

    Returns
    -------
    ndarray
        Same shape, same unit. The mean, which has no direction, is lost.

    Raises
    ------
    InputError
        When there are not two or three orders, one is negative, all are 0, or the array has too few axes.

    Notes
    -----
    Steered (aligned) Riesz transforms are not offered: IBSI found no consensus for them.

    References
    ----------
    Unser and Van De Ville, IEEE Trans. Image Process. 2010, doi:10.1109/TIP.2009.2038832; IBSI 2 reference manual
    arXiv:2006.05470.
    """
    if len(order) not in {2, 3} or min(order) < 0 or sum(order) == 0:
        raise InputError("Riesz order must be two or three whole numbers, not all 0", f"{tuple(order)}")
    check_dimensions(array, len(order))
    axes = tuple(range(-len(order), 0))
    grids = frequencies(array.shape[-len(order) :])
    total = sum(order)
    length = np.sqrt(sum(grid * grid for grid in grids))
    factor = (-1.0j) ** total * math.sqrt(math.factorial(total) / math.prod(math.factorial(n) for n in order))
    spectrum = fft.fftn(array, axes=axes) * (factor / np.where(length == 0.0, np.inf, length) ** total)
    for grid, n in zip(reversed(grids), order, strict=True):
        spectrum *= grid**n
    return np.ascontiguousarray(fft.ifftn(spectrum, axes=axes).real)
