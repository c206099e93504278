"""First outlines by the machine, for a reader to correct: grown from a seed, or the dark part of a box."""

from __future__ import annotations

from typing import Any

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Image

__all__ = ["from_box", "from_seed"]

_SMOOTH_MM = 0.4
_CALM_MM = 0.7
_SEED_MM = 1.2
_AROUND_MM = 12.0
_BETWEEN = 0.55
_NECK_MM = 0.8
_REACH_MM = 18.0


def from_seed(image: Image, row: int, column: int) -> BoolArray:
    """Region about a seed whose grey values are like those at the seed, its outline smoothed by a level set.

    Raises
    ------
    InputError
        When the seed lies outside the picture.
    """
    if not (0 <= row < image.shape[0] and 0 <= column < image.shape[1]):
        raise InputError("a seed must lie in the picture", f"row {row}, column {column}")
    import SimpleITK as sitk  # noqa: PLC0415, N813  (takes long to load)

    reach = [round(_REACH_MM / mm) for mm in image.spacing_mm]
    top, left = max(0, row - reach[0]), max(0, column - reach[1])
    part = image.pixels[top : row + reach[0] + 1, left : column + reach[1] + 1]
    picture = sitk.GetImageFromArray(part.astype(np.float32))
    picture.SetSpacing((image.spacing_mm[1], image.spacing_mm[0]))
    calm = sitk.SmoothingRecursiveGaussian(picture, _CALM_MM)
    smooth = sitk.GetArrayFromImage(calm).astype(np.float64)
    y = (np.arange(part.shape[0]) - (row - top))[:, None] * image.spacing_mm[0]
    x = (np.arange(part.shape[1]) - (column - left))[None, :] * image.spacing_mm[1]
    away = np.hypot(y, x)
    within, around = float(smooth[away <= _SEED_MM].mean()), float(np.median(smooth[away <= _AROUND_MM]))
    limit = within + _BETWEEN * (around - within)
    dark = (smooth < limit if within < around else smooth > limit) & (away <= _REACH_MM)
    inside = _whole(dark, (row - top, column - left), round(_NECK_MM / image.spacing_mm[0]))
    if inside.any():
        inside = _settled(inside, calm)
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[top : top + part.shape[0], left : left + part.shape[1]] = _whole(inside, (row - top, column - left), 1)
    return mask


def _settled(inside: BoolArray, calm: Any) -> BoolArray:
    """The region after its outline, as a level set, has moved to the edges of the smoothed picture."""
    import SimpleITK as sitk  # noqa: PLC0415, N813

    start = sitk.SignedMaurerDistanceMap(
        sitk.GetImageFromArray(inside.astype(np.uint8)), insideIsPositive=False, useImageSpacing=False
    )
    speed = sitk.BoundedReciprocal(sitk.GradientMagnitude(calm))
    flat = sitk.Cast(speed, sitk.sitkFloat32)
    flat.SetSpacing((1.0, 1.0))
    contour = sitk.GeodesicActiveContourLevelSet(sitk.Cast(start, sitk.sitkFloat32), flat, 0.02, 0.0, 0.6, 0.6, 40)
    return np.asarray(sitk.GetArrayFromImage(contour) <= 0)


def from_box(image: Image, first: tuple[float, float], second: tuple[float, float]) -> BoolArray:
    """Dark part of a box (Otsu's threshold between the box and its border), the piece nearest to its middle."""
    top, bottom = sorted((first[0], second[0]))
    left, right = sorted((first[1], second[1]))
    rows = slice(max(0, round(top)), min(image.shape[0], round(bottom) + 1))
    columns = slice(max(0, round(left)), min(image.shape[1], round(right) + 1))
    part = image.pixels[rows, columns]
    if min(part.shape, default=0) < 8:
        raise InputError("a box must be 8 pixels wide or more", f"{part.shape[0]} x {part.shape[1]}")
    import SimpleITK as sitk  # noqa: PLC0415, N813

    picture = sitk.GetImageFromArray(part.astype(np.float32))
    picture.SetSpacing((image.spacing_mm[1], image.spacing_mm[0]))
    calm = sitk.SmoothingRecursiveGaussian(picture, 2 * _SMOOTH_MM)
    dark = sitk.GetArrayFromImage(sitk.OtsuThreshold(calm, 1, 0)) == 1
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[rows, columns] = _whole(dark, (part.shape[0] // 2, part.shape[1] // 2), 2)
    return mask


def _whole(mask: BoolArray, near: tuple[int, int], opening: int) -> BoolArray:
    """The piece nearest to a point, opened by so many pixels, without holes."""
    from scipy import ndimage  # noqa: PLC0415

    opened = ndimage.binary_opening(mask, iterations=max(1, opening))
    labels, count = ndimage.label(opened if opened.any() else mask)
    if count == 0:
        return np.zeros(mask.shape, dtype=np.bool_)
    places = np.argwhere(labels > 0)
    nearest = places[np.argmin(((places - np.array(near)) ** 2).sum(axis=1))]
    return np.asarray(ndimage.binary_fill_holes(labels == labels[tuple(nearest)]), dtype=np.bool_)
