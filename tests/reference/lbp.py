"""Slow twin of the local binary patterns: a circle of eight points about one pixel."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from perirad.arrays import FloatArray


def pattern(pixels: FloatArray, row: int, column: int) -> int:
    """Number of points as bright as the centre, or 9 where they are scattered."""
    angles = [2.0 * math.pi * k / 8 for k in range(8)]
    points = [(row - round(math.sin(a), 5), column + round(math.cos(a), 5)) for a in angles]
    bright = [bilinear(pixels, r, c) >= pixels[row, column] for r, c in points]
    changes = sum(a != b for a, b in pairwise(bright))
    return sum(bright) if changes <= 2 else 9


def bilinear(pixels: FloatArray, r: float, c: float) -> float:
    """Interpolate, with zeros around the picture."""
    padded = np.pad(pixels, 2)
    top, left = math.floor(r), math.floor(c)
    down, across = r - top, c - left
    (a, b), (x, y) = padded[top + 2 : top + 4, left + 2 : left + 4].tolist()
    return float((1 - down) * ((1 - across) * a + across * b) + down * ((1 - across) * x + across * y))
