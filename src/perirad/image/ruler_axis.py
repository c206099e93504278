"""The surest ruler along one axis of a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray, frozen
from perirad.image.ruler_comb import find_combs, tick_signal
from perirad.image.ruler_list import MENU, list_doubt
from perirad.image.ruler_scale import trust
from perirad.image.ruler_ticks import Ticks, measure_ticks, sort_combs

__all__ = ["FAINT", "RIVAL", "AxisRuler", "Side", "read_axis", "tissue"]

Side = Literal["left", "right", "top", "bottom"]
Float32 = NDArray[np.float32]

FAINT = 0.25  # a ruler less sure than this is none
RIVAL = 0.5  # a second ruler as sure as this must agree
SAME = 0.025  # numbers beside the ticks are a ruler too, with a period that is not as well known
APART = 60  # pixels
DOUBTED = 0.6  # of the confidence


@dataclass(frozen=True)
class AxisRuler:
    """A ruler along one axis of the picture.

    Parameters
    ----------
    side : {"left", "right", "top", "bottom"}
        Where it stands; left and right measure down the rows, top and bottom across the columns.
    period_px : float
        Distance of neighbouring ticks, least squares over all ticks.
    places_px : ndarray of shape (n_ticks,)
        Middle of each tick, row or column.
    band_px : tuple of int
        First and last column (row, for top and bottom) of the ticks.
    residual_px : float
        Root mean square distance of the ticks from equal spacing.
    every : int
        Every how many ticks stands a longer one; 1 where none does.
    confidence : float
        0 to 1, of this ruler alone.
    doubt : str
        Why it may be no ruler, in words; "" where nothing says so.
    """

    side: Side
    period_px: float
    places_px: FloatArray
    band_px: tuple[int, int]
    residual_px: float
    every: int
    confidence: float
    doubt: str = ""

    @property
    def is_upright(self) -> bool:
        """Whether it measures down the rows."""
        return self.side in ("left", "right")

    def line(self) -> str:
        """Say where the ticks are and how well they fit."""
        count, period, residual = self.places_px.size, self.period_px, self.residual_px
        return f"{self.side}: {count} ticks, {period:.2f} px apart (rms {residual:.2f} px)"


def read_axis(grey: Float32, *, upright: bool) -> AxisRuler | None:
    """Read the surest ruler along one axis; a rival that disagrees makes it less sure."""
    view = grey if upright else np.ascontiguousarray(grey.T)
    extent = tissue(view)
    signal = tick_signal(view)
    rulers = []
    for comb, columns in sort_combs(find_combs(signal)):
        ticks = measure_ticks(signal, comb, columns)
        if ticks is not None:
            rulers.append(_axis_ruler(ticks, extent, view.shape[1], upright=upright))
    rulers.sort(key=lambda ruler: ruler.confidence, reverse=True)
    if not rulers or rulers[0].confidence < FAINT:
        return None
    best = _finest(rulers)
    rivals = [other for other in rulers if other is not best and other.confidence >= max(RIVAL, 0.6 * best.confidence)]
    doubt = _doubt(best, rivals) or list_doubt(signal, best.places_px, best.band_px)
    return replace(best, confidence=DOUBTED * best.confidence, doubt=doubt) if doubt else best


def _doubt(best: AxisRuler, rivals: list[AxisRuler]) -> str:
    """Why other combs of the same axis make the surest one less sure."""
    if any(not _same_scale(best, other) for other in rivals):
        return "other marks along the same axis have another distance"
    return MENU if _is_grid(best, rivals) else ""


def _finest(rulers: list[AxisRuler]) -> AxisRuler:
    """The surest ruler, or the one beside it of which it counts the long ticks only."""
    best = rulers[0]
    for other in rulers[1:]:
        near = abs(other.band_px[0] - best.band_px[0]) <= APART
        finer = other.period_px < 0.75 * best.period_px and _same_scale(best, other)
        if other.confidence >= max(FAINT, 0.6 * rulers[0].confidence) and near and finer:
            best = other
    return best


def _is_grid(best: AxisRuler, rivals: list[AxisRuler]) -> bool:
    """Whether the same comb stands in several places, as the bullets of a menu do; a ruler may stand on either side."""
    apart = [other for other in rivals if abs(other.band_px[0] - best.band_px[0]) > APART]
    return any(other.side == best.side for other in apart) or len(apart) > 1


def _same_scale(one: AxisRuler, other: AxisRuler) -> bool:
    """Whether the periods agree, or one counts every second, fifth or tenth tick of the other."""
    ratio = max(one.period_px, other.period_px) / min(one.period_px, other.period_px)
    return any(abs(ratio / times - 1.0) <= SAME for times in (1, 2, 5, 10))


def _axis_ruler(ticks: Ticks, extent: tuple[int, int], n_columns: int, *, upright: bool) -> AxisRuler:
    middle = (ticks.columns[0] + ticks.columns[1]) / 2.0
    near = middle < n_columns / 2.0
    side: Side = ("left" if near else "right") if upright else ("top" if near else "bottom")
    return AxisRuler(
        side=side,
        period_px=ticks.period,
        places_px=frozen(ticks.places),
        band_px=ticks.columns,
        residual_px=ticks.residual,
        every=ticks.pattern.every,
        confidence=trust(ticks, _cover(ticks, extent)),
    )


def tissue(view: Float32) -> tuple[int, int]:
    """First and last row of the tissue: rows that are bright over a good part of their length."""
    dark = float(np.percentile(view[::4, ::4], 10)) + 12.0
    bright = np.flatnonzero((view > dark).mean(axis=1) > 0.15)
    return (int(bright[0]), int(bright[-1])) if bright.size else (0, 0)


def _cover(ticks: Ticks, extent: tuple[int, int]) -> float:
    """Share of the tissue's extent along which the ticks run, to half a period beyond the last."""
    length = extent[1] - extent[0]
    if length <= 0:
        return 0.0
    half = ticks.period / 2.0
    overlap = min(ticks.places[-1] + half, extent[1]) - max(ticks.places[0] - half, extent[0])
    return max(0.0, float(overlap) / length)
