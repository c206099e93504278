"""From combs in strips to rulers: each tick's place to a fraction of a pixel, its size, and how alike the ticks are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.image.ruler_comb import Comb
from perirad.image.ruler_pattern import Pattern, likeness, pattern_of

__all__ = ["Ticks", "measure_ticks", "sort_combs"]

Float32 = NDArray[np.float32]

MOST_RULERS = 8  # candidates of an axis that are measured
GAP = 4  # columns that may part strips of one ruler
REACH = 8  # rows about a tick that may belong to it
BESIDE = 6  # columns on either side that are compared too: the letters of a list begin alike and go on differently
BUSY = 0.2  # of the ticks' brightness
FAINTEST = 0.15  # of a tick's height; less is noise
GROWTH = 16  # columns beyond the common part that a long tick may reach


@dataclass(frozen=True)
class Ticks:
    """Ticks of one ruler, measured.

    Parameters
    ----------
    columns : tuple of int
        First and last column in which the ticks were found.
    places : ndarray of shape (n_ticks,)
        Middle of each tick along the ruler, px.
    ranks : ndarray of shape (n_ticks,)
        Which tick it is, from 0; numbers lack where a tick is hidden.
    period, first : float
        Least-squares distance of the ticks and place of rank 0, px.
    residual : float
        Root mean square distance of the ticks from the fitted line, px.
    pattern : Pattern
        Longer and shorter ticks.
    alike : float
        Median correlation of the ticks' pictures with the common picture of their kind.
    clean : float
        1 where nothing stands between the ticks, 0 where something as bright does.
    endless : float
        Share of the ticks that go on beyond the longest a tick is drawn: layers of tissue, edges of boxes.
    """

    columns: tuple[int, int]
    places: FloatArray
    ranks: IntArray
    period: float
    first: float
    residual: float
    pattern: Pattern
    alike: float
    clean: float
    endless: float

    @property
    def complete(self) -> float:
        """Ticks found, of all from the first to the last."""
        return self.ranks.size / float(self.ranks[-1] + 1)

    @property
    def span(self) -> float:
        """Distance from the first to the last tick, px."""
        return float(self.places[-1] - self.places[0])


def sort_combs(combs: Sequence[Comb]) -> list[tuple[Comb, tuple[int, int]]]:
    """Gather strips that show the same ticks; return the best comb and the columns of each gathering, best first."""
    left = sorted(combs, key=lambda comb: comb.weight, reverse=True)
    gathered: list[tuple[Comb, tuple[int, int]]] = []
    while left and len(gathered) < MOST_RULERS:
        best = left[0]
        members = {comb.strip for comb in left if _same(best, comb)}
        low, high = best.strip, best.strip
        while beyond := {strip for strip in members if low - GAP <= strip <= high + GAP}:
            low, high = min(low, *beyond), max(high, *beyond)
            members -= beyond
        gathered.append((best, (low, high)))
        left = [comb for comb in left if not (low <= comb.strip <= high)]
    return gathered


def _same(best: Comb, comb: Comb) -> bool:
    """Whether a comb has the ticks of another, or every second, fifth of them."""
    if comb is best:
        return True
    times = round(comb.period / best.period)
    if times < 1 or abs(comb.period - times * best.period) > 0.02 * times * best.period:
        return False
    middle = comb.first + comb.period * float(comb.ranks[comb.ranks.size // 2])
    rank = (middle - best.first) / best.period
    return abs(rank - round(rank)) * best.period <= 2.0


def measure_ticks(signal: Float32, comb: Comb, columns: tuple[int, int]) -> Ticks | None:
    """Measure the ticks of a comb; None when fewer than three stand up to it.

    Parameters
    ----------
    signal : ndarray of shape (n_rows, n_columns), float32
        From `tick_signal`.
    comb : Comb
    columns : tuple of int
        First and last column, from `sort_combs`.
    """
    low, high = max(columns[0] - 1, 0), min(columns[1] + 1, signal.shape[1] - 1)
    own = signal[:, max(comb.strip - 1, low) : min(comb.strip + 2, high + 1)].max(axis=1).astype(np.float64)
    reach = int(min(REACH, comb.period // 2 - 1))
    found = _find(own, comb, reach)
    if found is None:
        return None
    ranks, places = found
    period, first = np.polyfit(ranks, places, 1)
    residual = float(np.sqrt(np.mean((places - first - period * ranks) ** 2)))
    patches = _patches(signal, places, (low, high), reach)
    sizes, endless = _sizes(patches, GROWTH)
    pattern = pattern_of(sizes, ranks)
    inner = slice(GROWTH - BESIDE, BESIDE - GROWTH)
    quiet = ~_busy(signal, places, (low, high), reach)[inner]
    return Ticks(
        columns=(low, high),
        places=places,
        ranks=ranks,
        period=float(period),
        first=float(first),
        residual=residual,
        pattern=pattern,
        alike=likeness(patches[:, :, inner][:, :, quiet], pattern.kinds(ranks)),
        clean=_clean(own, places, reach),
        endless=endless,
    )


def _find(profile: FloatArray, comb: Comb, reach: int) -> tuple[IntArray, FloatArray] | None:
    """Find the ticks in the profile: those of the comb, those it missed, those beyond its ends."""
    expected = np.arange(np.ceil(-comb.first / comb.period), (profile.size - 1 - comb.first) // comb.period + 1)
    rank = expected.astype(np.int64)
    height, middle = np.array([_middle(profile, comb.first + comb.period * k, reach) for k in rank]).T
    level = float(np.percentile(height[np.isin(rank, comb.ranks)], 30))
    off = np.abs(middle - comb.first - comb.period * rank)
    good = (height >= 0.4 * level) & (off <= max(2.0, 0.025 * comb.period))
    run = _run_about(good, int(np.searchsorted(rank, comb.ranks[comb.ranks.size // 2])))
    if run.size < 3:
        return None
    return rank[run] - rank[run[0]], middle[run]


def _middle(profile: FloatArray, place: float, reach: int) -> tuple[float, float]:
    """Height of the tick near a place, and the centre of gravity of what hangs together with its top."""
    low, high = max(round(place) - reach, 0), min(round(place) + reach + 1, profile.size)
    near = slice(max(round(place) - 3, 0), round(place) + 4)
    top = near.start + int(np.argmax(profile[near]))
    height = float(profile[top])
    if height <= 0.0:
        return 0.0, place
    dark = np.flatnonzero(profile[low:high] < FAINTEST * height) + low
    begin = int(dark[dark < top].max(initial=low - 1)) + 1
    end = int(dark[dark > top].min(initial=high))
    weight = profile[begin:end]
    return height, float((weight * np.arange(begin, end)).sum() / weight.sum())


def _run_about(good: NDArray[np.bool_], seed: int) -> IntArray:
    """Good places about a seed, as far as no more than two in a row are bad."""
    index = np.flatnonzero(good)
    if index.size == 0:
        return index
    runs = np.split(index, np.flatnonzero(np.diff(index) > 3) + 1)
    return min(runs, key=lambda run: int(np.abs(run - seed).min()))


def _patches(signal: Float32, places: FloatArray, columns: tuple[int, int], reach: int) -> Float32:
    """Pictures of the ticks, shape (n_ticks, 2 reach + 1, n_columns), with room for long ones on either side."""
    low, high = columns[0] - GROWTH, columns[1] + GROWTH + 1
    inner = signal[:, max(low, 0) : min(high, signal.shape[1])]
    pad = ((reach, reach), (max(-low, 0), max(high - signal.shape[1], 0)))
    wide = np.pad(inner, pad)
    return np.stack([wide[round(place) : round(place) + 2 * reach + 1] for place in places])


def _busy(signal: Float32, places: FloatArray, columns: tuple[int, int], reach: int) -> BoolArray:
    """Columns of the patches, beside the ticks' own, that are as bright halfway between two ticks: tissue."""
    halfway = (places[1:] + places[:-1]) / 2.0
    between = np.median(_patches(signal, halfway, columns, reach // 2).max(axis=1), axis=0)
    level = float(np.median(_patches(signal, places, columns, reach).max(axis=(1, 2))))
    busy: BoolArray = between > BUSY * level
    busy[GROWTH:-GROWTH] = False
    return busy


def _sizes(patches: Float32, growth: int) -> tuple[FloatArray, float]:
    """Bright pixels of each tick, as far as they hang together from the common columns outwards; share without end."""
    top = patches[:, :, growth:-growth].max(axis=(1, 2))
    lit = patches.max(axis=1) >= 0.4 * top[:, None]
    # One level for all: a thin line between two rows is half as bright and twice as thick.
    bright = patches / np.float32(np.median(top))
    left = np.logical_and.accumulate(lit[:, growth - 1 :: -1], axis=1)[:, ::-1]
    right = np.logical_and.accumulate(lit[:, -growth:], axis=1)
    inner = lit[:, growth:-growth]
    mine = np.concatenate([left & inner[:, :1], inner, right & inner[:, -1:]], axis=1)
    area: FloatArray = (bright.sum(axis=1) * mine).sum(axis=1).astype(np.float64)
    return area, float((mine[:, 0] | mine[:, -1]).mean())


def _clean(profile: FloatArray, places: FloatArray, reach: int) -> float:
    """Compare the brightest between two ticks with the ticks; mean over the gaps, as a logo may hide one or two."""
    level = float(np.median(profile[np.rint(places).astype(np.int64).clip(0, profile.size - 1)]))
    gaps = [
        profile[round(before) + reach + 1 : round(after) - reach]
        for before, after in itertools.pairwise(places.tolist())
    ]
    stray = [min(1.0, float(gap.max()) / max(level, 1e-6)) for gap in gaps if gap.size]
    return 1.0 - float(np.mean(stray)) if stray else 1.0
