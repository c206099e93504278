"""What the feature explorer knows: every column of the features, what it means, and its values by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.columns import ibsi_code
from perirad.features.entries import ENTRIES, Entry
from perirad.study.model import Model
from perirad.study.schema import FeatureBlock
from perirad.validation.discrimination import auc_delong
from perirad.workbench.outcomes import read_model

__all__ = ["CaseValue", "Column", "Explorer", "Spread", "Values", "alone", "open_explorer", "parse_column", "spread_of"]

_AGAIN = "run the study again"
_ENTRIES = {(entry.family, entry.name): entry for entry in ENTRIES}


@dataclass(frozen=True)
class Column:
    """A column's name in its parts; all but `name` are empty where the name does not say them, as in a table's.

    `family` has IBSI's aggregation (``ibsi-glcm-averaged``); `entry` is the feature in the catalogue, None where it
    knows none of that name; `ibsi` is IBSI's code, empty where IBSI has no such feature.
    """

    name: str
    region: str = ""
    image: str = ""
    family: str = ""
    feature: str = ""
    ibsi: str = ""
    entry: Entry | None = None

    @property
    def unit(self) -> str:
        """Unit as in the catalogue, ``1`` for a pure number; empty where it is not known."""
        return "" if self.entry is None else self.entry.unit


def parse_column(name: str) -> Column:
    """Take a column's name apart: ``P5_wavelet-LH_glcm_Contrast``."""
    region, _, rest = name.partition("_")
    parts = rest.rsplit("_", 2)
    if len(parts) != 3:
        return Column(name)
    image, family, feature = parts
    plain = "-".join(family.split("-")[:2]) if family.startswith("ibsi-") else family
    return Column(name, region, image, family, feature, ibsi_code(name), _ENTRIES.get((plain, feature)))


@dataclass(frozen=True)
class CaseValue:
    """An analysed case: its cohort, outcome (1 event, 0 none) and value of the feature, NaN where undefined."""

    case_id: str
    cohort: str
    outcome: int
    value: float


@dataclass(frozen=True)
class Spread:
    """Values of one class of the training cases: the defined ones in ascending order, and how many are not."""

    values: FloatArray
    n_undefined: int

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """First quartile, median, third quartile; NaN without values."""
        if not self.values.size:
            return (np.nan, np.nan, np.nan)
        first, middle, third = (float(value) for value in np.quantile(self.values, (0.25, 0.5, 0.75)))
        return first, middle, third


@dataclass(frozen=True)
class Values:
    """One feature of all analysed cases, in the order of the table."""

    cases: tuple[CaseValue, ...]

    def case(self, case_id: str) -> CaseValue | None:
        """A case by its name."""
        return next((item for item in self.cases if item.case_id == case_id), None)

    def typical(self, outcome: int) -> CaseValue | None:
        """Training case of a class whose value is nearest to the median of that class; None where there is none."""
        middle = spread_of(self, outcome).quartiles[1]
        members = [c for c in self.cases if c.cohort == "train" and c.outcome == outcome and np.isfinite(c.value)]
        return min(members, key=lambda item: abs(item.value - middle), default=None)


def spread_of(values: Values, outcome: int) -> Spread:
    """Training values of one class."""
    found = np.array([c.value for c in values.cases if c.cohort == "train" and c.outcome == outcome], dtype=np.float64)
    defined = np.isfinite(found)
    return Spread(np.sort(found[defined]), int((~defined).sum()))


def alone(values: Values) -> tuple[float, float, float] | None:
    """AUC of the feature alone in training with its 95 % interval, high values for the event; None where undefined."""
    known = [c for c in values.cases if c.cohort == "train" and np.isfinite(c.value)]
    outcome: IntArray = np.array([c.outcome for c in known], dtype=np.int64)
    if len(set(outcome.tolist())) < 2:
        return None
    found = auc_delong(outcome, np.array([c.value for c in known], dtype=np.float64))
    return found.estimate, found.lower, found.upper


@dataclass(frozen=True)
class Explorer:
    """Columns of `features.parquet`, and which of them the Rad-score has; values are read when asked for."""

    results: Path
    model: Model
    columns: tuple[str, ...]

    @cached_property
    def selected(self) -> Mapping[str, FeatureBlock]:
        """Features of the Rad-score, the weightiest first."""
        ranked = sorted(self.model.file.radscore.features, key=lambda item: -abs(item.coefficient))
        return {item.column: item for item in ranked}

    @cached_property
    def _hay(self) -> tuple[tuple[str, str], ...]:
        """Columns with all text that a search may find them by, those of the Rad-score first."""
        names = (*(name for name in self.selected if name in self._known), *self.columns)
        return tuple((name, _text_of(name)) for name in dict.fromkeys(names))

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.columns)

    def search(self, text: str) -> tuple[str, ...]:
        """Columns that hold every word of a text: in their name, IBSI code or meaning; all for an empty one."""
        words = text.lower().split()
        return tuple(name for name, hay in self._hay if all(word in hay for word in words))

    def values(self, column: str) -> Values:
        """Values of one feature of all cases that were analysed; the other columns are not read.

        Raises
        ------
        InputError
            In one line: the column is not there, or one of the files is missing, of another version, or of other cases.
        """
        if column not in self._known:
            raise InputError("a feature must be a column of features.parquet", repr(column[:80]))
        frame = _features(self.results / "features.parquet", column)
        cases = _cases(self.results / "predictions.csv")
        missing = [case for case in cases["case_id"] if case not in frame.index]
        if missing:
            found = f"none of case {missing[0]} and {len(missing) - 1} more"
            raise InputError("features.parquet must have the cases of predictions.csv", found, mend=_AGAIN)
        values = frame.loc[cases["case_id"], column].to_numpy(dtype=np.float64)
        rows = zip(cases["case_id"], cases["cohort"], cases["outcome"], values.tolist(), strict=True)
        return Values(tuple(CaseValue(str(c), str(k), int(y), v) for c, k, y, v in rows))


def open_explorer(results: Path) -> Explorer:
    """Read the model and the names of the features.

    Raises
    ------
    InputError
        In one line, where one of them is missing or of another version.
    """
    model = read_model(results)
    names = _names(results / "features.parquet")
    return Explorer(results, model, tuple(name for name in names if name != "case_id" and not name.startswith("__")))


def _names(path: Path) -> Sequence[str]:
    try:
        return [str(name) for name in pq.read_schema(path).names]
    except FileNotFoundError:
        raise InputError("the results must have features.parquet", "no such file", mend=_AGAIN) from None
    except (OSError, pa.ArrowException):
        raise InputError("features.parquet must be a Parquet file", "something else", mend=_AGAIN) from None


def _features(path: Path, column: str) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(path, columns=[column])
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise InputError("features.parquet must be readable", type(error).__name__, mend=_AGAIN) from None
    frame.index = frame.index.astype(str)
    return frame


def _cases(path: Path) -> pd.DataFrame:
    wanted = ("case_id", "cohort", "outcome")
    try:
        frame = pd.read_csv(path, dtype={"case_id": str, "cohort": str}, usecols=list(wanted), keep_default_na=False)
        frame["outcome"] = frame["outcome"].astype(np.int64)
    except FileNotFoundError:
        raise InputError("the results must have predictions.csv", "no such file", mend=_AGAIN) from None
    except (OSError, ValueError) as error:
        found = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise InputError(f"predictions.csv must have {', '.join(wanted)}", found, mend=_AGAIN) from None
    return frame


def _text_of(name: str) -> str:
    column = parse_column(name)
    meaning = "" if column.entry is None else column.entry.meaning
    return f"{name} {column.ibsi} {meaning}".lower()
