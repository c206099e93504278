"""Lesions of a case: which one is drawn, which one is studied."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from perirad.workbench.bench import Bench
from perirad.workbench.canvas_element import OutlineCanvas

__all__ = ["lesion_list"]


def lesion_list(bench: Bench, canvas: OutlineCanvas) -> None:
    """List of the lesions with their areas; the first is studied, the others are left out of its rings."""
    words = bench.words
    state: dict[str, Any] = {"active": 0, "areas": [None], "pixels": [0]}

    @ui.refreshable
    def rows() -> None:
        for at, (area, pixels) in enumerate(zip(state["areas"], state["pixels"], strict=True)):
            size = words("lesion_empty") if not pixels else f"{pixels} px" if area is None else f"{area:.1f} mm²"
            name = words("lesion_studied" if at == 0 else "lesion_further", n=at + 1)
            here = at == state["active"]
            lesion = ui.button(f"{name}: {size}").classes("w-full").on("click", js_handler=canvas.doing("choose", at))
            lesion.props(f'dense no-caps align=left id="lesion-{at}" aria-pressed="{str(here).lower()}"')
            lesion.props("unelevated" if here else "outline")

    def hear(event: Any) -> None:
        state.update({key: event.args[key] for key in ("active", "areas", "pixels")})
        rows.refresh()
        study.set_enabled(state["active"] > 0)

    with ui.column().classes("w-full gap-1").props(f'role="group" aria-label="{words("lesions")}"'):
        rows()
        with ui.row().classes("gap-1 perirad-tools"):
            for key, method in (("lesion_new", "addLesion"), ("lesion_remove", "removeLesion")):
                button = ui.button(words(key)).props(f'dense flat no-caps id="{key.replace("_", "-")}"')
                button.on("click", js_handler=canvas.doing(method))
            study = ui.button(words("lesion_study")).props('dense flat no-caps id="lesion-study"')
            study.on("click", js_handler=canvas.doing("studyLesion"))
        study.set_enabled(False)
    for name in ("ready", "change", "lesion"):
        canvas.on(name, hear)
