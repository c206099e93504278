"""A second look along the axis whose ruler was not read, for what contradicts square pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import frozen
from perirad.image.ruler_axis import AxisRuler, Side, tissue
from perirad.image.ruler_comb import Comb, find_combs, opened
from perirad.image.ruler_scale import HINT

__all__ = ["AGREE", "SQUARENESS", "look_again"]

Float32 = NDArray[np.float32]

AGREE = 0.01  # relative difference of two periods that are the same
SQUARENESS = 1.5  # rulers whose spacings differ more than this are not those of one picture
STRETCH = 1.36  # a screen of 4:3 shown on one of 16:9 is stretched by 1.33
TIMES = (1, 2, 5)  # numbers stand at every so many ticks
NEAR = 60  # columns within the edge of the tissue in which rulers are drawn
SMALL, LARGE, FIGURES = (15, 13), (15, 31), (25, 31)  # rows and columns beyond which a mark is none
BLUR = (9, 7)  # makes one mark of a figure's strokes
LEAST_SCORE = 2.3
LEAST_MARKS = 4
BESIDE = 4  # columns
LEAST_COVER = 0.75  # of the tissue's extent


def look_again(grey: Float32, best: AxisRuler) -> AxisRuler | None:
    """Search the other axis for faint ticks, or numbers, at a distance near that of the ticks that were read.

    Parameters
    ----------
    grey : ndarray of shape (n_rows, n_columns), float32
    best : AxisRuler
        The ruler that was read.

    Returns
    -------
    AxisRuler or None
        Marks that agree with square pixels, before others that contradict, the plainest first. Its confidence is that
        of a hint, its period that of the ticks even where numbers were found.
    """
    view = np.ascontiguousarray(grey.T) if best.is_upright else grey
    extent = tissue(view)
    hints = [
        hint
        for columns in _margins(view)
        for comb in _isolated_combs(view[:, columns])
        if (hint := _hint(comb, best, extent, columns.start, view.shape[1])) is not None
    ]
    return max(hints, key=lambda hint: (_is_same(hint[1], best), hint[0]))[1] if hints else None


def _margins(view: Float32) -> list[slice]:
    """Columns beside the tissue and just upon it: what stands in its middle is tissue."""
    left, right = tissue(np.ascontiguousarray(view.T))
    if right - left <= 2 * NEAR:
        return [slice(0, view.shape[1])]
    return [slice(0, left + NEAR), slice(right - NEAR, view.shape[1])]


def _isolated_combs(view: Float32) -> Iterator[Comb]:
    """Combs of what is bright and short both ways: unlike tissue, whose echoes are wide."""
    from scipy.ndimage import uniform_filter  # noqa: PLC0415

    if view.shape[1] < LARGE[1]:
        return
    for tall, wide in (SMALL, LARGE):
        yield from _repeated(find_combs(_isolated(view, tall, wide)))
    yield from _repeated(find_combs(2.0 * uniform_filter(_isolated(view, *FIGURES), BLUR)))


def _repeated(combs: list[Comb]) -> list[Comb]:
    """Combs that a neighbouring strip shows too: a tick is wider than a speck of noise."""

    def same(one: Comb, other: Comb) -> bool:
        near = 0 < abs(one.strip - other.strip) <= BESIDE
        return near and abs(one.period / other.period - 1.0) <= AGREE

    return [comb for comb in combs if any(same(comb, other) for other in combs)]


def _isolated(view: Float32, tall: int, wide: int) -> Float32:
    signal: Float32 = view - np.maximum(opened(view, tall, axis=0), opened(view, wide, axis=1))
    return signal


def _hint(
    comb: Comb, best: AxisRuler, extent: tuple[int, int], shift: int, n_columns: int
) -> tuple[float, AxisRuler] | None:
    """Score and ruler of a comb whose period may be that of the ticks, or of numbers beside them."""
    low, high = comb.first - comb.period / 2.0, comb.first + comb.period * (float(comb.ranks[-1]) + 0.5)
    cover = (min(high, extent[1]) - max(low, extent[0])) / max(extent[1] - extent[0], 1)
    ratio = comb.period / best.period_px
    times = min(TIMES, key=lambda times: abs(np.log(ratio / times)))
    if min(comb.score / LEAST_SCORE, cover / LEAST_COVER, comb.ranks.size / LEAST_MARKS) < 1.0:
        return None
    if not 1.0 / STRETCH <= ratio / times <= STRETCH:
        return None
    strip = comb.strip + shift
    before = strip < n_columns / 2.0
    side: Side = ("top" if before else "bottom") if best.is_upright else ("left" if before else "right")
    places = frozen(np.asarray(comb.first + comb.period * comb.ranks, dtype=np.float64))
    return comb.score, AxisRuler(side, comb.period / times, places, (strip - 1, strip + 1), 0.0, 1, HINT)


def _is_same(hint: AxisRuler, best: AxisRuler) -> bool:
    return abs(hint.period_px / best.period_px - 1.0) <= AGREE
