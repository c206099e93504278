"""Small models for the drivers of internal validation, in a module so that processes may run them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation._newton import maximum_likelihood
from perirad.validation.logistic_indices import logistic_indices


@dataclass(frozen=True)
class Logistic:
    """Logistic regression by maximum likelihood; columns may be restricted."""

    X: FloatArray
    y: IntArray

    def fit(self, rows: IntArray, seed: int) -> FloatArray:
        found = maximum_likelihood(self.X[rows], self.y[rows].astype(np.float64))
        if found is None:
            raise InputError("a maximum must exist", "separation")
        return found.beta

    def indices(self, beta: FloatArray, rows: IntArray) -> tuple[float, ...]:
        return tuple(logistic_indices(self.y[rows], self.X[rows] @ beta))

    def predict(self, beta: FloatArray, rows: IntArray) -> FloatArray:
        return np.asarray(special.expit(self.X[rows] @ beta))

    def fit_columns(self, n_columns: int, rows: IntArray, seed: int) -> FloatArray:
        """Fit to the first columns only."""
        found = maximum_likelihood(self.X[rows][:, :n_columns], self.y[rows].astype(np.float64))
        assert found is not None
        return np.append(found.beta, np.zeros(self.X.shape[1] - n_columns))


@dataclass(frozen=True)
class Dice:
    """A fit that draws a number from its seed."""

    def fit(self, rows: IntArray, seed: int) -> float:
        return float(np.random.default_rng(seed).random())

    def measure(self, model: float, rows: IntArray) -> tuple[float, float]:
        return model, float(rows.sum())

    def predict(self, model: float, rows: IntArray) -> FloatArray:
        return np.full(rows.size, model)
