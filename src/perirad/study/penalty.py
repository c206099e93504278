"""The penalty of a Rad-score, without fitting the far end of the path, where the LASSO takes most of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perirad.selection.folds import stratified_group_folds
from perirad.selection.lasso import cv_lasso, lasso_path
from perirad.selection.scaling import usable_columns
from perirad.selection.stability import selection_frequency

if TYPE_CHECKING:
    from perirad.arrays import BoolArray, FloatArray, IntArray
    from perirad.selection.lasso import CvLasso
    from perirad.study.modelling import SelectionSettings

__all__ = ["penalised", "stable_columns"]

_INNER = 0.75  # share of those so far within which the best must lie
_RISEN = 1.0  # standard errors by which the measure must have worsened since


def penalised(Z: FloatArray, y: IntArray, folds: IntArray, settings: SelectionSettings) -> CvLasso:
    """Choose the penalty by cross-validation, as `cv_lasso`, among as many penalties as are needed.

    Parameters
    ----------
    Z, y, folds
        As for `cv_lasso`.
    settings : SelectionSettings
        Loss, mixing, measure and rule.

    Returns
    -------
    CvLasso
        Of the penalties down to where the measure has worsened by a standard error since its best value, which lies
        well before; else of the whole path. The solutions are those of the whole path to the last bit, and so is the
        choice, unless the measure came to a better one a second time.
    """
    return cv_lasso(
        Z,
        y,
        folds,
        alpha=settings.mixing,
        rule=settings.rule,
        measure=settings.measure,
        loss=settings.loss,
        enough=_risen,
    )


def stable_columns(
    Z: FloatArray, y: IntArray, patients: IntArray, folds: IntArray, settings: SelectionSettings, *, seed: int
) -> BoolArray:
    """Columns that the LASSO selects in a share of at least `settings.stability` of halves of the patients.

    The penalty is the one that cross-validation chooses on all rows; the halves come in complementary pairs.

    Parameters
    ----------
    Z : ndarray of shape (n_rows, n_features)
        Scaled.
    seed : int
        Of the halves.

    Returns
    -------
    ndarray of bool, shape (n_features,)

    Notes
    -----
    Meinshausen, Buhlmann 2010, doi:10.1111/j.1467-9868.2010.00740.x; pairs after Shah, Samworth 2013,
    doi:10.1111/j.1467-9868.2011.01034.x.
    """
    whole = penalised(Z, y, folds, settings)
    lambdas = whole.path.lambdas[: whole.index + 1]
    seeds = np.random.SeedSequence(seed).generate_state(settings.stability_pairs)
    selected = []
    for pair in seeds:
        half = stratified_group_folds(y, patients, 2, seed=int(pair))
        for side in (1, 2):
            rows = np.flatnonzero(half == side)
            inside = Z[rows]
            usable = usable_columns(inside)
            path = lasso_path(inside[:, usable], y[rows], alpha=settings.mixing, loss=settings.loss, lambdas=lambdas)
            found = np.zeros(Z.shape[1], dtype=np.bool_)
            found[np.flatnonzero(usable)[path.coefficients[-1] != 0.0]] = True
            selected.append(found)
    return np.asarray(selection_frequency(np.array(selected)) >= settings.stability, dtype=np.bool_)


def _risen(cost: FloatArray, error: FloatArray) -> bool:
    lowest = int(np.argmin(cost))
    return lowest <= _INNER * cost.size and bool(cost[-1] > cost[lowest] + _RISEN * error[lowest])
