"""The report as one web page that needs nothing beside itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from perirad.report.checklists.all import CHECKLIST_NOTE, checklist_table, checklists
from perirad.report.contents import ReportContents
from perirad.report.drawn import Drawn, draw_all
from perirad.report.figures.entry import ReportFigure
from perirad.report.live import live_cases, live_nomogram, script_json
from perirad.report.prose.manuscript import manuscript
from perirad.report.sections import report_sections
from perirad.report.summary import banner, said_of_all, summary
from perirad.report.tables.all import table_html
from perirad.report.tables.table import WIDE_COLUMNS, ReportTable
from perirad.report.text import printable

__all__ = ["html_text", "write_html"]

_TEMPLATES = Path(__file__).parent / "templates"
_PATH = re.compile(rb' d="[^"]*"')
_LONG = re.compile(rb"-?\d+\.\d{3,}")
_PICTURES = ("cases", "feature_maps")


@dataclass(frozen=True)
class _Item:
    stem: str
    kind: str
    anchor: str
    title: str
    number: int
    caption: str
    alt: str
    body: Markup | str
    wide: bool = False
    width_mm: str = ""


def write_html(contents: ReportContents, path: Path, drawn: Mapping[str, Drawn] | None = None) -> None:
    """Write the report as one self-contained HTML file: figures and script inside, nothing fetched.

    Drawn figures are embedded as SVG images, pictures of cases as PNG. Every text from the contents is escaped.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html_text(contents, drawn), encoding="utf-8", newline="")


def html_text(contents: ReportContents, drawn: Mapping[str, Drawn] | None = None) -> str:
    """Text of the page `write_html` writes."""
    drawn = draw_all(contents, formats=()) if drawn is None else drawn
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    sections = [
        {"anchor": section.anchor, "title": section.title,
         "entries": [_item(contents, drawn, number, item) for number, item in section.items]}
        for section in report_sections(contents)
    ]  # fmt: skip
    page = environment.get_template("report.html.j2").render(
        contents=contents, banner=banner(contents), summary=summary(contents), sections=sections,
        chapters=_chapters(contents), checklists=_checklists(contents), checklist_note=CHECKLIST_NOTE,
        live=_json(live_nomogram(contents)), cases=_json(live_cases(contents)), n_browsed=len(contents.browsed),
        n_cases=sum(item.n_cases for item in contents.cohorts), use=_use(contents), script=Markup(script),
        script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
    )  # fmt: skip
    return printable(page)


def _json(data: dict[str, Any] | None) -> Markup | str:
    return "" if data is None else Markup(script_json(data))  # script_json leaves no sign that could end the element


def _use(contents: ReportContents) -> str:
    if contents.kind == "simulated":
        return "The model was learnt from a simulated cohort: its figures say nothing about patients."
    return "For research; the interval says how sure the model's coefficients are, not how it does elsewhere."


def _chapters(contents: ReportContents) -> list[dict[str, Any]]:
    return [
        {"anchor": chapter.anchor, "title": chapter.title, "points": chapter.points,
         "paragraphs": [(head, "".join(item.text for item in found)) for head, found in chapter.paragraphs]}
        for chapter in manuscript(contents)
    ]  # fmt: skip


def _checklists(contents: ReportContents) -> list[dict[str, Any]]:
    return [
        {"anchor": f"checklist-{item.stem}", "title": item.title, "score": item.score, "counts": item.counted,
         "body": Markup(table_html(checklist_table(item)))}
        for item in checklists(contents)
    ]  # fmt: skip


def _item(contents: ReportContents, drawn: Mapping[str, Drawn], number: int, item: ReportFigure | ReportTable) -> _Item:
    if isinstance(item, ReportTable):
        # table_html escapes every cell itself
        body = Markup(table_html(item, number=number))
        return _Item(
            item.stem,
            "table",
            f"table-{item.stem}",
            item.title,
            number,
            "",
            "",
            body,
            len(item.frame.columns) >= WIDE_COLUMNS,
        )
    caption = f"{item.caption} {said_of_all(contents)}"
    shown = drawn[item.stem]
    return _Item(
        item.stem, "figure", f"figure-{item.stem}", item.title, number, caption, item.alt, _data_uri(shown),
        width_mm=f"{shown.size_mm[0]:g}",
    )  # fmt: skip


def _data_uri(drawn: Drawn) -> str:
    if drawn.stem in _PICTURES:
        return "data:image/jpeg;base64," + base64.b64encode(drawn.small).decode("ascii")
    return "data:image/svg+xml;base64," + base64.b64encode(_shorter(drawn.svg)).decode("ascii")


def _shorter(svg: bytes) -> bytes:
    """An SVG with the coordinates of its paths to hundredths of a point: a third smaller, no difference in print."""
    return _PATH.sub(lambda path: _LONG.sub(lambda number: b"%.2f" % float(number.group()), path.group()), svg)
