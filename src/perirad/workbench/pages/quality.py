"""Quality: all cases with their rings, flagged first; accept, exclude with a reason, or correct."""

from __future__ import annotations

import base64

from nicegui import run, ui

from perirad.errors import InputError, StudyError
from perirad.report.montage_html import outline_path
from perirad.report.montage_tile import Tile
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import ring_colours
from perirad.workbench.desk import Desk, Row
from perirad.workbench.tiles import tile_of

__all__ = ["quality"]

_PER_PAGE = 24


def quality(bench: Bench, start: int) -> None:
    """Draw the page; cases are drawn a page at a time, so that a thousand of them stay quick."""
    words = bench.words
    with bench.page("quality"):
        if bench.desk is None:
            ui.label(words("no_study"))
            return
        desk = bench.desk
        try:
            rows = desk.rows()
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        order = sorted(range(len(rows)), key=lambda at: rows[at].verdict == "accept")
        start = min(max(start, 0), max(0, len(rows) - 1)) // _PER_PAGE * _PER_PAGE
        with ui.row().classes("items-center"):
            ui.label(words("cases", n=len(rows))).props('id="n-cases"')
            for page in range(0, len(rows), _PER_PAGE):
                link = ui.link(str(page // _PER_PAGE + 1), f"/quality?start={page}").classes("q-mx-xs")
                if page == start:
                    link.props('aria-current="page"').classes("text-weight-bold")
        with ui.row().classes("w-full"):
            for at in order[start : start + _PER_PAGE]:
                _card(bench, desk, rows[at], at)


def _card(bench: Bench, desk: Desk, row: Row, at: int) -> None:
    words = bench.words
    with ui.card().classes("q-pa-sm").style("width: 15.5rem").props(f'id="card-{at}"'):
        ui.label(row.case_id).classes("text-weight-bold")
        place = ui.column().classes("w-full").style("min-height: 9rem")

        async def draw() -> None:
            tile = await run.io_bound(tile_of, desk, row, bench.reader)
            place.clear()
            with place:
                if isinstance(tile, Tile):
                    ui.html(_svg(tile, desk.study().settings.regions.widths_mm), sanitize=False).classes("w-full")
                    for flag in tile.flags:
                        ui.badge(flag, color="warning")
                else:
                    ui.label(f"{words('unreadable')}: {tile}").classes("text-caption").style("overflow-wrap: anywhere")

        ui.timer(0.05, draw, once=True)
        state = {
            "accept": words("accepted"),
            "exclude": words("excluded", reason=row.reason),
        }.get(row.verdict, "")
        said = ui.label(state).classes("text-caption").props('role="status"')
        reason = ui.input(words("reason")).props("dense").classes("w-full")

        def decide(verdict: str) -> None:
            try:
                desk.decide(row.case_id, verdict, reason.value or "")
            except (InputError, OSError) as error:
                say(error)
                return
            said.text = words("accepted") if verdict == "accept" else words("excluded", reason=reason.value)

        with ui.row().classes("gap-1"):
            ui.button(words("accept"), on_click=lambda: decide("accept")).props("dense no-caps outline")
            ui.button(words("exclude_case"), on_click=lambda: decide("exclude")).props("dense no-caps outline")
            ui.link(words("correct"), f"/outline?case={at}")


def _svg(tile: Tile, widths: tuple[float, ...]) -> str:
    """A case as SVG; every number in it is ours, and no text of the study."""
    picture = base64.b64encode(tile.jpeg).decode("ascii")
    colours = dict(zip(["I", *(f"P{width:g}" for width in widths)], ring_colours(widths), strict=True))
    paths = "".join(
        f'<path d="{outline_path(found)}" fill="none" stroke="{colours.get(name, "#ffffff")}" stroke-width="3"/>'
        for name, found in reversed(list(tile.outlines.items()))
    )
    width, height = tile.size
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" style="width:100%;background:#000">'
        f'<image href="data:image/jpeg;base64,{picture}" width="{width}" height="{height}"/>'
        f'<g transform="scale(.5)">{paths}</g></svg>'
    )
