"""What was drawn on the picture: text, calipers, colour, biopsy needles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perirad.arrays import BoolArray, frozen
from perirad.image.image import Image
from perirad.image.marks_colour import coloured_pixels, split_by_size
from perirad.image.marks_grey import Grey8, eight_bits
from perirad.image.marks_needle import NO_NEEDLE, Needle, find_needle
from perirad.image.marks_shape import split_calipers
from perirad.image.marks_strokes import box_dilate, drawn_strokes

__all__ = ["Marks", "find_marks"]

BORDER = 2
"""Pixels by which marks are widened: their own soft border, and what JPEG rang around it."""
OUTLINE_REACH, OUTLINE_BLACK = 3, 12
"""Letters are often drawn with a black outline: black pixels so near to a stroke belong to it."""
EXCLUDED_FROM = 0.8
"""Confidence from which a needle is marked; below it is only reported."""


@dataclass(frozen=True)
class Marks:
    """Pixels that are drawn or metal, not tissue; all masks have the image's shape.

    Parameters
    ----------
    text : ndarray of bool
        Letters, and the frames, rulers and pictograms that are drawn with them.
    calipers : ndarray of bool
        Crosses, dotted and thin oblique measuring lines.
    needle : ndarray of bool
        The needle, where its confidence reaches `EXCLUDED_FROM`; else empty.
    colour : ndarray of bool
        Windows of Doppler or elastography; coloured letters and crosses are with their kind.
    suspected : Needle
        The straight bright line that looks most like a needle, with its confidence.
    """

    text: BoolArray
    calipers: BoolArray
    needle: BoolArray
    colour: BoolArray
    suspected: Needle = NO_NEEDLE

    def __post_init__(self) -> None:
        for name in ("text", "calipers", "needle", "colour"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def any(self) -> BoolArray:
        """All marks together."""
        return self.text | self.calipers | self.needle | self.colour

    @property
    def words(self) -> str:
        """What was found and how sure it is, in a clause."""
        masks = {"text": self.text, "calipers": self.calipers, "coloured overlay": self.colour}
        found = [f"{name} ({int(mask.sum())} pixels)" for name, mask in masks.items() if mask.any()]
        if self.suspected.confidence > 0.0:
            found.append(self.suspected.words)
        return ", ".join(found) if found else "no marks found"


def find_marks(image: Image) -> Marks:
    """Find text, calipers, coloured overlays and a biopsy needle.

    Parameters
    ----------
    image : Image
        Grey values, brought to the scale 0-255 by `marks_grey.grey_scale`; `chroma` is used where the file had colours.

    Returns
    -------
    Marks
        Drawn marks are widened by two pixels, and by their black outline where they have one. Marks darker than the
        tissue, and letters whose strokes are wider than eight pixels, are not found.

    Notes
    -----
    Grey marks are told from tissue by flanks steeper, along a row, than an ultrasound beam can draw; coloured ones by
    a chroma above the picture's own tint.
    """
    grey = eight_bits(image)
    painted, windows = split_by_size(coloured_pixels(image.chroma, grey))
    strokes = drawn_strokes(grey) & ~windows
    text, calipers = split_calipers(strokes | painted)
    suspected = find_needle(grey, image.spacing_mm, image.field, drawn=strokes)
    sure = suspected.confidence >= EXCLUDED_FROM
    return Marks(
        text=_widened(text, grey),
        calipers=_widened(calipers, grey),
        needle=suspected.mask(image.shape, image.spacing_mm) if sure else np.zeros(image.shape, dtype=np.bool_),
        colour=box_dilate(windows, BORDER) if windows.any() else windows,
        suspected=suspected,
    )


def _widened(marks: BoolArray, grey: Grey8) -> BoolArray:
    if not marks.any():
        return marks
    outline = box_dilate(marks, OUTLINE_REACH) & (grey <= OUTLINE_BLACK)
    return box_dilate(marks, BORDER) | outline
