"""An item of a checklist, and what a run can answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["STATUS_WORDS", "Answer", "Answered", "Checklist", "Item"]

Status = Literal["yes", "partly", "no", "authors", "n/a"]

STATUS_WORDS: Final[Mapping[Status, str]] = {
    "yes": "Yes", "partly": "Partly", "no": "No", "authors": "", "n/a": "Not applicable",
}  # fmt: skip
"""What stands in the column; what only the authors know stays blank."""


@dataclass(frozen=True)
class Answer:
    """What the run knows: whether it was done, and where it stands or what the authors have to add."""

    status: Status
    where: str


@dataclass(frozen=True)
class Item:
    """An item in our own words, under the number that the checklist gives it; `key` is what answers it."""

    number: str
    section: str
    text: str
    key: str
    weight: float = 0.0


@dataclass(frozen=True)
class Answered:
    """An item and its answer."""

    item: Item
    answer: Answer


@dataclass(frozen=True)
class Checklist:
    """A checklist of this run; `score` is in words, empty where the checklist has none."""

    stem: str
    title: str
    source: str
    rows: tuple[Answered, ...]
    score: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many items have each status."""
        return {status: sum(row.answer.status == status for row in self.rows) for status in STATUS_WORDS}

    @property
    def counted(self) -> str:
        """``34 yes, 8 partly, 1 no, 15 for the authors, 2 not applicable``."""
        words = {"yes": "yes", "partly": "partly", "no": "no", "authors": "for the authors", "n/a": "not applicable"}
        return ", ".join(f"{count} {words[status]}" for status, count in self.counts.items() if count)
