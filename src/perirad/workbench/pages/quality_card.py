"""A case on the quality page: picture with rings, flags, and what is decided of it."""

from __future__ import annotations

from nicegui import run, ui

from perirad.errors import InputError, StudyError
from perirad.report.montage_html import outline_path
from perirad.report.montage_tile import Tile
from perirad.workbench.bench import Bench, say
from perirad.workbench.canvas_element import ring_colours
from perirad.workbench.desk import Desk, Row
from perirad.workbench.problem_words import phrase, said
from perirad.workbench.svg import tile_svg
from perirad.workbench.tiles import tile_of

__all__ = ["card"]

_REASONS = ("reason_poor", "reason_cut", "reason_marks", "reason_biopsy", "reason_twice")


def card(bench: Bench, desk: Desk, row: Row, at: int, flags: tuple[str, ...]) -> None:
    """Draw the card; its picture comes when the page stands."""
    words = bench.words
    with ui.card().classes("q-pa-sm").style("width: 15.5rem").props(f'id="card-{at}"'):
        ui.label(row.case_id).classes("text-weight-bold")
        place = ui.column().classes("w-full").style("min-height: 9rem")
        for flag in flags:
            why = f"{words('flagged')}: {phrase(flag, words.language)}"
            with ui.row().classes("items-center no-wrap gap-1"):
                ui.icon("flag", size="xs").props('aria-hidden="true"')
                ui.label(why).classes("text-caption").style("overflow-wrap: anywhere")

        async def draw() -> None:
            tile = await run.io_bound(tile_of, desk, row, bench.reader)
            place.clear()
            with place:
                if isinstance(tile, Tile):
                    widths = desk.study().settings.regions.widths_mm
                    ui.html(_svg(tile, widths, at), sanitize=False).classes("w-full")
                elif tile is not None:
                    why = said(tile, bench.words.language)
                    ui.label(f"{words('unreadable')}: {why}").classes("text-caption").style("overflow-wrap: anywhere")

        ui.timer(0.05, draw, once=True)
        _verdict(bench, desk, row, at)


def _verdict(bench: Bench, desk: Desk, row: Row, at: int) -> None:
    """What is decided, and the buttons that decide; an exclusion needs a reason, and can be taken back."""
    words = bench.words

    def word(verdict: str, reason: str) -> str:
        return {"accept": words("accepted"), "exclude": words("excluded", reason=reason)}.get(verdict, "")

    decided = ui.label(word(row.verdict, row.reason)).classes("text-caption text-weight-medium").props('role="status"')

    def decide(verdict: str, text: str = "") -> None:
        try:
            desk.decide(row.case_id, verdict, text)
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        decided.text = word(verdict, text)
        asked.set_visibility(False)

    buttons = ui.row().classes("gap-1 items-center")
    asked: ui.column = ui.column().classes("w-full gap-1")
    with buttons:
        ui.button(words("accept"), on_click=lambda: decide("accept")).props("dense no-caps outline")
        ui.button(words("exclude_case"), on_click=lambda: asked.set_visibility(True)).props("dense no-caps outline")
        ui.button(words("undecide"), on_click=lambda: decide("")).props("dense no-caps flat")
        ui.link(words("correct"), f"/outline?case={at}")
    with asked:
        reason = ui.select(
            [words(key) for key in _REASONS], label=words("reason"), with_input=True, new_value_mode="add-unique"
        ).classes("w-full").props(f'dense for="reason-{at}"')  # fmt: skip
        ui.button(words("exclude_now"), on_click=lambda: decide("exclude", str(reason.value or ""))).props(
            "dense no-caps"
        )
    asked.set_visibility(False)


def _svg(tile: Tile, widths: tuple[float, ...], at: int) -> str:
    """A case as SVG; every number in it is ours, and no text of the study."""
    colours = dict(zip(["I", *(f"P{width:g}" for width in widths)], ring_colours(widths), strict=True))
    paths = "".join(
        f'<path d="{outline_path(found)}" fill="none" stroke="{colours.get(name, "#ffffff")}" stroke-width="3"/>'
        for name, found in reversed(list(tile.outlines.items()))
    )
    return tile_svg(tile, paths, str(at + 1))
