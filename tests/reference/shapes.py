"""Discs and rectangles of known ring areas, drawn as a mask of the pixels whose centre lies inside."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from perirad.arrays import BoolArray

Pair = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A rectangle of two sides, its corners rounded by a radius: a disc where the sides are 0."""

    sides_mm: Pair = (0.0, 0.0)
    radius_mm: float = 0.0
    angle: float = 0.0
    """Degrees from the first side to the rows."""

    def ring_mm2(self, width_mm: float) -> float:
        """Area within a width of the outline, outside (Steiner's formula)."""
        outline = 2.0 * sum(self.sides_mm) + 2.0 * math.pi * self.radius_mm
        return outline * width_mm + math.pi * width_mm**2

    def mask(self, spacing_mm: Pair, margin_mm: float, offset: Pair = (0.0, 0.0)) -> BoolArray:
        """Draw it in the middle of a picture with a margin, moved by an offset in pixels."""
        extent = math.hypot(*self.sides_mm) / 2.0 + self.radius_mm + margin_mm
        n = [2 * math.ceil(extent / mm) + 4 for mm in spacing_mm]
        row, column = np.ogrid[: n[0], : n[1]]
        down = (row - (n[0] - 1) / 2.0 - offset[0]) * spacing_mm[0]
        aside = (column - (n[1] - 1) / 2.0 - offset[1]) * spacing_mm[1]
        turn = math.radians(self.angle)
        along, across = aside * math.cos(turn) + down * math.sin(turn), down * math.cos(turn) - aside * math.sin(turn)
        beyond = [np.abs(v) - side / 2.0 for v, side in zip((along, across), self.sides_mm, strict=True)]
        away = np.hypot(np.maximum(beyond[0], 0.0), np.maximum(beyond[1], 0.0))
        inside: BoolArray = away + np.minimum(np.maximum(beyond[0], beyond[1]), 0.0) <= self.radius_mm
        return inside
