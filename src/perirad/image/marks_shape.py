"""Which drawn strokes are calipers: crosses, dotted lines and thin measuring lines; the others are text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray

__all__ = ["split_calipers"]

CROSS_SIDE = (5, 41)
"""Least and largest side of a cross, pixels."""
CROSS_LIKENESS = 0.65
"""Least overlap (intersection over union) with an ideal plus or x of the same box and stroke."""
DOT_SIDE = 5
"""Largest side of a dot, pixels."""
DOT_APART = 30.0
"""Largest distance from dot to dot, pixels."""
DOT_UNEVEN = 1.6
"""By how much, in pixels, three dots of a line may miss even spacing."""
MOST_DOTS = 600
"""With more dots than this a picture is not measured but noisy, and none counts as a measuring line."""
MOST_PIECES = 1500
"""With more strokes than this nothing is measured either: all are text."""
LINE_LENGTH = 15
"""Least length of a thin measuring line, pixels."""
LINE_THICKNESS = 4.0
LINE_SPREAD = 2.5
"""Largest standard deviation, in pixels, of a line's pixels across it, with the crosses at its ends."""
LEAST_DOTS = 5


class _Piece(NamedTuple):
    """A connected stroke: its number, first row and column, sides, and its pixels within that box."""

    number: int
    top: int
    left: int
    pixels: BoolArray

    @property
    def centre(self) -> tuple[float, float]:
        rows, columns = self.pixels.shape
        return self.top + (rows - 1) / 2.0, self.left + (columns - 1) / 2.0


def split_calipers(strokes: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Split strokes into (text, calipers).

    Parameters
    ----------
    strokes : ndarray of bool, shape (n_rows, n_columns)

    Notes
    -----
    A cross or line with a neighbour of its own height beside it on the row is a letter of a word. Straight lines along
    rows or columns are frames and rulers, and stay with the text.
    """
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    if not strokes.any():
        return strokes.copy(), strokes.copy()
    labels, n_pieces = ndimage.label(strokes, structure=np.ones((3, 3), dtype=np.int8))
    if n_pieces > MOST_PIECES:
        return strokes.copy(), np.zeros_like(strokes)
    pieces = [
        _Piece(number, box[0].start, box[1].start, labels[box] == number)
        for number, box in enumerate(ndimage.find_objects(labels), start=1)
    ]
    is_caliper = np.zeros(n_pieces + 1, dtype=np.bool_)
    dots = [piece for piece in pieces if max(piece.pixels.shape) <= DOT_SIDE]
    for piece in pieces:
        if _is_cross(piece.pixels) or _is_oblique_line(piece.pixels):
            is_caliper[piece.number] = not _in_a_word(piece, pieces)
    dotted = _in_dotted_lines(dots)
    for piece in [*dotted, *_at_the_end(dotted, pieces)]:
        is_caliper[piece.number] = True
    calipers = is_caliper[labels]
    return strokes & ~calipers, calipers


def _is_cross(pixels: BoolArray) -> bool:
    rows, columns = pixels.shape
    least, most = CROSS_SIDE
    if not (least <= rows <= most and least <= columns <= most and 2 / 3 <= rows / columns <= 3 / 2):
        return False
    row, column = (float(places.mean()) for places in np.nonzero(pixels))
    down, across = np.abs(np.arange(rows) - row)[:, None], np.abs(np.arange(columns) - column)[None]
    thickness = max(1.0, float(pixels.sum()) / (rows + columns - 1))
    plus = (down <= thickness / 2.0) | (across <= thickness / 2.0)
    slanted = np.abs(down * (columns / rows) - across) <= thickness * 0.75
    return max(_likeness(pixels, plus), _likeness(pixels, slanted)) >= CROSS_LIKENESS


def _likeness(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / (one | other).sum())


def _is_oblique_line(pixels: BoolArray) -> bool:
    """Whether the stroke is one thin straight line that leads across rows and columns."""
    if max(pixels.shape) < LINE_LENGTH or min(pixels.shape) < LINE_LENGTH / 3:
        return False
    if pixels.sum() > LINE_THICKNESS * max(pixels.shape):
        return False
    places = np.argwhere(pixels)
    spread = np.linalg.eigvalsh(np.cov(places.T.astype(np.float64)))
    return bool(spread[0] <= LINE_SPREAD**2)


def _in_a_word(piece: _Piece, pieces: list[_Piece]) -> bool:
    """Whether a piece of about the same height stands beside this one on the row."""
    rows, columns = piece.pixels.shape
    for other in pieces:
        height, width = other.pixels.shape
        if other.number == piece.number or not 0.6 <= height / rows <= 1.7:
            continue
        gap = max(other.left - piece.left - columns, piece.left - other.left - width)
        if gap <= rows and abs(other.centre[0] - piece.centre[0]) <= rows / 2.0:
            return True
    return False


def _in_dotted_lines(dots: list[_Piece]) -> list[_Piece]:
    """Return the dots that follow each other at even distances on a straight line."""
    if not LEAST_DOTS <= len(dots) <= MOST_DOTS:
        return []
    places = np.array([dot.centre for dot in dots])
    in_line = np.zeros(len(dots), dtype=np.bool_)
    threes = _evenly_spaced(places)
    among = np.zeros(len(dots), dtype=np.bool_)
    among[threes.ravel()] = True
    for first, middle, last in threes:
        along = places[last] - places[first]
        aside = np.abs((places - places[middle]) @ np.array([-along[1], along[0]])) / np.hypot(*along)
        on_line = among & (aside <= DOT_UNEVEN)
        if on_line.sum() >= LEAST_DOTS:
            in_line[[first, middle, last]] = True
    return [dots[index] for index in np.flatnonzero(in_line)]


def _evenly_spaced(places: FloatArray) -> NDArray[np.intp]:
    """Return the closest (first, middle, last) about each dot that has two others at even distances."""
    offset = places[None] - places[:, None]
    distance = np.hypot(offset[..., 0], offset[..., 1])
    near: NDArray[np.bool_] = (distance > 0.0) & (distance <= DOT_APART)
    threes = []
    for middle in range(len(places)):
        beside = np.flatnonzero(near[middle])
        arms = offset[middle, beside]
        opposite = np.abs(arms[:, None] + arms[None]).max(axis=2, initial=0.0) <= DOT_UNEVEN
        first, last = np.nonzero(np.triu(opposite, 1))
        if first.size:
            closest = int(np.argmin(distance[middle, beside[first]]))
            threes.append((beside[first[closest]], middle, beside[last[closest]]))
    return np.array(threes, dtype=np.intp).reshape(-1, 3)


def _at_the_end(dotted: list[_Piece], pieces: list[_Piece]) -> list[_Piece]:
    """Return the small pieces, crosses that ran together with a dot among them, next to a dotted line."""
    if not dotted:
        return []
    dots = np.array([dot.centre for dot in dotted])
    near = [piece for piece in pieces if max(piece.pixels.shape) <= CROSS_SIDE[1]]
    away = [np.hypot(*(dots - piece.centre).T).min() for piece in near]
    return [
        piece
        for piece, distance in zip(near, away, strict=True)
        if distance <= DOT_APART / 2.0 and not _in_a_word(piece, pieces)
    ]
