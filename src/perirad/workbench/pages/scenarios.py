"""Scenarios side by side: AUC with interval in training and test, which was chosen and why, and the ROC curves."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path

from nicegui import ui

from perirad.errors import InputError
from perirad.report.text import decimal, interval
from perirad.workbench.auc_chart import Interval, auc_chart
from perirad.workbench.bench import Bench
from perirad.workbench.messages import Words
from perirad.workbench.outcomes import FIGURES, Auc, Comparison, ModelRow, compare, figure_file
from perirad.workbench.pages.result_tabs import note, trouble

__all__ = ["scenarios"]


def scenarios(bench: Bench, folder: Path) -> None:
    """Draw the tab."""
    words = bench.words
    try:
        found = compare(folder)
    except InputError as error:
        trouble(bench, error)
        return
    if not any(row.aucs for row in found.scenarios):
        note(words("no_scenarios"))
    else:
        ui.label(words("scenarios_of_regions")).classes("perirad-head").props('role="heading" aria-level="2"')
        for sentence in _why(words, found):
            ui.label(sentence).props('data-what="why"')
    with ui.element("div").classes("perirad-scroll").props(f'tabindex=0 role="region" aria-label="{words("aucs")}"'):
        ui.html(_table(words, found), sanitize=False)
    with ui.element("div").classes("perirad-two"):
        with ui.column().classes("w-full gap-1"):
            ui.label(words("aucs")).classes("perirad-head").props('role="heading" aria-level="3"')
            ui.html(_chart(words, found), sanitize=False).classes("w-full").props('id="auc-chart"')
        _figures(words, folder)


def _why(words: Words, found: Comparison) -> list[str]:
    """Which scenario was chosen, by what, and how far the next one was behind."""
    chosen = found.chosen
    if chosen is None or not math.isfinite(chosen.cv_auc):
        return []
    values = {"name": chosen.name, "auc": decimal(chosen.cv_auc, 3), "se": decimal(chosen.cv_se, 3)}
    others = [row for row in found.scenarios if row is not chosen and math.isfinite(row.cv_auc)]
    if not others:
        return [words("only_scenario", **values)]
    best = max(others, key=lambda row: row.cv_auc)
    said = [words("why_chosen", **values, other=best.name, other_auc=decimal(best.cv_auc, 3))]
    if best.cv_auc > chosen.cv_auc - chosen.cv_se:
        said.append(words("close_call", other=best.name))
    return said


def _table(words: Words, found: Comparison) -> str:
    """Rows of scenarios, then of the models; every text of the study is escaped."""
    cohorts = "".join(f'<th class="n" scope="col">{_cohort(words, found, name)}</th>' for name in found.cohorts)
    head = (
        f'<tr><th scope="col">{words("col_scenario")}</th><th class="n" scope="col">{words("col_selected")}</th>'
        f'<th class="n" scope="col">{words("col_cv")}</th>{cohorts}</tr>'
    )
    rows = "".join(_row(words, found, row) for row in (*found.scenarios, *found.models))
    return f'<table class="perirad-grid" id="scenario-table"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _row(words: Words, found: Comparison, row: ModelRow) -> str:
    name = _name(words, row) + (f" – {words('chosen')}" if row.chosen else "")
    cv = "–" if not math.isfinite(row.cv_auc) else f"{decimal(row.cv_auc, 3)} ({decimal(row.cv_se, 3)})"
    cells = "".join(f'<td class="n">{_auc(row.aucs.get(cohort))}</td>' for cohort in found.cohorts)
    selected = "–" if row.selected is None else str(row.selected)
    mark = ' class="chosen"' if row.chosen else ""
    return (
        f'<tr{mark}><th scope="row">{escape(name)}</th><td class="n">{selected}</td><td class="n">{cv}</td>{cells}</tr>'
    )


def _name(words: Words, row: ModelRow) -> str:
    """Models in the reader's language; scenarios are called as in the settings."""
    return words(f"model_{row.name.lower()}") if row.selected is None else row.name


def _auc(auc: Auc | None) -> str:
    return "–" if auc is None else interval(auc.estimate, auc.lower, auc.upper)


def _cohort(words: Words, found: Comparison, name: str) -> str:
    """Cohort with its numbers of cases and events, in two lines."""
    size = next(row.aucs[name] for row in (*found.scenarios, *found.models) if name in row.aucs)
    head = words("cohort_auc", cohort=words(f"cohort_{name}"))
    return f'{escape(head)}<br><span class="perirad-faint">{words("cohort_n", n=size.n, events=size.n_events)}</span>'


def _chart(words: Words, found: Comparison) -> str:
    rows = [
        Interval(_name(words, row), row.chosen, [(name, row.aucs[name]) for name in found.cohorts if name in row.aucs])
        for row in (*found.scenarios, *found.models)
        if row.aucs
    ]
    cohorts = [(name, words(f"cohort_{name}")) for name in found.cohorts]
    said = "; ".join(
        f"{row.label}: " + ", ".join(f"{words(f'cohort_{name}')} {_auc(auc)}" for name, auc in row.aucs) for row in rows
    )
    return auc_chart(rows, cohorts, title=f"{words('aucs')}: {said}", name=words("auc_axis"))


def _figures(words: Words, folder: Path) -> None:
    """Figures of the run that compare; they are asked for by their names, and by no others."""
    shown = [name for name in FIGURES if figure_file(folder, name) is not None]
    if not shown:
        ui.label(words("no_figures"))
    for name in shown:
        title = words(f"figure_{name}")
        with ui.column().classes("w-full gap-1"):
            ui.label(title).classes("perirad-head").props('role="heading" aria-level="3"')
            link = ui.link(target=f"/figure/{name}", new_tab=True).classes("w-full")
            with link.props(f'aria-label="{words("figure_larger")}: {title}"'):
                ui.element("img").props(f'src="/figure/{name}" alt="{title}"').classes("perirad-figure")
