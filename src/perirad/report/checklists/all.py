"""All checklists of a run, and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from perirad.report.checklists.clear import CLEAR
from perirad.report.checklists.evidence import evidence
from perirad.report.checklists.ibsi_items import IBSI_ITEMS
from perirad.report.checklists.metrics_score import METRICS, metrics_score
from perirad.report.checklists.probast_ai import PROBAST_AI
from perirad.report.checklists.records import STATUS_WORDS, Answer, Answered, Checklist, Item
from perirad.report.checklists.tripod_ai import TRIPOD_AI
from perirad.report.contents import ReportContents
from perirad.report.summary import banner
from perirad.report.tables.table import ReportTable, frame_of
from perirad.report.text import printable
from perirad.report.word import add_table, new_document, same_each_time

__all__ = ["CHECKLIST_NOTE", "Checklist", "checklist_table", "checklists", "write_checklists"]

_KNOWN: tuple[tuple[str, str, str, Sequence[Item]], ...] = (
    ("tripod_ai", "TRIPOD+AI", "Collins and others, BMJ 2024;385:e078378", TRIPOD_AI),
    ("clear", "CLEAR", "Kocak and others, Insights Imaging 2023;14:75", CLEAR),
    ("metrics", "METRICS", "Kocak and others, Insights Imaging 2024;15:8", METRICS),
    ("ibsi", "IBSI reporting items", "Zwanenburg and others, arXiv:1612.07003", IBSI_ITEMS),
    ("probast_ai", "Self-audit by PROBAST+AI", "Moons and others, BMJ 2025;388:e082505", PROBAST_AI),
)
CHECKLIST_NOTE = (
    "Items in our own words under the checklist's numbers. Filled in where the run knows; blank where only the authors "
    "do; page numbers are to be added."
)


def checklists(contents: ReportContents) -> tuple[Checklist, ...]:
    """Checklists with what the run knows: those of radiomics for a study that has any, IBSI's where it has images.

    Nothing where the report has no `metrics`.
    """
    if not contents.metrics:
        return ()
    known = {**evidence(contents), **_joint(contents)}
    apply = {"tripod_ai", "probast_ai", *(("clear", "metrics") if contents.scenarios else ())}
    apply |= {"ibsi"} if contents.images else set()
    return tuple(_filled(stem, title, source, items, known) for stem, title, source, items in _KNOWN if stem in apply)


def _joint(contents: ReportContents) -> dict[str, Answer]:
    """Answers that only one checklist asks for, most of them by its way of asking."""
    screened = contents.metrics["design"]["clinical"]["keep"] == "multivariable"
    return {
        "automatic": Answer("n/a", "No automatic segmentation."),
        "deep": Answer("n/a", "No deep learning."),
        "routine": Answer("yes" if contents.images else "authors", "B-mode ultrasound." if contents.images else ""),
        "registered": Answer("n/a", "One image of one modality."),
        "patient_preparation": Answer("authors", "Authors: if there is anything to say."),
        "preprocessing_all": Answer("yes", "Methods; quality.csv lists every case and what was found."),
        "scaling_any": Answer("yes", "Standardised by the training patients; clinical variables as in table Settings."),
        "share_features_any": Answer("partly", "Tables and features can be shared. Authors: where."),
        "not_outcome": Answer("yes", "Columns of the outcome are refused as predictors."),
        "screened": Answer(
            "no" if screened else "yes",
            "Clinical variables were chosen by P, as asked for."
            if screened
            else "No clinical variable was chosen by P.",
        ),
    }


def _filled(stem: str, title: str, source: str, items: Sequence[Item], known: Mapping[str, Answer]) -> Checklist:
    rows = tuple(Answered(item, known[item.key]) for item in items)
    if stem != "metrics":
        return Checklist(stem, title, source, rows)
    sure, most = metrics_score(rows)
    said = (
        f"METRICS score {sure:.0f}% by what the run shows; up to {most:.0f}% if the authors can affirm the blank and "
        "partial items."
    )
    return Checklist(stem, title, source, rows, said)


def checklist_table(checklist: Checklist) -> ReportTable:
    """A checklist as a table to print."""
    weighted = any(row.item.weight for row in checklist.rows)
    columns = [
        "Item",
        "Section",
        "What is asked",
        *(["Weight"] if weighted else []),
        "Answer",
        "Where, or what to add",
        "Page",
    ]
    rows = [
        [
            row.item.number, row.item.section, row.item.text, *([f"{row.item.weight:.4f}"] if weighted else []),
            STATUS_WORDS[row.answer.status], row.answer.where, "",
        ]
        for row in checklist.rows
    ]  # fmt: skip
    caption = f"{checklist.title} ({checklist.source})."
    notes = (CHECKLIST_NOTE, *([checklist.score] if checklist.score else []))
    return ReportTable(f"checklist_{checklist.stem}", checklist.title, caption, frame_of(columns, rows), notes)


def write_checklists(contents: ReportContents, folder: Path) -> tuple[Path, ...]:
    """Write each checklist as a Word document and as CSV into a folder, made if need be."""
    written = []
    for checklist in checklists(contents):
        folder.mkdir(parents=True, exist_ok=True)
        table = checklist_table(checklist)
        document = new_document(table.title, table.caption)
        document.add_heading(printable(f"{checklist.title}: {contents.title}"), 1)
        document.add_paragraph(printable(banner(contents)))
        if checklist.score:
            document.add_paragraph(checklist.score)
        add_table(document, table, "")
        files = {
            "docx": same_each_time(document),
            "csv": table.frame.to_csv(index=False, lineterminator="\n").encode(),
        }
        for form, content in files.items():
            path = folder / f"{checklist.stem}.{form}"
            path.write_bytes(content)
            written.append(path)
    return tuple(written)
