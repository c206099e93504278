"""Slow twins of regions: pixel by pixel, what a region is, what each pixel is lost to, and dilation by pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from perirad.arrays import BoolArray, FloatArray

Pixel = tuple[int, int]
Corners = tuple[int, int, int, int]


def is_in(name: str, outside_mm: float, inside_mm: float, *, lesion: bool, beside: bool) -> bool:
    """Whether a pixel belongs to a region, by its distances from the lesion and from what is not lesion."""
    kind, numbers = name[0], [float(part) for part in name[1:].split("-") if part]
    last = numbers[-1] * (1.0 + 1e-9) if numbers else 0.0
    first = numbers[0] * (1.0 + 1e-9) if numbers else 0.0
    return {
        "I": lesion,
        "P": not lesion and outside_mm <= last,
        "R": not lesion and first < outside_mm <= last,
        "U": lesion or outside_mm <= last,
        "N": lesion and inside_mm <= last,
        "C": lesion and inside_mm > last,
        "T": not lesion and beside and first < outside_mm <= last,
    }[kind]


def region_pixels(
    name: str, lesion: BoolArray, outside_mm: FloatArray, inside_mm: FloatArray, margin: int
) -> set[Pixel]:
    """Pixels of the whole region on the grid continued by margin; `outside_mm` has that margin, `inside_mm` has not."""
    marked = np.argwhere(lesion)
    (top, left), (bottom, right) = marked.min(axis=0), marked.max(axis=0)
    found = set()
    for i, j in np.ndindex(outside_mm.shape):
        row, column = i - margin, j - margin
        on_grid = 0 <= row < lesion.shape[0] and 0 <= column < lesion.shape[1]
        if is_in(
            name,
            float(outside_mm[i, j]),
            float(inside_mm[row, column]) if on_grid else 0.0,
            lesion=bool(on_grid and lesion[row, column]),
            beside=bool(top <= row <= bottom and not left <= column <= right),
        ):
            found.add((row, column))
    return found


def causes_of(
    pixels: set[Pixel], lesion: BoolArray, field: Corners, masks: Mapping[str, BoolArray]
) -> dict[Pixel, str]:
    """Return what each lost pixel is lost to; `masks` in order of priority."""
    lost = {}
    for row, column in pixels:
        on_image = 0 <= row < lesion.shape[0] and 0 <= column < lesion.shape[1]
        if not on_image:
            lost[row, column] = "image edge"
        elif not (field[0] <= row < field[2] and field[1] <= column < field[3]):
            lost[row, column] = "outside field"
        else:
            for cause, mask in masks.items():
                spared = lesion[row, column] and cause not in ("text", "calipers", "needle")
                if mask[row, column] and not spared:
                    lost[row, column] = cause
                    break
    return lost


def dilated(mask: BoolArray, n: int, element: str) -> BoolArray:
    """Dilate a mask by the structuring element of n pixels, one lesion pixel after the other."""
    holds: Callable[[int, int], bool] = {
        "square": lambda r, c: max(r, c) <= n,
        "cross": lambda r, c: min(r, c) == 0 and max(r, c) <= n,
        "diamond": lambda r, c: r + c <= n,
        "disc": lambda r, c: math.hypot(r, c) <= n,
    }[element]
    out = np.zeros_like(mask)
    for row, column in np.argwhere(mask):
        for i, j in np.ndindex(mask.shape):
            out[i, j] |= holds(abs(i - int(row)), abs(j - int(column)))
    return out
