"""AUCs with their intervals, side by side, as SVG: cohorts differ in their marks, not in colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from perirad.nomogram.pretty import pretty
from perirad.workbench.outcomes import Auc
from perirad.workbench.svg import Axis, scale, svg

__all__ = ["Interval", "auc_chart"]


@dataclass(frozen=True)
class Interval:
    """A row of the chart of AUCs: its label, whether it is to stand out, and its AUC in each cohort."""

    label: str
    strong: bool
    aucs: Sequence[tuple[str, Auc]]


def auc_chart(rows: Sequence[Interval], cohorts: Sequence[tuple[str, str]], *, title: str, name: str) -> str:
    """AUCs with their 95 % intervals, a group of lines for each row; cohorts (key, label) differ in their marks."""
    step, gap, left, head = 15.0, 14.0, 150.0, 30.0
    limits = [v for row in rows for _, auc in row.aucs for v in (auc.lower, auc.upper, auc.estimate) if np.isfinite(v)]
    ticks = pretty(min([0.5, *limits]), min(1.0, max([0.8, *limits])), 5)
    ticks = ticks[ticks <= 1.0 + 1e-9]
    axis = Axis(float(ticks[0]), float(ticks[-1]), left=left)
    parts, y = [_legend(cohorts, left)], head
    for row in rows:
        tall = step * max(1, len(row.aucs))
        weight = ' class="label"' if row.strong else ""
        label = row.label if len(row.label) <= 20 else row.label[:19] + "…"
        parts.append(f'<text x="8" y="{y + tall / 2 + 4:.1f}"{weight}>{escape(label)}</text>')
        parts += [_whisker(axis, y + (k + 0.5) * step, cohort, auc) for k, (cohort, auc) in enumerate(row.aucs)]
        y += tall + gap
    half = axis.at(0.5)
    parts.append(f'<line x1="{half:.1f}" x2="{half:.1f}" y1="{head - 6}" y2="{y:.1f}" class="chance"/>')
    parts.append(scale(axis, ticks, y, name))
    return svg(y + 50, title, "".join(parts))


def _whisker(axis: Axis, y: float, cohort: str, auc: Auc) -> str:
    if not np.isfinite(auc.estimate):
        return ""
    line = ""
    if np.isfinite(auc.lower) and np.isfinite(auc.upper):
        line = f'<path d="M{axis.at(auc.lower):.1f} {y}H{axis.at(auc.upper):.1f}" class="interval {cohort}"/>'
    return line + _mark(axis.at(auc.estimate), y, cohort)


def _mark(x: float, y: float, cohort: str) -> str:
    path = {
        "train": f"M{x - 4.5:.1f} {y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0",
        "test": f"M{x - 4:.1f} {y - 4}h8v8h-8z",
    }.get(cohort, f"M{x:.1f} {y - 5.5}l5 5.5l-5 5.5l-5-5.5z")
    return f'<path d="{path}" class="{cohort}"/>'


def _legend(cohorts: Sequence[tuple[str, str]], left: float) -> str:
    parts, x = [], left
    for cohort, label in cohorts:
        parts.append(_mark(x + 6, 12, cohort) + f'<text x="{x + 16}" y="16">{escape(label)}</text>')
        x += 34 + 8.5 * len(label) * (2 if label and ord(label[0]) > 0x2E80 else 1)
    return "".join(parts)
