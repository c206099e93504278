"""Two views in one picture: found however they were put together, and not seen where there is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.study.pictures import case, disc, speckle

from perirad.arrays import FloatArray
from perirad.image.image import Box
from perirad.image.read import read_image
from perirad.study.seam import seam, second_view

BAND, STEP = "a flat upright band in the middle", "an upright seam in the middle"


def _side_by_side(gap: int, grey: float) -> FloatArray:
    return np.hstack([speckle(1), np.full((150, gap), grey), speckle(2)])


@pytest.mark.parametrize(
    ("gap", "grey", "found"),
    [(0, 0.0, STEP), (1, 255.0, BAND), (3, 0.0, BAND), (12, 0.0, BAND), (40, 10.0, BAND), (120, 0.0, STEP)],
)
def test_two_views_are_found_analytic(gap: int, grey: float, found: str) -> None:
    assert seam(_side_by_side(gap, grey)) == found


@pytest.mark.parametrize("seed", range(6))
def test_one_view_is_one_view_analytic(seed: int) -> None:
    assert seam(speckle(seed)) == ""


def test_margins_and_shadows_are_no_seam_analytic() -> None:
    framed = np.pad(speckle(1), ((10, 10), (90, 5)))
    assert seam(framed) == ""
    shadow = speckle(2)
    shadow[60:, 90:110] *= 0.15
    assert seam(shadow) == ""


def test_too_small_a_picture_tells_nothing_analytic() -> None:
    assert seam(_side_by_side(0, 0.0)[:40]) == ""
    assert seam(np.full((100, 100), 5.0)) == ""


def test_a_second_region_of_the_file_is_named_analytic() -> None:
    image, _ = case(speckle(1), disc(20, (75, 50)))
    left = image.within(Box(0, 0, 150, 98))
    assert second_view(left) == ""
    both, _ = case(speckle(1), disc(20, (75, 50)), others=(Box(0, 102, 150, 200),))
    assert second_view(both.within(Box(0, 0, 150, 98))) == "a second region beside the lesion's (columns 102-199)"
    strip, _ = case(speckle(1), disc(20, (75, 50)), others=(Box(0, 180, 150, 200), Box(120, 0, 150, 98)))
    assert second_view(strip.within(Box(0, 0, 150, 98))) == ""


@pytest.mark.shared
def test_real_single_views_are_not_accused_and_pairs_are_found_analytic(shared: Path) -> None:
    files = sorted((shared / "data" / "breast_usg" / "images").glob("case???.png"))[::4]
    pictures = [read_image(file, spacing_mm=0.1).pixels for file in files]
    assert [seam(picture) for picture in pictures] == [""] * len(files)
    for first, second in zip(pictures[:12], pictures[12:24], strict=True):
        rows = min(len(first), len(second))
        columns = min(first.shape[1], second.shape[1])
        assert seam(np.hstack([first[:rows, :columns], second[:rows, :columns]])) != ""
