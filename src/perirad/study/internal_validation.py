"""The bootstrap of everything: all that training does is done again in every resample of its patients."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.nomogram.imputation import fill
from perirad.nomogram.logistic import expit, linear_predictor
from perirad.report.contents import Corrected, CorrectedBenefit, InternalValidation
from perirad.selection.stability import selection_frequency, stability_index
from perirad.study.development import RADSCORE, Development, develop
from perirad.study.evaluation import NOMOGRAM, radscore_name
from perirad.study.training import Training, defined_everywhere, drawn
from perirad.table import FeatureTable
from perirad.validation.calibration import logit_of
from perirad.validation.decision_curve import decision_curve
from perirad.validation.discrimination import auc_delong
from perirad.validation.instability import Instability, instability
from perirad.validation.optimism import Optimism, Out632, estimate_632, no_information_brier, optimism
from perirad.validation.recalibration import calibration_in_the_large, calibration_slope
from perirad.validation.resamples import bootstrap_rows
from perirad.validation.resampling import Resampled, bootstrap_models
from perirad.validation.workers import Progress

if TYPE_CHECKING:
    from perirad.study.settings import StudySettings

__all__ = ["MEASURES", "Internal", "Learnt", "Repeat", "nomogram_risk", "validate_internally"]

MEASURES = ("auc", "brier", "calibration_slope", "calibration_intercept")
"""What is corrected, of each model in this order."""

_THRESHOLDS = frozen(np.arange(1, 40) / 40.0)
"""Threshold probabilities at which the net benefit is corrected."""

Clinical = Sequence[Mapping[str, float | str]]


@dataclass(frozen=True)
class Internal:
    """The corrected figures, and how far each training row's risk moved (`spread`; None when all resamples failed)."""

    figures: InternalValidation
    spread: Instability | None


@dataclass(frozen=True)
class Learnt:
    """A development as the resamples look at it: its risks for all training rows, and what it chose.

    `marks` are 1 or 0: for each scenario whether it was chosen, for each clinical variable whether it was retained, for
    each feature whether the Rad-score of the chosen scenario has it.
    """

    nomogram: FloatArray
    radscore: FloatArray
    marks: FloatArray


def validate_internally(
    development: Development,
    training: Training,
    clinical: Clinical,
    settings: StudySettings,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Internal | None:
    """Optimism of the nomogram and of the chosen Rad-score, by repeating the whole development in resamples.

    Parameters
    ----------
    development : Development
        Of the same training rows; its performance among them is the apparent one.
    training, clinical, settings
        As `develop` got them.
    workers : int
        Resamples at once; the result does not depend on it.
    progress : callable (done, total), optional

    Returns
    -------
    Internal or None
        None with ``settings.validation.bootstrap = 0``.

    Notes
    -----
    Patients are drawn with replacement, each with all its rows; copies of a patient share its folds. A feature that is
    undefined in some training row is offered to no resample, as the fit on all rows cannot use it either. The figure to
    quote is .632+ (Efron and Tibshirani 1997, doi:10.1080/01621459.1997.10474007). Harrell's correction (1996,
    doi:10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4) is kept beside it: on features of pure noise
    it leaves an AUC near 0.6, because the models of the resamples have seen most of the patients they are tested on.
    """
    count = settings.validation.bootstrap
    if count == 0:
        return None
    n = len(training.outcome)
    task = Repeat(development, defined_everywhere(training), clinical, settings)
    rows = bootstrap_rows(n, count, seed=_seed(settings, 5), patients=training.patients)
    resampled = bootstrap_models(
        n,
        task.fit,
        task.measure,
        rows,
        seed=_seed(settings, 6),
        predict=task.predict,
        workers=workers,
        progress=_without_first(progress),
    )
    whole = task.learnt(development)
    return Internal(_figures(resampled, task, whole), _spread(resampled, task, whole))


def _without_first(progress: Progress | None) -> Progress | None:
    """Count the resamples alone: the first fit is that of all rows, which is known already."""
    if progress is None:
        return None

    def tell(done: int, total: int) -> None:
        if done > 1:
            progress(done - 1, total - 1)

    return tell


def nomogram_risk(development: Development, table: FeatureTable, clinical: Clinical) -> FloatArray:
    """Risk of the combined model for cases, as for new patients; the prevalence where nothing was retained."""
    if development.combined is None:
        return np.full(len(table.case_ids), development.prevalence)
    clinical = [fill(row, development.rules) for row in clinical]
    columns: dict[str, list[object]] = {
        variable.name: [row[variable.name] for row in clinical]
        for variable in development.combined.variables
        if variable.name != RADSCORE.name
    }
    columns[RADSCORE.name] = development.scenarios[development.chosen].predict(table).tolist()
    return expit(linear_predictor(development.combined, columns))


@dataclass(frozen=True)
class Repeat:
    """The development again in any of the training rows, and what its models say of them."""

    development: Development
    training: Training
    clinical: Clinical
    settings: StudySettings

    def fit(self, rows: IntArray, seed: int) -> Learnt:
        """Do all that training does in some rows, some of them perhaps several times."""
        if np.array_equal(rows, np.arange(len(self.training.outcome))):
            return self.learnt(self.development)
        settings = self.settings.model_copy(update={"seed": seed})
        try:
            again = develop(drawn(self.training, rows), [self.clinical[i] for i in rows], settings)
        except np.linalg.LinAlgError as error:
            raise InputError("the models must have a solution", str(error)) from None
        return self.learnt(again)

    def learnt(self, development: Development) -> Learnt:
        """What a development says of all training rows."""
        fit = development.scenarios[development.chosen]
        score = fit.score
        selected = set(score.columns)
        retained = {variable.name for variable in development.retained}
        chosen = [name == development.chosen for name in self.settings.scenario_regions()]
        kept = [item.name in retained for item in self.settings.clinical.variables]
        return Learnt(
            nomogram=nomogram_risk(development, self.training.table, self.clinical),
            radscore=score.risk(fit.predict(self.training.table)),
            marks=np.array([*chosen, *kept, *(name in selected for name in self.training.table.columns)], np.float64),
        )

    def measure(self, model: Learnt, rows: IntArray) -> FloatArray:
        """`MEASURES` of nomogram and Rad-score in some rows, then net benefit, then the marks."""
        y = self.training.outcome[rows]
        benefit = decision_curve(y, model.nomogram[rows], thresholds=_THRESHOLDS).net_benefit
        return np.concatenate(
            [_measures(y, model.nomogram[rows]), _measures(y, model.radscore[rows]), benefit, model.marks]
        )

    def predict(self, model: Learnt, rows: IntArray) -> FloatArray:
        """Risk of some rows by the nomogram."""
        return np.asarray(model.nomogram[rows])


def _measures(outcome: IntArray, risk: FloatArray) -> list[float]:
    """All but the Brier score are NaN where there is one class only."""
    event = outcome == 1
    brier = float(np.mean((outcome - risk) ** 2))
    if event.all() or not event.any():
        return [math.nan, brier, math.nan, math.nan]
    logit = logit_of(risk)
    return [
        auc_delong(outcome, risk).estimate,
        brier,
        calibration_slope(event, logit).estimate,
        calibration_in_the_large(event, logit).estimate,
    ]


def _seed(settings: StudySettings, purpose: int) -> int:
    return int(np.random.SeedSequence((settings.seed, purpose)).generate_state(1)[0])


def _figures(resampled: Resampled, task: Repeat, whole: Learnt) -> InternalValidation:
    gap, width, outcome = optimism(resampled), len(MEASURES), task.training.outcome
    useless = [value for risk in (whole.nomogram, whole.radscore) for value in _useless(outcome, risk)]
    outside = estimate_632(resampled, [*useless, *(math.nan for _ in (*_THRESHOLDS, *whole.marks))])
    score = task.development.scenarios[task.development.chosen].score
    names = (NOMOGRAM, radscore_name(task.development.chosen))
    models = {
        name: {
            measure: _corrected(gap, outside, resampled.out_of_bag[:, width * k + j], width * k + j)
            for j, measure in enumerate(MEASURES)
        }
        for k, name in enumerate(names)
        if k == 0 or task.training.table.columns  # no Rad-score without features
    }
    first = 2 * width + _THRESHOLDS.size
    benefit = slice(2 * width, first)
    marks = resampled.training[:, first:]
    fitted = marks[np.isfinite(marks).all(axis=1)]
    scenarios = tuple(task.settings.scenario_regions())
    variables = tuple(item.name for item in task.settings.clinical.variables)
    named = len(scenarios) + len(variables)
    times = fitted[:, :named].sum(axis=0).astype(int).tolist()
    return InternalValidation(
        n_resamples=len(resampled.training),
        models=models,
        chosen=dict(zip(scenarios, times[: len(scenarios)], strict=True)),
        retained=dict(zip(variables, times[len(scenarios) :], strict=True)),
        selected=_frequencies(fitted[:, named:], task.training.table.columns, score.columns),
        stability=stability_index(fitted[:, named:]) if len(fitted) > 1 and fitted.shape[1] > named else None,
        failures=tuple(failure.reason for failure in resampled.failures),
        benefit=CorrectedBenefit(
            _THRESHOLDS, outside.apparent[benefit], outside.out_of_bag[benefit], outside.estimate_632[benefit]
        ),
    )


def _frequencies(selected: FloatArray, columns: Sequence[str], of: Sequence[str]) -> dict[str, float]:
    """Share of the resamples whose Rad-score has a feature, for some of all features; NaN without a resample."""
    share = selection_frequency(selected) if len(selected) else np.full(len(columns), math.nan)
    place = {name: j for j, name in enumerate(columns)}
    return {name: float(share[place[name]]) for name in of}


def _useless(outcome: IntArray, risk: FloatArray) -> tuple[float, ...]:
    """What a model without information reaches, by measure; slope and intercept have no such value."""
    return 0.5, no_information_brier(outcome, risk), math.nan, math.nan


def _corrected(gap: Optimism, outside: Out632, values: FloatArray, at: int) -> Corrected:
    defined = values[np.isfinite(values)]
    lower, upper = np.quantile(defined, (0.025, 0.975)).tolist() if defined.size else (math.nan, math.nan)
    blended = at % len(MEASURES) < 2  # AUC and Brier score; a slope knows no useless value
    return Corrected(
        apparent=float(gap.apparent[at]),
        optimism=float(gap.optimism[at]),
        corrected=float(gap.corrected[at]),
        out_of_bag=float(outside.out_of_bag[at]),
        lower=lower,
        upper=upper,
        estimate_632_plus=float(outside.estimate_632_plus[at]) if blended else math.nan,
        n_used=int(gap.n_used[at]),
    )


def _spread(resampled: Resampled, task: Repeat, whole: Learnt) -> Instability | None:
    if resampled.predictions is None or len(resampled.failures) == len(resampled.training):
        return None
    cutoff = task.development.cutoffs.get("combined", task.development.prevalence)
    return instability(whole.nomogram, resampled.predictions, cutoff=cutoff)
