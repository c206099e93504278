"""What a scanner draws round the picture: ticks, numbers, boxes, bars, lists of settings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

__all__ = ["MARKS", "Spot", "draw_box", "draw_keyboard", "draw_lines", "draw_text", "stamp", "tick_shape"]

Canvas = NDArray[np.float32]

MARKS = ("line", "dot", "dash", "triangle")
FINE = 8  # marks are drawn this much finer, then averaged
REACH = 14  # rows from the middle of a mark's patch to its edge
_SETTINGS = (
    "FR 23Hz", "G 54%", "DR 65", "MI 0.9", "TIs 0.2", "P 90%", "CHI", "Frq 12.0", "Gn 50", "S/A 2/1", "Map D/0",
    "D 3.5cm", "AO 100%", "C 5", "XV C3", "PRC 16/4/1", "PST 0", "Persist 2", "2D", "Res", "L12-5", "Breast",
)  # fmt: skip
_NAMES = ("TEST PATIENT", "PHANTOM 01", "NOBODY, N.", "000-00-000", "01/01/2000", "12:00:00", "BREAST LT", "RT 10:00")


class Spot(NamedTuple):
    """A place on the canvas, (row, column); may lie between pixels."""

    row: float
    column: float


def tick_shape(mark: str, *, length: float, thick: float, shift: float) -> Canvas:
    """Coverage of one tick of a vertical ruler, on rows -14 to 14 about it; it grows to the right from column 0.

    Parameters
    ----------
    mark : {"line", "dot", "dash", "triangle"}
        A line across the ruler, a disc, a bar along it, an arrow head that points to the left.
    length : float
        Pixels across the ruler; a dot's diameter.
    thick : float
        Pixels along the ruler; a dot has its length for both.
    shift : float
        Rows, within half a pixel, by which the middle is off the middle of the pixel.
    """
    columns = int(np.ceil(length)) + 1
    row = (np.arange((2 * REACH + 1) * FINE) + 0.5)[:, None] / FINE - REACH - 0.5 - shift
    column = (np.arange(columns * FINE) + 0.5)[None] / FINE
    if mark == "dot":
        inside = row**2 + (column - length / 2.0) ** 2 <= (length / 2.0) ** 2
    elif mark == "triangle":
        inside = (np.abs(row) <= thick / 2.0 * column / length) & (column <= length)
    else:
        inside = (np.abs(row) <= thick / 2.0) & (column <= length)
    fine = inside.astype(np.float32).reshape(2 * REACH + 1, FINE, columns, FINE)
    return np.asarray(fine.mean(axis=(1, 3)), dtype=np.float32)


def stamp(canvas: Canvas, shape: Canvas, row: int, column: int, grey: float) -> None:
    """Lay a shape over the canvas with its middle row and first column at a pixel; what lies outside is cut off."""
    top, left = row - shape.shape[0] // 2, column
    bottom, right = top + shape.shape[0], left + shape.shape[1]
    inner = slice(max(top, 0), max(bottom, 0)), slice(max(left, 0), max(right, 0))
    under = canvas[inner]
    cover = shape[inner[0].start - top :, inner[1].start - left :][: under.shape[0], : under.shape[1]]
    under += cover * (np.float32(grey) - under)


def draw_text(canvas: Canvas, text: str, at: Spot, *, size: int, grey: float) -> None:
    """Write text with its upper left corner at a spot."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = (int(value) for value in font.getbbox(text))
    page = Pillow.new("L", (right - left + 2, bottom - top + 2))
    ImageDraw.Draw(page).text((1 - left, 1 - top), text, fill=255, font=font)
    cover = np.asarray(page, dtype=np.float32) / np.float32(255.0)
    stamp(canvas, cover, int(at.row) + cover.shape[0] // 2, int(at.column), grey)


def draw_lines(rng: np.random.Generator, canvas: Canvas, at: Spot, *, count: int, size: int, grey: float) -> None:
    """A list of settings, a line each at equal distances."""
    pitch = int(rng.integers(size + 3, 2 * size + 4))
    for number in range(count):
        words = _SETTINGS if rng.random() < 0.8 else _NAMES
        draw_text(canvas, str(rng.choice(words)), Spot(at.row + number * pitch, at.column), size=size, grey=grey)


def draw_box(rng: np.random.Generator, canvas: Canvas, at: Spot, *, grey: float) -> None:
    """The maker's logo, or a bar of all greys with a frame."""
    tall, wide = (int(n) for n in ((28, 36) if rng.random() < 0.5 else (rng.integers(60, 160), rng.integers(8, 18))))
    top, left = int(at.row), int(at.column)
    inner = canvas[top : top + tall, left : left + wide]
    if inner.size == 0:
        return
    if wide > tall:
        inner[...] = np.float32(grey) * (rng.random(inner.shape) < 0.4)
    else:
        inner[...] = np.linspace(255.0, 0.0, inner.shape[0], dtype=np.float32)[:, None]
    inner[0], inner[-1], inner[:, 0], inner[:, -1] = grey, grey, grey, grey


def draw_keyboard(rng: np.random.Generator, canvas: Canvas) -> None:
    """Rows of equal keys with a letter each: equally spaced, and no ruler."""
    pitch, size = int(rng.integers(26, 60)), int(rng.integers(9, 15))
    wide = int(rng.integers(pitch, 3 * pitch))
    n_rows, n_columns = int(rng.integers(3, 12)), int(rng.integers(2, 10))
    top = int(rng.integers(5, max(6, canvas.shape[0] - n_rows * pitch)))
    left = int(rng.integers(5, max(6, canvas.shape[1] - n_columns * wide)))
    grey, filled, bullets = float(rng.uniform(90, 255)), rng.random() < 0.3, rng.random() < 0.3
    for row in range(top, top + n_rows * pitch, pitch):
        for column in range(left, left + n_columns * wide, wide):
            key = canvas[row : row + pitch - 4, column : column + wide - 4]
            if bullets:
                stamp(canvas, tick_shape("dot", length=4, thick=4, shift=0), row + size // 2, column - 8, grey)
            elif key.size:
                key[...] = 60.0 if filled else key
                key[0], key[-1], key[:, 0], key[:, -1] = grey, grey, grey, grey
            letters = str(rng.choice(_SETTINGS + _NAMES)) if wide > 80 else str(rng.choice(list("QWERTYUIOP123")))
            draw_text(canvas, letters, Spot(row + 4, column + 5), size=size, grey=grey)
