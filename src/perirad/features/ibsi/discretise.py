"""Grey levels by IBSI's two rules."""

from __future__ import annotations

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.ibsi.settings import Binning

__all__ = ["MAX_LEVELS", "grey_levels"]

MAX_LEVELS = 65_535


def grey_levels(values: FloatArray, binning: Binning | None, lowest: float | None) -> IntArray:
    """Grey level of each intensity of a region, from 1.

    Parameters
    ----------
    values : ndarray of shape (n_voxels,)
        Intensities.
    binning : Binning or None
        None: the intensities are grey levels already.
    lowest : float or None
        Lower edge of the first bin of fixed size: the lower bound of re-segmentation where there is one, else (None)
        the region's minimum. A fixed number of bins spans the region's own minimum to maximum, whatever `lowest`.

    Returns
    -------
    ndarray of shape (n_voxels,)
        An intensity on an edge belongs to the upper bin, the maximum to the last of a fixed number of bins. A flat
        region has level 1 with a fixed number of bins.

    Raises
    ------
    InputError
        Without binning, intensities that are not whole numbers from 1; more than 65,535 levels.
    """
    if values.size == 0:
        return np.zeros(0, dtype=np.int64)
    if binning is None:
        if not (np.all(values == np.floor(values)) and values.min() >= 1.0 and values.max() <= MAX_LEVELS):
            raise InputError(
                f"grey levels must be whole numbers from 1 to {MAX_LEVELS}",
                f"intensities from {values.min():g} to {values.max():g}",
                mend="give a bin width or count",
            )
        return values.astype(np.int64)
    start = float(values.min())
    if binning.rule == "count":
        reach = float(values.max()) - start
        level = np.floor(binning.value * (values - start) / reach) if reach > 0.0 else np.zeros_like(values)
        return np.minimum(level, binning.value - 1.0).astype(np.int64) + 1
    start = start if lowest is None else lowest
    level = np.floor((values - start) / binning.value)
    if not level.max() < MAX_LEVELS:
        raise InputError(
            f"a region must have at most {MAX_LEVELS} grey levels",
            f"intensities up to {values.max():g} at bin width {binning.value:g}",
            mend="choose wider bins",
        )
    return level.astype(np.int64) + 1
