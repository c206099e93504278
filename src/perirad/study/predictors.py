"""The clinical variables of the combined model: how each enters, which of them stay, and how the model is fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.backward import backward_by_aic
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import Variable
from perirad.nomogram.ridge import choose_penalty
from perirad.nomogram.spline import spline_knots
from perirad.nomogram.tables import multivariable, univariable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.arrays import IntArray
    from perirad.nomogram.records import LogisticFit, VariableTest
    from perirad.study.modelling import ClinicalSettings, ClinicalVariable

__all__ = ["Columns", "Retained", "clinical_variable", "fit_model", "retain", "with_knots"]

Columns = dict[str, list[object]]


@dataclass(frozen=True)
class Retained:
    """Which variables stay, and the tables that say so.

    `single` tests each variable alone, `together` those that were tried together; both are likelihood-ratio tests.
    `notes` say in words when nothing stayed.
    """

    variables: tuple[Variable, ...]
    single: tuple[VariableTest, ...]
    together: tuple[VariableTest, ...]
    notes: tuple[str, ...] = ()


def clinical_variable(item: ClinicalVariable) -> Variable:
    """A setting as the nomogram knows it, a straight line as yet."""
    kind = "categorical" if item.levels else "continuous"
    return Variable(item.name, item.label or item.name, kind, item.levels, item.unit)  # type: ignore[arg-type]


def with_knots(variable: Variable, values: Sequence[object], n_knots: int) -> Variable:
    """Return the variable with as many knots, placed among the values of these rows; without any as it is.

    Raises
    ------
    InputError
        Where the values are too few or too much alike for the knots.
    """
    if not n_knots:
        return variable
    return replace(variable, knots=spline_knots(np.array(values, dtype=np.float64), n_knots))


def fit_model(
    columns: Columns, outcome: IntArray, variables: Sequence[Variable], settings: ClinicalSettings
) -> LogisticFit:
    """Fit a model of some variables as the settings say; the penalty of a ridge fit is chosen in these rows."""
    if settings.model == "ridge":
        return choose_penalty(columns, outcome, variables, settings.penalties)
    return fit_logistic(columns, outcome, variables, method=settings.model)


def retain(columns: Columns, outcome: IntArray, settings: ClinicalSettings) -> Retained:
    """Choose the clinical variables as `settings.keep` says, in these rows alone."""
    variables = tuple(
        with_knots(clinical_variable(item), columns[item.name], item.knots) for item in settings.variables
    )
    if not variables:
        return Retained((), (), ())
    single = tuple(univariable(columns, outcome, variables))
    if settings.keep == "all":
        return Retained(variables, single, tuple(multivariable(columns, outcome, variables)))
    if settings.keep == "backward":
        stay = backward_by_aic(columns, outcome, variables)
        notes = () if stay else ("Backward elimination by AIC left no clinical variable.",)
        return Retained(stay, single, tuple(multivariable(columns, outcome, variables)), notes)
    alpha = settings.alpha
    passed = tuple(test.variable for test in single if test.p < alpha)
    if not passed:
        return Retained((), single, (), (f"No clinical variable passed p < {alpha:g} alone.",))
    together = tuple(multivariable(columns, outcome, passed))
    stay = tuple(test.variable for test in together if test.p < alpha)
    notes = () if stay else (f"No clinical variable kept p < {alpha:g} beside the others.",)
    return Retained(stay, single, together, notes)
