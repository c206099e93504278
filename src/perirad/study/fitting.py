"""The Rad-score of one scenario, and all scenarios cross-fitted: everything here sees training rows only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perirad.score.radscore import RadScore
from perirad.selection.folds import stratified_group_folds
from perirad.selection.redundancy import prune_correlated
from perirad.selection.scaling import fit_scaler, usable_columns
from perirad.selection.univariate import mann_whitney, t_test
from perirad.study.penalty import penalised
from perirad.study.training import defined_everywhere
from perirad.validation.discrimination import auc_delong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perirad.arrays import FloatArray, IntArray
    from perirad.study.settings import SelectionSettings, StudySettings
    from perirad.study.training import Training

__all__ = ["CrossFit", "RadScoreFit", "cross_fit", "fit_radscore"]


@dataclass(frozen=True)
class RadScoreFit:
    """A fitted Rad-score and how many features each step left."""

    score: RadScore
    n_candidates: int
    n_defined: int
    n_screened: int
    n_uncorrelated: int
    lambda_value: float


@dataclass(frozen=True)
class CrossFit:
    """Rad-scores of training patients from fits that did not see them.

    `scores` maps a scenario to the mean over repeats, shape (n_rows,); `fold_aucs` maps it to the AUC of every held-out
    fold, shape (n_repeats * n_folds,).
    """

    scores: Mapping[str, FloatArray]
    fold_aucs: Mapping[str, FloatArray]


def _screen(values: FloatArray, outcome: IntArray, settings: SelectionSettings) -> FloatArray:
    if settings.test == "mann-whitney":
        return mann_whitney(values, outcome)
    return t_test(values, outcome, equal_variance=settings.test == "t-test")


def fit_radscore(training: Training, scenario: str, settings: SelectionSettings, seed: tuple[int, ...]) -> RadScoreFit:
    """Fit one Rad-score: drop undefined and constant features, z-score, screen, prune, LASSO.

    A feature that is NaN in any training row cannot be used; the counts in the result tell how many were left after
    each step. When nothing passes, the score is its intercept: the log-odds of the training prevalence.

    Parameters
    ----------
    training : Training
        Rows of the training set, with the columns of the scenario's regions.
    seed : tuple of int
        Entropy of the folds that choose lambda.
    """
    names = np.array(training.table.columns)
    values = np.asarray(training.table.values)
    usable = usable_columns(values)
    names, values = names[usable], values[:, usable]
    n_defined = len(names)
    passed = _screen(values, training.outcome, settings) < settings.alpha
    names, values = names[passed], values[:, passed]
    n_screened = len(names)
    if n_screened > 1:
        kept = prune_correlated(values, cutoff=settings.correlation)
        names, values = names[kept], values[:, kept]
    scaler = fit_scaler(values)
    folds = stratified_group_folds(training.outcome, training.patients, settings.folds, seed=_integer(seed))
    fit = penalised(scaler.transform(values), training.outcome, folds, rule=settings.rule)
    chosen = np.flatnonzero(fit.coefficients)
    score = RadScore(
        scenario=scenario,
        columns=tuple(str(name) for name in names[chosen]),
        means=scaler.mean[chosen],
        sds=scaler.sd[chosen],
        coefficients=fit.coefficients[chosen],
        intercept=fit.intercept,
    )
    n_candidates = len(training.table.columns)
    return RadScoreFit(score, n_candidates, n_defined, n_screened, len(names), fit.chosen_lambda)


def _integer(entropy: tuple[int, ...]) -> int:
    return int(np.random.SeedSequence(entropy).generate_state(1)[0])


@dataclass(frozen=True)
class _Task:
    """One held-out fold of one scenario."""

    scenario: str
    inner: IntArray
    held: IntArray
    seed: tuple[int, ...]


def cross_fit(training: Training, settings: StudySettings, *, workers: int = 1) -> CrossFit:
    """Repeat the whole selection in every fold, for every scenario, on the same folds.

    The mean of `fold_aucs` chooses the scenario; the scores feed the combined model, because a score fitted on the same
    patients overstates its own weight. The result does not depend on `workers`.
    """
    regions = settings.scenario_regions()
    rows = {name: defined_everywhere(training.regions(regions[name])) for name in regions}
    tasks = list(_tasks(training, settings))

    def held_scores(task: _Task) -> FloatArray:
        data = rows[task.scenario]
        fit = fit_radscore(data.rows(task.inner), task.scenario, settings.selection, task.seed)
        return fit.score.predict(data.table.take(rows=task.held))

    scores = {name: np.zeros(len(training.outcome)) for name in regions}
    aucs: dict[str, list[float]] = {name: [] for name in regions}
    # Threads, because the LASSO kernel lets go of the interpreter; `map` keeps the order of the tasks.
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for task, found in zip(tasks, pool.map(held_scores, tasks), strict=True):
            scores[task.scenario][task.held] += found / settings.score.repeats
            aucs[task.scenario].append(auc_delong(training.outcome[task.held], found).estimate)
    return CrossFit(scores, {name: np.array(values) for name, values in aucs.items()})


def _tasks(training: Training, settings: StudySettings) -> Iterator[_Task]:
    n_folds = settings.score.folds
    for repeat in range(settings.score.repeats):
        fold_seed = _integer((settings.seed, 2, repeat))
        folds = stratified_group_folds(training.outcome, training.patients, n_folds, seed=fold_seed)
        for fold in range(1, n_folds + 1):
            inner, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            for name in settings.scenario_regions():
                yield _Task(name, inner, held, (settings.seed, 3, repeat, fold))
