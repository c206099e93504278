"""`[selection]`, `[score]`, `[clinical]` and `[validation]` of `study.toml`: how models are made and judged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from perirad.selection.agreement import IccKind
from perirad.selection.cv_loss import Measure
from perirad.selection.lasso import Loss, Rule
from perirad.selection.mrmr import MrmrScheme
from perirad.selection.univariate import Adjustment
from perirad.study.choices import Settings

__all__ = [
    "ClinicalSettings",
    "ClinicalVariable",
    "HarmonisationSettings",
    "ScoreSettings",
    "SelectionSettings",
    "ValidationSettings",
]

Knots = Literal[0, 3, 4, 5, 6, 7]
"""Knots of a restricted cubic spline; 0 is a straight line."""


class SelectionSettings(Settings):
    """Screening, pruning, ranking and the LASSO of each Rad-score.

    Where training cases were outlined twice (column `mask_2`), a feature must have an intraclass correlation between
    readers of at least `icc` (its estimate, or the lower limit of its interval); 0 switches that off.

    `adjustment` corrects the p of the screen for the number of features. Of a pair of features whose correlation is
    above `correlation` one goes. `mrmr` is how many features at most a ranking by relevance and redundancy leaves (0:
    no such step). With `stability` (a share, 0: no such step) the LASSO is given only the features that it selects in
    at least that share of `stability_pairs` pairs of halves of the patients.

    `mixing` is glmnet's alpha: 1 for the LASSO, between 0 and 1 for the elastic net, 0 for ridge. ``loss = "squared"``
    repeats studies that fitted the 0/1 label by least squares; `measure` is what chooses the penalty: by default the
    deviance, with squared loss the squared error.
    """

    icc: float = Field(default=0.75, ge=0, le=1)
    icc_by: Literal["estimate", "lower"] = "estimate"
    icc_kind: IccKind = "ICC2"
    test: Literal["mann-whitney", "t-test", "welch", "none"] = "mann-whitney"
    alpha: float = Field(default=0.05, gt=0, le=1)
    adjustment: Adjustment = "none"
    correlation: float = Field(default=0.9, gt=0, le=1)
    correlation_method: Literal["spearman", "pearson"] = "spearman"
    mrmr: int = Field(default=0, ge=0)
    mrmr_scheme: MrmrScheme = "MID"
    stability: float = Field(default=0.0, ge=0, le=1)
    stability_pairs: int = Field(default=25, ge=5)
    folds: int = Field(default=10, ge=3)
    loss: Loss = "logistic"
    mixing: float = Field(default=1.0, ge=0, le=1)
    measure: Measure | None = None
    rule: Rule = "lambda.min"

    @model_validator(mode="after")
    def _measure_of_loss(self) -> SelectionSettings:
        allowed = ("deviance", "auc", "class") if self.loss == "logistic" else ("mse", "auc")
        if self.measure is not None and self.measure not in allowed:
            raise ValueError(f"measure with {self.loss} loss must be one of {', '.join(allowed)}")
        if self.test == "none" and self.adjustment != "none":
            raise ValueError("adjustment needs a test to adjust")
        return self


class HarmonisationSettings(Settings):
    """Whether differences between centres are taken out of the features, by ComBat learnt from training rows.

    Cases of a centre that training has not seen cannot be scored then. `reference` names a centre that stays as it is.
    """

    method: Literal["none", "combat"] = "none"
    parametric: bool = True
    mean_only: bool = False
    reference: str = ""


class ScoreSettings(Settings):
    """Scenarios, and how one of them is chosen inside the training set.

    `training_score` is the Rad-score that the combined model sees in training: "cross-fitted" (each patient's score
    comes from folds that did not see the patient) or "apparent". With `knots` the Rad-score may bend in that model.
    """

    scenarios: tuple[str, ...] = ()
    folds: int = Field(default=5, ge=3)
    repeats: int = Field(default=4, ge=1)
    training_score: Literal["cross-fitted", "apparent"] = "cross-fitted"
    knots: Knots = 0


class ClinicalVariable(Settings):
    """A clinical column. `levels` (reference first) makes it categorical; a number may bend, in a spline of `knots`."""

    name: str
    label: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()
    knots: Knots = 0

    @field_validator("levels", mode="before")
    @classmethod
    def _as_text(cls, levels: Any) -> Any:
        return [str(level) for level in levels] if isinstance(levels, (list, tuple)) else levels

    @field_validator("levels")
    @classmethod
    def _at_least_two(cls, levels: tuple[str, ...]) -> tuple[str, ...]:
        if len(levels) == 1 or len(set(levels)) != len(levels):
            raise ValueError("levels must be two or more different values")
        return levels

    @model_validator(mode="after")
    def _numbers_bend(self) -> ClinicalVariable:
        if self.levels and self.knots:
            raise ValueError(f"{self.name} has levels: only a number can have knots")
        return self


class ClinicalSettings(Settings):
    """Clinical variables and which of them enter the combined model.

    "all": every one; "multivariable": those with p < alpha alone and, together with the others that passed, again;
    "backward": those left when dropping any other no longer lowers AIC. A choice by p-value or AIC makes the model
    less sure of itself than it looks, which is why none is made unless asked for.

    `model` is how the clinical and the combined model are fitted: by maximum likelihood ("ml"), by Firth's penalised
    likelihood ("firth"), the former with the latter in its place where the outcome is separated ("auto"), or with a
    ridge penalty ("ridge"), that of `penalties` with the best AIC.

    `missing` says what happens to a patient with an unknown value: "exclude" (counted in the flow), "stop", or
    "impute": training is then completed `imputations` times, and the models pooled by Rubin's rules; later patients are
    filled by a rule frozen in training that does not know the outcome, which their reading says.
    """

    variables: tuple[ClinicalVariable, ...] = ()
    keep: Literal["all", "multivariable", "backward"] = "all"
    alpha: float = Field(default=0.05, gt=0, le=1)
    model: Literal["auto", "ml", "firth", "ridge"] = "auto"
    penalties: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0), min_length=1
    )
    missing: Literal["exclude", "stop", "impute"] = "exclude"
    imputations: int = Field(default=10, ge=2)
    missing_words: tuple[str, ...] = ("", "NA", "N/A", "nan", "NaN", "not available", "unknown")

    @model_validator(mode="after")
    def _can_be_pooled(self) -> ClinicalSettings:
        if self.missing == "impute" and self.model == "ridge":
            raise ValueError('missing = "impute" needs model = "auto", "ml" or "firth": ridge fits are not pooled')
        return self


class ValidationSettings(Settings):
    """How the training figures are corrected for optimism.

    `bootstrap` is in how many resamples of the training patients all that training does is repeated; 0 leaves it out.
    The default settles a mean AUC to about 0.01 within minutes; figures to publish deserve 200 or more. `nested` is how
    often all of it is also repeated in a cross-validation of `nested_folds` folds. With `centres` every training centre
    is predicted by what the others teach ("auto": where there are three or more with enough patients of both classes).

    `cutoff` is how the cut-off of each model is found in training: Youden's index, the point of the ROC curve closest
    to the corner, or the best with a sensitivity or specificity of `at_least`. `prevalence` is where the test is to be
    used: predictive values are then also given for it. `thresholds` are the threshold probabilities that make sense for
    the decision at hand. `r2_share` is the share of the largest possible R2 that is anticipated for the sample size.
    `hosmer_lemeshow` and `reclassification` show tests that mislead when they stand alone.
    """

    bootstrap: int = Field(default=20, ge=0)
    nested: int = Field(default=0, ge=0)
    nested_folds: int = Field(default=5, ge=3)
    centres: Literal["auto", "off"] = "auto"
    cutoff: Literal["youden", "closest", "sensitivity", "specificity"] = "youden"
    at_least: float = Field(default=0.9, gt=0, lt=1)
    prevalence: float | None = Field(default=None, gt=0, lt=1)
    thresholds: tuple[float, float] | None = None
    r2_share: float = Field(default=0.15, gt=0, lt=1)
    hosmer_lemeshow: bool = False
    reclassification: bool = False

    @field_validator("thresholds")
    @classmethod
    def _ascending(cls, thresholds: tuple[float, float] | None) -> tuple[float, float] | None:
        if thresholds is not None and not 0.0 < thresholds[0] < thresholds[1] < 1.0:
            raise ValueError("thresholds must be two ascending probabilities between 0 and 1")
        return thresholds
