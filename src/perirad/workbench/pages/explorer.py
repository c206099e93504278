"""Feature explorer: choose a feature, read what it is, see its values by class, and its map over a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from perirad.errors import InputError
from perirad.workbench.bench import Bench
from perirad.workbench.explore import Explorer, open_explorer, parse_column
from perirad.workbench.feature_words import short_name
from perirad.workbench.pages.feature_card import feature_card
from perirad.workbench.pages.feature_map import FeatureMapPanel
from perirad.workbench.pages.result_tabs import result_page, trouble
from perirad.workbench.svg import number

__all__ = ["explorer"]

_PER_PAGE = 60
_STYLE = """
.perirad-explore { display: grid; grid-template-columns: 20rem minmax(0, 1fr); gap: 1.25rem; width: 100%; }
.perirad-explore > :first-child { position: sticky; top: 5rem; align-self: start; }
.perirad-list { max-height: calc(100vh - 17rem); min-height: 10rem; overflow-y: auto; width: 100%; }
.perirad-list button { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: .6rem; width: 100%; }
.perirad-list button { text-align: left; padding: .35rem .6rem; border: 0; background: none; color: inherit; }
.perirad-list button { cursor: pointer; border-left: 4px solid transparent; font: inherit; }
.perirad-list button:hover { background: rgba(128, 128, 128, .15); }
.perirad-list button:focus-visible { outline: 3px solid #b35c00; outline-offset: -3px; }
.perirad-list button[aria-current] { border-left-color: #b35c00; background: rgba(179, 92, 0, .12); }
.perirad-list .where { grid-column: 1 / 3; font-size: .75rem; opacity: .85; }
.perirad-list .name, .perirad-list .where { overflow-wrap: anywhere; }
.perirad-list .weight { font-variant-numeric: tabular-nums; white-space: nowrap; }
.perirad-facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; width: 100%; }
.perirad-facts > :nth-child(odd) { font-weight: 600; }
@media (max-width: 60rem) { .perirad-explore { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 60rem) { .perirad-list { max-height: 16rem; } .perirad-explore > :first-child { position: static; } }
"""


@dataclass
class _Chosen:
    """What the page shows now."""

    column: str = ""
    shown: int = _PER_PAGE
    buttons: dict[str, Any] = field(default_factory=dict)


def explorer(bench: Bench, feature: str = "", case: str = "") -> None:
    """Draw the page; `feature` and `case` are names from the address, and may be any text."""
    with result_page(bench, "explorer") as folder:
        if folder is None:
            return
        ui.add_css(_STYLE)
        try:
            known = open_explorer(folder)
        except InputError as error:
            trouble(bench, error)
            return
        if not known.columns:
            ui.label(bench.words("no_features"))
            return
        _draw(bench, known, folder, feature, case)


def _draw(bench: Bench, known: Explorer, folder: Path, feature: str, case: str) -> None:
    first = next((name for name in known.selected if name in known.columns), known.columns[0])
    chosen = _Chosen(feature if feature in known.columns else first)
    with ui.element("div").classes("perirad-explore"):
        side = ui.column().classes("w-full gap-1")
        main = ui.column().classes("w-full gap-3")
    with main:
        card = ui.column().classes("w-full gap-2").props('id="feature-card" aria-live="polite"')
        panel = FeatureMapPanel(bench, known, case)

    async def show(column: str) -> None:
        for name in (chosen.column, column):
            if name in chosen.buttons:
                chosen.buttons[name].props(remove="aria-current")
        if column in chosen.buttons:
            chosen.buttons[column].props('aria-current="true"')
        chosen.column = column
        place = {"feature": column, **({"case": panel.case_id} if panel.case_id else {})}
        ui.navigate.history.replace(f"/explorer?{urlencode(place)}")
        card.clear()
        with card:
            values = feature_card(bench, known, column)
        await panel.show(column, values)

    with side:
        _list(bench, known, chosen, show)
    ui.timer(0.01, lambda: show(chosen.column), once=True)


def _list(bench: Bench, known: Explorer, chosen: _Chosen, show: Any) -> None:
    """Search field and what it finds, a page at a time: thousands of names are searched, and few are drawn."""
    words = bench.words
    find = ui.input(words("find_feature"), placeholder="P5 glcm contrast").classes("w-full")
    find.props('for="find-feature" clearable debounce=150')
    count = ui.label("").classes("perirad-faint").props('role="status" id="n-found"')
    place = ui.element("div").classes("perirad-list").props(f'role="group" aria-label="{words("tab_explorer")}"')

    def fill() -> None:
        text = find.value or ""
        found = known.search(text)
        if not text.strip() and known.selected:  # the Rad-score's come first, and are what is looked for first
            found = found[: max(len(known.selected), 1)] if chosen.shown == _PER_PAGE else found
            count.text = words("features_selected_of", n=len(known.selected), total=len(known.columns))
        else:
            count.text = words("features_found", n=len(found), total=len(known.columns))
        place.clear()
        chosen.buttons.clear()
        with place:
            for name in found[: chosen.shown]:
                chosen.buttons[name] = _entry(known, name, name == chosen.column, show)
            further = len(known.search(text)) - min(len(found), chosen.shown)
            if further > 0:
                ui.button(words("show_more", n=further), on_click=more).props("flat no-caps dense")

    def more() -> None:
        chosen.shown += _PER_PAGE
        fill()

    def search() -> None:
        chosen.shown = _PER_PAGE
        fill()

    find.on_value_change(search)
    fill()


def _entry(known: Explorer, name: str, current: bool, show: Any) -> Any:
    column, block = parse_column(name), known.selected.get(name)
    button = ui.element("button").props('type="button"' + (' aria-current="true"' if current else ""))
    button.on("click", lambda: show(name))
    with button:
        ui.label(short_name(column)).classes("name")
        if block is not None:
            sign = "▲" if block.coefficient > 0 else "▼"
            ui.label(f"{sign} {number(abs(block.coefficient), 2)}").classes("weight")
        if column.family:
            ui.label(f"{column.region} · {column.image} · {column.family}").classes("where")
    return button
