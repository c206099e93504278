"""The shape of `model.json`: strict, human-readable, versioned. Loading refuses what it does not know."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from perirad.features.filters.records import ResponseFilter
from perirad.features.ibsi.choice import IbsiChoice
from perirad.features.settings import FeatureSettings
from perirad.nomogram.design import term_names
from perirad.nomogram.records import Variable
from perirad.nomogram.spline import check_knots
from perirad.regions.exclusion import Cause
from perirad.regions.measure import Measure
from perirad.regions.names import parse_region_name
from perirad.study.recipe import CalibrationRule, Recipe, RegionRule
from perirad.table import region_of

__all__ = [
    "SCHEMA",
    "AxisBlock",
    "CalibrationBlock",
    "FeatureBlock",
    "HarmonisationBlock",
    "ImputationBlock",
    "LogisticBlock",
    "ModelFile",
    "NomogramBlock",
    "OutcomeBlock",
    "RadScoreBlock",
    "RecipeBlock",
    "RidgeBlock",
    "TrainingBlock",
    "VariableBlock",
]

SCHEMA: Literal["perirad-model/1"] = "perirad-model/1"


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class OutcomeBlock(_Block):
    """What is predicted."""

    label: str
    event_label: str
    nonevent_label: str


class RecipeBlock(_Block):
    """From pixels to features: ring widths and rules, resampling, discretisation, filters."""

    regions: str = "I = lesion; P_k = {0 < d <= k mm}, Euclidean distance (see measure), clipped at the image"
    widths_mm: tuple[float, ...]
    further: tuple[str, ...] = ()
    measure: Literal["centre", "edge"] = "centre"
    exclude: tuple[str, ...] = ()
    max_lost_fraction: float = Field(default=0.3, ge=0, le=1)
    resample_mm: float | None = Field(gt=0)
    assumed_mm: float | None = Field(gt=0)
    ruler: bool = False
    tick_mm: float | None = Field(default=None, gt=0)
    bin_width: float | None = Field(gt=0)
    bin_count: int | None = Field(ge=2)
    filters: tuple[str, ...]
    log_sigma_mm: tuple[float, ...] = Field(min_length=1)
    definitions: Literal["pyradiomics", "ibsi"] = "pyradiomics"
    responses: tuple[Annotated[ResponseFilter, Field(discriminator="kind")], ...] = ()
    ibsi: IbsiChoice = IbsiChoice()
    slice_mm: float | None = Field(default=None, gt=0)

    def settings(self) -> FeatureSettings:
        """How features are extracted, as the features room takes it."""
        return FeatureSettings(
            bin_width=self.bin_width,
            bin_count=self.bin_count,
            filters=self.filters,
            log_sigma_mm=self.log_sigma_mm,
            responses=self.responses,
            definitions=self.definitions,
            ibsi=self.ibsi,
            slice_mm=self.slice_mm,
        )

    def recipe(self) -> Recipe:
        """The block as a new patient's images are read by it."""
        regions = RegionRule(
            self.widths_mm, self.further, Measure(self.measure), tuple(Cause(cause) for cause in self.exclude)
        )
        calibration = CalibrationRule(self.assumed_mm, self.ruler, self.tick_mm)
        return Recipe(regions, self.settings(), calibration, self.resample_mm)

    @model_validator(mode="after")
    def _can_extract(self) -> RecipeBlock:
        for name in self.recipe().regions.names:
            parse_region_name(name)
        return self


class FeatureBlock(_Block):
    """A selected feature: Rad-score adds coefficient * (value - mean) / sd."""

    column: str
    ibsi: str
    mean: float
    sd: float = Field(gt=0)
    coefficient: float


class HarmonisationBlock(_Block):
    """ComBat of the Rad-score's features, frozen: ``((value - mean) / scale - shift) / sqrt(spread) * scale + mean``.

    `shift` and `spread` have a row for each centre, with a number for each feature.
    """

    method: Literal["combat"] = "combat"
    centres: tuple[str, ...] = Field(min_length=2)
    mean: tuple[float, ...]
    scale: tuple[Annotated[float, Field(gt=0)], ...]
    shift: tuple[tuple[float, ...], ...]
    spread: tuple[tuple[Annotated[float, Field(gt=0)], ...], ...]

    @model_validator(mode="after")
    def _sizes_agree(self) -> HarmonisationBlock:
        n, k = len(self.mean), len(self.centres)
        if len(self.scale) != n or any([len(row) for row in part] != [n] * k for part in (self.shift, self.spread)):
            raise ValueError(f"{k} centres and {n} features need {k} rows of {n} shifts and spreads")
        return self


class RadScoreBlock(_Block):
    """The Rad-score of the chosen scenario; the log-odds that it means are risk_intercept + risk_slope * score."""

    scenario: str
    intercept: float
    features: tuple[FeatureBlock, ...]
    lambda_rule: str
    lambda_value: float
    risk_intercept: float = 0.0
    risk_slope: float = 1.0
    harmonisation: HarmonisationBlock | None = None

    @model_validator(mode="after")
    def _features_agree(self) -> RadScoreBlock:
        if self.harmonisation is not None and len(self.harmonisation.mean) != len(self.features):
            raise ValueError(f"harmonisation must be of the {len(self.features)} features")
        return self


class VariableBlock(_Block):
    """A predictor; `levels` has the reference first and is empty for a continuous one, which may have `knots`."""

    name: str
    label: str
    kind: Literal["continuous", "categorical"]
    levels: tuple[str, ...]
    unit: str
    knots: tuple[float, ...] = ()

    @property
    def variable(self) -> Variable:
        """The predictor as the nomogram knows it."""
        return Variable(self.name, self.label, self.kind, self.levels, self.unit, self.knots)

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the variable's terms in a model."""
        return term_names(self.variable)

    @model_validator(mode="after")
    def _knots_ascend(self) -> VariableBlock:
        check_knots(self.knots, self.name)
        if self.knots and self.kind != "continuous":
            raise ValueError("only a continuous variable can have knots")
        return self


class RidgeBlock(_Block):
    """The penalty that a logistic model was shrunk by (scaled as in `rms::lrm`), and how many terms it left."""

    penalty: float = Field(ge=0)
    effective_df: float


class LogisticBlock(_Block):
    """A logistic model; the intercept is the first coefficient."""

    variables: tuple[VariableBlock, ...] = Field(min_length=1)
    terms: tuple[str, ...]
    coefficients: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood: float
    null_log_likelihood: float
    n: int
    n_events: int
    method: Literal["ml", "firth"]
    ridge: RidgeBlock | None = None

    @model_validator(mode="after")
    def _sizes_agree(self) -> LogisticBlock:
        expected = [name for item in self.variables for name in item.terms]
        if list(self.terms) != expected:
            raise ValueError(f"the terms of the variables are {', '.join(expected)}, in this order")
        size = len(self.terms) + 1
        if len(self.coefficients) != size or [len(row) for row in self.covariance] != [size] * size:
            raise ValueError(f"{len(self.terms)} terms need {size} coefficients and a {size} x {size} covariance")
        return self


class ImputationBlock(_Block):
    """How a missing value is filled from the others: a linear predictor, or one for each level (the highest is taken).

    `coefficients` are rows with the intercept first, then the terms of `others`; `typical` stands in for this variable
    where it is missing as one of the others.
    """

    variable: VariableBlock
    others: tuple[VariableBlock, ...]
    coefficients: tuple[tuple[float, ...], ...]
    typical: float | str

    @model_validator(mode="after")
    def _sizes_agree(self) -> ImputationBlock:
        width = 1 + sum(len(item.terms) for item in self.others)
        rows = max(1, len(self.variable.levels))
        if [len(row) for row in self.coefficients] != [width] * rows:
            raise ValueError(f"filling {self.variable.name} needs {rows} rows of {width} coefficients")
        if (isinstance(self.typical, str) and self.typical not in self.variable.levels) or (
            self.variable.levels and not isinstance(self.typical, str)
        ):
            raise ValueError(f"the typical value of {self.variable.name} must be one of its own")
        return self


class AxisBlock(_Block):
    """One scale of the nomogram."""

    variable: str
    values: tuple[float, ...]
    labels: tuple[str, ...]
    points: tuple[float, ...]

    @model_validator(mode="after")
    def _sizes_agree(self) -> AxisBlock:
        if len({len(self.values), len(self.labels), len(self.points)}) > 1:
            raise ValueError("an axis needs as many labels and points as values")
        return self


class NomogramBlock(_Block):
    """Points of every predictor, and the risk that the total means."""

    axes: tuple[AxisBlock, ...]
    points_per_lp: float
    lp_at_zero_points: float
    total_ticks: tuple[float, ...]
    risk_ticks: tuple[float, ...]
    risk_points: tuple[float, ...]
    outcome_label: str


class TrainingBlock(_Block):
    """Who the model was learnt from, within which ranges."""

    n: int
    n_events: int
    prevalence: float = Field(gt=0, lt=1)
    ranges: dict[str, tuple[float, float]]
    centres: tuple[str, ...]


class CalibrationBlock(_Block):
    """Of how many training images the spacing was assumed; `note` says in words what their lengths are."""

    n_images: int = Field(ge=0)
    n_assumed: int = Field(ge=0)
    note: str = ""


class ModelFile(_Block):
    """The whole of `model.json`; without a `recipe` its features come from a table, and no image can be scored."""

    schema_version: Literal["perirad-model/1"] = SCHEMA
    perirad_version: str
    title: str
    kind: Literal["simulated", "real"]
    outcome: OutcomeBlock
    recipe: RecipeBlock | None
    calibration: CalibrationBlock | None = None
    radscore: RadScoreBlock
    clinical: LogisticBlock | None
    combined: LogisticBlock | None
    imputation: tuple[ImputationBlock, ...] = ()
    nomogram: NomogramBlock | None
    cutoffs: dict[str, float]
    training: TrainingBlock
    performance: dict[str, dict[str, dict[str, float | None]]] = Field(default_factory=dict)
    provenance: dict[str, str]

    @property
    def spacing_note(self) -> str:
        """What to know of the model's millimetres; empty where every training image had a known spacing."""
        if self.calibration is not None:
            return self.calibration.note
        assumed = None if self.recipe is None else self.recipe.assumed_mm  # files from before the block know no more
        return "" if assumed is None else f"Of images of its study the spacing was assumed ({assumed:g} mm)."

    @model_validator(mode="after")
    def _parts_agree(self) -> ModelFile:
        predictors = {item.name for item in self.combined.variables} if self.combined else set()
        axes = {axis.variable for axis in self.nomogram.axes} if self.nomogram else predictors
        if axes != predictors:
            raise ValueError("the nomogram must have one axis for each predictor of the combined model")
        if self.recipe is None:
            return self
        regions = set(self.recipe.recipe().regions.names)
        named = {*self.radscore.scenario.split("+"), *(region_of(item.column) for item in self.radscore.features)}
        if not named <= regions:
            raise ValueError(
                f"the Rad-score names regions that the recipe does not make ({', '.join(sorted(regions))})"
            )
        return self
