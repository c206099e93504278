"""Tools beside the canvas: drawing, undo, brush and window, and the machine's first outlines."""

from __future__ import annotations

from typing import Any

from nicegui import events, run, ui

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import TOOLS, OutlineCanvas
from perirad.workbench.outlines import to_runs
from perirad.workbench.pictures import Picture
from perirad.workbench.segment import from_box
from perirad.workbench.segment_seed import from_seed

__all__ = ["attach_machine", "tool_buttons"]

_HINTS = ("box", "seed")
_DEEDS: tuple[tuple[str, str, tuple[float, ...]], ...] = (
    ("undo", "undo", ()), ("redo", "redo", ()), ("smooth", "smooth", ()), ("grow", "grow", (0.5,)),
    ("shrink", "grow", (-0.5,)), ("clear", "clear", ()), ("fit", "fit", ()),
)  # fmt: skip


def attach_machine(canvas: OutlineCanvas, picture: Picture) -> None:
    """Let a seed and a box find the lesion's first outline; the page stays alive meanwhile."""

    async def grow(event: events.GenericEventArguments) -> None:
        await _put(canvas, from_seed, picture.image, event.args["row"], event.args["column"])

    async def cut(event: events.GenericEventArguments) -> None:
        await _put(canvas, from_box, picture.image, event.args["from"], event.args["to"])

    canvas.on("seed", grow)
    canvas.on("box", cut)


async def _put(canvas: OutlineCanvas, find: Any, *given: Any) -> None:
    try:
        mask: BoolArray | None = await run.io_bound(find, *given)
    except InputError as error:
        say(error)
        return
    if mask is not None and mask.any():
        canvas.run_method("setMask", to_runs(mask))


def tool_buttons(bench: Bench, canvas: OutlineCanvas) -> None:
    """Tools of the canvas; each has its key, and the one in use is marked."""
    words = bench.words
    buttons: dict[str, ui.button] = {}

    def mark(tool: str) -> None:
        for name, button in buttons.items():
            button.props(f'aria-pressed="{str(name == tool).lower()}"')
            button.props(add="unelevated" if name == tool else "outline", remove="outline unelevated")

    with ui.column().classes("w-full gap-1"):
        with ui.element("div").classes("perirad-tools").props(f'role="toolbar" aria-label="{words("tools")}"'):
            for tool in TOOLS:
                buttons[tool] = ui.button(words(tool)).props(f'dense no-caps id="tool-{tool}"')
                buttons[tool].on("click", js_handler=canvas.doing("setTool", tool))
            for key, method, given in _DEEDS:
                deed = ui.button(words(key)).props(f'dense flat no-caps id="do-{key}"')
                deed.on("click", js_handler=canvas.doing(method, *given))
        hint = ui.label("").classes("perirad-faint").props('id="tool-hint" role="status"')

        def chosen(event: events.GenericEventArguments) -> None:
            tool = str(event.args["tool"])
            mark(tool)
            hint.text = words(f"hint_{tool}") if tool in _HINTS else ""

        mark("polygon")
        canvas.on("tool", chosen)
        rings = ui.switch(words("rings"), value=True)
        rings.on("update:model-value", js_handler=canvas.doing("setRings", told=True))
        ui.label(words("brush_mm")).classes("text-caption")
        radius = ui.slider(min=0.25, max=8, step=0.25, value=1.5).props(f'label aria-label="{words("brush_mm")}"')
        radius.on("update:model-value", js_handler=canvas.doing("setRadius", told=True))
        canvas.on("radius", lambda event: radius.set_value(event.args["radius"]))
        _levels(bench, canvas)


def _levels(bench: Bench, canvas: OutlineCanvas) -> None:
    """Grey values that are shown black and white."""
    words = bench.words
    ends: dict[str, ui.slider] = {}
    with ui.column().classes("w-full gap-0").props(f'role="group" aria-label="{words("window")}"'):
        for name, value in (("low", 0), ("high", 255)):
            ui.label(words(f"window_{name}")).classes("text-caption")
            ends[name] = ui.slider(min=0, max=255, value=value).props(f'label aria-label="{words(f"window_{name}")}"')
            ends[name].on("change", js_handler=canvas.doing("setLevel", name, told=True))

    def follow(event: events.GenericEventArguments) -> None:
        for name, slider in ends.items():
            slider.value = min(255, max(0, event.args[name]))

    canvas.on("levels", follow)
