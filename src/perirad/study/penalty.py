"""The penalty of a Rad-score, without fitting the far end of the path, where the LASSO takes most of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError
from perirad.selection.folds import stratified_group_folds
from perirad.selection.lasso import cv_lasso, lambda_grid, lasso_path
from perirad.selection.scaling import usable_columns
from perirad.selection.stability import selection_frequency

if TYPE_CHECKING:
    from perirad.arrays import BoolArray, FloatArray, IntArray
    from perirad.selection.lasso import CvLasso, LassoPath
    from perirad.study.modelling import SelectionSettings

__all__ = ["penalised", "stable_columns"]

_FIRST = (40, 60)  # penalties of the grid of a hundred that are tried before all of them
_INNER = 0.7  # share of them within which the smallest deviance must lie
_RISEN = 2.0  # standard errors by which the deviance must have risen again at their end


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
        Of the first 40 or 60 penalties of `lambda_grid` where the measure has its best value well within them and has
        worsened by two standard errors at their end; else of the whole path. The solutions are those of the whole path
        to the last bit, and so is the choice, unless the measure came to a better one a second time.
    """
    grid = lambda_grid(Z, y.astype(np.float64), alpha=settings.mixing, loss=settings.loss)
    for count in _FIRST:
        if count >= grid.size:
            break
        try:
            fit = _cross_validated(Z, y, folds, settings, grid[:count])
        except InputError:  # of these data or of these penalties: the whole path says which
            break
        if _ended(fit.path):
            break
        if _risen(fit):
            return fit
    return _cross_validated(Z, y, folds, settings, None)


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


def _cross_validated(
    Z: FloatArray, y: IntArray, folds: IntArray, settings: SelectionSettings, lambdas: FloatArray | None
) -> CvLasso:
    return cv_lasso(
        Z,
        y,
        folds,
        alpha=settings.mixing,
        rule=settings.rule,
        measure=settings.measure,
        loss=settings.loss,
        lambdas=lambdas,
    )


def _risen(fit: CvLasso) -> bool:
    cost = -fit.cv_mean if fit.measure == "auc" else fit.cv_mean
    inside = fit.index_min <= _INNER * cost.size
    return inside and bool(cost[-1] > cost[fit.index_min] + _RISEN * fit.cv_se[fit.index_min])


def _ended(path: LassoPath) -> bool:
    """Whether the whole path would have stopped already by glmnet's rules."""
    ratio = path.deviance_ratio
    return bool((ratio[4:] > 0.999).any() or (np.diff(ratio)[3:] < 1e-5).any())
