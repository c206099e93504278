"""Two-dimensional Gabor filter, modulus of the response (IBSI Q88H)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import fft

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary, check_dimensions, extended
from perirad.features.filters.separable import Pooling

__all__ = ["gabor", "gabor_of_planes", "gabor_reach"]

_REACH = 6.0
"""Half the width of the kernel, in standard deviations of its longer axis: beyond, it is below 2e-8 of its middle."""


def gabor(
    array: FloatArray,
    *,
    sigma_mm: float,
    lambda_mm: float,
    gamma: float,
    pixel_mm: float,
    theta: Sequence[float],
    boundary: Boundary = "mirror",
    pooling: Pooling = "average",
) -> FloatArray:
    r"""Modulus of the response to Gabor kernels in the plane of the last two axes (IBSI Q88H).

    .. math:: g(x, y) = e^{-(u^2 + \gamma^2 v^2) / 2\sigma^2 + 2\pi i u / \lambda}, \quad
              u = x\cos\theta + y\sin\theta, \; v = -x\sin\theta + y\cos\theta

    with x along the last axis of the array and y along the one before.

    Parameters
    ----------
    array : ndarray
        Image, or volume that is filtered slice by slice.
    sigma_mm, lambda_mm : float
        Width of the envelope across the waves, and wave length.
    gamma : float
        Width of the envelope across the waves, divided by that along them.
    pixel_mm : float
        Side of a pixel in the plane.
    theta : sequence of float
        Orientations in radians. For IBSI's invariance against rotation all multiples of a step, up to a full turn.
    boundary : {"zero", "nearest", "periodic", "mirror"}
        Continuation beyond the border.
    pooling : {"average", "max"}
        What becomes of the responses of several orientations.

    Returns
    -------
    ndarray
        Same shape, not negative. The kernel is not normalised: the unit depends on sigma and gamma.

    Raises
    ------
    InputError
        When a length or gamma is not positive, no orientation is given, or the array has fewer than two axes.

    Notes
    -----
    Opposite orientations have the same modulus and are computed once. Convolution is by Fourier transform of the
    extended image, slice by slice.
    """
    check_dimensions(array, 2)
    if not min(sigma_mm, lambda_mm, gamma, pixel_mm) > 0.0:
        raise InputError(
            "Gabor sigma, lambda, gamma and pixel side must be positive",
            f"{sigma_mm} mm, {lambda_mm} mm, {gamma}, {pixel_mm} mm",
        )
    if not len(theta):
        raise InputError("a Gabor filter needs an orientation", "none")
    sigma, wave = sigma_mm / pixel_mm, lambda_mm / pixel_mm
    reach = gabor_reach(sigma, gamma)
    padded = extended(array, reach, 2, boundary)
    size = tuple(fft.next_fast_len(side) for side in padded.shape[-2:])
    folded = [round(angle % math.pi, 12) % round(math.pi, 12) for angle in theta]
    shares = {angle: count / len(folded) for angle, count in Counter(folded).items()}
    transfers = [_transfer(sigma, wave, gamma, angle, reach, size) for angle in shares]
    own = (slice(reach, reach + array.shape[-2]), slice(reach, reach + array.shape[-1]))
    pooled = np.zeros(array.shape)
    for place in np.ndindex(array.shape[:-2]):
        spectrum = fft.fft2(padded[place], size)
        for transfer, share in zip(transfers, shares.values(), strict=True):
            modulus = np.abs(fft.ifft2(spectrum * transfer, overwrite_x=True)[own])
            if pooling == "max":
                np.maximum(pooled[place], modulus, out=pooled[place])
            else:
                pooled[place] += share * modulus
    return pooled


def gabor_reach(sigma: float, gamma: float) -> int:
    """Half the width of the kernel, for an envelope of `sigma` pixels across the waves."""
    return math.ceil(_REACH * sigma * max(1.0, 1.0 / gamma))


def gabor_of_planes(
    volume: FloatArray,
    *,
    sigma_mm: float,
    lambda_mm: float,
    gamma: float,
    pixel_mm: float,
    theta: Sequence[float],
    boundary: Boundary = "mirror",
    pooling: Pooling = "average",
) -> FloatArray:
    """Mean of `gabor` over the three orthogonal planes of a volume of cubic voxels.

    Parameters are those of `gabor`; x and y of a plane are its two axes, the later axis of the array first.

    Returns
    -------
    ndarray
        Same shape as the volume, not negative.
    """
    check_dimensions(volume, 3)
    total = np.zeros(volume.shape)
    for axis in range(3):
        response = gabor(
            np.moveaxis(volume, axis, 0),
            sigma_mm=sigma_mm,
            lambda_mm=lambda_mm,
            gamma=gamma,
            pixel_mm=pixel_mm,
            theta=theta,
            boundary=boundary,
            pooling=pooling,
        )
        total += np.moveaxis(response, 0, axis)
    return total / 3.0


def _transfer(sigma: float, wave: float, gamma: float, theta: float, reach: int, size: tuple[int, ...]) -> FloatArray:
    """Fourier transform of the kernel around the origin; real, for opposite samples are conjugate."""
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    u = x * math.cos(theta) + y * math.sin(theta)
    v = -x * math.sin(theta) + y * math.cos(theta)
    kernel = np.zeros(size, dtype=np.complex128)
    kernel[: 2 * reach + 1, : 2 * reach + 1] = np.exp(
        -(u * u + gamma * gamma * v * v) / (2.0 * sigma * sigma) + 2.0j * math.pi * u / wave
    )
    return np.ascontiguousarray(fft.fft2(np.roll(kernel, (-reach, -reach), (0, 1))).real)
