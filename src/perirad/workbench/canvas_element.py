"""The canvas as an element of a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui.element import Element

from perirad.report.style import REGION_COLOURS, look
from perirad.workbench.messages import Words
from perirad.workbench.outlines import Steps

__all__ = ["TOOLS", "OutlineCanvas", "ring_colours"]

TOOLS = ("polygon", "freehand", "paint", "erase", "wire", "seed", "box", "exclude", "ruler", "levels", "hand")
"""Tools of the canvas, as the catalogues name them."""
_NO_STEPS = Steps()


def ring_colours(widths_mm: Sequence[float]) -> list[str]:
    """Colours of the lesion and of each ring, as in the report."""
    rings = [REGION_COLOURS.get(f"P{width:g}", look(at + 1).colour) for at, width in enumerate(widths_mm)]
    return [REGION_COLOURS["I"], *rings]


class OutlineCanvas(Element, component="canvas/outline_canvas.js"):
    """A picture to draw on; events: ready, change, lesion, recall, tool, radius, levels, ruler, seed, box, step.

    Parameters
    ----------
    url : str
        The picture.
    shape : tuple of int
        (rows, columns).
    spacing_mm : tuple of float or None
        (row, column); None where nobody knows it: no rings then.
    widths_mm : sequence of float
        Widths of the rings.
    words : Words
        What is said to those who cannot see the canvas.
    state : mapping, optional
        `lesions` (runs of each, the studied one first) and `exclusion`; `perirad.workbench.drawings.state_of`.
    steps : Steps
        Saves to which undo and redo lead.
    field : sequence of int, optional
        (top, left, bottom, right) of the calibrated field; what lies outside it is lost to rings.
    several : bool
        Whether further lesions may be drawn.
    held : str
        Name under which the browser holds what the server has not kept yet; empty: nothing is held.
    saves : int
        How often the outline was saved.
    """

    def __init__(
        self, url: str, shape: tuple[int, int], spacing_mm: tuple[float, float] | None, widths_mm: Sequence[float],
        words: Words | None = None, *, state: Mapping[str, Any] | None = None, steps: Steps = _NO_STEPS,
        field: Sequence[int] | None = None, several: bool = False, locked: bool = False, label: str = "Outline",
        held: str = "", saves: int = 0,
    ) -> None:  # fmt: skip
        super().__init__()
        self._props |= {
            "url": url, "rows": shape[0], "columns": shape[1],
            "spacing": None if spacing_mm is None else list(spacing_mm), "widths": list(widths_mm),
            "colours": ring_colours(widths_mm), "state": state, "locked": locked, "label": label,
            "field": None if field is None else [int(edge) for edge in field], "several": several,
            "past": list(steps.past), "future": list(steps.future), "words": spoken(words or Words()),
            "held": held, "known": saves,
        }  # fmt: skip

    def doing(self, method: str, *given: object, told: bool = False) -> str:
        """Script of a control that calls the canvas without the server, which may be busy or gone.

        Parameters
        ----------
        method : str
            Method of the canvas.
        given : object
            What it is given.
        told : bool
            Whether it is given the control's own value after that.
        """
        values = ", ".join([*map(json.dumps, given), *(["value"] if told else [])])
        return f"(value) => getElement({self.id}).{method}({values})"


def spoken(words: Words) -> dict[str, str]:
    """What the canvas says, by its own keys: tools by their names, and sentences with places for values."""
    tools = {name: words(name) for name in TOOLS}
    return tools | {key: words(f"say_{key}") for key in ("role", "lesion", "now", "cursor", "point")}
