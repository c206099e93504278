"""What the charts of the pages share: an axis, how numbers are written, and the frame of a drawing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape

import numpy as np

from perirad.arrays import FloatArray
from perirad.report.montage_tile import Tile
from perirad.report.style import OUTCOME_COLOURS

__all__ = ["LEFT", "STYLE", "WIDTH", "Axis", "number", "scale", "svg", "tile_svg"]

WIDTH, LEFT, RIGHT = 720.0, 24.0, 24.0

STYLE = f"""
.perirad-chart .class-0 {{ fill: {OUTCOME_COLOURS[0]}; stroke: {OUTCOME_COLOURS[0]}; }}
.perirad-chart .class-1 {{ fill: {OUTCOME_COLOURS[1]}; stroke: {OUTCOME_COLOURS[1]}; }}
.body--dark .perirad-chart .class-1 {{ fill: #ff9a56; stroke: #ff9a56; }}
"""
STYLE += """
.perirad-chart :is(.class-0, .class-1) { fill-opacity: .8; stroke-width: 0; }
.perirad-chart .cloud { fill-opacity: .35 !important; stroke-width: 1 !important; }
.perirad-chart { width: 100%; max-width: 46rem; height: auto; display: block; }
.perirad-chart text, .perirad-scale text { fill: currentColor; font-size: 13px; }
.perirad-chart .label, .perirad-chart .name, .perirad-scale .name { font-weight: 600; }
.perirad-chart .axis, .perirad-scale .axis { stroke: currentColor; fill: none; }
.perirad-chart .box { fill: none; stroke: currentColor; stroke-width: 1.3; }
.perirad-chart .whisker { stroke: currentColor; fill: none; }
.perirad-chart .median { stroke: currentColor; stroke-width: 3; }
.perirad-chart .case { stroke: currentColor; stroke-width: 1.5; stroke-dasharray: 5 3; fill: none; }
.perirad-chart .case-name { font-size: 12px; font-weight: 600; paint-order: stroke; }
.perirad-chart .chance { stroke: currentColor; stroke-dasharray: 2 4; opacity: .6; }
.perirad-chart .interval { stroke-width: 2.2; fill: none; }
.perirad-chart .train { fill: #12355b; stroke: #12355b; }
.perirad-chart .test { fill: #b84a00; stroke: #b84a00; }
.perirad-chart .external { fill: #8a4f9e; stroke: #8a4f9e; }
.body--dark .perirad-chart .train { fill: #8ab8f0; stroke: #8ab8f0; }
.body--dark .perirad-chart .test { fill: #ff9a56; stroke: #ff9a56; }
.body--dark .perirad-chart .external { fill: #d7a6e6; stroke: #d7a6e6; }
.perirad-chart .guide { stroke: #b35c00; stroke-width: 1; stroke-dasharray: 2 3; fill: none; }
.perirad-chart .patient { fill: #b35c00; stroke: #fff; }
.perirad-chart .patient-text { fill: #8f4a00; font-weight: 700; font-size: 12px; }
.body--dark .perirad-chart :is(.patient, .guide) { fill: #ffb454; stroke: #ffb454; }
.body--dark .perirad-chart .patient-text { fill: #ffb454; }
.perirad-map { height: auto; background: #000; display: block; }
.perirad-map .halo { fill: none; stroke: #000; stroke-opacity: .65; stroke-width: 7; }
.perirad-map .lesion { fill: none; stroke: #fff; stroke-width: 3.5; }
.perirad-map .region { fill: none; stroke: #fff; stroke-width: 3; stroke-dasharray: 14 9; }
.perirad-map .bar { stroke: #fff; stroke-width: 4; }
.perirad-map .bar-halo { stroke: #000; stroke-width: 8; }
.perirad-map .bar-text { fill: #fff; stroke: #000; stroke-width: 3.5; paint-order: stroke; font-size: 17px; }
.perirad-scale { width: 100%; max-width: 30rem; height: auto; display: block; }
.perirad-scale .frame { stroke: currentColor; stroke-width: .6; }
"""


def number(value: float, digits: int = 4) -> str:
    """A value with so many significant digits and a true minus sign; a dash where undefined."""
    return "–" if not np.isfinite(value) else f"{value:.{digits}g}".replace("-", "−")


@dataclass(frozen=True)
class Axis:
    """Where values lie on the page."""

    low: float
    high: float
    left: float = LEFT
    right: float = WIDTH - RIGHT

    def at(self, value: float) -> float:
        """Place of a value in units of the drawing."""
        return self.left + (value - self.low) / ((self.high - self.low) or 1.0) * (self.right - self.left)


def scale(axis: Axis, ticks: FloatArray, y: float, name: str) -> str:
    """Axis at a height, with its ticks and what it is of."""
    marks = "".join(
        f'<path d="M{axis.at(t):.1f} {y}v5" class="axis"/>'
        f'<text x="{axis.at(t):.1f}" y="{y + 19}" text-anchor="middle">{number(float(t), 6)}</text>'
        for t in ticks
    )
    middle = (axis.left + axis.right) / 2
    head = f'<text x="{middle}" y="{y + 40}" text-anchor="middle" class="name">{escape(name)}</text>'
    return f'<path d="M{axis.left} {y}H{axis.right}" class="axis"/>{marks}{head}'


def tile_svg(tile: Tile, outlines: str, label: str, style: str = "width:100%") -> str:
    """A case in small with outlines over it: paths in half pixels; a screen reader says the label."""
    width, height = tile.size
    picture = base64.b64encode(tile.jpeg).decode("ascii")
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" style="{style};background:#000">'
        f'<image href="data:image/jpeg;base64,{picture}" width="{width}" height="{height}"/>'
        f'<g transform="scale(.5)">{outlines}</g></svg>'
    )


def svg(height: float, title: str, body: str, width: float = WIDTH) -> str:
    """Frame of a chart; a screen reader says its title."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}" class="perirad-chart">'
        f"{body}</svg>"
    )
