"""Features of one case: a row of the feature table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.features.columns import feature_names
from perirad.features.counted import count_alone, measure
from perirad.features.discretise import place_of
from perirad.features.parts import bounds_of, parts_of
from perirad.features.pictures import Picture, pictures
from perirad.features.room import room
from perirad.features.settings import FeatureSettings
from perirad.features.slice import shape_of, volume_sides
from perirad.features.together import count_together
from perirad.image.image import Box, Image
from perirad.regions.region import Region
from perirad.table import FeatureTable

__all__ = ["extract"]

N_TEXTURES = 93


def extract(
    image: Image,
    regions: Sequence[Region],
    settings: FeatureSettings = FeatureSettings(),  # noqa: B008  (a frozen record)
    *,
    case_id: str = "",
) -> FeatureTable:
    """Measure all regions of an image.

    Parameters
    ----------
    image : Image
        Filters see the whole picture, also outside `image.field`.
    regions : sequence of Region
        On the image's grid, each name once.
    settings : FeatureSettings
        Discretisation is done anew for each region and each filtered image.
    case_id : str
        Identifier of the row.

    Returns
    -------
    FeatureTable
        One row; columns ``REGION_IMAGE_FAMILY_FEATURE``, 474 for each region in turn by default. A region without
        pixels has NaN everywhere, and so has an image whose filter is undefined (see `pictures`). A single pixel has
        no neighbours: its co-occurrence and run length features are NaN. What else is undefined in small or flat
        regions stands with each family's function. Shape is that of the pixels before exclusion (`Region.outlined`),
        grey values and textures are those of what is left.

    Raises
    ------
    InputError
        No region, a name twice, a mask that is not of the image's shape, more than 65,535 grey levels.
    """
    _check(image, regions, case_id)
    if settings.definitions == "ibsi":
        return _extract_ibsi(image, regions, settings, case_id)
    box = _box_of(regions)
    inside = (slice(box.top, box.bottom), slice(box.left, box.right))
    masks = [region.mask[inside] for region in regions]
    spacings_mm = [volume_sides(region.spacing_mm, settings) for region in regions]
    try:
        values = _texture(pictures(image, box, settings, room), masks, spacings_mm, settings)
    except InputError as error:
        raise InputError.of(error.problem.at(case=case_id, file=image.name)) from error
    if "original" in settings.images:
        shapes = np.stack(
            [shape_of(region.morphological_mask[inside], region.spacing_mm, settings) for region in regions]
        )
        place = settings.images.index("original") * N_TEXTURES
        values = np.concatenate([values[:, :place], shapes, values[:, place:]], axis=1)
    columns = _columns(tuple(region.name for region in regions), feature_names(settings))
    return FeatureTable((case_id,), columns, values.reshape(1, -1))


@lru_cache(maxsize=8)
def _columns(regions: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the columns: thousands, and the same for every case of a study."""
    return tuple(f"{region}_{name}" for region in regions for name in names)


def _extract_ibsi(image: Image, regions: Sequence[Region], settings: FeatureSettings, case_id: str) -> FeatureTable:
    from perirad.features.ibsi.slice import ibsi_rows  # noqa: PLC0415  (what it needs takes long to import)

    try:
        names, values = ibsi_rows(image, regions, settings)
    except InputError as error:
        raise InputError.of(error.problem.at(case=case_id, file=image.name)) from error
    columns = tuple(f"{region.name}_{name}" for region in regions for name in names)
    return FeatureTable((case_id,), columns, values.reshape(1, -1))


def _check(image: Image, regions: Sequence[Region], case_id: str) -> None:
    place = {"case": case_id, "file": image.name}
    if not regions:
        raise InputError("at least one region is needed", "none", **place)
    names = [region.name for region in regions]
    if len(set(names)) != len(names):
        raise InputError("every region must have its own name", ", ".join(names), **place)
    for region in regions:
        if region.mask.shape != image.shape:
            found = f"region {region.name} of shape {region.mask.shape}"
            raise InputError(f"a region must have the image's shape {image.shape}", found, **place)


def _box_of(regions: Sequence[Region]) -> Box:
    box = Box(*bounds_of([region.morphological_mask for region in regions]))
    return box if box.bottom else Box(0, 0, 1, 1)


def _texture(
    images: Sequence[Picture],
    masks: Sequence[BoolArray],
    spacings_mm: Sequence[tuple[float, float]],
    settings: FeatureSettings,
) -> FloatArray:
    """Features of all but shape, of shape (n_regions, n_images * 93).

    Regions are counted together where they can be, and else each for itself.
    """
    values = np.empty((len(images), len(masks), N_TEXTURES))
    left = np.ones(len(images), dtype=np.bool_)
    parts = parts_of(masks, separate=settings.bin_width is None)
    if parts is not None:
        done, counted = count_together(images, parts, spacings_mm, settings)
        values[done] = measure(counted).reshape(-1, *values.shape[1:])
        left = ~done
    places = [place_of(mask) for mask in masks] if left.any() else []
    for k in np.flatnonzero(left).tolist():
        values[k] = measure(count_alone(images[k], places, spacings_mm, settings))
    return values.transpose(1, 0, 2).reshape(len(masks), -1)
