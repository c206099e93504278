"""Web page and Word document: self-contained, escaped, true to the record."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest

from perirad.report.contents import ReportContents
from perirad.report.docx import write_docx
from perirad.report.html import html_text, write_html
from perirad.report.sections import report_sections
from perirad.report.summary import banner, summary
from perirad.report.tables.table import ReportTable
from perirad.report.text import auc_text

Maker = Callable[..., ReportContents]


class Page(HTMLParser):
    """Tags and attributes of a page, and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def nasty(contents_of: Maker) -> tuple[ReportContents, str]:
    contents = contents_of("simulated", 2, 120, nasty=True, n_variables=8, n_levels=6)
    return contents, html_text(contents)


def test_page_fetches_nothing_and_runs_its_own_script_alone_analytic(nasty: tuple[ReportContents, str]) -> None:
    page = Page(nasty[1])
    names = {tag for tag, _ in page.tags}
    assert not names & {"link", "iframe", "object", "embed", "base", "form"}
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", nasty[1], re.DOTALL)
    run = [text for attributes, text in scripts if "application/json" not in attributes]
    assert [attributes for attributes, _ in scripts if "application/json" not in attributes] == [""]
    digest = base64.b64encode(hashlib.sha256(run[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in nasty[1]
    assert "default-src 'none'" in nasty[1]
    for tag, attributes in page.tags:
        for name in ("src", "href", "srcset", "data"):
            target = attributes.get(name)
            assert target is None or target.startswith(("data:image/", "#")), (tag, target)
        assert not any(name.startswith("on") for name in attributes)
    assert "@import" not in nasty[1]
    assert not re.search(r"url\(", nasty[1])


def test_scripts_in_names_stay_text_analytic(nasty: tuple[ReportContents, str]) -> None:
    assert "<script>alert" not in nasty[1]
    assert nasty[1].count("<script") == nasty[1].count("</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in nasty[1]


def test_page_is_accessible_analytic(nasty: tuple[ReportContents, str]) -> None:
    page = Page(nasty[1])
    assert ("html", {"lang": "en"}) in page.tags
    assert all(attributes.get("alt") for tag, attributes in page.tags if tag == "img")
    assert all(attributes.get("scope") in {"row", "col"} for tag, attributes in page.tags if tag == "th")
    anchors = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(anchors) == len(set(anchors))
    links = [str(attributes["href"]).removeprefix("#") for tag, attributes in page.tags if tag == "a"]
    assert set(links) <= set(anchors)
    assert sum(tag == "h1" for tag, _ in page.tags) == 1


def test_page_has_the_numbers_of_the_record_naive(nasty: tuple[ReportContents, str]) -> None:
    contents, text = nasty
    words = " ".join(Page(text).words)
    for model in contents.models:
        for item in model.cohorts:
            assert auc_text(item.auc) in words
    for warning in contents.warnings:
        assert warning in words
    assert "NaN" not in words
    assert not re.search(r"\bnan\b", words)


def test_page_is_small_and_the_same_each_time_analytic(contents_of: Maker, tmp_path: Path) -> None:
    contents = contents_of(n=120)
    write_html(contents, tmp_path / "a" / "report.html")
    written = (tmp_path / "a" / "report.html").read_bytes()
    assert len(written) < 10_000_000
    assert written == html_text(contents).encode()


def test_banner_by_kind_analytic(contents_of: Maker) -> None:
    assert banner(contents_of("simulated")) == "SIMULATED COHORT — these figures say nothing about patients"
    assert banner(contents_of("real")) == "Real images; outcome: HER2 status (HER2-low versus HER2-zero)"
    assert "assumed 0.1 mm" in banner(contents_of("real", nasty=True))


def test_summary_warns_where_only_training_exists_analytic(contents_of: Maker) -> None:
    alone = " ".join(summary(contents_of(cohorts=("train",), selected=0)))
    assert "optimistic" in alone
    assert "no feature" in alone
    both = contents_of()
    test = both.models[-1].cohort("test")
    assert auc_text(test.auc) in " ".join(summary(both))
    assert "optimistic" not in " ".join(summary(both))


def test_document_holds_the_same_tables_and_figures_naive(contents_of: Maker, tmp_path: Path) -> None:
    contents = contents_of("simulated", 2, 120, nasty=True)
    write_docx(contents, tmp_path / "report.docx")
    document = docx.Document(str(tmp_path / "report.docx"))
    items = [item for section in report_sections(contents) for _, item in section.items]
    tables = [item for item in items if isinstance(item, ReportTable)]
    assert len(document.tables) == len(tables)
    assert len(document.inline_shapes) == len(items) - len(tables)
    for made, table in zip(document.tables, tables, strict=True):
        assert [cell.text for cell in made.rows[0].cells] == list(table.frame.columns)
        assert len(made.rows) == len(table.frame) + 1
        assert [cell.text.strip() for cell in made.rows[1].cells] == [str(cell).strip() for cell in table.frame.iloc[0]]
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert banner(contents) in said
    assert document.core_properties.created.year == 2000
    first = (tmp_path / "report.docx").read_bytes()
    write_docx(contents, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == first
