"""The penalty of a Rad-score, without fitting the far end of the path, where the LASSO takes most of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError
from perirad.selection.lasso import cv_lasso, lambda_grid

if TYPE_CHECKING:
    from typing import Literal

    from perirad.arrays import FloatArray, IntArray
    from perirad.selection.lasso import CvLasso, LassoPath

__all__ = ["penalised"]

_FIRST = (40, 60)  # penalties of the grid of a hundred that are tried before all of them
_INNER = 0.7  # share of them within which the smallest deviance must lie
_RISEN = 2.0  # standard errors by which the deviance must have risen again at their end


def penalised(Z: FloatArray, y: IntArray, folds: IntArray, *, rule: Literal["lambda.min", "lambda.1se"]) -> CvLasso:
    """Choose the penalty by cross-validation, as `cv_lasso`, among as many penalties as are needed.

    Parameters
    ----------
    Z, y, folds, rule
        As for `cv_lasso`.

    Returns
    -------
    CvLasso
        Of the first 40 or 60 penalties of `lambda_grid` where the deviance has a minimum well within them and has risen
        by two standard errors at their end; else of the whole path. The solutions are those of the whole path to the
        last bit, and so is the choice, unless the deviance came down below that minimum a second time.
    """
    grid = lambda_grid(Z, y.astype(np.float64))
    for count in _FIRST:
        if count >= grid.size:
            break
        try:
            fit = cv_lasso(Z, y, folds, rule=rule, lambdas=grid[:count])
        except InputError:  # of these data or of these penalties: the whole path says which
            break
        if _ended(fit.path):
            break
        if _risen(fit):
            return fit
    return cv_lasso(Z, y, folds, rule=rule)


def _risen(fit: CvLasso) -> bool:
    lowest, error = fit.cv_mean[fit.index_min], fit.cv_se[fit.index_min]
    inside = fit.index_min <= _INNER * fit.cv_mean.size
    return inside and bool(fit.cv_mean[-1] > lowest + _RISEN * error)


def _ended(path: LassoPath) -> bool:
    """Whether the whole path would have stopped already by glmnet's rules."""
    ratio = path.deviance_ratio
    return bool((ratio[4:] > 0.999).any() or (np.diff(ratio)[3:] < 1e-5).any())
