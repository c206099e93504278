"""Paint text, calipers, measuring lines and needles on a picture, and keep the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from perirad.arrays import BoolArray
from perirad.image.image import Box, Calibration, Image, Source

Pixels = NDArray[Any]
Ends = tuple[tuple[int, int], tuple[int, int]]

FULL, SOME = 128, 40
"""Coverage of a pixel by ink, 0-255, from which it is a mark, and from which it is not clean tissue any more."""


@dataclass
class Painter:
    """A grey picture that is painted on; `ink` has for each kind the coverage of each pixel, 0-255."""

    pixels: Pixels
    ink: dict[str, Pixels] = field(default_factory=dict)

    def text(self, place: tuple[int, int], words: str, *, size: int, grey: int, outlined: bool = False) -> None:
        """Write words with their upper left corner at (row, column), as a machine does, with soft borders."""
        font = ImageFont.load_default(size)
        if outlined:
            around = self._mask(lambda draw: draw.text(place[::-1], words, font=font, fill=255, stroke_width=2))
            self._blend("outline", around, 0)
        self._blend("text", self._mask(lambda draw: draw.text(place[::-1], words, font=font, fill=255)), grey)

    def plus(self, centre: tuple[int, int], *, arm: int, width: int, grey: int) -> None:
        row, column = centre
        lines = [((column - arm, row), (column + arm, row)), ((column, row - arm), (column, row + arm))]
        self._lines("calipers", lines, width, grey)

    def cross(self, centre: tuple[int, int], *, arm: int, width: int, grey: int) -> None:
        row, column = centre
        ends = [(arm, arm), (arm, -arm)]
        lines = [((column - x, row - y), (column + x, row + y)) for y, x in ends]
        self._lines("calipers", lines, width, grey)

    def dotted(self, start: tuple[int, int], end: tuple[int, int], *, apart: float, side: int, grey: int) -> None:
        """Draw square dots of a side of so many pixels, `apart` pixels from one to the next."""
        steps = max(int(np.hypot(end[0] - start[0], end[1] - start[1]) / apart), 1)
        mask = np.zeros(self.pixels.shape, dtype=np.uint8)
        for row, column in np.linspace(start, end, steps + 1).round().astype(int):
            mask[row : row + side, column : column + side] = 255
        self._blend("calipers", mask, grey)

    def line(self, start: tuple[int, int], end: tuple[int, int], *, width: int, grey: int) -> None:
        self._lines("calipers", [(start[::-1], end[::-1])], width, grey)

    def needle(self, start: tuple[float, float], end: tuple[float, float], *, width: float, grey: int) -> None:
        """Draw a bright straight line with the blur of a beam: Gaussian across, `width` at half height."""
        rows, columns = np.indices(self.pixels.shape)
        (top, left), (bottom, right) = start, end
        down, across = bottom - top, right - left
        along = np.clip(((rows - top) * down + (columns - left) * across) / (down**2 + across**2), 0.0, 1.0)
        distance = np.hypot(rows - top - along * down, columns - left - along * across)
        self._blend("needle", np.rint(255 * np.exp2(-((2.0 * distance / width) ** 2))).astype(np.uint8), grey)

    def truth(self, *kinds: str) -> BoolArray:
        """Pixels that are at least half covered by ink of these kinds."""
        return self._covered(kinds, FULL)

    def touched(self) -> BoolArray:
        """Pixels that are covered by any ink in part."""
        return self._covered(tuple(self.ink), SOME)

    def _covered(self, kinds: tuple[str, ...], least: int) -> BoolArray:
        covered = np.zeros(self.pixels.shape, dtype=np.bool_)
        for kind in kinds:
            covered |= self.ink.get(kind, np.zeros(self.pixels.shape)) >= least
        return covered

    def image(self, spacing_mm: float = 0.07) -> Image:
        return as_image(self.pixels, spacing_mm)

    def _lines(self, kind: str, lines: list[Ends], width: int, grey: int) -> None:
        def draw_all(draw: ImageDraw.ImageDraw) -> None:
            for ends in lines:
                draw.line(ends, fill=255, width=width)

        self._blend(kind, self._mask(draw_all), grey)

    def _mask(self, paint: Callable[[ImageDraw.ImageDraw], None]) -> Pixels:
        canvas = Pillow.new("L", self.pixels.shape[::-1], 0)
        paint(ImageDraw.Draw(canvas))
        return np.asarray(canvas)

    def _blend(self, kind: str, mask: Pixels, grey: int) -> None:
        share = mask.astype(np.float64) / 255.0
        self.pixels = np.rint(self.pixels * (1.0 - share) + grey * share)
        self.ink[kind] = np.maximum(self.ink.get(kind, np.zeros(self.pixels.shape)), mask)


def as_image(pixels: Pixels, spacing_mm: float = 0.07, chroma: Pixels | None = None) -> Image:
    """A picture of square pixels as an image record."""
    stated = Calibration(Source.STATED, "test")
    grey = np.asarray(pixels, dtype=np.float64)
    return Image(grey, (spacing_mm, spacing_mm), stated, Box(0, 0, *grey.shape), chroma=chroma)
