"""Rulers of a simulated scanner: their look, their place, their ticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from perirad.simulate.screenshot_marks import MARKS, Canvas, Spot, draw_text, stamp, tick_shape
from perirad.simulate.screenshot_scene import Frame

__all__ = ["DrawnRuler", "Scale", "Style", "draw_ruler", "draw_sides", "draw_style", "draw_tick_mm"]


@dataclass(frozen=True)
class Style:
    """How the rulers of a screenshot look.

    Parameters
    ----------
    mark : {"line", "dot", "dash", "triangle"}
        Shape of the ticks.
    major_every : int
        Every how many ticks stands a longer one; 1 where all are equal.
    spine : bool
        Whether a line joins the ticks; never dots or dashes, which it would hide.
    numbers : bool
        Whether numbers stand beside them.
    grey : float
        Grey value of the ticks.
    smooth : bool
        Whether ticks between pixels are anti-aliased; otherwise they are drawn on the nearest pixel.
    jpeg : int or None
        JPEG quality of the screenshot.
    sector : bool
        Whether the tissue is a sector of a convex probe.
    """

    mark: str
    major_every: int
    spine: bool
    numbers: bool
    grey: float
    smooth: bool
    jpeg: int | None
    sector: bool


@dataclass(frozen=True)
class DrawnRuler:
    """A ruler of a screenshot: side, where its ticks begin across, position of the first, distance and number, px."""

    side: str
    across_px: int
    first_px: float
    period_px: float
    n_ticks: int


class Scale(NamedTuple):
    """Side, distance of the ticks and millimetres per pixel of a ruler to be drawn."""

    side: str
    tick_mm: float
    spacing_mm: float


class _Lengths(NamedTuple):
    minor: float
    major: float
    thick: float


def draw_tick_mm(rng: np.random.Generator, extent_mm: tuple[float, float], spacing_mm: tuple[float, float]) -> float:
    """Draw the distance of the ticks, as scanners do: 5 mm in a shallow picture, 10 mm in a deep one."""
    if 5.0 / max(spacing_mm) < 20.0:
        return 10.0
    return 5.0 if max(extent_mm) < 55.0 or rng.random() < 0.4 else 10.0


def draw_style(rng: np.random.Generator, tick_mm: float) -> Style:
    """Draw a look. Long ticks stand at every 10 mm between ticks of 5 mm, at every 50 mm between ticks of 10 mm."""
    longer = 2 if tick_mm == 5.0 else 5
    mark = str(rng.choice(MARKS))
    return Style(
        mark=mark,
        major_every=longer if rng.random() < 0.6 else 1,
        spine=bool(rng.random() < 0.4) and mark in ("line", "triangle"),
        numbers=bool(rng.random() < 0.5),
        grey=float(rng.uniform(70.0, 255.0)),
        smooth=bool(rng.random() < 0.5),
        jpeg=None if rng.random() < 0.5 else int(rng.integers(60, 96)),
        sector=bool(rng.random() < 0.35),
    )


def draw_sides(rng: np.random.Generator, *, square: bool, tall: bool) -> list[str]:
    """Which sides have a ruler: both axes, or one where the pixels are square."""
    down, across = str(rng.choice(("left", "right"))), str(rng.choice(("bottom", "top"), p=(0.7, 0.3)))
    if not square or rng.random() < 0.45:
        return [down, across]
    return [down if tall and rng.random() < 0.8 else across]


def draw_ruler(rng: np.random.Generator, canvas: Canvas, field: Frame, style: Style, scale: Scale) -> DrawnRuler:
    """Draw the ticks of one side; a ruler across is drawn on the canvas turned on its side."""
    upright, outward = scale.side in ("left", "right"), scale.side in ("right", "bottom")
    view = canvas if upright else canvas.T
    low, high = (field.top, field.bottom) if upright else (field.left, field.right)
    period = scale.tick_mm / scale.spacing_mm
    first = low + (float(rng.uniform(0.0, 2.0)) if upright else float(rng.uniform(0.0, 1.0)) * min(period, 60.0))
    n_ticks = int((high - 1 - first) // period) + 1
    lengths = draw_lengths(rng, style.mark)
    across = draw_across(rng, view.shape[1], getattr(field, scale.side), lengths, outward=outward)
    phase = 0 if upright else int(rng.integers(style.major_every))
    for number in range(phase, phase + n_ticks):
        major = style.major_every > 1 and number % style.major_every == 0
        place = first + (number - phase) * period
        _draw_tick(view, style, lengths, place, across, major=major, outward=outward)
        depth_cm = number * scale.tick_mm / 10.0
        if style.numbers and depth_cm.is_integer() and (major or style.major_every == 1):
            _draw_number(canvas, f"{depth_cm:.0f}", place, across, upright, outward)
    if style.spine:
        view[round(first) : round(first + (n_ticks - 1) * period) + 1, across] = style.grey
    return DrawnRuler(scale.side, across, first, period, n_ticks)


def draw_across(rng: np.random.Generator, n_columns: int, edge: int, lengths: _Lengths, *, outward: bool) -> int:
    """Column at which the ticks begin: beside the tissue, mostly near it, at the screen's edge, or upon the tissue."""
    place = rng.random()
    if place < 0.1:
        inset = round(lengths.major) - 1 if rng.random() < 0.5 else round(lengths.minor / 2.0)
        return n_columns - 1 - inset if outward else inset
    near = int(rng.integers(14, 30)) if place < 0.25 else int(rng.integers(2, 14))
    near = -near - round(lengths.major) if place > 0.93 else near
    return edge + near if outward else edge - near - 1


def draw_lengths(rng: np.random.Generator, mark: str) -> _Lengths:
    """Draw the size of small and large ticks, px."""
    if mark == "dot":
        minor = float(rng.uniform(2.0, 4.0))
        return _Lengths(minor, minor + float(rng.uniform(1.5, 3.0)), minor)
    if mark == "dash":
        minor = float(rng.uniform(2.0, 4.0))
        return _Lengths(minor, minor * float(rng.uniform(1.8, 2.6)), float(rng.uniform(5.0, 9.0)))
    if mark == "triangle":
        minor = float(rng.uniform(5.0, 8.0))
        return _Lengths(minor, minor * float(rng.uniform(1.4, 1.8)), float(rng.uniform(5.0, 9.0)))
    minor = float(rng.integers(4, 11))
    return _Lengths(minor, minor * float(rng.uniform(1.5, 2.4)), float(rng.integers(1, 4)))


def _draw_tick(
    view: Canvas, style: Style, lengths: _Lengths, place: float, across: int, *, major: bool, outward: bool
) -> None:
    length = lengths.major if major else lengths.minor
    if not style.smooth:
        place, length = round(place), round(length)
    row = round(place)
    shape = tick_shape(style.mark, length=length, thick=lengths.thick, shift=place - row)
    if not outward:
        shape = shape[:, ::-1]
    stamp(view, shape, row, across if outward else across - shape.shape[1] + 1, style.grey)


def _draw_number(canvas: Canvas, text: str, place: float, across: int, upright: bool, outward: bool) -> None:
    """Beside the tick, on the side away from the tissue where there is room."""
    beyond = across + (26 if outward else -26 - 7 * len(text))
    at = Spot(place - 5, beyond) if upright else Spot(beyond if outward else beyond - 6, place - 4)
    draw_text(canvas, text, at, size=11, grey=200.0)
