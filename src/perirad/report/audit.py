"""The audit as one web page: what was done wrong, and how much it seems to gain."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from perirad.report.style import SIMULATED, render
from perirad.report.text import decimal, estimate_text, printable
from perirad.validation.records import Estimate

__all__ = ["AuditContents", "AuditRow", "audit_html", "write_audit_html"]

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class AuditRow:
    """One leak on one outcome: the figure done honestly, done with the leak, and the paired difference.

    `honest_values` and `leaky_values` belong to `seeds`, one per split; `leaky_values` are NaN for the best of several
    splits, which no single split shows.
    """

    key: str
    title: str
    wrong: str
    figure: str
    permuted: bool
    honest: Estimate
    leaky: Estimate
    gain: Estimate
    seeds: tuple[int, ...]
    honest_values: tuple[float, ...]
    leaky_values: tuple[float, ...]

    @property
    def is_auc(self) -> bool:
        """Whether the figure is an AUC, for which chance is one half."""
        return self.figure.startswith("AUC")


@dataclass(frozen=True)
class AuditContents:
    """All that the audit found; `left_out` names the leaks that do not apply, with the reason."""

    title: str
    kind: str
    outcome: str
    n_patients: int
    n_images: int
    n_splits: int
    n_best: int
    first_seed: int
    rows: tuple[AuditRow, ...]
    left_out: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    def pairs(self) -> tuple[tuple[AuditRow, AuditRow], ...]:
        """Each leak on the real and on the permuted outcome."""
        permuted = {row.key: row for row in self.rows if row.permuted}
        return tuple((row, permuted[row.key]) for row in self.rows if not row.permuted)


def write_audit_html(contents: AuditContents, path: Path) -> None:
    """Write the page: one file, its figure inside, no script, nothing fetched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(audit_html(contents), encoding="utf-8", newline="")


def audit_html(contents: AuditContents) -> str:
    """Text of the page; every text from the study is escaped."""
    # Here, because the figure reads the records above.
    from perirad.report.figures.audit import audit_figure  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    picture = base64.b64encode(render(audit_figure(contents), "svg")).decode("ascii")
    entries = [
        {
            "title": real.title,
            "wrong": real.wrong,
            "figure": real.figure,
            "cells": [_cells(row) for row in (real, shuffled)],
        }
        for real, shuffled in contents.pairs()
    ]
    page = environment.get_template("audit.html.j2").render(
        contents=contents,
        banner=SIMULATED if contents.kind == "simulated" else "Real images",
        picture=f"data:image/svg+xml;base64,{picture}",
        entries=entries,
    )
    return printable(page)


def _cells(row: AuditRow) -> dict[str, str]:
    return {
        "outcome": "permuted" if row.permuted else "real",
        "honest": decimal(row.honest.estimate, 3),
        "leaky": decimal(row.leaky.estimate, 3),
        "gain": estimate_text(row.gain, 3),
        "splits": str(len(row.seeds)),
    }
