"""What the columns of a stranger's table are, told by their names and cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pandas as pd

from perirad.study.casefiles import FILE_COLUMNS
from perirad.study.cells import finite_number
from perirad.study.cohort import EXCLUDE_COLUMN
from perirad.study.settings import ClinicalSettings

__all__ = ["COHORT_WORDS", "FURTHER", "MISSING", "guess", "her2_columns", "is_unknown", "likely_unit", "tells_her2"]

MISSING: Final = frozenset(ClinicalSettings().missing_words)
"""Words of a cell that say that nothing is known."""
_UNKNOWN: Final = frozenset({word.lower() for word in MISSING}) | {
    "not applicable", "not evaluated", "not done", "missing", "n.a.", "?", "未知", "不详", "缺失",
}  # fmt: skip
COHORT_WORDS: Final[Mapping[str, str]] = {
    "train": "train", "training": "train", "test": "test", "testing": "test", "external": "external",
}  # fmt: skip
"""Spellings of the cohorts, in small letters; "validation" is none, as it is used for test and tuning sets alike."""

_NEEDED = ("case_id", "patient_id", "image", "mask", "spacing_mm", "centre")
FURTHER: Final = (*(name for name in FILE_COLUMNS if name not in _NEEDED), "cohort", EXCLUDE_COLUMN)
"""Columns that perirad knows beyond those that every study needs; they are taken over where a table has them."""

_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "case_id": ("caseid", "case", "id", "imageid", "病例号", "编号"),
    "patient_id": ("patientid", "patient", "subject", "subjectid", "患者编号", "患者id"),
    "image": ("image", "imagefile", "imagefilename", "file", "filename", "picture", "图像", "图片", "文件名"),
    "mask": ("mask", "maskfile", "maskfilename", "masktumorfilename", "outline", "segmentation", "掩膜", "轮廓"),
    "spacing_mm": ("spacingmm", "pixelspacing", "pixelsize", "spacing", "mmperpixel", "pixelsizemm", "像素间距"),
    "centre": ("centre", "center", "hospital", "site", "中心", "医院"),
    "other_mask": ("othermask", "maskother", "maskotherfilename", "othermaskfile"),
    "mask_2": ("mask2", "maskreader2", "secondmask"),
    "cohort": ("cohort", "split", "set", "dataset", "队列", "分组"),
}
_HER2: Final[Mapping[str, tuple[str, ...]]] = {
    "ihc": ("her2ihc", "ihcher2", "her2ihcscore", "her2score", "ihc", "her2statusbyihc", "her2", "her2免疫组化"),
    "ish": ("her2ish", "ishher2", "ish", "her2fish", "her2fishstatus", "fish", "fishher2"),
    "ratio": ("her2ratio", "her2cep17ratio", "her2cep17", "fishratio", "ishratio"),
    "copies": ("her2copies", "her2copynumber", "her2signals", "her2signalspercell"),
}
_PLAUSIBLE: Final[Mapping[str, Callable[[str], bool]]] = {
    "lesions": lambda text: text in {"one", "largest", "all"},
    "frame": str.isdecimal,
    "cohort": lambda text: text.lower() in COHORT_WORDS,
}
"""Columns whose names are common words: they are taken for perirad's only if every cell could be that."""

_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".dcm", ".nii", ".gz", ".nrrd", ".mha")
_MOST_LEVELS = 8
_FINEST_MM = 0.02


def guess(frame: pd.DataFrame) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Columns by meaning, and every other column that could be a clinical variable: its levels, () for numbers.

    Parameters
    ----------
    frame : pandas.DataFrame
        A table as text, as `read_table` gives it.

    Returns
    -------
    columns : dict of str to str
        What it is -> name of the column; only what was found.
    clinical : dict of str to tuple of str
        Name of the column -> its levels, without words for missing values.
    """
    known = {name: _KNOWN.get(name, (_plain(name),)) for name in (*_NEEDED, *FURTHER)}
    columns = {what: name for what, name in _by_name(frame, known).items() if _fits(what, frame[name])}
    used = {*columns.values(), *_NEEDED, *FURTHER, "outcome", "radscore"}
    clinical: dict[str, tuple[str, ...]] = {}
    for name in map(str, frame.columns):
        values = [str(value) for value in frame[name] if str(value) not in MISSING]
        if name in used or not values or any(value.lower().endswith(_PICTURES) for value in values):
            continue
        levels = tuple(sorted(set(values)))
        if all(finite_number(value) is not None for value in values) and len(levels) > 2:
            clinical[name] = ()
        elif 2 <= len(levels) <= _MOST_LEVELS:
            clinical[name] = levels
    return columns, clinical


def is_unknown(text: str) -> bool:
    """Whether a cell says, in one of the usual spellings, that nothing is known: ``[Not Available]``, ``n/a``, ...

    "none" and "-" do not: as an outcome they are results.
    """
    return text.strip("[]() ").lower() in _UNKNOWN


def her2_columns(frame: pd.DataFrame) -> dict[str, str]:
    """Columns of HER2 results by their names: ihc, ish, ratio, copies; only what was found."""
    return _by_name(frame, _HER2)


def tells_her2(name: str) -> bool:
    """Whether a column is by its name about HER2, and so no predictor of HER2 status."""
    return "her2" in _plain(name) or "erbb2" in _plain(name)


def likely_unit(frame: pd.DataFrame, column: str) -> str:
    """Unit of a spacing column by its size: an ultrasound pixel is 0.02 to 0.3 mm wide, so less than 0.02 is cm."""
    numbers = [finite_number(str(value)) for value in frame[column]] if column in frame.columns else []
    known = sorted(number for number in numbers if number is not None and number > 0)
    return "cm" if known and known[len(known) // 2] < _FINEST_MM else "mm"


def _by_name(frame: pd.DataFrame, known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    plain = {_plain(str(name)): str(name) for name in frame.columns}
    found = {what: next((plain[word] for word in words if word in plain), "") for what, words in known.items()}
    return {what: name for what, name in found.items() if name}


def _fits(what: str, cells: pd.Series[str]) -> bool:
    fits = _PLAUSIBLE.get(what)
    return fits is None or all(fits(str(cell)) for cell in cells if str(cell))


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())
