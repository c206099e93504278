"""Folds for cross-validation: each outcome spread evenly, the rows of a patient kept together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import PCG64, Generator

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.selection.inputs import outcome

__all__ = ["stratified_folds", "stratified_group_folds"]


def stratified_folds(y: FloatArray | IntArray, n_folds: int, *, seed: int) -> IntArray:
    """Fold of each case, 1 to `n_folds`, drawn at random within each outcome.

    Each outcome's number of cases differs by at most one between folds, and so does the number of all cases.

    Parameters
    ----------
    y : ndarray of shape (n_cases,)
        0 or 1, both present.
    n_folds : int
        At least 2, at most the number of cases of the rarer outcome.
    seed : int
        The same seed gives the same folds.

    Raises
    ------
    InputError
        When an outcome has fewer cases than folds.
    """
    target = outcome(y, len(y))
    _check(target, n_folds, "cases")
    return _deal(target, n_folds, Generator(PCG64(seed)))


def stratified_group_folds(
    y: FloatArray | IntArray, groups: Sequence[object] | IntArray, n_folds: int, *, seed: int
) -> IntArray:
    """Fold of each row such that all rows of a patient share one, shape (n_rows,), values 1 to `n_folds`.

    Patients are dealt out as cases are in :func:`stratified_folds`; a patient counts as 1 when any of its rows does.

    Parameters
    ----------
    y : ndarray of shape (n_rows,)
        0 or 1, both present.
    groups : sequence of length n_rows
        Patient of each row (text or integers).
    n_folds, seed : int
        As for :func:`stratified_folds`.
    """
    target = outcome(y, len(y))
    patients = np.asarray(groups)
    if patients.shape != target.shape:
        raise InputError(f"groups must have one entry per row ({target.size})", f"shape {patients.shape}")
    _, patient_of_row = np.unique(patients, return_inverse=True)
    highest = np.zeros(int(patient_of_row.max()) + 1)
    np.maximum.at(highest, patient_of_row, target)
    _check(highest, n_folds, "patients")
    return _deal(highest, n_folds, Generator(PCG64(seed)))[patient_of_row]


def _deal(target: FloatArray, n_folds: int, random: Generator) -> IntArray:
    """Shuffle each class and deal it out in turn; the second class goes on where the first ended."""
    folds = np.zeros(target.size, dtype=np.int64)
    dealt = 0
    for value in (0.0, 1.0):
        members = random.permutation(np.flatnonzero(target == value))
        folds[members] = (dealt + np.arange(members.size)) % n_folds + 1
        dealt += members.size
    return folds


def _check(target: FloatArray, n_folds: int, what: str) -> None:
    if n_folds < 2:
        raise InputError("n_folds must be at least 2", f"n_folds={n_folds}")
    counts = {value: int(np.count_nonzero(target == value)) for value in (0, 1)}
    rarer = min(counts, key=lambda value: counts[value])
    if counts[rarer] < n_folds:
        mend = (
            f"use at most {counts[rarer]} folds" if counts[rarer] >= 2 else f"collect more {what} with outcome {rarer}"
        )
        raise InputError(
            f"each outcome needs at least as many {what} as folds ({n_folds})",
            f"{counts[rarer]} with outcome {rarer}",
            mend=mend,
        )
