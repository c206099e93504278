"""A picture with the ticks that were found marked beside them: for the eye to agree, or not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from perirad.image.ruler import AxisRuler, RulerReading

__all__ = ["draw_reading"]

SURE, UNSURE = (102, 217, 255), (255, 140, 66)
ENLARGE = 2
CLEAR, LENGTH = 3, 10  # pixels between a tick and its marks, and their length
ZOOM_REACH = 24  # pixels of the picture shown on either side of the band
LINE_PX = 22


def draw_reading(pixels: NDArray[Any], reading: RulerReading) -> NDArray[np.uint8]:
    """Draw the picture twice as large, a mark on either side of each tick, each ruler's strip and the words below.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values; shown from 0 to 255, or to the largest where that is more.
    reading : RulerReading

    Returns
    -------
    ndarray of shape (n, m, 3), uint8
        Blue marks where the reading may be used, orange ones where it may not.
    """
    scale = 255.0 / max(255.0, float(np.max(pixels)))
    grey = np.clip(np.asarray(pixels, dtype=np.float64) * scale, 0.0, 255.0).astype(np.uint8)
    colour = SURE if reading.is_sure else UNSURE
    marked = _marked(grey, reading.rulers, colour)
    parts = [marked, *(_strip(marked, ruler) for ruler in reading.rulers)]
    words = [f"spacing {reading.spacing_mm[0]:.4g} x {reading.spacing_mm[1]:.4g} mm (row, column)"]
    words += [reading.line(), *reading.words]
    return _stacked(parts, words, colour)


def _marked(grey: NDArray[np.uint8], rulers: tuple[AxisRuler, ...], colour: tuple[int, int, int]) -> Pillow.Image:
    size = (ENLARGE * grey.shape[1], ENLARGE * grey.shape[0])
    picture = Pillow.fromarray(grey).convert("RGB").resize(size, Pillow.Resampling.NEAREST)
    pen = ImageDraw.Draw(picture)
    for ruler in rulers:
        low, high = ruler.band_px
        for place in ruler.places_px.tolist():
            for begin in (low - CLEAR - LENGTH, high + CLEAR):
                pen.line(_ends(ruler, place, begin), fill=colour, width=1)
    return picture


def _ends(ruler: AxisRuler, place: float, begin: float) -> list[tuple[float, float]]:
    """Ends (x, y) of a mark, on the enlarged picture; a pixel's middle is at its middle there too."""
    along = ENLARGE * (place + 0.5) - 0.5
    across = ENLARGE * begin, ENLARGE * (begin + LENGTH)
    return [(x, along) for x in across] if ruler.is_upright else [(along, y) for y in across]


def _strip(marked: Pillow.Image, ruler: AxisRuler) -> Pillow.Image:
    """The ruler's strip, laid flat where it stands upright."""
    low, high = (ENLARGE * edge for edge in (ruler.band_px[0] - ZOOM_REACH, ruler.band_px[1] + ZOOM_REACH))
    if ruler.is_upright:
        return marked.crop((low, 0, high, marked.height)).transpose(Pillow.Transpose.ROTATE_90)
    return marked.crop((0, low, marked.width, high))


def _stacked(parts: list[Pillow.Image], words: list[str], colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Parts and lines of text, one below the other."""
    width = max(part.width for part in parts)
    height = sum(part.height + 8 for part in parts) + LINE_PX * len(words) + 8
    page = Pillow.new("RGB", (width, height), (30, 30, 30))
    pen, top = ImageDraw.Draw(page), 0
    for part in parts:
        page.paste(part, (0, top))
        top += part.height + 8
    for number, line in enumerate(words):
        pen.text((8, top + number * LINE_PX), line, fill=colour if number == 0 else (220, 220, 220), font_size=15)
    return np.asarray(page)
