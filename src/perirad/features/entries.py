"""The catalogue: every feature of both definitions, with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perirad.features.catalogue import CATALOGUE, SHAPE_CATALOGUE
from perirad.features.degenerate import DEGENERATE
from perirad.features.formulas import FORMULAS
from perirad.features.ibsi.catalogue import IBSI_CATALOGUE
from perirad.features.ibsi.names import FEATURE_WORDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENTRIES", "Entry", "catalogue", "unit_of"]


@dataclass(frozen=True)
class Entry:
    """A feature.

    Parameters
    ----------
    definitions : str
        ``pyradiomics`` or ``ibsi``.
    family : str
        As in columns, without the aggregation: ``glcm``, ``ibsi-glcm``.
    name : str
        As in columns: ``JointEntropy``, ``joint-entropy``.
    ibsi : str
        IBSI code; empty where IBSI has no feature of this definition.
    unit : str
        ``1`` for a pure number; ``grey`` for grey values, ``level`` for grey levels, ``px`` for numbers of pixels,
        ``step`` for distances counted from pixel to pixel.
    formula : str
        In the letters of `perirad.features.formulas.SYMBOLS`.
    flat, one_pixel, empty : str
        Value of a flat region (all pixels in one bin of fixed width), of a single pixel, of a region without pixels:
        a number, ``NaN``, or ``-`` where it depends on the region as elsewhere.
    pyradiomics : str
        PyRadiomics' name of the feature with this formula, ``family_Name``; empty where there is none.
    meaning : str
        In a few words.
    where : str
        ``plane`` for what a picture is asked for, ``volume`` for what only a volume has (of one slice: ``slice_mm``).
    """

    definitions: str
    family: str
    name: str
    ibsi: str
    unit: str
    formula: str
    flat: str
    one_pixel: str
    empty: str
    pyradiomics: str
    meaning: str
    where: str


def _pyradiomics() -> list[Entry]:
    found = []
    for feature in (*CATALOGUE, *SHAPE_CATALOGUE):
        key = f"{feature.family}_{feature.name}"
        formula = FORMULAS.get(feature.ibsi_code) or FORMULAS[key]
        where = "volume" if feature.family == "shape" else "plane"
        known = (feature.family, feature.name, feature.ibsi_code, feature.unit, formula, *DEGENERATE[key], key)
        found.append(Entry("pyradiomics", *known, feature.description, where))
    return found


def _ibsi() -> list[Entry]:
    found = []
    for feature in IBSI_CATALOGUE:
        family, name = FEATURE_WORDS[feature.code]
        unit = feature.unit.replace("intensity", "grey").replace("voxel", "px")
        where = "volume" if family == "morphology" else "plane"
        known = (name, feature.code, unit, FORMULAS[feature.code], *DEGENERATE[feature.code], feature.pyradiomics)
        found.append(Entry("ibsi", f"ibsi-{family}", *known, feature.name, where))
    return found


ENTRIES: tuple[Entry, ...] = (*_pyradiomics(), *_ibsi())
"""PyRadiomics' 102 features and 14 of form in space, then IBSI's 174."""


def catalogue() -> pd.DataFrame:
    """Every feature of both definitions.

    Returns
    -------
    pandas.DataFrame
        A row for each, with the columns of `Entry`.
    """
    import pandas as pd  # noqa: PLC0415  (a second of import time)

    return pd.DataFrame([vars(entry) for entry in ENTRIES])


def unit_of(family: str, name: str) -> str:
    """Unit of a feature by the family and name of its column; empty where there is no such feature."""
    return _UNITS.get((_without_aggregation(family), name), "")


def _without_aggregation(family: str) -> str:
    return "-".join(family.split("-")[:2]) if family.startswith("ibsi-") else family


_UNITS = {(entry.family, entry.name): entry.unit for entry in ENTRIES}
