"""Rulers: drawn ones whose period is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.image.ruler_drawn import COLUMNS, PERIOD, ROWS, both_axes, combs, lay_ticks, screen, sure

from perirad.errors import InputError
from perirad.image.image import Box, Calibration, Image, Source
from perirad.image.ruler import CONFIDENCE_LIMIT, calibrate_ruler, read_ruler
from perirad.image.ruler_comb import LONGEST_MARK, tick_signal
from perirad.image.ruler_figure import ENLARGE, SURE, UNSURE, draw_reading
from perirad.image.ruler_pattern import pattern_of
from perirad.image.ruler_scale import guess_tick
from perirad.simulate.screenshot_marks import Spot, draw_lines


@pytest.mark.parametrize("period", [14.2, 21.0, 37.3, 64.9])
def test_period_between_pixels_analytic(period: float) -> None:
    places = combs(int(350 / period) + 1, period)
    reading = sure(read_ruler(lay_ticks(screen(), places), tick_mm=5.0))
    (ruler,) = reading.rulers
    assert ruler.side == "right"
    assert ruler.period_px == pytest.approx(period, rel=1e-3)
    assert ruler.places_px == pytest.approx(places, abs=0.1)
    assert ruler.residual_px < 0.1
    assert ruler.band_px[0] <= 318 + 1
    assert ruler.band_px[1] >= 325 - 1
    assert reading.spacing_mm == pytest.approx((5.0 / period, 5.0 / period), rel=1e-3)


def test_every_side_analytic() -> None:
    upright = lay_ticks(screen(), combs(10))
    for pixels, side in (
        (upright, "right"),
        (upright[:, ::-1], "left"),
        (upright.T, "bottom"),
        (upright[:, ::-1].T, "top"),
    ):
        reading = sure(read_ruler(pixels, tick_mm=10.0, square=True))
        assert [ruler.side for ruler in reading.rulers] == [side]
        assert reading.spacing_mm == pytest.approx((10.0 / PERIOD, 10.0 / PERIOD), rel=1e-3)


def test_a_ruler_across_alone_is_sure_only_where_square_is_stated_analytic() -> None:
    """Scanners draw one down the depth: it was probably overlooked."""
    across = lay_ticks(screen(), combs(10)).T
    reading = read_ruler(across, 5.0)
    assert reading is not None
    assert not reading.is_sure
    assert reading.words[-1].startswith("scanners draw a ruler down the depth too, and it was not seen")
    stated = sure(read_ruler(across, 5.0, square=True))
    assert stated.words == ("a ruler along one axis only: pixels stated to be square",)
    assert stated.spacing_mm == reading.spacing_mm


def test_jitter_of_half_a_pixel_analytic() -> None:
    places = np.rint(combs(10))
    reading = sure(read_ruler(lay_ticks(screen(), places), tick_mm=5.0))
    slope = np.polyfit(np.arange(10), places, 1)[0]
    assert reading.rulers[0].period_px == pytest.approx(slope, rel=1e-4)
    residual = np.std(places - np.polyval(np.polyfit(np.arange(10), places, 1), np.arange(10)))
    assert reading.rulers[0].residual_px == pytest.approx(residual, abs=0.02)


def test_missing_ticks_analytic() -> None:
    places = np.delete(combs(10), [3, 6])
    reading = read_ruler(lay_ticks(screen(), places), tick_mm=5.0)
    assert reading is not None
    assert reading.rulers[0].places_px == pytest.approx(places, abs=0.1)
    assert reading.rulers[0].period_px == pytest.approx(PERIOD, rel=1e-3)
    whole = sure(read_ruler(lay_ticks(screen(), combs(10)), tick_mm=5.0))
    assert reading.confidence < whole.confidence


def test_text_beside_and_upon_analytic() -> None:
    canvas = lay_ticks(screen(), combs(10))
    rng = np.random.default_rng(2)
    draw_lines(rng, canvas, Spot(60, 4), count=14, size=11, grey=230.0)
    draw_lines(rng, canvas, Spot(4, 316), count=2, size=11, grey=230.0)
    reading = sure(read_ruler(canvas, tick_mm=5.0))
    assert reading.rulers[0].period_px == pytest.approx(PERIOD, rel=2e-3)


def test_both_axes_agree_analytic() -> None:
    one, two = (sure(read_ruler(canvas, 5.0)) for canvas in (lay_ticks(screen(), combs(4, 90.0)), both_axes(PERIOD)))
    assert {ruler.side for ruler in two.rulers} == {"right", "bottom"}
    assert "both axes agree" in two.words
    assert two.confidence > one.confidence
    assert two.spacing_mm == pytest.approx((5.0 / PERIOD, 5.0 / PERIOD), rel=1e-3)


def test_pixels_that_are_not_square_analytic() -> None:
    reading = sure(read_ruler(both_axes(30.5), 5.0))
    assert reading.spacing_mm == pytest.approx((5.0 / PERIOD, 5.0 / 30.5), rel=1e-3)
    assert "the axes differ by a factor of" in reading.words[0]


def test_axes_that_contradict_are_not_sure_analytic() -> None:
    reading = read_ruler(both_axes(2.0 * PERIOD), 5.0)
    assert reading is not None
    assert reading.confidence < CONFIDENCE_LIMIT


@pytest.mark.parametrize(
    ("lengths", "period", "tick_mm"),
    [((14, 8), PERIOD, 5.0), ((16, 8, 8, 8, 8), 14.0, 1.0)],
)
def test_longer_ticks_tell_the_distance_analytic(lengths: tuple[int, ...], period: float, tick_mm: float) -> None:
    canvas = lay_ticks(screen(), combs(int(355 / period) + 1, period), lengths=lengths)
    reading = sure(read_ruler(canvas))
    assert (reading.tick_mm, reading.stated) == (tick_mm, False)
    assert reading.rulers[0].every == len(lengths)
    assert reading.source == f"told by a longer one at every {tick_mm * len(lengths):g} mm"
    assert reading.spacing_mm == pytest.approx((tick_mm / period, tick_mm / period), rel=1e-3)


def test_two_longer_ticks_tell_it_on_both_axes_only_analytic() -> None:
    """Two ticks may be longer by chance, where letters touch them; on both axes they are not."""
    lengths = (16, 8, 8, 8, 8)
    canvas = lay_ticks(screen(), combs(10), lengths=lengths)
    alone = read_ruler(canvas)
    assert alone is not None
    assert not alone.is_sure
    both = sure(read_ruler(lay_ticks(canvas.T, combs(8, PERIOD, 50.4), column=398, lengths=lengths).T))
    assert (both.tick_mm, both.source) == (10.0, "told by a longer one at every 50 mm")
    assert both.spacing_mm == pytest.approx((10.0 / PERIOD, 10.0 / PERIOD), rel=1e-3)


def test_equal_ticks_do_not_tell_it_analytic() -> None:
    reading = read_ruler(lay_ticks(screen(), combs(10)))
    assert reading is not None
    assert reading.confidence <= 0.5
    assert reading.source == "guessed: their pattern does not tell"


def test_the_longer_distance_stated_for_the_shorter_is_not_sure_analytic() -> None:
    canvas = lay_ticks(screen(), combs(10), lengths=(14, 8))
    reading = read_ruler(canvas, tick_mm=10.0)
    assert reading is not None
    assert not reading.is_sure
    assert reading.words[0] == "longer ticks at every 20 mm are unusual: is 10 mm the smallest distance?"
    sure(read_ruler(canvas, tick_mm=5.0))


def test_a_pattern_that_two_scales_fit_is_not_sure_analytic() -> None:
    """Five short ticks a long one, 26 px apart: 1 mm on a small-parts picture, 10 mm on an abdominal one."""
    guess = guess_tick(26.0, 5, 400.0)
    assert not guess.sure
    assert guess.why == "guessed: their pattern fits 1 and 10 mm"
    assert [guess_tick(period, 5, 400.0).tick_mm for period in (12.0, 60.0)] == [1.0, 10.0]


def test_pattern_with_spoilt_ticks_analytic() -> None:
    ranks = np.arange(12)
    sizes = np.where(ranks % 5 == 2, 31.0, 16.0)
    sizes[[0, 7]] += 60.0  # a letter touches them
    found = pattern_of(sizes, ranks)
    assert (found.every, found.phase) == (5, 2)
    assert found.even == pytest.approx(10 / 12)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_ticks_are_not_sure_analytic(n: int) -> None:
    reading = read_ruler(lay_ticks(screen(), combs(n, 95.0)), tick_mm=10.0)
    assert reading is None or not reading.is_sure
    assert (n == 3) == (reading is not None)


def test_the_scale_of_the_grey_values_does_not_matter_analytic() -> None:
    canvas = np.rint(np.clip(lay_ticks(screen(), combs(10)), 0, 255)).astype(np.uint8)
    canvas[0, 0] = 255
    eight = sure(read_ruler(canvas, 5.0))
    sixteen = sure(read_ruler(canvas.astype(np.uint16) * 257, 5.0))
    assert sixteen.spacing_mm == pytest.approx(eight.spacing_mm, rel=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (63, 400), (64, 64), (400, 300)])
@pytest.mark.parametrize("grey", [0.0, 255.0, -7.0])
def test_flat_pictures_have_none_analytic(shape: tuple[int, int], grey: float) -> None:
    assert read_ruler(np.full(shape, grey)) is None


def test_noise_has_none_analytic() -> None:
    rng = np.random.default_rng(1)
    for pixels in (rng.uniform(0, 255, (200, 150)), rng.integers(0, 2, (150, 200)) * 255):
        reading = read_ruler(pixels, 5.0)
        assert reading is None or reading.confidence < 0.5


@pytest.mark.parametrize(
    ("pixels", "tick_mm", "line"),
    [
        (np.zeros((90, 90, 3)), 5.0, r"grey, of rows and columns, got float64, shape \(90, 90, 3\)"),
        (np.zeros(90), 5.0, r"grey, of rows and columns"),
        (np.zeros((90, 90), dtype=complex), 5.0, r"grey, of rows and columns, got complex128"),
        (np.full((90, 90), np.nan), 5.0, r"must be finite, got 8100 NaN or infinite pixels"),
        (np.zeros((90, 90)), 0.0, r"distance of the ticks must be positive, got tick_mm=0.0"),
        (np.zeros((90, 90)), float("nan"), r"distance of the ticks must be positive"),
    ],
)
def test_what_is_no_picture_is_refused_analytic(pixels: NDArray[np.generic], tick_mm: float, line: str) -> None:
    with pytest.raises(InputError, match=line):
        read_ruler(pixels, tick_mm)


def test_tick_signal_naive() -> None:
    grey = np.random.default_rng(3).uniform(0, 255, (40, 6)).astype(np.float32)
    half = LONGEST_MARK // 2
    reach = [range(max(row - half, 0), min(row + half + 1, 40)) for row in range(40)]
    for column in range(6):
        eroded = [min(grey[k, column] for k in near) for near in reach]
        opened = [max(eroded[k] for k in near) for near in reach]
        assert tick_signal(grey)[:, column] == pytest.approx(grey[:, column] - opened)


def test_calibration_and_its_provenance_analytic() -> None:
    pixels = lay_ticks(screen(), combs(10), lengths=(14, 8)).astype(np.float64)
    image = Image(pixels, (1.0, 1.0), Calibration(Source.ASSUMED, "not known"), Box(30, 60, 390, 300), "a.png", frame=2)
    made = calibrate_ruler(image, sure(read_ruler(image.pixels)))
    assert made.spacing_mm == pytest.approx((5.0 / PERIOD, 5.0 / PERIOD), rel=1e-3)
    assert (made.field, made.name, made.frame) == (image.field, image.name, image.frame)
    assert made.calibration.source is Source.RULER
    for part in ("ruler, right: 10 ticks, 37.3", "ticks every 5 mm (told by", "confidence 0.9", "taken for square"):
        assert part in made.calibration.detail
    assert "(stated)" in calibrate_ruler(image, sure(read_ruler(image.pixels, 5.0))).calibration.detail


def test_no_calibration_below_the_limit_analytic() -> None:
    pixels = lay_ticks(screen(), combs(10)).astype(np.float64)
    image = Image(pixels, (1.0, 1.0), Calibration(Source.ASSUMED, ""), Box(0, 0, 420, 360), "b")
    reading = read_ruler(image.pixels)
    assert reading is not None
    with pytest.raises(InputError, match=r"confidence of at least 0.8, got 0.50 .* \(b\): state the distance of the"):
        calibrate_ruler(image, reading)


def test_the_figure_marks_the_ticks_analytic() -> None:
    canvas = lay_ticks(screen(), combs(10))
    for tick_mm, colour in ((5.0, SURE), (None, UNSURE)):
        reading = read_ruler(canvas, tick_mm)
        assert reading is not None
        figure = draw_reading(canvas, reading)
        assert figure.shape[1] == ENLARGE * max(ROWS, COLUMNS)
        is_mark = (figure[: ENLARGE * ROWS] == colour).all(axis=2)
        rows = np.flatnonzero(is_mark.any(axis=1))
        assert rows == pytest.approx(ENLARGE * (combs(10) + 0.5) - 0.5, abs=1.01)
