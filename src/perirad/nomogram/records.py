"""Records of the clinical and combined models and of their nomogram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from perirad.arrays import FloatArray

__all__ = [
    "LogisticFit",
    "Method",
    "Nomogram",
    "NomogramAxis",
    "OddsRatio",
    "PatientReading",
    "RidgeFit",
    "Variable",
    "VariableTest",
    "WaldTest",
]

Method = Literal["ml", "firth"]


@dataclass(frozen=True)
class Variable:
    """A predictor as a person knows it.

    `levels` lists the categories of a categorical variable, the reference first; it is empty for a continuous one.
    `unit` is for labels only (``"years"``). A continuous variable with `knots` (three or more, ascending; see
    `spline_knots`) enters as a restricted cubic spline: linear beyond the outer knots.
    """

    name: str
    label: str
    kind: Literal["continuous", "categorical"]
    levels: tuple[str, ...] = ()
    unit: str = ""
    knots: tuple[float, ...] = ()


@dataclass(frozen=True)
class LogisticFit:
    """A fitted logistic regression.

    `terms` name the columns of the design matrix, without the intercept: the variable's name when continuous (and with
    one prime more for each further column of a spline), ``name=level`` for each level but the reference.
    `coefficients` has the intercept first, so shape (1 + n_terms,); `covariance` is (1 + n_terms, 1 + n_terms).
    `method` is ``"ml"`` or ``"firth"`` (penalised, used where maximum likelihood does not exist because of separation).
    """

    variables: tuple[Variable, ...]
    terms: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    null_log_likelihood: float
    n: int
    n_events: int
    method: Method


@dataclass(frozen=True)
class RidgeFit(LogisticFit):
    """A logistic regression shrunk by a quadratic penalty; `method` is that of the likelihood penalised, ``"ml"``.

    `covariance` is the inverse of the penalised information, `log_likelihood` the likelihood without the penalty.
    `effective_df` counts the terms, less what the penalty takes from them.
    """

    penalty: float
    effective_df: float


@dataclass(frozen=True)
class OddsRatio:
    """One row of a regression table: Wald 95 % interval and p, and the profile likelihood interval where asked for."""

    term: str
    odds_ratio: float
    lower: float
    upper: float
    p: float
    profile_lower: float | None = None
    profile_upper: float | None = None


@dataclass(frozen=True)
class WaldTest:
    """Wald test that all coefficients of some terms are zero."""

    label: str
    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class VariableTest:
    """A variable's rows and its likelihood-ratio test as a whole (all its levels together)."""

    variable: Variable
    rows: tuple[OddsRatio, ...]
    chi2: float
    df: int
    p: float
    method: Method


@dataclass(frozen=True)
class NomogramAxis:
    """One scale of the nomogram: tick labels and the points they are worth.

    For a continuous variable `values` are the tick values and `points` their points (linear in between, but for a
    spline, whose points may turn back); for a categorical one `values` are 0, 1, ... and `labels` the levels.
    """

    variable: Variable
    values: FloatArray
    labels: tuple[str, ...]
    points: FloatArray


@dataclass(frozen=True)
class Nomogram:
    """A logistic model as a sum of points, laid out as `rms::nomogram` does.

    points = points_per_lp * (contribution - smallest contribution of that axis), where the variable with the widest
    range spans 0 to 100; linear predictor = lp_at_zero_points + total_points / points_per_lp.
    `risk_ticks` and `risk_points` are the risk scale (probabilities and the total points at which they lie).
    """

    axes: tuple[NomogramAxis, ...]
    points_per_lp: float
    lp_at_zero_points: float
    total_ticks: FloatArray
    risk_ticks: FloatArray
    risk_points: FloatArray
    outcome_label: str


@dataclass(frozen=True)
class PatientReading:
    """One patient read off a nomogram; points per variable name, beyond the axis where the value is."""

    points: Mapping[str, float]
    total_points: float
    linear_predictor: float
    probability: float
