"""The filtered images of a case, each computed once and cut to the box that holds all regions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray
from perirad.features.log import laplacians_of_gaussian, log_is_defined
from perirad.features.pointwise import POINTWISE, gradient, local_binary_patterns
from perirad.features.room import Make, new
from perirad.features.settings import FeatureSettings, filter_images
from perirad.features.slice import bands_in_space
from perirad.features.wavelet import BANDS, bands
from perirad.image.image import Box, Image

__all__ = ["Picture", "pictures"]

Picture = FloatArray | NDArray[np.float32] | None
"""A filtered image within a box; None where the filter is undefined."""


def pictures(image: Image, box: Box, settings: FeatureSettings, make: Make = new) -> list[Picture]:
    """Filter an image.

    Parameters
    ----------
    make : callable
        Gives the arrays of the wavelets and of LoG: `new`, or `room` where the pictures are done with before the next
        call.

    Returns
    -------
    list of ndarray of shape (rows of the box, columns of the box), or None
        One for each of ``settings.images``, the responses to filters of IBSI 2 at the end. None where the filter is
        undefined: LoG of a picture smaller than sigma plus one pixel or than four pixels, and the scaled filters of a
        picture that is 0 everywhere.
    """
    found = [picture for name in settings.filters for picture in _filtered(image, box, name, settings, make)]
    return found + _responses(image, box, settings)


def _responses(image: Image, box: Box, settings: FeatureSettings) -> list[Picture]:
    if not settings.responses:
        return []
    from perirad.features.filters.responses import response  # noqa: PLC0415  (what it needs takes long to import)

    return [response(image.pixels, image.spacing_mm, box, chosen) for chosen in settings.responses]


def _filtered(image: Image, box: Box, name: str, settings: FeatureSettings, make: Make) -> list[Picture]:
    inside = (slice(box.top, box.bottom), slice(box.left, box.right))
    if name == "original":
        return [np.ascontiguousarray(image.pixels[inside])]
    if name == "wavelet":
        out = make("wavelet", (len(BANDS), box.bottom - box.top, box.right - box.left), np.float64)
        filtered = dict(zip(BANDS, bands(image.pixels, box, out), strict=True))
        if settings.slice_mm is not None:
            filtered = bands_in_space(filtered)
        return [filtered[band.removeprefix("wavelet-")] for band in filter_images(name, settings)]
    if name == "log":
        return _log(image, box, settings.log_sigma_mm, make)
    if name == "gradient":
        return [gradient(image.pixels, image.spacing_mm, box)]
    if name == "lbp-2d":
        return [local_binary_patterns(image.pixels, box)]
    largest = float(np.abs(image.pixels).max())
    return [POINTWISE[name](image.pixels[inside], largest) if largest > 0.0 else None]


def _log(image: Image, box: Box, sigmas_mm: tuple[float, ...], make: Make) -> list[Picture]:
    defined = [sigma_mm for sigma_mm in sigmas_mm if log_is_defined(image.shape, image.spacing_mm, sigma_mm)]
    out = make("log", (len(defined), box.bottom - box.top, box.right - box.left), np.float32)
    found = laplacians_of_gaussian(image.pixels, image.spacing_mm, defined, box, out=out)
    filtered = dict(zip(defined, found, strict=True))
    return [filtered.get(sigma_mm) for sigma_mm in sigmas_mm]
