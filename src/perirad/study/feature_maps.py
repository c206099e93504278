"""Maps of selected features: each recomputed in small discs over the region that it was measured in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError
from perirad.features.extract import extract
from perirad.features.settings import FeatureSettings, filter_images
from perirad.image.image import Source
from perirad.regions.region import Region
from perirad.report.insight import FeatureMap
from perirad.study.extraction import prepare_case
from perirad.study.gather import recipe_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perirad.arrays import BoolArray, FloatArray, IntArray
    from perirad.image.image import Image
    from perirad.study.records import Validated

__all__ = ["RADIUS_MM", "feature_maps", "has_places", "local_values"]

RADIUS_MM = 2.5
_STEP_MM = 1.0
_FEATURES = 3
_AT_ONCE = 48


def feature_maps(validated: Validated, cases: Sequence[int]) -> Iterator[FeatureMap]:
    """Maps of the weightiest selected features that have a value at a place (shape has none), for some cases."""
    analysed, development = validated.fitted.analysed, validated.fitted.development
    settings = analysed.study.settings
    score = development.scenarios[development.chosen].score
    ranked = sorted(zip(score.columns, score.coefficients.tolist(), strict=True), key=lambda item: -abs(item[1]))
    mapped = [(column, weight) for column, weight in ranked if has_places(column)][:_FEATURES]
    for at in cases:
        case = analysed.cases[at]
        assert case.files is not None
        image, regions = prepare_case(case.files, recipe_of(settings))
        by_name = {region.name: region for region in regions}
        assumed_mm = settings.calibration.assumed_mm if image.calibration.source is Source.ASSUMED else None
        for column, weight in mapped:
            values = local_values(image, by_name[column.split("_", 1)[0]], column, recipe_of(settings).features)
            yield FeatureMap(
                case.case_id, case.outcome, column, weight, RADIUS_MM, image.pixels, image.spacing_mm,
                regions[0].mask, values, assumed_mm,
            )  # fmt: skip


def has_places(column: str) -> bool:
    """Whether a feature can be measured in a part of its region: not its shape, and not IBSI's local intensity.

    False, too, for a column whose name does not say region, image, family and feature, as those of a table.
    """
    parts = column.split("_", 1)[-1].rsplit("_", 2)
    if len(parts) < 3:
        return False
    family = parts[1]
    return not family.startswith(("shape", "ibsi-morph", "ibsi-local", "ibsi-shape"))


def local_values(image: Image, region: Region, column: str, settings: FeatureSettings) -> FloatArray:
    """Value of one feature in a disc of `RADIUS_MM` about each pixel of a region, within the region.

    Measured on a grid of points 1 mm apart; a pixel has the value of the nearest point. The filters see the whole
    picture, as in the extraction.

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        NaN outside the region, and where the feature is undefined in a disc.
    """
    own = _only(column.split("_", 1)[1].rsplit("_", 2)[0], settings)
    points = _grid(region.mask, region.spacing_mm)
    place = column.split("_", 1)[1]
    found = np.full(len(points), np.nan)
    for start in range(0, len(points), _AT_ONCE):
        part = points[start : start + _AT_ONCE]
        discs = [_disc(region, point, f"I{k}") for k, point in enumerate(part)]
        table = extract(image, discs, own)
        wanted = [f"{disc.name}_{place}" for disc in discs]
        found[start : start + len(part)] = table.take(columns=wanted).values[0]
    values = np.full(region.mask.shape, np.nan)
    rows, columns = np.nonzero(region.mask)
    if len(points):
        values[rows, columns] = found[_nearest(rows, columns, points, region.spacing_mm)]
    return values


def _only(picture: str, settings: FeatureSettings) -> FeatureSettings:
    """Return the settings with the one filter that yields a filtered image."""
    for name in settings.filters:
        if picture in filter_images(name, settings):
            return replace(settings, filters=(name,), responses=())
    for item in settings.responses:
        own = replace(settings, filters=(), responses=(item,))
        if own.images == (picture,):
            return own
    raise InputError("a feature's image must be one of the settings'", picture)


def _grid(mask: BoolArray, spacing_mm: tuple[float, float]) -> IntArray:
    """Points of a square grid inside a mask, shape (n, 2): row, column."""
    steps = [max(1, round(_STEP_MM / mm)) for mm in spacing_mm]
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return np.empty((0, 2), dtype=np.int64)
    grid = np.zeros_like(mask)
    grid[rows.min() :: steps[0], columns.min() :: steps[1]] = True
    inside = np.argwhere(grid & mask)
    return inside.astype(np.int64) if len(inside) else np.array([[rows[0], columns[0]]], dtype=np.int64)


def _disc(region: Region, point: IntArray, name: str) -> Region:
    """Pixels of a region within `RADIUS_MM` of a point."""
    rows, columns = region.mask.shape
    down, across = region.spacing_mm
    reach = int(RADIUS_MM / down) + 1, int(RADIUS_MM / across) + 1
    top, left = max(0, int(point[0]) - reach[0]), max(0, int(point[1]) - reach[1])
    bottom, right = min(rows, int(point[0]) + reach[0] + 1), min(columns, int(point[1]) + reach[1] + 1)
    y = (np.arange(top, bottom) - point[0])[:, None] * down
    x = (np.arange(left, right) - point[1])[None, :] * across
    mask = np.zeros(region.mask.shape, dtype=np.bool_)
    mask[top:bottom, left:right] = (y * y + x * x <= RADIUS_MM**2) & region.mask[top:bottom, left:right]
    return Region(name, mask, region.spacing_mm)


def _nearest(rows: IntArray, columns: IntArray, points: IntArray, spacing_mm: tuple[float, float]) -> IntArray:
    from scipy.spatial import cKDTree  # noqa: PLC0415  (only reports need it)

    scale = np.array(spacing_mm)
    tree = cKDTree(points * scale)
    return np.asarray(tree.query(np.column_stack([rows, columns]) * scale)[1], dtype=np.int64)
