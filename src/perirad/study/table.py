"""Reading the table of cases: CSV, Excel or Parquet, every cell as trimmed text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from perirad.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_table"]


def read_table(path: Path) -> pd.DataFrame:
    """Read a table; all cells are trimmed text, empty where the file has nothing.

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
        frame = _read(path)
    except InputError:
        raise
    except (ValueError, OSError, KeyError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError("the table must be readable as CSV (UTF-8), Excel or Parquet", first, file=path.name) from None
    frame.columns = pd.Index([str(name).strip() for name in frame.columns])
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise InputError("every column must occur once", f"{twice[0]!r} more than once", file=path.name)
    if frame.empty:
        raise InputError("the table must have a row per image", "no rows", file=path.name)
    return pd.DataFrame({name: frame[name].map(_text) for name in frame.columns})


def _read(path: Path) -> pd.DataFrame:
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        return pd.DataFrame(pd.read_excel(path, dtype=object, keep_default_na=False))
    if suffix == ".parquet":
        return pd.DataFrame(pd.read_parquet(path))
    if suffix not in {".csv", ".tsv", ".txt"}:
        expected = "the table must be CSV, TSV, Excel (.xlsx) or Parquet"
        raise InputError(expected, f"a {suffix or 'nameless'} file", file=path.name)
    # header=None: pandas would rename a repeated column, and the repetition is the user's mistake to see.
    separator = "\t" if suffix == ".tsv" else ","
    raw = pd.read_csv(path, dtype=str, keep_default_na=False, header=None, sep=separator, encoding="utf-8-sig")
    frame = raw.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(raw.iloc[0].tolist())
    return pd.DataFrame(frame)


def _text(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
