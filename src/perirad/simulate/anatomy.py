"""The scene of one patient: tissue, lesion, rim, shadows; and its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from perirad.simulate.bmode import Scanner, beamform, compress, scatterers
from perirad.simulate.lesion import feret_mm, margin_distance_mm, outline_radius, rim_window, smooth_step
from perirad.simulate.patients import Visible
from perirad.simulate.tissue import Grid, Tissue, draw_tissue, enlarge, relief, wave

__all__ = ["Picture", "Scene", "draw_scene", "take_picture"]

Float32 = NDArray[np.float32]

STEP = 2  # maps vary slowly: they are drawn on every second pixel
HALO_MM = 5.0  # beyond this distance from the margin the halo is gone


@dataclass(frozen=True)
class Scene:
    """Maps of one scene, on the pixels of the picture.

    Parameters
    ----------
    amplitude, density, specular : ndarray of shape (n_rows, n_columns)
        Root mean square echo of the scatterers after attenuation, probability that a cell holds a scatterer,
        amplitude of coherent reflectors.
    distance_mm : ndarray of shape (n_rows, n_columns)
        Distance from the lesion's margin, negative inside; what lies far outside is given a common value.
    """

    amplitude: Float32
    density: Float32
    specular: Float32
    distance_mm: Float32


@dataclass(frozen=True)
class Picture:
    """Grey picture, lesion mask and the lesion's largest diameter."""

    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    diameter_mm: float


def take_picture(rng: np.random.Generator, visible: Visible, scanner: Scanner, *, rim_reach_mm: float) -> Picture:
    """Draw the scene of a patient and scan it."""
    scene = draw_scene(rng, visible, scanner, rim_reach_mm=rim_reach_mm)
    field = scatterers(rng, scene.amplitude, scene.density)
    field += scene.specular
    depth = scene.amplitude.shape[0] * scanner.spacing_mm
    echo = beamform(field, scanner, focus_mm=float(rng.uniform(0.35, 0.55)) * depth)
    mask = scene.distance_mm < 0.0
    return Picture(compress(echo, scanner, gain_db=visible.gain_db), mask, feret_mm(mask, scanner.spacing_mm))


def draw_scene(rng: np.random.Generator, visible: Visible, scanner: Scanner, *, rim_reach_mm: float) -> Scene:
    """Draw the maps of one patient."""
    rows = int(rng.integers(scanner.rows[0], scanner.rows[1] + 1)) // STEP * STEP
    columns = int(rng.integers(scanner.columns[0], scanner.columns[1] + 1)) // STEP * STEP
    grid = Grid(rows // STEP, columns // STEP, scanner.spacing_mm * STEP)
    tissue = draw_tissue(rng, grid)
    distance = place_lesion(rng, grid, visible, tissue, keep_mm=max(rim_reach_mm, HALO_MM) + 1.0)
    echo_db = tissue.echo_db + surroundings_db(rng, grid, distance, visible, rim_reach_mm)
    inside = smooth_step(np.float32(0.5) - distance / np.float32(2.5 * visible.blur_mm))
    mottle = relief(rng, grid, tall_mm=1.3, wide_mm=1.8)
    body_db = np.float32(visible.lesion_db) + np.float32(visible.heterogeneity_db) * mottle
    echo_db += inside * (body_db - echo_db)
    density = np.float32(1.0) + inside * np.float32(visible.density - 1.0)
    specular = tissue.specular * (np.float32(1.0) - inside)
    through = decibels(draw_gain(rng, grid, distance, visible))
    amplitude = np.hypot(decibels(echo_db), specular) * through
    maps = (amplitude, density, specular * through * np.float32(SMOOTH), distance)
    large = [enlarge(values, rows, columns) for values in maps]
    return Scene(
        amplitude=np.maximum(large[0], np.float32(0.0)),
        density=np.clip(large[1], np.float32(0.005), np.float32(1.0)),
        specular=large[2],
        distance_mm=large[3],
    )


SMOOTH = 0.35  # how much of a reflector's echo is coherent: surfaces in tissue are rough


def decibels(level_db: Float32) -> Float32:
    """Amplitude of a level in decibels."""
    amplitude: Float32 = np.exp(level_db * np.float32(np.log(10.0) / 20.0))
    return amplitude


def place_lesion(rng: np.random.Generator, grid: Grid, visible: Visible, tissue: Tissue, *, keep_mm: float) -> Float32:
    """Put the lesion into the gland, wholly inside the picture; return the distance from its margin up to `keep_mm`."""
    radius = outline_radius(rng, visible.shape)
    angle = np.linspace(-np.pi, np.pi, radius.size)
    down, across = radius * np.sin(angle), radius * np.cos(angle)
    depth, width = grid.rows * grid.spacing_mm, grid.columns * grid.spacing_mm
    wanted = rng.uniform(tissue.gland[0], tissue.gland[0] + 0.6 * (tissue.gland[1] - tissue.gland[0]))
    row = between(wanted, 3.2 - down.min(), depth - 2.5 - down.max())
    column = between(rng.normal(0.5, 0.12) * width, 2.0 - across.min(), width - 2.0 - across.max())
    distance = np.full((grid.rows, grid.columns), keep_mm, dtype=np.float32)
    box = tuple(
        slice(max(0, int((low - keep_mm) / grid.spacing_mm)), int((high + keep_mm) / grid.spacing_mm))
        for low, high in ((row + down.min(), row + down.max()), (column + across.min(), column + across.max()))
    )
    depth_mm = grid.depth_mm[box[0]] - np.float32(row)
    across_mm = grid.across_mm[:, box[1]] - np.float32(column)
    distance[box] = np.minimum(
        margin_distance_mm(radius, depth_mm, across_mm, spacing_mm=grid.spacing_mm), np.float32(keep_mm)
    )
    return distance


def between(value: float, low: float, high: float) -> float:
    """Clip a wanted position; the middle when there is no room."""
    return float(np.clip(value, low, high)) if low < high else (low + high) / 2.0


def surroundings_db(
    rng: np.random.Generator, grid: Grid, distance: Float32, visible: Visible, reach_mm: float
) -> Float32:
    """Halo beside the margin (nuisance) and echogenic rim (the cause), both uneven round the lesion."""
    patchy = relief(rng, grid, tall_mm=3.0, wide_mm=4.0)
    streaky = relief(rng, grid, tall_mm=0.55, wide_mm=2.6)
    beside = np.exp(-((np.maximum(distance, 0) / np.float32(1.5)) ** 2))
    halo = np.float32(visible.halo_db) * beside * (np.float32(1.0) + np.float32(0.6) * patchy)
    # Strands and islands that never form a closed circle: stroma reacts here and not there.
    uneven = np.clip(np.float32(0.75) + np.float32(0.95) * patchy + np.float32(0.85) * streaky, 0, 3)
    ragged = distance + np.float32(0.09 * reach_mm) * np.clip(streaky - patchy, 0, 3)
    rim = np.float32(visible.rim_db) * rim_window(ragged, reach_mm) * uneven
    total: Float32 = (halo + rim).astype(np.float32)
    return total


def draw_gain(rng: np.random.Generator, grid: Grid, distance: Float32, visible: Visible) -> Float32:
    """Leftover of the time-gain compensation, dark and light stripes, posterior feature."""
    depth = grid.depth_mm
    stripes = wave(rng, grid, sd_mm=1.1, shortest_mm=3.0) + wave(rng, grid, sd_mm=0.5, shortest_mm=1.2)
    bow = wave(rng, grid, sd_mm=1.0, shortest_mm=22.0)
    deep = smooth_step((depth / (grid.rows * np.float32(grid.spacing_mm)) - np.float32(0.15)) / np.float32(0.7))
    gain = np.float32(visible.slope_db_per_mm) * depth + stripes * deep + bow
    path = np.cumsum(smooth_step(np.float32(0.5) - distance / np.float32(1.6)), axis=0) * np.float32(grid.spacing_mm)
    total = np.maximum(path[-1:], np.float32(1.0))
    behind = np.float32(visible.posterior_db) * np.tanh(path / np.float32(7.0)) * np.minimum(total / 6.0, 1.0)
    return (gain + soften_across(behind, grid)).astype(np.float32)


def soften_across(values: Float32, grid: Grid) -> Float32:
    """Blur the flanks of a shadow, as the aperture does."""
    cells = round(2.2 / grid.spacing_mm)
    once = ndimage.uniform_filter1d(values, cells, axis=1, mode="nearest")
    return ndimage.uniform_filter1d(once, cells, axis=1, mode="nearest")
