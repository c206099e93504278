"""The clinical variables of the combined model: how each enters, which of them stay, and how the model is fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.backward import backward_by_aic
from perirad.nomogram.effects import effect, odds_ratios, own_terms, wald_tests
from perirad.nomogram.imputation import pool_fits
from perirad.nomogram.logistic import fit_logistic
from perirad.nomogram.records import Variable, VariableTest
from perirad.nomogram.ridge import choose_penalty
from perirad.nomogram.spline import spline_knots
from perirad.nomogram.tables import multivariable, univariable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.arrays import IntArray
    from perirad.nomogram.records import LogisticFit, OddsRatio
    from perirad.study.modelling import ClinicalSettings, ClinicalVariable

__all__ = ["Columns", "Retained", "clinical_variable", "fit_model", "retain", "tested", "with_knots"]

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
    completions: Sequence[Columns], outcome: IntArray, variables: Sequence[Variable], settings: ClinicalSettings
) -> LogisticFit:
    """Fit a model of some variables as the settings say, pooled over completions of missing values.

    The penalty of a ridge fit is chosen in these rows.
    """
    if settings.model == "ridge":
        return choose_penalty(completions[0], outcome, variables, settings.penalties)
    return pool_fits([fit_logistic(columns, outcome, variables, method=settings.model) for columns in completions])


def tested(
    completions: Sequence[Columns], outcome: IntArray, variables: Sequence[Variable], *, together: bool
) -> tuple[VariableTest, ...]:
    """Test each variable alone, or beside the others.

    By likelihood ratio; over several completions by the Wald test of the pooled coefficients, as likelihoods cannot be
    averaged into a test.
    """
    if not variables:
        return ()
    if len(completions) == 1:
        return tuple((multivariable if together else univariable)(completions[0], outcome, variables))
    fits = [
        pool_fits([fit_logistic(columns, outcome, group) for columns in completions])
        for group in ([list(variables)] if together else [[item] for item in variables])
    ]
    return tuple(_wald(fits[0 if together else k], item, completions[0][item.name]) for k, item in enumerate(variables))


def _wald(fit: LogisticFit, variable: Variable, values: Sequence[object]) -> VariableTest:
    test = next(item for item in wald_tests(fit) if item.label == variable.name)
    if variable.knots:
        quartiles = np.quantile(np.array(values, dtype=np.float64), (0.25, 0.75))
        rows: tuple[OddsRatio, ...] = (effect(fit, variable, *quartiles.tolist()),)
    else:
        rows = tuple(row for row, own in zip(odds_ratios(fit), own_terms(fit, variable), strict=True) if own)
    return VariableTest(variable, rows, test.chi2, test.df, test.p, fit.method)


def retain(completions: Sequence[Columns], outcome: IntArray, settings: ClinicalSettings) -> Retained:
    """Choose the clinical variables as `settings.keep` says, in these rows alone.

    Over several completions, tests are of the pooled coefficients, and backward elimination keeps what it keeps in at
    least half of them.
    """
    variables = tuple(
        with_knots(clinical_variable(item), completions[0][item.name], item.knots) for item in settings.variables
    )
    if not variables:
        return Retained((), (), ())
    single = tested(completions, outcome, variables, together=False)
    if settings.keep == "all":
        return Retained(variables, single, tested(completions, outcome, variables, together=True))
    if settings.keep == "backward":
        kept = [backward_by_aic(columns, outcome, variables) for columns in completions]
        stay = tuple(item for item in variables if sum(item in part for part in kept) * 2 >= len(kept))
        notes = () if stay else ("Backward elimination by AIC left no clinical variable.",)
        return Retained(stay, single, tested(completions, outcome, variables, together=True), notes)
    alpha = settings.alpha
    passed = tuple(test.variable for test in single if test.p < alpha)
    if not passed:
        return Retained((), single, (), (f"No clinical variable passed p < {alpha:g} alone.",))
    together = tested(completions, outcome, passed, together=True)
    stay = tuple(test.variable for test in together if test.p < alpha)
    notes = () if stay else (f"No clinical variable kept p < {alpha:g} beside the others.",)
    return Retained(stay, single, together, notes)
