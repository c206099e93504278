"""One case by two readers: both outlines over the picture, and the joint one."""

from __future__ import annotations

from nicegui import ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench, say
from perirad.workbench.consensus import RULES, Rule
from perirad.workbench.desk import Desk, Row
from perirad.workbench.outlines import OutlineStore
from perirad.workbench.overlay import LOOKS, overlay_svg
from perirad.workbench.readers import CONSENSUS, make_consensus, outlines_of

__all__ = ["look_panel"]


def look_panel(bench: Bench, desk: Desk, case_id: str, readers: tuple[str, str]) -> None:
    """Draw the case and the buttons that join its outlines."""
    words = bench.words
    rows = desk.rows()
    at = next(number for number, row in enumerate(rows) if row.case_id == case_id)

    @ui.refreshable
    def picture() -> None:
        try:
            _picture(bench, desk, rows[at], readers)
        except (InputError, StudyError, OSError) as error:
            say(error)

    def make(rule: Rule) -> None:
        try:
            make_consensus(desk, rows[at], readers, rule)
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        picture.refresh()

    def edit() -> None:
        bench.reader = CONSENSUS
        ui.navigate.to(f"/outline?case={at}")

    with ui.card().classes("w-full").props('id="reader-look"'):
        ui.label(case_id).classes("text-h6")
        picture()
        with ui.row().classes("items-center"):
            ui.label(words("join"))
            for rule in RULES:
                ui.button(words(f"rule_{rule}"), on_click=lambda _, r=rule: make(r)).props(
                    f'outline dense no-caps id="join-{rule}"'
                )
            ui.button(words("edit_consensus"), icon="edit", on_click=edit).props(
                'flat dense no-caps id="edit-consensus"'
            )


def _picture(bench: Bench, desk: Desk, row: Row, readers: tuple[str, str]) -> None:
    words, picture = bench.words, desk.picture(row)
    outlines = outlines_of(desk, row, picture.shape, readers)
    masks = {name: outline.lesion for name, outline in zip(readers, outlines, strict=True)}
    store = OutlineStore(desk.folder, CONSENSUS)
    joint = store.load(row.case_id, picture.shape)
    if joint is not None and joint.done and CONSENSUS not in masks:
        masks[CONSENSUS] = joint.lesion
    ui.html(overlay_svg(picture.image, masks, f"{row.case_id}: {', '.join(masks)}"), sanitize=False).classes("w-full")
    with ui.row().classes("items-center"):
        for name, (colour, dash) in zip(masks, LOOKS, strict=False):
            drawn = (
                f'<svg width="40" height="12" aria-hidden="true"><rect width="40" height="12" fill="#333"/>'
                f'<path d="M2 6H38" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash}"/></svg>'
            )
            ui.html(drawn, sanitize=False)
            made = store.made_by(row.case_id) if name == CONSENSUS else ""
            ui.label(words("by_hand", name=name) if made == "hand" else name)
