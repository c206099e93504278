"""Laplacian of Gaussian of a picture, by recursion (IBSI 2 filter class LoG, in the form ITK gives it)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from perirad._kernels import LANES, filter_laplacians
from perirad.arrays import FloatArray
from perirad.image.image import Box

__all__ = ["coefficients", "laplacian_of_gaussian", "laplacians_of_gaussian", "log_is_defined"]

# The half Gaussian and its second derivative, over x in units of sigma, as two damped oscillations:
# sum of (a cos w x + b sin w x) exp(l x). Farnebäck & Westin 2006, doi:10.1007/s10851-006-8464-z, as ITK rounds them.
_WAVES = (0.6681, 2.0787)
_DAMPING = (-1.3932, -1.3732)
_GAUSSIAN = ((1.3530, 1.8151), (-0.3531, 0.0902))
_SECOND_DERIVATIVE = ((-1.3563, 5.2318), (0.3446, -2.2355))


def log_is_defined(shape: tuple[int, int], spacing_mm: tuple[float, float], sigma_mm: float) -> bool:
    """Tell whether a picture is large enough: four pixels a side, and sigma plus one pixel (PyRadiomics)."""
    return all(side >= 4 and side >= math.ceil(sigma_mm / mm) + 1 for side, mm in zip(shape, spacing_mm, strict=True))


def laplacian_of_gaussian(
    pixels: FloatArray, spacing_mm: tuple[float, float], sigma_mm: float, box: Box | None = None
) -> NDArray[np.float32]:
    """Filter the whole picture, and return the part within a box.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values, four rows and columns or more. The picture continues with its border values.
    spacing_mm : tuple of float
        (row, column).
    sigma_mm : float
        Standard deviation of the Gaussian.
    box : Box, optional
        Part that is wanted; the whole picture by default. What lies around it is filtered all the same.

    Returns
    -------
    ndarray of float32, shape (rows of the box, columns of the box)
        Second derivatives along both axes, times sigma² (grey values). Negative on bright spots. As in ITK, the
        arithmetic is double and every filtered picture is stored in single precision.
    """
    return laplacians_of_gaussian(pixels, spacing_mm, [sigma_mm], box).squeeze(axis=0)


def laplacians_of_gaussian(
    pixels: FloatArray,
    spacing_mm: tuple[float, float],
    sigmas_mm: Sequence[float],
    box: Box | None = None,
    lanes: int = LANES[-1],
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Filter the whole picture with several sigmas, which takes less time than one after the other.

    Parameters
    ----------
    pixels, spacing_mm, box
        As for `laplacian_of_gaussian`.
    sigmas_mm : sequence of float
    lanes : int
        Doubles in a vector of the processor, one of `perirad._kernels.LANES`. The result is the same for each.
    out : ndarray of float32, shape (n_sigmas, rows of the box, columns of the box), optional
        Where to write; by default a new array.

    Returns
    -------
    ndarray of float32, shape (n_sigmas, rows of the box, columns of the box)
    """
    box = box or Box(0, 0, *pixels.shape)
    recursions = np.array([[coefficients(sigma_mm, mm) for mm in spacing_mm] for sigma_mm in sigmas_mm])
    factors = np.array([1.0 / (mm * mm) for mm in spacing_mm])
    if out is None:
        out = np.empty((len(sigmas_mm), box.bottom - box.top, box.right - box.left), dtype=np.float32)
    filter_laplacians(lanes, pixels, recursions.reshape(-1, 2, 2, 20), factors, box.top, box.left, out)
    return out


def coefficients(sigma_mm: float, spacing_mm: float) -> tuple[FloatArray, FloatArray]:
    """Coefficients of the recursions that smooth, and that give the second derivative times sigma².

    Returns
    -------
    smooth, curve : ndarray of shape (20,)
        n0..n3 (forward weights), d1..d4 (feedback), m1..m4 (backward weights), bn1..bn4 and bm1..bm4 (feedback of the
        border value, repeated without end). The smoothing keeps a flat picture; the second derivative of a flat
        picture is 0, and that of a parabola exact, per square pixel.
    """
    sigma = sigma_mm / spacing_mm
    feedback = _feedback(sigma)
    d = _moments([1.0, *feedback])
    smooth = _weights(sigma, _GAUSSIAN)
    sum_smooth = _moments(smooth)[0]
    curve = _weights(sigma, _SECOND_DERIVATIVE)
    # As much of the Gaussian is added as makes the answer to a flat picture vanish.
    share = -(2.0 * _moments(curve)[0] - d[0] * curve[0]) / (2.0 * sum_smooth - d[0] * smooth[0])
    n = [a + share * b for a, b in zip(_moments(curve), _moments(smooth), strict=True)]
    curve = [a + share * b for a, b in zip(curve, smooth, strict=True)]
    second_moment = n[2] * d[0] * d[0] - d[2] * n[0] * d[0] - 2.0 * n[1] * d[1] * d[0] + 2.0 * d[1] * d[1] * n[0]
    second_moment /= d[0] * d[0] * d[0]
    gain = 1.0 / (2.0 * sum_smooth / d[0] - smooth[0])
    return (
        _complete([weight * gain for weight in smooth], feedback),
        _complete([weight * (sigma_mm * sigma_mm / second_moment) for weight in curve], feedback),
    )


def _moments(values: list[float]) -> tuple[float, float, float]:
    """Sums of the values, of the values times their place (from 0), and times its square."""
    if len(values) == 5:
        one, a, b, c, d = values
        return one + a + b + c + d, a + 2.0 * b + 3.0 * c + 4.0 * d, a + 4.0 * b + 9.0 * c + 16.0 * d
    one, a, b, c = values
    return one + a + b + c, a + 2.0 * b + 3.0 * c, a + 4.0 * b + 9.0 * c


def _oscillations(sigma: float) -> tuple[float, float, float, float, float, float]:
    (w1, w2), (l1, l2) = _WAVES, _DAMPING
    return (
        math.cos(w1 / sigma), math.cos(w2 / sigma), math.sin(w1 / sigma), math.sin(w2 / sigma),
        math.exp(l1 / sigma), math.exp(l2 / sigma),
    )  # fmt: skip


def _feedback(sigma: float) -> list[float]:
    """Product of the two oscillations' denominators, 1 - 2 e cos w z + e² z² each."""
    c1, c2, _, _, e1, e2 = _oscillations(sigma)
    return [
        -2.0 * (e2 * c2 + e1 * c1),
        4.0 * c2 * c1 * e1 * e2 + (e1 * e1 + e2 * e2),
        -2.0 * c1 * e1 * e2 * e2 + -2.0 * c2 * e2 * e1 * e1,
        e1 * e1 * e2 * e2,
    ]


def _weights(sigma: float, kernel: tuple[tuple[float, float], tuple[float, float]]) -> list[float]:
    """Numerator of the sum of two oscillations over their common denominator."""
    (a1, b1), (a2, b2) = kernel
    c1, c2, s1, s2, e1, e2 = _oscillations(sigma)
    return [
        a1 + a2,
        e2 * (b2 * s2 - (a2 + 2.0 * a1) * c2) + e1 * (b1 * s1 - (a1 + 2.0 * a2) * c1),
        ((a1 + a2) * c2 * c1 - (b1 * c2 * s1 + b2 * c1 * s2)) * (2.0 * e1 * e2) + (a2 * e1 * e1 + a1 * e2 * e2),
        e2 * e1 * e1 * (b2 * s2 - a2 * c2) + e1 * e2 * e2 * (b1 * s1 - a1 * c1),
    ]


def _complete(forward: list[float], feedback: list[float]) -> FloatArray:
    backward = [b - d * forward[0] for b, d in zip(forward[1:], feedback, strict=False)] + [-feedback[3] * forward[0]]
    total = 1.0 + feedback[0] + feedback[1] + feedback[2] + feedback[3]
    sum_forward = forward[0] + forward[1] + forward[2] + forward[3]
    sum_backward = backward[0] + backward[1] + backward[2] + backward[3]
    return np.array([
        *forward, *feedback, *backward,
        *(d * sum_forward / total for d in feedback), *(d * sum_backward / total for d in feedback),
    ])  # fmt: skip
