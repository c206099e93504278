"""Dilation by a number of pixels, as many published studies did it: to repeat them, not to start new ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from perirad.arrays import BoolArray, IntArray
from perirad.errors import InputError
from perirad.image.image import Image
from perirad.regions.exclusion import Exclusions, masks_on
from perirad.regions.lesion import box_of, check_together
from perirad.regions.patch import Patch, check_size, padded, widened
from perirad.regions.region import Region
from perirad.regions.seen import seen

__all__ = ["Element", "LegacyRing", "element_of", "legacy_ring", "legacy_ring_of_mm"]

_MOST_PIXELS = 100_000


class Element(StrEnum):
    """Shape of the structuring element of n pixels; r and c are rows and columns from its middle."""

    SQUARE = "square"
    """max(r, c) <= n: the square of 2n + 1 pixels, or n times that of 3. Reaches 1.41 n along a diagonal."""
    CROSS = "cross"
    """r = 0 or c = 0, max(r, c) <= n: one plus sign of 2n + 1 pixels."""
    DIAMOND = "diamond"
    """r + c <= n: n times the plus sign of 3 pixels. Reaches 0.71 n along a diagonal."""
    DISC = "disc"
    """r² + c² <= n²: a circle of pixels, an ellipse of millimetres where pixels are not square."""


def element_of(word: str) -> Element:
    """Return the structuring element of a name, or raise InputError."""
    if word not in set(Element):
        raise InputError(f"structuring element must be one of {', '.join(Element)}", repr(word))
    return Element(word)


@dataclass(frozen=True)
class LegacyRing:
    """A ring of a number of pixels.

    Parameters
    ----------
    n_pixels : int
        How far the structuring element reaches, 1 or more.
    element : Element
        Its shape.
    filled : bool
        The lesion and its ring in one mask, as studies have it that dilated the mask and left the lesion in.

    Raises
    ------
    InputError
        When n_pixels is not a positive whole number, or the element is unknown.
    """

    n_pixels: int
    element: Element
    filled: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.n_pixels, bool) or not isinstance(self.n_pixels, int) or self.n_pixels < 1:
            raise InputError("pixels of a dilation must be a whole number of 1 or more", f"n_pixels={self.n_pixels}")
        object.__setattr__(self, "element", element_of(self.element))

    def __str__(self) -> str:
        """Write the name of the region, ``P20px-square`` or ``P20px-square-filled``."""
        return f"P{self.n_pixels}px-{self.element}{'-filled' * self.filled}"


def legacy_ring_of_mm(
    width_mm: float, assumed_spacing_mm: float, element: Element, *, filled: bool = False
) -> LegacyRing:
    """Return the ring of a study that turned millimetres into pixels with one spacing for all its images.

    Parameters
    ----------
    width_mm : float
        What the study calls the ring's width.
    assumed_spacing_mm : float
        Millimetres per pixel that it took all its images to have.
    element, filled
        As of `LegacyRing`.

    Returns
    -------
    LegacyRing
        Of ``width_mm / assumed_spacing_mm`` pixels, rounded to the nearest, halves up.

    Raises
    ------
    InputError
        When a number is not positive, or the width is below half a pixel or beyond 100,000.
    """
    for name, number in (("width_mm", width_mm), ("assumed_spacing_mm", assumed_spacing_mm)):
        if not (math.isfinite(number) and number > 0.0):
            raise InputError(f"{name} must be positive", f"{name}={number}")
    exact = width_mm / assumed_spacing_mm * (1.0 + 1e-12)
    if exact > _MOST_PIXELS:
        found = f"width_mm={width_mm}, assumed_spacing_mm={assumed_spacing_mm}"
        raise InputError(f"ring must have no more than {_MOST_PIXELS} pixels", found)
    return LegacyRing(math.floor(exact + 0.5), element, filled)


def legacy_ring(lesion: Region, image: Image, ring: LegacyRing, *, exclusions: Exclusions | None = None) -> Region:
    """Return a ring made by dilation with a number of pixels.

    Parameters
    ----------
    lesion : Region
        Region ``I``.
    image : Image
        Its image.
    ring : LegacyRing
        How far, with which structuring element, with or without the lesion.
    exclusions : Exclusions, optional
        Pixels that the ring may not use. Published studies had none.

    Returns
    -------
    Region
        Named as the ring is. `lost_fraction` as of `perirad.regions.ring.rings`.

    Raises
    ------
    InputError
        When lesion, image and exclusions do not belong together, or the ring is too wide for its grid.

    Warnings
    --------
    Twenty pixels are 1 mm in one image and 3 mm in the next, and a square reaches 1.41 times as far along a diagonal
    as along a row. Such rings differ between machines and depths in what they are meant to have in common, and what
    a model makes of it is the machine. A filled mask mixes the lesion's texture into the ring's. Use them to repeat a
    published study, and rings in mm for anything else.
    """
    check_together(lesion, image)
    n = ring.n_pixels
    window = widened(box_of(lesion.whole), n, n)
    check_size(window, f"n_pixels={n}", image, "dilate by fewer pixels")
    inner = padded(lesion.whole, window)
    grown = _dilated(inner, _reach(ring))
    whole = grown if ring.filled else grown & ~inner
    patch = Patch(window, inner, np.empty((0, 0)))
    return seen(str(ring), whole, patch, image, masks_on(image, exclusions))


def _reach(ring: LegacyRing) -> IntArray:
    """Return how many columns the structuring element reaches to either side, in its middle row and the n beyond."""
    n = ring.n_pixels
    match ring.element:
        case Element.SQUARE:
            reach = [n] * (n + 1)
        case Element.CROSS:
            reach = [n] + [0] * n
        case Element.DIAMOND:
            reach = [n - row for row in range(n + 1)]
        case Element.DISC:
            reach = [math.isqrt(n * n - row * row) for row in range(n + 1)]
    return np.array(reach, dtype=np.int64)


def _dilated(mask: BoolArray, reach: IntArray) -> BoolArray:
    """Dilate a mask whose marked rows lie at least the element's reach inside."""
    out = mask.copy()
    n = reach.size - 1
    rows = slice(n, mask.shape[0] - n)
    away = _columns_away(mask[rows])
    for row, columns in enumerate(reach):
        near = away <= columns
        for top in {n - row, n + row}:
            out[top : top + away.shape[0]] |= near
    return out


def _columns_away(mask: BoolArray) -> IntArray:
    """Return the columns from each pixel to the nearest marked one of its row, very many where there is none."""
    column, nowhere = np.arange(mask.shape[1]), -(1 << 40)
    before = column - np.maximum.accumulate(np.where(mask, column, nowhere), axis=1)
    turned = np.maximum.accumulate(np.where(mask[:, ::-1], column, nowhere), axis=1)
    return np.minimum(before, (column - turned)[:, ::-1])
