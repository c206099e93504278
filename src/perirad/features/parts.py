"""The disjoint parts that overlapping regions fall into, and the seams between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perirad._kernels import Parts, find_parts
from perirad.arrays import BoolArray

__all__ = ["Parts", "parts_of"]

_MOST = 12
_MOST_PIXELS = 2**26


def parts_of(masks: Sequence[BoolArray]) -> Parts | None:
    """Find the parts that regions fall into.

    Every part is inside or outside of each region: the lesion, the band to 3 mm, that from 3 to 5 mm.

    Parameters
    ----------
    masks : sequence of ndarray of bool, shape (rows, columns)
        The regions within the picture.

    Returns
    -------
    Parts or None
        None where it does not pay: regions that share no pixel, or more than 12 regions or parts; and for pictures of
        more than 67 million pixels, whose counts there would be no room for.
    """
    rows, columns = masks[0].shape
    if len(masks) > _MOST or (rows + 2) * (columns + 2) > _MOST_PIXELS:
        return None
    parts = find_parts([_rows_of(mask).view(np.uint8) for mask in masks])
    return parts if 0 < parts.n_parts <= _MOST and parts.shares() else None


def _rows_of(mask: BoolArray) -> BoolArray:
    """The mask with the pixels of a row side by side in memory; rows may lie apart."""
    return mask if mask.strides[1] == 1 else np.ascontiguousarray(mask)
