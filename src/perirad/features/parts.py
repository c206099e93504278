"""The disjoint parts that overlapping regions fall into, so that each pixel is counted once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perirad._kernels import Regions, bounds
from perirad.arrays import BoolArray

__all__ = ["Regions", "bounds_of", "parts_of"]

_MOST = 12
_MOST_PIXELS = 2**26


def parts_of(masks: Sequence[BoolArray], *, separate: bool = False) -> Regions | None:
    """Find the parts that regions fall into.

    Every part is inside or outside of each region: the lesion, the band to 3 mm, that from 3 to 5 mm.

    Parameters
    ----------
    masks : sequence of ndarray of bool, shape (rows, columns)
        The regions within the picture.
    separate : bool
        Whether each region is needed for itself besides, for a fixed number of bins.

    Returns
    -------
    Regions or None
        None for regions without pixels, for more than 12 regions or parts, and for pictures of more than 67 million
        pixels, for whose counts there would be no room.
    """
    rows, columns = masks[0].shape
    if len(masks) > _MOST or (rows + 2) * (columns + 2) > _MOST_PIXELS:
        return None
    bytes_of = [_rows_of(mask).view(np.uint8) for mask in masks]
    regions = Regions(bytes_of)
    if not 0 < regions.n_parts <= _MOST:
        return None
    if separate:
        regions.separate(bytes_of)
    return regions


def bounds_of(masks: Sequence[BoolArray]) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of what masks of one shape cover together; all 0 where there is no pixel."""
    return bounds([_rows_of(mask).view(np.uint8) for mask in masks])


def _rows_of(mask: BoolArray) -> BoolArray:
    """The mask with the pixels of a row side by side in memory; rows may lie apart."""
    return mask if mask.strides[1] == 1 else np.ascontiguousarray(mask)
