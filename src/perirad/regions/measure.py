"""How far a pixel is from a lesion: to the nearest pixel's centre, or to the outline between the pixels."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np

from perirad import _kernels
from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError

__all__ = ["ROUNDING", "Measure", "distances_mm", "measure_of", "within"]

ROUNDING = 1e-9
"""Relative slack of d <= width: a pixel at 3.0000000001 mm by rounding alone belongs to the 3 mm ring."""


class Measure(StrEnum):
    r"""What the distance of a pixel is measured to.

    Notes
    -----
    A mask says which pixels have their centre in the lesion; where between the pixels the outline runs, it does not
    say. ``CENTRE`` measures to the last centre inside, so its rings start half a pixel too far inwards at a straight
    side. ``EDGE`` measures to where the outline is expected; with v the nearest lesion centre, u the direction to it:

    - v straight above, below or beside, or v a corner: to the rectangle of pixel v (0.5 pixel before a side);
    - otherwise :math:`|x - v| - 0.18\,p(u)` with p the pixel's size along u: an oblique or round outline passes close
      to the outermost centres, and its height above them depends on where they happen to fall.

    A corner has no more than 20 lesion pixels among the 49 about it. Of several nearest centres the one that gives the
    smallest distance counts.

    Of 400 random shapes of each kind with pixels of 0.05 to 0.15 mm, 1:1 to 1:2, the areas of P3, P5 and P8 differ
    from the true ones by (mean, root mean square; ``benchmarks/bench_regions.py --areas 400``):

    =======================================  ======================  ====================
    ..                                       CENTRE P3 .. P8, %      EDGE P3 .. P8, %
    =======================================  ======================  ====================
    discs, radius 20 to 200 pixels           -0.9, 0.9 .. -0.3, 0.3  0.1, 0.2 .. 0.1, 0.1
    upright rectangles of whole pixels       -0.7, 0.7 .. -0.5, 0.6  0.0, 0.0 .. 0.0, 0.0
    rectangles at other angles               -1.3, 1.4 .. -0.7, 0.7  0.1, 0.4 .. 0.1, 0.2
    =======================================  ======================  ====================

    A ring is made of whole pixels: where an outline runs along the rows, its area is wrong by what the width lacks to
    a whole number of pixels, whatever the measure.

    Dilating a mask by a disc of k mm and taking the lesion off, as is done before features are read with a program
    that takes masks only, gives the rings of ``CENTRE``.
    """

    CENTRE = "centre"
    """To the nearest lesion pixel's centre."""
    EDGE = "edge"
    """To the outline expected between the pixels."""


def measure_of(word: str) -> Measure:
    """Return the measure of a name, or raise InputError."""
    if word not in set(Measure):
        raise InputError(f"measure must be one of {', '.join(Measure)}", repr(word))
    return Measure(word)


def distances_mm(
    mask: BoolArray, spacing_mm: tuple[float, float], measure: Measure, *, most_mm: float = math.inf
) -> FloatArray:
    """Return the distance of each pixel's centre to the marked pixels.

    Parameters
    ----------
    mask : ndarray of bool, shape (n_rows, n_columns)
        True where the distance is 0.
    spacing_mm : tuple of float
        (row, column).
    measure : Measure
        To the nearest marked centre or to the outline about the marked pixels.
    most_mm : float
        Centres further than this are not looked for.

    Returns
    -------
    ndarray of float64, shape (n_rows, n_columns)
        In mm; infinite where no pixel is marked within `most_mm`.

    Notes
    -----
    Exact lower envelope of parabolas, in time linear in the pixels: Felzenszwalb and Huttenlocher 2012,
    doi:10.4086/toc.2012.v008a019.
    """
    marks = mask.astype(np.uint8)
    outline = measure_of(measure) is Measure.EDGE
    if outline:
        _kernels.mark_corners(marks)
    out = np.empty(mask.shape)
    nearest = np.empty(mask.shape, dtype=np.int32)
    _kernels.measure_distances(marks, *spacing_mm, most_mm, outline, nearest, out)
    return out


def within(distance_mm: FloatArray, width_mm: float) -> BoolArray:
    """Return where a distance is at most a width, rounding aside."""
    return distance_mm <= width_mm * (1.0 + ROUNDING)
