"""Filters in their plainest form, for small arrays: explicit borders, dense kernels, images turned, not filters."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray

PLACES: dict[str, Callable[[int, int], int | None]] = {
    "zero": lambda i, n: i if 0 <= i < n else None,
    "nearest": lambda i, n: min(max(i, 0), n - 1),
    "periodic": lambda i, n: i % n,
    "mirror": lambda i, n: i % (2 * n) if i % (2 * n) < n else 2 * n - 1 - i % (2 * n),
}


def convolved(array: FloatArray, kernel: NDArray[Any], centre: tuple[int, ...], boundary: str) -> NDArray[Any]:
    """Convolution by its definition; kernel axes are array axes."""
    out = np.zeros(array.shape, dtype=np.result_type(array, kernel))
    for at in np.ndindex(array.shape):
        for tap in np.ndindex(kernel.shape):
            there = [PLACES[boundary](i - k + c, n) for i, k, c, n in zip(at, tap, centre, array.shape, strict=True)]
            if None not in there:
                out[at] += kernel[tap] * array[tuple(i for i in there if i is not None)]
    return out


def turns(array: FloatArray) -> Iterator[tuple[FloatArray, Callable[[FloatArray], FloatArray]]]:
    """All rotations of an array by right angles, each with the way back."""
    if array.ndim == 2:
        for quarter in range(4):
            yield np.rot90(array, quarter), lambda a, q=quarter: np.rot90(a, -q)  # type: ignore[misc]
        return
    faces = [(0, (0, 1)), (1, (0, 1)), (2, (0, 1)), (3, (0, 1)), (1, (0, 2)), (3, (0, 2))]
    for tilt, plane in faces:
        for quarter in range(4):
            yield (
                np.rot90(np.rot90(array, tilt, plane), quarter, (1, 2)),
                lambda a, q=quarter, t=tilt, p=plane: np.rot90(np.rot90(a, -q, (1, 2)), -t, p),  # type: ignore[misc]
            )


def gauss_laplace_kernel(sigma: float, reach: int, n_axes: int) -> FloatArray:
    """Laplacian of a Gaussian, sampled."""
    kernel = np.zeros((2 * reach + 1,) * n_axes)
    for tap in np.ndindex(kernel.shape):
        square = sum((k - reach) ** 2 for k in tap) / sigma**2
        height = (1.0 / (math.sqrt(2.0 * math.pi) * sigma)) ** n_axes
        kernel[tap] = -height / sigma**2 * (n_axes - square) * math.exp(-0.5 * square)
    return kernel


def gabor_kernel(sigma: float, wave: float, gamma: float, theta: float, reach: int) -> NDArray[np.complex128]:
    """Gabor kernel, sampled; rows are y, columns x."""
    kernel = np.zeros((2 * reach + 1,) * 2, dtype=np.complex128)
    for row, column in np.ndindex(kernel.shape):
        x, y = column - reach, row - reach
        u = x * math.cos(theta) + y * math.sin(theta)
        v = -x * math.sin(theta) + y * math.cos(theta)
        envelope = math.exp(-(u**2 + gamma**2 * v**2) / (2.0 * sigma**2))
        kernel[row, column] = envelope * complex(math.cos(2.0 * math.pi * u / wave), math.sin(2.0 * math.pi * u / wave))
    return kernel
