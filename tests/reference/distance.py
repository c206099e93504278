"""Slow twin of the regions' distances: every pixel against every lesion pixel."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from perirad.arrays import BoolArray, FloatArray

Pixel = tuple[int, int]


def distances_mm(mask: BoolArray, spacing_mm: tuple[float, float], margin: int) -> FloatArray:
    """Distance in mm from each pixel's centre to the nearest lesion pixel's centre, on the grid continued by margin."""
    lesion = _pixels(mask)
    rows, columns = mask.shape
    distance = np.empty((rows + 2 * margin, columns + 2 * margin))
    for row, column in _grid(mask.shape, margin):
        distance[row + margin, column + margin] = min(
            math.hypot((row - i) * spacing_mm[0], (column - j) * spacing_mm[1]) for i, j in lesion
        )
    return distance


def outline_distances_mm(mask: BoolArray, spacing_mm: tuple[float, float], margin: int) -> FloatArray:
    """Distance in mm from each pixel's centre to the outline before the nearest lesion pixels."""
    lesion = _pixels(mask)
    rows, columns = mask.shape
    distance = np.empty((rows + 2 * margin, columns + 2 * margin))
    for row, column in _grid(mask.shape, margin):
        centres = {(i, j): math.hypot((row - i) * spacing_mm[0], (column - j) * spacing_mm[1]) for i, j in lesion}
        nearest = min(centres.values()) * (1.0 + 1e-9)
        distance[row + margin, column + margin] = min(
            _outline_mm((abs(row - i), abs(column - j)), spacing_mm, corner=_is_corner(mask, i, j))
            for (i, j), away in centres.items()
            if away <= nearest
        )
    return distance


def _pixels(mask: BoolArray) -> list[Pixel]:
    return [(int(row), int(column)) for row, column in np.argwhere(mask)]


def _grid(shape: tuple[int, ...], margin: int) -> Iterator[Pixel]:
    for row in range(-margin, shape[0] + margin):
        for column in range(-margin, shape[1] + margin):
            yield row, column


def _is_corner(mask: BoolArray, row: int, column: int) -> bool:
    about = mask[max(row - 3, 0) : row + 4, max(column - 3, 0) : column + 4]
    return int(about.sum()) <= 20


def _outline_mm(away: Pixel, spacing_mm: tuple[float, float], *, corner: bool) -> float:
    if corner or 0 in away:
        return math.hypot(*(max(n - 0.5, 0.0) * mm for n, mm in zip(away, spacing_mm, strict=True)))
    length = math.hypot(away[0] * spacing_mm[0], away[1] * spacing_mm[1])
    size = math.hypot(away[0] * spacing_mm[0] ** 2, away[1] * spacing_mm[1] ** 2) / length
    return length - 0.18 * size
