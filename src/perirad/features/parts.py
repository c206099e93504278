"""The disjoint parts that overlapping regions fall into, and the seams between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad._kernels import find_parts
from perirad.arrays import BoolArray, IntArray
from perirad.features.glrlm import has_lines

__all__ = ["Parts", "parts_of"]

_MOST = 12
_MOST_PIXELS = 2**31 - 1


@dataclass(frozen=True)
class Parts:
    """Parts of a picture, each inside or outside of every region: the lesion, the band to 3 mm, that from 3 to 5 mm.

    Places are flat, in the picture with a border of one pixel; directions are (0,1), (1,0), (1,1), (1,-1).

    Parameters
    ----------
    members : ndarray of bool, shape (n_regions, n_parts)
        Which parts a region is made of.
    starts : ndarray of shape (n_parts + 1,)
        Where each part begins when the pixels of all parts are put one after the other.
    owners : ndarray of uint16, shape (rows + 2, columns + 2)
        Bit r is set where region r holds the pixel.
    known : ndarray of uint8, shape (rows + 2, columns + 2)
        How many of the eight neighbours lie in some region.
    segments : ndarray of int32, shape (n_segments, 4)
        Pixels of one part side by side: row and column of the first one, border included, their number, and the part.
    crossings : ndarray of int32, shape (n_crossings, 2)
        Place of a pixel whose next pixel lies in another part, and the direction.
    seams : ndarray of int32, shape (n_seams, 3)
        Place of a pixel that has neighbours in other parts; bits of the neighbours, row by row, that are held by the
        regions whose bits follow. These regions hold the pixel, but not all of its known neighbours.
    lines : ndarray of bool, shape (n_regions, 4)
        Whether some line in that direction holds two pixels of the region.
    """

    members: BoolArray
    starts: IntArray
    owners: NDArray[np.uint16]
    known: NDArray[np.uint8]
    segments: NDArray[np.int32]
    crossings: NDArray[np.int32]
    seams: NDArray[np.int32]
    lines: BoolArray


def parts_of(masks: Sequence[BoolArray]) -> Parts | None:
    """Find the parts that regions fall into.

    Parameters
    ----------
    masks : sequence of ndarray of bool, shape (rows, columns)
        The regions within the picture.

    Returns
    -------
    Parts or None
        None where it does not pay: regions that share no pixel, or more than 12 regions or parts.
    """
    rows, columns = masks[0].shape
    if len(masks) > _MOST or (rows + 2) * (columns + 2) > _MOST_PIXELS:
        return None
    owners = np.zeros((rows + 2, columns + 2), dtype=np.uint16)
    known = np.zeros_like(owners, dtype=np.uint8)
    kinds, segments, crossings, seams = find_parts(np.stack(masks).view(np.uint8), owners, known)
    members = (kinds[None, :] >> np.arange(len(masks))[:, None] & 1).astype(np.bool_)
    if not 0 < len(kinds) <= _MOST or members.sum() <= len(kinds):
        return None
    n_pixels = np.bincount(segments[:, 3], weights=segments[:, 2], minlength=len(kinds)).astype(np.int64)
    lines = np.stack([_lines_of(owners, r, int(n_pixels[member].sum())) for r, member in enumerate(members)])
    return Parts(members, np.cumsum([0, *n_pixels]), owners, known, segments, crossings, seams, lines)


def _lines_of(owners: NDArray[np.uint16], region: int, n_pixels: int) -> BoolArray:
    """Directions in which a region has lines; more pixels than rows and columns have them in all."""
    if n_pixels > sum(owners.shape):
        return np.ones(4, dtype=np.bool_)
    return has_lines(np.flatnonzero(owners >> np.uint16(region) & np.uint16(1)), owners.shape)
