"""Breast tissue in layers: skin, fat lobules between septa, fibroglandular tissue, muscle, chest wall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

__all__ = ["Grid", "Tissue", "draw_tissue", "enlarge", "relief", "wave"]

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """The grid on which maps are drawn."""

    rows: int
    columns: int
    spacing_mm: float

    @property
    def depth_mm(self) -> Float32:
        """Depth of the cells, shape (rows, 1)."""
        return (np.arange(self.rows, dtype=np.float32)[:, None] + np.float32(0.5)) * np.float32(self.spacing_mm)

    @property
    def across_mm(self) -> Float32:
        """Lateral position of the cells, shape (1, columns)."""
        return (np.arange(self.columns, dtype=np.float32)[None] + np.float32(0.5)) * np.float32(self.spacing_mm)


@dataclass(frozen=True)
class Tissue:
    """Maps of the tissue without the lesion.

    Parameters
    ----------
    echo_db : ndarray of shape (rows, columns)
        Mean echo of the scatterers, 0 dB for average fibroglandular tissue.
    specular : ndarray of shape (rows, columns)
        Amplitude of coherent reflectors: septa, fascia, skin.
    gland : tuple of float
        Mean depth of the upper and lower border of the fibroglandular layer, mm.
    """

    echo_db: Float32
    specular: Float32
    gland: tuple[float, float]


def enlarge(values: Float32, rows: int, columns: int) -> Float32:
    """Bicubic interpolation to a larger grid."""
    image = Image.fromarray(values.astype(np.float32, copy=False))
    return np.asarray(image.resize((columns, rows), Image.Resampling.BICUBIC), dtype=np.float32)


def relief(rng: np.random.Generator, grid: Grid, *, tall_mm: float, wide_mm: float) -> Float32:
    """Smooth random field of unit variance, with a correlation length down and across."""
    pad = 5
    rows = int(np.ceil(grid.rows * grid.spacing_mm / tall_mm * 1.4)) + 2 * pad
    columns = int(np.ceil(grid.columns * grid.spacing_mm / wide_mm * 1.4)) + 2 * pad
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    coarse = ndimage.gaussian_filter(coarse, 1.0, mode="wrap", truncate=3.0) * np.float32(2.0 * np.sqrt(np.pi))
    down, right = rng.random(2)
    box = (pad - 1 + right, pad - 1 + down, columns - pad + right, rows - pad + down)
    size = (grid.columns, grid.rows)
    return np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC, box=box), dtype=np.float32)


def wave(rng: np.random.Generator, grid: Grid, *, sd_mm: float, shortest_mm: float) -> Float32:
    """Smooth random curve across the picture, shape (1, columns)."""
    length = shortest_mm * np.array([1.0, 1.6, 2.7, 5.0])[:, None]
    height = np.array([0.35, 0.6, 0.9, 1.2])[:, None] * rng.standard_normal((4, 1))
    curve = (height * np.cos(2.0 * np.pi * (grid.across_mm / length + rng.random((4, 1))))).sum(axis=0)
    scaled: Float32 = (sd_mm * curve / 1.2).astype(np.float32)[None]
    return scaled


def along_layer(values: Float32, grid: Grid, border_mm: Float32) -> Float32:
    """Shift the columns of a field so that its rows follow a border."""
    shift = np.rint(border_mm / grid.spacing_mm).astype(np.intp)
    rows = (np.arange(grid.rows, dtype=np.intp)[:, None] - shift) % grid.rows
    return np.take_along_axis(values, rows, axis=0)


def threads(field: Float32, *, width: float, tilt: float) -> Float32:
    """Thin lines where a smooth field crosses zero, bright where they lie flat to the beam (`tilt` is the power)."""
    down, across = np.gradient(field)
    steep = np.hypot(down, across) + np.float32(1e-6)
    line = np.exp(-((field / (np.float32(width) * steep)) ** 2))
    bright: Float32 = line * (np.abs(down) / steep) ** np.float32(tilt)
    return bright


def draw_tissue(rng: np.random.Generator, grid: Grid) -> Tissue:
    """Draw one breast."""
    z = grid.depth_mm
    depth = grid.rows * grid.spacing_mm
    skin = rng.uniform(1.1, 2.2) + wave(rng, grid, sd_mm=0.08, shortest_mm=14.0)
    top = rng.uniform(0.16, 0.34) * depth
    bottom = rng.uniform(0.58, 0.80) * depth
    upper = top + wave(rng, grid, sd_mm=1.2, shortest_mm=11.0)
    lower = bottom + wave(rng, grid, sd_mm=1.2, shortest_mm=16.0)
    wall = bottom + rng.uniform(4.0, 10.0) + wave(rng, grid, sd_mm=1.2, shortest_mm=25.0)
    upper = np.maximum(upper, skin + np.float32(1.5))
    course = np.float32(0.5) * upper + wave(rng, grid, sd_mm=0.7, shortest_mm=20.0)
    strands = along_layer(relief(rng, grid, tall_mm=0.22, wide_mm=2.0), grid, course)
    in_gland, in_muscle, in_wall = (
        smooth_step_at(z - border, width) for border, width in ((upper, 0.7), (lower, 0.5), (wall, 0.5))
    )
    lobules = relief(rng, grid, tall_mm=3.2, wide_mm=9.0)
    wall_db = np.float32(rng.uniform(-15.0, -9.0)) + np.float32(1.5) * relief(rng, grid, tall_mm=1.5, wide_mm=7.0)
    fat_db = rng.uniform(-10.5, -6.5) + np.float32(1.1) * lobules
    gland_db, gland_lines = draw_gland(rng, grid, course, strands)
    muscle_db, muscle_lines = draw_muscle(rng, grid, lower)
    echo_db = fat_db + in_gland * (gland_db - fat_db)
    echo_db += in_muscle * (muscle_db - echo_db)
    echo_db += in_wall * (wall_db - echo_db)
    fat_lines = draw_septa(rng, grid, lobules) + np.float32(rng.uniform(0.1, 0.5)) * np.maximum(strands, 0)
    specular = fat_lines * (np.float32(1.0) - in_gland) + gland_lines * in_gland
    specular += in_muscle * (muscle_lines - specular)
    specular *= np.float32(1.0) - in_wall
    specular += draw_fascia(rng, grid, upper, strength=float(rng.uniform(2.0, 6.0)), thick_mm=0.12)
    specular += draw_fascia(rng, grid, lower, strength=float(rng.uniform(2.0, 7.0)), thick_mm=0.13)
    specular += draw_fascia(rng, grid, wall, strength=float(rng.uniform(0.0, 5.0)), thick_mm=0.2)
    below_skin = smooth_step_at(z - skin, 0.25)
    skin_db = np.float32(3.0) - np.float32(2.5) * np.sin(np.pi * np.clip(z / skin, 0, 1))
    echo_db += (np.float32(1.0) - below_skin) * (skin_db - echo_db)
    specular *= below_skin
    specular += np.float32(2.0) * np.exp(-(((z - skin) / np.float32(0.13)) ** 2))
    specular += np.float32(3.0) * np.exp(-((z / np.float32(0.22)) ** 2))
    return Tissue(echo_db.astype(np.float32), specular.astype(np.float32), (top, bottom))


def smooth_step_at(beyond_mm: Float32, width_mm: float) -> Float32:
    """Soft border: 0 before, 1 behind, half at the border."""
    t = np.clip(beyond_mm / np.float32(width_mm) + np.float32(0.5), 0, 1)
    step: Float32 = (t * t * (3 - 2 * t)).astype(np.float32)
    return step


def draw_septa(rng: np.random.Generator, grid: Grid, lobules: Float32) -> Float32:
    """Echogenic septa between fat lobules."""
    patchy = np.clip(relief(rng, grid, tall_mm=3.0, wide_mm=6.0) + np.float32(0.5), 0, 2)
    septa: Float32 = np.float32(rng.uniform(1.5, 4.5)) * patchy * threads(lobules, width=0.8, tilt=6.0)
    return septa


def draw_gland(rng: np.random.Generator, grid: Grid, border_mm: Float32, strands: Float32) -> tuple[Float32, Float32]:
    """Fibroglandular tissue: streaks along the layer, fatty islands, bright strands."""
    streaks = along_layer(relief(rng, grid, tall_mm=0.7, wide_mm=4.0), grid, border_mm)
    islands = relief(rng, grid, tall_mm=2.6, wide_mm=6.0)
    echo_db = np.float32(rng.uniform(-2.0, 1.5)) + np.float32(rng.uniform(1.4, 2.8)) * streaks
    echo_db -= np.float32(rng.uniform(2.0, 6.5)) * smooth_step_at(islands - np.float32(0.5), 1.0)
    lines = np.clip(strands + np.float32(0.5) * streaks - np.float32(1.1), 0, 3) * np.float32(rng.uniform(2.0, 6.0))
    return echo_db, lines * np.clip(np.float32(1.0) - islands, 0, 2)


def draw_muscle(rng: np.random.Generator, grid: Grid, border_mm: Float32) -> tuple[Float32, Float32]:
    """Muscle: dark, with long thin striations along the fascia."""
    fibres = along_layer(relief(rng, grid, tall_mm=0.3, wide_mm=6.0), grid, border_mm)
    echo_db = np.float32(rng.uniform(-12.0, -7.0)) + np.float32(1.8) * fibres
    return echo_db, np.float32(rng.uniform(0.8, 2.6)) * np.clip(fibres - np.float32(0.9), 0, 2)


def draw_fascia(
    rng: np.random.Generator, grid: Grid, border_mm: Float32, *, strength: float, thick_mm: float
) -> Float32:
    """A thin bright line along a border, brighter and fainter along its way."""
    course = np.clip(0.4 + wave(rng, grid, sd_mm=0.6, shortest_mm=3.0), 0, 1.6)
    border_mm = border_mm + wave(rng, grid, sd_mm=0.12, shortest_mm=1.7)
    slope = np.gradient(border_mm, grid.spacing_mm, axis=1)
    course = course * np.exp(-((slope / 0.35) ** 2)) * strength
    line: Float32 = (course * np.exp(-(((grid.depth_mm - border_mm) / thick_mm) ** 2))).astype(np.float32)
    return line
