"""From a volume and its outline to the two masks that IBSI measures: morphological and intensity mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.features.ibsi.settings import IbsiSettings
from perirad.features.interpolation import interpolate, interpolate_mask

__all__ = ["Processed", "process", "resegmented"]


@dataclass(frozen=True)
class Processed:
    """A region ready to be measured.

    Parameters
    ----------
    image : ndarray of shape (slices, rows, columns)
        Intensities, of the region and around it.
    morphological, intensity : ndarray of bool, same shape
        The region's form; and the voxels whose intensities count, which re-segmentation may thin out.
    spacing_mm : tuple of float
        (slice, row, column); a single slice has the slice spacing 1.
    flat : bool
        True for a single slice given as a 2-D array.
    """

    image: FloatArray
    morphological: BoolArray
    intensity: BoolArray
    spacing_mm: tuple[float, float, float]
    flat: bool


def process(
    volume: NDArray[Any], mask: NDArray[Any], spacing_mm: tuple[float, ...], settings: IbsiSettings
) -> Processed:
    """Interpolate, round and re-segment.

    Parameters
    ----------
    volume : ndarray of shape (slices, rows, columns) or (rows, columns)
        Intensities.
    mask : ndarray, same shape
        The region; voxels other than 0 are inside.
    spacing_mm : tuple of float
        One value for each axis of the array.

    Raises
    ------
    InputError
        Shapes that differ, neither two nor three axes, a spacing that is not positive.
    """
    image, inside = np.asarray(volume, dtype=np.float64), np.asarray(mask) != 0
    if image.shape != inside.shape or image.ndim not in {2, 3}:
        raise InputError("image and mask must have the same two or three axes", f"{image.shape} and {inside.shape}")
    if len(spacing_mm) != image.ndim or not all(length > 0.0 for length in spacing_mm):
        raise InputError(f"spacing must be positive and have {image.ndim} values", f"spacing_mm={spacing_mm}")
    new = settings.new_spacing_mm
    if new is not None:
        image = interpolate(image, spacing_mm, new, order=settings.image_order)
        inside = interpolate_mask(inside, spacing_mm, new)
        spacing_mm = new
    if settings.whole_intensities:
        image = np.floor(image + 0.5)
    flat = image.ndim == 2
    if flat:
        image, inside, spacing_mm = image[None], inside[None], (1.0, *spacing_mm)
    down, row, column = spacing_mm
    return Processed(image, inside, resegmented(image, inside, settings), (down, row, column), flat)


def resegmented(image: FloatArray, inside: BoolArray, settings: IbsiSettings) -> BoolArray:
    """Voxels of the region that are within the range and no outliers (IBSI methods USB3 and 7ACA).

    Each rule looks at the whole region; what both keep is kept.
    """
    keep = inside.copy()
    if settings.resegment is not None:
        lowest, highest = settings.resegment
        keep &= (image >= lowest) & (image <= highest)
    if settings.outlier_sigma is not None and inside.any():
        values = image[inside]
        reach = settings.outlier_sigma * float(values.std())
        keep &= np.abs(image - values.mean()) <= reach
    return keep
