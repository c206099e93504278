"""IBSI features of the regions of an image: the chain in the plane, from pixels to a row of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.ibsi.chain import resegmented
from perirad.features.ibsi.choice import SLICE_FAMILIES, IbsiChoice
from perirad.features.ibsi.cooccurrence import cooccurrence
from perirad.features.ibsi.dependence import dependence
from perirad.features.ibsi.disc import disc_means, peaks
from perirad.features.ibsi.discretise import grey_levels
from perirad.features.ibsi.distancezone import border_distance, distancezone
from perirad.features.ibsi.histogram import histogram
from perirad.features.ibsi.ivh import intensity_volume_histogram
from perirad.features.ibsi.levels import LevelVolume, level_volume
from perirad.features.ibsi.names import slice_features, slice_names
from perirad.features.ibsi.runlength import runlength
from perirad.features.ibsi.settings import Binning, IbsiSettings
from perirad.features.ibsi.sizezone import sizezone
from perirad.features.ibsi.tone import tone
from perirad.features.ibsi.zones import find_zones
from perirad.features.interpolation import interpolate, interpolate_mask
from perirad.features.pictures import Picture, pictures
from perirad.features.settings import FeatureSettings
from perirad.features.statistics import intensity_statistics
from perirad.image.image import Box, Image
from perirad.regions.region import Region

__all__ = ["ibsi_rows"]

_PEAK_MM = 6.3
"""The peak of the local intensity looks 6.2 mm around a pixel."""

_MATRICES = frozenset(SLICE_FAMILIES[4:])

_ORDER: dict[str, Literal[0, 1, 3]] = {"nearest": 0, "linear": 1, "cubic": 3}


@dataclass(frozen=True)
class _Slice:
    """A region within the box of all: its form, and the pixels whose intensities count."""

    form: BoolArray
    intensity: BoolArray


def ibsi_rows(image: Image, regions: Sequence[Region], settings: FeatureSettings) -> tuple[tuple[str, ...], FloatArray]:
    """Measure all regions of an image by IBSI's definitions.

    Interpolation, re-segmentation (by the image, for all filtered images), filters, discretisation, in this order.

    Parameters
    ----------
    image : Image
    regions : sequence of Region
        On the image's grid.
    settings : FeatureSettings
        With its `ibsi`.

    Returns
    -------
    names : tuple of str
        ``IMAGE_ibsi-FAMILY_FEATURE`` of one region, in order.
    values : ndarray of shape (n_regions, n_names)
        NaN for what is undefined, and everywhere for a region without pixels.

    Raises
    ------
    InputError
        As `extract`; more than 65,535 grey levels; a filter that needs square pixels.
    """
    choice = settings.ibsi
    n_regions = len(regions)
    image, masks = _interpolated(image, [*(r.morphological_mask for r in regions), *(r.mask for r in regions)], choice)
    outlines, masks = masks[:n_regions], masks[n_regions:]
    box = _box_of(outlines)
    inside = (slice(box.top, box.bottom), slice(box.left, box.right))
    rule = IbsiSettings(resegment=choice.resegment, outlier_sigma=choice.outlier_sigma)
    slices = [
        _Slice(outline[inside], resegmented(image.pixels[inside], mask[inside], rule))
        for outline, mask in zip(outlines, masks, strict=True)
    ]
    wide, inner = _widened(box, image)
    names = tuple(f"{name}_{feature}" for name in settings.images for feature in slice_names(choice))
    rows = [
        _rows(picture, inner, slices, name, image.spacing_mm, settings)
        for name, picture in zip(settings.images, pictures(image, wide, settings), strict=True)
    ]
    return names, np.concatenate(rows, axis=1)


def _interpolated(image: Image, masks: Sequence[BoolArray], choice: IbsiChoice) -> tuple[Image, list[BoolArray]]:
    if choice.spacing_mm is None:
        return image, list(masks)
    old, new = image.spacing_mm, (choice.spacing_mm, choice.spacing_mm)
    pixels = interpolate(image.pixels, old, new, order=_ORDER[choice.interpolation])
    if choice.whole_intensities:
        pixels = np.floor(pixels + 0.5)
    whole = Box(0, 0, *pixels.shape)
    resampled = replace(image, pixels=pixels, spacing_mm=new, field=whole)
    return resampled, [interpolate_mask(mask, old, new) for mask in masks]


def _box_of(masks: Sequence[BoolArray]) -> Box:
    covered = np.logical_or.reduce(masks)
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    if rows.size == 0:
        return Box(0, 0, 1, 1)
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def _widened(box: Box, image: Image) -> tuple[Box, Box]:
    """The box with what the local intensity sees around it, and where the box is in that."""
    down, across = (math.ceil(_PEAK_MM / mm) for mm in image.spacing_mm)
    rows, columns = image.shape
    top, left = max(box.top - down, 0), max(box.left - across, 0)
    wide = Box(top, left, min(box.bottom + down, rows), min(box.right + across, columns))
    return wide, Box(box.top - top, box.left - left, box.bottom - top, box.right - left)


def _rows(
    picture: Picture,
    inner: Box,
    slices: Sequence[_Slice],
    name: str,
    spacing_mm: tuple[float, float],
    settings: FeatureSettings,
) -> FloatArray:
    """Features of all regions of one image, shape (n_regions, n_features); NaN where the image is undefined."""
    wanted = slice_features(settings.ibsi)
    if picture is None:
        return np.full((len(slices), len(wanted)), np.nan)
    wide = picture.astype(np.float64, copy=False)
    grey = np.ascontiguousarray(wide[inner.top : inner.bottom, inner.left : inner.right])
    means = disc_means(wide, inner, spacing_mm) if "local" in settings.ibsi.families else None
    rows = []
    for region in slices:
        found = {} if means is None else peaks(means, grey, region.intensity)
        found |= _intensity(grey[region.intensity], name, settings)
        measured = {(code, "DHQ4"): value for code, value in found.items()}
        if not _MATRICES.isdisjoint(settings.ibsi.families):
            measured |= _texture(grey, region, name, settings)
        rows.append([measured[feature.code, aggregation] for _, aggregation, feature in wanted])
    return np.array(rows)


def _levels(values: FloatArray, name: str, settings: FeatureSettings) -> tuple[IntArray, int]:
    """Grey levels and their number; re-segmentation sets the first bin's edge in the original image only."""
    binning = _binning(settings)
    lowest = settings.ibsi.resegment[0] if settings.ibsi.resegment is not None and name == "original" else None
    try:
        level = grey_levels(values, binning, lowest)
    except InputError as error:
        raise InputError(
            error.problem.expected, f"{error.problem.found} in image {name}", mend=error.problem.mend
        ) from None
    return level, int(binning.value) if binning.rule == "count" else int(level.max(initial=0))


def _binning(settings: FeatureSettings) -> Binning:
    if settings.bin_width is not None:
        return Binning("width", settings.bin_width)
    return Binning("count", float(settings.bin_count or 1))


def _intensity(values: FloatArray, name: str, settings: FeatureSettings) -> dict[str, float]:
    families = settings.ibsi.families
    found: dict[str, float] = {}
    if "statistics" in families:
        found |= intensity_statistics(values)
    if "histogram" in families:
        found |= histogram(*_levels(values, name, settings))
    if "ivh" in families:
        found |= intensity_volume_histogram(values, Binning("count", float(settings.ibsi.ivh_bins)), None)
    return found


def _texture(grey: FloatArray, region: _Slice, name: str, settings: FeatureSettings) -> dict[tuple[str, str], float]:
    families = settings.ibsi.families
    level, _ = _levels(grey[region.intensity], name, settings)
    levels: LevelVolume = level_volume(level, region.intensity[None])
    found: dict[tuple[str, str], float] = {}
    if "glcm" in families:
        found |= cooccurrence(levels, "2D")
    if "glrlm" in families:
        found |= runlength(levels, "2D")
    if "glszm" in families or "gldzm" in families:
        zones = find_zones(levels, planar=True)
        distance = border_distance(region.form[None], planar=True)[region.intensity[None]]
        found |= sizezone(levels, zones, "2D") | distancezone(levels, zones, distance, "2D")
    if "ngtdm" in families:
        found |= tone(levels, "2D")
    if "ngldm" in families:
        found |= dependence(levels, "2D")
    return found
