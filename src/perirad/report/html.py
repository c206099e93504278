"""The report as one web page that needs nothing beside itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from perirad.report.contents import ReportContents
from perirad.report.drawn import Drawn, draw_all
from perirad.report.figures.entry import ReportFigure
from perirad.report.sections import report_sections
from perirad.report.summary import banner, said_of_all, summary
from perirad.report.tables.all import table_html
from perirad.report.tables.table import WIDE_COLUMNS, ReportTable
from perirad.report.text import printable

__all__ = ["html_text", "write_html"]

_TEMPLATES = Path(__file__).parent / "templates"
_PICTURES = ("cases", "feature_maps")


@dataclass(frozen=True)
class _Item:
    kind: str
    anchor: str
    title: str
    number: int
    caption: str
    alt: str
    body: Markup | str
    wide: bool = False


def write_html(contents: ReportContents, path: Path, drawn: Mapping[str, Drawn] | None = None) -> None:
    """Write the report as one self-contained HTML file: figures inside, no script, nothing fetched.

    Drawn figures are embedded as SVG images, pictures of cases as PNG. Every text from the contents is escaped.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html_text(contents, drawn), encoding="utf-8", newline="")


def html_text(contents: ReportContents, drawn: Mapping[str, Drawn] | None = None) -> str:
    """Text of the page `write_html` writes."""
    drawn = draw_all(contents, formats=()) if drawn is None else drawn
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
        versions=dict(contents.versions),
    )  # fmt: skip
    return printable(page)


def _item(contents: ReportContents, drawn: Mapping[str, Drawn], number: int, item: ReportFigure | ReportTable) -> _Item:
    if isinstance(item, ReportTable):
        # table_html escapes every cell itself
        body = Markup(table_html(item, number=number))
        return _Item(
            "table", f"table-{item.stem}", item.title, number, "", "", body, len(item.frame.columns) >= WIDE_COLUMNS
        )
    caption = f"{item.caption} {said_of_all(contents)}"
    return _Item("figure", f"figure-{item.stem}", item.title, number, caption, item.alt, _data_uri(drawn[item.stem]))


def _data_uri(drawn: Drawn) -> str:
    if drawn.stem in _PICTURES:
        return "data:image/png;base64," + base64.b64encode(drawn.small).decode("ascii")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.svg).decode("ascii")
