"""Counts of regions that share pixels: each part is counted once, and the regions are put together from the parts.

A pair of pixels belongs to every region that holds both; runs, zones and neighbourhoods that cross from one part to
another are put right along the seams. All counts are whole numbers and equal those of each region alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad._kernels import (
    code_levels,
    count_dependents,
    count_pairs,
    count_run_ends,
    count_runs,
    count_zones,
    join_runs,
    join_zones,
    move_neighbours,
    sum_differences,
)
from perirad.arrays import FloatArray, IntArray
from perirad.features.cells import Cells
from perirad.features.counted import Counted
from perirad.features.firstorder import firstorder_of_parts
from perirad.features.ngtdm import level_tones, mean_differences
from perirad.features.parts import DIRECTIONS, Parts

__all__ = ["count_together"]

_MOST_CODES = 512
_EVEN = 0.75
"""Share of equal neighbours from which runs are counted at their ends."""
_LONGEST = 65_535
N_DIRECTIONS = len(DIRECTIONS)


@dataclass(frozen=True)
class _Coded:
    """Levels common to all regions, and codes that tell level and part (from 1, 0 outside)."""

    parts: Parts
    n_levels: int
    levels: NDArray[np.uint16]
    codes: NDArray[np.uint16]
    counts: IntArray
    """Pixels, shape (n_parts, n_levels)."""
    first: IntArray
    """Lowest level of each region, shape (n_regions,)."""

    @property
    def n_codes(self) -> int:
        return self.counts.size


def count_together(
    picture: FloatArray | NDArray[np.float32],
    parts: Parts,
    spacings_mm: Sequence[tuple[float, float]],
    bin_width: float,
) -> Counted | None:
    """Count all regions of a filtered image in bins of fixed width, whose edges all regions have in common.

    Returns
    -------
    Counted or None
        None where it does not pay or not hold: more than 512 levels of all parts together, or a region's minimum so
        near to an edge that its quotient rounds to the other side.
    """
    flat = picture.reshape(-1)
    ordered = [np.sort(flat[at]).astype(np.float64, copy=False) for at in parts.in_image]
    coded = _code(picture, ordered, parts, bin_width)
    if coded is None:
        return None
    by_level = np.stack([coded.counts[member].sum(axis=0) for member in parts.members])
    counts = [_own_levels(of_levels, first) for of_levels, first in zip(by_level, coded.first, strict=True)]
    pairs = _pairs_of_codes(coded)
    dependences, sums = _neighbours(coded)
    return Counted(
        np.array([len(of_levels) - 1 for of_levels in counts]),
        by_level.sum(axis=1),
        firstorder_of_parts(ordered, parts.members, by_level, spacings_mm),
        level_tones(by_level, sums[:, 1:], coded.first),
        _pairs(coded, pairs),
        _runs(coded, pairs),
        _zones(coded),
        dependences,
    )  # fmt: skip


def _own_levels(of_levels: IntArray, first: int) -> IntArray:
    """Counts by a region's own levels, from 0 to the highest present."""
    present = np.flatnonzero(of_levels)
    return (
        np.concatenate([[0], of_levels[first - 1 : present[-1] + 1]]) if present.size else np.zeros(1, dtype=np.int64)
    )


def _code(
    picture: FloatArray | NDArray[np.float32], ordered: Sequence[FloatArray], parts: Parts, width: float
) -> _Coded | None:
    lowest = np.array([values[0] for values in ordered])
    bins = np.floor(np.array([lowest.min(), max(values[-1] for values in ordered)]) / width)
    if not (bins[1] - bins[0] + 1.0) * len(ordered) <= _MOST_CODES or np.abs(bins).max() > 2.0**53:
        return None
    base, n_levels = int(bins[0]), int(bins[1] - bins[0]) + 1
    levels, codes = np.zeros_like(parts.owners), np.zeros_like(parts.owners)
    counts = np.zeros((len(ordered), n_levels), dtype=np.int64)
    if not code_levels(picture, parts.part, width, base, levels, codes, counts):
        return None
    first = np.ones(len(parts.members), dtype=np.int64)
    for r, member in enumerate(parts.members):
        if member.any():
            first[r] = np.flatnonzero(counts[member].any(axis=0))[0] + 1
            if np.floor(lowest[member].min() / width) != base + first[r] - 1:
                return None
    return _Coded(parts, n_levels, levels, codes, counts, first)


def _pairs_of_codes(coded: _Coded) -> NDArray[np.uint32]:
    side = coded.n_codes + 1
    pairs = np.zeros((N_DIRECTIONS, side, side), dtype=np.uint32)
    count_pairs(coded.codes, pairs)
    return pairs[:, 1:, 1:]


def _pairs(coded: _Coded, pairs: NDArray[np.uint32]) -> Cells:
    n_parts, n_levels = coded.counts.shape
    blocks = pairs.reshape(N_DIRECTIONS, n_parts, n_levels, n_parts, n_levels)
    both = np.zeros((len(coded.parts.members), N_DIRECTIONS, n_levels, n_levels), dtype=np.int64)
    for r, member in enumerate(coded.parts.members):
        both[r] = blocks[:, member][:, :, :, member].sum(axis=(1, 3))
    both += both.transpose(0, 1, 3, 2)
    region, direction, i, j = np.nonzero(both)
    shift = coded.first[region] - 1
    count = both[region, direction, i, j].astype(np.float64)
    return Cells(region * N_DIRECTIONS + direction, i + 1 - shift, j + 1 - shift, count, len(both) * N_DIRECTIONS)


def _runs(coded: _Coded, pairs: NDArray[np.uint32]) -> Cells:
    parts, (n_parts, n_levels) = coded.parts, coded.counts.shape
    rows, columns = coded.codes.shape
    cells = max(rows, columns) + 1
    of_codes = _runs_of_codes(coded, cells, even=float(np.trace(pairs[0])) > _EVEN * float(coded.counts.sum()))
    joined = np.zeros((len(parts.members), N_DIRECTIONS, n_levels + 1, cells), dtype=np.int32)
    longest = int(np.flatnonzero(of_codes.any(axis=(0, 1)))[-1]) + 1
    for k, ((down, across), links) in enumerate(zip(DIRECTIONS, parts.links, strict=True)):
        step = down * columns + across
        longest = max(longest, join_runs(coded.codes, coded.levels, parts.owners, links, step, k, joined))
    of_parts = of_codes[:, :, :longest].reshape(N_DIRECTIONS, n_parts, n_levels, longest)
    runs = joined[:, :, 1:, 1 : longest + 1]
    for r, member in enumerate(parts.members):
        runs[r] += of_parts[:, member].sum(axis=1, dtype=np.int32)
        runs[r, ~parts.lines[r]] = 0
    region, direction, i, j = np.nonzero(runs)
    count = runs[region, direction, i, j].astype(np.float64)
    return Cells(region * N_DIRECTIONS + direction, i + 2 - coded.first[region], j + 1, count, len(runs) * N_DIRECTIONS)


def _runs_of_codes(coded: _Coded, cells: int, *, even: bool) -> NDArray[np.int32]:
    """Runs of each code, shape (4, n_codes, cells), the first for length 1; the quicker way depends on the picture."""
    columns = coded.codes.shape[1]
    first = np.arange(coded.n_codes + 1, dtype=np.int64) * cells
    runs = np.zeros((N_DIRECTIONS, len(first) * cells), dtype=np.uint32)
    if even and cells <= _LONGEST:
        lengths = np.zeros((5, columns), dtype=np.uint16)
        count_run_ends(coded.codes, first, lengths, np.empty(columns, dtype=np.uint8), runs)
        return runs.view(np.int32).reshape(N_DIRECTIONS, -1, cells)[:, 1:]
    count_runs(coded.codes, first, np.zeros((3, columns), dtype=np.int32), runs)
    at_least = runs.view(np.int32).reshape(N_DIRECTIONS, -1, cells)[:, 1:]
    at_least[:, :, :-1] -= at_least[:, :, 1:]
    return at_least


def _zones(coded: _Coded) -> Cells:
    parts, n_levels = coded.parts, coded.n_levels
    n_pixels = int(coded.counts.sum())
    end = np.cumsum(np.concatenate([[0], coded.counts.reshape(-1)]) + 1)
    first = np.concatenate([[0], end[:-1]])
    zones = np.zeros(int(end[-1]), dtype=np.uint32)
    labels = np.empty(coded.codes.shape, dtype=np.int32)
    parent, size = np.empty(n_pixels, dtype=np.int32), np.empty(n_pixels, dtype=np.int32)
    count_zones(coded.codes, first, labels, parent, size, np.empty(n_pixels, dtype=np.uint16), zones)
    links, n_regions = parts.neighbours, len(parts.members)
    changes = np.empty((3 * len(links) * n_regions, 4), dtype=np.int64)
    edges = np.empty((len(links), 4), dtype=np.int32)
    joined, total = np.empty(n_pixels, dtype=np.int32), np.empty(n_pixels, dtype=np.int64)
    stamp = np.zeros(n_pixels, dtype=np.int32)
    n_changes = join_zones(
        coded.codes, coded.levels, parts.owners, links, n_regions, labels, parent, size, edges, joined, total, stamp,
        changes,
    )  # fmt: skip
    place = np.flatnonzero(zones)
    code = np.searchsorted(first, place, side="right") - 1
    part, level = np.divmod(code - 1, n_levels)
    region, which = np.nonzero(parts.members[:, part])
    changed = changes[:n_changes]
    return _summed(
        np.concatenate([region, changed[:, 0]]),
        np.concatenate([level[which] + 1, changed[:, 1]]) + 1 - coded.first[np.concatenate([region, changed[:, 0]])],
        np.concatenate([(place - first[code] + 1)[which], changed[:, 2]]),
        np.concatenate([zones[place][which].astype(np.int64), changed[:, 3]]),
        n_regions,
    )


def _summed(matrix: IntArray, i: IntArray, j: IntArray, n: IntArray, n_matrices: int) -> Cells:
    """Add up what falls into the same cell, and leave out what adds up to nothing."""
    rows, columns = int(i.max(initial=0)) + 1, int(j.max(initial=0)) + 1
    key, inverse = np.unique((matrix * rows + i) * columns + j, return_inverse=True)
    total = np.bincount(inverse, weights=n, minlength=len(key))
    key, total = key[total != 0.0], total[total != 0.0]
    upper, j = np.divmod(key, columns)
    matrix, i = np.divmod(upper, rows)
    return Cells(matrix, i, j, total.astype(np.float64), n_matrices)


def _neighbours(coded: _Coded) -> tuple[Cells, FloatArray]:
    """Dependence counts, and sums of tone differences of shape (n_regions, n_levels + 1) by common level."""
    parts, (n_parts, n_levels) = coded.parts, coded.counts.shape
    columns = coded.codes.shape[1]
    dependents = np.zeros((coded.n_codes + 1, 9), dtype=np.uint32)
    count_dependents(coded.codes, np.empty(columns, dtype=np.uint16), dependents)
    differences = np.zeros((coded.n_codes + 1, 9), dtype=np.int64)
    sum_differences(coded.codes, np.empty(columns, dtype=np.uint32), np.empty(columns, dtype=np.uint16), differences)
    n_regions = len(parts.members)
    table = np.zeros((n_regions, n_levels + 1, 9), dtype=np.uint32)
    sums = np.zeros((n_regions, n_levels + 1, 9), dtype=np.int64)
    move_neighbours(coded.codes, coded.levels, parts.owners, parts.seams, dependents, differences, table, sums)
    for r, member in enumerate(parts.members):
        table[r, 1:] += dependents[1:].reshape(n_parts, n_levels, 9)[member].sum(axis=0, dtype=np.uint32)
        sums[r, 1:] += differences[1:].reshape(n_parts, n_levels, 9)[member].sum(axis=0)
    region, i, j = np.nonzero(table)
    cells = Cells(region, i + 1 - coded.first[region], j + 1, table[region, i, j].astype(np.float64), n_regions)
    return cells, mean_differences(sums)
