"""Features of one case: a row of the feature table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.features.columns import feature_names
from perirad.features.counted import Counted, count_alone, measure
from perirad.features.discretise import place_of
from perirad.features.parts import parts_of
from perirad.features.pictures import Picture, pictures
from perirad.features.room import room
from perirad.features.settings import FeatureSettings
from perirad.features.slice import shape_of, volume_sides
from perirad.features.together import count_together
from perirad.image.image import Box, Image
from perirad.regions.region import Region
from perirad.table import FeatureTable

__all__ = ["extract"]


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
        regions stands with each family's function.

    Raises
    ------
    InputError
        No region, a name twice, a mask that is not of the image's shape, more than 65,535 grey levels.
    """
    _check(image, regions, case_id)
    if settings.definitions == "ibsi":
        return _extract_ibsi(image, regions, settings, case_id)
    box = _box_of(regions)
    masks = [region.mask[box.top : box.bottom, box.left : box.right] for region in regions]
    spacings_mm = [volume_sides(region.spacing_mm, settings) for region in regions]
    try:
        counted = _count(pictures(image, box, settings, room), masks, spacings_mm, settings)
    except InputError as error:
        raise InputError.of(error.problem.at(case=case_id, file=image.name)) from error
    values = measure(counted)
    rows = []
    for k, (region, mask) in enumerate(zip(regions, masks, strict=True)):
        for name, measured in zip(settings.images, values[:, k], strict=True):
            rows += [shape_of(mask, region.spacing_mm, settings)] if name == "original" else []
            rows.append(measured)
    columns = _columns(tuple(region.name for region in regions), feature_names(settings))
    return FeatureTable((case_id,), columns, np.concatenate(rows)[None, :])


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
    covered = regions[0].mask.copy()
    for region in regions[1:]:
        covered |= region.mask
    rows = np.flatnonzero(covered.any(axis=1))
    if rows.size == 0:
        return Box(0, 0, 1, 1)
    columns = np.flatnonzero(covered[rows[0] : rows[-1] + 1].any(axis=0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def _count(
    images: Sequence[Picture],
    masks: Sequence[BoolArray],
    spacings_mm: Sequence[tuple[float, float]],
    settings: FeatureSettings,
) -> list[Counted]:
    """Count regions together where they share pixels and bins, and else each for itself."""
    together: list[Counted | None] = [None] * len(images)
    parts = parts_of(masks) if settings.bin_width is not None else None
    if parts is not None and settings.bin_width is not None:
        for k, picture in enumerate(images):
            if picture is not None:
                together[k] = count_together(picture, parts, spacings_mm, settings.bin_width)
    places = [place_of(mask) for mask in masks] if None in together else []
    return [
        count_alone(picture, places, spacings_mm, settings) if counted is None else counted
        for picture, counted in zip(images, together, strict=True)
    ]
