"""The disjoint parts that overlapping regions fall into, and the seams between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, IntArray
from perirad.features.glrlm import has_lines

__all__ = ["DIRECTIONS", "Parts", "parts_of"]

DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Steps (row, column) to four of the eight neighbours."""

_MOST = 12


@dataclass(frozen=True)
class Parts:
    """Parts of a picture, each inside or outside of every region: the lesion, the band to 3 mm, that from 3 to 5 mm.

    Parameters
    ----------
    members : ndarray of bool, shape (n_regions, n_parts)
        Which parts a region is made of.
    in_image : tuple of ndarray
        Flat places of each part's pixels in the picture, row by row.
    in_box : tuple of ndarray
        The same in the picture with a border of one pixel.
    part : ndarray of uint8, shape (rows + 2, columns + 2)
        Number of each pixel's part from 1, 0 outside.
    owners : ndarray of uint16, shape (rows + 2, columns + 2)
        Bit r is set where region r holds the pixel.
    seams : ndarray of shape (n_seams,)
        Places, border included, of pixels that have one of another part among their eight neighbours.
    links : tuple of four ndarrays
        For each of `DIRECTIONS`, places of pixels whose next pixel is in another part of a common region.
    neighbours : ndarray of shape (n_links, 2)
        Both ends of all links.
    lines : ndarray of bool, shape (n_regions, 4)
        Whether some line in that direction holds two pixels of the region.
    """

    members: BoolArray
    in_image: tuple[IntArray, ...]
    in_box: tuple[IntArray, ...]
    part: NDArray[np.uint8]
    owners: NDArray[np.uint16]
    seams: IntArray
    links: tuple[IntArray, ...]
    neighbours: IntArray
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
    if len(masks) > _MOST:
        return None
    rows, columns = masks[0].shape
    owners = np.zeros((rows + 2, columns + 2), dtype=np.uint16)
    inner = owners[1:-1, 1:-1]
    for r, mask in enumerate(masks):
        inner |= mask.astype(np.uint16) << np.uint16(r)
    kinds = np.flatnonzero(np.bincount(inner.reshape(-1), minlength=2))
    kinds = kinds[kinds > 0]
    members = (kinds[None, :] >> np.arange(len(masks))[:, None] & 1).astype(np.bool_)
    if not 0 < len(kinds) <= _MOST or members.sum() <= len(kinds):
        return None
    number = np.zeros(1 << len(masks), dtype=np.uint8)
    number[kinds] = np.arange(1, len(kinds) + 1)
    part = number[owners]
    in_image = tuple(np.flatnonzero(inner == kind) for kind in kinds)
    in_box = tuple(at + 2 * (at // columns) + columns + 3 for at in in_image)
    crossings, links = _links(owners)
    seams = np.unique(np.concatenate([*crossings]))
    neighbours = np.concatenate([
        np.stack([start, start + down * (columns + 2) + across], axis=1)
        for start, (down, across) in zip(links, DIRECTIONS, strict=True)
    ])  # fmt: skip
    lines = np.stack([
        has_lines(np.concatenate([in_box[0][:0], *(in_box[p] for p in np.flatnonzero(member))]), owners.shape)
        for member in members
    ])  # fmt: skip
    return Parts(members, in_image, in_box, part, owners, seams, links, neighbours, lines)


def _links(owners: NDArray[np.uint16]) -> tuple[list[IntArray], tuple[IntArray, ...]]:
    """Both ends of every step from one part to another, and where those start that stay in some region."""
    rows, columns = owners.shape
    crossings, links = [], []
    for down, across in DIRECTIONS:
        here = owners[1:-1, 1:-1]
        there = owners[1 + down : rows - 1 + down, 1 + across : columns - 1 + across]
        row, column = np.nonzero((here != there) & (here != 0) & (there != 0))
        start = (row + 1) * columns + column + 1
        end = start + down * columns + across
        crossings += [start, end]
        flat = owners.reshape(-1)
        links.append(start[(flat[start] & flat[end]) != 0])
    return crossings, tuple(links)
