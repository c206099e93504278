"""What the regions of one filtered image are counted to, and the features made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells, join
from perirad.features.discretise import NOWHERE, Place, discretise, level_image
from perirad.features.firstorder import firstorder
from perirad.features.glcm import glcm, pair_cells
from perirad.features.gldm import dependence_cells, gldm
from perirad.features.glrlm import glrlm, run_cells
from perirad.features.glszm import glszm, zone_cells
from perirad.features.ngtdm import ngtdm, tone_cells
from perirad.features.pictures import Picture
from perirad.features.settings import FeatureSettings

__all__ = ["Counted", "count_alone", "measure"]


@dataclass(frozen=True)
class Counted:
    """Counts of the regions of filtered images, one after the other.

    Parameters
    ----------
    n_levels, n_pixels : ndarray of shape (n_regions,)
    firstorder : ndarray of shape (n_regions, n_features)
    tones : Cells
        One matrix for each region (see `level_tones`).
    pairs, runs : Cells
        Four matrices for each region in turn.
    zones, dependences : Cells
        One matrix for each region.
    """

    n_levels: IntArray
    n_pixels: IntArray
    firstorder: FloatArray
    tones: Cells
    pairs: Cells
    runs: Cells
    zones: Cells
    dependences: Cells


def count_alone(
    picture: Picture, places: Sequence[Place], spacings_mm: Sequence[tuple[float, float]], settings: FeatureSettings
) -> Counted:
    """Count every region for itself; a picture that is None has no pixels."""
    if picture is None:
        picture, places = np.empty((0, 0)), [NOWHERE] * len(places)
    values = [picture.reshape(-1)[place.in_image] for place in places]
    images = [level_image(discretise(v, settings), place) for v, place in zip(values, places, strict=True)]
    return Counted(
        np.array([image.n_levels for image in images]),
        np.array([image.n_pixels for image in images]),
        np.stack(
            [
                firstorder(v.astype(np.float64, copy=False), image.counts, spacing_mm)
                for v, image, spacing_mm in zip(values, images, spacings_mm, strict=True)
            ]
        ),
        join([tone_cells(image) for image in images]),
        join([pair_cells(image) for image in images]),
        join([run_cells(image) for image in images]),
        join([zone_cells(image) for image in images]),
        join([dependence_cells(image) for image in images]),
    )


def measure(counted: Counted) -> FloatArray:
    """Texture formulas, once for all regions.

    Returns
    -------
    ndarray of shape (n_regions, 93)
    """
    return np.concatenate([
        counted.firstorder,
        glcm(counted.pairs, counted.n_levels),
        glrlm(counted.runs, counted.n_pixels),
        glszm(counted.zones, counted.n_pixels),
        gldm(counted.dependences),
        ngtdm(counted.tones),
    ], axis=1)  # fmt: skip
