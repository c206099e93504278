"""Table 1: clinical variables by outcome in each cohort, with tests."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from perirad.arrays import FloatArray
from perirad.nomogram.records import Variable
from perirad.report.contents import ReportContents
from perirad.report.tables.table import frame_of
from perirad.report.text import DASH, cohort_label, count_share, decimal, p_text

__all__ = ["baseline_table", "categorical_p", "continuous_p", "mean_difference", "share_difference"]


def baseline_table(contents: ReportContents) -> pd.DataFrame:
    """Clinical variables by outcome in each cohort.

    Continuous variables as median [quartiles] with the Mann-Whitney test; categories as n (% of the known) with
    Pearson's chi-squared test without continuity correction, or Fisher's exact test for a two-by-two table with an
    expected count below 5 (marked *). Larger tables with such counts are marked †. SMD is the standardised difference.
    Missing values are counted.
    """
    parts = _parts(contents)
    columns = ["Characteristic"]
    for name, (without, with_event) in parts.items():
        label = cohort_label(name)
        columns += [
            f"{label}: {contents.nonevent_label} (n = {len(without)})",
            f"{label}: {contents.event_label} (n = {len(with_event)})",
            f"{label}: P",
            f"{label}: SMD",
        ]
    rows: list[list[str]] = []
    for variable in contents.variables:
        if variable.name in contents.baseline.columns:
            rows += _rows(variable, list(parts.values()))
    return frame_of(columns, rows)


_Pair = tuple[pd.DataFrame, pd.DataFrame]


def _parts(contents: ReportContents) -> dict[str, _Pair]:
    frame = contents.baseline
    names = [item.name for item in contents.cohorts] or list(dict.fromkeys(frame["cohort"].astype(str)))
    found = {}
    for name in names:
        cohort = frame[frame["cohort"].astype(str) == name]
        found[name] = (cohort[cohort["outcome"] == 0], cohort[cohort["outcome"] == 1])
    return found


def _rows(variable: Variable, pairs: Sequence[_Pair]) -> list[list[str]]:
    rows = _continuous(variable, pairs) if variable.kind == "continuous" else _categorical(variable, pairs)
    if any(part[variable.name].isna().any() for pair in pairs for part in pair):
        missing = ["  Missing"]
        for pair in pairs:
            missing += [count_share(int(part[variable.name].isna().sum()), len(part)) for part in pair] + ["", ""]
        rows.append(missing)
    return rows


def _numbers(part: pd.DataFrame, name: str) -> FloatArray:
    values: FloatArray = pd.to_numeric(part[name]).to_numpy(dtype=np.float64)
    return values[~np.isnan(values)]


def _continuous(variable: Variable, pairs: Sequence[_Pair]) -> list[list[str]]:
    unit = f" ({variable.unit})" if variable.unit else ""
    row = [f"{variable.label}{unit}, median [quartiles]"]
    for pair in pairs:
        groups = [_numbers(part, variable.name) for part in pair]
        row += [_quartiles(values) for values in groups]
        row += [p_text(continuous_p(groups[0], groups[1])), decimal(mean_difference(groups[0], groups[1]))]
    return [row]


def _quartiles(values: FloatArray) -> str:
    if values.size == 0:
        return DASH
    low, middle, high = (decimal(float(q), 1) for q in np.quantile(values, (0.25, 0.5, 0.75)))
    return f"{middle} [{low}–{high}]" if "−" not in low + high else f"{middle} [{low} to {high}]"


def continuous_p(first: FloatArray, second: FloatArray) -> float:
    """Two-sided Mann-Whitney P, normal approximation with ties and continuity correction; NaN for an empty group."""
    if not first.size or not second.size or np.unique(np.concatenate([first, second])).size < 2:
        return math.nan
    return float(stats.mannwhitneyu(first, second, alternative="two-sided", method="asymptotic").pvalue)


def mean_difference(first: FloatArray, second: FloatArray) -> float:
    """Standardised difference of means: over the root of the mean variance (n - 1); NaN where that is not defined.

    Austin 2009, doi:10.1002/sim.3697.
    """
    if first.size < 2 or second.size < 2:
        return math.nan
    spread = math.sqrt((float(first.var(ddof=1)) + float(second.var(ddof=1))) / 2.0)
    return abs(float(first.mean() - second.mean())) / spread if spread > 0.0 else math.nan


def share_difference(counts: np.typing.NDArray[np.int64]) -> float:
    """Standardised difference of the shares of several levels (one left out); NaN where it is not defined.

    Yang, Dalton 2012, SAS Global Forum 335-2012.

    Parameters
    ----------
    counts : ndarray of int of shape (n_levels, 2)
    """
    table = counts[counts.sum(axis=1) > 0]
    if table.shape[0] < 2 or (table.sum(axis=0) == 0).any():
        return math.nan
    shares = (table / table.sum(axis=0))[1:]
    gap = shares[:, 0] - shares[:, 1]
    covariance = sum(np.diag(part) - np.outer(part, part) for part in shares.T) / 2.0
    if np.linalg.matrix_rank(covariance) < len(gap):
        return math.nan
    return float(np.sqrt(gap @ np.linalg.solve(covariance, gap)))


def _levels(variable: Variable, pairs: Sequence[_Pair]) -> list[str]:
    """Levels of the variable, then whatever else stands in the table: nothing is dropped."""
    seen = dict.fromkeys(variable.levels)
    for pair in pairs:
        for part in pair:
            seen |= dict.fromkeys(str(value) for value in part[variable.name].dropna().unique())
    return list(seen)


def _categorical(variable: Variable, pairs: Sequence[_Pair]) -> list[list[str]]:
    levels = _levels(variable, pairs)
    head, body = [f"{variable.label}, n (%)"], [[f"  {level}"] for level in levels]
    for pair in pairs:
        values = [part[variable.name].dropna().astype(str) for part in pair]
        counts = np.array([[int((column == level).sum()) for column in values] for level in levels], dtype=np.int64)
        p, sign = categorical_p(counts)
        head += ["", "", p_text(p) + sign, decimal(share_difference(counts))]
        for row, line in zip(body, counts, strict=True):
            row.extend([*(count_share(int(line[at]), len(values[at])) for at in (0, 1)), "", ""])
    return [head, *body]


def categorical_p(counts: np.typing.NDArray[np.int64]) -> tuple[float, str]:
    """P of a levels-by-outcome table and its sign: ``*`` Fisher's exact test, ``†`` expected counts below 5."""
    table = counts[counts.sum(axis=1) > 0]
    if table.shape[0] < 2 or (table.sum(axis=0) == 0).any():
        return math.nan, ""
    expected = stats.contingency.expected_freq(table)
    if table.shape == (2, 2) and expected.min() < 5:
        return float(stats.fisher_exact(table)[1]), "*"
    p = float(stats.chi2_contingency(table, correction=False)[1])
    return p, "†" if expected.min() < 5 else ""
