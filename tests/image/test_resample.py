from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.image.image import Box, Calibration, Image, Source
from perirad.image.resample import resample, resample_mask


def image_of(pixels: FloatArray, spacing_mm: tuple[float, float], field: Box | None = None) -> Image:
    whole = Box(0, 0, pixels.shape[0], pixels.shape[1])
    return Image(pixels, spacing_mm, Calibration(Source.STATED, "test"), field or whole, "x.png")


@pytest.mark.parametrize("new_mm", [0.05, 0.1, 0.13, 0.4])
def test_a_plane_stays_a_plane_analytic(new_mm: float) -> None:
    old = 0.2, 0.1
    row, column = np.mgrid[:40, :70]
    plane = 3.0 + 2.0 * (row - 19.5) * old[0] + 5.0 * (column - 34.5) * old[1]
    new = resample(image_of(plane, old), new_mm)
    rows, columns = new.shape
    assert new.spacing_mm == (new_mm, new_mm)
    assert new.shape == (math.ceil(round(8.0 / new_mm, 6)), math.ceil(round(7.0 / new_mm, 6)))
    down = (np.arange(rows)[:, None] - 0.5 * (rows - 1)) * new_mm
    across = (np.arange(columns)[None, :] - 0.5 * (columns - 1)) * new_mm
    inside = (abs(down) <= 19.5 * old[0]) & (abs(across) <= 34.5 * old[1])
    assert np.allclose(new.pixels[inside], (3.0 + 2.0 * down + 5.0 * across)[inside], rtol=0, atol=1e-12)
    assert inside.mean() > 0.8


def test_same_spacing_changes_nothing_analytic() -> None:
    pixels = np.random.default_rng(1).random((13, 17))
    new = resample(image_of(pixels, (0.07, 0.07), Box(2, 3, 9, 11)), 0.07)
    assert np.array_equal(new.pixels, pixels)
    assert new.field == Box(2, 3, 9, 11)


def test_hand_worked_row_analytic() -> None:
    # 4 pixels of 1 mm become ceil(4 / 1.5) = 3 of 1.5 mm, centred at 1.5: old positions 0, 1.5 and 3.
    new = resample(image_of(np.array([[10.0, 20.0, 40.0, 80.0]] * 3), (1.5, 1.0)), 1.5)
    assert new.pixels.tolist() == [[10.0, 30.0, 80.0]] * 3


def test_sizes_survive_rounding_analytic() -> None:
    # 60 mm / 0.1 mm is not exactly 600 in floating point.
    assert resample(image_of(np.zeros((600, 3)), (0.1, 0.1)), 0.05).shape == (1200, 6)
    assert resample(image_of(np.zeros((300, 3)), (0.3, 0.3)), 0.1).shape == (900, 9)


def test_field_follows_the_pixels_analytic() -> None:
    new = resample(image_of(np.zeros((20, 30)), (0.2, 0.2), Box(5, 10, 15, 25)), 0.1)
    assert new.field == Box(10, 20, 30, 50)
    assert resample(image_of(np.zeros((20, 30)), (0.2, 0.2)), 0.13).field == Box(0, 0, 31, 47)


@pytest.mark.parametrize("new_mm", [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4])
@pytest.mark.parametrize("field", [Box(0, 0, 20, 30), Box(5, 10, 15, 25), Box(4, 7, 17, 28), Box(1, 2, 18, 21)])
def test_a_lesion_that_fills_its_field_stays_inside_analytic(new_mm: float, field: Box) -> None:
    mask = np.zeros((20, 30), dtype=np.bool_)
    mask[field.top : field.bottom, field.left : field.right] = True
    new = resample(image_of(np.zeros(mask.shape), (0.1, 0.2), field), new_mm)
    inside = np.zeros(new.shape, dtype=np.bool_)
    inside[new.field.top : new.field.bottom, new.field.left : new.field.right] = True
    lesion = resample_mask(mask, (0.1, 0.2), new_mm)
    assert lesion.any()
    assert not (lesion & ~inside).any()


@pytest.mark.parametrize("new_mm", [0.03, 0.05, 0.08])
def test_area_of_an_ellipse_is_kept_analytic(new_mm: float) -> None:
    spacing = 0.06, 0.04
    row, column = np.ogrid[:300, :400]
    mask = (((row - 149.5) * 0.06 / 5.0) ** 2 + ((column - 199.5) * 0.04 / 6.0) ** 2) <= 1.0
    new = resample_mask(mask, spacing, new_mm)
    assert new.sum() * new_mm**2 == pytest.approx(math.pi * 30.0, rel=0.003)
    assert new.shape == resample(image_of(mask.astype(float), spacing), new_mm).shape


def test_halving_pixels_keeps_a_rectangle_analytic() -> None:
    # New pixels take shares 3/4 and 1/4 across an edge; at a corner the largest is 9/16, still at least one half.
    mask = np.zeros((10, 12), dtype=np.bool_)
    mask[2:6, 3:9] = True
    new = resample_mask(mask, (0.1, 0.1), 0.05)
    assert np.array_equal(new, np.kron(mask, np.ones((2, 2))).astype(np.bool_))


def test_a_share_of_exactly_one_half_is_kept_analytic() -> None:
    # 4 pixels of 1 mm become 3 of 1.5 mm, the middle one halfway between an inner and an outer pixel.
    mask = np.array([[False, False, True, True]] * 3)
    assert resample_mask(mask, (1.5, 1.0), 1.5).tolist() == [[False, True, True]] * 3


def test_bad_spacing_is_named_analytic() -> None:
    with pytest.raises(InputError, match=r"^pixel spacing must be positive, got spacing_mm=0.0$"):
        resample(image_of(np.zeros((3, 4)), (1.0, 1.0)), 0.0)
    with pytest.raises(InputError, match=r"^pixel spacing must be positive, got spacing_mm=nan$"):
        resample_mask(np.ones((3, 4), dtype=np.bool_), (1.0, 1.0), math.nan)
    with pytest.raises(InputError, match=r"^spacing must leave pixels in the calibrated field, got spacing_mm=5.0 "):
        resample(image_of(np.zeros((9, 9)), (1.0, 1.0), Box(0, 0, 1, 1)), 5.0)


def test_a_grid_beyond_measure_is_refused_analytic() -> None:
    """40 x 40 pixels of 0.2 mm at 0.0005 mm: 16 000 x 16 000."""
    line = r"at most 64 million pixels, got 1\.6e\+04 x 1\.6e\+04 at a spacing of 0\.0005 mm"
    with pytest.raises(InputError, match=line):
        resample(image_of(np.zeros((40, 40)), (0.2, 0.2)), 0.0005)
    with pytest.raises(InputError, match=line):
        resample_mask(np.ones((40, 40), dtype=np.bool_), (0.2, 0.2), 0.0005)


def test_chroma_frame_decoder_and_other_regions_come_along_analytic() -> None:
    chroma = np.zeros((20, 30), np.uint8)
    chroma[4:7, 8:9] = 200
    others = Box(0, 0, 20, 5), Box(18, 20, 20, 30), Box(3, 3, 4, 4)
    image = dataclasses.replace(
        image_of(np.zeros((20, 30)), (0.2, 0.2)), chroma=chroma, decoder="PNG, by hand", frame=7, others=others
    )
    finer = resample(image, 0.1)
    assert finer.chroma is not None
    assert np.array_equal(finer.chroma, np.kron(chroma, np.ones((2, 2))))
    assert finer.others == (Box(0, 0, 40, 10), Box(36, 40, 40, 60), Box(6, 6, 8, 8))
    assert (finer.decoder, finer.frame) == ("PNG, by hand", 7)
    # New centres lie at old rows 0.5, 2.5, 4.5, ...: none in the single pixel of row 3, which is left out.
    coarser = resample(image, 0.4)
    assert coarser.others[:2] == (Box(0, 0, 10, 3), Box(9, 10, 10, 15))
    assert coarser.chroma is not None
    assert set(np.unique(coarser.chroma)) == {0, 200}
    assert resample(image_of(np.zeros((20, 30)), (0.2, 0.2)), 0.1).chroma is None


@pytest.mark.parametrize("new_mm", [0.05, 0.13, 0.3])
def test_chroma_is_that_of_the_nearest_pixel_naive(new_mm: float) -> None:
    chroma = np.random.default_rng(2).integers(0, 256, (17, 23), dtype=np.uint8)
    new = resample(dataclasses.replace(image_of(np.zeros((17, 23)), (0.1, 0.2)), chroma=chroma), new_mm)
    assert new.chroma is not None
    for row in range(new.shape[0]):
        for column in range(new.shape[1]):
            old_row = 8.0 + (row - (new.shape[0] - 1) / 2) * new_mm / 0.1
            old_column = 11.0 + (column - (new.shape[1] - 1) / 2) * new_mm / 0.2
            distance = (np.arange(17) - old_row)[:, None] ** 2 + (np.arange(23) - old_column) ** 2
            nearest = chroma[distance <= distance.min() + 1e-6]
            assert new.chroma[row, column] in nearest
