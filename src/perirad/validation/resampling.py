"""Internal validation by the bootstrap: the whole fit is repeated in every resample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.validation.workers import Pool, Progress, in_order, seeds

__all__ = ["Failure", "Fit", "Measure", "Predict", "Resampled", "bootstrap_models"]

M = TypeVar("M")

Fit = Callable[[IntArray, int], M]
"""Learns a model from some rows (with repeats), with a seed for whatever is random in it."""
Measure = Callable[[M, IntArray], Sequence[float] | FloatArray]
"""Performance of a model among some rows (with repeats), NaN where undefined."""
Predict = Callable[[M, IntArray], FloatArray]
"""Predictions of a model for some rows."""


@dataclass(frozen=True)
class Failure:
    """A resample, counted from 0, that could not be fitted or measured, and why."""

    resample: int
    reason: str


@dataclass(frozen=True)
class Resampled:
    """Models of bootstrap resamples, measured.

    Parameters
    ----------
    apparent : ndarray of shape (n_measures,)
        The model of all rows among all rows.
    training, test, out_of_bag : ndarray of shape (n_resamples, n_measures)
        The model of each resample among its own rows, among all rows, and among the rows it has not seen. NaN where a
        measure is undefined or the resample failed.
    predictions : ndarray of shape (n_resamples, n), or None
        Of each resample's model for all rows; None unless asked for.
    failures : tuple of Failure
    """

    apparent: FloatArray
    training: FloatArray
    test: FloatArray
    out_of_bag: FloatArray
    predictions: FloatArray | None
    failures: tuple[Failure, ...]


def bootstrap_models(
    n: int,
    fit: Fit[M],
    measure: Measure[M],
    resamples: Sequence[IntArray] | IntArray,
    *,
    seed: int = 0,
    predict: Predict[M] | None = None,
    workers: int = 1,
    pool: Pool = "threads",
    progress: Progress | None = None,
) -> Resampled:
    """Fit and measure a model in all rows and in each bootstrap resample.

    Parameters
    ----------
    n : int
        Rows of the data.
    fit : callable (rows, seed) -> model
        Everything that looks at the outcome, from scaling and selection to the last coefficient: what is left out of
        it is not corrected for.
    measure : callable (model, rows) -> sequence of float
        The same measures in the same order each time.
    resamples : sequence of ndarray of int
        Rows of each resample, see `resamples.bootstrap_rows`.
    seed : int
        From which each resample's own seed is derived; all rows come first.
    predict : callable (model, rows) -> ndarray, optional
        To keep the predictions of every model, for instability.
    workers, pool, progress
        As in `workers.in_order`; they do not change the result.

    Returns
    -------
    Resampled

    Raises
    ------
    InputError
        When the model of all rows cannot be fitted. In a resample the error is recorded as a failure.
    """
    everyone = np.arange(n, dtype=np.int64)
    rows = [everyone, *(np.asarray(resample, dtype=np.int64) for resample in resamples)]
    if len(rows) == 1:
        raise InputError("at least one resample is needed", "none")
    if any(part.size == 0 or part.min() < 0 or part.max() >= n for part in rows):
        raise InputError(f"resamples must hold rows from 0 to {n - 1}", "others among them")
    task = _Task(fit, measure, predict, rows, seeds(seed, len(rows)))
    results = in_order(task, len(rows), workers=workers, pool=pool, progress=progress)
    if results[0].failure:
        raise InputError("the model of all rows must be fitted and measured", results[0].failure)
    first, others = results[0], results[1:]
    width = first.training.size
    return Resampled(
        apparent=frozen(first.training),
        training=_stacked([result.training for result in others], width),
        test=_stacked([result.test for result in others], width),
        out_of_bag=_stacked([result.out_of_bag for result in others], width),
        predictions=None if predict is None else _stacked([result.predictions for result in others], n),
        failures=tuple(Failure(k, result.failure) for k, result in enumerate(others) if result.failure),
    )


def _stacked(parts: list[FloatArray], width: int) -> FloatArray:
    """One row per resample, NaN where it failed."""
    return frozen(np.array([part if part.size else np.full(width, np.nan) for part in parts]))


def _nothing() -> FloatArray:
    return np.empty(0)


@dataclass(frozen=True)
class _Result:
    """What one resample gave; an empty `failure` means that it went well."""

    training: FloatArray = field(default_factory=_nothing)
    test: FloatArray = field(default_factory=_nothing)
    out_of_bag: FloatArray = field(default_factory=_nothing)
    predictions: FloatArray = field(default_factory=_nothing)
    failure: str = ""


@dataclass(frozen=True)
class _Task(Generic[M]):
    """One resample after another; a class of the module, so that processes can be sent it."""

    fit: Fit[M]
    measure: Measure[M]
    predict: Predict[M] | None
    rows: list[IntArray]
    seeds: list[int]

    def __call__(self, number: int) -> _Result:
        try:
            return self._resample(number)
        except InputError as error:
            return _Result(failure=str(error))

    def _resample(self, number: int) -> _Result:
        drawn, everyone = self.rows[number], self.rows[0]
        model = self.fit(drawn, self.seeds[number])
        training = self._measured(model, drawn)
        test = training if number == 0 else self._measured(model, everyone)
        left = np.setdiff1d(everyone, drawn)
        out_of_bag = self._measured(model, left) if left.size else np.full(training.size, np.nan)
        predictions = (
            _nothing() if self.predict is None else np.asarray(self.predict(model, everyone), dtype=np.float64)
        )
        return _Result(training, test, out_of_bag, predictions)

    def _measured(self, model: M, rows: IntArray) -> FloatArray:
        return np.asarray(self.measure(model, rows), dtype=np.float64)
