"""Where tick labels go when there is not room for each at its tick."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perirad.arrays import FloatArray

__all__ = ["keep_apart", "spread"]


def keep_apart(centres: Sequence[float] | FloatArray, widths: Sequence[float], gap: float) -> list[int]:
    """Positions of the labels that can stand without touching: both ends, then from the left what still fits.

    `centres` and `widths` are in millimetres, in any order. The two ends are kept even where they touch each other.
    """
    order = [int(i) for i in np.argsort(np.asarray(centres, dtype=np.float64), kind="stable")]
    if len(order) <= 2:
        return order

    def clear(left: int, right: int) -> bool:
        return centres[right] - centres[left] >= (widths[left] + widths[right]) / 2 + gap

    kept, last = [order[0]], order[-1]
    for index in order[1:-1]:
        if clear(kept[-1], index) and clear(index, last):
            kept.append(index)
    return [*kept, last]


def spread(
    centres: Sequence[float] | FloatArray, widths: Sequence[float], gap: float, low: float, high: float
) -> FloatArray:
    """Move label centres as little as possible so that neighbours do not touch and all stay within [low, high].

    Least squares displacement by pooling neighbours that touch (isotonic regression on positions less the room
    the labels before them take). Where all together are wider than the room, they overrun `high`.
    """
    order = np.argsort(np.asarray(centres, dtype=np.float64), kind="stable")
    want = np.asarray(centres, dtype=np.float64)[order]
    wide = np.asarray(widths, dtype=np.float64)[order]
    offset = np.concatenate([[0.0], np.cumsum((wide[1:] + wide[:-1]) / 2 + gap)]) if want.size else want
    blocks: list[tuple[float, int]] = []
    for target in want - offset:
        mean, count = float(target), 1
        while blocks and blocks[-1][0] > mean:
            before, n = blocks.pop()
            mean, count = (before * n + mean * count) / (n + count), n + count
        blocks.append((mean, count))
    free = np.concatenate([np.full(count, mean) for mean, count in blocks]) if blocks else want
    if free.size:
        first, last = low + wide[0] / 2, high - wide[-1] / 2 - offset[-1]
        free = np.clip(free, first, max(first, last))
    result = np.empty_like(want)
    result[order] = free + offset
    return result
