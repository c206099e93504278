"""Rulers on simulated screenshots, lists that are none, and a real one with its DICOM calibration."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.image.ruler_drawn import sure

from perirad.image.read import read_image
from perirad.image.ruler import read_ruler
from perirad.simulate.screenshot import NEGATIVES, simulate_screenshot, simulate_without_ruler


def test_screenshots_simulated() -> None:
    """One may be missed, the benchmark counts how many are; none may be sure and wrong."""
    right = 0
    for seed in range(3000, 3006):
        shot = simulate_screenshot(seed)
        reading = read_ruler(shot.pixels, shot.tick_mm)
        is_right = reading is not None and reading.spacing_mm == pytest.approx(shot.spacing_mm, rel=0.01)
        right += is_right
        assert is_right or reading is None or not reading.is_sure, seed
    assert right >= 5


@pytest.mark.parametrize("kind", NEGATIVES)
def test_pictures_without_ruler_simulated(kind: str) -> None:
    for tick_mm in (5.0, None):
        reading = read_ruler(simulate_without_ruler(3000, kind).pixels, tick_mm)
        assert reading is None or not reading.is_sure


@pytest.mark.parametrize("seed", [540, 30046])
def test_a_faint_second_ruler_of_pixels_not_square_simulated(seed: int) -> None:
    """Dots upon the tissue; the screenshot that was once read wrong and sure."""
    shot = simulate_screenshot(seed)
    reading = read_ruler(shot.pixels, shot.tick_mm)
    assert reading is not None
    assert not reading.is_sure
    assert reading.words[0].startswith("the axes differ by a factor of")


def test_a_menu_with_bullets_simulated() -> None:
    reading = read_ruler(simulate_without_ruler(30070, "keyboard").pixels, 5.0)
    assert reading is not None
    assert not reading.is_sure
    assert reading.words[0] == "the same marks stand in several places, as in a menu"


@pytest.mark.shared
def test_a_real_screen_agrees_with_its_header_dicom(shared: Path) -> None:
    image = read_image(shared / "data" / "dicom_us" / "US-YBR_FULL_422-EVRLE.dcm")
    reading = read_ruler(image.pixels)
    assert reading is not None
    assert not reading.is_sure, "its depth ruler, half hidden by the edge of the screen, is overlooked"
    stated = sure(read_ruler(image.pixels, square=True))
    for one in (reading, stated):
        assert one.tick_mm == 5.0
        assert one.spacing_mm == pytest.approx(image.spacing_mm, rel=2e-3)
