"""Coded concepts of a reading: the standard's where it has one, else private ones of the scheme 99PERIRAD."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Any

from perirad.features.catalogue import CATALOGUE, SHAPE_CATALOGUE

__all__ = ["SCHEME", "feature_code", "feature_unit", "own_code", "unit_code"]

SCHEME = "99PERIRAD"
"""Coding Scheme Designator of the private codes."""
_LONGEST_VALUE, _LONGEST_MEANING = 16, 64
_UNITS = {"": "1", "years": "a", "year": "a", "mm^2": "mm2", "1/mm": "/mm"}
_UCUM = {"1", "a", "mm", "mm2", "cm", "/mm", "bit", "%", "kg", "g", "m", "kg/m2", "mmol/L", "ng/mL", "U/mL", "d"}
_PLAIN = re.compile(r"[!-z|~]+")
"""ASCII without blanks and braces: what UCUM allows within an annotation."""


def own_code(value: str, meaning: str) -> Any:
    """Private code; a value longer than a DICOM code may be is cut, and told apart by its digest.

    Parameters
    ----------
    value : str
        What the code stands for, of any length and letters.
    meaning : str
        Words for it; cut to the 64 characters that DICOM allows.
    """
    from highdicom.sr import CodedConcept  # noqa: PLC0415  (an extra, and slow to import)

    if len(value) > _LONGEST_VALUE or not re.fullmatch("[A-Za-z0-9_.-]+", value):
        value = "X" + hashlib.sha256(value.encode()).hexdigest()[: _LONGEST_VALUE - 1].upper()
    return CodedConcept(value, SCHEME, meaning.replace("\\", "/")[:_LONGEST_MEANING].strip() or value)


def unit_code(unit: str) -> Any:
    """UCUM code of a unit; one that UCUM does not know is an annotation, ``{level}``, of a pure number."""
    from highdicom.sr import CodedConcept  # noqa: PLC0415

    value = _UNITS.get(unit, unit)
    if value not in _UCUM:
        annotated = "{" + unit.replace(" ", "_") + "}"
        value = annotated if _PLAIN.fullmatch(annotated[1:-1]) and len(annotated) <= _LONGEST_VALUE else "1"
    return CodedConcept(value, "UCUM", "no units" if value == "1" else (unit or value)[:_LONGEST_MEANING])


def feature_code(column: str, ibsi: str) -> Any:
    """IBSI code of a feature, as PS3.16 lists IBSI's; a private one where IBSI does not define the feature.

    An IBSI code says which feature it is, not of which region or filtered image: two columns may share one. Codes of a
    family of fractions (``BC2M:10``) are the family's.
    """
    from highdicom.sr import CodedConcept  # noqa: PLC0415

    if not ibsi:
        return own_code(column, column)
    value = ibsi.partition(":")[0]
    return CodedConcept(value, "IBSI", _ibsi_meanings().get(value, column.rsplit("_", 1)[-1])[:_LONGEST_MEANING])


def feature_unit(column: str) -> Any:
    """UCUM unit of a feature by PyRadiomics' definitions; a pure number for all others.

    Features of a filtered image are on the filter's own scale, which has no unit.
    """
    _, image, family, name = column.split("_", 3) if column.count("_") >= 3 else ("", "", "", "")
    unit = _feature_units().get((family, name), "1") if image == "original" else "1"
    return unit_code(unit)


@lru_cache(maxsize=1)
def _feature_units() -> dict[tuple[str, str], str]:
    return {(feature.family, feature.name): feature.unit for feature in (*CATALOGUE, *SHAPE_CATALOGUE)}


@lru_cache(maxsize=1)
def _ibsi_meanings() -> dict[str, str]:
    """Meanings of IBSI's codes in PS3.16, as pydicom lists them."""
    from pydicom.sr.codedict import codes  # noqa: PLC0415

    found = (getattr(codes.IBSI, name) for name in codes.IBSI.dir())
    return {str(code.value): str(code.meaning) for code in found}
