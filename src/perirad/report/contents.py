"""Everything a report shows, as one frozen record: the study fills it, the report only draws and prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from perirad.arrays import FloatArray, IntArray
from perirad.nomogram.records import LogisticFit, Nomogram, Variable, VariableTest
from perirad.report.further import Further
from perirad.report.insight import Insight
from perirad.report.lengths import Lengths
from perirad.report.montage_tile import Tile
from perirad.selection.stability import Stability
from perirad.validation.calibration_curve import CalibrationBand
from perirad.validation.decision_curve import NetBenefitBand
from perirad.validation.instability import Instability
from perirad.validation.records import Auc, AucComparison, Calibration, DecisionCurve, RocCurve, ThresholdMetrics

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Acquisition", "BrowsedCase", "CaseView",
    "CohortPerformance", "CohortSize", "Comparison", "Corrected", "FlowStep", "InternalValidation",
    "ModelResult", "ReportContents", "RingLoss", "ScenarioResult", "SelectedFeature",
]  # fmt: skip


@dataclass(frozen=True)
class FlowStep:
    """One line of the patient flow: what was taken away and why, and how many were left."""

    label: str
    n_removed: int
    n_left: int


@dataclass(frozen=True)
class CohortSize:
    """A cohort's numbers; `name` is train, test or external."""

    name: str
    n_patients: int
    n_cases: int
    n_events: int
    n_by_centre: Mapping[str, int]


@dataclass(frozen=True)
class RingLoss:
    """How much of a region was lost, over all analysed cases (fractions 0 to 1).

    `n_flagged` cases lost more than `limit`; `by_cause` has the mean share lost to each cause.
    """

    region: str
    median: float
    upper_quartile: float
    maximum: float
    n_flagged: int
    n_cases: int
    limit: float
    by_cause: Mapping[str, float]


@dataclass(frozen=True)
class SelectedFeature:
    """A feature of the chosen Rad-score: coefficient per training standard deviation."""

    column: str
    ibsi_code: str
    coefficient: float
    mean: float
    sd: float


@dataclass(frozen=True)
class CohortPerformance:
    """A model in one cohort. `score` ranks the patients (a probability for every model)."""

    cohort: str
    outcome: IntArray
    probability: FloatArray
    auc: Auc
    roc: RocCurve
    at_cutoff: ThresholdMetrics
    calibration: Calibration
    decision: DecisionCurve
    band: NetBenefitBand | None = None
    smooth: CalibrationBand | None = None


@dataclass(frozen=True)
class ModelResult:
    """A model (``Clinical``, ``Rad-score I+P5``, ``Nomogram``) in every cohort, training first."""

    name: str
    cutoff: float
    cohorts: tuple[CohortPerformance, ...]

    def cohort(self, name: str) -> CohortPerformance:
        """Performance in the named cohort."""
        return next(item for item in self.cohorts if item.cohort == name)


@dataclass(frozen=True)
class ScenarioResult:
    """One of the Rad-score scenarios (I, I+P3, I+P5, I+P8): how the features shrank, and how it did.

    `cv_auc` is the mean over the folds of the cross-validation inside the training set (the whole selection repeated in
    each fold), `cv_auc_se` its standard error; the scenario with the highest is `chosen`. `steps` names each step of
    the selection with the number of features it left; they are the same in all scenarios.
    """

    name: str
    steps: tuple[tuple[str, int], ...]
    n_selected: int
    lambda_rule: str
    lambda_value: float
    cv_auc: float
    cv_auc_se: float
    chosen: bool
    result: ModelResult


@dataclass(frozen=True)
class ReaderAgreement:
    """Features of one region in cases that two readers outlined: intraclass correlation of each feature.

    `correlations` holds those that are defined, of `n_features`; `limit` is what a feature must reach to be used.
    """

    region: str
    n_cases: int
    n_features: int
    correlations: FloatArray
    limit: float


@dataclass(frozen=True)
class Comparison:
    """DeLong's comparison of two models on one cohort."""

    first: str
    second: str
    cohort: str
    test: AucComparison


@dataclass(frozen=True)
class Corrected:
    """One measure of one model in training, and what is left of it after correction for optimism.

    `out_of_bag` is the mean among the patients that a resample had not drawn, `lower` and `upper` hold 95 % of these
    values; `estimate_632_plus` lies between it and `apparent`, and is NaN for measures that know no useless value.
    `corrected` is `apparent` - `optimism`, where most patients tested had also been drawn: with many features it stays
    optimistic. `n_used` resamples define `optimism`.
    """

    apparent: float
    optimism: float
    corrected: float
    out_of_bag: float
    lower: float
    upper: float
    estimate_632_plus: float
    n_used: int


@dataclass(frozen=True)
class CorrectedBenefit:
    """Net benefit of the nomogram in training: apparent, among patients not drawn, and the .632 blend of the two."""

    thresholds: FloatArray
    apparent: FloatArray
    out_of_bag: FloatArray
    corrected: FloatArray


@dataclass(frozen=True)
class InternalValidation:
    """The whole development repeated in bootstrap resamples of the training patients.

    `models` has `Corrected` by model name and then by measure: auc, brier, calibration_slope, calibration_intercept.
    `chosen` and `retained` count the resamples that chose a scenario and that retained a clinical variable. `selected`
    is the share of them whose Rad-score has each feature of the final one, `stability` Nogueira's index of the whole
    selection (None with fewer than two resamples).
    `failures` has the reason of every resample that could not be fitted.
    """

    n_resamples: int
    models: Mapping[str, Mapping[str, Corrected]]
    chosen: Mapping[str, int]
    retained: Mapping[str, int]
    selected: Mapping[str, float]
    stability: Stability | None
    failures: tuple[str, ...]
    benefit: CorrectedBenefit | None = None

    @property
    def n_fitted(self) -> int:
        """Resamples in which everything could be fitted."""
        return self.n_resamples - len(self.failures)


@dataclass(frozen=True)
class CaseView:
    """Pixels of one case to show: grey image and the masks by region name.

    `assumed_mm` is the spacing that was assumed for the image's file, None where the spacing is known.
    """

    case_id: str
    outcome: int
    pixels: FloatArray
    spacing_mm: tuple[float, float]
    masks: Mapping[str, IntArray]
    caption: str
    assumed_mm: float | None = None


@dataclass(frozen=True)
class BrowsedCase:
    """A case in small, cut to its outermost region, with what the model says of it; `risk` is a probability."""

    tile: Tile
    cohort: str
    outcome: int
    risk: float


@dataclass(frozen=True)
class Acquisition:
    """Images of one centre: how many, their sizes, spacings (mm per pixel) and where these came from.

    `size` has the smallest and largest (rows, columns), `spacing_mm` smallest, median and largest of the rows' spacing.
    """

    centre: str
    n_images: int
    size: tuple[tuple[int, int], tuple[int, int]]
    spacing_mm: tuple[float, float, float]
    sources: Mapping[str, int]
    formats: Mapping[str, int]


@dataclass(frozen=True)
class ReportContents:
    """The run, ready to be shown.

    Parameters
    ----------
    kind : {"simulated", "real"}
        Shown with every figure: simulated cohorts must never be taken for patients.
    outcome_label, event_label, nonevent_label : str
        e.g. "HER2 status", "HER2-low", "HER2-zero".
    baseline : DataFrame
        One row per analysed patient: `cohort`, `outcome` (0/1) and the clinical columns; Table 1 is made of it.
    lengths : Lengths
        How lengths taken from the images are to be written.
    combined_fit, nomogram : optional
        None when neither the Rad-score nor any clinical variable was retained: there is no model to draw.
    warnings : tuple of str
        What the run itself knows to be weak, a sentence each.
    settings_toml : str
        The settings in force, defaults included.
    internal : optional
        None when the bootstrap was switched off.
    images : bool
        Whether the features were measured in images, and not taken from a table.
    thresholds : optional
        Threshold probabilities that make sense for the decision, marked in the decision curves.
    instability : optional
        How far each training patient's risk moved from resample to resample.
    pairs : tuple of Comparison
        DeLong's comparisons of all pairs of models and scenarios.
    insight
        What figures of the Rad-score, of subgroups and of single patients show.
    browsed
        All cases in small, to leaf through.
    ranges : mapping
        Smallest and largest value of each number in training, by variable.
    metrics : mapping
        What `metrics.json` holds: every number of the written text is taken from there.
    assumed_choices : tuple of (setting, why)
        Choices of a preset that its source does not state.
    column : {"double", "single"}
        Whether panels of a figure stand side by side or beneath each other, for one column of a journal.
    """

    title: str
    kind: Literal["simulated", "real"]
    outcome_label: str
    event_label: str
    nonevent_label: str
    lengths: Lengths
    flow: tuple[FlowStep, ...]
    cohorts: tuple[CohortSize, ...]
    variables: tuple[Variable, ...]
    baseline: pd.DataFrame
    ring_losses: tuple[RingLoss, ...]
    scenarios: tuple[ScenarioResult, ...]
    selected: tuple[SelectedFeature, ...]
    radscore_intercept: float
    univariable: tuple[VariableTest, ...]
    multivariable: tuple[VariableTest, ...]
    combined_fit: LogisticFit | None
    combined_tests: tuple[VariableTest, ...]
    nomogram: Nomogram | None
    models: tuple[ModelResult, ...]
    comparisons: tuple[Comparison, ...]
    cases: tuple[CaseView, ...]
    warnings: tuple[str, ...]
    settings_toml: str
    versions: Mapping[str, str]
    split: str
    seed: int
    calibrations: Mapping[str, int] = field(default_factory=dict)
    internal: InternalValidation | None = None
    images: bool = True
    agreement: tuple[ReaderAgreement, ...] = ()
    further: Further = field(default_factory=Further)
    thresholds: tuple[float, float] | None = None
    instability: Instability | None = None
    pairs: tuple[Comparison, ...] = ()
    insight: Insight = field(default_factory=Insight)
    browsed: tuple[BrowsedCase, ...] = ()
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    acquisition: tuple[Acquisition, ...] = ()
    metrics: Mapping[str, Any] = field(default_factory=dict)
    assumed_choices: tuple[tuple[str, str], ...] = ()
    column: Literal["double", "single"] = "double"

    @property
    def kind_label(self) -> str:
        """What is said with every figure and table: a simulated cohort, real images, or real data without images."""
        if self.kind == "simulated":
            return "Simulated cohort"
        return "Real images" if self.images else "Real data"
