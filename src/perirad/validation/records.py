"""Results of validation, frozen: what the report prints and `metrics.json` keeps."""

from __future__ import annotations

from dataclasses import dataclass

from perirad.arrays import FloatArray

__all__ = [
    "Auc", "AucComparison", "Calibration", "CalibrationGroups", "DecisionCurve", "Estimate", "Proportion",
    "RocCurve", "SmoothCalibration", "ThresholdMetrics",
]  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; NaN limits where none is defined."""

    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Auc:
    """Area under the ROC curve with DeLong's variance and 95 % interval (doi:10.2307/2531595)."""

    estimate: float
    lower: float
    upper: float
    variance: float
    n_events: int
    n_nonevents: int


@dataclass(frozen=True)
class AucComparison:
    """Difference of two correlated AUCs on the same patients (first minus second), DeLong's test."""

    difference: float
    lower: float
    upper: float
    z: float
    p: float


@dataclass(frozen=True)
class RocCurve:
    """ROC points from (0, 0) to (1, 1).

    `thresholds` are midpoints between neighbouring scores, -inf and inf at the ends; a patient is called
    positive when score >= threshold. All arrays have the same length, false positive rate ascending.
    """

    thresholds: FloatArray
    sensitivity: FloatArray
    specificity: FloatArray


@dataclass(frozen=True)
class Proportion:
    """A share with its 95 % interval; NaN where the denominator is zero."""

    estimate: float
    lower: float
    upper: float
    numerator: int
    denominator: int


@dataclass(frozen=True)
class ThresholdMetrics:
    """Two-by-two table at a frozen cut-off (positive when score >= cutoff)."""

    cutoff: float
    tp: int
    fp: int
    tn: int
    fn: int
    sensitivity: Proportion
    specificity: Proportion
    ppv: Proportion
    npv: Proportion
    accuracy: Proportion


@dataclass(frozen=True)
class CalibrationGroups:
    """Patients in groups of similar predicted risk: mean prediction, observed share with Wilson interval."""

    predicted: FloatArray
    observed: FloatArray
    lower: FloatArray
    upper: FloatArray
    n: FloatArray


@dataclass(frozen=True)
class SmoothCalibration:
    """Flexible calibration curve (local quadratic regression of the outcome on the prediction)."""

    predicted: FloatArray
    observed: FloatArray


@dataclass(frozen=True)
class Calibration:
    """Agreement of predicted and observed risk in one cohort.

    `intercept` is calibration-in-the-large (slope fixed at 1), `slope` that of the logistic recalibration model;
    both are NaN where the fit does not exist (one class, or perfect separation). `brier_scaled` is
    1 - brier / brier of the prevalence. ICI, E50, E90, Emax are distances between curve and diagonal.
    """

    n: int
    n_events: int
    intercept: Estimate
    slope: Estimate
    observed_expected: float
    brier: float
    brier_scaled: float
    ici: float
    e50: float
    e90: float
    emax: float
    curve: SmoothCalibration
    groups: CalibrationGroups


@dataclass(frozen=True)
class DecisionCurve:
    """Net benefit over threshold probabilities (doi:10.1177/0272989X06295361); NaN where no threshold applies."""

    thresholds: FloatArray
    net_benefit: FloatArray
    treat_all: FloatArray
    prevalence: float
