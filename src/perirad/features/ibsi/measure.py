"""All IBSI 1 features of a volume or a slice."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.features.ibsi.aggregation import Plane
from perirad.features.ibsi.chain import Processed, process
from perirad.features.ibsi.cooccurrence import cooccurrence
from perirad.features.ibsi.dependence import dependence
from perirad.features.ibsi.discretise import grey_levels
from perirad.features.ibsi.distancezone import border_distance, distancezone
from perirad.features.ibsi.histogram import histogram
from perirad.features.ibsi.ivh import intensity_volume_histogram
from perirad.features.ibsi.levels import LevelVolume, level_volume
from perirad.features.ibsi.local_intensity import local_intensity
from perirad.features.ibsi.morphology import morphology
from perirad.features.ibsi.runlength import runlength
from perirad.features.ibsi.settings import Binning, IbsiSettings
from perirad.features.ibsi.sizezone import sizezone
from perirad.features.ibsi.tone import tone
from perirad.features.ibsi.zones import find_zones
from perirad.features.statistics import intensity_statistics

__all__ = ["WHOLE", "ibsi_features"]

WHOLE = "DHQ4"
"""Code of the aggregation "3D volume", under which all features but texture go; a single slice is its own volume."""


def ibsi_features(
    volume: NDArray[Any], mask: NDArray[Any], spacing_mm: tuple[float, ...], settings: IbsiSettings
) -> dict[tuple[str, str], float]:
    """Measure a region by IBSI's definitions.

    Parameters
    ----------
    volume : ndarray of shape (slices, rows, columns) or (rows, columns)
        Intensities.
    mask : ndarray, same shape
        The region; voxels other than 0 are inside.
    spacing_mm : tuple of float
        One value for each axis of the array.
    settings : IbsiSettings
        Processing and aggregations.

    Returns
    -------
    dict of (str, str) to float
        (IBSI code of the feature, IBSI code of the aggregation) to value. The two features of the intensity-volume
        histogram that are taken at two fractions are ``BC2M:10``, ``BC2M:90``, ``GBPN:10``, ``GBPN:90``. Undefined
        values are NaN. A single slice has neither morphology (IBSI defines it in space) nor 3D aggregations; its
        local intensity is that of a disc.

    Raises
    ------
    InputError
        Shapes or spacing that do not fit; intensities that are no grey levels, without binning.
    """
    region = process(volume, mask, spacing_mm, settings)
    values = region.image[region.intensity]
    lowest = None if settings.resegment is None else settings.resegment[0]
    level = grey_levels(values, settings.levels, lowest)
    n_levels = _n_levels(level, settings.levels)
    whole = intensity_statistics(values) | histogram(level, n_levels)
    whole |= local_intensity(region.image, region.intensity, region.spacing_mm)
    whole |= intensity_volume_histogram(values, settings.ivh, settings.resegment)
    if not region.flat:
        whole |= morphology(region.image, region.morphological, region.intensity, region.spacing_mm)
    found = {(code, WHOLE): value for code, value in whole.items()}
    return found | _texture(region, level_volume(level, region.intensity), settings.planes)


def _n_levels(level: NDArray[np.int64], binning: Binning | None) -> int:
    return int(binning.value) if binning is not None and binning.rule == "count" else int(level.max(initial=0))


def _texture(region: Processed, levels: LevelVolume, planes: tuple[Plane, ...]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for planar in (True, False):
        wanted = [plane for plane in planes if (plane != "3D") == planar and not (plane == "3D" and region.flat)]
        if not wanted:
            continue
        zones = find_zones(levels, planar)
        distance = border_distance(region.morphological, planar)[region.intensity]
        for plane in wanted:
            found |= cooccurrence(levels, plane) | runlength(levels, plane) | sizezone(levels, zones, plane)
            found |= distancezone(levels, zones, distance, plane) | tone(levels, plane) | dependence(levels, plane)
    return found
