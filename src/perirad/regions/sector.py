"""The part of the picture that was insonated: a rectangle, trapezoid or fan on a constant background.

What lights up is enclosed by its convex hull, so that cysts and shadows, at the border too, stay inside. A side of the
hull away from the picture's edge counts only where lit tissue lies along it: black tissue that fades out has no such
side, and is taken as insonated up to the edge.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray
from perirad.image.image import Image
from perirad.image.marks_grey import Grey8, eight_bits
from perirad.image.marks_strokes import box_dilate, drawn_strokes
from perirad.regions.estimate import Estimate

__all__ = ["find_sector", "scan_sector"]

ABOVE_BACKGROUND = 5
"""Grey levels from which a pixel is not background: JPEG leaves a few on a constant one."""
BACKGROUND_SHARE = 0.2
"""Share of the field's outermost pixels that one grey must have to be the background's; else it is black."""
DENSITY_SIDE, LEAST_DENSITY = 9, 0.25
"""Tissue has at least this share of lit pixels in squares of this side; ruler ticks and specks have not."""
LEAST_PIECE = 0.03
"""A lit piece counts from this share of the largest one: tissue beyond a shadow does, a grey bar does not."""
ALONG = 0.5
"""Least share of a side's length along which tissue must be lit."""
CLOSE_PIXELS, CLOSE_SHARE = 4.0, 0.008
"""How close to the side: pixels, and a share of the picture's size."""
RIM_PIXELS, LEAST_RIM = 8, 8.0
"""Mean grey of so many outermost pixels below which tissue fades out and does not end."""
LEAST_RUN = 8
"""Shorter stretches away from the edge, in pixels, are roundness of a corner."""
ARC_SAG = 3.0
"""Least depth of the arc under a curved transducer's face, pixels, and the share of its columns that must follow it."""
ARC_ALONG = 0.6


class _Sides(NamedTuple):
    """Per row, left and right, or per column, top and bottom: first and last lit pixel, and the hull's.

    `where` are the rows or columns that have any.
    """

    where: NDArray[np.intp]
    lit: tuple[FloatArray, FloatArray]
    hull: tuple[FloatArray, FloatArray]


def scan_sector(image: Image) -> BoolArray:
    """Return the insonated pixels; see `find_sector`."""
    return find_sector(image).mask


def find_sector(image: Image, drawn: BoolArray | None = None) -> Estimate:
    """Find the insonated part of the calibrated field.

    Parameters
    ----------
    image : Image
        Grey values on any scale from black at 0; see `perirad.image.marks_grey`.
    drawn : ndarray of bool, optional
        Drawn marks, which are no tissue; grey strokes are looked for when it is not given.

    Returns
    -------
    Estimate
        Without holes, within `image.field`. The whole field where no background can be told from tissue: `clear` is
        False then. Text and scales beside the tissue are left out.

    Notes
    -----
    A transducer's curved face is recognised as an arc of black above the tissue. Black tissue along more than half of
    a side hides that side.
    """
    top, left, bottom, right = image.field
    grey = eight_bits(image)[top:bottom, left:right]
    marks = drawn_strokes(grey) if drawn is None else drawn[top:bottom, left:right]
    lit = _lit_tissue(grey, marks)
    whole = np.zeros(image.shape, dtype=np.bool_)
    if lit is None:
        whole[top:bottom, left:right] = True
        return Estimate(whole, False, "nothing lit: the whole field is taken")
    inside, hidden = _enclosed(lit, grey)
    whole[top:bottom, left:right] = inside
    return Estimate(whole, *_words(float(inside.mean()), hidden))


def _words(share: float, hidden: list[str]) -> tuple[bool, str]:
    seen = "tissue fills the field" if share > 0.995 else f"insonated: {100.0 * share:.0f} % of the field"
    if hidden:
        return False, f"{seen}; black towards {', '.join(hidden)}, taken as insonated"
    return True, seen


def _lit_tissue(grey: Grey8, marks: BoolArray) -> BoolArray | None:
    """Return the lit pixels of the large pieces, None where there are none."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    level = _background(grey)
    lit = np.abs(grey.astype(np.int16) - level) > ABOVE_BACKGROUND
    if marks.any():
        lit &= ~box_dilate(marks, 2)
    dense = ndimage.uniform_filter(lit.astype(np.float32), DENSITY_SIDE, mode="nearest") >= LEAST_DENSITY
    labels, n_pieces = ndimage.label(dense)
    if n_pieces == 0:
        return None
    sizes = np.bincount(labels.ravel(), minlength=n_pieces + 1)
    sizes[0] = 0
    large = sizes >= LEAST_PIECE * sizes.max()
    large[0] = False
    found = lit & large[labels]
    return found if found.any() else None


def _background(grey: Grey8) -> int:
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    counts = np.bincount(border, minlength=256)
    level = int(np.argmax(counts))
    return level if counts[level] >= BACKGROUND_SHARE * border.size and level <= 64 else 0


def _enclosed(lit: BoolArray, grey: Grey8) -> tuple[BoolArray, list[str]]:
    """Return the hull of the lit pixels with its hidden sides continued to the edge, and the names of those sides."""
    n_rows, n_columns = lit.shape
    rows = _sides(lit)
    inside = np.zeros(lit.shape, dtype=np.bool_)
    at = np.arange(n_columns)
    first, last = (np.rint(side)[:, None] for side in rows.hull)
    inside[rows.where] = (at >= first) & (at <= last)
    columns = _column_sides(lit, inside)
    under_arc = _below_arc(columns, n_rows, n_columns)
    close = CLOSE_PIXELS + CLOSE_SHARE * max(lit.shape)
    hidden = [
        *_continue(inside, rows, grey, ("left", "right"), close, skip_first=False),
        *_continue(inside.T, columns, grey.T, ("top", "bottom"), close, skip_first=under_arc is not None),
    ]
    if under_arc is not None:
        inside &= under_arc
    return inside, hidden


def _sides(lit: BoolArray) -> _Sides:
    """First and last lit pixel of each row, and those of the convex hull."""
    where = np.flatnonzero(lit.any(axis=1))
    some = lit[where]
    first = np.argmax(some, axis=1).astype(np.float64)
    last = lit.shape[1] - 1.0 - np.argmax(some[:, ::-1], axis=1)
    full = np.arange(where[0], where[-1] + 1)
    hull = (_envelope(where, first, full), -_envelope(where, -last, full))
    lit_all = (np.full(full.size, np.inf), np.full(full.size, -np.inf))
    for values, found in zip(lit_all, (first, last), strict=True):
        values[where - where[0]] = found
    return _Sides(full, lit_all, hull)


def _column_sides(lit: BoolArray, inside: BoolArray) -> _Sides:
    """Return the same per column, with the hull that is drawn already."""
    found = _sides(lit.T)
    filled = inside.T[found.where]
    first = np.argmax(filled, axis=1).astype(np.float64)
    last = lit.shape[0] - 1.0 - np.argmax(filled[:, ::-1], axis=1)
    return _Sides(found.where, found.lit, (first, last))


def _envelope(x: NDArray[np.intp], y: FloatArray, at: NDArray[np.intp]) -> FloatArray:
    """Greatest convex function that is nowhere above the points (Andrew's monotone chain)."""
    chain: list[tuple[float, float]] = []
    for point in zip(x.tolist(), y.tolist(), strict=True):
        while len(chain) > 1 and _turns_up(chain[-2], chain[-1], point):
            chain.pop()
        chain.append(point)
    corners = np.array(chain)
    envelope: FloatArray = np.interp(at, corners[:, 0], corners[:, 1])
    return envelope


def _turns_up(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) <= (b[1] - a[1]) * (c[0] - a[0])


def _continue(
    inside: BoolArray, sides: _Sides, grey: Grey8, names: tuple[str, str], close: float, *, skip_first: bool
) -> list[str]:
    """Fill the stretches along which the hull has no tissue, out to the edge; return the names of their sides."""
    last = inside.shape[1] - 1.0
    hidden = []
    for number, name in enumerate(names):
        if number == 0 and skip_first:
            continue
        hull, lit = sides.hull[number], sides.lit[number]
        # From here on both sides are seen from their own edge.
        depth, behind = (hull, lit - hull) if number == 0 else (last - hull, hull - lit)
        rim = _rim_grey(grey, sides.where, hull, 1 if number == 0 else -1)
        for start, stop in _unlit_runs(depth, behind, close, rim):
            hidden += [name] if name not in hidden else []
            for index in range(start, stop):
                away = round(float(depth[index]))
                edge = slice(0, away) if number == 0 else slice(inside.shape[1] - away, None)
                inside[sides.where[index], edge] = True
    return hidden


def _rim_grey(grey: Grey8, where: NDArray[np.intp], hull: FloatArray, inward: int) -> FloatArray:
    """Return the mean grey of the outermost pixels within the hull, for each of its rows."""
    places = np.rint(hull).astype(np.intp)[:, None] + inward * np.arange(RIM_PIXELS)
    mean: FloatArray = grey[where[:, None], np.clip(places, 0, grey.shape[1] - 1)].mean(axis=1)
    return mean


def _unlit_runs(depth: FloatArray, behind: FloatArray, close: float, rim: FloatArray) -> list[tuple[int, int]]:
    """Return the stretches away from the edge with little or too dim tissue close to the hull, or too short to tell."""
    slope = np.gradient(depth) if depth.size > 1 else np.zeros(depth.size)
    along = behind / np.hypot(1.0, slope) <= close
    judged = along & (np.abs(slope) <= 1.0)

    def dim(start: int, stop: int) -> bool:
        grey = rim[start:stop][judged[start:stop]]
        return grey.size >= LEAST_RUN and bool(np.median(grey) < LEAST_RIM)

    away = np.concatenate([[False], depth > 2.0, [False]])
    starts = np.flatnonzero(~away[:-1] & away[1:])
    stops = np.flatnonzero(away[:-1] & ~away[1:])
    return [
        (int(start), int(stop))
        for start, stop in zip(starts, stops, strict=True)
        if stop - start < LEAST_RUN or along[start:stop].mean() < ALONG or dim(int(start), int(stop))
    ]


def _below_arc(columns: _Sides, n_rows: int, n_columns: int) -> BoolArray | None:
    """Return the pixels below the arc of a curved transducer's face, None where the tissue begins straight."""
    gap = columns.lit[0] - columns.hull[0]
    # The corners of the face are the hull's highest points, and level.
    level = columns.hull[0] <= columns.hull[0].min() + CLOSE_PIXELS
    arched = np.flatnonzero(np.isfinite(gap) & (gap > 1.0) & level)
    if arched.size < n_columns / 10.0:
        return None
    chord = slice(int(arched[0]), int(arched[-1]) + 1)
    x, y = columns.where[chord].astype(np.float64), columns.lit[0][chord]
    keep = np.isfinite(y)
    for _ in range(3):
        if keep.sum() < 10:
            return None
        arc = np.polynomial.Polynomial.fit(x[keep], y[keep], 2)
        off = np.abs(y - arc(x))
        keep = off <= max(2.0, float(np.median(off[keep])) * 2.0)
    middle = (x[0] + x[-1]) / 2.0
    sag = float(arc(middle) - (arc(x[0]) + arc(x[-1])) / 2.0)
    if sag < max(ARC_SAG, 0.005 * n_rows) or float((off <= 3.0).mean()) < ARC_ALONG:
        return None
    face = np.full(n_columns, -1.0)
    face[columns.where[chord]] = arc(x)
    below: BoolArray = np.arange(n_rows)[:, None] >= face - 0.5
    return below
