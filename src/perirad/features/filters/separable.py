"""Separable convolution, and its rotation by right angles with pooling (IBSI 2 pseudo-rotational invariance)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Literal

import numpy as np
from scipy import ndimage

from perirad.arrays import FloatArray
from perirad.features.filters.boundary import Boundary, check_dimensions, scipy_mode

__all__ = ["Cascade", "Pooling", "Taps", "convolve", "convolve_rotated"]

Pooling = Literal["max", "average"]
"""How the responses of a filter in several orientations become one: the largest, or their mean."""


@dataclass(frozen=True)
class Taps:
    """A one-dimensional convolution kernel.

    Parameters
    ----------
    values : tuple of float
        Kernel, first tap first.
    centre : int
        Tap that falls on the sample itself.
    """

    values: tuple[float, ...]
    centre: int

    def flipped(self) -> Taps:
        """Return the kernel seen from the other side."""
        return Taps(self.values[::-1], len(self.values) - 1 - self.centre)

    def negated(self) -> Taps:
        """Return the kernel with its sign changed."""
        return Taps(tuple(-value for value in self.values), self.centre)


Cascade = tuple[Taps, ...]
"""Kernels applied one after the other along the same axis."""


def convolve(array: FloatArray, kernels: Sequence[Cascade], boundary: Boundary) -> FloatArray:
    """Convolve an array along its last axes, one cascade of kernels for each.

    Parameters
    ----------
    array : ndarray
        Image or volume, at least as many axes as kernels.
    kernels : sequence of Cascade
        In IBSI's order x, y(, z): the first for the last axis of the array.
    boundary : {"zero", "nearest", "periodic", "mirror"}
        Continuation beyond the border, for every kernel of a cascade anew.

    Returns
    -------
    ndarray
        Same shape.
    """
    check_dimensions(array, len(kernels))
    for number, cascade in enumerate(kernels):
        array = _along(array, cascade, -1 - number, boundary)
    return array


def convolve_rotated(array: FloatArray, kernels: Sequence[Cascade], boundary: Boundary, pooling: Pooling) -> FloatArray:
    """Convolve with a filter in all its orientations by right angles: 4 in two dimensions, 24 in three.

    Parameters
    ----------
    array, kernels, boundary
        As for `convolve`.
    pooling : {"max", "average"}
        The largest response (with its sign), or their mean.

    Returns
    -------
    ndarray
        Same shape.

    Notes
    -----
    Orientations whose kernels are the same, or the same but for their sign, are computed once, and those that begin
    alike share the beginning.
    """
    check_dimensions(array, len(kernels))
    orientations = Counter(_signed(turned) for turned in _rotations(kernels))
    n_orientations = orientations.total()
    balance: Counter[tuple[Cascade, ...]] = Counter()
    for (turned, sign), times in orientations.items():
        balance[turned] += sign * times
    if pooling == "average":
        mean = np.zeros(array.shape)
        wanted = [turned for turned, times in balance.items() if times]
        for turned, response in _responses(array, wanted, -1, boundary):
            mean += response * (balance[turned] / n_orientations)
        return mean
    largest = np.full(array.shape, -np.inf)
    for turned, response in _responses(array, list(balance), -1, boundary):
        for sign in (1, -1):
            if (turned, sign) in orientations:
                np.maximum(largest, sign * response, out=largest)
    return largest


def _along(array: FloatArray, cascade: Cascade, axis: int, boundary: Boundary) -> FloatArray:
    for taps in cascade:
        # scipy centres a kernel of n taps on tap n // 2.
        origin = taps.centre - len(taps.values) // 2
        array = ndimage.convolve1d(
            array, taps.values, axis=axis, output="float64", mode=scipy_mode(boundary), origin=origin
        )
    return array


def _rotations(kernels: Sequence[Cascade]) -> Iterator[tuple[Cascade, ...]]:
    """All rotations by right angles: permutations of the axes with flips, of determinant one."""
    n = len(kernels)
    for order in permutations(range(n)):
        n_swaps = sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
        for flips in product((False, True), repeat=n):
            if (n_swaps + sum(flips)) % 2 == 0:
                yield tuple(
                    tuple(taps.flipped() for taps in kernels[i]) if flip else kernels[i]
                    for i, flip in zip(order, flips, strict=True)
                )


def _signed(kernels: tuple[Cascade, ...]) -> tuple[tuple[Cascade, ...], int]:
    """Return the kernels in the one form that stands for both signs, and the sign."""
    sign = 1
    standing: list[Cascade] = []
    for cascade in kernels:
        chain: list[Taps] = []
        for taps in cascade:
            if taps.values < taps.negated().values:
                sign = -sign
                chain.append(taps.negated())
            else:
                chain.append(taps)
        standing.append(tuple(chain))
    return tuple(standing), sign


def _responses(
    array: FloatArray, filters: Sequence[tuple[Cascade, ...]], axis: int, boundary: Boundary
) -> Iterator[tuple[tuple[Cascade, ...], FloatArray]]:
    """Responses of several filters; those that share the kernels of the first axes share the work."""
    for first in dict.fromkeys(kernels[0] for kernels in filters):
        partial = _along(array, first, axis, boundary)
        rest = [kernels[1:] for kernels in filters if kernels[0] == first]
        if rest == [()]:
            yield (first,), partial
            continue
        for kernels, response in _responses(partial, rest, axis - 1, boundary):
            yield (first, *kernels), response
