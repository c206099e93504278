"""From grey values to grey levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.settings import FeatureSettings

__all__ = ["MAX_LEVELS", "NOWHERE", "LevelImage", "Place", "discretise", "level_image", "place_of"]

MAX_LEVELS = 65_535
"""Levels are stored in 16 bits, 0 being outside."""


@dataclass(frozen=True)
class Place:
    """Where a region's pixels are: in the picture, and in a picture cropped to them with a border of one pixel.

    Parameters
    ----------
    in_image, in_box : ndarray of shape (n_pixels,)
        Flat positions, row by row.
    shape : tuple of int
        (rows, columns) of the crop, border included.
    """

    in_image: IntArray
    in_box: IntArray
    shape: tuple[int, int]


NOWHERE = Place(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), (2, 2))
"""A region without pixels is one border only."""


def place_of(mask: BoolArray) -> Place:
    """Crop to a region's pixels."""
    in_image = np.flatnonzero(mask)
    if in_image.size == 0:
        return NOWHERE
    row, column = np.divmod(in_image, mask.shape[1])
    top, left = int(row[0]), int(column.min())
    rows, columns = int(row[-1]) - top + 3, int(column.max()) - left + 3
    return Place(in_image, (row - top + 1) * columns + (column - left + 1), (rows, columns))


@dataclass(frozen=True)
class LevelImage:
    """A region in grey levels.

    Parameters
    ----------
    levels : ndarray of uint16, shape (rows, columns)
        Level from 1, 0 outside the region; the outermost rows and columns are outside.
    counts : ndarray of shape (n_levels + 1,)
        Pixels of each level; ``counts[0]`` is 0. The highest level present is the last one.
    """

    levels: NDArray[np.uint16]
    counts: IntArray

    @property
    def n_levels(self) -> int:
        """Highest level present."""
        return len(self.counts) - 1

    @property
    def n_pixels(self) -> int:
        """Number of pixels of the region."""
        return int(self.counts.sum())


def discretise(values: FloatArray | NDArray[np.float32], settings: FeatureSettings) -> IntArray:
    """Grey level of each pixel of a region, from 1.

    Parameters
    ----------
    values : ndarray of shape (n_pixels,)
        Grey values of one region; both rules depend on its minimum.

    Returns
    -------
    ndarray of shape (n_pixels,)
        Bins of fixed width have their lower edges at multiples of the width, and level 1 holds the minimum; bins of
        fixed number share the range from minimum to maximum, the maximum belonging to the last. A value on an edge
        belongs to the upper bin. With a fixed number of bins, the range of a flat region is widened by one half on
        both sides, so that its pixels all have the middle level.

    Raises
    ------
    InputError
        More than 65,535 levels.
    """
    if values.size == 0:
        return np.zeros(0, dtype=np.int64)
    lowest, highest = float(values.min()), float(values.max())
    if settings.bin_width is not None:
        return _fixed_width(values, lowest, highest, settings.bin_width)
    if settings.bin_count is None or settings.bin_count > MAX_LEVELS:
        raise InputError(f"bin count must be at most {MAX_LEVELS}", f"bin_count={settings.bin_count}")
    return _fixed_count(values, lowest, highest, int(settings.bin_count))


def _fixed_width(values: FloatArray | NDArray[np.float32], lowest: float, highest: float, width: float) -> IntArray:
    base = np.floor(lowest / width)
    if not np.floor(highest / width) - base < MAX_LEVELS:
        raise InputError(
            f"a region must have at most {MAX_LEVELS} grey levels",
            f"grey values {lowest:g} to {highest:g} at bin_width={width:g}",
            mend="choose wider bins",
        )
    values = values.astype(np.float64, copy=False)
    index = np.floor(values / width)
    index -= values < index * width  # the quotient of a value just below an edge may round up to it
    index -= base - 1.0
    return np.maximum(index, 1.0).astype(np.int64)


def _fixed_count(values: FloatArray | NDArray[np.float32], lowest: float, highest: float, count: int) -> IntArray:
    if lowest == highest:
        lowest, highest = lowest - 0.5, highest + 0.5
    # Edges of single precision values are themselves rounded to single precision, as PyRadiomics has them.
    edges = np.linspace(lowest, highest, count + 1).astype(values.dtype).astype(np.float64)
    values = values.astype(np.float64, copy=False)
    index = ((values - lowest) * (count / (highest - lowest))).astype(np.int64)
    np.clip(index, 0, count - 1, out=index)
    index -= values < edges[index]
    index += (values >= edges[index + 1]) & (index < count - 1)
    if not (np.diff(edges) > 0.0).all():  # a range of a few units in the last place
        index = np.searchsorted(edges[1:-1], values, side="right")
    return index + 1


def level_image(level: IntArray, place: Place) -> LevelImage:
    """Put levels back in their place."""
    levels = np.zeros(place.shape, dtype=np.uint16)
    levels.reshape(-1)[place.in_box] = level
    return LevelImage(levels, np.bincount(level, minlength=1))
