"""A model brought to a new hospital: as little is changed as its patients ask for, and the file says what."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from perirad.arrays import frozen
from perirad.errors import InputError, Problem, StudyError
from perirad.nomogram.design import design_matrix
from perirad.nomogram.logistic import expit, fit_logistic, linear_predictor
from perirad.nomogram.points import build_nomogram
from perirad.study.cells import finite_number, shortest
from perirad.study.model import Model
from perirad.study.modelfile import logistic_block, nomogram_block
from perirad.study.store import digest
from perirad.study.table import read_table
from perirad.validation.calibration import calibrate
from perirad.validation.cutoffs import youden_cutoff
from perirad.validation.updating import Step, Update, choose_update, update_intercept, update_slope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from perirad.arrays import FloatArray, IntArray
    from perirad.nomogram.records import LogisticFit, Variable
    from perirad.validation.records import Calibration

__all__ = ["NewHospital", "Updated", "Way", "described", "read_hospital", "update_model"]

Way = Literal["closed-test", "intercept", "slope", "refit"]
_FEWEST = 10


@dataclass(frozen=True)
class NewHospital:
    """Patients of another hospital: outcome (0/1) and the values of the model's predictors, one per patient."""

    outcome: IntArray
    columns: Mapping[str, list[object]]


@dataclass(frozen=True)
class Updated:
    """The new model, what was changed, and calibration in the new patients before and after (the latter apparent)."""

    model: Model
    method: str
    steps: tuple[Step, ...]
    before: Calibration
    after: Calibration


def read_hospital(path: Path, model: Model, *, outcome: str, event: str = "1", nonevent: str = "0") -> NewHospital:
    """Read the table of the new patients: a column for each predictor of the combined model, and the outcome.

    The Rad-score of a patient (column ``radscore``) is what `perirad score` prints.

    Raises
    ------
    StudyError
        With one problem for each cell that cannot be used, and for missing columns. Nobody is left out silently.
    """
    fit = _combined(model)
    frame = read_table(path)
    wanted = [outcome, *(item.name for item in fit.variables)]
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        found = f"columns {', '.join(frame.columns)}"
        raise StudyError([Problem(f"column {name!r} must be in the table", found, file=path.name) for name in absent])
    problems: list[Problem] = []
    classes = {shortest(event): 1, shortest(nonevent): 0}
    y = []
    columns: dict[str, list[object]] = {item.name: [] for item in fit.variables}
    for number, row in zip(frame.index, frame.to_dict("records"), strict=True):
        code = classes.get(shortest(str(row[outcome])))
        if code is None:
            problems.append(_bad(f"{outcome} must be {event} or {nonevent}", str(row[outcome]), int(number), path))
        y.append(code or 0)
        for item in fit.variables:
            value = _value(str(row[item.name]), item)
            if value is None:
                expected = f"{item.name} must be {'one of ' + ', '.join(item.levels) if item.levels else 'a number'}"
                problems.append(_bad(expected, str(row[item.name]), int(number), path))
            columns[item.name].append(value)
    if problems:
        raise StudyError(problems)
    events = sum(y)
    if min(events, len(y) - events) < _FEWEST:
        found = f"{events} events among {len(y)} patients"
        raise StudyError([Problem(f"an update needs at least {_FEWEST} patients of each class", found, file=path.name)])
    return NewHospital(np.array(y, dtype=np.int64), columns)


def _bad(expected: str, found: str, line: int, path: Path) -> Problem:
    return Problem(expected, f"{found!r} in line {line}", file=path.name, mend="correct the cell, or take the row out")


def _value(text: str, item: Variable) -> object:
    if item.levels:
        return next((spelling for spelling in (text, shortest(text)) if spelling in item.levels), None)
    return finite_number(text)


def _combined(model: Model) -> LogisticFit:
    if model.combined is None:
        raise InputError("a model to update must have predictors", "one that gives everybody the same risk")
    return model.combined


def update_model(model: Model, patients: NewHospital, way: Way = "closed-test") -> Updated:
    """Update the combined model to the patients of a new hospital.

    Parameters
    ----------
    model : Model
    patients : NewHospital
    way : {"closed-test", "intercept", "slope", "refit"}
        "intercept" shifts all risks, "slope" also stretches them, "refit" fits all coefficients anew; "closed-test"
        takes the smallest of these, or none, that the patients do not reject (doi:10.1002/sim.7179).

    Returns
    -------
    Updated
        After a shift or stretch the cut-off of the combined model moves with the risks, so that it calls the same
        patients positive; after a refit it is Youden's among the new patients. The Rad-score stays as it is. The
        performance in the file is emptied: that of the old model is no longer this one's.
    """
    fit = _combined(model)
    y, old = patients.outcome, linear_predictor(fit, patients.columns)
    design, _ = design_matrix(patients.columns, fit.variables)
    steps: tuple[Step, ...] = ()
    if way == "closed-test":
        update, steps = choose_update(y, old, design)
    elif way == "refit":
        update = Update("refit", 0.0, 1.0, np.zeros(0), math.nan)
    else:
        update = update_intercept(y, old) if way == "intercept" else update_slope(y, old)
    if update.method == "refit":
        new = fit_logistic(patients.columns, y, fit.variables)
    else:
        if not (math.isfinite(update.intercept) and math.isfinite(update.slope)):
            raise InputError("the update must have a solution", "none: the outcome is separated by the old risks")
        new = _moved(fit, update, y, old)
    risk = expit(linear_predictor(new, patients.columns))
    file = model.file
    cutoffs = dict(file.cutoffs)
    if "combined" in cutoffs:
        cutoffs["combined"] = _cutoff(cutoffs["combined"], update, y, risk)
    assert file.nomogram is not None
    nomogram = build_nomogram(new, file.training.ranges, outcome_label=file.nomogram.outcome_label)
    changed = file.model_copy(
        update={
            "combined": logistic_block(new),
            "nomogram": nomogram_block(nomogram),
            "cutoffs": cutoffs,
            "performance": {},
            "provenance": {
                **file.provenance,
                "updated_from_sha256": digest(model.save_text()),
                "update": update.method,
                "update_patients": str(len(y)),
                "update_events": str(int(y.sum())),
            },
        }
    )
    return Updated(Model(changed), update.method, steps, calibrate(y, expit(old)), calibrate(y, risk))


def _moved(fit: LogisticFit, update: Update, y: IntArray, old: FloatArray) -> LogisticFit:
    """Coefficients shifted and stretched; their covariance by the delta method, the two samples being independent."""
    coefficients = update.slope * fit.coefficients
    coefficients[0] += update.intercept
    risk = expit(update.apply(old))
    columns = [np.ones_like(old)] + ([old] if update.method == "slope" else [])
    X = np.column_stack(columns)
    covariance = update.slope**2 * np.array(fit.covariance)
    if update.method != "none":
        information = X.T @ (X * (risk * (1.0 - risk))[:, None])
        first = np.zeros(len(coefficients))
        first[0] = 1.0
        jacobian = np.column_stack([first, *([fit.coefficients] if update.method == "slope" else [])])
        covariance += jacobian @ np.linalg.inv(information) @ jacobian.T
    return replace(
        fit, coefficients=frozen(coefficients), covariance=frozen(covariance), n=len(y), n_events=int(y.sum())
    )


def _cutoff(cutoff: float, update: Update, y: IntArray, risk: FloatArray) -> float:
    if update.method == "refit":
        found = youden_cutoff(y, risk).cutoff
        return float(y.mean()) if math.isnan(found) else found
    logit = math.log(cutoff / (1.0 - cutoff))
    return float(expit(np.array([update.intercept + update.slope * logit]))[0])


def described(steps: Sequence[Step]) -> list[str]:
    """The tests of the closed procedure in words."""
    return [
        f"{step.method} against a refit: chi-squared {step.chi2:.2f}, {step.df} df, p {step.p:.3f}" for step in steps
    ]
