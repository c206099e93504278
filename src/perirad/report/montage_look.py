"""How regions are told apart in a montage: by dash first, which survives grey print, then by colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from perirad.report.style import REGION_COLOURS, look

__all__ = ["DASHES", "colour", "dash", "words"]

DASHES: Final[tuple[tuple[float, ...], ...]] = ((7, 4), (2, 3), (8, 3, 2, 3), (12, 5))
"""Of the rings from the inside out, in pixels of a tile: dashed, dotted, dash-dotted, long dashes; then again."""
_WORDS = ("dashed", "dotted", "dash-dotted", "long dashes")


def dash(region: str, regions: Sequence[str]) -> tuple[float, ...]:
    """Lengths of line and gap in turn; none for the lesion, whose line is solid."""
    return () if region == "I" else DASHES[_ring(region, regions) % len(DASHES)]


def colour(region: str, regions: Sequence[str]) -> str:
    """Colour that is light on any tissue and stays distinct to the colour-blind."""
    return REGION_COLOURS.get(region, look(regions.index(region)).colour)


def words(region: str, regions: Sequence[str]) -> str:
    """``P3 dashed`` for the legend."""
    return "I (lesion) solid" if region == "I" else f"{region} {_WORDS[_ring(region, regions) % len(_WORDS)]}"


def _ring(region: str, regions: Sequence[str]) -> int:
    return [name for name in regions if name != "I"].index(region)
