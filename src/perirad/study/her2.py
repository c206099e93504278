"""HER2 categories from raw immunohistochemistry (IHC) and in situ hybridisation (ISH) results, by ASCO/CAP."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from perirad.study.her2_words import Ihc, IshWord, read_ihc, read_ish, read_signal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Category", "Her2", "classify", "dual_probe_groups"]

MISSING_IHC: Final = "HER2 IHC missing"
NO_SCORE: Final = "HER2 IHC negative without a score (0 or 1+)"
INDETERMINATE_IHC: Final = "HER2 IHC indeterminate"
NO_ISH: Final = "HER2 IHC 2+ without ISH result"
EQUIVOCAL_ISH: Final = "HER2 IHC 2+ with equivocal ISH result"
AMBIGUOUS_ISH: Final = "HER2 IHC 2+ with ISH numbers of more than one group"
POSITIVE: Final = "HER2-positive (IHC 3+ or ISH positive)"

Group = Literal[1, 2, 3, 4, 5]
_RATIO_LIMIT = 2.0
_COPIES_LOW, _COPIES_HIGH = 4.0, 6.0


class Category(StrEnum):
    """What a tumour is, or that its cells could not be read."""

    ZERO = "HER2-zero"
    ULTRALOW = "HER2-ultralow"
    LOW = "HER2-low"
    POSITIVE = "HER2-positive"
    UNDETERMINED = "HER2-undetermined"
    UNREADABLE = "unreadable"


_ALONE = {
    Ihc.ZERO: (Category.ZERO, "IHC 0"),
    Ihc.ZERO_STAINED: (Category.ULTRALOW, "IHC 0 with membrane staining"),
    Ihc.ONE: (Category.LOW, "IHC 1+"),
    Ihc.NEGATIVE: (Category.UNDETERMINED, NO_SCORE),
    Ihc.INDETERMINATE: (Category.UNDETERMINED, INDETERMINATE_IHC),
    Ihc.MISSING: (Category.UNDETERMINED, MISSING_IHC),
}
"""What IHC says where ISH is not positive and not needed."""


@dataclass(frozen=True)
class Her2:
    """Category of a tumour.

    Parameters
    ----------
    category : Category
        The category.
    reason : str
        What it rests on, in the words that a patient flow counts; for an unreadable cell, column and content.
    note : str
        What a pathologist would ask about: results that contradict each other, a recount that is taken for done.
    """

    category: Category
    reason: str
    note: str = ""


@dataclass(frozen=True)
class _Ish:
    """Result of ISH: a word, "ambiguous" where numbers leave it open, or why the cells contradict each other."""

    result: IshWord | Literal["ambiguous"]
    note: str = ""
    contradiction: str = ""


def classify(ihc: str, ish: str, *, ratio: str = "", copies: str = "") -> Her2:
    """HER2 category by ASCO/CAP 2018 (doi:10.1200/JCO.2018.77.8738), affirmed in 2023 (doi:10.1200/JCO.22.02864).

    Parameters
    ----------
    ihc, ish : str
        Cells of the table, in the spellings that `her2_words` lists.
    ratio, copies : str
        HER2/CEP17 ratio and mean HER2 signals per cell of a dual-probe assay, where recorded.

    Returns
    -------
    Her2
        Zero: IHC 0. Ultralow: IHC 0 where membrane staining is recorded; the guideline does not name it. Low: IHC 1+,
        or IHC 2+ and ISH negative. Positive: IHC 3+, or ISH positive. Undetermined: IHC missing, indeterminate or
        negative without a score, IHC 2+ without a clear ISH result. Unreadable: a spelling that could mean two things,
        or two cells of which one must be wrong; never a guess.

    Notes
    -----
    Ratio and copies give the dual-probe groups 1 to 5, read in the light of the IHC score. Where one of the two
    numbers is missing, the result counts only if all groups that remain agree. In groups 2 to 4 with IHC 2+ the
    guideline asks a second observer to recount; the numbers are taken for the recounted ones, and the note says so.
    """
    score, word = read_ihc(ihc), read_ish(ish)
    numbers = {"ratio": read_signal(ratio), "copies": read_signal(copies)}
    for name, text, value in (("IHC", ihc, score), ("ISH", ish, word)):
        if value is None:
            return Her2(Category.UNREADABLE, f"{name} {text!r}")
    for name, text in (("ratio", ratio), ("copies", copies)):
        if isinstance(numbers[name], str):
            return Her2(Category.UNREADABLE, f"ISH {name} {text!r}")
    assert score is not None
    assert word is not None
    found = _ish(score, word, {name: value for name, value in numbers.items() if isinstance(value, float)})
    if found.contradiction:
        return Her2(Category.UNREADABLE, found.contradiction)
    return _combine(score, found)


def _combine(score: Ihc, ish: _Ish) -> Her2:
    """The table of the guideline, from the certain to the open."""
    if score is Ihc.THREE or ish.result == "positive":
        return Her2(Category.POSITIVE, POSITIVE, _joined(_discordance(score, ish), ish.note))
    if score is Ihc.TWO:
        if ish.result == "negative":
            return Her2(Category.LOW, "IHC 2+, ISH negative", ish.note)
        open_reasons = {"equivocal": EQUIVOCAL_ISH, "ambiguous": AMBIGUOUS_ISH}
        return Her2(Category.UNDETERMINED, open_reasons.get(ish.result, NO_ISH), ish.note)
    category, reason = _ALONE[score]
    return Her2(category, reason, ish.note)


def _discordance(score: Ihc, ish: _Ish) -> str:
    if score is Ihc.THREE and ish.result == "negative":
        return "IHC 3+ with negative ISH: positive by IHC"
    if score in {Ihc.ZERO, Ihc.ZERO_STAINED, Ihc.ONE, Ihc.NEGATIVE} and ish.result == "positive":
        return f"IHC {score.value} with positive ISH: positive by ISH"
    return ""


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def dual_probe_groups(ratio: float | None, copies: float | None) -> tuple[Group, ...]:
    """Groups of ASCO/CAP 2018 that a HER2/CEP17 ratio and mean HER2 copies per cell allow; all five without numbers."""
    by_ratio: set[Group] = {1, 2, 3, 4, 5}
    by_copies: set[Group] = {1, 2, 3, 4, 5}
    if ratio is not None:
        by_ratio = {1, 2} if ratio >= _RATIO_LIMIT else {3, 4, 5}
    if copies is not None:
        middle: set[Group] = {1, 4} if copies >= _COPIES_LOW else {2, 5}
        by_copies = {1, 3} if copies >= _COPIES_HIGH else middle
    return tuple(sorted(by_ratio & by_copies))


def _of_group(group: Group, score: Ihc) -> Literal["positive", "negative", "ambiguous"]:
    """Result of a group in the light of IHC; groups 2 to 4 say nothing alone."""
    if group == 1:
        return "positive"
    if group == 5:
        return "negative"
    if score in {Ihc.MISSING, Ihc.INDETERMINATE}:
        return "ambiguous"
    if score is Ihc.THREE or (group == 3 and score is Ihc.TWO):
        return "positive"
    return "negative"


def _ish(score: Ihc, word: IshWord, numbers: Mapping[str, float]) -> _Ish:
    """What the word says where there is no number, else what the numbers say, and whether the word fits them."""
    if not numbers:
        return _Ish(word)
    groups = dual_probe_groups(numbers.get("ratio"), numbers.get("copies"))
    text = " and ".join(f"{name} {value:g}" for name, value in numbers.items())
    results = {_of_group(group, score) for group in groups}
    if word in {"positive", "negative"} and word not in results and groups in {(1,), (5,)}:
        return _Ish(word, contradiction=f"ISH {word!r} with {text}")
    if len(results) > 1 or "ambiguous" in results:
        clear = word in {"positive", "negative"} and word in results
        return _Ish(word if clear else "ambiguous")
    result = results.pop()
    return _Ish(result, _note_of_groups(groups, score, word, result, text))


def _note_of_groups(groups: tuple[Group, ...], score: Ihc, word: IshWord, result: str, text: str) -> str:
    named = f"ISH group {' or '.join(map(str, groups))} ({text})"
    notes = []
    if word and word != result:
        notes.append(f"{named} is {result} with IHC {score.value} since 2018, recorded as {word}")
    if score is Ihc.TWO and set(groups) <= {2, 3, 4}:
        notes.append(f"{named} with IHC 2+ is taken for recounted by a second observer")
    return "; ".join(notes)
