"""The boundary of a mask along the sides of its pixels: the polygon that gives back exactly the same pixels."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray, IntArray

__all__ = ["trace"]

_Corner = tuple[int, int]
_Steps = dict[_Corner, list[_Corner]]


def trace(mask: BoolArray) -> tuple[tuple[IntArray, ...], tuple[IntArray, ...]]:
    """Return the outer rings and the holes of a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (n_rows, n_columns)
        The mask.

    Returns
    -------
    outer, holes : tuple of ndarray of int64, shape (n_vertices, 2)
        (row, column) of pixel corners, counted from the corner of the first pixel, at the turns alone. Parts that
        touch at a corner only are rings of their own.
    """
    steps = _steps(mask)
    rings = [_turns(_walk(steps, corner)) for corner in sorted(steps) if corner in steps]
    outer = tuple(ring for ring in rings if _area(ring) > 0)
    return outer, tuple(ring for ring in rings if _area(ring) < 0)


def _steps(mask: BoolArray) -> _Steps:
    """Return the sides between marked and unmarked pixels, each with the marked pixel on its right hand."""
    marked = np.pad(mask, 1).astype(np.int8)
    down = np.diff(marked, axis=0)[:, 1:-1]
    across = np.diff(marked, axis=1)[1:-1]
    ends: list[tuple[int, int, int, int]] = []
    for row, column in np.argwhere(down).tolist():
        side = (row, column, row, column + 1) if down[row, column] > 0 else (row, column + 1, row, column)
        ends.append(side)
    for row, column in np.argwhere(across).tolist():
        side = (row + 1, column, row, column) if across[row, column] > 0 else (row, column, row + 1, column)
        ends.append(side)
    steps: _Steps = {}
    for row, column, next_row, next_column in ends:
        steps.setdefault((row, column), []).append((next_row, next_column))
    return steps


def _walk(steps: _Steps, start: _Corner) -> list[_Corner]:
    """Take the ring out of the steps that begins at their first corner in reading order, where no other ring passes.

    Where two ways lead on, the right one keeps to the same pixel.
    """
    ring = [start]
    while True:
        here = ring[-1]
        ways = steps[here]
        onward = ways[0] if len(ways) == 1 else next(way for way in ways if _is_right(ring[-2], here, way))
        ways.remove(onward)
        if not ways:
            del steps[here]
        if onward == start:
            return ring
        ring.append(onward)


def _is_right(before: _Corner, here: _Corner, way: _Corner) -> bool:
    down, across = here[0] - before[0], here[1] - before[1]
    return (way[0] - here[0], way[1] - here[1]) == (across, -down)


def _turns(ring: list[_Corner]) -> IntArray:
    corners = np.array(ring, dtype=np.int64)
    before, after = corners - np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0) - corners
    turns: IntArray = corners[(before != after).any(axis=1)]
    return turns


def _area(ring: IntArray) -> int:
    """Twice the area, positive where the inside lies on the right hand."""
    row, column = ring.T
    return int(np.sum(column * np.roll(row, -1) - np.roll(column, -1) * row))
