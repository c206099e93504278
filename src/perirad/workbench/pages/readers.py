"""Two readers: who has outlined what, how well they agree, and their consensus."""

from __future__ import annotations

from typing import Any

import numpy as np
from nicegui import run, ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench, say
from perirad.workbench.consensus import RULES
from perirad.workbench.desk import Desk
from perirad.workbench.pages.reader_icc import decimals, icc_panel
from perirad.workbench.pages.reader_look import look_panel
from perirad.workbench.problem_words import said
from perirad.workbench.readers import CONSENSUS, Compared, compare, make_consensus, readers_of, table_of

__all__ = ["readers"]


def readers(bench: Bench, first: str, second: str) -> None:
    """Draw the page for two readers; those who have done most, where none are chosen."""
    words = bench.words
    with bench.study_page("readers") as desk:
        if desk is None:
            return
        try:
            done = readers_of(desk)
            n = len(desk.rows())
        except (InputError, StudyError, OSError) as error:
            say(error)
            return
        ui.label(words("readers_hint")).classes("text-body2")
        with ui.row():
            for name, count in done.items():
                ui.label(words("reader_done", name=name, done=count, n=n)).classes("perirad-pill")
        people = [name for name in sorted(done, key=lambda name: -done[name]) if name != CONSENSUS]
        if len(people) < 2:
            ui.label(words("two_readers")).props('id="two-readers" role="status"')
            return
        first = first if first in done else people[0]
        second = second if second in done and second != first else next(name for name in people if name != first)
        _choice(bench, list(done), first, second)
        place = ui.column().classes("w-full")

        async def work() -> None:
            try:
                compared = await run.io_bound(compare, desk, first, second)
            except (InputError, StudyError, OSError) as error:
                say(error)
                return
            if compared is not None:
                place.clear()
                with place:
                    _compared(bench, desk, compared)

        with place:
            ui.spinner(size="lg")
        ui.timer(0.05, work, once=True)


def _choice(bench: Bench, names: list[str], first: str, second: str) -> None:
    words, chosen = bench.words, {"first": first, "second": second}

    def go(which: str, value: Any) -> None:
        chosen[which] = str(value)
        from urllib.parse import urlencode  # noqa: PLC0415

        ui.navigate.to(f"/readers?{urlencode(chosen)}")

    with ui.row().classes("items-center"):
        for which in ("first", "second"):
            ui.select(
                names, value=chosen[which], label=words(f"reader_{which}"),
                on_change=lambda event, w=which: go(w, event.value),
            ).classes("w-56").props(f'id="reader-{which}"')  # fmt: skip


def _compared(bench: Bench, desk: Desk, compared: Compared) -> None:
    words = bench.words
    ui.label(words("hidden", n=compared.hidden)).props('id="hidden" role="status"')
    if not compared.pairs:
        ui.label(words("none_common"))
        return
    ui.label(_summary(bench, compared)).classes("text-body1 text-weight-medium").props('id="agreement"')
    look = ui.column().classes("w-full")

    def show(case: str) -> None:
        look.clear()
        with look:
            look_panel(bench, desk, case, (compared.first, compared.second))

    table = ui.table(
        columns=_columns(bench), rows=_rows(compared, bench.words.language), row_key="case", pagination=10,
    ).classes("w-full")  # fmt: skip
    table.add_slot("body-cell-case", _CASE_CELL.replace("WORDS", words("look")))
    table.on("look", lambda event: show(str(event.args["case"])))
    look.move(target_index=-1)
    _deeds(bench, desk, compared)
    icc_panel(bench, desk, (compared.first, compared.second))


_CASE_CELL = """
<q-td :props="props"><q-btn flat dense no-caps color="primary" :label="props.value"
 :aria-label="'WORDS: ' + props.value" @click="() => $parent.$emit('look', props.row)" /></q-td>
"""


def _columns(bench: Bench) -> list[dict[str, Any]]:
    names = ("case", "dice", "hausdorff", "hausdorff_95", "mean", "problem")
    return [
        {
            "name": name, "label": bench.words(f"col_{name}"), "field": name, "sortable": True,
            "align": "left" if name in {"case", "problem"} else "right",
            **({} if name in {"case", "problem"} else {":format": decimals(3 if name == "dice" else 2)}),
        }
        for name in names
    ]  # fmt: skip


def _rows(compared: Compared, language: str) -> list[dict[str, Any]]:
    rows = []
    for pair in compared.pairs:
        found = pair.found
        values = (
            (np.nan,) * 4 if found is None else (found.dice, found.hausdorff_mm, found.hausdorff_95_mm, found.mean_mm)
        )
        cells = [None if not np.isfinite(v) else round(float(v), 3 if at == 0 else 2) for at, v in enumerate(values)]
        names = ("dice", "hausdorff", "hausdorff_95", "mean")
        told = {"case": pair.case_id, "problem": said(pair.problem, language)}
        rows.append(told | dict(zip(names, cells, strict=True)))
    return rows


def _summary(bench: Bench, compared: Compared) -> str:
    found = [pair.found for pair in compared.pairs if pair.found is not None]
    dice = [item.dice for item in found]
    far = [item.hausdorff_mm for item in found if np.isfinite(item.hausdorff_mm)]

    def quartiles(values: list[float], digits: int) -> str:
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"

    text = bench.words("agreement_dice", n=len(found), dice=quartiles(dice, 3)) if dice else ""
    return text + (bench.words("agreement_mm", mm=quartiles(far, 2)) if far else bench.words("agreement_no_mm"))


def _deeds(bench: Bench, desk: Desk, compared: Compared) -> None:
    """Save the table, use the second reader in the study, join all outlines."""
    words = bench.words

    async def use() -> None:
        try:
            n = await run.io_bound(desk.use_outlines, compared.second, "mask_2")
        except (InputError, OSError) as error:
            say(error)
            return
        ui.notify(words("used_second", n=n), type="positive")

    async def join_all() -> None:
        places = {row.case_id: row for row in desk.rows()}
        made, left = 0, 0
        for pair in compared.pairs:
            try:
                await run.io_bound(
                    make_consensus, desk, places[pair.case_id], (compared.first, compared.second), rule.value
                )
                made += 1
            except (InputError, OSError):
                left += 1
        ui.notify(words("consensus_made", n=made, left=left), type="positive" if not left else "warning")

    with ui.row().classes("items-end"):
        ui.button(words("save_table"), icon="download", on_click=lambda: ui.download(
            table_of(compared).encode("utf-8"), "agreement.csv"
        )).props('outline no-caps id="save-agreement"')  # fmt: skip
        ui.button(words("use_second"), on_click=use).props('outline no-caps id="use-second"')
        rule = ui.select({name: words(f"rule_{name}") for name in RULES}, value=RULES[0], label=words("rule"))
        rule.classes("w-64").props('id="consensus-rule"')
        ui.button(words("join_all"), on_click=join_all).props('outline no-caps id="consensus-all"')
