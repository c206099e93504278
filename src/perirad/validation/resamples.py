"""Which patients are drawn: bootstrap resamples and folds, from a seed."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray, IntArray
from perirad.errors import InputError

__all__ = ["bootstrap_rows", "check_resamples", "stratified_folds"]


def bootstrap_rows(
    n: int, n_resamples: int, *, seed: int, outcome: IntArray | None = None, patients: IntArray | None = None
) -> IntArray | list[IntArray]:
    """Rows of each bootstrap resample.

    Parameters
    ----------
    n : int
        Rows to draw from.
    n_resamples : int
    seed : int
        The same seed gives the same resamples, whatever else is computed.
    outcome : ndarray of int of shape (n,), optional
        Draw within its classes, so that each resample has as many events as the data.
    patients : ndarray of int of shape (n,), optional
        Draw whole patients, with all their rows; resamples then differ in length. Not together with `outcome`.

    Returns
    -------
    ndarray of int of shape (n_resamples, n), or a list of arrays where whole patients are drawn
    """
    _check_counts(n, n_resamples)
    rng = np.random.default_rng(seed)
    if patients is not None:
        if outcome is not None:
            raise InputError("resamples are stratified or of whole patients", "both outcome and patients")
        members = [np.flatnonzero(patients == patient) for patient in np.unique(_of_length(patients, n))]
        draws = rng.integers(len(members), size=(n_resamples, len(members)))
        return [np.concatenate([members[i] for i in draw]) for draw in draws]
    if outcome is None:
        return rng.integers(n, size=(n_resamples, n))
    strata = [np.flatnonzero(outcome == label) for label in np.unique(_of_length(outcome, n))]
    drawn = [stratum[rng.integers(stratum.size, size=(n_resamples, stratum.size))] for stratum in strata]
    return np.concatenate(drawn, axis=1)


def check_resamples(resamples: IntArray, n: int) -> IntArray:
    """Resamples as a table of row numbers, each within the data."""
    rows = np.asarray(resamples)
    if rows.ndim != 2 or rows.size == 0 or not np.issubdtype(rows.dtype, np.integer):
        raise InputError("resamples must be a table of row numbers", f"an array of {rows.dtype} of shape {rows.shape}")
    if rows.min() < 0 or rows.max() >= n:
        raise InputError(f"resampled rows must be from 0 to {n - 1}", f"{rows.min()} to {rows.max()}")
    return rows.astype(np.int64)


def stratified_folds(outcome: IntArray, n_folds: int, *, seed: int, patients: IntArray | None = None) -> IntArray:
    """Fold of each row, each fold with nearly the same share of events.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        0 or 1.
    n_folds : int
        At least 2, at most the number of patients.
    seed : int
    patients : ndarray of int of shape (n,), optional
        Rows of one patient stay together; a patient with any event counts as one. Each row its own when None.

    Returns
    -------
    ndarray of int of shape (n,)
        From 0 to n_folds - 1.
    """
    label = np.asarray(outcome)
    owner = np.arange(label.size) if patients is None else _of_length(patients, label.size)
    names, place = np.unique(owner, return_inverse=True)
    if not 2 <= n_folds <= names.size:
        raise InputError(f"folds must be from 2 to the number of patients, {names.size}", f"n_folds={n_folds}")
    has_event: BoolArray = np.bincount(place, weights=label == 1, minlength=names.size) > 0
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(names.size)
    order = shuffled[np.argsort(~has_event[shuffled], kind="stable")]
    folds = np.empty(names.size, dtype=np.int64)
    # dealt like cards, events first, so that sizes and events differ by one at most
    folds[order] = np.arange(names.size) % n_folds
    return folds[place]


def _of_length(values: IntArray, n: int) -> IntArray:
    array = np.asarray(values)
    if array.shape != (n,):
        raise InputError(f"one value is needed for each of {n} rows", f"an array of shape {array.shape}")
    return array


def _check_counts(n: int, n_resamples: int) -> None:
    if n < 1 or n_resamples < 1:
        raise InputError("at least one row and one resample are needed", f"n={n}, n_resamples={n_resamples}")
