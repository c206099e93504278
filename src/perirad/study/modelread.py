"""From the blocks of `model.json` to the records that the rooms work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perirad.nomogram.imputation import FrozenRule
from perirad.nomogram.records import LogisticFit, Nomogram, NomogramAxis, RidgeFit
from perirad.score.radscore import RadScore
from perirad.selection.combat import Combat
from perirad.study.harmonising import Harmonised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.study.schema import ImputationBlock, LogisticBlock, NomogramBlock, RadScoreBlock

__all__ = ["read_fit", "read_harmonised", "read_nomogram", "read_radscore", "read_rules"]


def read_radscore(block: RadScoreBlock) -> RadScore:
    """The Rad-score."""
    features = block.features
    return RadScore(
        scenario=block.scenario,
        columns=tuple(item.column for item in features),
        means=np.array([item.mean for item in features]),
        sds=np.array([item.sd for item in features]),
        coefficients=np.array([item.coefficient for item in features]),
        intercept=block.intercept,
        risk_intercept=block.risk_intercept,
        risk_slope=block.risk_slope,
    )


def read_rules(blocks: Sequence[ImputationBlock]) -> tuple[FrozenRule, ...]:
    """How missing clinical values are filled; empty where the model wants every value."""
    return tuple(
        FrozenRule(
            block.variable.variable,
            tuple(item.variable for item in block.others),
            np.array(block.coefficients),
            block.typical,
        )
        for block in blocks
    )


def read_harmonised(block: RadScoreBlock) -> Harmonised | None:
    """ComBat of the Rad-score's features; None where the model does not harmonise."""
    own = block.harmonisation
    if own is None:
        return None
    none = np.zeros((0, len(own.mean)))
    combat = Combat(
        own.centres, np.array(own.mean), np.array(own.scale), none, np.array(own.shift), np.array(own.spread)
    )
    return Harmonised(tuple(item.column for item in block.features), combat)


def read_fit(block: LogisticBlock | None) -> LogisticFit | None:
    """A logistic model; None where there is none."""
    if block is None:
        return None
    plain = LogisticFit(
        variables=tuple(item.variable for item in block.variables),
        terms=block.terms,
        coefficients=np.array(block.coefficients),
        covariance=np.array(block.covariance),
        log_likelihood=block.log_likelihood,
        null_log_likelihood=block.null_log_likelihood,
        n=block.n,
        n_events=block.n_events,
        method=block.method,
    )
    if block.ridge is None:
        return plain
    return RidgeFit(**vars(plain), penalty=block.ridge.penalty, effective_df=block.ridge.effective_df)


def read_nomogram(block: NomogramBlock | None, fit: LogisticFit | None) -> Nomogram | None:
    """The nomogram of a fit; None where either is not there."""
    if block is None or fit is None:
        return None
    variables = {variable.name: variable for variable in fit.variables}
    axes = tuple(
        NomogramAxis(variables[axis.variable], np.array(axis.values), axis.labels, np.array(axis.points))
        for axis in block.axes
    )
    return Nomogram(
        axes=axes,
        points_per_lp=block.points_per_lp,
        lp_at_zero_points=block.lp_at_zero_points,
        total_ticks=np.array(block.total_ticks),
        risk_ticks=np.array(block.risk_ticks),
        risk_points=np.array(block.risk_points),
        outcome_label=block.outcome_label,
    )
