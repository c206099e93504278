from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from scipy import ndimage
from tests.image.painter import Painter, Pixels, as_image

from perirad.arrays import BoolArray
from perirad.image.image import Box
from perirad.regions.sector import find_sector, scan_sector

ROWS, COLUMNS = 420, 600


def tissue(seed: int = 1, mean: float = 60.0) -> Pixels:
    """Log-compressed speckle, darker with depth."""
    rng = np.random.default_rng(seed)
    echo = ndimage.gaussian_filter(rng.standard_normal((2, ROWS, COLUMNS)), (0, 1.2, 2.2))
    grey = mean + 25.0 * np.log10(np.hypot(*(echo / echo.std())) + 1e-3)
    shown: Pixels = np.clip(grey * np.linspace(1.2, 0.6, ROWS)[:, None], 0, 255).round()
    return shown


def rectangle() -> BoolArray:
    mask = np.zeros((ROWS, COLUMNS), dtype=bool)
    mask[40:380, 100:520] = True
    return mask


def trapezoid() -> BoolArray:
    rows, columns = np.indices((ROWS, COLUMNS))
    inside: BoolArray = (rows >= 20) & (rows < 400) & (np.abs(columns - 300) <= 120 + 0.35 * (rows - 20))
    return inside


def flat_fan() -> BoolArray:
    """Flat on top, as virtual convex scanning makes it, round below."""
    rows, columns = np.indices((ROWS, COLUMNS))
    inside = (rows >= 0) & (np.abs(columns - 300) <= 160 + 0.36 * rows)
    return inside & (np.hypot(rows + 420, columns - 300) <= 820)


def curved_fan() -> BoolArray:
    """A curved transducer's: an arc on top, with black above it, and one below."""
    rows, columns = np.indices((ROWS, COLUMNS))
    distance = np.hypot(rows + 150, columns - 300)
    return (distance >= 180) & (distance <= 560) & (np.abs(columns - 300) <= 0.55 * (rows + 150))


SHAPES = (rectangle, trapezoid, flat_fan, curved_fan)


def overlap(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("background", [0, 20])
def test_sector_is_found_simulated(shape, background: int) -> None:  # type: ignore[no-untyped-def]
    truth = shape()
    found = find_sector(as_image(np.where(truth, tissue(), background)))
    assert overlap(found.mask, truth) >= 0.98
    assert found.clear
    assert "insonated" in found.words


@pytest.mark.parametrize("shape", SHAPES)
def test_cysts_shadows_text_and_jpeg_change_little_simulated(shape) -> None:  # type: ignore[no-untyped-def]
    truth = shape()
    pixels = np.where(truth, tissue(2), 0.0)
    rows, columns = np.indices(pixels.shape)
    pixels[np.hypot(rows - 200, (columns - 300) / 1.3) < 60] = 0  # in the middle
    pixels[np.hypot(rows - 200, columns - 480) < 40] = 0  # at or near the right side
    pixels[(rows > 200) & (np.abs(columns - 260) < 15)] = 0  # a shadow down to the lower side
    painter = Painter(pixels)
    painter.text((3, 5), "GEN  L12", size=14, grey=230)
    painter.text((395, 4), "MI 1.1", size=14, grey=230)
    buffer = io.BytesIO()
    Pillow.fromarray(painter.pixels.astype(np.uint8)).save(buffer, format="JPEG", quality=90)
    found = scan_sector(as_image(np.asarray(Pillow.open(buffer), dtype=np.float64)))
    assert overlap(found, truth) >= 0.98
    assert found[200, 300]


def test_tissue_that_fills_the_picture_is_kept_whole_analytic() -> None:
    found = find_sector(as_image(tissue()))
    assert found.mask.all()
    assert found.words == "tissue fills the field"


@pytest.mark.parametrize("side", ["left", "right", "bottom"])
def test_tissue_that_fades_out_is_kept_whole_simulated(side: str) -> None:
    """Black without a border: attenuated tissue of a cropped picture."""
    fade = np.clip(np.linspace(1.5, -0.4, ROWS if side == "bottom" else COLUMNS), 0, 1)
    fade = {"left": fade[None, ::-1], "right": fade[None], "bottom": fade[:, None]}[side]
    pixels = (tissue() * fade).round()
    pixels[:10] = tissue()[:10]  # skin
    found = find_sector(as_image(pixels))
    assert found.mask.mean() >= 0.97
    if not found.clear:
        assert side in found.words


def test_sector_stays_in_the_field_analytic() -> None:
    image = as_image(np.where(rectangle(), tissue(), 0.0)).within(Box(60, 150, 300, 400))
    found = find_sector(image)
    expected = np.zeros(image.shape, dtype=bool)
    expected[60:300, 150:400] = True
    assert (found.mask == expected).all()


def test_grey_bar_beside_the_sector_is_left_out_simulated() -> None:
    pixels = np.where(rectangle(), tissue(), 0.0)
    pixels[100:250, 60:70] = np.linspace(255, 0, 150)[:, None]
    assert overlap(scan_sector(as_image(pixels)), rectangle()) >= 0.98


@pytest.mark.parametrize(
    "pixels", [np.zeros((50, 60)), np.zeros((1, 1)), np.full((30, 40), 255.0), np.full((3, 2), 9.0)]
)
def test_degenerate_pictures_are_whole_analytic(pixels: Pixels) -> None:
    found = find_sector(as_image(pixels))
    assert found.mask.all()
    assert found.words


def test_sector_repeats_analytic() -> None:
    image = as_image(np.where(flat_fan(), tissue(), 0.0))
    assert (scan_sector(image) == scan_sector(image)).all()


@pytest.mark.shared
@pytest.mark.parametrize(("case", "share"), [("005", 0.78), ("095", 0.79), ("144", 0.71), ("002", 1.0), ("038", 1.0)])
def test_real_sectors_by_eye(shared: Path, case: str, share: float) -> None:
    """Fans and cropped pictures; the shares are those of overlays that were looked at."""
    path = shared / "data" / "breast_usg" / "images" / f"case{case}.png"
    image = as_image(np.asarray(Pillow.open(path).convert("L"), dtype=np.float64))
    assert find_sector(image).mask.mean() == pytest.approx(share, abs=0.01)
