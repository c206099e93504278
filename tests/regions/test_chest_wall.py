from __future__ import annotations

import math

import numpy as np
import pytest
from tests.image.painter import Pixels, as_image
from tests.regions.test_sector import COLUMNS, ROWS, tissue

from perirad.errors import InputError
from perirad.image.image import Box
from perirad.regions.chest_wall import below_chest_wall, below_depth

MM = 0.1
WHOLE = np.ones((ROWS, COLUMNS), dtype=bool)


def with_wall(depth_mm: np.ndarray, *, shadow: float = 0.15) -> tuple[Pixels, Pixels]:
    rows = np.arange(ROWS)[:, None]
    line = np.round(depth_mm / MM).astype(int)
    below = np.where(rows < line + 9, 220.0, tissue() * shadow)
    return np.where(rows < line, tissue(), below), rows >= line


@pytest.mark.parametrize("depth_mm", [15.0, 25.0, 33.0])
def test_wall_with_shadow_is_found_simulated(depth_mm: float) -> None:
    pixels, truth = with_wall(depth_mm + 2.0 * np.sin(np.linspace(0, 3, COLUMNS)))
    found = below_chest_wall(as_image(pixels, MM), WHOLE)
    assert found.clear
    assert (found.mask & truth).sum() / (found.mask | truth).sum() >= 0.97
    assert "chest wall at" in found.words


def test_fascia_without_shadow_is_not_taken_simulated() -> None:
    pixels, _ = with_wall(np.full(COLUMNS, 20.0), shadow=1.0)
    found = below_chest_wall(as_image(pixels, MM), WHOLE)
    assert not found.mask.any()
    assert not found.clear
    assert "no chest wall" in found.words


def test_line_over_half_of_the_width_is_not_taken_simulated() -> None:
    pixels, _ = with_wall(np.full(COLUMNS, 20.0))
    pixels[:, COLUMNS // 2 :] = tissue()[:, COLUMNS // 2 :]
    assert not below_chest_wall(as_image(pixels, MM), WHOLE).mask.any()


def test_line_above_the_lesion_is_not_taken_simulated() -> None:
    pixels, _ = with_wall(np.full(COLUMNS, 20.0))
    lesion = np.zeros(pixels.shape, dtype=bool)
    lesion[230:300, 250:350] = True
    assert not below_chest_wall(as_image(pixels, MM), WHOLE, lesion).mask.any()


@pytest.mark.parametrize("pixels", [tissue(), np.zeros((ROWS, COLUMNS)), np.full((ROWS, COLUMNS), 90.0)])
def test_pictures_without_a_wall_leave_nothing_simulated(pixels: Pixels) -> None:
    assert not below_chest_wall(as_image(pixels, MM), WHOLE).mask.any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (40, 40)])
def test_small_pictures_leave_nothing_analytic(shape: tuple[int, int]) -> None:
    found = below_chest_wall(as_image(np.full(shape, 50.0), MM), np.ones(shape, dtype=bool))
    assert not found.mask.any()
    assert not found.clear
    assert not below_chest_wall(as_image(np.full(shape, 50.0), MM), np.zeros(shape, dtype=bool)).mask.any()


@pytest.mark.parametrize(("depth_mm", "first"), [(2.0, 20), (2.01, 21), (1000.0, 50), (0.3, 3)])
def test_stated_depth_analytic(depth_mm: float, first: int) -> None:
    below = below_depth(as_image(np.zeros((50, 40)), MM), depth_mm)
    assert not below[:first].any()
    assert below[first:].all()


def test_stated_depth_counts_from_field_or_sector_analytic() -> None:
    image = as_image(np.zeros((50, 40)), MM).within(Box(5, 10, 45, 30))
    assert below_depth(image, 1.0).sum() == (45 - 15) * 20
    sector = np.zeros(image.shape, dtype=bool)
    sector[8:40, 15:20] = True
    assert below_depth(image, 1.0, sector).sum() == (45 - 18) * 20


@pytest.mark.parametrize("depth_mm", [0.0, -1.0, math.nan, math.inf])
def test_impossible_depth_is_refused_analytic(depth_mm: float) -> None:
    with pytest.raises(InputError, match="depth must be positive"):
        below_depth(as_image(np.zeros((5, 4))), depth_mm)
