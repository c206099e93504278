"""A biopsy needle in the plane of the picture: the longest straight, thin, bright, oblique line.

Fascia and ligaments are bright lines too, but bend, break off and lie flat. The confidence is that of the weakest of
its signs, so that one doubt is enough.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray
from perirad.image.image import Box
from perirad.image.marks_grey import Grey8
from perirad.image.marks_strokes import box_dilate

__all__ = ["NO_NEEDLE", "Needle", "find_needle"]

GRID_MM = 0.22
"""Needles are looked for on pixels of about this size."""
MOST_OBLONG = 1.4
"""Cells longer than this one way than the other bend angles too much: no needle is looked for."""
LEAST_MM = 10.0
WIDTH_MM = 2.0
"""Width that is marked: the shaft of a 14-gauge core needle (2.1 mm) and its blur."""
STEEPEST, FLATTEST = 75, 12
"""Degrees from the rows; flatter lines are tissue layers."""
BESIDE_MM = 1.5
"""Where the tissue beside the line is looked at."""
EDGE_MM = 4.0
"""How near its upper end must come to the edge of what is scanned: a needle enters from outside."""
GAP_MM = 1.0
MOST_POINTS = 0.04
"""Share of the picture's pixels that are looked at, the brightest thin ones."""
LEAST_CONTRAST = 20.0
N_CANDIDATES = 6

# Each sign counts 0 at the first value and 1 from the second.
LENGTH_MM = (LEAST_MM, 16.0)
COVERED = (0.75, 0.92)
CONTRAST = (40.0, 75.0)
BRIGHTNESS = (130.0, 190.0)
EVENNESS = (0.45, 0.25)
"""Relative standard deviation of the grey along the line."""
TILT = (14.0, 22.0)
ENTRY = (0.6, 0.4)
"""Depth of the upper end as a share of the picture's: a needle comes in from beside the transducer."""
REPORTED_FROM = 0.3
"""Fainter suspicions are not worth a reader's time: every second picture has one."""


@dataclass(frozen=True)
class Needle:
    """A line suspected to be a needle: its ends as (row, column) in pixels, and how sure that is, 0 to 1."""

    start: tuple[float, float]
    end: tuple[float, float]
    length_mm: float
    confidence: float
    weakest: str = ""

    @property
    def words(self) -> str:
        """What was found, in a clause."""
        doubt = f", least sure by its {self.weakest}" if self.weakest else ""
        return f"needle suspected over {self.length_mm:.0f} mm (confidence {self.confidence:.2f}{doubt})"

    def mask(self, shape: tuple[int, int], spacing_mm: tuple[float, float]) -> BoolArray:
        """Return the pixels within half of `WIDTH_MM` of the line."""
        rows = np.arange(shape[0])[:, None] * spacing_mm[0]
        columns = np.arange(shape[1])[None] * spacing_mm[1]
        (top, left), (bottom, right) = (np.multiply(end, spacing_mm) for end in (self.start, self.end))
        down, across = bottom - top, right - left
        along = ((rows - top) * down + (columns - left) * across) / (down**2 + across**2)
        along = np.clip(along, 0.0, 1.0)
        within: BoolArray = np.hypot(rows - top - along * down, columns - left - along * across) <= WIDTH_MM / 2.0
        return within


NO_NEEDLE = Needle((0.0, 0.0), (0.0, 0.0), 0.0, 0.0)


class _Line(NamedTuple):
    """A straight line on the grid: angle in radians from the rows (positive: falling to the right) and its offset."""

    angle: float
    offset: float

    def place(self, at: FloatArray, aside: float = 0.0) -> tuple[FloatArray, FloatArray]:
        """Return (rows, columns) at distances along the line from the foot of the origin."""
        sine, cosine = math.sin(self.angle), math.cos(self.angle)
        return at * sine + (self.offset + aside) * cosine, at * cosine - (self.offset + aside) * sine


def find_needle(grey: Grey8, spacing_mm: tuple[float, float], field: Box, *, drawn: BoolArray) -> Needle:
    """Find the line that looks most like a needle.

    Parameters
    ----------
    grey : ndarray of uint8, shape (n_rows, n_columns)
    spacing_mm : tuple of float
        (row, column).
    field : Box
        Where tissue is.
    drawn : ndarray of bool
        Drawn strokes, which are no needle.

    Returns
    -------
    Needle
        `NO_NEEDLE`, of confidence 0, when no line reaches `REPORTED_FROM`.
    """
    top, left, bottom, right = field
    steps = tuple(max(1, round(GRID_MM / mm)) for mm in spacing_mm)
    coarse = _reduced(grey[top:bottom, left:right], steps)
    cell_mm = (steps[0] * spacing_mm[0], steps[1] * spacing_mm[1])
    if min(np.multiply(coarse.shape, cell_mm)) < LEAST_MM / 2.0 or max(cell_mm) > MOST_OBLONG * min(cell_mm):
        return NO_NEEDLE
    excess = _thin_excess(coarse, cell_mm[0])
    pen = _reduced(box_dilate(drawn, 2)[top:bottom, left:right].astype(np.uint8), steps) > 0.0
    points = _brightest(np.where(pen, 0.0, excess))
    found = [_judged(line, coarse, points, cell_mm[0]) for line in _straightest(points)]
    best = max(found, key=lambda needle: needle.confidence, default=NO_NEEDLE)
    if best.confidence < REPORTED_FROM:
        return NO_NEEDLE
    start, end = (_on_picture(place, steps, field) for place in (best.start, best.end))
    return Needle(start, end, best.length_mm, best.confidence, best.weakest)


def _reduced(values: Grey8, steps: tuple[int, ...]) -> FloatArray:
    """Average blocks of pixels; what does not fill a block at the lower and right edge is left out."""
    rows, columns = (size // step for size, step in zip(values.shape, steps, strict=True))
    blocks = values[: rows * steps[0], : columns * steps[1]].reshape(rows, steps[0], columns, steps[1])
    down = blocks.sum(axis=1, dtype=np.uint32)
    mean: FloatArray = down.sum(axis=2, dtype=np.float64) / (steps[0] * steps[1])
    return mean


def _on_picture(place: tuple[float, float], steps: tuple[int, ...], field: Box) -> tuple[float, float]:
    row, column = ((at + 0.5) * step - 0.5 for at, step in zip(place, steps, strict=True))
    return row + field.top, column + field.left


def _thin_excess(coarse: FloatArray, mm: float) -> FloatArray:
    """Return by how much a pixel's closest neighbourhood outshines the wider one."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    wide = 2 * round(BESIDE_MM / mm) + 1
    near = ndimage.uniform_filter(coarse, 3, mode="nearest")
    excess: FloatArray = near - ndimage.uniform_filter(coarse, wide, mode="nearest")
    return excess


def _brightest(excess: FloatArray) -> BoolArray:
    least = max(float(np.quantile(excess, 1.0 - MOST_POINTS)), LEAST_CONTRAST)
    points: BoolArray = excess >= least
    return points


def _straightest(points: BoolArray) -> list[_Line]:
    """Return the oblique lines that most points lie on (Hough's transform), each once."""
    rows, columns = (places.astype(np.float32) for places in np.nonzero(points))
    degrees = np.arange(FLATTEST, STEEPEST + 1)
    angles = np.deg2rad(np.concatenate([-degrees[::-1], degrees]))
    reach = sum(points.shape)
    if rows.size < 3:
        return []
    votes = np.empty((angles.size, 2 * reach + 1), dtype=np.int64)
    for number, angle in enumerate(angles):
        offset = rows * np.float32(math.cos(angle)) - columns * np.float32(math.sin(angle))
        votes[number] = np.bincount(np.rint(offset).astype(np.intp) + reach, minlength=2 * reach + 1)
    votes[:, 1:-1] = votes[:, :-2] + votes[:, 1:-1] + votes[:, 2:]
    return _peaks(votes, angles, reach)


def _peaks(votes: NDArray[np.int64], angles: FloatArray, reach: int) -> list[_Line]:
    lines = []
    for _ in range(N_CANDIDATES):
        number, offset = np.unravel_index(int(np.argmax(votes)), votes.shape)
        if votes[number, offset] <= 0:
            break
        lines.append(_Line(float(angles[number]), float(offset - reach)))
        votes[max(0, number - 3) : number + 4, max(0, offset - 6) : offset + 7] = 0
    return lines


def _judged(line: _Line, coarse: FloatArray, points: BoolArray, mm: float) -> Needle:
    """Take the longest stretch of a line, and how sure it is to be a needle."""
    at = np.arange(-sum(coarse.shape), sum(coarse.shape), dtype=np.float64)
    rows, columns = line.place(at)
    inside = (rows >= 0) & (rows <= coarse.shape[0] - 1) & (columns >= 0) & (columns <= coarse.shape[1] - 1)
    at = at[inside]
    if at.size < 3:
        return NO_NEEDLE
    lit = _sampled(box_dilate(points, 1), *line.place(at)) > 0
    first, last = _longest(lit, round(GAP_MM / mm))
    length_mm = (last - first) * mm
    if length_mm < LEAST_MM:
        return NO_NEEDLE
    signs = _signs(line, at, (first, last), lit, coarse, mm)
    weakest = min(signs, key=lambda sign: signs[sign])
    start, end = (_end(line, at[number]) for number in (first, last))
    return Needle(start, end, length_mm, signs[weakest], weakest if signs[weakest] < 1.0 else "")


def _signs(
    line: _Line, at: FloatArray, ends: tuple[int, int], lit: BoolArray, coarse: FloatArray, mm: float
) -> dict[str, float]:
    """Return how far each sign of a needle is fulfilled, 0 to 1."""
    first, last = ends
    stretch = at[first : last + 1]
    on_line = np.max([_sampled(coarse, *line.place(stretch, aside)) for aside in (-1, 0, 1)], axis=0)
    beside = [float(np.mean(_sampled(coarse, *line.place(stretch, side * BESIDE_MM / mm)))) for side in (-1, 1)]
    return {
        "length": _ramp((last - first) * mm, LENGTH_MM),
        "gaps": _ramp(float(lit[first : last + 1].mean()), COVERED),
        "contrast": _ramp(float(on_line.mean()) - max(beside), CONTRAST),
        "brightness": _ramp(float(on_line.mean()), BRIGHTNESS),
        "unevenness": _ramp(float(on_line.std() / max(on_line.mean(), 1.0)), EVENNESS),
        "tilt": _ramp(abs(math.degrees(line.angle)), TILT),
        "entry": _entry(line, at, ends, coarse, mm),
    }


def _end(line: _Line, at: float) -> tuple[float, float]:
    row, column = line.place(np.array([at]))
    return float(row[0]), float(column[0])


def _entry(line: _Line, at: FloatArray, ends: tuple[int, int], coarse: FloatArray, mm: float) -> float:
    """How much the line's upper end looks like the place where a needle comes in.

    It lies in the upper half, and near to the edge of the field or of the black around a sector; 0.5 at most where the
    tip alone is seen.
    """
    upper, step = (ends[0], -1) if line.angle > 0 else (ends[1], 1)
    beyond = at[upper] + step * np.arange(round(EDGE_MM / mm) + 1)
    rows, columns = line.place(beyond)
    outside = (rows < 0) | (columns < 0) | (rows > coarse.shape[0] - 1) | (columns > coarse.shape[1] - 1)
    at_edge = bool(outside.any() or (_sampled(coarse, rows, columns) <= 3.0).any())
    return min(_ramp(float(rows[0]) / coarse.shape[0], ENTRY), 1.0 if at_edge else 0.5)


def _sampled(values: NDArray[np.float64] | BoolArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    row = np.clip(np.rint(rows), 0, values.shape[0] - 1).astype(np.intp)
    column = np.clip(np.rint(columns), 0, values.shape[1] - 1).astype(np.intp)
    return values[row, column].astype(np.float64)


def _longest(lit: BoolArray, gap: int) -> tuple[int, int]:
    """Return first and last index of the longest run of lit samples whose gaps are no longer than `gap`."""
    where = np.flatnonzero(lit)
    if where.size == 0:
        return 0, 0
    breaks = np.flatnonzero(np.diff(where) > gap + 1)
    starts = where[np.concatenate([[0], breaks + 1])]
    ends = where[np.concatenate([breaks, [where.size - 1]])]
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best])


def _ramp(value: float, between: tuple[float, float]) -> float:
    low, high = between
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))
