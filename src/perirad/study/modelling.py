"""`[selection]`, `[score]`, `[clinical]` and `[validation]` of `study.toml`: how models are made and judged."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from perirad.study.choices import Settings

__all__ = ["ClinicalSettings", "ClinicalVariable", "ScoreSettings", "SelectionSettings", "ValidationSettings"]


class SelectionSettings(Settings):
    """Screening, pruning and the LASSO of each Rad-score."""

    test: Literal["mann-whitney", "t-test", "welch"] = "mann-whitney"
    alpha: float = Field(default=0.05, gt=0, le=1)
    correlation: float = Field(default=0.9, gt=0, le=1)
    folds: int = Field(default=10, ge=3)
    rule: Literal["lambda.min", "lambda.1se"] = "lambda.min"


class ScoreSettings(Settings):
    """Scenarios, and how one of them is chosen inside the training set.

    `training_score` is the Rad-score that the combined model sees in training: "cross-fitted" (each patient's score
    comes from folds that did not see the patient) or "apparent".
    """

    scenarios: tuple[str, ...] = ()
    folds: int = Field(default=5, ge=3)
    repeats: int = Field(default=4, ge=1)
    training_score: Literal["cross-fitted", "apparent"] = "cross-fitted"


class ClinicalVariable(Settings):
    """A clinical column. `levels` (reference first) makes it categorical."""

    name: str
    label: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()

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


class ClinicalSettings(Settings):
    """Clinical variables and which of them enter the combined model.

    "multivariable": those with p < alpha alone and, together with the others that passed, again; "all": every one.
    `missing` says what happens to a patient with an unknown value: "exclude" (counted in the flow) or "stop".
    """

    variables: tuple[ClinicalVariable, ...] = ()
    keep: Literal["multivariable", "all"] = "multivariable"
    alpha: float = Field(default=0.05, gt=0, le=1)
    missing: Literal["exclude", "stop"] = "exclude"
    missing_words: tuple[str, ...] = ("", "NA", "N/A", "nan", "NaN", "not available", "unknown")


class ValidationSettings(Settings):
    """How the training figures are corrected for optimism.

    `bootstrap` is in how many resamples of the training patients all that training does is repeated; 0 leaves it out.
    The default settles a mean AUC to about 0.01 within minutes; figures to publish deserve 200 or more.
    """

    bootstrap: int = Field(default=20, ge=0)
