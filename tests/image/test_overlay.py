from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from perirad.image.image import Box, Calibration, Image, Source
from perirad.image.overlay import COLOURED_ABOVE, FILLED_SHARE, FILLED_SIDE, OverlayKind, colour_overlay, coloured
from perirad.image.read import read_image

ROWS, COLUMNS = 240, 320
YELLOW, GREEN, RED, BLUE = (255, 230, 0), (0, 220, 60), (220, 40, 20), (20, 60, 230)


def image_of(chroma: NDArray[np.uint8] | None, field: Box | None = None) -> Image:
    shape = (ROWS, COLUMNS) if chroma is None else chroma.shape
    whole = field or Box(0, 0, *shape)
    return Image(np.zeros(shape), (0.1, 0.1), Calibration(Source.STATED, "test"), whole, "x.png", chroma=chroma)


def speckle(seed: int) -> NDArray[np.uint8]:
    """Log-compressed speckle under a dark lesion, with white letters in black margins, as RGB of equal channels."""
    rng = np.random.default_rng(seed)
    echo = np.abs(rng.normal(size=(ROWS, COLUMNS)) + 1j * rng.normal(size=(ROWS, COLUMNS)))
    row, column = np.ogrid[:ROWS, :COLUMNS]
    echo[((row - 110) / 50.0) ** 2 + ((column - 150) / 80.0) ** 2 < 1.0] *= 0.1
    grey = np.clip(160.0 + 20.0 * np.log(echo + 1e-3) * 2.0, 0.0, 255.0).astype(np.uint8)
    grey[:, :40] = 0
    picture = Pillow.fromarray(grey)
    ImageDraw.Draw(picture).text((4, 100), "L12-5\n7 cm", fill=255)
    return np.stack([np.asarray(picture)] * 3, axis=2)


def drawn(kind: str, seed: int) -> Pillow.Image:
    """Speckle with coloured calipers and letters, or with a Doppler layer, or as it is."""
    picture = Pillow.fromarray(speckle(seed))
    pen = ImageDraw.Draw(picture)
    if kind == "calipers":
        for row, column in ((70, 90), (150, 215)):
            pen.line((column - 6, row, column + 6, row), YELLOW, 2)
            pen.line((column, row - 6, column, row + 6), YELLOW, 2)
        for step in range(0, 120, 4):
            pen.point((90 + step, 70 + step * 2 // 3), YELLOW)
        pen.text((44, 220), "D1 15.2 mm  D2 9.8 mm", fill=GREEN)
    elif kind == "Doppler":
        pen.rectangle((80, 50, 230, 170), outline=GREEN)
        pen.ellipse((120, 80, 150, 95), RED)
        pen.ellipse((170, 120, 185, 140), BLUE)
    return picture


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "tif"])
def test_grey_files_have_no_colour_analytic(tmp_path: Path, suffix: str) -> None:
    Pillow.fromarray(speckle(1)[..., 0]).save(tmp_path / f"grey.{suffix}")
    Pillow.fromarray(speckle(1)).save(tmp_path / f"equal.{suffix}")
    for name in ("grey", "equal"):
        overlay = colour_overlay(read_image(tmp_path / f"{name}.{suffix}", spacing_mm=0.1))
        assert (overlay.kind, overlay.share, overlay.filled, overlay.box) == (OverlayKind.NONE, 0.0, 0.0, None)


@pytest.mark.parametrize("quality", [1, 5, 10, 20, 35, 50, 75, 95])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_coding_noise_is_no_colour_analytic(tmp_path: Path, quality: int, subsampling: int) -> None:
    """A tint as strong as those of real machines, which coding makes uneven."""
    tinted = np.clip(speckle(quality) * np.array([0.94, 0.98, 1.0]), 0.0, 255.0).astype(np.uint8)
    for name, picture in (("grey", speckle(quality)), ("tinted", tinted)):
        Pillow.fromarray(picture).save(tmp_path / f"{name}.jpg", quality=quality, subsampling=subsampling)
        image = read_image(tmp_path / f"{name}.jpg", spacing_mm=0.1)
        assert image.chroma is not None
        assert colour_overlay(image).kind is OverlayKind.NONE


@pytest.mark.parametrize("quality", [30, 60, 90, None])
@pytest.mark.parametrize(("kind", "expected"), [("calipers", OverlayKind.MARKS), ("Doppler", OverlayKind.LAYER)])
def test_marks_and_layers_are_told_apart_analytic(
    tmp_path: Path, kind: str, expected: OverlayKind, quality: int | None
) -> None:
    for seed in range(5):
        path = tmp_path / ("x.png" if quality is None else "x.jpg")
        drawn(kind, seed).save(path, quality=quality or 75)
        assert colour_overlay(read_image(path, spacing_mm=0.1)).kind is expected


def test_share_box_and_field_analytic() -> None:
    chroma = np.zeros((ROWS, COLUMNS), np.uint8)
    chroma[100:120, 50:90] = COLOURED_ABOVE + 1
    chroma[200, 300] = COLOURED_ABOVE
    overlay = colour_overlay(image_of(chroma))
    assert overlay.box == Box(100, 50, 120, 90)
    assert overlay.share == overlay.filled == 800 / (ROWS * COLUMNS)
    half = colour_overlay(image_of(chroma, Box(0, 0, 110, 60)))
    assert (half.box, half.share) == (Box(100, 50, 110, 60), 100 / (110 * 60))
    assert colour_overlay(image_of(chroma, Box(0, 100, ROWS, COLUMNS))).kind is OverlayKind.NONE
    assert coloured(image_of(chroma)).sum() == 800
    assert not coloured(image_of(None)).any()


def test_limit_between_marks_and_layers_analytic() -> None:
    size = round(FILLED_SHARE * ROWS * COLUMNS / FILLED_SIDE)
    for length, expected in ((size - 1, OverlayKind.MARKS), (size + 1, OverlayKind.LAYER)):
        chroma = np.zeros((ROWS, COLUMNS), np.uint8)
        chroma[10 : 10 + FILLED_SIDE, 10 : 10 + length] = 200
        assert colour_overlay(image_of(chroma)).kind is expected
    thin = np.zeros((ROWS, COLUMNS), np.uint8)
    thin[10 : 10 + FILLED_SIDE - 1] = 200
    assert colour_overlay(image_of(thin)).filled == 0.0


def test_filled_areas_are_an_opening_scipy() -> None:
    from scipy import ndimage

    rng = np.random.default_rng(3)
    blobs = ndimage.gaussian_filter(rng.normal(size=(ROWS, COLUMNS)), 3.0) > 0.0
    known = ndimage.binary_opening(blobs, np.ones((FILLED_SIDE, FILLED_SIDE), np.bool_))
    overlay = colour_overlay(image_of(blobs.astype(np.uint8) * 255))
    assert overlay.filled == known.mean() > 0.1
    assert colour_overlay(image_of(np.full((3, 50), 255, np.uint8))).kind is OverlayKind.MARKS


@pytest.mark.shared
def test_public_collections_are_grey_regression(shared: Path) -> None:
    """None of the two shows Doppler or coloured marks, seen by looking at them; tints stay below the limit."""
    usg, busi = shared / "data" / "breast_usg", shared / "data" / "busi_sample"
    with (usg / "clinical.csv").open(encoding="utf-8-sig", newline="") as stream:
        paths = [usg / "images" / row["Image_filename"] for row in csv.DictReader(stream)]
    with (busi / "manifest.csv").open(newline="") as stream:
        paths += [busi / row["image"] for row in csv.DictReader(stream)]
    tallest = 0
    for path in paths[::8]:
        image = read_image(path, spacing_mm=0.1)
        assert colour_overlay(image).kind is OverlayKind.NONE
        tallest = max(tallest, 0 if image.chroma is None else int(image.chroma.max()))
    assert tallest == 28
