"""Rulers drawn on a dark screen with a block of tissue, to a fraction of a pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from perirad.image.ruler import RulerReading

ROWS, COLUMNS = 420, 360
FIRST, PERIOD = 31.7, 37.3
Canvas = NDArray[np.float32]


def screen() -> Canvas:
    """A dark screen with a speckled block in its middle."""
    canvas = np.full((ROWS, COLUMNS), 10.0, dtype=np.float32)
    rng = np.random.default_rng(5)
    canvas[30:390, 60:300] = 70.0 + 18.0 * rng.standard_normal((360, 240))
    return canvas


def lay_ticks(
    canvas: Canvas, places: Sequence[float] | NDArray[np.float64], *, column: int = 318, lengths: Sequence[int] = (8,)
) -> Canvas:
    """Ticks two pixels thick, anti-aliased exactly: a pixel's grey is the share of it that the tick covers."""
    row = np.arange(canvas.shape[0])
    for number, place in enumerate(places):
        cover = np.clip(np.minimum(row + 0.5, place + 1.0) - np.maximum(row - 0.5, place - 1.0), 0.0, 1.0)
        part = canvas[:, column : column + lengths[number % len(lengths)]]
        part += cover[:, None].astype(np.float32) * (200.0 - part)
    return canvas


def combs(n: int, period: float = PERIOD, first: float = FIRST) -> NDArray[np.float64]:
    return np.asarray(first + period * np.arange(n), dtype=np.float64)


def sure(reading: RulerReading | None) -> RulerReading:
    assert reading is not None
    assert reading.is_sure, reading
    return reading


def both_axes(across: float) -> Canvas:
    canvas = lay_ticks(screen(), combs(10))
    return lay_ticks(canvas.T, combs(int(270 / across) + 1, across, 50.4), column=398).T
