"""Equally spaced marks in thin strips of a picture: the candidates for a ruler."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray, IntArray

__all__ = ["LEAST_PERIOD", "Comb", "find_combs", "opened", "tick_signal"]

Float32 = NDArray[np.float32]

LEAST_PERIOD = 10.0  # closer marks are letters
LONGEST_MARK = 15  # rows; what is longer is tissue, a frame or the line that joins the ticks
LEAST_CONTRAST = 12.0  # grey values, after smoothing
STRONGEST = 40  # peaks of a strip that are looked at: tissue has hundreds, a ruler stands out
LAGS = 3  # neighbours whose distance is tried as a period: so many marks less one may stand between two ticks
LEAST_TICKS = 3
LEAST_SCORE = 2.0
LEAST_PURITY = 0.6


@dataclass(frozen=True)
class Comb:
    """Marks of one strip at the places ``first + period * rank``.

    Parameters
    ----------
    strip : int
        Middle column of the strip.
    first, period : float
        Place of rank 0 and distance, in rows.
    ranks : ndarray of int
        Ranks that were found, ascending from 0.
    score : float
        Marks found, less those that lack and half of the spoilt gaps; less for marks of uneven brightness.
    """

    strip: int
    first: float
    period: float
    ranks: IntArray
    score: float

    @property
    def weight(self) -> float:
        """Score, more for a long comb: rulers run along the tissue, text stands in a corner."""
        return self.score * float(np.sqrt(self.period * self.ranks[-1]))


def tick_signal(grey: Float32) -> Float32:
    """Return what is bright for a few rows only (white top-hat down the columns), on the scale of the grey values."""
    signal: Float32 = grey - opened(grey, LONGEST_MARK, axis=0)
    return signal


def opened(grey: Float32, length: int, axis: int) -> Float32:
    """Return the grey opening along an axis: what is bright for less than `length` pixels is gone."""
    from scipy.ndimage import maximum_filter1d, minimum_filter1d  # noqa: PLC0415

    left: Float32 = maximum_filter1d(minimum_filter1d(grey, length, axis=axis), length, axis=axis)
    return left


def find_combs(signal: Float32) -> list[Comb]:
    """Find the best comb of each strip of three columns that has one, left to right.

    Parameters
    ----------
    signal : ndarray of shape (n_rows, n_columns), float32
        From `tick_signal`.
    """
    found = (_best_comb(strip, places, heights) for strip, places, heights in _peaks(signal))
    return [comb for comb in found if comb is not None]


def _peaks(signal: Float32) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """Yield middle column, places and heights of the peaks of every second strip of three columns."""
    from scipy.ndimage import maximum_filter1d  # noqa: PLC0415

    strips = np.maximum(np.maximum(signal[:, :-2:2], signal[:, 1:-1:2]), signal[:, 2::2]).T
    bright = _smoothed(np.ascontiguousarray(strips))
    # Twice more, so that the top of a thick tick is round and its middle the highest.
    smooth = _smoothed(_smoothed(bright))
    tops = (bright >= LEAST_CONTRAST) & (smooth == maximum_filter1d(smooth, 9, axis=1))
    strip, row = np.nonzero(tops)
    if strip.size == 0:
        return
    # A flat top is one peak, in its middle.
    begins = np.flatnonzero(np.r_[True, (np.diff(strip) != 0) | (np.diff(row) > 5)])
    count = np.diff(np.r_[begins, row.size])
    places = np.add.reduceat(row, begins) / count + _between(smooth, strip[begins], row[begins], count)
    heights = bright[strip[begins], row[begins]].astype(np.float64)
    edges = np.flatnonzero(np.r_[True, np.diff(strip[begins]) != 0, True])
    for low, high in itertools.pairwise(edges):
        yield 2 * int(strip[begins[low]]) + 1, places[low:high], heights[low:high]


def _smoothed(strips: Float32) -> Float32:
    smooth = strips.copy()
    smooth[:, 1:-1] = np.float32(0.25) * (strips[:, :-2] + strips[:, 2:]) + np.float32(0.5) * strips[:, 1:-1]
    return smooth


def _between(smooth: Float32, strip: IntArray, row: IntArray, count: IntArray) -> FloatArray:
    """Top of the parabola through a peak and its neighbours, relative to the peak; 0 for a flat top."""
    inner = np.clip(row, 1, smooth.shape[1] - 2)
    before, at, after = (smooth[strip, inner + step].astype(np.float64) for step in (-1, 0, 1))
    bend = before - 2.0 * at + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.where(bend < 0.0, bend, 1.0), 0.0)
    return np.where((count == 1) & (inner == row), np.clip(shift, -0.5, 0.5), 0.0)


def _best_comb(strip: int, places: FloatArray, heights: FloatArray) -> Comb | None:
    if places.size < LEAST_TICKS:
        return None
    if places.size > STRONGEST:
        strong = np.sort(np.argpartition(heights, -STRONGEST)[-STRONGEST:])
        places, heights = places[strong], heights[strong]
    pair = _pairs(places, heights)
    if pair[0].size == 0:
        return None
    first, period, hit = _fit(places, heights, *pair)
    score = _score(places, heights, first, period, hit)
    best = int(np.argmax(score))
    if score[best] < LEAST_SCORE:
        return None
    return _trimmed(strip, places, heights, hit[best], float(first[best]), float(period[best]))


def _pairs(places: FloatArray, heights: FloatArray) -> tuple[IntArray, IntArray]:
    """Near neighbours, about as bright, whose distance may be a period."""
    lags = range(1, min(LAGS, places.size - 1) + 1)
    lower = np.concatenate([np.arange(places.size - lag) for lag in lags])
    upper = np.concatenate([np.arange(lag, places.size) for lag in lags])
    wide = places[upper] - places[lower] >= LEAST_PERIOD
    alike = np.minimum(heights[lower], heights[upper]) >= 0.6 * np.maximum(heights[lower], heights[upper])
    return lower[wide & alike], upper[wide & alike]


def _fit(
    places: FloatArray, heights: FloatArray, lower: IntArray, upper: IntArray
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Fit a comb to each pair of neighbours: generously first, as their distance is known to a pixel only."""
    first, period = places[lower], places[upper] - places[lower]
    alike = heights[None] >= 0.4 * np.minimum(heights[lower], heights[upper])[:, None]
    hit = alike
    for growth in (0.35, 0.1, 0.0):
        place = (places[None] - first[:, None]) / period[:, None]
        rank = np.rint(place)
        slack = np.minimum(1.0 / period[:, None] + 0.008 + growth / period[:, None] * np.abs(rank), 0.15)
        hit = alike & (np.abs(place - rank) <= slack)
        first, period = _line(places, rank, hit, first, period)
    return first, period, hit


def _line(
    places: FloatArray, rank: FloatArray, hit: NDArray[np.bool_], first: FloatArray, period: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Least squares of the places on their ranks; the old line where it has no slope."""
    weight = hit.astype(np.float64)
    rank = rank * weight
    count = np.maximum(weight.sum(axis=1), 1.0)
    mean_rank, mean_place = rank.sum(axis=1) / count, weight @ places / count
    spread = np.einsum("ij,ij->i", rank, rank) - count * mean_rank**2
    slope = (rank @ places - count * mean_rank * mean_place) / np.maximum(spread, 0.1)
    good = (spread > 0.1) & (slope >= 0.8 * LEAST_PERIOD)
    return np.where(good, mean_place - slope * mean_rank, first), np.where(good, slope, period)


def _score(
    places: FloatArray, heights: FloatArray, first: FloatArray, period: FloatArray, hit: NDArray[np.bool_]
) -> FloatArray:
    """Marks found, less those that lack, less half of the gaps in which something as bright stands."""
    count = hit.sum(axis=1)
    rank = np.rint((places[None] - first[:, None]) / period[:, None])
    low = np.where(hit, rank, np.inf).min(axis=1)
    high = np.where(hit, rank, -np.inf).max(axis=1)
    level = (heights * hit).sum(axis=1) / np.maximum(count, 1)
    gap = np.floor((places[None] - first[:, None]) / period[:, None])
    inside = (gap >= low[:, None]) & (gap < high[:, None])
    stray = inside & ~hit & (heights[None] >= 0.5 * level[:, None])
    # A gap is spoilt once, however much stands in it: a logo hides one gap, tissue and text spoil all.
    spoilt = stray.copy()
    spoilt[:, 1:] &= ~(stray[:, :-1] & (gap[:, 1:] == gap[:, :-1]))
    score = count - (high - low + 1.0 - count) - 0.5 * spoilt.sum(axis=1)
    return np.where(count >= LEAST_TICKS, score, -np.inf)


def _trimmed(
    strip: int, places: FloatArray, heights: FloatArray, hit: NDArray[np.bool_], first: float, period: float
) -> Comb | None:
    """Keep the longest run of ticks in which no more than two in a row lack."""
    ranks = np.unique(np.rint((places[hit] - first) / period).astype(np.int64))
    runs = np.split(ranks, np.flatnonzero(np.diff(ranks) > 3) + 1)
    run = max(runs, key=len)
    if run.size < LEAST_TICKS:
        return None
    level = float(np.median(heights[hit]))
    gap = np.floor((places - first) / period)
    stray = (gap >= run[0]) & (gap < run[-1]) & ~hit & (heights >= 0.5 * level)
    spoilt = np.unique(gap[stray]).size
    lacking = int(run[-1] - run[0] + 1 - run.size)
    purity = run.size / (run.size + lacking + spoilt)
    if purity < LEAST_PURITY:
        return None
    uneven = float(np.mean(np.abs(heights[hit] / level - 1.0)))
    score = (run.size - lacking - 0.5 * spoilt) * purity / (1.0 + 4.0 * uneven)
    return Comb(strip, first + period * float(run[0]), period, run - run[0], score)
