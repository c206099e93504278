"""From all features offered to those that the LASSO is given: each step looks at the rows of one fit alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perirad.selection.agreement import icc, reliable
from perirad.selection.mrmr import mrmr
from perirad.selection.redundancy import prune_correlated
from perirad.selection.scaling import usable_columns
from perirad.selection.univariate import screen

if TYPE_CHECKING:
    from perirad.arrays import BoolArray, FloatArray, IntArray
    from perirad.study.modelling import SelectionSettings
    from perirad.study.training import Training

__all__ = ["Narrowed", "narrow"]


@dataclass(frozen=True)
class Narrowed:
    """Features that are left, as found (not scaled), and how many each step left.

    `names` has shape (n_left,), `values` (n_rows, n_left). `steps` are names and numbers in the order of the steps; a
    step that the settings leave out is not among them. `survivors` are the names that each step left.
    """

    names: np.ndarray
    values: FloatArray
    steps: tuple[tuple[str, int], ...]
    survivors: tuple[np.ndarray, ...] = ()

    def only(self, step: str, kept: BoolArray | IntArray) -> Narrowed:
        """What a step leaves, in the columns' own order."""
        index = np.sort(np.flatnonzero(kept) if kept.dtype == np.bool_ else kept)
        names = self.names[index]
        return Narrowed(names, self.values[:, index], (*self.steps, (step, len(index))), (*self.survivors, names))


def narrow(training: Training, settings: SelectionSettings) -> Narrowed:
    """Drop undefined and constant features, screen, prune what is correlated, and rank by mRMR where asked for.

    A feature that is NaN in any row cannot be used. Where rows were read twice, features must agree between readers.

    Parameters
    ----------
    training : Training
        Rows of one fit, with the columns of the scenario's regions.
    """
    names, values = np.array(training.table.columns), np.asarray(training.table.values)
    left = Narrowed(names, values, (("Candidates", len(names)),), (names,))
    left = left.only("Defined", usable_columns(values))
    if settings.icc and training.second is not None:
        left = left.only("Reliable between readers", _reliable(training, left.names, settings))
    if settings.test != "none":
        left = left.only("After screening", _passed(left.values, training.outcome, settings))
    if settings.correlation < 1.0 and len(left.names) > 1:
        kept = prune_correlated(left.values, cutoff=settings.correlation, method=settings.correlation_method)
        left = left.only("After redundancy", kept)
    elif settings.correlation < 1.0:
        left = left.only("After redundancy", np.ones(len(left.names), dtype=np.bool_))
    if settings.mrmr:
        left = left.only("After mRMR", _ranked(left.values, training.outcome, settings))
    return left


def _reliable(training: Training, names: np.ndarray, settings: SelectionSettings) -> BoolArray:
    """Features on which two readers of the same rows agree well enough; with fewer than two such rows, none."""
    own = training.columns([str(name) for name in names])
    assert own.second is not None
    twice = np.isfinite(own.second).any(axis=1)
    if twice.sum() < 2:
        return np.zeros(len(names), dtype=np.bool_)
    found = icc([own.table.values[twice], own.second[twice]], settings.icc_kind)
    return reliable(found, settings.icc, by=settings.icc_by)


def _passed(values: FloatArray, outcome: IntArray, settings: SelectionSettings) -> BoolArray:
    assert settings.test != "none"
    return screen(values, outcome, test=settings.test, alpha=settings.alpha, adjustment=settings.adjustment)


def _ranked(values: FloatArray, outcome: IntArray, settings: SelectionSettings) -> IntArray:
    count = min(settings.mrmr, values.shape[1])
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    return np.asarray(mrmr(values, outcome, count, scheme=settings.mrmr_scheme).order, dtype=np.int64)
