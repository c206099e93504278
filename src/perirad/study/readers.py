"""How well two readers agree, where training cases were outlined twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perirad.report.contents import ReaderAgreement
from perirad.selection.agreement import icc
from perirad.study.training import training_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perirad.study.records import Analysed

__all__ = ["reader_agreement"]


def reader_agreement(analysed: Analysed) -> Iterator[ReaderAgreement]:
    """Agreement of the readers of the training cases, by region."""
    members = [i for i, name in enumerate(analysed.cohort_of_row) if name == "train"]
    cases = [analysed.cases[i] for i in members]
    table = analysed.features.table.take(rows=np.array(members, dtype=np.int64))
    training = training_of(cases, table, analysed.features.second)
    if training.second is None:
        return
    selection = analysed.study.settings.selection
    twice = np.isfinite(training.second).any(axis=1)
    for region in analysed.study.settings.regions.names:
        own = training.regions((region,))
        assert own.second is not None
        if twice.sum() > 1:
            found = icc([own.table.values[twice], own.second[twice]], selection.icc_kind)
            shown = found.estimate if selection.icc_by == "estimate" else found.lower
            known = shown[np.isfinite(shown)]
            yield ReaderAgreement(region, int(twice.sum()), len(own.table.columns), known, selection.icc)
