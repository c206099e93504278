"""Map of a feature over a case, and its colour bar, as SVG."""

from __future__ import annotations

import base64
from html import escape

import matplotlib as mpl

from perirad.workbench.case_map import COLOURS, CaseMap
from perirad.workbench.svg import number

__all__ = ["colour_bar", "map_chart", "scale_text"]


def map_chart(found: CaseMap, *, title: str, opacity: float = 0.72, own_region: bool = True) -> str:
    """The picture with the values over it, the outlines of lesion and region, and the scale bar."""
    width, height = found.size
    grey, colour = (base64.b64encode(png).decode("ascii") for png in (found.grey, found.colour))
    ring = f'<path d="{found.region}" class="halo"/><path d="{found.region}" class="region"/>' if own_region else ""
    x, y = 0.03 * width, 0.96 * height
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}" class="perirad-map"'
        f' style="aspect-ratio:{width}/{height};width:min(100%,45rem,{72 * width / height:.2f}vh)">'
        f'<image href="data:image/png;base64,{grey}" width="{width}" height="{height}"/>'
        f'<image href="data:image/png;base64,{colour}" width="{width}" height="{height}" class="perirad-colours"'
        f' style="opacity:{opacity:g}"/>'
        f'<g transform="scale(.5)">{ring}<path d="{found.lesion}" class="halo"/>'
        f'<path d="{found.lesion}" class="lesion"/></g>'
        f'<path d="M{x:.1f} {y:.1f}h{found.bar.length:.1f}" class="bar-halo"/>'
        f'<path d="M{x:.1f} {y:.1f}h{found.bar.length:.1f}" class="bar"/>'
        f'<text x="{x:.1f}" y="{y - 9:.1f}" class="bar-text">{escape(found.bar.text)}</text></svg>'
    )


def scale_text(limits: tuple[float, float]) -> tuple[str, str, str]:
    """Numbers beneath the ends and the middle of a colour bar; the ends stand for what lies beyond them, too."""
    low, high = limits
    if not high > low:
        return "", number(low, 3), ""
    return f"≤ {number(low, 3)}", number((low + high) / 2, 3), f"≥ {number(high, 3)}"


def colour_bar(limits: tuple[float, float], *, name: str, title: str) -> str:
    """The colours of a map from low to high, with their numbers."""
    stops = "".join(
        f'<stop offset="{k / 10:g}" stop-color="{mpl.colors.to_hex(mpl.colormaps[COLOURS](k / 10))}"/>'
        for k in range(11)
    )
    low, middle, high = scale_text(limits)
    return (
        f'<svg viewBox="0 0 480 64" role="img" aria-label="{escape(title)}" class="perirad-scale">'
        f'<defs><linearGradient id="perirad-colours">{stops}</linearGradient></defs>'
        f'<rect x="8" y="20" width="464" height="14" fill="url(#perirad-colours)" class="frame"/>'
        f'<text x="240" y="13" text-anchor="middle" class="name">{escape(name)}</text>'
        f'<path d="M8 34v4M240 34v4M472 34v4" class="axis"/>'
        f'<text x="8" y="53">{low}</text><text x="240" y="53" text-anchor="middle">{middle}</text>'
        f'<text x="472" y="53" text-anchor="end">{high}</text></svg>'
    )
