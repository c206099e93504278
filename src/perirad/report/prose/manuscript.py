"""All texts of a report, in their order, and their files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perirad.report.contents import ReportContents
from perirad.report.prose.limitations import limitations
from perirad.report.prose.methods import methods
from perirad.report.prose.plain import plain_language
from perirad.report.prose.quotes import Passage
from perirad.report.prose.results import results
from perirad.report.summary import banner
from perirad.report.text import printable
from perirad.report.word import new_document, same_each_time

__all__ = ["Chapter", "add_chapter", "manuscript", "write_texts"]


@dataclass(frozen=True)
class Chapter:
    """A chapter: paragraphs with their headings (empty where there is none), or a list of points."""

    anchor: str
    title: str
    paragraphs: tuple[tuple[str, tuple[Passage, ...]], ...]
    points: bool = False


def manuscript(contents: ReportContents) -> tuple[Chapter, ...]:
    """Methods, Results, limitations and a summary in plain words; nothing where the report has no `metrics`."""
    if not contents.metrics:
        return ()
    known = limitations(contents)
    chapters = [
        Chapter("methods", "Methods", tuple((head, tuple(found)) for head, found in methods(contents).items())),
        Chapter("results", "Results", tuple((head, tuple(found)) for head, found in results(contents).items())),
        Chapter("limitations", "Limitations that the run knows", tuple(("", (item,)) for item in known), points=True),
        Chapter("plain", "Summary in plain words", (("", tuple(plain_language(contents))),)),
    ]
    return tuple(chapter for chapter in chapters if chapter.paragraphs)


def write_texts(contents: ReportContents, folder: Path) -> tuple[Path, ...]:
    """Write `manuscript.md`, `manuscript.docx`, and `numbers.csv`: every number with its place in `metrics.json`."""
    chapters = manuscript(contents)
    if not chapters:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "manuscript.md": _markdown(contents, chapters).encode(),
        "manuscript.docx": _document(contents, chapters),
        "numbers.csv": _numbers(chapters).encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)


def _text(passages: tuple[Passage, ...]) -> str:
    return printable("".join(passage.text for passage in passages)).strip()


def _markdown(contents: ReportContents, chapters: tuple[Chapter, ...]) -> str:
    lines = [f"# {printable(contents.title)}", "", f"**{printable(banner(contents))}**", ""]
    for chapter in chapters:
        lines += [f"## {chapter.title}", ""]
        for head, passages in chapter.paragraphs:
            start = "- " if chapter.points else f"**{head}.** " if head else ""
            lines += [start + _text(passages), *([] if chapter.points else [""])]
        lines += [""] if chapter.points else []
    return "\n".join(lines).rstrip() + "\n"


def _document(contents: ReportContents, chapters: tuple[Chapter, ...]) -> bytes:
    document = new_document(contents.title, banner(contents))
    document.add_heading(printable(contents.title), 0)
    document.add_paragraph().add_run(printable(banner(contents))).bold = True
    for chapter in chapters:
        add_chapter(document, chapter)
    return same_each_time(document)


def add_chapter(document: Any, chapter: Chapter) -> None:
    """Heading and paragraphs of a chapter in a Word document."""
    document.add_heading(chapter.title, 1)
    for head, passages in chapter.paragraphs:
        paragraph = document.add_paragraph(style="List Bullet" if chapter.points else None)
        if head:
            paragraph.add_run(f"{head}. ").bold = True
        paragraph.add_run(_text(passages))


def _numbers(chapters: tuple[Chapter, ...]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["chapter", "text", "path in metrics.json"])
    writer.writerows(_rows(chapters))
    return stream.getvalue()


def _rows(chapters: tuple[Chapter, ...]) -> Iterator[list[str]]:
    for chapter in chapters:
        for _, passages in chapter.paragraphs:
            for passage in passages:
                for quote in passage.quotes:
                    yield [chapter.title, quote.text, quote.path]
