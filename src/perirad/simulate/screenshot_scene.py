"""The screen of a simulated scanner: tissue in a dark frame, text, logo and grey bar round it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perirad.simulate.bmode import CENTRES, beamform, compress, scatterers
from perirad.simulate.screenshot_marks import Canvas, Spot, draw_box, draw_lines, draw_text
from perirad.simulate.tissue import Grid, draw_tissue, enlarge, relief

__all__ = ["Frame", "draw_frame", "draw_surroundings", "lay_bands", "lay_tissue"]


class Frame(NamedTuple):
    """Half-open box of the tissue: rows `top` to `bottom - 1`, columns `left` to `right - 1`."""

    top: int
    left: int
    bottom: int
    right: int


def draw_frame(rng: np.random.Generator) -> tuple[Canvas, Frame]:
    """A dark screen, and the box of the tissue on it."""
    rows, columns = int(rng.integers(480, 901)), int(rng.integers(640, 1201))
    canvas = np.full((rows, columns), rng.uniform(0.0, 28.0), dtype=np.float32)
    left, right = (int(rng.integers(45, int(columns * 0.22))) for _ in range(2))
    top, bottom = (int(rng.integers(40, 96)) for _ in range(2))
    return canvas, Frame(top, left, rows - bottom, columns - right)


def lay_tissue(
    rng: np.random.Generator, canvas: Canvas, field: Frame, spacing_mm: tuple[float, float], *, sector: bool
) -> None:
    """Scan a breast at half the resolution, enlarge it, put it into the frame."""
    rows, columns = field.bottom - field.top, field.right - field.left
    grid = Grid(rows // 2, columns // 2, 2.0 * spacing_mm[0])
    scanner = replace(CENTRES["B"], frequency_mhz=float(rng.uniform(6.0, 12.0)), spacing_mm=grid.spacing_mm)
    tissue = draw_tissue(rng, grid)
    lesion = relief(rng, grid, tall_mm=0.2 * grid.depth_mm[-1, 0], wide_mm=0.3 * grid.depth_mm[-1, 0])
    echo_db = tissue.echo_db - np.float32(14.0) * (lesion > 1.4)
    amplitude = np.hypot(10.0 ** (echo_db / np.float32(20.0)), tissue.specular).astype(np.float32)
    field_of_echoes = scatterers(rng, amplitude, np.ones_like(amplitude))
    echo = beamform(field_of_echoes, scanner, focus_mm=0.45 * float(grid.depth_mm[-1, 0]))
    picture = compress(echo, scanner, gain_db=float(rng.uniform(-10.0, 3.0)))
    grey = np.clip(enlarge(picture.astype(np.float32), rows, columns), 0.0, 255.0)
    inside = sector_mask(rng, rows, columns) if sector else np.ones((rows, columns), dtype=np.bool_)
    box = canvas[field.top : field.bottom, field.left : field.right]
    box[inside] = grey[inside]


def sector_mask(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.bool_]:
    """Pixels of a convex probe's sector that fills the box."""
    half = float(rng.uniform(0.4, 0.75))
    radius = rows * float(rng.uniform(0.15, 0.5))
    row, column = np.mgrid[:rows, :columns]
    down, across = row + radius * np.cos(half), column - columns / 2.0
    distance = np.hypot(down, across)
    wide = np.abs(np.arctan2(across, down)) < half
    inside: NDArray[np.bool_] = wide & (distance > radius) & (distance < rows + radius * np.cos(half))
    return inside


def lay_bands(rng: np.random.Generator, canvas: Canvas, *, even: bool) -> None:
    """Bright horizontal layers over the tissue: at equal distances (reverberation), or not."""
    n_bands = int(rng.integers(4, 12))
    pitch = canvas.shape[0] / (n_bands + 1)
    depth = np.arange(canvas.shape[0], dtype=np.float32)[:, None]
    for number in range(1, n_bands + 1):
        row = number * pitch + (0.0 if even else float(rng.normal(0.0, 0.3 * pitch)))
        slope = 0.0 if even else float(rng.normal(0.0, 0.03))
        course = row + slope * (np.arange(canvas.shape[1], dtype=np.float32)[None] - canvas.shape[1] / 2.0)
        width, strength = rng.uniform(1.0, 3.5), rng.uniform(40.0, 140.0) * 0.85**number
        canvas += np.float32(strength) * np.exp(-(((depth - course) / np.float32(width)) ** 2))


def draw_surroundings(rng: np.random.Generator, canvas: Canvas, field: Frame) -> None:
    """Text, settings, logo and grey bar round the tissue."""
    rows, columns = canvas.shape
    size, grey = int(rng.integers(10, 17)), float(rng.uniform(120.0, 255.0))
    draw_lines(rng, canvas, Spot(4, int(rng.integers(5, 60))), count=int(rng.integers(1, 3)), size=size, grey=grey)
    draw_lines(rng, canvas, Spot(4, columns * rng.uniform(0.5, 0.75)), count=2, size=size, grey=grey)
    if rng.random() < 0.6:
        column = 4 if rng.random() < 0.5 else field.right + 32
        draw_lines(rng, canvas, Spot(field.top + 40, column), count=int(rng.integers(3, 14)), size=size - 1, grey=grey)
    if rng.random() < 0.5:
        draw_text(canvas, "MI 0.9  TIs 0.2  SIMULATED", Spot(rows - 20, field.left), size=size, grey=grey)
    if rng.random() < 0.6:
        draw_box(rng, canvas, Spot(field.top + int(rng.integers(0, 30)), max(2, field.left - 40)), grey=grey)
