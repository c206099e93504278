"""Laplacian of Gaussian (IBSI L6PA)."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary, Dimensions, check_dimensions
from perirad.features.filters.separable import Taps, convolve

__all__ = ["laplacian_of_gaussian"]


def laplacian_of_gaussian(
    array: FloatArray,
    *,
    sigma_mm: float,
    pixel_mm: float,
    truncation: float = 4.0,
    dimensions: Dimensions = 2,
    boundary: Boundary = "mirror",
) -> FloatArray:
    r"""Laplacian of the image smoothed by a Gaussian: negative on bright blobs, positive on dark ones (IBSI L6PA).

    .. math:: g(k) = -\frac{1}{\sigma^2} \Big(\frac{1}{\sqrt{2\pi}\,\sigma}\Big)^D
              \Big(D - \frac{|k|^2}{\sigma^2}\Big) e^{-|k|^2 / 2\sigma^2}

    Parameters
    ----------
    array : ndarray
        Image or volume.
    sigma_mm : float
        Width of the Gaussian.
    pixel_mm : float
        Side of a pixel (voxel) along the filtered axes.
    truncation : float
        Half the width of the kernel in sigma; in pixels it is rounded to the next whole number.
    dimensions : {2, 3}
        Of the kernel: the last two axes, or the last three.
    boundary : {"zero", "nearest", "periodic", "mirror"}
        Continuation beyond the border.

    Returns
    -------
    ndarray
        Same shape; intensity per squared pixel side.

    Raises
    ------
    InputError
        When a length or the truncation is not positive, or the array has too few axes.

    Notes
    -----
    The kernel is sampled, and not corrected to sum to zero, as in the IBSI reference maps. It is the sum of as many
    separable kernels as it has dimensions.
    """
    check_dimensions(array, dimensions)
    if not min(sigma_mm, pixel_mm, truncation) > 0.0:
        raise InputError(
            "sigma, pixel side and truncation must be positive", f"{sigma_mm} mm, {pixel_mm} mm, {truncation}"
        )
    sigma = sigma_mm / pixel_mm
    reach = math.floor(truncation * sigma + 0.5)
    k = np.arange(-reach, reach + 1.0)
    gauss = np.exp(-0.5 * (k / sigma) ** 2) / (math.sqrt(2.0 * math.pi) * sigma)
    smooth = (Taps(tuple(gauss.tolist()), reach),)
    second = (Taps(tuple((gauss * ((k / sigma) ** 2 - 1.0) / sigma**2).tolist()), reach),)
    response = np.zeros(array.shape)
    for axis in range(dimensions):
        response += convolve(array, [second if i == axis else smooth for i in range(dimensions)], boundary)
    return response
