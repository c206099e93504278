"""First outlines by the machine: simulated lesions of known shape, and real ones."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from scipy import ndimage

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.image import Box, Calibration, Image, Source
from perirad.image.read import read_image
from perirad.workbench.segment import from_box
from perirad.workbench.segment_seed import from_seed

SPACING_MM = 0.1


def dice(first: BoolArray, second: BoolArray) -> float:
    return float(2 * (first & second).sum() / (first.sum() + second.sum()))


def image_of(pixels: FloatArray, spacing_mm: tuple[float, float]) -> Image:
    return Image(pixels, spacing_mm, Calibration(Source.STATED, "test"), Box(0, 0, *pixels.shape))


def phantom(seed: int, shape: tuple[int, int] = (300, 400)) -> tuple[BoolArray, Image]:
    """A dark ellipse in speckle (Rayleigh), in tissue that darkens with depth."""
    rng = np.random.default_rng(seed)
    middle, half = rng.uniform([120, 150], [180, 250]), rng.uniform([35, 55], [65, 95])
    turn = rng.uniform(-0.4, 0.4)
    y, x = np.indices(shape) - middle[:, None, None]
    u, v = np.cos(turn) * y + np.sin(turn) * x, np.cos(turn) * x - np.sin(turn) * y
    lesion = (u / half[0]) ** 2 + (v / half[1]) ** 2 <= 1
    level = np.where(lesion, 45.0, 110.0) - np.linspace(0, 25, shape[0])[:, None]
    speckle = ndimage.gaussian_filter(rng.rayleigh(1.0, shape), 1.2)
    return lesion, image_of(np.clip(level * speckle / speckle.mean(), 0, 255), (SPACING_MM, SPACING_MM))


def box_about(mask: BoolArray, share: float) -> tuple[tuple[float, float], tuple[float, float]]:
    places = np.argwhere(mask)
    low, high = places.min(axis=0), places.max(axis=0)
    more = share * (high - low)
    (top, left), (bottom, right) = low - more, high + more
    return (float(top), float(left)), (float(bottom), float(right))


@pytest.mark.parametrize("seed", range(6))
def test_a_dark_ellipse_is_found_in_a_box_and_from_a_point_analytic(seed: int) -> None:
    lesion, image = phantom(seed)
    first, second = box_about(lesion, 0.12)
    boxed = from_box(image, first, second)
    assert dice(boxed, lesion) > 0.93
    rows, columns = np.nonzero(boxed)
    assert first[0] <= rows.min()
    assert rows.max() <= second[0]
    assert first[1] <= columns.min()
    assert columns.max() <= second[1]
    middle = np.argwhere(lesion).mean(axis=0).round().astype(int)
    seeded = from_seed(image, int(middle[0]) + 8, int(middle[1]) - 12)
    assert dice(seeded, lesion) > 0.9
    for mask in (boxed, seeded):
        assert ndimage.label(mask)[1] == 1
        np.testing.assert_array_equal(ndimage.binary_fill_holes(mask), mask)


def test_the_same_box_gives_the_same_pixels_from_any_corner_analytic() -> None:
    lesion, image = phantom(3)
    (top, left), (bottom, right) = box_about(lesion, 0.1)
    first = from_box(image, (top, left), (bottom, right))
    np.testing.assert_array_equal(from_box(image, (bottom, left), (top, right)), first)
    np.testing.assert_array_equal(from_box(image, (top, left), (bottom, right)), first)


def test_pixels_that_are_not_square_make_no_difference_in_mm_naive() -> None:
    """The same tissue, its rows half as fine."""
    lesion, image = phantom(1)
    flat = image_of(image.pixels[::2], (2 * SPACING_MM, SPACING_MM))
    middle = np.argwhere(lesion).mean(axis=0).round().astype(int)
    fine = from_seed(image, int(middle[0]), int(middle[1]))
    coarse = from_seed(flat, int(middle[0]) // 2, int(middle[1]))
    assert dice(coarse, fine[::2]) > 0.95


def test_boxes_and_seeds_at_the_edge_stay_in_the_picture_analytic() -> None:
    _, image = phantom(2)
    for first, second in (((-40.0, -50.0), (60.0, 70.0)), ((250.0, 350.0), (900.0, 900.0))):
        assert from_box(image, first, second).any()
    for row, column in ((0, 0), (299, 399), (0, 200)):
        assert from_seed(image, row, column)[row, column]


def test_flat_pictures_give_some_outline_analytic() -> None:
    image = image_of(np.full((120, 160), 70.0), (0.2, 0.2))
    boxed = from_box(image, (20.0, 30.0), (90.0, 120.0))
    assert boxed[55, 75]
    assert from_seed(image, 60, 80).any()


@pytest.mark.parametrize("scale", [1 / 255, 257.0])
def test_the_scale_of_grey_values_makes_no_difference_analytic(scale: float) -> None:
    """Floats from 0 to 1 and 16-bit files."""
    lesion, image = phantom(2)
    scaled = image_of(image.pixels * scale, image.spacing_mm)
    row, column = (int(place) for place in np.argwhere(lesion).mean(axis=0).round())
    assert dice(from_seed(scaled, row, column), from_seed(image, row, column)) > 0.99
    first, second = box_about(lesion, 0.12)
    assert dice(from_box(scaled, first, second), from_box(image, first, second)) > 0.99


@pytest.mark.parametrize("source", [Source.HEADER, Source.ASSUMED])
def test_a_spacing_no_probe_has_is_not_believed_analytic(source: Source) -> None:
    """Headers say 1 mm where a PNG was converted: such a picture would be 600 mm deep."""
    lesion, image = phantom(2, (600, 800))
    odd = Image(image.pixels, (1.0, 1.0), Calibration(source, "test"), image.field)
    row, column = (int(place) for place in np.argwhere(lesion).mean(axis=0).round())
    assert dice(from_seed(odd, row, column), lesion) > 0.9


@pytest.mark.parametrize("seed", [157, 1447, 2479])
def test_a_seed_at_the_edge_of_noise_gives_one_piece_regression(seed: int) -> None:
    """A contour thinner than a pixel comes apart on the grid: these three did."""
    pixels = np.random.default_rng(seed).choice([0.0, 255.0], (10, 300))
    mask = from_seed(image_of(pixels, (0.75, 0.75)), 9, 200)
    assert mask[9, 200]
    assert ndimage.label(mask)[1] == 1


@pytest.mark.parametrize(("row", "column"), [(-1, 5), (300, 5), (5, 400)])
def test_a_seed_outside_is_refused_analytic(row: int, column: int) -> None:
    with pytest.raises(InputError, match="seed must lie in the picture"):
        from_seed(phantom(0)[1], row, column)


def test_a_box_of_few_pixels_is_refused_analytic() -> None:
    with pytest.raises(InputError, match="8 pixels wide"):
        from_box(phantom(0)[1], (10.0, 10.0), (14.0, 90.0))


def test_without_opencv_the_box_says_what_to_install_analytic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(InputError, match="pip install"):
        from_box(phantom(0)[1], (10.0, 10.0), (60.0, 90.0))


@pytest.mark.shared
def test_real_lesions_are_found_well_enough_to_be_corrected_regression(shared: Path) -> None:
    """Every third outlined lesion of BrEaST; boxes 5 to 20 % wider on each side, seeds up to 20 % off the middle."""
    folder = shared / "data" / "breast_usg"
    with (folder / "clinical.csv").open(encoding="utf-8-sig") as stream:
        cases = [row for row in csv.DictReader(stream) if (folder / "images" / row["Mask_tumor_filename"]).is_file()]
    boxed, seeded = [], []
    for number, row in enumerate(cases[::3]):
        rng = np.random.default_rng(number)
        image = read_image(folder / "images" / row["Image_filename"], spacing_mm=10 * float(row["Pixel_size"]))
        colours = np.asarray(Pillow.open(folder / "images" / row["Mask_tumor_filename"]).convert("RGB"))
        lesion = np.asarray(colours.max(axis=2) > 0)
        places = np.argwhere(lesion)
        low, high = places.min(axis=0), places.max(axis=0)
        size = high - low + 1
        first, second = low - rng.uniform(0.05, 0.2, 2) * size, high + rng.uniform(0.05, 0.2, 2) * size
        boxed.append(dice(from_box(image, (first[0], first[1]), (second[0], second[1])), lesion))
        row_px, column_px = ((low + high) / 2 + rng.uniform(-0.2, 0.2, 2) * size).round().astype(int)
        seeded.append(dice(from_seed(image, int(row_px), int(column_px)), lesion))
    assert len(boxed) > 40
    assert float(np.median(boxed)) > 0.85
    assert float(np.median(seeded)) > 0.75
