"""Polygons to pixels: the one rasteriser, by pixel centres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError

__all__ = ["TOLERATED_PX", "check_ring", "rasterise"]

TOLERATED_PX = 1.0
"""How far a vertex may lie beyond the picture's edge; programs let the pen slip over it by a fraction of a pixel."""

_MOST_CROSSINGS = 20_000_000
"""Polygon edges times the rows each of them crosses; a guard against hostile zigzags."""


def rasterise(rings: Sequence[ArrayLike], shape: tuple[int, int], *, file: str = "") -> BoolArray:
    """Return the pixels whose centres lie inside a polygon.

    Parameters
    ----------
    rings : sequence of array_like, each of shape (n_vertices, 2)
        Closed rings of (row, column), the last vertex joined to the first; pixel centres lie at whole numbers, so
        the picture reaches from -0.5 to n_rows - 0.5. A format that counts from the corner of the first pixel
        (LabelMe, COCO, CVAT) must have 0.5 taken off first.
    shape : tuple of int
        (rows, columns) of the picture.
    file : str, optional
        File name, for messages.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_columns)
        True where an odd number of ring edges lies between the centre and the outside (even-odd rule): a ring
        inside a ring is a hole, whichever way round either was drawn, and so is what a ring covers twice.
        All False where the rings enclose no centre.

    Raises
    ------
    InputError
        When a ring has fewer than three vertices, a vertex that is not finite, or one more than `TOLERATED_PX` beyond
        the picture's edge; or when the rings have more edges than any outline.

    Notes
    -----
    A centre exactly on an edge belongs to the side of larger row or column (half-open rule), so that polygons that
    share an edge neither share nor miss a pixel.
    """
    checked = [check_ring(ring, shape, file=file) for ring in rings]
    mask = np.zeros(shape, dtype=np.bool_)
    if not checked:
        return mask
    row, column = _crossings(checked, shape, file)
    if row.size == 0:
        return mask
    top, left = int(row.min()), int(column.min())
    height, width = int(row.max()) + 1 - top, int(column.max()) + 1 - left
    odd = np.zeros((height, width), dtype=np.uint8)
    np.bitwise_xor.at(odd.reshape(-1), (row - top) * width + (column - left), 1)
    inside = np.bitwise_xor.accumulate(odd, axis=1).view(np.bool_)
    # Beyond the last crossing of a row nothing is inside, and the last crossings may lie beyond the picture.
    room = mask[top : top + height, left : left + width]
    room[:] = inside[:, : room.shape[1]]
    return mask


def check_ring(ring: ArrayLike, shape: tuple[int, int], *, file: str = "") -> FloatArray:
    """Return a ring as float64 (n_vertices, 2) after checking it as `rasterise` says."""
    try:
        points = np.asarray(ring, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError("vertices must be pairs of numbers", "something else", file=file) from error
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError("vertices must be pairs of numbers", f"an array of shape {points.shape}", file=file)
    if len(points) < 3:
        raise InputError("a polygon must have three vertices or more", str(len(points)), file=file)
    if not np.isfinite(points).all():
        raise InputError("vertices must be finite numbers", "NaN or infinity", file=file)
    lowest, highest = -0.5 - TOLERATED_PX, np.asarray(shape) - 0.5 + TOLERATED_PX
    stray = (points < lowest) | (points > highest)
    if stray.any():
        row, column = points[stray.any(axis=1)][0]
        raise InputError(
            f"outline must lie inside the picture of {shape[0]} x {shape[1]} (rows x columns)",
            f"a vertex at row {row:.6g}, column {column:.6g}",
            file=file,
            mend="check that outline and image belong together",
        )
    return points


def _crossings(rings: list[FloatArray], shape: tuple[int, int], file: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Row of each crossing of an edge with a line of pixel centres, and the first column at or after it.

    Columns are 0 to n_columns; the last stands for all places beyond the picture.
    """
    start = np.concatenate(rings)
    end = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    # Each edge is taken downward, so that it gives the same numbers in both polygons that share it.
    upward = (start[:, 0] > end[:, 0])[:, None]
    (upper_row, upper_column), (lower_row, lower_column) = (
        np.where(upward, end, start).T,
        np.where(upward, start, end).T,
    )
    first = np.clip(np.ceil(upper_row), 0, shape[0]).astype(np.int64)
    last = np.clip(np.ceil(lower_row), 0, shape[0]).astype(np.int64)
    count = last - first
    total = int(count.sum())
    if total > _MOST_CROSSINGS:
        raise InputError("an outline must be of reasonable length", f"{len(start)} vertices", file=file)
    edge = np.repeat(np.arange(len(start)), count)
    row = np.arange(total) - np.repeat(np.cumsum(count) - count - first, count)
    run, fall = (lower_column - upper_column)[edge], (lower_row - upper_row)[edge]
    # Multiplied before it is divided: vertices at whole and half pixels then give exact crossings.
    column = upper_column[edge] + (row - upper_row[edge]) * run / fall
    return row, np.clip(np.ceil(column), 0, shape[1]).astype(np.int64)
