"""How HER2 results are written in tables; a spelling that could mean two things is not read."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Literal, TypeAlias

from perirad.study.cells import finite_number

__all__ = ["Ihc", "IshWord", "read_ihc", "read_ish", "read_signal"]


class Ihc(StrEnum):
    """An IHC score, or what stands in its place."""

    ZERO = "0"
    ZERO_STAINED = "0 with membrane staining"
    ONE = "1+"
    TWO = "2+"
    THREE = "3+"
    NEGATIVE = "negative"
    INDETERMINATE = "indeterminate"
    MISSING = "missing"


IshWord: TypeAlias = Literal["positive", "negative", "equivocal", ""]

_MISSING = frozenset({
    "", "na", "n/a", "nan", "none", "null", "missing", "unknown", "not available", "not applicable", "not assessed",
    "not done", "not evaluated", "not known", "not performed", "not reported", "not tested", "pending",
})  # fmt: skip

_IHC = {
    "0": Ihc.ZERO, "zero": Ihc.ZERO,
    "0+": Ihc.ZERO_STAINED, "ultralow": Ihc.ZERO_STAINED, "ultra-low": Ihc.ZERO_STAINED, "ultra low": Ihc.ZERO_STAINED,
    "0 with membrane staining": Ihc.ZERO_STAINED, "0 with staining": Ihc.ZERO_STAINED,
    "1": Ihc.ONE, "1+": Ihc.ONE, "+1": Ihc.ONE,
    "2": Ihc.TWO, "2+": Ihc.TWO, "+2": Ihc.TWO, "++": Ihc.TWO, "equivocal": Ihc.TWO,
    "3": Ihc.THREE, "3+": Ihc.THREE, "+3": Ihc.THREE, "+++": Ihc.THREE, "positive": Ihc.THREE, "pos": Ihc.THREE,
    "negative": Ihc.NEGATIVE, "neg": Ihc.NEGATIVE,
    "indeterminate": Ihc.INDETERMINATE, "inconclusive": Ihc.INDETERMINATE,
}  # fmt: skip

_ISH: dict[str, IshWord] = {
    "positive": "positive", "pos": "positive", "amplified": "positive", "amplification": "positive",
    "negative": "negative", "neg": "negative", "not amplified": "negative", "non-amplified": "negative",
    "non amplified": "negative", "nonamplified": "negative", "unamplified": "negative", "no amplification": "negative",
    "equivocal": "equivocal", "indeterminate": "equivocal", "inconclusive": "equivocal", "borderline": "equivocal",
}  # fmt: skip

_NAMES = r"her-?2(?:/neu)?|c-?erbb-?2|ihc|score|d?ish|c-?ish|s-?ish|fish"
_ASSAY = re.compile(rf"^(?:(?:{_NAMES})(?:[\s:=/]|-(?=[a-z]))*)+(?=\S)")
_TAIL = re.compile(r"\s+by\s+(?:ihc|ish|fish)$")


def read_ihc(text: str) -> Ihc | None:
    """Score of a cell, None where it is doubtful: "1+/2+", a lone "+", "4+".

    "Positive", "Equivocal" and "Negative" are the guideline's words for 3+, 2+ and (0 or 1+). "0+" is how IHC 0 with
    membrane staining is recorded. "1.0" is a whole number that a program has written as a decimal.
    """
    word = _plain(text)
    if word in _MISSING:
        return Ihc.MISSING
    return _IHC.get(re.sub(r"^([0-3])\.0$", r"\1", word))


def read_ish(text: str) -> IshWord | None:
    """Result of a cell, empty where there is none, None where it is doubtful: "+", "1", a number without a name."""
    word = _plain(text)
    return "" if word in _MISSING else _ISH.get(word)


def read_signal(text: str) -> float | str | None:
    """A ratio or a count of signals, positive; None where there is none, the text itself where it is doubtful."""
    word = _plain(text)
    if word in _MISSING:
        return None
    value = finite_number(word)
    return value if value is not None and value > 0 else text


def _plain(text: str) -> str:
    """Lower case, without brackets, full-width characters, underscores and the assay's name."""
    word = unicodedata.normalize("NFKC", text).casefold().replace("_", " ").strip()
    word = re.sub(r"^[(\[](.*)[)\]]$", r"\1", word)
    word = _TAIL.sub("", _ASSAY.sub("", " ".join(word.split())))
    word = re.sub(r"^[(\[](.*)[)\]]$", r"\1", word)
    return re.sub(r"(?<=\d)\s+(?=\+$)|(?<=^\+)\s+(?=\d$)", "", word.strip())
