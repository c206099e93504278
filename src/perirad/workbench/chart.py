"""The values of one feature by class, as SVG: classes differ in place, label and mark, not in colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from perirad.arrays import FloatArray
from perirad.nomogram.pretty import pretty
from perirad.workbench.explore import Spread
from perirad.workbench.svg import LEFT, WIDTH, Axis, scale, svg

__all__ = ["spread_chart"]

_ROW, _FOOT = 132.0, 58.0
_HEAD, _CLOUD, _BOX, _RAIN = 22.0, 46.0, 10.0, 34.0


def spread_chart(
    spreads: Sequence[Spread], labels: Sequence[str], *, title: str, name: str, marked: tuple[str, float] | None = None
) -> str:
    """Two classes one over the other: density, box with quartiles and median, and every case as a mark.

    Parameters
    ----------
    spreads, labels : sequence
        No event first; labels have the numbers of cases already.
    title : str
        What a screen reader says of the chart.
    name : str
        Beneath the axis: the feature and its unit.
    marked : (str, float), optional
        A case to point out by a line, and its value.
    """
    found = [spread.values for spread in spreads if spread.values.size]
    if marked is not None and np.isfinite(marked[1]):
        found.append(np.array([marked[1]]))
    low, high = (min(v.min() for v in found), max(v.max() for v in found)) if found else (0.0, 1.0)
    ticks = pretty(float(low), float(high), 6)
    axis = Axis(float(ticks[0]), float(ticks[-1]))
    height = len(spreads) * _ROW + _FOOT
    parts = [_row(spread, label, k, axis) for k, (spread, label) in enumerate(zip(spreads, labels, strict=True))]
    parts.append(scale(axis, ticks, len(spreads) * _ROW + 8, name))
    if marked is not None and np.isfinite(marked[1]):
        x, right = axis.at(marked[1]), WIDTH - 24
        parts.append(
            f'<path d="M{x:.1f} {_HEAD + 2}V{len(spreads) * _ROW + 8}M{right - 22} 11h22" class="case"/>'
            f'<text x="{right - 28}" y="15" text-anchor="end" class="case-name">{escape(marked[0])}</text>'
        )
    return svg(height, title, "".join(parts))


def _row(spread: Spread, label: str, at: int, axis: Axis) -> str:
    top = at * _ROW
    text = f'<text x="{LEFT}" y="{top + 15}" class="label">{escape(label)}</text>'
    values = spread.values
    if not values.size:
        return text
    base = top + _HEAD + _CLOUD
    cloud = _density(values, axis, base)
    shape = f'<path d="{cloud}" class="cloud class-{at}"/>' if cloud else ""
    return text + shape + _box(spread, axis, base + 6) + _rain(values, axis, base + 6 + _BOX + 5, at)


def _density(values: FloatArray, axis: Axis, base: float) -> str:
    """Kernel density by Silverman's rule, as high as its room; none of fewer than five values, or of equal ones."""
    if values.size < 5 or values[0] == values[-1]:
        return ""
    first, third = np.quantile(values, (0.25, 0.75))
    spread = min(float(values.std(ddof=1)), float(third - first) / 1.34) or float(values.std(ddof=1))
    width = 0.9 * spread * values.size**-0.2
    grid = np.linspace(max(axis.low, values[0] - 3 * width), min(axis.high, values[-1] + 3 * width), 160)
    dense = np.exp(-0.5 * ((grid[:, None] - values[None, :]) / width) ** 2).sum(axis=1)
    up = base - (_CLOUD - 4) * dense / dense.max()
    line = " ".join(f"L{axis.at(x):.1f} {y:.1f}" for x, y in zip(grid, up, strict=True))
    return f"M{axis.at(grid[0]):.1f} {base:.1f} {line} L{axis.at(grid[-1]):.1f} {base:.1f}Z"


def _box(spread: Spread, axis: Axis, top: float) -> str:
    """Quartiles, median, and whiskers to the last value within one and a half times the range of the quartiles."""
    first, middle, third = spread.quartiles
    reach = 1.5 * (third - first)
    inner = spread.values[(spread.values >= first - reach) & (spread.values <= third + reach)]
    a, b, q1, q2, q3 = (axis.at(v) for v in (float(inner[0]), float(inner[-1]), first, middle, third))
    centre = top + _BOX / 2
    return (
        f'<path d="M{a:.1f} {centre}H{q1:.1f}M{q3:.1f} {centre}H{b:.1f}" class="whisker"/>'
        f'<rect x="{q1:.1f}" y="{top}" width="{max(q3 - q1, 0.5):.1f}" height="{_BOX}" class="box"/>'
        f'<line x1="{q2:.1f}" x2="{q2:.1f}" y1="{top - 2}" y2="{top + _BOX + 2}" class="median"/>'
    )


def _rain(values: FloatArray, axis: Axis, top: float, at: int) -> str:
    """Every case: circles without the event, triangles with it, spread in height by the golden ratio."""
    mark = "m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0" if at == 0 else "m0-3l3 5.2h-6z"
    path = "".join(
        f"M{axis.at(float(value)):.1f} {top + 3 + (_RAIN - 8) * ((k * 0.618034) % 1.0):.1f}{mark}"
        for k, value in enumerate(values)
    )
    return f'<path d="{path}" class="class-{at}"/>'
