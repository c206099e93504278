"""The outcome of a case: read from a column, or derived by a rule that is written down once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perirad.study.settings import OutcomeSettings

__all__ = ["Derived", "derive", "her2_low"]

_NO_ISH = frozenset({"not done", "not available", "na", "n/a"})


@dataclass(frozen=True)
class Derived:
    """An outcome (1 event, 0 no event), or why there is none.

    `excluded` is a reason that belongs to the design (a patient flow counts it); `unreadable` says that the value
    could not be understood, which is a problem of the table.
    """

    outcome: int | None
    excluded: str = ""
    unreadable: str = ""


def derive(row: Mapping[str, str], settings: OutcomeSettings) -> Derived:
    """Outcome of one row of the table (values as text, trimmed)."""
    if settings.rule == "her2-low":
        return her2_low(row.get(settings.ihc, ""), row.get(settings.ish, ""))
    value = row.get(settings.column, "")
    if value in settings.event:
        return Derived(1)
    if value in settings.nonevent:
        return Derived(0)
    if value == "":
        return Derived(None, excluded="outcome missing")
    if value in settings.excluded:
        return Derived(None, excluded=f"{settings.label}: {value}")
    return Derived(None, unreadable=f"{value!r}")


def her2_low(ihc: str, ish: str) -> Derived:
    """HER2-low (1) against HER2-zero (0) by the ASCO/CAP scores (doi:10.1200/JCO.22.02864).

    Low: IHC 1+, or IHC 2+ with negative ISH. Zero: IHC 0. IHC 3+ or positive ISH is HER2-positive and excluded;
    IHC 2+ without an ISH result is undetermined and excluded.
    """
    score = ihc.strip().removesuffix("+")
    result = ish.strip().lower()
    if score not in {"", "0", "1", "2", "3"}:
        return Derived(None, unreadable=f"IHC {ihc!r}")
    if result not in {"", "positive", "negative", *_NO_ISH}:
        return Derived(None, unreadable=f"ISH {ish!r}")
    if result == "positive" or score == "3":
        return Derived(None, excluded="HER2-positive (IHC 3+ or ISH positive)")
    if score == "":
        return Derived(None, excluded="HER2 IHC missing")
    if score == "2" and result != "negative":
        return Derived(None, excluded="HER2 IHC 2+ without ISH result")
    return Derived(0 if score == "0" else 1)
