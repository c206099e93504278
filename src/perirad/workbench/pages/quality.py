"""Quality: all cases with their rings, flagged first; accept, exclude with a reason, or correct."""

from __future__ import annotations

from nicegui import run, ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench, say
from perirad.workbench.desk import Desk, Row
from perirad.workbench.flags import in_order, known_flags, work_out
from perirad.workbench.pages.quality_card import card

__all__ = ["quality"]

_PER_PAGE = 24
_SHOWN = ("all", "flagged", "undecided", "excluded")


def quality(bench: Bench, start: int, shown: str) -> None:
    """Draw the page; cases are drawn a page at a time, so that a thousand of them stay quick."""
    with bench.study_page("quality") as desk:
        if desk is None:
            return
        try:
            rows = desk.rows()
            flags = known_flags(desk, rows, bench.reader)
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        shown = shown if shown in _SHOWN else "all"
        places = [at for at in in_order(rows, flags) if _is_shown(rows[at], flags, shown)]
        start = min(max(start, 0), max(0, len(places) - 1)) // _PER_PAGE * _PER_PAGE
        _head(bench, rows, flags, shown)
        if len(flags) < len(rows):
            _look(bench, desk, len(rows) - len(flags))
        _pages(bench, len(places), start, shown)
        with ui.row().classes("w-full").props('id="cards"'):
            for at in places[start : start + _PER_PAGE]:
                card(bench, desk, rows[at], at, flags.get(rows[at].case_id, ()))
        _pages(bench, len(places), start, shown)


def _is_shown(row: Row, flags: dict[str, tuple[str, ...]], shown: str) -> bool:
    return {
        "all": True,
        "flagged": bool(flags.get(row.case_id)),
        "undecided": not row.verdict,
        "excluded": row.verdict == "exclude",
    }[shown]


def _head(bench: Bench, rows: list[Row], flags: dict[str, tuple[str, ...]], shown: str) -> None:
    """Counts, each a link that shows those only."""
    words = bench.words
    decided = sum(bool(row.verdict) for row in rows)
    ui.label(words("decided", n=decided, total=len(rows))).props('id="n-cases" role="status"')
    with ui.element("nav").classes("row q-gutter-sm").props(f'aria-label="{words("show")}"'):
        for name in _SHOWN:
            count = sum(_is_shown(row, flags, name) for row in rows)
            link = ui.link(words(f"show_{name}", n=count), f"/quality?shown={name}").classes("perirad-pill")
            if name == shown:
                link.props('aria-current="true"').classes("text-weight-bold")


def _look(bench: Bench, desk: Desk, missing: int) -> None:
    """Button that works out the flags that no run has told yet."""
    words, state = bench.words, {"done": 0, "total": 0, "going": 0}

    def told(done: int, total: int) -> bool:
        state.update(done=done, total=total)
        return bool(state["going"])

    async def work() -> None:
        state.update(going=1)
        button.set_enabled(False)
        try:
            await run.io_bound(work_out, desk, bench.reader, told)
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        ui.navigate.to("/quality")

    def tick() -> None:
        if state["going"]:
            said.text = words("looking", done=state["done"], total=state["total"])

    with ui.row().classes("items-center"):
        button = ui.button(words("look_at_all", n=missing), on_click=work).props('outline no-caps id="look-at-all"')
        said = ui.label("").props('role="status"')
    ui.timer(0.5, tick)


def _pages(bench: Bench, count: int, start: int, shown: str) -> None:
    if count <= _PER_PAGE:
        return
    words, last = bench.words, (count - 1) // _PER_PAGE
    now = start // _PER_PAGE
    with ui.row().classes("items-center"):
        for key, page in (("page_before", now - 1), ("page_after", now + 1)):
            if 0 <= page <= last:
                ui.link(words(key), f"/quality?shown={shown}&start={page * _PER_PAGE}")
        ui.label(words("page_of", n=now + 1, total=last + 1))
