"""Results: the report as the run wrote it, live nomogram and cases included, and the features of the Rad-score."""

from __future__ import annotations

from nicegui import ui

from perirad.errors import InputError, StudyError
from perirad.study.model import load_model
from perirad.workbench.bench import Bench, say

__all__ = ["results"]


def results(bench: Bench) -> None:
    """Draw the page."""
    words = bench.words
    with bench.page("results"):
        if bench.desk is None:
            ui.label(words("no_study"))
            return
        folder = bench.desk.folder / "results"
        if not (folder / "report.html").is_file():
            ui.label(words("no_results")).props('id="no-results"')
            return
        with ui.expansion(words("features")).classes("w-full"):
            try:
                model = load_model(folder / "model.json")
            except (InputError, StudyError) as error:
                say(error)
            else:
                columns = [
                    {"name": name, "label": name, "field": name, "align": "left", "sortable": True}
                    for name in ("feature", "IBSI", "coefficient")
                ]
                rows = [
                    {"feature": item.column, "IBSI": item.ibsi, "coefficient": round(item.coefficient, 4)}
                    for item in sorted(model.file.radscore.features, key=lambda item: -abs(item.coefficient))
                ]
                ui.table(columns=columns, rows=rows, row_key="feature", pagination=25)
        ui.label(words("audit")).classes("text-caption")
        ui.element("iframe").props(
            'src="/report.html" id="report" title="report" sandbox="allow-scripts allow-downloads"'
        ).style("width: 100%; height: calc(100vh - 12rem); border: 1px solid #888")
