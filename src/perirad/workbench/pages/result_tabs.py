"""Frame of the pages of results: their tabs, and one line where there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nicegui import ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench
from perirad.workbench.outcomes import one_line
from perirad.workbench.svg import STYLE

__all__ = ["note", "result_page", "trouble"]

_TABS = (
    ("report", "/results"), ("scenarios", "/results?view=scenarios"), ("explorer", "/explorer"),
    ("nomogram", "/results?view=nomogram"), ("audit", "/audit"),
)  # fmt: skip
_STYLE = """
.perirad-tabs { display: flex; flex-wrap: wrap; gap: .25rem; width: 100%; border-bottom: 1px solid #8a8f96; }
.perirad-tabs a { padding: .45rem .9rem; text-decoration: none; color: inherit; border-bottom: 3px solid transparent; }
.perirad-tabs a:hover { background: rgba(128, 128, 128, .15); }
.perirad-tabs a[aria-current] { border-bottom-color: #b35c00; font-weight: 700; }
.perirad-note { border-left: 4px solid #b35c00; padding: .5rem .8rem; background: rgba(179, 92, 0, .1); width: 100%; }
.perirad-note { overflow-wrap: anywhere; }
.perirad-frame { width: 100%; height: calc(100vh - 11rem); min-height: 24rem; border: 1px solid #888; }
.perirad-frame { background: #fff; }
.perirad-grid { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.perirad-grid :is(th, td) { padding: .3rem .8rem; text-align: left; border-bottom: 1px solid rgba(128, 128, 128, .4); }
.perirad-grid :is(th, td).n { text-align: right; white-space: nowrap; }
.perirad-grid thead th { border-bottom: 2px solid #8a8f96; vertical-align: bottom; }
.perirad-grid tr.chosen { background: rgba(179, 92, 0, .12); font-weight: 600; }
.perirad-scroll { overflow-x: auto; width: 100%; }
.perirad-head { font-size: 1.15rem; font-weight: 600; line-height: 1.5; margin: 0; }
.perirad-two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.5rem; width: 100%; }
.perirad-mono { font-family: ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; font-size: .85rem; }
.perirad-figure { width: 100%; background: #fff; border-radius: 4px; padding: .4rem; }
@media (max-width: 60rem) { .perirad-two { grid-template-columns: minmax(0, 1fr); } }
"""


@contextmanager
def result_page(bench: Bench, current: str) -> Iterator[Path | None]:
    """Frame of one of the tabs; gives the folder of results, or None where no study is open or none was run."""
    words = bench.words
    with bench.study_page("results") as desk:
        ui.add_css(_STYLE + STYLE)
        if desk is None:
            yield None
            return
        with ui.element("nav").classes("perirad-tabs").props(f'aria-label="{words("results")}"'):
            for key, path in _TABS:
                link = ui.link(words(f"tab_{key}"), path)
                if key == current:
                    link.props('aria-current="page"')
        folder = desk.folder / "results"
        if not (folder / "model.json").is_file() and not (folder / "report.html").is_file():
            ui.label(words("no_results")).props('id="no-results"')
            yield None
            return
        try:
            stale = "stale" in desk.state().values()
        except (InputError, StudyError, OSError) as error:
            trouble(bench, error)
        else:
            if stale:
                note(words("results_stale"))
        yield folder


def note(text: str) -> None:
    """Say something that a reader of the page must know."""
    ui.label(text).classes("perirad-note").props('role="note"')


def trouble(bench: Bench, error: InputError | StudyError | OSError) -> None:
    """Say in one line, on the page, what is wrong with the results."""
    text = bench.words("results_trouble", line=one_line(error))
    ui.label(text).classes("perirad-note").props('role="alert" id="results-trouble"')
