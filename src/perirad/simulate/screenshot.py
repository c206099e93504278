"""Simulated screenshots of a scanner, with rulers whose scale is known: to measure how well rulers are read."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.simulate.screenshot_marks import Canvas, draw_keyboard
from perirad.simulate.screenshot_ruler import (
    DrawnRuler,
    Scale,
    Style,
    draw_ruler,
    draw_sides,
    draw_style,
    draw_tick_mm,
)
from perirad.simulate.screenshot_scene import Frame, draw_frame, draw_surroundings, lay_bands, lay_tissue

__all__ = ["NEGATIVES", "Screenshot", "simulate_screenshot", "simulate_without_ruler"]

NEGATIVES = ("screen", "text", "tissue", "layers", "keyboard", "bands")


@dataclass(frozen=True)
class Screenshot:
    """A screenshot and its truth.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns), uint8
    spacing_mm : tuple of float
        (row, column), mm; what the rulers say.
    tick_mm : float
        Distance of neighbouring ticks.
    rulers : tuple of DrawnRuler
        Empty for a screenshot without.
    style : Style
    field : Frame
        Box of the tissue.
    kind : str
        "ruler", or one of `NEGATIVES`.
    seed : int
    """

    pixels: NDArray[np.uint8]
    spacing_mm: tuple[float, float]
    tick_mm: float
    rulers: tuple[DrawnRuler, ...]
    style: Style
    field: Frame
    kind: str
    seed: int


def simulate_screenshot(seed: int) -> Screenshot:
    """Draw a screenshot with one or two rulers; all chance comes from the seed.

    Pixels that are not square always come with a ruler on either axis: one ruler alone could not tell.
    """
    rng = _stream(seed, 0)
    canvas, field = draw_frame(rng)
    spacing = draw_spacing(rng)
    extent_mm = ((field.bottom - field.top) * spacing[0], (field.right - field.left) * spacing[1])
    tick_mm = draw_tick_mm(rng, extent_mm, spacing)
    style = draw_style(rng, tick_mm)
    lay_tissue(rng, canvas, field, spacing, sector=style.sector)
    draw_surroundings(rng, canvas, field)
    rulers = [
        draw_ruler(rng, canvas, field, style, Scale(side, tick_mm, spacing[side in ("top", "bottom")]))
        for side in draw_sides(rng, square=spacing[0] == spacing[1], tall=extent_mm[0] >= 3.2 * tick_mm)
    ]
    pixels = finish(canvas, style.jpeg)
    return Screenshot(pixels, spacing, tick_mm, tuple(rulers), style, field, "ruler", seed)


def simulate_without_ruler(seed: int, kind: str | None = None) -> Screenshot:
    """Draw a picture that shows no ruler: a screen with its text, text alone, tissue, layers, keys, bright bands.

    Raises
    ------
    InputError
        When `kind` is not one of `NEGATIVES`.
    """
    kind = NEGATIVES[seed % len(NEGATIVES)] if kind is None else kind
    if kind not in NEGATIVES:
        raise InputError(f"kind must be one of {', '.join(NEGATIVES)}", repr(kind))
    rng = _stream(seed, 1)
    style, spacing = draw_style(rng, 5.0), draw_spacing(rng)
    canvas, field = draw_frame(rng)
    if kind in ("tissue", "layers", "bands"):
        canvas = np.ascontiguousarray(canvas[field.top : field.bottom, field.left : field.right])
        field = Frame(0, 0, *canvas.shape)
    if kind in ("screen", "tissue", "layers", "bands") or (kind == "keyboard" and rng.random() < 0.5):
        lay_tissue(rng, canvas, field, spacing, sector=style.sector and kind == "screen")
    if kind in ("layers", "bands"):
        lay_bands(rng, canvas, even=kind == "bands")
    if kind in ("screen", "text", "keyboard"):
        draw_surroundings(rng, canvas, field)
    if kind == "keyboard":
        draw_keyboard(rng, canvas)
    return Screenshot(finish(canvas, style.jpeg), spacing, np.nan, (), style, field, kind, seed)


def draw_spacing(rng: np.random.Generator) -> tuple[float, float]:
    """Draw millimetres per pixel, 0.04 to 0.25; one in twelve is not square."""
    row = float(np.exp(rng.uniform(np.log(0.04), np.log(0.25))))
    return (row, row * float(rng.choice((0.8, 0.9, 1.1, 1.25)))) if rng.random() < 1 / 12 else (row, row)


def _stream(seed: int, number: int) -> np.random.Generator:
    if seed < 0:
        raise InputError("the seed must not be negative", f"seed={seed}")
    return np.random.default_rng(np.random.SeedSequence((seed, number)))


def finish(canvas: Canvas, jpeg: int | None) -> NDArray[np.uint8]:
    """Round to 8 bits; with a quality, through JPEG."""
    pixels = np.rint(np.clip(canvas, 0.0, 255.0)).astype(np.uint8)
    if jpeg is None:
        return pixels
    stream = io.BytesIO()
    Pillow.fromarray(pixels).save(stream, format="JPEG", quality=jpeg)
    with Pillow.open(stream) as picture:
        return np.asarray(picture)
