"""What lies below the breast: ribs, pleura and what they hide."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.image import Image
from perirad.image.marks_grey import grey_scale
from perirad.regions.estimate import Estimate, nothing

__all__ = ["below_chest_wall", "below_depth"]

CELL_MM = (0.3, 1.5)
"""Rows and columns of the grid on which the line is looked for."""
LEAST_DEPTH_MM = 10.0
LEAST_BELOW_MM = 5.0
"""So much must be seen below the line for its shadow to be judged."""
LINE_MM, GAP_MM, SHADOW_MM = 0.9, 2.0, 8.0
"""Thickness of the line; where its shadow is judged: from `GAP_MM` to `SHADOW_MM` below it, and above it likewise."""
STEEPEST = 0.5
"""Largest slope of the line."""
LEAST_CONTRAST = 14.0
"""Grey levels of the line over what lies beside it, above as below."""
MOST_BELOW_LINE, MOST_BELOW_ABOVE = 0.6, 0.8
"""Grey of the shadow as a share of the line's, and of that of the tissue above."""
MOST_ECHO = 0.85
"""Brightest line within the shadow, as a share of the line itself: fascia has muscle and ribs below it."""
LEAST_WIDTH = 0.7
"""Share of the sector's width over which all this must hold."""


def below_depth(image: Image, depth_mm: float, sector: BoolArray | None = None) -> BoolArray:
    """Return the pixels deeper than a stated depth.

    Parameters
    ----------
    image : Image
        Its image; depth runs down the rows.
    depth_mm : float
        Depth of the chest wall, from the top of the field, or of the sector where one is given.
    sector : ndarray of bool, shape (n_rows, n_columns), optional
        The insonated part.

    Raises
    ------
    InputError
        When the depth is not a positive number.
    """
    if not (math.isfinite(depth_mm) and depth_mm > 0.0):
        raise InputError("depth must be positive", f"depth_mm={depth_mm}", file=image.name)
    top = image.field.top
    if sector is not None and sector.any():
        top = int(np.flatnonzero(sector.any(axis=1))[0])
    below = np.zeros(image.shape, dtype=np.bool_)
    first = max(0, math.ceil(depth_mm / image.spacing_mm[0] * (1.0 - 1e-9)) + top)
    below[first : image.field.bottom, image.field.left : image.field.right] = True
    return below


def below_chest_wall(image: Image, sector: BoolArray, lesion: BoolArray | None = None) -> Estimate:
    """Find the pixels from the line of ribs or pleura downward, where that line is beyond doubt.

    Parameters
    ----------
    image : Image
        Grey values on any scale from black at 0; see `perirad.image.marks_grey`.
    sector : ndarray of bool, shape (n_rows, n_columns)
        The insonated part.
    lesion : ndarray of bool, shape (n_rows, n_columns), optional
        The line must run below it.

    Returns
    -------
    Estimate
        Empty, and not `clear`, unless a bright line with a dark shadow below runs through at least 0.7 of
        the width. Fascia and muscle without a shadow are not taken for the chest wall.
    """
    box = _box(sector)
    if box is None:
        return nothing(image.shape, "no sector, no chest wall")
    steps = tuple(max(1, round(cell / mm)) for cell, mm in zip(CELL_MM, image.spacing_mm, strict=True))
    mm = steps[0] * image.spacing_mm[0]
    coarse = _reduced(np.where(sector, image.pixels, 0.0)[box], steps) * grey_scale(image)
    if coarse.shape[0] <= round((LEAST_DEPTH_MM + LEAST_BELOW_MM) / mm) or coarse.shape[1] < 4:
        return nothing(image.shape, "too shallow a picture to show a chest wall")
    barred = None if lesion is None else _reduced(_down_to(lesion)[box].astype(np.float64), steps) > 0.0
    steepest = max(1, round(STEEPEST * steps[1] * image.spacing_mm[1] / mm))
    path, share = _wall(coarse, mm, barred, steepest)
    width = f"over {100.0 * share:.0f} % of the width"
    if share < LEAST_WIDTH:
        return nothing(image.shape, f"no chest wall: a bright line with a shadow {width}")
    across = (np.arange(path.size) + 0.5) * steps[1] - 0.5 + box[1].start
    rows = np.interp(np.arange(image.shape[1]), across, path * steps[0] + box[0].start)
    depth_mm = (float(np.median(rows[box[1]])) - box[0].start) * image.spacing_mm[0]
    mask = sector & (np.arange(image.shape[0])[:, None] >= rows)
    return Estimate(mask, True, f"chest wall at {depth_mm:.0f} mm, seen {width}")


def _wall(coarse: FloatArray, mm: float, barred: BoolArray | None, steepest: int) -> tuple[NDArray[np.intp], float]:
    """Return the row of the best line in each column of the grid, and over what share of them it is beyond doubt."""
    line, below, above, contrast, echo = _levels(coarse, mm)
    contrast[: round(LEAST_DEPTH_MM / mm)] = 0.0
    contrast[-round(LEAST_BELOW_MM / mm) :] = 0.0
    if barred is not None:
        contrast[barred] = 0.0
    path = _best_path(contrast, steepest)
    here = (path, np.arange(path.size))
    seen = contrast[here] >= LEAST_CONTRAST
    seen &= below[here] <= MOST_BELOW_LINE * line[here]
    seen &= below[here] <= MOST_BELOW_ABOVE * above[here]
    seen &= echo[here] <= MOST_ECHO * line[here]
    return path, float(seen.mean())


def _box(sector: BoolArray) -> tuple[slice, slice] | None:
    if not sector.any():
        return None
    rows, columns = (np.flatnonzero(sector.any(axis=axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _reduced(values: FloatArray, steps: tuple[int, ...]) -> FloatArray:
    """Average blocks of pixels; what does not fill a block at the lower and right edge is left out."""
    rows, columns = (size // step for size, step in zip(values.shape, steps, strict=True))
    blocks = values[: rows * steps[0], : columns * steps[1]].reshape(rows, steps[0], columns, steps[1])
    mean: FloatArray = blocks.mean(axis=3).mean(axis=1)
    return mean


def _levels(coarse: FloatArray, mm: float) -> tuple[FloatArray, ...]:
    """Return, for a line that begins at each cell, five greys.

    That of the line, of its shadow, of the tissue above, by how much the line outshines both sides, and that of the
    brightest line in the shadow.
    """
    total = np.cumsum(np.concatenate([np.zeros((1, coarse.shape[1])), coarse]), axis=0)
    thick, gap, deep = (max(1, round(length / mm)) for length in (LINE_MM, GAP_MM, SHADOW_MM))
    line, below, above = _mean(total, 0, thick), _mean(total, gap, deep), _mean(total, -deep, 0)
    beside = np.maximum(_mean(total, -gap, 0), below)
    deepest = np.maximum.accumulate(line[::-1], axis=0)[::-1]
    echo = np.concatenate([deepest[gap:], np.zeros((gap, coarse.shape[1]))])
    return line, below, above, np.maximum(line - beside, 0.0), echo


def _mean(total: FloatArray, start: int, stop: int) -> FloatArray:
    """Return the mean from `start` to before `stop` cells below each, cut at the grid's ends."""
    n_rows = total.shape[0] - 1
    at = np.arange(n_rows)
    first, last = (np.clip(at + offset, 0, n_rows) for offset in (start, stop))
    mean: FloatArray = (total[last] - total[first]) / np.maximum(last - first, 1)[:, None]
    return mean


def _down_to(lesion: BoolArray) -> BoolArray:
    """Return the rows down to the lesion's last one, over the whole width."""
    rows = np.flatnonzero(lesion.any(axis=1))
    above = np.zeros(lesion.shape, dtype=np.bool_)
    above[: int(rows[-1]) + 1 if rows.size else 0] = True
    return above


def _best_path(score: FloatArray, step: int) -> NDArray[np.intp]:
    """Return the row in each column of the path of the highest sum that moves at most `step` rows a column."""
    n_rows, n_columns = score.shape
    total = score[:, 0].copy()
    came = np.zeros(score.shape, dtype=np.intp)
    offsets = np.arange(-step, step + 1)
    rows = np.arange(n_rows)
    for column in range(1, n_columns):
        padded = np.pad(total, step, constant_values=-np.inf)
        choices = np.stack([padded[step + offset : step + offset + n_rows] for offset in offsets])
        best = np.argmax(choices, axis=0)
        came[:, column] = rows + offsets[best]
        total = choices[best, rows] + score[:, column]
    path = np.empty(n_columns, dtype=np.intp)
    path[-1] = int(np.argmax(total))
    for column in range(n_columns - 1, 0, -1):
        path[column - 1] = came[path[column], column]
    return path
