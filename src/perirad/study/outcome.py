"""The outcome of a case: read from a column, or derived by a rule that is written down once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perirad.study.cells import shortest
from perirad.study.her2 import Category, classify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perirad.study.settings import OutcomeSettings

__all__ = ["Derived", "derive", "her2_low"]


@dataclass(frozen=True)
class Derived:
    """An outcome (1 event, 0 no event), or why there is none.

    `excluded` is a reason that belongs to the design (a patient flow counts it); `unreadable` says that the value
    could not be understood, which is a problem of the table. `group` is the category that a rule found, `note` what of
    it a reader should look at.
    """

    outcome: int | None
    excluded: str = ""
    unreadable: str = ""
    group: str = ""
    note: str = ""


def derive(row: Mapping[str, str], settings: OutcomeSettings) -> Derived:
    """Outcome of one row of the table (values as text, trimmed)."""
    if settings.rule == "her2-low":
        return her2_low(
            row.get(settings.ihc, ""),
            row.get(settings.ish, ""),
            ratio=row.get(settings.ratio, ""),
            copies=row.get(settings.copies, ""),
            ultralow=settings.ultralow,
        )
    value = row.get(settings.column, "")
    spellings = {value, shortest(value)}
    if spellings & set(settings.event):
        return Derived(1)
    if spellings & set(settings.nonevent):
        return Derived(0)
    if value == "":
        return Derived(None, excluded="outcome missing")
    if spellings & set(settings.excluded):
        return Derived(None, excluded=f"{settings.label}: {value}")
    return Derived(None, unreadable=f"{value!r}")


def her2_low(ihc: str, ish: str, *, ratio: str = "", copies: str = "", ultralow: str = "zero") -> Derived:
    """HER2-low (1) against HER2-zero (0), by the categories of `study.her2`.

    Positive and undetermined tumours are excluded with their reason. Ultralow ones, where they are recorded, are
    counted as zero or low, or excluded, as `ultralow` says.
    """
    her2 = classify(ihc, ish, ratio=ratio, copies=copies)
    if her2.category is Category.UNREADABLE:
        return Derived(None, unreadable=her2.reason)
    if her2.category is Category.ULTRALOW and ultralow == "exclude":
        return Derived(None, excluded=f"HER2-ultralow ({her2.reason})", group=her2.category, note=her2.note)
    outcome = {Category.ZERO: 0, Category.LOW: 1, Category.ULTRALOW: int(ultralow == "low")}.get(her2.category)
    excluded = her2.reason if outcome is None else ""
    return Derived(outcome, excluded=excluded, group=her2.category, note=her2.note)
