"""Separable wavelets without decimation, "à trous" (IBSI 25BO)."""

from __future__ import annotations

import math
import re

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary
from perirad.features.filters.separable import Cascade, Pooling, Taps, convolve, convolve_rotated
from perirad.features.wavelet import COIF1_LOW

__all__ = ["separable_wavelet", "wavelet_filters"]


def separable_wavelet(
    array: FloatArray,
    *,
    wavelet: str,
    subband: str,
    level: int = 1,
    boundary: Boundary = "mirror",
    pooling: Pooling | None = None,
) -> FloatArray:
    """Response to one subband of an undecimated separable wavelet (IBSI 25BO).

    Parameters
    ----------
    array : ndarray
        Image or volume.
    wavelet : str
        ``"haar"``, ``"db1"`` to ``"db10"`` or ``"coif1"``.
    subband : str
        As ``"LH"`` (two dimensions, slice by slice) or ``"LLH"`` (three), in IBSI's order x, y, z: the first letter
        for the last axis of the array. L low, H high pass.
    level : int
        Decomposition level, from 1. The levels below filter with L along all axes.
    boundary : {"zero", "nearest", "periodic", "mirror"}
        Continuation beyond the border, at every level anew.
    pooling : {"max", "average"}, optional
        Pool the responses of all rotations by right angles; without, the one orientation only.

    Returns
    -------
    ndarray
        Same shape. The filters' energy is 1: each L multiplies the mean by √2.

    Raises
    ------
    InputError
        When the wavelet, the subband or the level is none of these, or the array has too few axes.

    References
    ----------
    Whybra et al., Radiology 2024, doi:10.1148/radiol.231319; reference manual arXiv:2006.05470.
    """
    if not re.fullmatch("[LH]{2,3}", subband):
        raise InputError("subband must be two or three of L and H", f"{subband!r}")
    if level < 1:
        raise InputError("wavelet level must be at least 1", f"level={level}")
    low, high = wavelet_filters(wavelet)
    lower = tuple(_dilated(low, number) for number in range(1, level))
    kernels: list[Cascade] = [(*lower, _dilated(low if letter == "L" else high, level)) for letter in subband]
    if pooling is None:
        return convolve(array, kernels, boundary)
    return convolve_rotated(array, kernels, boundary, pooling)


def wavelet_filters(wavelet: str) -> tuple[FloatArray, FloatArray]:
    """Low- and high-pass decomposition filters of an orthogonal wavelet, in the order of their taps.

    Parameters
    ----------
    wavelet : str
        ``"haar"``, ``"db1"`` to ``"db10"`` or ``"coif1"``; the number of a Daubechies wavelet is that of its
        vanishing moments.

    Returns
    -------
    tuple of ndarray
        Low and high pass, both of unit energy; the high pass is the mirrored low pass with alternating sign.

    Raises
    ------
    InputError
        For any other name.
    """
    name = re.fullmatch(r"haar|coif1|db([1-9]|10)", wavelet)
    if name is None:
        raise InputError("wavelet must be haar, db1 to db10 or coif1", f"{wavelet!r}")
    low = COIF1_LOW if wavelet == "coif1" else _daubechies(int(name[1] or 1))
    return low, low[::-1] * np.resize([-1.0, 1.0], low.size)


def _daubechies(n_moments: int) -> FloatArray:
    """Low-pass filter by spectral factorisation with the roots within the unit circle, mirrored for decomposition.

    Daubechies, Ten Lectures on Wavelets (1992), doi:10.1137/1.9781611970104, section 6.1.
    """
    # P(y) = sum over k of C(n - 1 + k, k) y^k with y = (2 - z - 1/z) / 4; each root y gives two z, one of them inside.
    half = [math.comb(n_moments - 1 + k, k) for k in range(n_moments - 1, -1, -1)]
    b = 1.0 - 2.0 * np.roots(half).astype(np.complex128)
    outer = np.where(np.abs(b + np.sqrt(b * b - 1.0)) > 1.0, b + np.sqrt(b * b - 1.0), b - np.sqrt(b * b - 1.0))
    taps = np.real(np.poly(np.concatenate([1.0 / outer, np.full(n_moments, -1.0)])))
    return np.ascontiguousarray((taps * math.sqrt(2.0) / taps.sum())[::-1])


def _dilated(values: FloatArray, level: int) -> Taps:
    """Kernel of a level: every tap of the level below followed by a zero."""
    step = 2 ** (level - 1)
    spread = np.zeros(values.size * step)
    spread[::step] = values
    return Taps(tuple(spread.tolist()), spread.size // 2)
