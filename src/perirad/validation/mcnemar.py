"""Two frozen classifiers on the same patients: McNemar's test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import BoolArray, IntArray
from perirad.errors import InputError
from perirad.validation._check import check_outcome

__all__ = ["McNemar", "PairedAccuracy", "compare_classifications", "mcnemar"]


@dataclass(frozen=True)
class McNemar:
    """Patients whom only one of two classifiers calls rightly, and the test that both do equally well.

    `p_exact` is the binomial test, `p_corrected` the chi-square test with continuity correction.
    """

    only_first: int
    only_second: int
    difference: float
    p_exact: float
    p_corrected: float


@dataclass(frozen=True)
class PairedAccuracy:
    """McNemar's test among the events (sensitivity), the others (specificity), and all (accuracy)."""

    sensitivity: McNemar
    specificity: McNemar
    accuracy: McNemar


def mcnemar(first_right: BoolArray, second_right: BoolArray) -> McNemar:
    """McNemar's test of two shares of the same patients (doi:10.1007/BF02295996).

    Parameters
    ----------
    first_right, second_right : ndarray of bool of shape (n,)
        Whether each classifier calls each patient rightly.

    Returns
    -------
    McNemar
        `difference` of the shares, first minus second, NaN without patients. Both p are NaN where the classifiers
        do not disagree about anybody.
    """
    a, b = np.asarray(first_right), np.asarray(second_right)
    if a.ndim != 1 or a.shape != b.shape or a.dtype != np.bool_ or b.dtype != np.bool_:
        raise InputError("two boolean vectors of one length are needed", f"{a.dtype} {a.shape}, {b.dtype} {b.shape}")
    first, second = int(np.count_nonzero(a & ~b)), int(np.count_nonzero(b & ~a))
    discordant = first + second
    difference = (first - second) / a.size if a.size else math.nan
    if discordant == 0:
        return McNemar(0, 0, difference, math.nan, math.nan)
    exact = min(1.0, 2.0 * float(special.bdtr(min(first, second), discordant, 0.5)))
    gap = max(0.0, abs(first - second) - 1.0)  # the correction reaches zero and no further
    corrected = float(special.chdtrc(1.0, gap**2 / discordant))
    return McNemar(first, second, difference, exact, corrected)


def compare_classifications(outcome: IntArray, first: BoolArray, second: BoolArray) -> PairedAccuracy:
    """Compare sensitivity, specificity and accuracy of two classifications of the same patients.

    Parameters
    ----------
    outcome : ndarray of int of shape (n,)
        1 where the event is present, 0 otherwise.
    first, second : ndarray of bool of shape (n,)
        True where a classifier calls the patient positive.

    Returns
    -------
    PairedAccuracy
    """
    event = check_outcome(outcome)
    a, b = _classification(first, event.size), _classification(second, event.size)
    right = a == event, b == event
    return PairedAccuracy(
        sensitivity=mcnemar(right[0][event], right[1][event]),
        specificity=mcnemar(right[0][~event], right[1][~event]),
        accuracy=mcnemar(*right),
    )


def _classification(positive: BoolArray, n_patients: int) -> BoolArray:
    values = np.asarray(positive)
    if values.shape != (n_patients,) or values.dtype != np.bool_:
        raise InputError(
            f"a classification must be true or false for each of {n_patients} patients",
            f"an array of {values.dtype} of shape {values.shape}",
        )
    return values
