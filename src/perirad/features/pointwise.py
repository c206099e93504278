"""PyRadiomics' pointwise filters, gradient and local binary patterns of a picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from perirad._kernels import binary_patterns, gradient_lengths
from perirad.arrays import FloatArray
from perirad.image.image import Box

__all__ = ["POINTWISE", "gradient", "local_binary_patterns"]


def square(pixels: FloatArray, largest: float) -> FloatArray:
    """Square, scaled so that the largest absolute value of the whole picture stays what it is."""
    return np.asarray(((1.0 / np.sqrt(largest)) * pixels) ** 2, dtype=np.float64)


def squareroot(pixels: FloatArray, largest: float) -> FloatArray:
    """Square root of the absolute value, with its sign, scaled so that the largest stays what it is."""
    return np.asarray(np.copysign(np.sqrt(np.abs(pixels) * largest), pixels), dtype=np.float64)


def logarithm(pixels: FloatArray, largest: float) -> FloatArray:
    """Natural logarithm of 1 + the absolute value, with its sign, scaled so that the largest stays what it is."""
    return np.asarray(
        np.copysign(np.log(np.abs(pixels) + 1.0), pixels) * (largest / np.log(largest + 1.0)), dtype=np.float64
    )


def exponential(pixels: FloatArray, largest: float) -> FloatArray:
    """Exponential of c x, with c = log(m) / m for the largest absolute value m, so that m stays what it is."""
    return np.asarray(np.exp((np.log(largest) / largest) * pixels), dtype=np.float64)


POINTWISE: dict[str, Callable[[FloatArray, float], FloatArray]] = {
    "square": square,
    "squareroot": squareroot,
    "logarithm": logarithm,
    "exponential": exponential,
}
"""Filter -> function of the pixels and of the largest absolute value of the whole picture, which must not be 0."""


def gradient(pixels: FloatArray, spacing_mm: tuple[float, float], box: Box | None = None) -> NDArray[np.float32]:
    """Length of the gradient, from central differences.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values; the picture continues with its border values.
    spacing_mm : tuple of float
        (row, column).
    box : Box, optional
        Part that is wanted; the whole picture by default.

    Returns
    -------
    ndarray of float32, shape (rows of the box, columns of the box)
        Grey values per millimetre, stored in single precision as ITK has it.
    """
    box = box or Box(0, 0, *pixels.shape)
    near = np.pad(_around(pixels, box), _beyond(pixels, box), mode="edge")
    down, across = (0.5 * (1.0 / mm) for mm in spacing_mm)
    out = np.empty((box.bottom - box.top, box.right - box.left), dtype=np.float32)
    gradient_lengths(near, down, across, out)
    return out


def local_binary_patterns(pixels: FloatArray, box: Box | None = None) -> FloatArray:
    """How many of eight points around a pixel, at a distance of one pixel, are at least as bright (uniform patterns).

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values; 0 around the picture.
    box : Box, optional
        Part that is wanted; the whole picture by default.

    Returns
    -------
    ndarray of shape (rows of the box, columns of the box)
        0 to 8 where the bright points lie side by side, else 9 (scikit-image's ``uniform``, the default of PyRadiomics
        3.1.0).
    """
    box = box or Box(0, 0, *pixels.shape)
    near = np.pad(_around(pixels, box), _beyond(pixels, box))
    out = np.empty((box.bottom - box.top, box.right - box.left))
    binary_patterns(near, box.top, box.left, np.empty((2, box.right)), out)
    return out


def _around(pixels: FloatArray, box: Box) -> FloatArray:
    """The box and one pixel around it, as far as the picture goes."""
    return pixels[max(box.top - 1, 0) : box.bottom + 1, max(box.left - 1, 0) : box.right + 1]


def _beyond(pixels: FloatArray, box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many rows (before, after) and columns of `_around` lie outside the picture."""
    rows, columns = pixels.shape
    return (int(box.top == 0), int(box.bottom == rows)), (int(box.left == 0), int(box.right == columns))
