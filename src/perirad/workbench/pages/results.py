"""Results: the report as the run wrote it, live nomogram and cases included; scenarios and nomogram beside it."""

from __future__ import annotations

from nicegui import ui

from perirad.errors import InputError
from perirad.workbench.bench import Bench
from perirad.workbench.pages.nomogram import nomogram
from perirad.workbench.pages.result_tabs import result_page, trouble
from perirad.workbench.pages.scenarios import scenarios

__all__ = ["results"]


def results(bench: Bench, view: str = "report") -> None:
    """Draw the page: the report, or what `view` names of ``scenarios`` and ``nomogram``."""
    view = view if view in {"scenarios", "nomogram"} else "report"
    with result_page(bench, view) as folder:
        if folder is None:
            return
        if view == "scenarios":
            scenarios(bench, folder)
        elif view == "nomogram":
            nomogram(bench, folder)
        elif not (folder / "report.html").is_file():
            trouble(bench, InputError("the results must have report.html", "no such file", mend="run the study again"))
        else:
            title = bench.words("report")
            ui.element("iframe").props(
                f'src="/report.html" id="report" title="{title}" sandbox="allow-scripts allow-downloads"'
            ).classes("perirad-frame")
