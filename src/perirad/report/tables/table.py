"""A table of the report: a frame of finished texts, with its title, caption and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from perirad.report.text import printable

if TYPE_CHECKING:
    from perirad.report.contents import ReportContents

__all__ = ["WIDE_COLUMNS", "ReportTable", "frame_of", "kind_and_number"]

WIDE_COLUMNS = 7
"""From so many columns on a table needs small print on the web page and a landscape page in Word."""


@dataclass(frozen=True)
class ReportTable:
    """A table ready to print: every cell of `frame` is text; `notes` explain signs, tests and dashes."""

    stem: str
    title: str
    caption: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def frame_of(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Frame of texts, safe for Word and the web; column names may repeat."""
    cells = [[printable(cell) for cell in row] for row in rows]
    return pd.DataFrame(cells, columns=[printable(name) for name in columns], dtype=object)


def kind_and_number(contents: ReportContents, *, training: bool = False) -> str:
    """``Simulated cohort, N = 360 patients``: what stands in every caption.

    With `training`, for tables of what was learnt: ``Simulated cohort, training patients only, N = 252``.
    """
    kind = contents.kind_label
    if training:
        learnt_from = sum(item.n_patients for item in contents.cohorts if item.name == "train")
        return f"{kind}, training patients only, N = {learnt_from}"
    return f"{kind}, N = {sum(item.n_patients for item in contents.cohorts)} patients"
