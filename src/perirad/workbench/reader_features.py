"""Intraclass correlation of the features of two readers' outlines, as a study finds it with the column `mask_2`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.selection.agreement import icc, reliable
from perirad.study.extraction import extract_case
from perirad.study.gather import recipe_of
from perirad.study.recipe import Recipe
from perirad.table import FeatureTable, stack
from perirad.workbench.desk import Desk, Row
from perirad.workbench.outlines import OutlineStore
from perirad.workbench.readers import common

__all__ = ["FeatureAgreement", "feature_agreement", "icc_table"]

_LEAST = 3
"""Fewer cases say nothing about agreement."""


@dataclass(frozen=True)
class FeatureAgreement:
    """Intraclass correlation of each feature between two readers.

    `estimate`, `lower` and `upper` are of shape (n_features,), NaN where undefined; `reliable` says which features
    reach the study's `threshold` by what the study counts (`icc_by`). `left_out` has a line for each case that could
    not be measured.
    """

    columns: tuple[str, ...]
    n_cases: int
    kind: str
    threshold: float
    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    reliable: tuple[bool, ...]
    left_out: tuple[str, ...]

    def by_region(self) -> dict[str, tuple[int, int]]:
        """Region -> how many of its features are reliable, and how many there are."""
        found: dict[str, tuple[int, int]] = {}
        for column, good in zip(self.columns, self.reliable, strict=True):
            region = column.split("_", 1)[0]
            passed, count = found.get(region, (0, 0))
            found[region] = passed + good, count + 1
        return found


def feature_agreement(
    desk: Desk, readers: tuple[str, str], told: Callable[[int, int], bool] = lambda done, total: True
) -> FeatureAgreement:
    """Extract the features of both readers' outlines and correlate them.

    What is left out of regions, and further lesions, are the table's for both readers, as in a study: the numbers tell
    of the outlines alone.

    Parameters
    ----------
    desk : Desk
    readers : tuple of str
    told : function of cases done and cases in all
        Called after each case; False ends the work.

    Raises
    ------
    InputError
        When fewer than three cases were outlined by both and could be measured, or the work was ended.
    """
    both_done = common(desk, readers)
    rows = [row for row in desk.rows() if row.case_id in both_done]
    settings = desk.study().settings
    recipe = recipe_of(settings)
    tables, left_out = [], []
    for number, row in enumerate(rows, start=1):
        try:
            tables.append([_features(desk, row, name, recipe) for name in readers])
        except (InputError, OSError) as error:
            left_out.append(f"{row.case_id}: {error}")
        if not told(number, len(rows)):
            raise InputError("all cases must be measured", f"ended after {number} of {len(rows)}")
    if len(tables) < _LEAST:
        raise InputError(f"{_LEAST} cases or more must be outlined by both readers", f"{len(tables)}")
    both = [stack([pair[at] for pair in tables]) for at in (0, 1)]
    selection = settings.selection
    found = icc([table.values for table in both], selection.icc_kind)
    good = reliable(found, selection.icc, by=selection.icc_by)
    return FeatureAgreement(
        both[0].columns, len(tables), selection.icc_kind, selection.icc, found.estimate, found.lower, found.upper,
        tuple(good.tolist()), tuple(left_out),
    )  # fmt: skip


def _features(desk: Desk, row: Row, reader: str, recipe: Recipe) -> FeatureTable:
    mask = desk.folder / OutlineStore(desk.folder, reader).mask_name(row.case_id)
    files = replace(desk.case_files(row), mask=mask, label=None, lesions="all")
    return extract_case(row.case_id, files, recipe).table


def icc_table(found: FeatureAgreement) -> str:
    """The correlations as CSV; empty cells are undefined."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["feature", "icc", "lower_95", "upper_95", "reliable"])
    for at in range(len(found.columns)):
        values = (found.estimate[at], found.lower[at], found.upper[at])
        cells = ["" if not np.isfinite(value) else f"{value:.4f}" for value in values]
        writer.writerow([found.columns[at], *cells, "yes" if found.reliable[at] else "no"])
    return stream.getvalue()
