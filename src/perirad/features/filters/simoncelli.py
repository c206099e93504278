"""Non-separable wavelet (IBSI LODD) of Simoncelli (PRT7)."""

from __future__ import annotations

import math

import numpy as np
from scipy import fft

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Dimensions, check_dimensions
from perirad.features.filters.fourier import frequencies

__all__ = ["simoncelli", "simoncelli_transfer"]


def simoncelli(array: FloatArray, *, level: int = 1, dimensions: Dimensions = 2) -> FloatArray:
    """Band-pass response (B map) of the Simoncelli wavelet (IBSI PRT7).

    Parameters
    ----------
    array : ndarray
        Image or volume. It continues periodically, as the Fourier transform has it.
    level : int
        Decomposition level, from 1; every level halves the frequency.
    dimensions : {2, 3}
        The last two axes, slice by slice, or the last three.

    Returns
    -------
    ndarray
        Same shape, same unit.

    Raises
    ------
    InputError
        When the level is below 1, or the array has too few axes.

    References
    ----------
    Simoncelli and Freeman, Proc. ICIP 1995, doi:10.1109/ICIP.1995.537667; Portilla and Simoncelli, Int. J. Comput.
    Vis. 2000, doi:10.1023/A:1026553619983; IBSI 2 reference manual arXiv:2006.05470.
    """
    check_dimensions(array, dimensions)
    if level < 1:
        raise InputError("wavelet level must be at least 1", f"level={level}")
    shape = array.shape[-dimensions:]
    axes = tuple(range(-dimensions, 0))
    transfer = _even(simoncelli_transfer(shape, level=level))[..., : shape[-1] // 2 + 1]
    return fft.irfftn(fft.rfftn(array, axes=axes) * transfer, s=shape, axes=axes)


def simoncelli_transfer(shape: tuple[int, ...], *, level: int) -> FloatArray:
    r"""Transfer function on the grid of the discrete Fourier transform.

    .. math:: g(r) = \cos\big(\tfrac{\pi}{2} \log_2 2r\big) \text{ for } \tfrac14 \le r \le 1, \text{ else } 0,

    with r the distance from the origin (1 is Nyquist's frequency), times 2 for each further level.
    """
    r = np.sqrt(sum(grid * grid for grid in frequencies(shape))) * 2.0 ** (level - 1)
    band = (r >= 0.25) & (r <= 1.0)
    return np.where(band, np.cos(0.5 * math.pi * np.log2(2.0 * np.where(band, r, 0.5))), 0.0)


def _even(transfer: FloatArray) -> FloatArray:
    """Part that is the same at opposite frequencies: of a real image it gives the real part of the response."""
    axes = tuple(range(transfer.ndim))
    return 0.5 * (transfer + np.roll(np.flip(transfer, axes), 1, axes))
