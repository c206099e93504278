"""Drawn strokes: thin, bright and with flanks that no beam of ultrasound could have made.

Across the beam an echo is several pixels wide and rises over as many. A pen stroke rises within one or two. The test
therefore looks along the rows, where the machine is blunt, and only the shape is completed along the columns, where
skin and fascia are sharp too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from perirad.arrays import BoolArray

__all__ = ["Grey8", "box_dilate", "drawn_strokes"]

Grey8 = NDArray[np.uint8]

STEP = 80
"""Grey levels by which a stroke must rise, and fall again, within two pixels of a row."""
STEP_OVER_SPECKLE = 3.0
"""The same step as a multiple of the 99th percentile of the picture's own two-pixel steps, whichever is more."""
WIDEST = 8
"""Pixels across the widest stroke."""
COMPLETE_STEP = 40
"""Grey levels by which the rest of a stroke, its horizontal bars, must stand out."""
REACH = 10
"""How far, in pixels, a stroke is completed from where it was recognised."""
LEAST_SHARE_OF_LEVEL = 0.6
"""What is darker than this share of the stroke's own grey is not the stroke."""
LEAST_SEEDS = 2
LEAST_SEEDED = 0.3
"""Share of a stroke's pixels that must be sharp on both sides: tissue between two letters' outlines has fewer."""


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
    seeds = _sharp_both_sides(grey)
    if not seeds.any():
        return seeds
    near = box_dilate(seeds, REACH)
    thin = seeds | (near & (_stands_out(grey, 0) | _stands_out(grey, 1)))
    return _of_one_level(thin, seeds, grey)


def box_dilate(mask: BoolArray, reach: int) -> BoolArray:
    """Grow a mask by so many pixels in each of the eight directions."""
    grown = mask.copy()
    for axis in (0, 1):
        done = 0
        while done < reach:
            step = min(max(done, 1), reach - done)
            ahead, behind = (slice(step, None), slice(None, -step))
            source = grown.copy()
            if axis == 0:
                grown[ahead] |= source[behind]
                grown[behind] |= source[ahead]
            else:
                grown[:, ahead] |= source[:, behind]
                grown[:, behind] |= source[:, ahead]
            done += step
    return grown


def _sharp_both_sides(grey: Grey8) -> BoolArray:
    """Return the pixels between a sharp rise and a sharp fall of a row, at most `WIDEST` apart."""
    padded = np.pad(grey, ((0, 0), (2, 2)))
    here, before, after = grey.astype(np.int16), padded[:, :-4], padded[:, 4:]
    rise, fall = here - before, here - after
    step = _step_of(rise[:, 2:])
    sharp_rise, sharp_fall = rise >= step, fall >= step
    if not (sharp_rise.any() and sharp_fall.any()):
        return np.zeros(grey.shape, dtype=np.bool_)
    between = _smear(sharp_rise, 1) & _smear(sharp_fall, -1)
    return between & _stands_out(grey, 1, step)


def _step_of(rise: NDArray[np.int16]) -> int:
    """Return the least sharp step: a fixed one, or more where the speckle itself is rough."""
    counts = np.bincount(np.abs(rise[::2]).ravel(), minlength=256)
    usual = int(np.searchsorted(np.cumsum(counts), 0.99 * counts.sum()))
    return max(STEP, min(round(STEP_OVER_SPECKLE * usual), 140))


def _smear(mask: BoolArray, sign: int) -> BoolArray:
    """Continue each marked pixel over the next `WIDEST` - 1 pixels to the right (1) or left (-1)."""
    smeared = mask.copy()
    for step in (1, 2, 4):  # 1 + 2 + 4 = WIDEST - 1
        source = smeared.copy()
        if sign > 0:
            smeared[:, step:] |= source[:, :-step]
        else:
            smeared[:, :-step] |= source[:, step:]
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


def _of_one_level(thin: BoolArray, seeds: BoolArray, grey: Grey8) -> BoolArray:
    """Keep the connected pieces that hold seeds, each down to a share of its own brightest seed."""
    labels, n_pieces = ndimage.label(thin, structure=np.ones((3, 3), dtype=np.int8))
    where = labels[seeds]
    level = np.zeros(n_pieces + 1, dtype=np.uint8)
    np.maximum.at(level, where, grey[seeds])
    n_seeds = np.bincount(where, minlength=n_pieces + 1)
    least = LEAST_SHARE_OF_LEVEL * level
    kept: BoolArray = thin & (grey >= least[labels])
    n_kept = np.bincount(labels[kept], minlength=n_pieces + 1)
    drawn = (n_seeds >= LEAST_SEEDS) & (n_seeds >= LEAST_SEEDED * n_kept)
    return kept & drawn[labels]
