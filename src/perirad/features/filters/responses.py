"""Responses of an image to the filters of IBSI 2 that a study asks for, within a box."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, assert_never

import numpy as np

from perirad.errors import InputError
from perirad.features.filters.boundary import extended
from perirad.features.filters.gabor import gabor, gabor_reach
from perirad.features.filters.laws import laws, laws_energy
from perirad.features.filters.log import laplacian_of_gaussian
from perirad.features.filters.mean import mean
from perirad.features.filters.records import (
    GaborFilter,
    LawsFilter,
    LogFilter,
    MeanFilter,
    ResponseFilter,
    RieszFilter,
    SimoncelliFilter,
    WaveletFilter,
)
from perirad.features.filters.riesz import riesz
from perirad.features.filters.simoncelli import simoncelli
from perirad.features.filters.wavelet_separable import separable_wavelet, wavelet_filters
from perirad.image.image import Box

if TYPE_CHECKING:
    from perirad.arrays import FloatArray

__all__ = ["response", "response_reach"]


def response(pixels: FloatArray, spacing_mm: tuple[float, float], box: Box, chosen: ResponseFilter) -> FloatArray:
    """Response of an image to a filter, within a box.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values of the whole picture.
    spacing_mm : tuple of float
        (row, column).
    box : Box
        The part that is wanted. Only this and what the filter reaches around it is computed, which gives the same as
        the whole picture does.
    chosen : ResponseFilter

    Returns
    -------
    ndarray of shape (rows of the box, columns of the box)

    Raises
    ------
    InputError
        A filter whose lengths are in millimetres, on pixels that are not square.
    """
    pixel_mm = _pixel_mm(spacing_mm, chosen)
    reach = response_reach(chosen, pixel_mm)
    rows, columns = pixels.shape
    top, left, bottom, right = 0, 0, rows, columns
    if reach is not None:
        top, left = max(box.top - reach, 0), max(box.left - reach, 0)
        bottom, right = min(box.bottom + reach, rows), min(box.right + reach, columns)
    answer = _respond(pixels[top:bottom, left:right], pixel_mm, chosen)
    return np.ascontiguousarray(answer[box.top - top : box.bottom - top, box.left - left : box.right - left])


def response_reach(chosen: ResponseFilter, pixel_mm: float) -> int | None:
    """Pixels around a pixel that its response depends on; None for the whole picture."""
    reach = 0
    if isinstance(chosen, (SimoncelliFilter, RieszFilter)) or chosen.boundary == "periodic":
        return None
    match chosen:
        case MeanFilter():
            reach = chosen.support // 2
        case LogFilter():
            reach = math.floor(chosen.truncation * chosen.sigma_mm / pixel_mm + 0.5)
        case LawsFilter():
            reach = 2 + (chosen.energy_delta or 0)
        case GaborFilter():
            reach = gabor_reach(chosen.sigma_mm / pixel_mm, chosen.gamma)
        case WaveletFilter():
            reach = int(wavelet_filters(chosen.wavelet)[0].size) * (2**chosen.level - 1)
        case _:
            assert_never(chosen)
    return reach


def _pixel_mm(spacing_mm: tuple[float, float], chosen: ResponseFilter) -> float:
    down, across = spacing_mm
    if isinstance(chosen, (LogFilter, GaborFilter)) and not math.isclose(down, across, rel_tol=1e-6):
        raise InputError(
            f"filter {chosen.name} needs square pixels",
            f"{down:g} x {across:g} mm",
            mend="bring all images to one spacing: resample_mm, or spacing_mm of [features.ibsi]",
        )
    return across


def _respond(pixels: FloatArray, pixel_mm: float, chosen: ResponseFilter) -> FloatArray:
    boundary = chosen.boundary
    if isinstance(chosen, (SimoncelliFilter, RieszFilter)):
        return _periodic(pixels, chosen)
    match chosen:
        case MeanFilter():
            return mean(pixels, support=chosen.support, boundary=boundary)
        case LogFilter():
            return laplacian_of_gaussian(
                pixels, sigma_mm=chosen.sigma_mm, pixel_mm=pixel_mm, truncation=chosen.truncation, boundary=boundary
            )
        case LawsFilter():
            return _laws(pixels, chosen)
        case GaborFilter():
            return gabor(
                pixels,
                sigma_mm=chosen.sigma_mm,
                lambda_mm=chosen.lambda_mm,
                gamma=chosen.gamma,
                pixel_mm=pixel_mm,
                theta=chosen.orientations,
                boundary=boundary,
                pooling=chosen.pooling,
            )
        case WaveletFilter():
            return separable_wavelet(
                pixels,
                wavelet=chosen.wavelet,
                subband=chosen.subband,
                level=chosen.level,
                boundary=boundary,
                pooling=chosen.pooling,
            )
        case _:
            assert_never(chosen)


def _laws(pixels: FloatArray, chosen: LawsFilter) -> FloatArray:
    answer = laws(pixels, kernels=chosen.kernels, boundary=chosen.boundary, pooling=chosen.pooling)
    if chosen.energy_delta is None:
        return answer
    return laws_energy(answer, delta=chosen.energy_delta, boundary=chosen.boundary)


def _periodic(pixels: FloatArray, chosen: SimoncelliFilter | RieszFilter) -> FloatArray:
    """Filters of the Fourier transform, which repeats the picture: another boundary is laid around it first."""
    boundary = chosen.boundary
    width = 0 if boundary == "periodic" else math.ceil(max(pixels.shape) / 2)
    answer = extended(pixels, width, 2, boundary) if width else pixels
    if isinstance(chosen, SimoncelliFilter):
        answer = simoncelli(answer, level=chosen.level)
    else:
        if chosen.simoncelli_level is not None:
            answer = simoncelli(answer, level=chosen.simoncelli_level)
        answer = riesz(answer, order=chosen.order)
    rows, columns = pixels.shape
    return answer[width : width + rows, width : width + columns]
