"""Slow twin of the feature maps: one window after another, measured as a region of its own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.features.discretise import level_image, place_of
from perirad.features.firstorder import firstorder
from perirad.features.glcm import glcm, pair_cells
from perirad.features.gldm import dependence_cells, gldm
from perirad.features.glrlm import glrlm, run_cells
from perirad.features.glszm import glszm, zone_cells
from perirad.features.ngtdm import ngtdm, tone_cells


def windows(picture: IntArray, mask: BoolArray, radius: int) -> Iterator[IntArray]:
    """The part of the picture within the radius of each pixel of the mask."""
    for row, column in zip(*np.nonzero(mask), strict=True):
        rows = slice(max(row - radius, 0), row + radius + 1)
        columns = slice(max(column - radius, 0), column + radius + 1)
        yield picture[rows, columns]


def measure(levels: IntArray, values: FloatArray, spacing_mm: tuple[float, float]) -> FloatArray:
    """All 93 features of one window, given its levels (0 outside) and grey values."""
    place = place_of(levels > 0)
    image = level_image(levels.reshape(-1)[place.in_image], place)
    n_levels, n_pixels = np.array([image.n_levels]), np.array([image.n_pixels])
    return np.concatenate([
        firstorder(values.reshape(-1)[place.in_image], image.counts, spacing_mm),
        glcm(pair_cells(image), n_levels)[0],
        glrlm(run_cells(image), n_pixels)[0],
        glszm(zone_cells(image), n_pixels)[0],
        gldm(dependence_cells(image))[0],
        ngtdm(tone_cells(image))[0],
    ])  # fmt: skip
