"""The Rad-score of one scenario, and all scenarios cross-fitted: everything here sees training rows only."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import Variable
from perirad.score.radscore import RadScore
from perirad.selection.folds import stratified_group_folds
from perirad.selection.scaling import fit_scaler
from perirad.study.harmonising import harmonise
from perirad.study.narrowing import narrow
from perirad.study.penalty import penalised, stable_columns
from perirad.study.training import defined_everywhere
from perirad.validation.discrimination import auc_delong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perirad.arrays import FloatArray, IntArray
    from perirad.selection.lasso import CvLasso
    from perirad.study.harmonising import Harmonised
    from perirad.study.settings import StudySettings
    from perirad.study.training import Training
    from perirad.table import FeatureTable

__all__ = ["CrossFit", "RadScoreFit", "cross_fit", "fit_radscore"]


@dataclass(frozen=True)
class RadScoreFit:
    """A fitted Rad-score.

    `steps` are the steps of the selection in their order with the number of features that each left, all that were
    offered first; `survivors` their names. `harmonised` is what is done to the score's features before they are added
    up. `penalties` is the path of the penalised regression, its columns the last of `survivors`.
    """

    score: RadScore
    steps: tuple[tuple[str, int], ...]
    lambda_value: float
    harmonised: Harmonised | None = None
    survivors: tuple[np.ndarray, ...] = ()
    penalties: CvLasso | None = None

    @property
    def n_candidates(self) -> int:
        """Features offered."""
        return self.steps[0][1]

    def predict(self, table: FeatureTable) -> FloatArray:
        """Rad-score of each case, shape (n_cases,); see `RadScore.predict`."""
        return self.score.predict(table if self.harmonised is None else self.harmonised.apply(table))


@dataclass(frozen=True)
class CrossFit:
    """Rad-scores of training patients from fits that did not see them.

    `scores` maps a scenario to the mean over repeats, shape (n_rows,); `fold_aucs` maps it to the AUC of every held-out
    fold, shape (n_repeats * n_folds,).
    """

    scores: Mapping[str, FloatArray]
    fold_aucs: Mapping[str, FloatArray]


def fit_radscore(training: Training, scenario: str, study: StudySettings, seed: tuple[int, ...]) -> RadScoreFit:
    """Fit one Rad-score: harmonise and narrow down the features, z-score them, and let the LASSO choose among them.

    When nothing passes, the score is its intercept: the log-odds of the training prevalence.

    Parameters
    ----------
    training : Training
        Rows of the training set, with the columns of the scenario's regions.
    seed : tuple of int
        Entropy of the folds that choose lambda.

    Notes
    -----
    With squared loss on the 0/1 label, which some published studies used, the score is no log-odds; its risk is then
    that of a logistic regression of the outcome on the score, in the same rows.
    """
    settings = study.selection
    harmonised = harmonise(training.table, study.harmonisation)
    if harmonised is not None:
        training = _harmonised(training, harmonised)
    left = narrow(training, settings)
    outcome, patients = training.outcome, training.patients
    folds = stratified_group_folds(outcome, patients, settings.folds, seed=_integer(seed))
    if settings.stability and len(left.names):
        Z = fit_scaler(left.values).transform(left.values)
        often = stable_columns(Z, outcome, patients, folds, settings, seed=_integer((*seed, 1)))
        left = left.only("After stability selection", often)
    scaler = fit_scaler(left.values)
    fit = penalised(scaler.transform(left.values), outcome, folds, settings)
    chosen = np.flatnonzero(fit.coefficients)
    score = RadScore(
        scenario=scenario,
        columns=tuple(str(name) for name in left.names[chosen]),
        means=scaler.mean[chosen],
        sds=scaler.sd[chosen],
        coefficients=fit.coefficients[chosen],
        intercept=fit.intercept,
    )
    if settings.loss == "squared":
        score = _with_risk(score, training)
    kept = None if harmonised is None else harmonised.only(score.columns)
    return RadScoreFit(score, left.steps, fit.chosen_lambda, kept, left.survivors, fit)


def _harmonised(training: Training, harmonised: Harmonised) -> Training:
    """Harmonise the rows, those of the second reader, too."""
    table = _replaced(training.table, harmonised.apply(training.table))
    if training.second is None:
        return replace(training, table=table)
    again = replace(training.table, values=training.second)
    return replace(training, table=table, second=_replaced(again, harmonised.apply(again)).values)


def _replaced(table: FeatureTable, part: FeatureTable) -> FeatureTable:
    """Return the table with some of its columns replaced."""
    values = table.values.copy()
    place = {name: j for j, name in enumerate(table.columns)}
    values[:, [place[name] for name in part.columns]] = part.values
    return replace(table, values=values)


def _with_risk(score: RadScore, training: Training) -> RadScore:
    """Tell the risk that a score means which is no log-odds."""
    values = score.predict(training.table)
    if score.is_constant or float(np.ptp(values)) == 0.0:
        share = float(training.outcome.mean())
        return replace(score, risk_intercept=math.log(share / (1.0 - share)), risk_slope=0.0)
    own = fit_logistic({"score": values.tolist()}, training.outcome, [Variable("score", "score", "continuous")])
    intercept, slope = own.coefficients.tolist()
    return replace(score, risk_intercept=intercept, risk_slope=slope)


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
        fit = fit_radscore(data.rows(task.inner), task.scenario, settings, task.seed)
        return fit.predict(data.table.take(rows=task.held))

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
