"""Intensity-volume histogram (IBSI P88C): how much of the region is at least as bright."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.ibsi.discretise import grey_levels
from perirad.features.ibsi.settings import Binning

__all__ = ["IVH", "intensity_volume_histogram", "ivh_features"]

IVH = ("BC2M:10", "BC2M:90", "GBPN:10", "GBPN:90", "DDTU", "CNV2", "9CMM")
"""IBSI codes; BC2M and GBPN with the fraction in per cent that they are taken at."""

_MAX_STEPS = 10_000_000


def intensity_volume_histogram(
    values: FloatArray, binning: Binning | None, resegment: tuple[float, float] | None
) -> dict[str, float]:
    """Histogram features of the intensities of a region, by code.

    Parameters
    ----------
    values : ndarray of shape (n_voxels,)
        Intensities.
    binning : Binning, optional
        None: whole-numbered intensities, each a step of its own. A fixed width: steps are the centres of the bins, in
        intensity units. A fixed number: steps are bin numbers, an arbitrary unit.
    resegment : tuple of float, optional
        The range of intensities that could occur, which a fixed width and no binning start and end with; the region's
        minimum and maximum where there is none.

    Raises
    ------
    InputError
        Intensities that are not whole numbers, without binning.
    """
    if values.size == 0:
        return dict.fromkeys(IVH, math.nan)
    lowest, highest = (float(values.min()), float(values.max())) if resegment is None else resegment
    if binning is None:
        if not np.all(values == np.floor(values)):
            raise InputError("the intensity-volume histogram needs whole intensities", "fractions", mend="give ivh")
        lowest, highest = math.ceil(lowest), math.floor(highest)
        if highest - lowest > _MAX_STEPS:
            raise InputError(f"at most {_MAX_STEPS} steps of intensity", f"{lowest:g} to {highest:g}", mend="give ivh")
        step = (values - lowest).astype(np.int64)
        return ivh_features(np.arange(lowest, highest + 1.0), _at_least(step, round(highest - lowest) + 1))
    level = grey_levels(values, binning, lowest) - 1
    if binning.rule == "count":
        n_bins = int(binning.value)
        return ivh_features(np.arange(1.0, n_bins + 1.0), _at_least(level, n_bins))
    n_bins = max(math.ceil((highest - lowest) / binning.value), int(level.max()) + 1)
    centres = np.arange(0.5, n_bins) * binning.value + lowest
    return ivh_features(centres, _at_least(level, n_bins))


def ivh_features(intensity: FloatArray, volume: FloatArray) -> dict[str, float]:
    """Features of a histogram.

    Parameters
    ----------
    intensity : ndarray of shape (n_steps,)
        Ascending.
    volume : ndarray of shape (n_steps,)
        Fraction of the voxels that are at least as bright, falling from 1.

    Returns
    -------
    dict of str to float
        Keyed as `IVH`. With a single step, intensity fractions are undefined and what needs them is NaN. An intensity
        at a volume fraction is NaN where even the brightest step holds more voxels.
    """
    reach = intensity[-1] - intensity[0]
    fraction = (intensity - intensity[0]) / reach if reach > 0.0 else np.full(intensity.size, math.nan)
    v10, v90 = (_first(volume, fraction >= share) for share in (0.1, 0.9))
    i10, i90 = (_first(intensity, volume <= share) for share in (0.1, 0.9))
    area = float(np.diff(fraction) @ (volume[1:] + volume[:-1]) / 2.0) if reach > 0.0 else math.nan
    return dict(zip(IVH, (v10, v90, i10, i90, v10 - v90, i10 - i90, area), strict=True))


def _at_least(step: IntArray, n_steps: int) -> FloatArray:
    """Fraction of voxels at each step or above."""
    count = np.bincount(step, minlength=n_steps)
    return np.asarray(np.cumsum(count[::-1])[::-1] / len(step), dtype=np.float64)


def _first(values: FloatArray, where: BoolArray) -> float:
    """Value at the first place that is true, NaN where none is."""
    return float(values[where.argmax()]) if where.any() else math.nan
