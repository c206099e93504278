"""`[regions]` and `[features]` of `study.toml`: what is measured where, of a study or of one image."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from perirad.errors import InputError, Problem, StudyError
from perirad.features.filters.records import ResponseFilter
from perirad.features.ibsi.choice import IbsiChoice
from perirad.features.settings import FeatureSettings
from perirad.regions.exclusion import Cause
from perirad.regions.measure import Measure
from perirad.regions.names import parse_region_name
from perirad.study.recipe import RegionRule, region_names

__all__ = [
    "ALL",
    "Extraction",
    "FeatureChoice",
    "RegionSettings",
    "Settings",
    "open_extraction",
    "read_toml",
    "validated",
]


ALL = "all"
"""The scenario of all columns, where features come from a table without groups."""


class Settings(BaseModel):
    """A table of settings: frozen, and without unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class RegionSettings(Settings):
    """Widths of the peritumoral rings, in mm from the lesion's edge, and what to do where much of a ring is lost.

    `further` are other regions by their names (`perirad.regions.names`): R3-5, U5, N2, C2, T8-13, P20px-square.
    `measure` says to what distances are measured: the "centre" of the nearest lesion pixel, as published studies do
    it, or "edge", the outline between the pixels, whose areas come closer to those of the true shape. `exclude` are
    causes for which pixels are not used (`perirad.regions.exclusion`).

    A ring that lost more than `max_lost_fraction` is flagged. `on_loss` says what then: "keep" (features of what is
    left), "drop case" (excluded and counted), or "drop ring": the ring and its scenarios leave the study when more than
    `dropped_share` of the training cases lost it, else those training cases are excluded.
    """

    widths_mm: tuple[float, ...] = (3.0, 5.0, 8.0)
    further: tuple[str, ...] = ()
    measure: Measure = Measure.CENTRE
    exclude: tuple[Cause, ...] = ()
    max_lost_fraction: float = Field(default=0.3, ge=0, le=1)
    on_loss: Literal["keep", "drop ring", "drop case"] = "keep"
    dropped_share: float = Field(default=0.2, ge=0, le=1)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the regions, the lesion's first."""
        return region_names(self.widths_mm, self.further)

    def rule(self) -> RegionRule:
        """What of it decides which pixels a region has."""
        return RegionRule(self.widths_mm, self.further, self.measure, self.exclude)

    @field_validator("further")
    @classmethod
    def _regions(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if str(parse_region_name(name)) != name or name == "I":
                raise ValueError(f"region {name!r} must be written {parse_region_name(name)} and is not the lesion")
        return names

    @field_validator("exclude")
    @classmethod
    def _causes(cls, causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
        free = {Cause.IMAGE_EDGE, Cause.OUTSIDE_FIELD, Cause.OTHER_REGION} & set(causes)
        if free:
            raise ValueError(f"{min(free)!r} is always excluded and is not named")
        return causes

    @model_validator(mode="after")
    def _each_once(self) -> RegionSettings:
        if len(set(self.names)) != len(self.names):
            raise ValueError("a region must be named once (widths_mm makes the P)")
        return self

    @field_validator("widths_mm")
    @classmethod
    def _widths(cls, widths: tuple[float, ...]) -> tuple[float, ...]:
        if not widths or any(width <= 0 for width in widths) or list(widths) != sorted(set(widths)):
            raise ValueError("ring widths must be positive and ascending")
        if len({f"{width:g}" for width in widths}) < len(widths):
            raise ValueError("ring widths must differ in their first six digits")
        return widths


class FeatureChoice(Settings):
    """Where features come from; whose, of which images, in how many grey levels; `resample_mm` is off unless given.

    ``source = "table"`` takes them from a table (`table`, by default that of the cases): the columns that match one of
    the patterns in `columns` and mean nothing else in the study. `groups` names sets of columns by patterns, whose
    scenarios are then tried as those of regions are. With ``source = "none"`` there is a clinical model only. Nothing
    below is looked at in both cases.

    `filters` are those of `perirad.features.settings.FILTERS`: original, wavelet, log (with `log_sigma_mm`), square,
    squareroot, logarithm, exponential, gradient, lbp-2d. `responses` are filters of IBSI 2, a table each with its
    `kind`. `definitions` and `ibsi` choose IBSI's features, `slice_mm` PyRadiomics' of a volume of one slice.
    """

    source: Literal["images", "table", "none"] = "images"
    table: str = ""
    columns: tuple[str, ...] = ("*",)
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    definitions: Literal["pyradiomics", "ibsi"] = "pyradiomics"
    bin_width: float | None = Field(default=25.0, gt=0)
    bin_count: int | None = Field(default=None, ge=2)
    filters: tuple[str, ...] = ("original", "wavelet")
    log_sigma_mm: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0, 5.0)
    responses: tuple[Annotated[ResponseFilter, Field(discriminator="kind")], ...] = ()
    ibsi: IbsiChoice = IbsiChoice()
    slice_mm: float | None = Field(default=None, gt=0)
    resample_mm: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _known_filters(self) -> FeatureChoice:
        self.settings()
        return self

    def settings(self) -> FeatureSettings:
        """The choice as the features room takes it."""
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

    @property
    def of_images(self) -> bool:
        """Whether features are measured in images."""
        return self.source == "images"

    @model_validator(mode="after")
    def _source_fits(self) -> FeatureChoice:
        if self.source != "table" and (self.table or self.groups):
            raise ValueError('table and groups need source = "table"')
        for name in self.groups:
            if not re.fullmatch("[A-Za-z0-9-]+", name) or name == ALL:
                raise ValueError(f"group {name!r} must be letters, digits and hyphens, and not {ALL!r}")
        return self

    @model_validator(mode="before")
    @classmethod
    def _one_discretisation(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("bin_count") is not None:
            if data.get("bin_width") is not None:
                raise ValueError("give bin_width or bin_count, not both")
            return {**data, "bin_width": None}
        return data


class Extraction(BaseModel):
    """The two tables of a `study.toml` that say what is measured; what else it holds is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    regions: RegionSettings = RegionSettings()
    features: FeatureChoice = FeatureChoice()


def open_extraction(file: Path) -> Extraction:
    """Read `[regions]` and `[features]` of a `study.toml`, or of a file that holds no more than these.

    Raises
    ------
    StudyError
        With one problem per bad setting; for a file that is not there.
    """
    if not file.is_file():
        raise StudyError([Problem("a file of settings must exist", "no such file", file=str(file))])
    return validated(Extraction, read_toml(file), file)


def read_toml(file: Path) -> dict[str, Any]:
    """Content of a TOML file; StudyError where it is none."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError([Problem(f"{file.name} must be valid TOML", str(error), file=str(file))]) from None


_S = TypeVar("_S", bound=BaseModel)


def validated(kind: type[_S], data: dict[str, Any], file: Path) -> _S:
    """Settings of a file's content; StudyError with one problem per bad setting."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise StudyError([_problem(dict(item), file) for item in error.errors(include_url=False)]) from None


def _problem(item: dict[str, Any], file: Path) -> Problem:
    place = ".".join(str(part) for part in item["loc"]) or "the settings"
    expected = str(item["msg"]).removeprefix("Value error, ")
    found = "these values together" if isinstance(item["input"], dict) else repr(item["input"])
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        expected, found = f"{place}: {cause.problem.expected}", cause.problem.found
        return Problem(expected, found, file=file.name, mend=cause.problem.mend or f"correct it in {file.name}")
    if item["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        expected, found = "a known setting", "an unknown name"
    return Problem(f"{place}: {expected}", found, file=file.name, mend=f"correct it in {file.name}")
