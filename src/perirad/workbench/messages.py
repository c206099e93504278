"""Words of the pages, by language: English and Chinese, a folder each with a catalogue for each page."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

__all__ = ["LANGUAGES", "Words"]

LANGUAGES = {"en": "English", "zh": "中文"}
_FOLDER = Path(__file__).parent / "messages"


@lru_cache(maxsize=4)
def _catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((_FOLDER / language).glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


class Words:
    """Words of one language; a word that a catalogue lacks is English."""

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"

    def __call__(self, key: str, **values: object) -> str:
        """Word or sentence for a key, with values put in."""
        text = _catalogue(self.language).get(key) or _catalogue("en")[key]
        return text.format(**values) if values else text
