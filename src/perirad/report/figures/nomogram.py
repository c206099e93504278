"""The nomogram: a ruler of points, an axis for each variable, total points and risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.arrays import FloatArray
from perirad.nomogram.records import Nomogram, NomogramAxis
from perirad.report.contents import ReportContents
from perirad.report.figures.labels import keep_apart, spread
from perirad.report.insight import NomogramReading
from perirad.report.style import DOUBLE_MM, GREY, INK, fit_lines, mark_kind, mm_canvas, styled, text_size_mm

__all__ = ["nomogram", "nomogram_reading"]

_LABEL_MM = 46.0
_LEFT, _RIGHT = _LABEL_MM + 8.0, DOUBLE_MM - 6.0
_ROW_MM = 12.5
_TICK_MM, _TEXT_MM = 1.3, 2.0
_GAP_MM = 1.3
_TICK_GAP_MM = 0.6
_SIZE = 6.2
_MARKED = "#b3420a"


@dataclass(frozen=True)
class _Label:
    text: str
    tick_mm: float
    text_mm: float
    above: bool


@styled
def nomogram(contents: ReportContents) -> Figure:
    """Nomogram in the layout of ``rms``: read the points of each value on the top ruler, add, read the risk below.

    Where no model was fitted, the figure says so.
    """
    return mark_kind(_nothing() if contents.nomogram is None else _drawn(contents, contents.nomogram, None), contents)


@styled
def nomogram_reading(contents: ReportContents) -> Figure:
    """The nomogram with one patient read off it: a mark on every axis, points at the right, and the way to the risk."""
    record, reading = contents.nomogram, contents.insight.reading
    assert record is not None
    assert reading is not None
    return mark_kind(_drawn(contents, record, reading), contents)


def _drawn(contents: ReportContents, record: Nomogram, reading: NomogramReading | None) -> Figure:
    n_rows = len(record.axes) + 3
    height_mm = n_rows * _ROW_MM + 7
    figure, axes = mm_canvas(DOUBLE_MM, height_mm)
    rows = iter(height_mm - 8 - _ROW_MM * np.arange(n_rows))
    points = _scale(0.0, 100.0)
    y = top = float(next(rows))
    _guides(axes, y, height_mm - 8 - _ROW_MM * len(record.axes))
    _ruler(axes, y, "Points", np.arange(0, 101, 10.0), points, bold=True)
    for item in record.axes:
        y = float(next(rows))
        _variable(axes, y, item, points)
        if reading is not None:
            _read(axes, y, top, points, reading, item)
    ticks = np.asarray(record.total_ticks, dtype=np.float64)
    total = _scale(float(ticks.min()), float(ticks.max())) if ticks.size else points
    y = float(next(rows))
    _ruler(axes, y, "Total points", ticks, total, bold=True)
    bottom = float(next(rows))
    _risk(axes, bottom, record, contents.event_label, total)
    if reading is not None:
        _sum(axes, y, bottom, total, reading)
    return figure


def _read(axes: Axes, y: float, top: float, scale: _Scale, reading: NomogramReading, item: NomogramAxis) -> None:
    """Mark a patient's value, lead it up to the points, and write both beneath the variable's name."""
    points = reading.points[item.variable.name]
    x = float(scale(points))
    inside = _LEFT - 1 <= x <= _RIGHT + 1
    if inside:
        axes.plot([x, x], [y, top], color=_MARKED, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
        axes.plot([x], [y], marker="o", color=_MARKED, markersize=4.2, zorder=6)
    unit = f" {item.variable.unit}" if item.variable.unit else ""
    said = f"{reading.values[item.variable.name]}{unit}: {points:.0f} points" + ("" if inside else " (beyond the axis)")
    _note(axes, y, _name_lines(item), said)


def _note(axes: Axes, y: float, n_lines: int, said: str) -> None:
    text = fit_lines(said.replace("-", "−"), _LABEL_MM, 6.2, weight="bold", max_lines=1)
    axes.text(2, y - 1.5 * n_lines - 1.9, text, va="center", fontsize=6.2, color=_MARKED, weight="bold")


def _sum(axes: Axes, y: float, bottom: float, scale: _Scale, reading: NomogramReading) -> None:
    x = min(max(float(scale(reading.total_points)), _LEFT), _RIGHT)
    axes.plot([x, x], [bottom, y], color=_MARKED, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
    axes.plot([x, x], [y, bottom], linestyle="none", marker="o", color=_MARKED, markersize=4.2, zorder=6)
    risk = f"{100 * reading.probability:.0f}% (95% CI {100 * reading.lower:.0f} to {100 * reading.upper:.0f}%)"
    _note(axes, y, 1, f"{reading.total_points:.0f} points")
    _note(axes, bottom, 1, risk)


def _named(item: NomogramAxis) -> str:
    variable = item.variable
    return f"{variable.label} ({variable.unit})" if variable.unit else variable.label


def _name_lines(item: NomogramAxis) -> int:
    return 1 + fit_lines(_named(item), _LABEL_MM, 7, max_lines=3).count("\n")


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    def __call__(self, value: float | FloatArray) -> FloatArray:
        span = self.high - self.low or 1.0
        return np.asarray(_LEFT + (np.asarray(value, dtype=np.float64) - self.low) / span * (_RIGHT - _LEFT))


def _scale(low: float, high: float) -> _Scale:
    return _Scale(low, high)


def _guides(axes: Axes, top: float, bottom: float) -> None:
    for x in np.linspace(_LEFT, _RIGHT, 11):
        axes.plot([x, x], [bottom, top], color="#ededed", linewidth=0.4, zorder=0)


def _name(axes: Axes, y: float, text: str, *, bold: bool) -> None:
    weight = "bold" if bold else "normal"
    axes.text(2, y, fit_lines(text, _LABEL_MM, 7, max_lines=3, weight=weight), va="center", fontsize=7, weight=weight)


def _line(axes: Axes, y: float, positions: FloatArray, ticks: FloatArray | None = None) -> None:
    """Line over all positions, with ticks beneath it at some of them (at all unless said)."""
    inside = positions[np.isfinite(positions)]
    if inside.size:
        axes.plot([inside.min(), inside.max()], [y, y], color=INK, linewidth=0.8, solid_capstyle="projecting")
        if ticks is not None:
            inside = ticks[np.isfinite(ticks)]
        drawn = inside[:1] if inside.size < 2 else np.array([inside.min(), inside.max()])
        for x in np.sort(inside):
            if np.abs(drawn - x).min() >= _TICK_GAP_MM:
                drawn = np.append(drawn, x)
        for x in drawn:
            axes.plot([x, x], [y, y - _TICK_MM], color=INK, linewidth=0.6)


def _ruler(axes: Axes, y: float, name: str, values: FloatArray, scale: _Scale, *, bold: bool) -> None:
    x = scale(values)
    _name(axes, y, name, bold=bold)
    _line(axes, y, x)
    between = (x[1:] + x[:-1]) / 2
    for minor in between:
        axes.plot([minor, minor], [y, y - 0.6 * _TICK_MM], color=INK, linewidth=0.4)
    _write(axes, y, _thinned(x, [f"{value:g}".replace("-", "−") for value in values]))


def _nothing() -> Figure:
    figure, axes = mm_canvas(DOUBLE_MM, 20)
    axes.text(DOUBLE_MM / 2, 11, "No predictor was retained: there is no nomogram.", ha="center", color=GREY)
    return figure


def _risk(axes: Axes, y: float, record: Nomogram, event_label: str, scale: _Scale) -> None:
    _name(axes, y, f"Risk of {event_label}", bold=True)
    inside = (record.risk_points >= scale.low) & (record.risk_points <= scale.high)
    if not inside.any():
        axes.text(
            _LEFT, y, "no round risk lies within the reach of the points", va="center", color=GREY, fontsize=_SIZE
        )
        return
    x = scale(record.risk_points[inside])
    _line(axes, y, x)
    _write(axes, y, _thinned(x, [f"{risk:.4g}" for risk in record.risk_ticks[inside]]))


def _variable(axes: Axes, y: float, item: NomogramAxis, scale: _Scale) -> None:
    variable = item.variable
    _name(axes, y, _named(item), bold=False)
    x = np.asarray(scale(item.points))
    if variable.knots:
        _turning(axes, y, x, [label.replace("-", "−") for label in item.labels])
        return
    _line(axes, y, x)
    if variable.kind == "continuous":
        _write(axes, y, _thinned(x, [label.replace("-", "−") for label in item.labels]))
    else:
        _write(axes, y, _all_levels(x, list(item.labels)))


def _turning(axes: Axes, y: float, x: FloatArray, texts: Sequence[str]) -> None:
    """Axis of a spline, which may turn back: values that gain points stand below the line, those that lose them above.

    The value at a turn begins the arm that leaves it.
    """
    steps = np.diff(x)
    gains = np.append(steps, steps[-1:]) >= 0 if steps.size else np.ones(x.size, dtype=np.bool_)
    _line(axes, y, x, x[gains])
    for above, arm in ((False, np.flatnonzero(gains)), (True, np.flatnonzero(~gains))):
        labels = _thinned(x[arm], [texts[int(i)] for i in arm]) if arm.size else []
        _write(axes, y, [replace(label, above=above) for label in labels])


def _width(text: str) -> float:
    return text_size_mm(text, _SIZE)[0]


def _thinned(x: FloatArray, texts: Sequence[str]) -> list[_Label]:
    """Labels of a numeric scale: those that fit at their ticks; of a scale too short for two, its ends side by side."""
    widths = [_width(text) for text in texts]
    kept = keep_apart(x, widths, _GAP_MM)
    kept = [i for i in kept if np.isfinite(x[i])]
    placed = spread(x[kept], [widths[i] for i in kept], _GAP_MM, _LEFT - 6, _RIGHT + 5)
    return [_Label(texts[i], float(x[i]), float(at), above=False) for i, at in zip(kept, placed, strict=True)]


def _all_levels(x: FloatArray, texts: Sequence[str]) -> list[_Label]:
    """Labels of categories: none is ever dropped; they stand above and below in turn and make room sideways."""
    order = [int(i) for i in np.argsort(x, kind="stable")]
    fitting = _shortened(texts, (_RIGHT - _LEFT + 11) / max(1, (len(texts) + 1) // 2) - _GAP_MM)
    widths = [_width(text) for text in fitting]
    if keep_apart(x, widths, _GAP_MM) == order and _ends_clear(x, widths, order):
        sides = [order]
    else:
        sides = [order[0::2], order[1::2]]
    labels = []
    for above, side in enumerate(sides):
        placed = spread(x[side], [widths[i] for i in side], _GAP_MM, _LEFT - 6, _RIGHT + 5)
        labels += [_Label(fitting[i], float(x[i]), float(at), bool(above)) for i, at in zip(side, placed, strict=True)]
    return labels


def _ends_clear(x: FloatArray, widths: Sequence[float], order: Sequence[int]) -> bool:
    if len(order) < 2:
        return True
    first, last = order[0], order[-1]
    return bool(x[last] - x[first] >= (widths[first] + widths[last]) / 2 + _GAP_MM)


def _shortened(texts: Sequence[str], room_mm: float) -> list[str]:
    """Level names cut to an equal share of the width where they are too long; the tables give them in full."""
    return [fit_lines(text, room_mm, _SIZE, max_lines=1) for text in texts]


def _write(axes: Axes, y: float, labels: Sequence[_Label]) -> None:
    for label in labels:
        side = 1 if label.above else -1
        foot = y + side * _TICK_MM
        if label.above:
            axes.plot([label.tick_mm, label.tick_mm], [y, foot], color=INK, linewidth=0.6)
        if abs(label.text_mm - label.tick_mm) > 0.3:
            axes.plot([label.tick_mm, label.text_mm], [foot, foot + side * (_TEXT_MM - 0.8)], color=GREY, linewidth=0.4)
            height = foot + side * (_TEXT_MM - 0.6)
        else:
            height = foot + side * 0.5
        axes.text(label.text_mm, height, label.text, ha="center", va="bottom" if label.above else "top", fontsize=_SIZE)
