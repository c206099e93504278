from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.image.painter import Pixels, as_image
from tests.regions.test_sector import COLUMNS, ROWS, tissue

from perirad.regions.skin import above_skin

MM = 0.1


def with_gel(depth_mm: np.ndarray, grey: float = 3.0) -> tuple[Pixels, Pixels]:
    """Tissue pushed down under gel of a depth in each column, with the bright line of the skin; and the truth."""
    rows = np.arange(ROWS)[:, None]
    skin = np.round(depth_mm / MM).astype(int)
    pixels = np.where(rows < skin, grey, np.where(rows < skin + 6, 200.0, tissue()))
    return pixels, rows < skin


@pytest.mark.parametrize("depth_mm", [2.0, 5.0, 10.0])
def test_gel_above_skin_simulated(depth_mm: float) -> None:
    pixels, truth = with_gel(np.full(COLUMNS, depth_mm))
    found = above_skin(as_image(pixels, MM), np.ones(pixels.shape, dtype=bool))
    assert found.clear
    assert (found.mask & truth).sum() >= 0.9 * truth.sum()
    assert (found.mask & ~truth).sum() <= 0.03 * truth.sum()
    assert "gel" in found.words


def test_gel_wedge_with_a_lit_face_simulated() -> None:
    pixels, truth = with_gel(np.clip(np.linspace(-2.0, 6.0, COLUMNS), 0.0, None))
    pixels[:4] = 210.0
    found = above_skin(as_image(pixels, MM), np.ones(pixels.shape, dtype=bool))
    thick = truth & (np.arange(COLUMNS) > 350)
    assert (found.mask & thick).sum() >= 0.9 * thick.sum()
    assert not found.mask[:, :150].any()


def test_skin_at_the_top_leaves_nothing_simulated() -> None:
    pixels, _ = with_gel(np.zeros(COLUMNS))
    found = above_skin(as_image(pixels, MM), np.ones(pixels.shape, dtype=bool))
    assert not found.mask.any()
    assert not found.clear
    assert found.words == "no gel above a clear skin line"


def test_black_without_a_line_below_leaves_nothing_simulated() -> None:
    """A shallow cyst, or a shadow from the top down."""
    pixels = tissue()
    pixels[:80, 200:320] = 0.0
    pixels[:, 400:450] = 0.0
    assert not above_skin(as_image(pixels, MM), np.ones(pixels.shape, dtype=bool)).mask.any()


def test_mask_stays_in_the_sector_simulated() -> None:
    pixels, _ = with_gel(np.full(COLUMNS, 4.0))
    sector = np.zeros(pixels.shape, dtype=bool)
    sector[:, 50:400] = True
    found = above_skin(as_image(pixels, MM), sector)
    assert found.clear
    assert not (found.mask & ~sector).any()


@pytest.mark.parametrize("pixels", [np.zeros((40, 50)), np.full((40, 50), 80.0), np.zeros((1, 1))])
def test_degenerate_pictures_leave_nothing_analytic(pixels: Pixels) -> None:
    for sector in (np.ones(pixels.shape, dtype=bool), np.zeros(pixels.shape, dtype=bool)):
        found = above_skin(as_image(pixels, MM), sector)
        assert not found.mask.any()
        assert not found.clear


@pytest.mark.shared
def test_real_gel_by_eye(shared: Path) -> None:
    """One of the set's pictures has gel, over its upper right corner; its neighbour has none."""
    folder = shared / "data" / "breast_usg" / "images"
    for case, has_gel in (("211", True), ("210", False)):
        pixels = np.asarray(Pillow.open(folder / f"case{case}.png").convert("L"), dtype=np.float64)
        found = above_skin(as_image(pixels, 0.065), np.ones(pixels.shape, dtype=bool))
        assert found.clear is has_gel
        assert not found.mask[:, :400].any()
        assert not found.mask[30:].any()
