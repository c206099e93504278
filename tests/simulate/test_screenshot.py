"""Simulated screenshots: the truth that is recorded is the truth that is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.simulate.screenshot import NEGATIVES, Screenshot, simulate_screenshot, simulate_without_ruler
from perirad.simulate.screenshot_marks import REACH, stamp, tick_shape

SEEDS = range(24)


@pytest.fixture(scope="module")
def shots() -> list[Screenshot]:
    return [simulate_screenshot(seed) for seed in SEEDS]


@pytest.mark.parametrize("shift", [-0.4, 0.0, 0.3])
@pytest.mark.parametrize(("mark", "area"), [("line", 8.0 * 2.0), ("dash", 16.0), ("triangle", 8.0), ("dot", 50.27)])
def test_a_tick_has_its_area_and_its_middle_analytic(mark: str, area: float, shift: float) -> None:
    shape = tick_shape(mark, length=8.0, thick=2.0, shift=shift)
    row = np.arange(-REACH, REACH + 1)[:, None]
    assert shape.sum() == pytest.approx(area, rel=0.03)
    assert (shape * row).sum() / shape.sum() == pytest.approx(shift, abs=0.07)


def test_a_stamp_is_cut_off_at_the_edge_analytic() -> None:
    canvas = np.zeros((4, 5), dtype=np.float32)
    stamp(canvas, np.ones((3, 4), dtype=np.float32), 0, -2, 50.0)
    stamp(canvas, np.ones((3, 4), dtype=np.float32), 3, 4, 70.0)
    assert canvas.sum() == 4 * 50.0 + 2 * 70.0
    stamp(canvas, np.ones((3, 4), dtype=np.float32), -9, 40, 90.0)
    assert canvas.sum() == 4 * 50.0 + 2 * 70.0


def test_one_seed_one_picture_analytic() -> None:
    first, again, other = (simulate_screenshot(seed) for seed in (7, 7, 8))
    assert np.array_equal(first.pixels, again.pixels)
    assert (first.spacing_mm, first.rulers, first.style) == (again.spacing_mm, again.rulers, again.style)
    assert first.pixels.shape != other.pixels.shape


def test_truth_is_within_what_was_promised_analytic(shots: list[Screenshot]) -> None:
    for shot in shots:
        rows, columns = shot.pixels.shape
        assert 480 <= rows <= 900
        assert 640 <= columns <= 1200
        assert 0.04 <= shot.spacing_mm[0] <= 0.25
        assert shot.tick_mm in (5.0, 10.0)
        axes = {ruler.side in ("left", "right") for ruler in shot.rulers}
        assert len(axes) == 2 or shot.spacing_mm[0] == shot.spacing_mm[1]
        for ruler in shot.rulers:
            across = ruler.side in ("top", "bottom")
            assert ruler.period_px == shot.tick_mm / shot.spacing_mm[across]
            assert ruler.n_ticks >= 3


def test_ticks_stand_where_the_truth_says_analytic(shots: list[Screenshot]) -> None:
    """In the column where a clean ruler begins, the grey of the ticks stands at the recorded places and not between."""
    clean = [shot for shot in shots if shot.style.jpeg is None and shot.style.mark == "line"]
    for shot in clean:
        for ruler in shot.rulers:
            view = shot.pixels if ruler.side in ("left", "right") else shot.pixels.T
            places = ruler.first_px + ruler.period_px * np.arange(ruler.n_ticks)
            inward = 1 if ruler.side in ("right", "bottom") else -1
            column = view[:, ruler.across_px + 2 * inward].astype(float)
            inner = places[(places > 2) & (places < len(column) - 3)]
            found = np.array([column[round(place) - 1 : round(place) + 2].max() for place in inner])
            assert np.all(found >= 0.5 * shot.style.grey - 1.0)
    assert len(clean) >= 2


@pytest.mark.parametrize("kind", NEGATIVES)
def test_pictures_without_ruler_record_none_analytic(kind: str) -> None:
    shot = simulate_without_ruler(3, kind)
    assert (shot.kind, shot.rulers) == (kind, ())
    assert np.isnan(shot.tick_mm)
    assert shot.pixels.std() > 1.0


def test_wrong_wishes_are_refused_analytic() -> None:
    with pytest.raises(InputError, match="kind must be one of screen, text"):
        simulate_without_ruler(1, "clouds")
    with pytest.raises(InputError, match="seed must not be negative"):
        simulate_screenshot(-1)
