"""The Rad-score: a weighted sum of z-scored features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, frozen
from perirad.errors import InputError
from perirad.table import FeatureTable

__all__ = ["RadScore"]


@dataclass(frozen=True)
class RadScore:
    """A signature: which features, how they are scaled, and how they add up.

    Parameters
    ----------
    scenario : str
        Regions whose features were offered, e.g. ``I+P5``.
    columns : tuple of str
        Selected features; may be empty, and then every case has the score of the intercept.
    means, sds : ndarray of shape (n_features,)
        Of the training rows.
    coefficients : ndarray of shape (n_features,)
        Per standard deviation, on the log-odds scale unless `risk_slope` says otherwise.
    intercept : float
    risk_intercept, risk_slope : float
        Log-odds of a score: ``risk_intercept + risk_slope * score``. Other than 0 and 1 only for a score that was
        fitted by squared loss on the 0/1 label.
    """

    scenario: str
    columns: tuple[str, ...]
    means: FloatArray
    sds: FloatArray
    coefficients: FloatArray
    intercept: float
    risk_intercept: float = 0.0
    risk_slope: float = 1.0

    def __post_init__(self) -> None:
        columns = tuple(self.columns)
        object.__setattr__(self, "columns", columns)
        if len(set(columns)) != len(columns):
            raise InputError("every feature must occur once in a Rad-score", "one more than once")
        for name in ("means", "sds", "coefficients"):
            values = np.array(getattr(self, name), dtype=np.float64)
            if values.shape != (len(columns),):
                raise InputError(f"{name} of a Rad-score must have {len(columns)} entries", f"shape {values.shape}")
            if not np.isfinite(values).all():
                raise InputError(f"{name} of a Rad-score must be finite", f"{values.tolist()}")
            object.__setattr__(self, name, frozen(values))
        if not (self.sds > 0.0).all():
            column = columns[int(np.argmin(self.sds))]
            raise InputError("standard deviations of a Rad-score must be positive", f"{self.sds.min()} for {column}")
        for name in ("intercept", "risk_intercept", "risk_slope"):
            value = float(getattr(self, name))
            if not np.isfinite(value):
                raise InputError(f"{name} of a Rad-score must be finite", f"{value}")
            object.__setattr__(self, name, value)

    @property
    def is_constant(self) -> bool:
        """Whether no feature was selected, so that all cases score the same."""
        return not self.columns

    def predict(self, table: FeatureTable) -> FloatArray:
        """Score of each case, shape (n_cases,).

        A case scores the same, to the last bit, alone and among others.

        Raises
        ------
        InputError
            When a feature is not in the table, or not finite in some case.
        """
        total = np.full(len(table.case_ids), self.intercept)
        for part in self._terms(table):
            total = total + part
        return total

    def contributions(self, table: FeatureTable) -> FloatArray:
        """What each feature adds to the score of each case, shape (n_cases, n_features)."""
        parts = np.empty((len(table.case_ids), len(self.columns)))
        for j, part in enumerate(self._terms(table)):
            parts[:, j] = part
        return parts

    def probability(self, table: FeatureTable) -> FloatArray:
        """Risk by the Rad-score alone, shape (n_cases,)."""
        return self.risk(self.predict(table))

    def risk(self, scores: FloatArray) -> FloatArray:
        """Risk that scores mean, shape of `scores`, whoever fitted them: also cross-fitted ones."""
        # Case by case: array routines may round the last bit differently with the length of the array.
        logits = [self.risk_intercept + self.risk_slope * float(score) for score in scores]
        return np.array([_inverse_logit(logit) for logit in logits], dtype=np.float64)

    def _terms(self, table: FeatureTable) -> list[FloatArray]:
        """Summand of each feature, in the order of the columns; column by column, so that the order is fixed."""
        values = table.take(columns=self.columns).values
        _check_finite(values, table.case_ids, self.columns)
        return [self.coefficients[j] * ((values[:, j] - self.means[j]) / self.sds[j]) for j in range(len(self.columns))]


def _inverse_logit(score: float) -> float:
    e = float(np.exp(-abs(score)))
    return 1.0 / (1.0 + e) if score >= 0.0 else e / (1.0 + e)


def _check_finite(values: FloatArray, case_ids: tuple[str, ...], columns: tuple[str, ...]) -> None:
    strange = np.argwhere(~np.isfinite(values))
    if strange.size:
        row, column = strange[0]
        raise InputError(
            f"the Rad-score needs a finite value of {columns[column]}", f"{values[row, column]}", case=case_ids[row]
        )
