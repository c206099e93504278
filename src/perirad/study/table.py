"""Reading the table of cases: CSV, Excel or Parquet, every cell as trimmed text."""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from perirad.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_table"]

# What pandas, openpyxl and pyarrow raise on damaged files.
_UNREADABLE = (
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def read_table(path: Path) -> pd.DataFrame:
    """Read a table; all cells are trimmed text, empty where the file has nothing.

    A CSV file may be separated by commas, semicolons or tabs, which its first line tells. In one separated by
    semicolons, as spreadsheets write where the comma is the decimal sign, 0,08 is read as 0.08. Empty rows and columns
    without a name are left out; the index holds the number of the row in the file, the header being row 1.

    Raises
    ------
    InputError
        When the file is missing, is no table, has no rows, or repeats a column.
    """
    if not path.is_file():
        raise InputError(
            "the table of cases must exist", "no such file", file=path.name, mend="name it in study.toml: table = ..."
        )
    try:
        cells = _cells(path)
    except InputError:
        raise
    except _UNREADABLE as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError("the table must be readable as CSV (UTF-8), Excel or Parquet", first, file=path.name) from None
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    cells = cells.loc[(cells != "").any(axis=1)]
    if len(cells) < 2:
        raise InputError("the table must have a row per image", "no rows", file=path.name)
    names = pd.Index(cells.iloc[0].tolist())
    twice = names[names.duplicated() & (names != "")]
    if len(twice):
        raise InputError("every column must occur once", f"{twice[0]!r} more than once", file=path.name)
    frame = cells.iloc[1:]
    frame.columns = names
    return pd.DataFrame(frame.loc[:, names != ""])


def _cells(path: Path) -> pd.DataFrame:
    """All cells as text, the header as the first row: pandas would rename a repeated column, which is a mistake."""
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        raw = pd.read_excel(path, dtype=object, keep_default_na=False, header=None)
    elif suffix == ".parquet":
        frame = pd.read_parquet(path)
        raw = pd.DataFrame([list(frame.columns), *frame.astype(object).to_numpy().tolist()], dtype=object)
    elif suffix in {".csv", ".tsv", ".txt"}:
        return _csv(path, "\t" if suffix == ".tsv" else _separator(path))
    else:
        expected = "the table must be CSV, TSV, Excel (.xlsx) or Parquet"
        raise InputError(expected, f"a {suffix or 'nameless'} file", file=path.name)
    return pd.DataFrame({name: raw[name].map(_text) for name in raw.columns})


def _csv(path: Path, separator: str) -> pd.DataFrame:
    raw = pd.read_csv(
        path,
        dtype=str,
        keep_default_na=False,
        header=None,
        sep=separator,
        encoding="utf-8-sig",
        skip_blank_lines=False,
    )
    cells = pd.DataFrame({name: raw[name].map(_text) for name in raw.columns})
    if separator != ";":
        return cells
    return cells.map(lambda text: text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)


def _separator(path: Path) -> str:
    """Comma, semicolon or tab, whichever the first line has most of."""
    with path.open(encoding="utf-8-sig") as stream:
        header = re.sub(r'"[^"]*"', "", stream.readline(1_000_000))
    return max(",;\t", key=header.count)


def _text(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return "" if math.isnan(number) else str(int(number)) if number.is_integer() else str(value)
    return str(value).strip()
