"""The montage as one web page: pictures inside, no script, nothing fetched, usable from the keyboard."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from perirad.arrays import FloatArray
from perirad.report.montage_look import colour, dash, words
from perirad.report.montage_tile import Montage, Outline, Tile
from perirad.report.style import SIMULATED
from perirad.report.text import printable

__all__ = ["montage_html", "outline_path"]

_TEMPLATES = Path(__file__).parent / "templates"
_MARGIN = 10


def montage_html(montage: Montage) -> str:
    """Text of the page; every text from the study is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    tiles = [_entry(number, tile, montage) for number, tile in enumerate(montage.in_order, start=1)]
    page = environment.get_template("montage.html.j2").render(
        title=montage.title,
        banner=SIMULATED if montage.simulated else "",
        legend=[{"css": _css_class(name, montage), "text": words(name, montage.regions)} for name in montage.regions],
        looks=[_look(name, montage) for name in montage.regions],
        tiles=tiles,
        n_flagged=sum(bool(tile.flags) for tile in montage.tiles),
        unread=montage.unread,
        general=montage.general,
    )
    return printable(page)


def _css_class(region: str, montage: Montage) -> str:
    return f"r{montage.regions.index(region)}"


def _look(region: str, montage: Montage) -> dict[str, str]:
    dashes = " ".join(f"{part:g}" for part in dash(region, montage.regions))
    return {
        "css": _css_class(region, montage),
        "colour": colour(region, montage.regions),
        "dash": dashes or "none",
    }


def _entry(number: int, tile: Tile, montage: Montage) -> dict[str, Any]:
    width, height = tile.size
    # Rings from the outside in, so that the lesion's solid line lies on top.
    names = reversed(tuple(tile.outlines))
    paths = [{"css": _css_class(name, montage), "d": outline_path(tile.outlines[name])} for name in names]
    lost = ", ".join(f"{name} {100 * share:.0f} %" for name, share in tile.lost.items())
    return {
        "anchor": f"case-{number}",
        "case_id": tile.case_id,
        "width": width,
        "height": height,
        "picture": "data:image/jpeg;base64," + base64.b64encode(tile.jpeg).decode("ascii"),
        "paths": paths,
        "bar_x": _MARGIN,
        "bar_end": f"{_MARGIN + tile.bar.length:.1f}",
        "bar_y": height - _MARGIN,
        "bar_text": tile.bar.text,
        "calibration": tile.calibration,
        "lost": lost,
        "flags": tile.flags,
    }


def outline_path(outline: Outline) -> str:
    """Path of an SVG in half pixels of the tile."""
    return " ".join(_line(points) for points in outline)


def _line(points: FloatArray) -> str:
    """Absolute start, then relative steps in half pixels: a third of the length of absolute coordinates."""
    half = (points * 2).round().astype(int)
    steps = half[1:] - half[:-1]
    closed = bool((half[0] == half[-1]).all())
    body = "".join(_step(int(x), int(y)) for x, y in (steps[:-1] if closed else steps))
    return f"M{half[0, 0]} {half[0, 1]}l{body.strip()}{'z' if closed else ''}" if body.strip() else ""


def _step(x: int, y: int) -> str:
    return "" if x == y == 0 else f" {x} {y}"
