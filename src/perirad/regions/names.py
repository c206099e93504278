"""The names of regions: I, P5, R3-5, U5, N2, C2, T8-13, and those of dilation by pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from perirad.errors import InputError
from perirad.regions.legacy import LegacyRing, element_of

__all__ = ["Kind", "RegionName", "parse_region_name"]


class Kind(StrEnum):
    """What a region's first letter says; d is the distance from the lesion's outline in mm."""

    LESION = "I"
    RING = "P"
    """Outside, 0 < d <= k."""
    BETWEEN = "R"
    """Outside, a < d <= b."""
    UNION = "U"
    """The lesion and its ring P in one."""
    RIM = "N"
    """Inside, d <= k."""
    CORE = "C"
    """Inside, d > k."""
    TISSUE = "T"
    """Outside, a < d <= b, in the lesion's rows, left and right of its columns: tissue at the same depth."""


_TWO = (Kind.BETWEEN, Kind.TISSUE)

_NUMBER = r"(\d{1,6}(?:\.\d{1,9})?)"
_MM = re.compile(rf"([A-Z]){_NUMBER}(?:-{_NUMBER})?", re.ASCII)
_PIXELS = re.compile(r"P(\d{1,5})px-([a-z]+?)(-filled)?", re.ASCII)


@dataclass(frozen=True)
class RegionName:
    """What a region is: its kind, and from where to where in mm.

    `from_mm` is 0 but for R and T; `to_mm` is 0 for I.
    """

    kind: Kind
    from_mm: float = 0.0
    to_mm: float = 0.0

    def __str__(self) -> str:
        """Write the name as `parse_region_name` reads it."""
        if self.kind is Kind.LESION:
            return self.kind.value
        numbers = (self.from_mm, self.to_mm) if self.kind in _TWO else (self.to_mm,)
        return self.kind.value + "-".join(f"{number:.12g}" for number in numbers)


def parse_region_name(text: str) -> RegionName | LegacyRing:
    """Read the name of a region.

    Parameters
    ----------
    text : str
        ``I``; a kind and a width in mm (``P5``, ``U2.5``, ``N2``, ``C2``); a kind and two (``R3-5``, ``T8-13``); or a
        number of pixels with the structuring element (``P20px-square``, ``P20px-disc-filled``).

    Returns
    -------
    RegionName or LegacyRing

    Raises
    ------
    InputError
        When the text is none of these, a width is 0, or two widths do not grow.
    """
    if text == Kind.LESION:
        return RegionName(Kind.LESION)
    pixels = _PIXELS.fullmatch(text)
    if pixels:
        return LegacyRing(int(pixels[1]), element_of(pixels[2]), filled=pixels[3] is not None)
    match = _MM.fullmatch(text)
    if not match or match[1] not in set(Kind) - {Kind.LESION}:
        raise InputError(
            "region name must be I, P5, R3-5, U5, N2, C2, T8-13 or P20px-square",
            repr(text),
            mend="write a letter and millimetres with a point, such as P2.5",
        )
    return _in_mm(text, Kind(match[1]), [float(number) for number in match.groups()[1:] if number])


def _in_mm(text: str, kind: Kind, numbers: list[float]) -> RegionName:
    wanted = 2 if kind in _TWO else 1
    if len(numbers) != wanted:
        example = f"{kind}3-5" if wanted == 2 else f"{kind}5"
        raise InputError(f"region {kind} must have {wanted} width{'s' * (wanted == 2)}, such as {example}", repr(text))
    from_mm, to_mm = numbers if wanted == 2 else (0.0, numbers[0])
    if to_mm <= from_mm:
        expected = "the second width must exceed the first" if wanted == 2 else "width must be positive"
        raise InputError(f"region {kind}: {expected}", repr(text))
    return RegionName(kind, from_mm, to_mm)
