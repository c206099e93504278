"""Intraclass correlation of two readers' features, worked out when asked for."""

from __future__ import annotations

import numpy as np
from nicegui import run, ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench, say
from perirad.workbench.desk import Desk
from perirad.workbench.reader_features import FeatureAgreement, feature_agreement, icc_table

__all__ = ["decimals", "icc_panel"]


def icc_panel(bench: Bench, desk: Desk, readers: tuple[str, str]) -> None:
    """Draw the button, its progress, and what was found."""
    words = bench.words
    state = {"done": 0, "total": 0, "going": 0}

    def told(done: int, total: int) -> bool:
        state.update(done=done, total=total)
        return bool(state["going"])

    with ui.column().classes("w-full"):
        ui.label(words("icc_title")).classes("text-h6")
        ui.label(words("icc_hint")).classes("text-body2")
        with ui.row().classes("items-center"):
            start = ui.button(words("icc_start"), icon="functions").props('no-caps id="icc-start"')
            stop = ui.button(words("cancel"), icon="stop").props('outline no-caps id="icc-stop"')
            said = ui.label("").props('role="status" id="icc-state"')
        place = ui.column().classes("w-full").props('id="icc"')
    stop.set_enabled(False)

    async def work() -> None:
        state.update(going=1, done=0, total=0)
        start.set_enabled(False)
        stop.set_enabled(True)
        try:
            found = await run.io_bound(feature_agreement, desk, readers, told)
        except (InputError, StudyError, OSError) as error:
            say(error)
            found = None
        state.update(going=0)
        start.set_enabled(True)
        stop.set_enabled(False)
        if found is not None:
            place.clear()
            with place:
                _found(bench, found)

    def tick() -> None:
        going = words("icc_going", done=state["done"], total=state["total"]) if state["total"] else "…"
        said.text = going if state["going"] else ""

    start.on_click(work)
    stop.on_click(lambda: state.update(going=0))
    ui.timer(0.4, tick)


def _found(bench: Bench, found: FeatureAgreement) -> None:
    words = bench.words
    passed = sum(found.reliable)
    ui.label(
        words(
            "icc_found", kind=found.kind, n=found.n_cases, passed=passed, count=len(found.columns),
            threshold=f"{found.threshold:g}",
        )
    ).classes("text-body1").props('id="icc-found"')  # fmt: skip
    with ui.row():
        for region, (good, count) in found.by_region().items():
            ui.label(words("icc_region", region=region, good=good, count=count)).classes("perirad-pill")
    for line in found.left_out:
        ui.label(line).classes("text-body2").style("overflow-wrap: anywhere")
    rows = [
        {
            "feature": name, "icc": _rounded(found.estimate[at]), "low": _rounded(found.lower[at]),
            "high": _rounded(found.upper[at]), "good": words("yes") if found.reliable[at] else words("no"),
        }
        for at, name in enumerate(found.columns)
    ]  # fmt: skip
    columns = [
        {
            "name": name, "label": words(f"icc_{name}"), "field": name, "sortable": True,
            "align": "left" if name in {"feature", "good"} else "right",
            **({} if name in {"feature", "good"} else {":format": decimals(3)}),
        }
        for name in ("feature", "icc", "low", "high", "good")
    ]  # fmt: skip
    search = ui.input(words("icc_search")).props('for="icc-search" clearable').classes("w-72")
    table = ui.table(columns=columns, rows=rows, row_key="feature", pagination=15).classes("w-full")
    table.bind_filter_from(search, "value")
    ui.button(
        words("save_table"), icon="download",
        on_click=lambda: ui.download(icc_table(found).encode("utf-8"), "icc.csv"),
    ).props('outline no-caps id="save-icc"')  # fmt: skip


def decimals(count: int) -> str:
    """How a table shows a number, for the browser: so many decimals, a dash where there is none."""
    return f"value => value === null ? '–' : value.toFixed({count})"


def _rounded(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None
