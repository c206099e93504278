"""`study.toml`: every choice of a study, with its default; errors name the setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from perirad.errors import Problem, StudyError
from perirad.study.choices import ALL, FeatureChoice, RegionSettings, Settings, read_toml, validated
from perirad.study.modelling import (
    ClinicalSettings,
    ClinicalVariable,
    HarmonisationSettings,
    ScoreSettings,
    SelectionSettings,
    ValidationSettings,
)
from perirad.study.presets import ASSUMED, PRESETS, with_preset
from perirad.study.recipe import CalibrationRule

__all__ = [
    "CalibrationSettings",
    "ClinicalSettings",
    "ClinicalVariable",
    "ColumnSettings",
    "FeatureChoice",
    "OutcomeSettings",
    "RegionSettings",
    "ReportSettings",
    "ScoreSettings",
    "SelectionSettings",
    "SplitSettings",
    "Study",
    "StudySettings",
    "ValidationSettings",
    "open_study",
]

ROW_NUMBER = "#"

_RESERVED = ("case_id", "patient_id", "image", "mask", "cohort", "outcome", "radscore")


class OutcomeSettings(Settings):
    """Which column is the outcome, or by which rule it is derived.

    Without `rule`, `column` holds the classes: values in `event` count as 1, values in `nonevent` as 0, and rows with a
    value in `excluded` are left out by design and counted. With ``rule = "her2-low"`` the outcome is derived from IHC
    and ISH columns (`study.her2`), and where they are named from those of the HER2/CEP17 `ratio` and of the HER2
    `copies` per cell; `ultralow` says where tumours with IHC 0 and membrane staining, if recorded, belong.
    """

    rule: Literal["column", "her2-low"] = "column"
    column: str = ""
    event: tuple[str, ...] = ("1",)
    nonevent: tuple[str, ...] = ("0",)
    excluded: tuple[str, ...] = ()
    ihc: str = "her2_ihc"
    ish: str = "her2_ish"
    ratio: str = ""
    copies: str = ""
    ultralow: Literal["zero", "low", "exclude"] = "zero"
    label: str = "Outcome"
    event_label: str = "event"
    nonevent_label: str = "no event"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the outcome is made of."""
        if self.rule == "column":
            return (self.column,)
        return tuple(name for name in (self.ihc, self.ish, self.ratio, self.copies) if name)

    @model_validator(mode="after")
    def _column_named(self) -> OutcomeSettings:
        if self.rule == "column" and not self.column:
            raise ValueError("name the outcome column")
        values = (*self.event, *self.nonevent, *self.excluded)
        if len(set(values)) != len(values):
            raise ValueError("a value can be only one of event, nonevent and excluded")
        return self


class CalibrationSettings(Settings):
    """What to do with images that carry no pixel spacing: an error, unless one of these is set.

    With `ruler`, the ticks that a screenshot shows in its margin are read, where that can be done surely; `tick_mm` is
    their distance (also a column of the table). `assumed_mm` is a spacing to assume, which is then said everywhere.
    """

    assumed_mm: float | None = Field(default=None, gt=0)
    ruler: bool = False
    tick_mm: float | None = Field(default=None, gt=0)

    def rule(self) -> CalibrationRule:
        """The settings as a case is read by them."""
        return CalibrationRule(self.assumed_mm, self.ruler, self.tick_mm)


class ColumnSettings(Settings):
    """How the table of cases names what a study needs; ``case_id = "#"`` numbers the rows."""

    case_id: str = "case_id"
    patient_id: str = "patient_id"
    centre: str = "centre"
    cohort: str = "cohort"

    @property
    def renamed(self) -> dict[str, str]:
        """Column of the table -> its name here, where the two differ."""
        return {found: name for name, found in self.model_dump().items() if found not in (name, ROW_NUMBER)}


class SplitSettings(Settings):
    """How patients are divided: at random (stratified by outcome), by a `cohort` column, or by centre."""

    by: Literal["random", "cohort", "centre"] = "random"
    test_fraction: float = Field(default=0.3, gt=0, lt=1)
    test_centres: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _centres_named(self) -> SplitSettings:
        if self.by == "centre" and not self.test_centres:
            raise ValueError("name the test centres: test_centres = [...]")
        return self


class ReportSettings(Settings):
    """How figures are drawn: for one column of a journal or across both, and in which formats they are written.

    In a "single" column the panels of a figure stand one beneath the other; figures that do not fit one column keep
    both. PNG and TIFF have 600 dpi.
    """

    column: Literal["double", "single"] = "double"
    formats: tuple[Literal["svg", "pdf", "png", "tiff"], ...] = ("svg", "pdf", "png", "tiff")


class StudySettings(Settings):
    """The whole of `study.toml`; `preset` names a published design, over which the rest of the file is laid."""

    preset: Literal["", "her2-low-2025"] = ""
    title: str = "Peritumoral ultrasound radiomics"
    kind: Literal["simulated", "real"] = "real"
    table: str = "cases.csv"
    seed: int = Field(default=1, ge=0)
    outcome: OutcomeSettings
    columns: ColumnSettings = ColumnSettings()
    calibration: CalibrationSettings = CalibrationSettings()
    split: SplitSettings = SplitSettings()
    regions: RegionSettings = RegionSettings()
    features: FeatureChoice = FeatureChoice()
    harmonisation: HarmonisationSettings = HarmonisationSettings()
    selection: SelectionSettings = SelectionSettings()
    score: ScoreSettings = ScoreSettings()
    clinical: ClinicalSettings = ClinicalSettings()
    validation: ValidationSettings = ValidationSettings()
    report: ReportSettings = ReportSettings()

    def scenario_regions(self) -> dict[str, tuple[str, ...]]:
        """Scenario name -> regions, e.g. ``{"I": ("I",), "I+P3": ("I", "P3"), ...}``; by default one per ring width.

        Of features from a table: each group, and all groups together; without groups the one scenario ``all``.
        """
        groups = tuple(self.features.groups)
        if self.features.of_images:
            usual = ("I", *(f"I+P{width:g}" for width in self.regions.widths_mm))
        else:
            usual = (*groups, *(["+".join(groups)] if len(groups) > 1 else [])) or (ALL,)
        names = self.score.scenarios or usual
        return {name: tuple(name.split("+")) for name in names}

    @model_validator(mode="before")
    @classmethod
    def _laid_over_preset(cls, data: Any) -> Any:
        known = isinstance(data, dict) and data.get("preset") in PRESETS
        return with_preset(data, data["preset"]) if known else data

    @property
    def assumed_choices(self) -> tuple[tuple[str, str], ...]:
        """Settings of the preset that its publication does not state, with the reason.

        A setting that the file gives another value is a choice of its own, and not among them.
        """
        if not self.preset:
            return ()
        own, usual = self.model_dump(), type(self).model_validate({"preset": self.preset}).model_dump()

        def at(place: str, values: dict[str, Any]) -> Any:
            table, name = place.split(".")
            return values[table][name]

        return tuple((place, why) for place, why in ASSUMED[self.preset].items() if at(place, own) == at(place, usual))

    @model_validator(mode="after")
    def _variables_can_predict(self) -> StudySettings:
        names = [variable.name for variable in self.clinical.variables]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"clinical variable {name!r} must be named once")
            if name in self.outcome.columns:
                raise ValueError(f"clinical variable {name!r} must not be what the outcome is made of")
            if name in _RESERVED:
                raise ValueError(f"a clinical variable must not be called {name!r}, which means something else here")
        return self

    @model_validator(mode="after")
    def _scenarios_exist(self) -> StudySettings:
        known = set(self.regions.names) if self.features.of_images else set(self.features.groups) or {ALL}
        for name, regions in self.scenario_regions().items():
            unknown = [region for region in regions if region not in known]
            if unknown:
                raise ValueError(f"scenario {name!r} names region {unknown[0]!r}; known are {', '.join(sorted(known))}")
        return self


class Study(Settings):
    """A study on disk: its folder, its settings, and where the results go."""

    folder: Path
    settings: StudySettings

    @property
    def results(self) -> Path:
        """Folder of the results."""
        return self.folder / "results"

    @property
    def table(self) -> Path:
        """The table of cases."""
        return self.folder / self.settings.table


def open_study(path: Path | str) -> Study:
    """Open a study folder or its `study.toml`.

    Raises
    ------
    StudyError
        With one problem per bad setting.
    """
    path = Path(path)
    file = path / "study.toml" if path.is_dir() else path
    if not file.is_file():
        mend = "make one with `perirad init DIR`"
        raise StudyError([Problem("a study folder holds study.toml", "none", file=str(file), mend=mend)])
    return Study(folder=file.parent.resolve(), settings=validated(StudySettings, read_toml(file), file))
