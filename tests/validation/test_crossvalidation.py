"""Repeated and nested cross-validation."""

from __future__ import annotations

from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation.crossvalidation import HeldOut, NestedFit, cross_validate
from perirad.validation.discrimination import auc_delong
from perirad.validation.resamples import stratified_folds
from perirad.validation.resampling import bootstrap_models

from .models import Dice, Logistic


def made_up(n: int, n_columns: int, seed: int) -> Logistic:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, n_columns))])
    y = (rng.random(n) < 1.0 / (1.0 + np.exp(0.5 - 1.5 * X[:, 1]))).astype(np.int64)
    return Logistic(X, y)


@pytest.mark.parametrize(("n", "events", "n_folds"), [(100, 27, 10), (23, 5, 4), (12, 2, 6)])
def test_folds_are_even_analytic(n: int, events: int, n_folds: int) -> None:
    y = np.zeros(n, dtype=np.int64)
    y[:events] = 1
    folds = stratified_folds(y, n_folds, seed=3)
    assert np.ptp(np.bincount(folds, minlength=n_folds)) <= 1
    assert np.ptp(np.bincount(folds[y == 1], minlength=n_folds)) <= 1
    assert not np.array_equal(folds, stratified_folds(y, n_folds, seed=4))


def test_patients_stay_together_analytic() -> None:
    rng = np.random.default_rng(0)
    patients, y = rng.integers(0, 15, 60), rng.integers(0, 2, 60)
    folds = stratified_folds(y, 5, seed=1, patients=patients)
    assert all(np.unique(folds[patients == patient]).size == 1 for patient in np.unique(patients))
    with pytest.raises(InputError, match=r"^folds must be from 2 to the number of patients, 15, got n_folds=16$"):
        stratified_folds(y, 16, seed=1, patients=patients)


def test_leave_one_out_logistic_naive() -> None:
    model = made_up(30, 2, seed=5)
    got = cross_validate(model.y, model.fit, model.predict, n_folds=30)
    rows = np.arange(30)
    expected = [model.predict(model.fit(rows[rows != i], 0), rows[i : i + 1])[0] for i in rows]
    np.testing.assert_allclose(got.predictions[0], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_do_not_change_the_result_analytic(workers: int) -> None:
    y, dice = np.arange(20) % 2, Dice()
    one = cross_validate(y, dice.fit, dice.predict, n_folds=4, n_repeats=3, seed=2)
    more = cross_validate(y, dice.fit, dice.predict, n_folds=4, n_repeats=3, seed=2, workers=workers)
    assert one.predictions.tobytes() == more.predictions.tobytes()
    assert np.unique(one.predictions).size == 12
    assert not np.array_equal(one.folds[0], one.folds[1])


def test_folds_can_be_sent_to_processes_mechanics() -> None:
    dice = Dice()
    task = HeldOut(dice.fit, dice.predict, [(np.arange(3), np.arange(2))], [5])
    assert len(ForkingPickler.dumps(task)) > 0
    with pytest.raises(AttributeError, match="local"):
        ForkingPickler.dumps(HeldOut(lambda *_: 0, dice.predict, [], []))


def test_measures_by_repeat_and_fold_naive() -> None:
    model = made_up(60, 2, seed=6)

    def area(rows: IntArray, predictions: FloatArray) -> float:
        return auc_delong(model.y[rows], predictions).estimate

    got = cross_validate(model.y, model.fit, model.predict, n_folds=5, n_repeats=2)
    whole, parts = got.measured(area), got.measured_by_fold(area)
    assert whole.shape == (2,)
    assert parts.shape == (2, 5)
    rows = np.flatnonzero(got.folds[1] == 3)
    assert parts[1, 3] == auc_delong(model.y[rows], got.predictions[1, rows]).estimate


class Nested:
    """Choice of the number of columns, of which only the first matters."""

    def __init__(self, model: Logistic) -> None:
        self.model = model
        self.choice = NestedFit(model.y, (1, 2, 11), model.fit_columns, model.predict, self.score)

    def score(self, rows: IntArray, predictions: FloatArray) -> float:
        return -float(np.mean((self.model.y[rows] - predictions) ** 2))


def test_the_right_candidate_is_chosen_simulated() -> None:
    nested = Nested(made_up(150, 10, seed=7))
    chosen = nested.choice(np.arange(150), 0)
    assert chosen.candidate == 2
    assert int(np.argmax(chosen.scores)) == 1
    everyone = np.arange(150)
    np.testing.assert_array_equal(chosen.model, nested.model.fit_columns(2, everyone, 0))
    got = cross_validate(nested.model.y, nested.choice, nested.choice.predict, n_folds=4)
    assert auc_delong(nested.model.y, got.predictions[0]).lower > 0.5


def test_inner_scores_naive() -> None:
    # with leave-one-out inner folds the division is no matter of chance
    model = made_up(25, 1, seed=8)
    losses: dict[int, list[float]] = {1: [], 2: []}
    rows = np.arange(25)
    for size, list_of in losses.items():
        for i in rows:
            p = model.predict(model.fit_columns(size, rows[rows != i], 0), rows[i : i + 1])[0]
            list_of.append((model.y[i] - p) ** 2)

    def score(found: IntArray, predictions: FloatArray) -> float:
        return -float(np.mean((model.y[found] - predictions) ** 2))

    chosen = NestedFit(model.y, (1, 2), model.fit_columns, model.predict, score, n_folds=25)(rows, 0)
    np.testing.assert_allclose(chosen.scores, [-np.mean(losses[1]), -np.mean(losses[2])], rtol=0, atol=1e-12)


def test_choice_is_repeated_in_every_resample_and_twins_stay_together_analytic() -> None:
    nested = Nested(made_up(80, 10, seed=9))
    seen: list[bool] = []

    def fit(size: int, rows: IntArray, seed: int) -> FloatArray:
        return nested.model.fit_columns(size, rows, seed)

    def score(rows: IntArray, predictions: FloatArray) -> float:
        # a row drawn twice is predicted by one and the same model
        seen.append(all(np.ptp(predictions[rows == row]) < 1e-12 for row in np.unique(rows)))
        return nested.score(rows, predictions)

    choice = NestedFit(nested.model.y, (2, 3), fit, nested.model.predict, score)
    rows = np.random.default_rng(0).integers(80, size=(4, 80))
    got = bootstrap_models(80, choice, lambda chosen, _: [float(chosen.candidate)], rows)
    assert set(got.training[:, 0]) <= {2.0, 3.0}
    assert len(seen) == 10
    assert all(seen)


def test_no_score_and_no_repeat_are_named_mechanics() -> None:
    model = made_up(20, 1, seed=1)
    choice = NestedFit(model.y, (1, 2), model.fit_columns, model.predict, lambda *_: float("nan"))
    with pytest.raises(InputError, match=r"^at least one candidate must have a score, got none that is defined$"):
        choice(np.arange(20), 0)
    with pytest.raises(InputError, match=r"^at least one repeat of two folds is needed, got n_repeats=0, n_folds=10$"):
        cross_validate(model.y, model.fit, model.predict, n_repeats=0)
