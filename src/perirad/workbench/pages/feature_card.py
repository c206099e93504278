"""Card of one feature: what it is in plain words, its definition, and its values by class in training."""

from __future__ import annotations

from html import escape

from nicegui import ui

from perirad.errors import InputError
from perirad.features.formulas import SYMBOLS
from perirad.report.text import interval
from perirad.workbench.bench import Bench
from perirad.workbench.chart import spread_chart
from perirad.workbench.explore import Column, Explorer, Spread, Values, alone, parse_column, spread_of
from perirad.workbench.feature_words import family_words, image_words, meaning_words, region_words, unit_words
from perirad.workbench.messages import Words
from perirad.workbench.pages.result_tabs import trouble
from perirad.workbench.svg import number

__all__ = ["draw_spread", "feature_card"]


def feature_card(bench: Bench, known: Explorer, name: str) -> Values | None:
    """Draw the card; gives the values, or None where they cannot be read, which the card then says."""
    words, column = bench.words, parse_column(name)
    ui.label(name).classes("perirad-head").style("overflow-wrap: anywhere").props(
        'role="heading" aria-level="2" id="feature-name"'
    )
    _facts(words, known, column)
    try:
        return known.values(name)
    except InputError as error:
        trouble(bench, error)
        return None


def _facts(words: Words, known: Explorer, column: Column) -> None:
    """What it is, where it is measured, its definition, and what the Rad-score makes of it."""
    rows: list[tuple[str, str, str]] = []
    if meaning := meaning_words(words, column):
        rows.append(("what", meaning, ""))
    if known.model.file.recipe is None:  # what is told is told from the name; the table's author knows better
        rows.append(("definition", words("of_a_table"), ""))
        rows += [("ibsi", column.ibsi, "")] if column.ibsi else []
    elif column.family:
        rows += [("where", region_words(words, column), ""), ("picture", image_words(words, column), "")]
        rows.append(("family", family_words(words, column), ""))
        rows.append(("ibsi", column.ibsi or words("no_ibsi"), ""))
    if column.entry is not None:
        rows.append(("formula", column.entry.formula, "perirad-mono"))
    rows += [("unit", unit_words(words, column), ""), ("radscore", _weight(words, known, column), "")]
    with ui.element("div").classes("perirad-facts").props('id="feature-facts"'):
        for key, text, css in rows:
            ui.label(words(f"fact_{key}"))
            ui.label(text).classes(css).props(f'data-fact="{key}"').style("overflow-wrap: anywhere")
    if column.entry is not None:
        with ui.expansion(words("letters")).props("dense").classes("w-full"):
            ui.label(SYMBOLS.rstrip()).classes("perirad-mono")


def _weight(words: Words, known: Explorer, column: Column) -> str:
    block = known.selected.get(column.name)
    if block is None:
        return words("not_selected")
    rank = list(known.selected).index(column.name) + 1
    way = words("raises" if block.coefficient > 0 else "lowers")
    return words(
        "coefficient", way=way, n=number(block.coefficient, 3), rank=rank, total=len(known.selected),
        mean=number(block.mean), sd=number(block.sd),
    )  # fmt: skip


def draw_spread(bench: Bench, known: Explorer, name: str, values: Values, case_id: str) -> None:
    """Values by class in training: chart, and the same as a table."""
    words, outcome = bench.words, known.model.file.outcome
    labels = (outcome.nonevent_label, outcome.event_label)
    spreads = [spread_of(values, 0), spread_of(values, 1)]
    ui.label(words("by_class")).classes("perirad-head").props('role="heading" aria-level="3"')
    found = values.case(case_id)
    marked = None if found is None else (words("case_value", case=case_id, value=number(found.value)), found.value)
    said = "; ".join(_spoken(words, label, spread) for label, spread in zip(labels, spreads, strict=True))
    unit = unit_words(words, parse_column(name))
    heads = [words("class_n", name=label, n=s.values.size) for label, s in zip(labels, spreads, strict=True)]
    chart = spread_chart(
        spreads, heads, title=f"{words('by_class')}. {name}. {said}", name=f"{name} ({unit})", marked=marked
    )
    ui.html(chart, sanitize=False).classes("w-full").props('id="spread"')
    with (
        ui.element("div").classes("perirad-scroll").props(f'tabindex=0 role="region" aria-label="{words("by_class")}"')
    ):
        ui.html(_table(words, labels, spreads), sanitize=False)
    _alone(words, values, outcome.event_label)
    if known.model.harmonised is not None:
        ui.label(words("before_harmonising")).classes("perirad-faint")


def _spoken(words: Words, label: str, spread: Spread) -> str:
    first, middle, third = (number(value) for value in spread.quartiles)
    return words("class_spoken", name=label, n=spread.values.size, first=first, middle=middle, third=third)


def _table(words: Words, labels: tuple[str, str], spreads: list[Spread]) -> str:
    keys = ("class", "n", "lowest", "first", "middle", "third", "highest", "undefined")
    head = "".join(f'<th scope="col"{" class=n" if key != "class" else ""}>{words(f"col_{key}")}</th>' for key in keys)
    rows = ""
    for label, spread in zip(labels, spreads, strict=True):
        v = spread.values
        ends = (v[0], v[-1]) if v.size else (float("nan"), float("nan"))
        cells = [str(v.size), number(ends[0]), *map(number, spread.quartiles), number(ends[1]), str(spread.n_undefined)]
        rows += (
            f'<tr><th scope="row">{escape(label)}</th>' + "".join(f'<td class="n">{c}</td>' for c in cells) + "</tr>"
        )
    return f'<table class="perirad-grid" id="spread-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _alone(words: Words, values: Values, event: str) -> None:
    """AUC of the feature alone, turned so that it is at least one half; it was not corrected for choosing it."""
    found = alone(values)
    if found is None:
        return
    estimate, lower, upper = found
    if estimate < 0.5:
        estimate, lower, upper, key = 1 - estimate, 1 - upper, 1 - lower, "alone_lower"
    else:
        key = "alone_higher"
    ui.label(words(key, auc=interval(estimate, lower, upper), event=event)).props('id="alone"')
