"""The canvas as an element of a page."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui.element import Element

from perirad.report.style import REGION_COLOURS, look

__all__ = ["OutlineCanvas", "ring_colours"]


def ring_colours(widths_mm: Sequence[float]) -> list[str]:
    """Colours of the lesion and of each ring, as in the report."""
    rings = [REGION_COLOURS.get(f"P{width:g}", look(at + 1).colour) for at, width in enumerate(widths_mm)]
    return [REGION_COLOURS["I"], *rings]


class OutlineCanvas(Element, component="canvas/outline_canvas.js"):
    """A picture to draw on; events: change, tool, radius, ruler, seed, box, step, ready."""

    def __init__(
        self, url: str, shape: tuple[int, int], spacing_mm: tuple[float, float] | None, widths_mm: Sequence[float], *,
        runs: Sequence[int] = (), locked: bool = False, label: str = "Outline",
    ) -> None:  # fmt: skip
        super().__init__()
        self._props |= {
            "url": url, "rows": shape[0], "columns": shape[1],
            "spacing": None if spacing_mm is None else list(spacing_mm), "widths": list(widths_mm),
            "colours": ring_colours(widths_mm), "runs": list(runs), "locked": locked, "label": label,
        }  # fmt: skip
