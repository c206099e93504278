"""Repeated and nested cross-validation: every prediction comes from a model that has not seen the patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation._check import check_outcome
from perirad.validation.resamples import stratified_folds
from perirad.validation.resampling import Fit, Predict
from perirad.validation.workers import Pool, in_order, seeds

__all__ = ["CrossValidated", "HeldOut", "NestedChoice", "NestedFit", "cross_validate"]

M = TypeVar("M")
C = TypeVar("C")


@dataclass(frozen=True)
class CrossValidated:
    """Out-of-fold predictions.

    Parameters
    ----------
    predictions : ndarray of shape (n_repeats, n)
    folds : ndarray of int of shape (n_repeats, n)
        Fold of each row, from 0.
    """

    predictions: FloatArray
    folds: IntArray

    def measured(self, measure: Callable[[IntArray, FloatArray], float]) -> FloatArray:
        """Measure of (rows, predictions), all folds of a repeat together; one value per repeat."""
        rows = np.arange(self.predictions.shape[1], dtype=np.int64)
        return np.array([measure(rows, predictions) for predictions in self.predictions])

    def measured_by_fold(self, measure: Callable[[IntArray, FloatArray], float]) -> FloatArray:
        """Measure of (rows, predictions) within each fold, shape (n_repeats, n_folds)."""
        n_folds = int(self.folds.max()) + 1
        table = np.empty((len(self.folds), n_folds))
        for repeat, (folds, predictions) in enumerate(zip(self.folds, self.predictions, strict=True)):
            for fold in range(n_folds):
                rows = np.flatnonzero(folds == fold)
                table[repeat, fold] = measure(rows, predictions[rows])
        return table


def cross_validate(
    outcome: IntArray,
    fit: Fit[M],
    predict: Predict[M],
    *,
    n_folds: int = 10,
    n_repeats: int = 1,
    seed: int = 0,
    patients: IntArray | None = None,
    workers: int = 1,
    pool: Pool = "threads",
) -> CrossValidated:
    """Predict every row by a model fitted without its fold.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        0 or 1; folds are stratified by it.
    fit : callable (rows, seed) -> model
        Everything that looks at the outcome.
    predict : callable (model, rows) -> ndarray
    n_folds, n_repeats : int
        Each repeat divides the rows anew.
    seed : int
        Of the folds and of the fits.
    patients : ndarray of int of shape (n,), optional
        Rows of one patient stay in one fold.
    workers, pool
        As in `workers.in_order`; they do not change the result.

    Returns
    -------
    CrossValidated

    Raises
    ------
    InputError
        Also when a fold cannot be fitted: a cross-validation with holes would not be one of all patients.
    """
    event = check_outcome(outcome)
    if n_repeats < 1 or n_folds < 2:
        raise InputError("at least one repeat of two folds is needed", f"n_repeats={n_repeats}, n_folds={n_folds}")
    own = seeds(seed, n_repeats * (n_folds + 1))
    folds = [
        stratified_folds(event.astype(np.int64), n_folds, seed=own[r], patients=patients) for r in range(n_repeats)
    ]
    splits = [(np.flatnonzero(f != k), np.flatnonzero(f == k)) for f in folds for k in range(n_folds)]
    parts = in_order(HeldOut(fit, predict, splits, own[n_repeats:]), len(splits), workers=workers, pool=pool)
    predictions = np.full((n_repeats, event.size), np.nan)
    for number, ((_, held_out), values) in enumerate(zip(splits, parts, strict=True)):
        predictions[number // n_folds, held_out] = values
    return CrossValidated(frozen(predictions), frozen(np.array(folds)))


@dataclass(frozen=True)
class NestedChoice(Generic[C, M]):
    """A model and the candidate it was built by, chosen in an inner cross-validation.

    `scores` are the candidates' inner performances, higher is better.
    """

    model: M
    candidate: C
    scores: FloatArray


@dataclass(frozen=True)
class NestedFit(Generic[C, M]):
    """Turn a fit that needs a choice into one that makes the choice itself, in an inner cross-validation.

    ``cross_validate(outcome, nested, nested.predict)`` is nested cross-validation, and the same object in
    `bootstrap_models` repeats the choice in every resample.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
    candidates : sequence
        What is chosen from: ring widths, penalties, variable lists.
    fit : callable (candidate, rows, seed) -> model
    predict_with : callable (model, rows) -> ndarray
    measure : callable (rows, predictions) -> float
        Higher is better; of the inner out-of-fold predictions, all folds together. NaN loses.
    n_folds : int
    patients : ndarray of int of shape (n,), optional
        Whose rows are which. In a bootstrap resample a row drawn twice stays on one side of each inner split.
    """

    outcome: IntArray
    candidates: Sequence[C]
    fit: Callable[[C, IntArray, int], M]
    predict_with: Callable[[M, IntArray], FloatArray]
    measure: Callable[[IntArray, FloatArray], float]
    n_folds: int = 5
    patients: IntArray | None = None

    def __call__(self, rows: IntArray, seed: int) -> NestedChoice[C, M]:
        """Choose among the rows, then fit the choice to all of them."""
        own = seeds(seed, 2 + len(self.candidates))
        owner = rows if self.patients is None else np.asarray(self.patients)[rows]
        folds = stratified_folds(np.asarray(self.outcome)[rows], self.n_folds, seed=own[0], patients=owner)
        scores = [self._score(c, rows, folds, own[2 + k]) for k, c in enumerate(self.candidates)]
        worst_first = np.where(np.isnan(scores), -np.inf, scores)
        if not np.isfinite(worst_first).any():
            raise InputError("at least one candidate must have a score", "none that is defined")
        candidate = self.candidates[int(np.argmax(worst_first))]
        return NestedChoice(self.fit(candidate, rows, own[1]), candidate, frozen(np.array(scores)))

    def predict(self, choice: NestedChoice[C, M], rows: IntArray) -> FloatArray:
        """Predictions of a choice, to pass on to `cross_validate`."""
        return self.predict_with(choice.model, rows)

    def _score(self, candidate: C, rows: IntArray, folds: IntArray, seed: int) -> float:
        predictions = np.empty(rows.size)
        for fold, own in enumerate(seeds(seed, self.n_folds)):
            held_out = folds == fold
            model = self.fit(candidate, rows[~held_out], own)
            predictions[held_out] = self.predict_with(model, rows[held_out])
        return float(self.measure(rows, predictions))


@dataclass(frozen=True)
class HeldOut(Generic[M]):
    """One held-out part after another: a fold, a centre; a class of the module, so that processes can be sent it."""

    fit: Fit[M]
    predict: Predict[M]
    splits: list[tuple[IntArray, IntArray]]
    seeds: list[int]

    def __call__(self, number: int) -> FloatArray:
        """Fit without part `number`, return the predictions of its rows."""
        training, held_out = self.splits[number]
        return np.asarray(self.predict(self.fit(training, self.seeds[number]), held_out), dtype=np.float64)
