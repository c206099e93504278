"""Map of one feature over one case: the picture, the values in colour, and what a scale needs."""

from __future__ import annotations

import io
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from PIL import Image as Pillow

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.image.eight_bits import eight_bits
from perirad.report.crop import about
from perirad.report.montage_html import outline_path
from perirad.report.montage_tile import Bar, make_tile
from perirad.study.casefiles import CaseFiles
from perirad.study.extraction import prepare_case
from perirad.study.feature_maps import has_places, local_values
from perirad.study.model import Model
from perirad.workbench.desk import Desk

__all__ = ["COLOURS", "CaseMap", "map_of"]

COLOURS = "cividis"
"""Lightness grows with the value, so it can be read in grey, and by the colour-blind."""

_MARGIN_MM = 4.0
_WIDTH = 720


@dataclass(frozen=True)
class CaseMap:
    """A picture cut to the region and a margin, with the values of a feature at its places.

    Parameters
    ----------
    grey, colour : bytes
        PNGs of the same size: the picture, and the values, transparent where there are none.
    size : tuple of int
        (width, height) in pixels; pixels are square.
    lesion, region : str
        Outlines as paths of an SVG, in half pixels.
    bar : Bar
        Scale bar.
    limits : tuple of float
        Values at the ends of the colours: the 2nd and 98th percentile of the places; NaN where no place has a value.
    """

    case_id: str
    column: str
    grey: bytes
    colour: bytes
    size: tuple[int, int]
    lesion: str
    region: str
    bar: Bar
    limits: tuple[float, float]


def map_of(desk: Desk, model: Model, case_id: str, column: str) -> CaseMap:
    """Measure a feature in small discs all over its region in one case, as the model's recipe says.

    Raises
    ------
    InputError
        The feature has no value at a place (shape), the model's features come from a table, the case is not in the
        table, one of its files lies outside the study, or its image or outline cannot be used.
    StudyError
        The study or its table cannot be read.
    """
    if not has_places(column):
        raise InputError("a mapped feature must have a value at a place", column)
    recipe = model.recipe
    image, regions = prepare_case(_files(desk, case_id), recipe)
    named = {region.name: region for region in regions}
    wanted = column.split("_", 1)[0]
    if wanted not in named:
        raise InputError("the region of a feature must be one of the model's", wanted, case=case_id)
    region, lesion = named[wanted], regions[0]
    values = local_values(image, region, column, recipe.features)
    shown = [lesion] if region is lesion else [lesion, region]
    tile = make_tile(case_id, image, shown, margin_mm=_MARGIN_MM, width=_WIDTH)
    cut = about(np.logical_or.reduce([item.mask for item in shown]), _MARGIN_MM, image.spacing_mm)
    limits = _limits(values)
    return CaseMap(
        case_id, column, _grey(image.pixels, cut, tile.size), _coloured(values[cut], limits, tile.size), tile.size,
        outline_path(tile.outlines[lesion.name]), outline_path(tile.outlines[region.name]), tile.bar, limits,
    )  # fmt: skip


def _files(desk: Desk, case_id: str) -> CaseFiles:
    """Files of a case, every one of them in the study folder or in one that was allowed."""
    row = next((row for row in desk.rows() if row.case_id == case_id), None)
    if row is None:
        raise InputError("a case must be in the table of the study", repr(case_id[:80]))
    return desk.case_files(row)


def _limits(values: FloatArray) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not known.size:
        return (np.nan, np.nan)
    low, high = (float(value) for value in np.quantile(known, (0.02, 0.98)))
    return low, high


def _grey(pixels: FloatArray, cut: tuple[slice, slice], size: tuple[int, int]) -> bytes:
    return _png(Pillow.fromarray(eight_bits(pixels)[cut]).resize(size, Pillow.Resampling.BICUBIC))


def _coloured(values: FloatArray, limits: tuple[float, float], size: tuple[int, int]) -> bytes:
    low, high = limits
    known = np.isfinite(values)
    share = np.zeros(values.shape)
    if high > low:
        share[known] = np.clip((values[known] - low) / (high - low), 0.0, 1.0)
    elif known.any():
        share[known] = 0.5  # one value everywhere: the middle of the colours
    rgba = np.round(255 * mpl.colormaps[COLOURS](share)).astype(np.uint8)
    rgba[..., 3] = np.where(known, 255, 0)
    return _png(Pillow.fromarray(rgba).resize(size, Pillow.Resampling.NEAREST))


def _png(picture: Pillow.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=3)
    return stream.getvalue()
