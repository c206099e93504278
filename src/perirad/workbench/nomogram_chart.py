"""The nomogram as SVG, with a patient's values marked on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from perirad.nomogram.records import Nomogram, NomogramAxis
from perirad.report.text import percent
from perirad.workbench.dials import Dialled, Value
from perirad.workbench.svg import WIDTH, Axis, number, svg

__all__ = ["nomogram_chart"]

_NAMES, _RIGHT, _ROW, _TOP = 170.0, WIDTH - 30.0, 46.0, 18.0
_LETTER, _TIERS = 7.2, 26.0


def nomogram_chart(
    nomogram: Nomogram, read: Dialled, values: Mapping[str, Value], names: Mapping[str, str], *, title: str
) -> str:
    """Scale of points, an axis for each variable, total points and risk; where the patient is, a mark on each.

    `names` are the words at the left: of each variable, and of ``points``, ``total`` and ``risk``.
    """
    points = Axis(0.0, 100.0, left=_NAMES, right=_RIGHT)
    y = _TOP
    parts = [_line(points, (0.0, 100.0), y), _name(names["points"], y)]
    parts += _ticks([(points.at(10.0 * k), str(10 * k)) for k in range(11)], y)
    for axis in nomogram.axes:
        y += _ROW
        parts += _variable(axis, points, read, values, y, names[axis.variable.name])
        y += _TIERS if axis.variable.levels else 0.0
    totals = _total_axis(nomogram)
    y += _ROW
    parts += [_line(totals, (totals.low, totals.high), y), _name(names["total"], y)]
    parts += _ticks([(totals.at(float(t)), number(float(t))) for t in nomogram.total_ticks], y)
    parts.append(_mark(_within(totals, read.total), y, number(round(read.total, 1), 5)))
    y += _ROW
    ends = [float(p) for p in nomogram.risk_points]
    parts.append(_name(names["risk"], y))
    if ends:
        parts.append(_line(totals, (ends[0], ends[-1]), y))
        risks = zip(nomogram.risk_points, nomogram.risk_ticks, strict=True)
        parts += _ticks([(totals.at(float(p)), f"{float(risk):g}") for p, risk in risks], y)
    parts.append(_mark(_within(totals, read.total), y, percent(read.risk)))
    parts.append(_guide(_within(totals, read.total), y - _ROW, y))
    return svg(y + 34, title, "".join(parts))


def _total_axis(nomogram: Nomogram) -> Axis:
    most = max(float(nomogram.total_ticks.max()), sum(float(axis.points.max()) for axis in nomogram.axes), 1.0)
    return Axis(0.0, most, left=_NAMES, right=_RIGHT)


def _variable(
    axis: NomogramAxis, points: Axis, read: Dialled, values: Mapping[str, Value], y: float, name: str
) -> list[str]:
    variable, value = axis.variable, values[axis.variable.name]
    own, ends = read.points[variable.name], (float(axis.points.min()), float(axis.points.max()))
    said = value if isinstance(value, str) else number(value)
    labels = axis.labels if variable.levels else [label.replace("-", "−") for label in axis.labels]
    places = [(points.at(float(p)), label) for p, label in zip(axis.points, labels, strict=True)]
    ticks = _ticks(places, y, 3 if variable.levels else 1)
    return [
        _line(points, ends, y), _name(name, y), *ticks, _guide(_within(points, own), _TOP, y),
        _mark(_within(points, own), y, said),
    ]  # fmt: skip


def _within(axis: Axis, value: float) -> float:
    """Place of a value; one beyond the axis stands at the edge of the drawing, and its number says where it is."""
    return float(np.clip(axis.at(value), axis.left - 14.0, axis.right + 14.0))


def _line(axis: Axis, ends: tuple[float, float], y: float) -> str:
    return f'<path d="M{axis.at(ends[0]):.1f} {y}H{axis.at(ends[1]):.1f}" class="axis"/>'


def _name(text: str, y: float) -> str:
    shown = text if len(text) <= 24 else text[:23] + "…"
    return f'<text x="2" y="{y + 4}" class="label">{escape(shown)}</text>'


def _ticks(places: Sequence[tuple[float, str]], y: float, tiers: int = 1) -> list[str]:
    """Ticks, with those of their labels that have room in one line beneath the axis, or in several."""
    parts, last = [], [-np.inf] * tiers
    for x, label in sorted(places):
        parts.append(f'<path d="M{x:.1f} {y}v5" class="axis"/>')
        half = _LETTER * len(label) / 2 + 3
        tier = next((k for k in range(tiers) if x - half > last[k]), None)
        if tier is not None:
            height = y + 18 + 13 * tier
            parts.append(f'<text x="{x:.1f}" y="{height}" text-anchor="middle">{escape(label)}</text>')
            last[tier] = x + half
    return parts


def _guide(x: float, top: float, bottom: float) -> str:
    return f'<path d="M{x:.1f} {top}V{bottom}" class="guide"/>'


def _mark(x: float, y: float, text: str) -> str:
    anchor = "end" if x > WIDTH - 60 else "middle"
    return (
        f'<circle cx="{x:.1f}" cy="{y}" r="5.5" class="patient"/>'
        f'<text x="{x:.1f}" y="{y - 9}" text-anchor="{anchor}" class="patient-text">{escape(text)}</text>'
    )
