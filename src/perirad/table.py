"""The feature table: the one record that crosses from the pixel half to the table half."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perirad.arrays import BoolArray, FloatArray, IntArray, frozen
from perirad.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FeatureTable", "region_of", "stack"]


def region_of(column: str) -> str:
    """Region of a column: ``P5_wavelet-LH_glcm_Contrast`` -> ``P5``."""
    return column.split("_", 1)[0]


@dataclass(frozen=True)
class FeatureTable:
    """Features of cases.

    Parameters
    ----------
    case_ids : tuple of str
        One identifier per row, unique.
    columns : tuple of str
        ``REGION_IMAGE_FAMILY_FEATURE``, e.g. ``P5_wavelet-LH_glcm_Contrast``; what follows the region is
        PyRadiomics' name of the feature. Unique.
    values : ndarray of shape (n_cases, n_columns)
        NaN where a feature is undefined.
    centres : tuple of str
        Where each case was examined; empty where nobody says.
    """

    case_ids: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    centres: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, dtype=np.float64)
        if values.shape != (len(self.case_ids), len(self.columns)):
            shape = f"{len(self.case_ids)} cases x {len(self.columns)} columns"
            raise InputError(f"feature values must be {shape}", f"an array of shape {values.shape}")
        if self.centres and len(self.centres) != len(self.case_ids):
            raise InputError(f"a feature table must have {len(self.case_ids)} centres, or none", f"{len(self.centres)}")
        for what, names in (("case", self.case_ids), ("column", self.columns)):
            if len(set(names)) != len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise InputError(f"every {what} must occur once in a feature table", f"{twice!r} more than once")
        object.__setattr__(self, "values", frozen(values))

    def for_regions(self, regions: Iterable[str]) -> FeatureTable:
        """Columns of the named regions only, in the table's own order (``("I", "P5")`` for the scenario I+P5).

        ``all`` names all columns, whatever they are called.
        """
        wanted = set(regions)
        if "all" in wanted:
            return self
        return self.take(columns=[name for name in self.columns if region_of(name) in wanted])

    def take(
        self,
        *,
        rows: Sequence[str] | BoolArray | IntArray | None = None,
        columns: Sequence[str] | None = None,
    ) -> FeatureTable:
        """Rows (by case id, mask or position) and columns (by name), in the order given."""
        case_ids, names, values, centres = self.case_ids, self.columns, self.values, self.centres
        if rows is not None:
            index = self._rows(rows)
            case_ids, values = tuple(case_ids[i] for i in index), values[index]
            centres = tuple(centres[i] for i in index) if centres else ()
        if columns is not None:
            place = {name: j for j, name in enumerate(names)}
            missing = [name for name in columns if name not in place]
            if missing:
                raise InputError(f"feature {missing[0]!r} must be in the table", f"{len(names)} other columns")
            values = values[:, [place[name] for name in columns]]
            names = tuple(columns)
        return FeatureTable(case_ids, names, values, centres)

    def _rows(self, rows: Sequence[str] | BoolArray | IntArray) -> IntArray:
        if isinstance(rows, np.ndarray) and rows.dtype == np.bool_:
            return np.flatnonzero(rows).astype(np.int64)
        if isinstance(rows, np.ndarray) and np.issubdtype(rows.dtype, np.integer):
            return rows.astype(np.int64)
        place = {case: i for i, case in enumerate(self.case_ids)}
        missing = [case for case in rows if case not in place]
        if missing:
            raise InputError("every case must be in the feature table", f"no row for case {missing[0]!r}")
        return np.array([place[str(case)] for case in rows], dtype=np.int64)

    def to_pandas(self) -> pd.DataFrame:
        """Data frame with one row per case; the index is `case_id`."""
        import pandas as pd  # noqa: PLC0415  (a second of import time that half of the users never need)

        return pd.DataFrame(
            np.array(self.values), index=pd.Index(self.case_ids, name="case_id"), columns=list(self.columns)
        )

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame) -> FeatureTable:
        """Feature table of a data frame whose index is the case id and whose columns are all features."""
        return cls(
            tuple(str(case) for case in frame.index),
            tuple(str(name) for name in frame.columns),
            frame.to_numpy(dtype=np.float64),
        )


def stack(tables: Sequence[FeatureTable]) -> FeatureTable:
    """Put tables with the same columns one under the other."""
    if not tables:
        raise InputError("at least one feature table is needed", "none")
    columns = tables[0].columns
    for table in tables[1:]:
        if table.columns != columns:
            raise InputError("tables to stack must have the same columns", f"others in case {table.case_ids[:1]}")
    return FeatureTable(
        tuple(case for table in tables for case in table.case_ids),
        columns,
        np.concatenate([table.values for table in tables], axis=0),
        tuple(centre for table in tables for centre in table.centres) if all(table.centres for table in tables) else (),
    )
