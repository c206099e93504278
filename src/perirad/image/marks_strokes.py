"""Drawn strokes: thin, bright and with flanks that no beam of ultrasound could have made.

Across the beam an echo is several pixels wide and rises over as many. A pen stroke rises within one or two. The test
therefore looks along the rows, where the machine is blunt, and only the shape is completed along the columns, where
skin and fascia are sharp too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray
from perirad.image.marks_grey import Grey8

__all__ = ["box_dilate", "drawn_strokes"]

STEP = 55
"""Grey levels by which a stroke must rise, and fall again, within two pixels of a row."""
STEP_OVER_SPECKLE = 2.2
"""The same step as a multiple of the 99th percentile of the picture's own two-pixel steps, whichever is more."""
MOST_STEP = 120
EDGE_STEP = 80
FAINT = 0.6
"""A fainter stroke, down to this share of the step, counts in the company of others of its grey."""
WIDEST = 8
"""Pixels across the widest stroke."""
COMPLETE_STEP = 36
"""Grey levels by which the rest of a stroke, its horizontal bars, must stand out."""
REACH = 10
"""How far, in pixels, a stroke is completed from where it was recognised."""
LEAST_SHARE_OF_LEVEL = 0.6
"""What is darker than this share of the stroke's own grey is not the stroke."""
LEAST_SEEDS = 2
LEAST_SEEDED = 0.3
"""Share of a stroke's pixels that must be sharp on both sides: tissue between two letters' outlines has fewer."""
COMPANY_REACH = 6
"""Pixels by which strokes are widened to see which stand together."""
SAME_GREY = 12
LEAST_COMPANY = 5
"""So many faint strokes of one grey, side by side, are a word even where none is sharp enough alone."""
RULED = 24
"""Least length, in pixels, of a line along a row: fascia is sharp across its length too, but never even."""
RULED_WIDEST = 3
RULED_EVEN = 6
"""Grey levels from pixel to pixel along it, which JPEG may leave."""

_EIGHT = np.ones((3, 3), dtype=np.int8)


def drawn_strokes(grey: Grey8) -> BoolArray:
    """Find thin bright strokes with sharp flanks: letters, crosses, dots, lines.

    Parameters
    ----------
    grey : ndarray of uint8, shape (n_rows, n_columns)

    Returns
    -------
    ndarray of bool, shape (n_rows, n_columns)
        The strokes themselves, without the soft pixels of their borders.
    """
    ruled = _ruled_along_rows(grey)
    sharp, faint = _sharp_both_sides(grey)
    if not faint.any():
        return ruled
    near = box_dilate(faint, REACH)
    thin = faint | (near & (_stands_out(grey, 0) | _stands_out(grey, 1)))
    labels, level, n_faint = _pieces(thin, faint, grey)
    kept: BoolArray = thin & (grey >= (LEAST_SHARE_OF_LEVEL * level)[labels])
    n_kept = np.bincount(labels[kept], minlength=level.size)
    n_sharp = np.bincount(labels[sharp], minlength=level.size)
    possible, sure = ((n >= LEAST_SEEDS) & (n >= LEAST_SEEDED * n_kept) for n in (n_faint, n_sharp))
    accepted = sure | _in_company(kept & possible[labels], labels, level, sure)
    drawn: BoolArray = ruled | (kept & accepted[labels])
    return drawn


def box_dilate(mask: BoolArray, reach: int) -> BoolArray:
    """Grow a mask by so many pixels in each of the eight directions."""
    grown = mask.copy()
    for view in (grown, grown.T):
        done = 0
        while done < reach:
            step = min(max(done, 1), reach - done)
            source = view.copy(order="K")
            view[step:] |= source[:-step]
            view[:-step] |= source[step:]
            done += step
    return grown


def _sharp_both_sides(grey: Grey8) -> tuple[BoolArray, BoolArray]:
    """Return the pixels between a rise and a fall at most `WIDEST` apart: both sharp, and both at least faint."""
    padded = np.pad(grey, ((0, 0), (2, 2)), mode="edge")
    here = grey.astype(np.int16)
    rise, fall = here - padded[:, :-4], here - padded[:, 4:]
    step = _step_of(rise)
    sharp, faint = (_between(rise, fall, least) & _stands_out(grey, 1, least) for least in (step, round(FAINT * step)))
    # The picture's own edge counts as a flank for letters cut by it, if the other flank is sharper than usual.
    sharp |= _cut_by_edge(rise, fall, max(step, EDGE_STEP)) & _stands_out(grey, 1, EDGE_STEP)
    return sharp, faint | sharp


def _cut_by_edge(rise: NDArray[np.int16], fall: NDArray[np.int16], least: int) -> BoolArray:
    """Return the pixels between the left edge and a fall, and between a rise and the right edge."""
    cut = np.zeros(rise.shape, dtype=np.bool_)
    first = _smear(fall[:, : 2 * WIDEST] >= least, -1)[:, :WIDEST]
    last = _smear(rise[:, -2 * WIDEST :] >= least, 1)[:, -WIDEST:]
    cut[:, :WIDEST] |= np.logical_and.accumulate(first, axis=1)
    cut[:, -WIDEST:] |= np.logical_and.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    return cut


def _between(rise: NDArray[np.int16], fall: NDArray[np.int16], least: int, widest: int = WIDEST) -> BoolArray:
    return _smear(rise >= least, 1, widest) & _smear(fall >= least, -1, widest)


def _ruled_along_rows(grey: Grey8) -> BoolArray:
    """Return even, long, straight lines along rows, with sharp flanks above and below: frames and measuring lines."""
    turned = np.ascontiguousarray(grey.T)
    padded = np.pad(turned, ((0, 0), (1, 1)), mode="edge")
    here = turned.astype(np.int16)
    # From row to row, not over two: skin may be as steep as that, a pen is steeper.
    rise, fall = here - padded[:, :-2], here - padded[:, 2:]
    sharp = _between(rise, fall, _step_of(rise), RULED_WIDEST).T
    if not sharp.any():
        return np.zeros(grey.shape, dtype=np.bool_)
    even = np.abs(np.diff(grey.astype(np.int16), axis=1, append=grey[:, -1:])) <= RULED_EVEN
    runs = np.pad((sharp & even).astype(np.uint8), ((0, 0), (RULED - 1, RULED - 1)))
    opened = _run(_run(runs, 1, RULED, np.minimum), 1, RULED, np.maximum)
    return opened.astype(np.bool_)


def _step_of(rise: NDArray[np.int16]) -> int:
    """Return the least sharp step: a fixed one, or more where the speckle itself is rough."""
    counts = np.bincount(np.abs(rise[::2]).ravel(), minlength=256)
    usual = int(np.searchsorted(np.cumsum(counts), 0.99 * counts.sum()))
    return max(STEP, min(round(STEP_OVER_SPECKLE * usual), MOST_STEP))


def _smear(mask: BoolArray, sign: int, widest: int = WIDEST) -> BoolArray:
    """Continue each marked pixel over the next `widest` - 1 pixels to the right (1) or left (-1)."""
    smeared = mask.copy()
    covered = 1
    while covered < widest:
        step = min(covered, widest - covered)
        source = smeared.copy()
        if sign > 0:
            smeared[:, step:] |= source[:, :-step]
        else:
            smeared[:, :-step] |= source[:, step:]
        covered += step
    return smeared


def _stands_out(grey: Grey8, axis: int, step: int = COMPLETE_STEP) -> BoolArray:
    """Return the pixels that a flat opening of `WIDEST` + 1 pixels along an axis lowers by a step or more."""
    length = WIDEST + 1
    pad = [(0, 0), (0, 0)]
    pad[axis] = (length, length)
    opened = _run(_run(np.pad(grey, pad), axis, length, np.minimum), axis, length, np.maximum)
    inner = [slice(None), slice(None)]
    # Each of the two passes shortens the array by length - 1 in front.
    inner[axis] = slice(1, 1 + grey.shape[axis])
    lowered: BoolArray = (grey - opened[tuple(inner)]) >= step
    return lowered


def _run(values: Grey8, axis: int, length: int, of: np.ufunc) -> Grey8:
    """Return the extreme of each run of `length` values along an axis, by doubling."""
    values = np.moveaxis(values, axis, 0)
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        values = of(values[:-step], values[step:])
        covered += step
    return np.moveaxis(values, 0, axis)


def _pieces(
    thin: BoolArray, seeds: BoolArray, grey: Grey8
) -> tuple[NDArray[np.signedinteger], Grey8, NDArray[np.intp]]:
    """Return the connected pieces' numbers, and of each its brightest seed and its count of seeds."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    labels, n_pieces = ndimage.label(thin, structure=_EIGHT)
    where = labels[seeds]
    level = np.zeros(n_pieces + 1, dtype=np.uint8)
    np.maximum.at(level, where, grey[seeds])
    return labels, level, np.bincount(where, minlength=n_pieces + 1)


def _in_company(possible: BoolArray, labels: NDArray[np.signedinteger], level: Grey8, sure: BoolArray) -> BoolArray:
    """Return which faint pieces stand beside a sure one of their grey, or beside enough others."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    groups, _ = ndimage.label(box_dilate(possible, COMPANY_REACH), structure=_EIGHT)
    pieces, first = np.unique(labels[possible], return_index=True)
    group = groups[possible][first]
    grey = level[pieces].astype(np.int64)
    accepted = np.zeros(level.size, dtype=np.bool_)
    for number in np.unique(group):
        members = np.flatnonzero(group == number)
        is_sure = sure[pieces[members]]
        if is_sure.all():
            continue
        alike = np.abs(grey[members][:, None] - grey[members][None]) <= SAME_GREY
        joined = alike[:, is_sure].any(axis=1) | (alike.sum(axis=1) >= LEAST_COMPANY)
        accepted[pieces[members[joined]]] = True
    return accepted
