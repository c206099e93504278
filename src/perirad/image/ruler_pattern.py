"""The pattern of a ruler's ticks: every how many stands a longer one, and whether ticks of a kind look alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray, IntArray

__all__ = ["Pattern", "likeness", "pattern_of"]

Float32 = NDArray[np.float32]

MAJORS = (2, 5, 10)
LONGER = 1.25  # times the size of a short tick
GAIN = 0.08  # share of the ticks that a pattern must explain beyond the simpler one
TOLERANCE = 0.2  # of the usual size
LEAST_TOLERANCE = 1.5  # pixels of area: a dot of two by two may lose one


@dataclass(frozen=True)
class Pattern:
    """Sizes of the ticks.

    Parameters
    ----------
    every : int
        Every how many ticks stands a longer one; 1 where none is seen to be.
    phase : int
        Remainder of the longer ticks' ranks divided by `every`.
    even : float
        Share of the ticks that have the size of their kind.
    """

    every: int
    phase: int
    even: float

    def kinds(self, ranks: IntArray) -> list[BoolArray]:
        """Masks of the longer and of the other ticks; one mask where all are equal."""
        longer = ranks % self.every == self.phase
        return [longer] if self.every == 1 else [longer, ~longer]


def pattern_of(sizes: FloatArray, ranks: IntArray) -> Pattern:
    """Find the pattern in which most ticks have the size of their kind.

    Parameters
    ----------
    sizes : ndarray of shape (n_ticks,)
        Area of each tick in bright pixels.
    ranks : ndarray of shape (n_ticks,)
        Which tick each is.
    """
    best = Pattern(1, 0, float(_usual(sizes).mean()))
    for every in MAJORS:
        for phase in range(every):
            longer = ranks % every == phase
            if min(longer.sum(), (~longer).sum()) < 2:
                continue
            share = float((_usual(sizes[longer]).sum() + _usual(sizes[~longer]).sum()) / sizes.size)
            if share >= best.even + GAIN and _typical(sizes[longer]) >= LONGER * _typical(sizes[~longer]):
                best = Pattern(every, phase, share)
    return best


def _typical(sizes: FloatArray) -> float:
    """The size of a kind of tick: below the median, as what touches a tick only ever makes it larger."""
    return float(np.percentile(sizes, 40, method="lower"))


def _usual(sizes: FloatArray) -> FloatArray:
    typical = _typical(sizes)
    near: FloatArray = (np.abs(sizes - typical) <= max(TOLERANCE * typical, LEAST_TOLERANCE)).astype(np.float64)
    return near


def likeness(patches: Float32, kinds: list[BoolArray]) -> float:
    """Median correlation of the ticks' pictures with the median picture of their kind.

    Parameters
    ----------
    patches : ndarray of shape (n_ticks, n_rows, n_columns)
    kinds : list of ndarray of bool, shape (n_ticks,)
        From `Pattern.kinds`.
    """
    # Smoothed along the ruler, as ticks stand between pixels.
    smooth = patches[:, :-2] + 2.0 * patches[:, 1:-1] + patches[:, 2:]
    flat = smooth.reshape(smooth.shape[0], -1).astype(np.float64)
    return float(np.median(np.concatenate([_correlations(flat[kind]) for kind in kinds])))


def _correlations(flat: FloatArray) -> FloatArray:
    common = np.median(flat, axis=0)
    common -= common.mean()
    flat = flat - flat.mean(axis=1, keepdims=True)
    norm = np.sqrt((flat**2).sum(axis=1) * (common**2).sum())
    alike: FloatArray = np.where(norm > 0.0, flat @ common / np.where(norm > 0.0, norm, 1.0), 0.0)
    return alike
