"""Single patients of the study: who is typical, what adds up to a risk, and how the nomogram is read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.design import design_matrix
from perirad.nomogram.effects import coefficients_of
from perirad.nomogram.imputation import fill
from perirad.nomogram.points import read_patient
from perirad.report.insight import Contribution, NomogramReading, PatientContributions
from perirad.study.development import RADSCORE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perirad.nomogram.records import Variable
    from perirad.study.records import Validated

__all__ = ["contributions_of", "reading_of", "typical_cases"]


def typical_cases(validated: Validated) -> list[int]:
    """Rows of one case of each class, no event first: the one whose risk is nearest to the median of its class.

    They are patients of the test cohort, where there are any of that class.
    """
    analysed = validated.fitted.analysed
    risk, outcome = validated.predictions.scores.p_combined, analysed.outcome
    cohorts = np.array(analysed.cohort_of_row)
    found = []
    for value in (0, 1):
        for wanted in ("test", "external", "train"):
            index = np.flatnonzero((outcome == value) & (cohorts == wanted))
            if len(index):
                distance = np.abs(risk[index] - np.median(risk[index]))
                found.append(int(index[np.argmin(distance)]))
                break
    return found


def contributions_of(validated: Validated, at: int) -> PatientContributions:
    """A case's log-odds as a sum over features and clinical variables, against the average training patient."""
    analysed, model = validated.fitted.analysed, validated.fitted.model
    case, fit = analysed.cases[at], model.combined
    assert fit is not None, "without a combined model there is nothing to add up"
    train = np.flatnonzero(np.array(analysed.cohort_of_row) == "train")
    scores = validated.predictions.scores.radscore
    mean_score = float(scores[train].mean())
    baseline, parts = float(fit.coefficients[0]), []
    for variable in fit.variables:
        weights = coefficients_of(fit, variable)
        if variable.name == RADSCORE.name and not variable.knots:
            baseline += float(weights[0]) * mean_score
            parts += list(_features(validated, at, train, float(weights[0])))
            continue
        values = (
            scores
            if variable.name == RADSCORE.name
            else [_filled(validated, i)[variable.name] for i in range(len(scores))]
        )
        terms = design_matrix({variable.name: list(values)}, [variable])[0] @ weights
        mean = float(terms[train].mean())
        baseline += mean
        parts.append(Contribution(_named(variable), _text(values[at]), float(terms[at]) - mean))
    return PatientContributions(
        case.case_id, analysed.cohorts[case.case_id], case.outcome, baseline, tuple(parts),
        float(validated.predictions.scores.p_combined[at]),
    )  # fmt: skip


def _filled(validated: Validated, at: int) -> Mapping[str, float | str]:
    return fill(validated.fitted.analysed.cases[at].clinical, validated.fitted.model.rules)


def _features(validated: Validated, at: int, train: np.ndarray, weight: float) -> Iterator[Contribution]:
    """What each feature adds through the Rad-score, less its mean in training."""
    analysed, development = validated.fitted.analysed, validated.fitted.development
    fit = development.scenarios[development.chosen]
    own = analysed.features.table
    table = own if fit.harmonised is None else fit.harmonised.apply(own)
    amounts = fit.score.contributions(table)
    found = own.take(columns=list(fit.score.columns)).values
    for j, column in enumerate(fit.score.columns):
        z = (table.take(columns=[column]).values[at, 0] - fit.score.means[j]) / fit.score.sds[j]
        amount = weight * float(amounts[at, j] - amounts[train, j].mean())
        yield Contribution(column, f"{found[at, j]:.4g} (z = {z:+.1f})", amount)


def reading_of(validated: Validated, at: int) -> NomogramReading:
    """A case of the study as it is read off the nomogram."""
    analysed, model, scores = validated.fitted.analysed, validated.fitted.model, validated.predictions.scores
    case = analysed.cases[at]
    assert model.nomogram is not None
    assert model.combined is not None
    values = {**_filled(validated, at), RADSCORE.name: float(scores.radscore[at])}
    reading = read_patient(model.nomogram, model.combined, values)
    return NomogramReading(
        case.case_id, analysed.cohorts[case.case_id], case.outcome,
        {variable.name: _text(values[variable.name]) for variable in model.combined.variables},
        dict(reading.points), reading.total_points, float(scores.p_combined[at]), float(scores.lower[at]),
        float(scores.upper[at]),
    )  # fmt: skip


def _named(variable: Variable) -> str:
    return f"{variable.label} ({variable.unit})" if variable.unit else variable.label


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}" if math.isfinite(value) else "not known"
