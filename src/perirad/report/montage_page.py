"""The montage on paper: A4 sheets as PDF, or one long picture as PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.image
import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from PIL import Image as Pillow

from perirad.report.montage_look import colour, dash, words
from perirad.report.montage_tile import Montage, Tile
from perirad.report.style import GREY, INK, SIMULATED, fit_lines, mm_canvas, render, styled

__all__ = ["montage_pdf", "montage_png"]

_MARGIN, _HEAD, _GAP, _TITLE, _FACTS = 8.0, 15.0, 3.0, 4.5, 10.5
_PICTURE = 0.76
"""Height of the place for a picture as a share of its width; a taller picture is drawn narrower."""
_DPI = 150
_FINEST = 240
"""Pixels of a picture on paper, which is 130 to the inch on A4: a PDF keeps pictures unpacked."""
_MOST_MM = 10_000.0
"""Agg draws at most 65 535 pixels: 150 dpi end at 11 m."""
_FLAG = "#b35c00"


@dataclass(frozen=True)
class _Sheet:
    """A page: its size in mm and how many tiles stand beside each other."""

    width: float
    columns: int

    @property
    def cell(self) -> float:
        return (self.width - 2 * _MARGIN - (self.columns - 1) * _GAP) / self.columns

    @property
    def row(self) -> float:
        return _TITLE + _PICTURE * self.cell + _FACTS + _GAP

    def height(self, n: int) -> float:
        return 2 * _MARGIN + _HEAD + -(-n // self.columns) * self.row


_A4_HEIGHT = 297.0
_A4 = _Sheet(210.0, 4)


def montage_png(montage: Montage) -> bytes:
    """One picture of all cases, as wide as it takes to stay within what can be drawn."""
    n, columns = len(montage.tiles), 8
    while _Sheet(columns * 46.0, columns).height(n) > _MOST_MM:
        columns *= 2
    sheet = _Sheet(max(min(columns, max(n, 1)), 3) * 46.0, max(min(columns, max(n, 1)), 3))
    return render(_page(montage, montage.in_order, sheet, sheet.height(max(n, 1)), ""), "png", dpi=_DPI)


def montage_pdf(montage: Montage) -> bytes:
    """Sheets of A4, flagged cases on the first ones."""
    rows = int((_A4_HEIGHT - 2 * _MARGIN - _HEAD) // _A4.row)
    each = rows * _A4.columns
    tiles = montage.in_order
    n_sheets = max(1, -(-len(tiles) // each))
    stream = io.BytesIO()
    metadata: dict[str, Any] = {"CreationDate": None, "Creator": None, "Producer": None}
    with PdfPages(stream, metadata=metadata) as pages:
        for at in range(n_sheets):
            part = tiles[at * each : (at + 1) * each]
            pages.savefig(_page(montage, part, _A4, _A4_HEIGHT, f"sheet {at + 1} of {n_sheets}"))
    return stream.getvalue()


@styled
def _page(montage: Montage, tiles: Sequence[Tile], sheet: _Sheet, height: float, number: str) -> Figure:
    figure, axes = mm_canvas(sheet.width, height)
    axes.set_autoscale_on(False)
    _head(axes, montage, sheet, height, number)
    for at, tile in enumerate(tiles):
        row, column = divmod(at, sheet.columns)
        left = _MARGIN + column * (sheet.cell + _GAP)
        _tile(axes, tile, montage.regions, left, height - _MARGIN - _HEAD - row * sheet.row, sheet.cell)
    return figure


def _head(axes: Axes, montage: Montage, sheet: _Sheet, height: float, number: str) -> None:
    top = height - _MARGIN
    flagged = sum(bool(tile.flags) for tile in montage.tiles)
    room = sheet.width - 2 * _MARGIN
    axes.text(_MARGIN, top, fit_lines(montage.title, room - 30, 10, max_lines=1, weight="bold"), size=10, weight="bold",
              va="top")  # fmt: skip
    axes.text(sheet.width - _MARGIN, top, number, size=6.5, va="top", ha="right", color=GREY)
    count = f"{len(montage.tiles)} cases, {flagged} flagged, which come first"
    if montage.unread:
        count += f"; {len(montage.unread)} problems of cases that could not be drawn"
    kind = f"{SIMULATED}. " if montage.simulated else ""
    axes.text(_MARGIN, top - 5, kind + count, size=6.5, va="top", color=GREY)
    x = _MARGIN
    for name in montage.regions:
        _line(axes, np.array([[x, top - 10.5], [x + 9, top - 10.5]]), name, montage.regions)
        axes.text(x + 10.5, top - 10.5, words(name, montage.regions), size=6.5, va="center")
        x += 12.5 + 1.35 * len(words(name, montage.regions))


def _tile(axes: Axes, tile: Tile, regions: Sequence[str], left: float, top: float, cell: float) -> None:
    """Title, picture, facts; one millimetre of paper is the same number of the tile's pixels down and across."""
    scale = min(cell / tile.size[0], _PICTURE * cell / tile.size[1])
    width, height = tile.size[0] * scale, tile.size[1] * scale
    upper = top - _TITLE
    title = fit_lines(tile.case_id, cell - 1, 7, max_lines=1, weight="bold")
    axes.text(left, top - 1, title, size=7, weight="bold", va="top", color=_FLAG if tile.flags else INK)
    picture = Pillow.open(io.BytesIO(tile.jpeg))
    picture.thumbnail((_FINEST, _FINEST))
    extent = (left, left + width, upper - height, upper)
    image = matplotlib.image.AxesImage(axes, cmap="gray", extent=extent, interpolation="none", origin="upper")
    image.set_data(np.asarray(picture))
    image.set_clim(0, 255)
    axes.add_image(image)
    for name in reversed(tuple(tile.outlines)):
        for points in tile.outlines[name]:
            _line(axes, np.column_stack([left + points[:, 0] * scale, upper - points[:, 1] * scale]), name, regions)
    _bar(axes, tile, left + 1.2, upper - height + 1.2, scale)
    _facts(axes, tile, left, upper - height - 0.8, cell)


def _line(axes: Axes, points: np.ndarray[Any, Any], name: str, regions: Sequence[str]) -> None:
    pattern = dash(name, regions)
    style: Any = (0, tuple(0.55 * part for part in pattern)) if pattern else "-"
    drawn = axes.plot(points[:, 0], points[:, 1], color=colour(name, regions), linewidth=0.75, linestyle=style)[0]
    drawn.set_dash_capstyle("butt")
    # The dark line beneath is solid: a dash then shows as light and dark in turn, on black and on white tissue.
    under = axes.plot(points[:, 0], points[:, 1], color="black", linewidth=1.4, alpha=0.55)[0]
    under.set_zorder(drawn.get_zorder() - 0.5)


def _bar(axes: Axes, tile: Tile, x: float, y: float, scale: float) -> None:
    ends = [x, x + tile.bar.length * scale]
    axes.plot(ends, [y, y], color="black", linewidth=2.4, solid_capstyle="butt", zorder=3)
    axes.plot(ends, [y, y], color="white", linewidth=1.2, solid_capstyle="butt", zorder=3.1)
    halo = [effects.withStroke(linewidth=1.4, foreground="black")]
    axes.text(x, y + 0.8, tile.bar.text, size=4.5, color="white", va="bottom", path_effects=halo)


def _facts(axes: Axes, tile: Tile, left: float, top: float, cell: float) -> None:
    """A line each for calibration and losses, then as much of the flags as there is room for."""
    lost = ", ".join(f"{name} {100 * share:.0f} %" for name, share in tile.lost.items())
    facts = [tile.calibration, *([f"lost: {lost}"] if lost else [])]
    lines = "\n".join(fit_lines(fact, cell, 4.5, max_lines=1) for fact in facts)
    axes.text(left, top, lines, size=4.5, va="top", color=GREY, linespacing=1.15)
    if tile.flags:
        flags = fit_lines("; ".join(tile.flags), cell, 4.5, max_lines=3)
        axes.text(left, top - 2.0 * len(facts), flags, size=4.5, va="top", color=_FLAG, linespacing=1.15)
