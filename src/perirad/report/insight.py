"""How the Rad-score came about, what it does for single patients, and whom it serves how well: records for figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.validation.records import Auc

__all__ = [
    "Contribution", "Correlations", "FeatureCount", "FeatureCounts", "FeatureMap", "Insight", "NomogramReading",
    "PatientContributions", "PenaltyPath", "Subgroup", "WidthResult",
]  # fmt: skip


@dataclass(frozen=True)
class PenaltyPath:
    """Path of the chosen Rad-score's penalised regression, and its cross-validation.

    `coefficients` has shape (n_lambdas, n_columns), of the features that enter anywhere on the path, in standardised
    units; `n_nonzero`, `cv_mean` and `cv_se` have one value for each of `lambdas`. `index` is the penalty chosen.
    """

    lambdas: FloatArray
    columns: tuple[str, ...]
    coefficients: FloatArray
    n_nonzero: IntArray
    measure: str
    cv_mean: FloatArray
    cv_se: FloatArray
    index: int
    index_min: int
    index_1se: int
    rule: str


@dataclass(frozen=True)
class FeatureCount:
    """Features of a region, filtered image and family: how many each step left, the last of them selected."""

    region: str
    image: str
    family: str
    left: tuple[int, ...]


@dataclass(frozen=True)
class FeatureCounts:
    """Features of the chosen scenario by region, filtered image and family, after each of the `steps`."""

    steps: tuple[str, ...]
    rows: tuple[FeatureCount, ...]


@dataclass(frozen=True)
class Correlations:
    """Spearman's correlation of the selected features in training, neighbours alike.

    `matrix` has shape (n, n); `clusters` numbers the groups of average linkage on 1 - |rho|, cut at `cut`.
    """

    columns: tuple[str, ...]
    matrix: FloatArray
    clusters: IntArray
    cut: float


@dataclass(frozen=True)
class WidthResult:
    """A scenario as a point of the width profile.

    `width_mm` is None where the scenario is not the lesion with one ring. `fold_aucs` are those of the held-out folds,
    with the whole selection repeated in each; `resamples` and `nested` are the shares of the bootstrap resamples and of
    the outer folds that chose the scenario, None where they were not made.
    """

    scenario: str
    width_mm: float | None
    fold_aucs: FloatArray
    chosen: bool
    resamples: float | None
    nested: float | None


@dataclass(frozen=True)
class Subgroup:
    """The main model in a part of a cohort; `auc` is None where a class has fewer than five patients."""

    variable: str
    group: str
    cohort: str
    n: int
    n_events: int
    auc: Auc | None


@dataclass(frozen=True)
class Contribution:
    """What one feature or variable adds to a patient's log-odds, against the average of the training patients."""

    name: str
    value: str
    amount: float


@dataclass(frozen=True)
class PatientContributions:
    """A patient's risk as a sum: log-odds = `baseline` + the amounts of all `parts`, exactly."""

    case_id: str
    cohort: str
    outcome: int
    baseline: float
    parts: tuple[Contribution, ...]
    probability: float


@dataclass(frozen=True)
class NomogramReading:
    """A patient on the nomogram: points of each variable, and where its value lies."""

    case_id: str
    cohort: str
    outcome: int
    values: Mapping[str, str]
    points: Mapping[str, float]
    total_points: float
    probability: float
    lower: float
    upper: float


@dataclass(frozen=True)
class FeatureMap:
    """A feature recomputed in a small disc about each point of its region: where in the image its value comes from.

    `values` has the shape of `pixels` (row, column) and is NaN outside the region; `radius_mm` is the disc's.
    """

    case_id: str
    outcome: int
    column: str
    coefficient: float
    radius_mm: float
    pixels: FloatArray
    spacing_mm: tuple[float, float]
    lesion: BoolArray
    values: FloatArray
    assumed_mm: float | None = None


@dataclass(frozen=True)
class Insight:
    """All of it; None or empty where there is nothing of the kind."""

    path: PenaltyPath | None = None
    counts: FeatureCounts | None = None
    correlations: Correlations | None = None
    widths: tuple[WidthResult, ...] = ()
    subgroups: tuple[Subgroup, ...] = ()
    contributions: tuple[PatientContributions, ...] = ()
    reading: NomogramReading | None = None
    maps: tuple[FeatureMap, ...] = ()
