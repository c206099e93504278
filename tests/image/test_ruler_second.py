"""The second look along the axis that was not read, and what tells lists from rulers."""

from __future__ import annotations

import numpy as np
import pytest
from tests.image.ruler_drawn import PERIOD, Canvas, combs, lay_ticks, screen, sure

from perirad.image.ruler import find_rulers, read_ruler
from perirad.image.ruler_comb import opened
from perirad.image.ruler_list import MENU
from perirad.simulate.screenshot_marks import Spot, draw_text, stamp, tick_shape

SQUARE = "a ruler along one axis only: pixels taken for square"
WORDS = (
    "Persist 2",
    "Map D/0",
    "RT 10:00",
    "Breast",
    "Gain 54%",
    "CHI high",
    "Frq 12.0",
    "AO 100%",
    "DR 65 dB",
    "Res 2D",
)


def lay_dots(canvas: Canvas, period: float, *, row: int, grey: float = 200.0) -> Canvas:
    """Dots of three pixels across the columns, from the tissue's left edge to its right one."""
    for column in np.arange(64.0, 298.0, period):
        stamp(canvas, tick_shape("dot", length=3.0, thick=3.0, shift=0.0), row, round(column), grey)
    return canvas


def lay_numbers(canvas: Canvas, period: float, *, row: int) -> Canvas:
    for number, column in enumerate(np.arange(62.0, 298.0, period)):
        draw_text(canvas, str(number), Spot(row, round(column)), size=11, grey=120.0)
    return canvas


@pytest.mark.parametrize("row", [378, 40])
def test_dots_upon_the_tissue_contradict_square_pixels_analytic(row: int) -> None:
    canvas = lay_dots(lay_ticks(screen(), combs(10)), PERIOD / 1.2, row=row)
    reading = read_ruler(canvas, 5.0)
    assert reading is not None
    assert not reading.is_sure
    assert reading.words[0] == "the axes differ by a factor of 1.2"


@pytest.mark.parametrize("stretch", [0.8, 1.25, 1.6])
def test_numbers_alone_contradict_square_pixels_analytic(stretch: float) -> None:
    canvas = lay_numbers(lay_ticks(screen(), combs(10)), stretch * PERIOD, row=398)
    reading = read_ruler(canvas, 5.0)
    assert reading is not None
    assert not reading.is_sure
    factor = float(reading.words[0].removeprefix("the axes differ by a factor of "))
    assert factor == pytest.approx(1.0 / stretch, rel=0.02)


def test_dots_that_agree_are_said_and_change_nothing_analytic() -> None:
    plain = sure(read_ruler(lay_ticks(screen(), combs(10)), 5.0))
    reading = sure(read_ruler(lay_dots(lay_ticks(screen(), combs(10)), PERIOD, row=378), 5.0))
    assert reading.words == ("faint marks along the other axis agree", SQUARE)
    assert reading.spacing_mm == plain.spacing_mm
    assert plain.words == (SQUARE,)


def test_three_faint_marks_tell_nothing_analytic() -> None:
    canvas = lay_numbers(lay_ticks(screen(), combs(10)), 2.4 * PERIOD, row=398)
    assert len(find_rulers(canvas)) == 1


def bullets(columns: tuple[int, ...], *, words: bool) -> Canvas:
    canvas = screen()
    for column in columns:
        for number, row in enumerate(combs(10)):
            stamp(canvas, tick_shape("dot", length=5.0, thick=5.0, shift=0.0), round(row), column, 220.0)
            if words:
                draw_text(canvas, WORDS[number], Spot(row - 5, column + 12), size=11, grey=220.0)
    return np.pad(canvas, ((0, 0), (0, 120)), constant_values=10.0)


def test_words_beside_each_bullet_make_a_list_analytic() -> None:
    sure(read_ruler(bullets((320,), words=False), 5.0))
    reading = read_ruler(bullets((320,), words=True), 5.0)
    assert reading is not None
    assert not reading.is_sure
    assert reading.words[0] == "words stand beside each mark, as in a list"


def test_bullets_in_several_columns_make_a_menu_analytic() -> None:
    """A ruler may stand on either side of the picture; in three places it is none."""
    sure(read_ruler(bullets((20, 340), words=False), 5.0))
    reading = read_ruler(bullets((20, 180, 340), words=False), 5.0)
    assert reading is not None
    assert not reading.is_sure
    assert reading.words[0] == MENU


@pytest.mark.parametrize("axis", [0, 1])
def test_opened_naive(axis: int) -> None:
    grey = np.random.default_rng(4).uniform(0, 255, (30, 5)).astype(np.float32)
    grey = grey if axis == 0 else np.ascontiguousarray(grey.T)
    lines, found = (np.moveaxis(page, axis, -1) for page in (grey, opened(grey, 5, axis)))
    for line, got in zip(lines, found, strict=True):
        eroded = [min(line[max(k - 2, 0) : k + 3]) for k in range(line.size)]
        assert got == pytest.approx([max(eroded[max(k - 2, 0) : k + 3]) for k in range(line.size)])
