"""Undecimated wavelet bands of a picture (IBSI 2 filter class wavelet; separable, one level, coiflet 1)."""

from __future__ import annotations

import numpy as np

from perirad._kernels import wavelet_bands
from perirad.arrays import FloatArray, IntArray
from perirad.image.image import Box

__all__ = ["BANDS", "COIF1_HIGH", "COIF1_LOW", "bands"]

BANDS = ("LL", "LH", "HL", "HH")
"""First letter: filter across (along a row); second letter: filter down (along a column). L low, H high pass."""

COIF1_LOW = np.array([
    -0.015655728135791993, -0.07273261951252645, 0.3848648468648578,
    0.8525720202116004, 0.3378976624574818, -0.07273261951252645,
])  # fmt: skip
"""Coiflet with two vanishing moments, (√7 - 3, 1 - √7, 14 - 2√7, 14 + 2√7, 5 + √7, 1 - √7) / (16 √2): Daubechies, Ten
Lectures on Wavelets (1992), doi:10.1137/1.9781611970104, chapter 8. The digits are those of PyWavelets' table, two of
them one unit in the last place off the formula: in flat tissue a band is zero but for rounding, zero is the edge of a
bin, and other digits would send thousands of pixels to the other side of it than PyRadiomics does."""
COIF1_HIGH = COIF1_LOW[::-1] * np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0])


def bands(pixels: FloatArray, box: Box | None = None, out: FloatArray | None = None) -> FloatArray:
    """Filter the whole picture, and return the bands within a box.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values. A side of odd length is made even by repeating its first row or column at its end, and the
        picture continues periodically, as PyRadiomics has it.
    box : Box, optional
        Part that is wanted; the whole picture by default. What lies around it is filtered all the same.
    out : ndarray of shape (4, rows of the box, columns of the box), optional
        Where to write; by default a new array.

    Returns
    -------
    ndarray of shape (4, rows of the box, columns of the box)
        In the order of `BANDS`; no decimation, the filters' norm is 1 (L doubles the mean in LL).
    """
    box = box or Box(0, 0, *pixels.shape)
    rows = _taps_of(box.top, box.bottom, pixels.shape[0])
    columns = _taps_of(box.left, box.right, pixels.shape[1])
    if out is None:
        out = np.empty((4, box.bottom - box.top, box.right - box.left))
    wavelet_bands(np.ascontiguousarray(pixels), rows, columns, COIF1_LOW, COIF1_HIGH, out)
    return out


def _taps_of(start: int, stop: int, size: int) -> IntArray:
    """Row (or column) numbers that rows `start` to `stop` need: tap k of row r is row r + 3 - k."""
    index = np.arange(start - 2, stop + 3) % (size + size % 2)
    return np.where(index == size, 0, index)
