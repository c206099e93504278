from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.image.outline_shapes import SHAPE, SHAPES

from perirad.errors import InputError
from perirad.image.image import Box, Calibration, Image, Source
from perirad.image.outlines.choose import choose, largest_piece, pieces
from perirad.image.outlines.read import read_lesions
from perirad.image.outlines.records import Lesion, Outlines, Target
from perirad.image.outlines.shapes import box, ellipse
from perirad.image.outlines.write import write_outlines
from perirad.image.roi import read_mask
from perirad.regions.read import read_region

TWO = np.zeros(SHAPE, np.bool_)
TWO[2:6, 2:7] = True
TWO[6, 7] = True
TWO[12:20, 20:30] = True


def test_pieces_touch_at_sides_or_corners_analytic() -> None:
    assert pieces(TWO) == (80, 21)
    assert pieces(SHAPES["F"]) == (int(SHAPES["F"].sum()),)
    assert pieces(np.zeros((4, 4), np.bool_)) == ()


def test_largest_piece_analytic() -> None:
    expected = TWO.copy()
    expected[:10] = False
    assert np.array_equal(largest_piece(TWO), expected)
    with pytest.raises(InputError, match="one piece must be the largest, got several of 21 pixels"):
        largest_piece(np.hstack([TWO[:10], TWO[:10]]))
    with pytest.raises(InputError, match="no marked pixel"):
        largest_piece(np.zeros((4, 4), np.bool_))


def test_largest_of_a_mask_of_one_value_is_its_largest_piece_analytic(tmp_path: Path) -> None:
    """As in collections that mark all lesions of an image in one mask; the rest are the other lesions."""
    Pillow.fromarray(TWO).save(tmp_path / "m.png")
    largest = read_mask(tmp_path / "m.png", SHAPE, choice="largest")
    everything = read_mask(tmp_path / "m.png", SHAPE, choice="all")
    assert (int(largest.sum()), int((everything & ~largest).sum())) == (80, 21)
    assert np.array_equal(read_mask(tmp_path / "m.png", SHAPE), TWO)


def test_largest_of_several_values_analytic(tmp_path: Path) -> None:
    values = np.where(TWO, 3, 0).astype(np.uint8)
    values[12:] *= 2
    Pillow.fromarray(values).save(tmp_path / "m.png")
    assert read_mask(tmp_path / "m.png", SHAPE, choice="largest").sum() == 80
    assert read_mask(tmp_path / "m.png", SHAPE, choice="all").sum() == 101
    assert read_mask(tmp_path / "m.png", SHAPE, label="3").sum() == 21
    assert [name for name, _ in read_lesions(tmp_path / "m.png", SHAPE)] == ["3", "6"]


def test_names_win_over_numbers_and_capitals_matter_last_analytic() -> None:
    first, second, third = (np.eye(4, dtype=np.bool_) * False for _ in range(3))
    first[0, 0] = second[1, :2] = third[2, :3] = True
    outlines = Outlines((Lesion(1, "2", first), Lesion(2, "Cyst", second), Lesion(3, "cyst", third)))
    assert choose(outlines, "2", "one", "").sum() == 1
    assert choose(outlines, 2, "one", "").sum() == 2
    assert choose(outlines, "cyst", "one", "").sum() == 3
    assert choose(outlines, "3", "one", "").sum() == 3
    with pytest.raises(InputError, match=r"mask must mark one lesion, got lesions 2 'Cyst' \(2 pixels\), 3 'cyst'"):
        choose(outlines, "CYST", "one", "")
    with pytest.raises(InputError, match="mask must hold a lesion named 'node', got lesions 1 '2'"):
        choose(outlines, "node", "one", "")
    with pytest.raises(InputError, match="mask must hold label 9, got lesions"):
        choose(outlines, 9, "one", "")
    with pytest.raises(InputError, match="choice must be one, largest or all, got 'both'"):
        choose(outlines, None, "both", "")  # type: ignore[arg-type]


def test_ellipse_holds_the_centres_within_its_radii_analytic() -> None:
    mask = ellipse(np.array([10.0, 12.0]), np.array([3.0, 5.0]), SHAPE)
    assert mask[10, 7:18].all()
    assert mask[7:14, 12].all()
    assert mask.sum(axis=1)[[6, 7, 13, 14]].tolist() == [0, 1, 1, 0]
    assert np.array_equal(mask, ellipse(np.array([10.0, 12.0]), np.array([5.0, 3.0]), SHAPE, degrees=90.0))
    for radii in ((0.0, 5.0), (-1.0, 5.0), (np.nan, 5.0)):
        with pytest.raises(InputError, match="an ellipse must have positive radii"):
            ellipse(np.array([10.0, 12.0]), np.array(radii), SHAPE)
    with pytest.raises(InputError, match="outline must lie inside the picture"):
        ellipse(np.array([10.0, 12.0]), np.array([3.0, 14.1]), SHAPE)
    assert ellipse(np.array([10.0, 12.0]), np.array([3.0, 13.5]), SHAPE).any()


def test_box_clockwise_on_the_screen_analytic() -> None:
    """By 45 degrees a long box points from upper left to lower right."""
    mask = box(np.array([9.5, 4.5]), np.array([12.5, 20.5]), SHAPE, degrees=45.0)
    assert mask[6, 7]
    assert mask[15, 17]
    assert not mask[15, 7]
    assert mask.sum() == pytest.approx(3 * 16, abs=4)


def test_region_by_name_analytic(tmp_path: Path) -> None:
    write_outlines(
        tmp_path / "m.xml", [Lesion(1, "tumour", SHAPES["F"]), Lesion(2, "node", TWO)], Target(SHAPE, "i.png")
    )
    record = Image(np.zeros(SHAPE), (0.1, 0.2), Calibration(Source.STATED, ""), Box(0, 0, *SHAPE), "i.dcm")
    region = read_region(tmp_path / "m.xml", record, label="node")
    assert (region.name, region.n_pixels, region.spacing_mm) == ("I", 101, (0.1, 0.2))
    assert read_region(tmp_path / "m.xml", record, choice="all").n_pixels == int((SHAPES["F"] | TWO).sum())
