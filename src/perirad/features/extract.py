"""Features of one case: a row of the feature table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.features.catalogue import feature_names
from perirad.features.cells import Cells, join
from perirad.features.discretise import NOWHERE, LevelImage, Place, discretise, level_image, place_of
from perirad.features.firstorder import firstorder
from perirad.features.glcm import glcm, pair_cells
from perirad.features.gldm import dependence_cells, gldm
from perirad.features.glrlm import glrlm, run_cells
from perirad.features.glszm import glszm, zone_cells
from perirad.features.ngtdm import ngtdm
from perirad.features.pictures import Picture, pictures
from perirad.features.settings import FeatureSettings
from perirad.features.shape2d import shape2d
from perirad.image.image import Box, Image
from perirad.regions.region import Region
from perirad.table import FeatureTable

__all__ = ["extract"]


@dataclass(frozen=True)
class _Counted:
    """What one region of one filtered image was counted to."""

    levels: LevelImage
    firstorder: FloatArray
    ngtdm: FloatArray


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
    box = _box_of(regions)
    places = [place_of(region.mask[box.top : box.bottom, box.left : box.right]) for region in regions]
    try:
        counted = [
            _count(picture, place, region.spacing_mm, settings)
            for picture in pictures(image, box, settings)
            for place, region in zip(places, regions, strict=True)
        ]
    except InputError as error:
        raise InputError.of(error.problem.at(case=case_id, file=image.name)) from error
    values = _measure(counted).reshape(len(settings.images), len(regions), -1)
    rows = []
    for k, (region, place) in enumerate(zip(regions, places, strict=True)):
        for name, measured in zip(settings.images, values[:, k], strict=True):
            rows += [shape2d(place, region.spacing_mm)] if name == "original" else []
            rows.append(measured)
    columns = tuple(f"{region.name}_{name}" for region in regions for name in feature_names(settings))
    return FeatureTable((case_id,), columns, np.concatenate(rows)[None, :])


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
    covered = np.logical_or.reduce([region.mask for region in regions])
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    if rows.size == 0:
        return Box(0, 0, 1, 1)
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def _count(picture: Picture, place: Place, spacing_mm: tuple[float, float], settings: FeatureSettings) -> _Counted:
    if picture is None:
        picture, place = np.empty((0, 0)), NOWHERE
    values = picture.reshape(-1)[place.in_image]
    levels = level_image(discretise(values, settings), place)
    return _Counted(levels, firstorder(values.astype(np.float64, copy=False), levels.counts, spacing_mm), ngtdm(levels))


def _measure(counted: Sequence[_Counted]) -> FloatArray:
    """Texture formulas, once for all regions of all filtered images."""
    n_levels = np.array([part.levels.n_levels for part in counted])
    n_pixels = np.array([part.levels.n_pixels for part in counted])

    def cells(count: Callable[[LevelImage], Cells]) -> Cells:
        return join([count(part.levels) for part in counted])

    return np.concatenate(
        [
            np.stack([part.firstorder for part in counted]),
            glcm(cells(pair_cells), n_levels),
            glrlm(cells(run_cells), n_pixels),
            glszm(cells(zone_cells), n_pixels),
            gldm(cells(dependence_cells)),
            np.stack([part.ngtdm for part in counted]),
        ],
        axis=1,
    )
