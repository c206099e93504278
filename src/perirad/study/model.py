"""The model: one file that scores the next patient exactly as it scored the study's."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from perirad.errors import InputError, Problem, StudyError
from perirad.image.image import Source
from perirad.nomogram.design import design_matrix
from perirad.nomogram.imputation import fill
from perirad.nomogram.logistic import expit, linear_predictor
from perirad.nomogram.points import read_patient
from perirad.nomogram.records import LogisticFit
from perirad.study.cells import finite_number
from perirad.study.extraction import build_regions, extract_regions, prepare_case
from perirad.study.losses import Losses, flagged_regions, loss_words
from perirad.study.modelread import read_fit, read_harmonised, read_nomogram, read_radscore, read_rules
from perirad.study.schema import ModelFile
from perirad.study.surroundings import find_exclusions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.arrays import FloatArray
    from perirad.image.image import Image
    from perirad.nomogram.records import Variable
    from perirad.regions.region import Region
    from perirad.study.casefiles import CaseFiles
    from perirad.study.recipe import Recipe
    from perirad.table import FeatureTable

__all__ = ["Model", "Reading", "Scores", "load_model"]


@dataclass(frozen=True)
class Scores:
    """Predictions of cases, arrays of shape (n_cases,); `p_clinical` is None without a clinical model.

    `lower` and `upper` are the 95 % limits of the combined risk from the coefficients' covariance (Wald, on the
    log-odds): they tell how sure the model's coefficients are, not how it will do elsewhere.
    """

    radscore: FloatArray
    p_radscore: FloatArray
    p_clinical: FloatArray | None
    linear_predictor: FloatArray
    p_combined: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class Reading:
    """One patient's reading.

    `points` are the nomogram points of each predictor, `contributions` what each feature adds to the Rad-score;
    `warnings` say what of this patient lies outside what the model has seen, and of which millimetres nobody knows.
    `lengths` is the unit of lengths in this patient's image: ``mm``, or ``px (assumed 0.1 mm)``.
    """

    radscore: float
    points: Mapping[str, float]
    total_points: float
    probability: float
    lower: float
    upper: float
    cutoff: float
    positive: bool
    contributions: Mapping[str, float]
    warnings: tuple[str, ...]
    lengths: str = "mm"

    def record(self) -> dict[str, object]:
        """The reading as JSON has it: None where a number is not defined."""
        undefined = {
            name: None for name, value in asdict(self).items() if isinstance(value, float) and math.isnan(value)
        }
        return asdict(self) | undefined


class Model:
    """A frozen model, made by a study or loaded from `model.json`."""

    def __init__(self, file: ModelFile) -> None:
        self.file = file
        self.radscore = read_radscore(file.radscore)
        self.harmonised = read_harmonised(file.radscore)
        self.rules = read_rules(file.imputation)
        self.clinical = read_fit(file.clinical)
        self.combined = read_fit(file.combined)
        self.nomogram = read_nomogram(file.nomogram, self.combined)

    @property
    def recipe(self) -> Recipe:
        """How an image is turned into features.

        Raises
        ------
        InputError
            When the model's features come from a table.
        """
        if self.file.recipe is None:
            mend = "score a row of features instead: perirad score MODEL --features ROW.csv"
            raise InputError("the model must know how its features are measured", "features of a table", mend=mend)
        return self.file.recipe.recipe()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Clinical variables that a new patient must bring."""
        if self.combined is None:
            return ()
        return tuple(variable for variable in self.combined.variables if variable.name != "radscore")

    @property
    def labels(self) -> dict[str, str]:
        """What people call the predictors of the combined model, the Rad-score among them."""
        return {item.name: item.label for item in self.combined.variables} if self.combined else {}

    def predict(self, table: FeatureTable, clinical: Sequence[Mapping[str, float | str]]) -> Scores:
        """Rad-score and risks of cases.

        Every number is summed term by term, so that a patient alone gets the same bits as within a cohort.
        """
        table = self._harmonise(table)
        radscore = self.radscore.predict(table)
        clinical = [fill(row, self.rules) for row in clinical] if self.rules else clinical
        columns: dict[str, list[object]] = {
            variable.name: [row[variable.name] for row in clinical] for variable in self.variables
        }
        p_clinical = None if self.clinical is None else expit(linear_predictor(self.clinical, columns))
        columns["radscore"] = radscore.tolist()
        if self.combined is None:
            lp = np.full(len(radscore), math.log(self.file.training.prevalence / (1 - self.file.training.prevalence)))
            margin = np.full(len(radscore), np.nan)
        else:
            lp = linear_predictor(self.combined, columns)
            margin = 1.959963984540054 * _standard_errors(self.combined, columns)
        return Scores(
            radscore, self.radscore.risk(radscore), p_clinical, lp, expit(lp), expit(lp - margin), expit(lp + margin)
        )

    def _harmonise(self, table: FeatureTable) -> FeatureTable:
        """Features of the Rad-score as it adds them up."""
        return table if self.harmonised is None else self.harmonised.apply(table)

    def score(self, image: Image, lesion: Region, clinical: Mapping[str, object], *, centre: str = "") -> Reading:
        """Read one new patient from an image, its lesion and clinical values; `centre` for a model that harmonises.

        What the study left out of its regions (calipers, shadow, ...) is looked for in this image too; masks that a
        reader painted come with `score_case`.

        Raises
        ------
        InputError
            For a missing or impossible clinical value, or a region or feature that cannot be computed.
        """
        exclusions = find_exclusions(image, lesion.whole, self.recipe.regions.exclude)
        regions = build_regions(lesion, image, self.recipe, exclusions)
        return self._score(image, regions, clinical, image.spacing_mm[1], centre)

    def score_case(self, files: CaseFiles, clinical: Mapping[str, object], *, centre: str = "") -> Reading:
        """Read one new patient from the files of the case, exactly as a study reads them.

        Raises
        ------
        InputError
            As `score`, and for whatever makes the files unusable.
        """
        image, regions = prepare_case(files, self.recipe)
        return self._score(image, regions, clinical, self.recipe.calibration.assumed_mm, centre)

    def _score(
        self,
        image: Image,
        regions: tuple[Region, ...],
        clinical: Mapping[str, object],
        assumed_mm: float | None,
        centre: str,
    ) -> Reading:
        """Read a patient; `assumed_mm` is the spacing of the picture before any resampling, if it was assumed."""
        extracted = extract_regions("new patient", image, regions, self.recipe)
        table = replace(extracted.table, centres=(centre,) if centre else ())
        reading = self.read(table, clinical, lost=extracted.quality.lost)
        if image.calibration.source is not Source.ASSUMED:
            return reading
        unit = f"px (assumed {assumed_mm:g} mm)"
        said = f"the pixel spacing is {image.calibration.detail}: lengths in this image are {unit}, not mm"
        return replace(reading, lengths=unit, warnings=(said, *reading.warnings))

    def read(
        self,
        table: FeatureTable,
        clinical: Mapping[str, object],
        *,
        lost: Losses | None = None,
    ) -> Reading:
        """Read one patient from features that are already extracted (a table of one row)."""
        given = self._clinical_values(clinical)
        values = fill(given, self.rules)
        scores = self.predict(table, [values])
        radscore = float(scores.radscore[0])
        points: dict[str, float] = {}
        total = 0.0
        if self.nomogram is not None and self.combined is not None:
            reading = read_patient(self.nomogram, self.combined, {**values, "radscore": radscore})
            points, total = dict(reading.points), reading.total_points
        cutoff = self.file.cutoffs.get("combined", math.nan)
        probability = float(scores.p_combined[0])
        return Reading(
            radscore=radscore,
            points=points,
            total_points=total,
            probability=probability,
            lower=float(scores.lower[0]),
            upper=float(scores.upper[0]),
            cutoff=cutoff,
            positive=probability >= cutoff,
            contributions=self._contributions(table),
            warnings=(*self._filled(given, values), *self._warnings({**values, "radscore": radscore}, lost or {})),
        )

    def _filled(self, given: Mapping[str, float | str], values: Mapping[str, float | str]) -> list[str]:
        """Say which values nobody gave."""
        missing = [item for item in self.variables if item.name not in given]
        return [
            f"{item.name} is missing: it was taken to be {_shown(values[item.name])}, from the other values"
            for item in missing
        ]

    def _clinical_values(self, clinical: Mapping[str, object]) -> dict[str, float | str]:
        filled = {rule.variable.name for rule in self.rules}
        values: dict[str, float | str] = {}
        for variable in self.variables:
            allowed = f"one of {', '.join(variable.levels)}" if variable.levels else f"a number {variable.unit}".strip()
            if variable.name not in clinical:
                if variable.name in filled:
                    continue
                mend = f"add --set {variable.name}=VALUE"
                raise InputError(f"{variable.name} must be given ({allowed})", "nothing", mend=mend)
            value = clinical[variable.name]
            if variable.levels:
                if str(value) not in variable.levels:
                    raise InputError(f"{variable.name} must be {allowed}", repr(value))
                values[variable.name] = str(value)
            else:
                number = finite_number(str(value))
                if number is None:
                    raise InputError(f"{variable.name} must be {allowed}", repr(value))
                values[variable.name] = number
        unknown = sorted(set(clinical) - {variable.name for variable in self.variables})
        if unknown:
            names = ", ".join(variable.name for variable in self.variables) or "none"
            raise InputError(f"clinical variables of this model are {names}", f"{unknown[0]!r} as well")
        return values

    def _contributions(self, table: FeatureTable) -> dict[str, float]:
        parts = self.radscore.contributions(self._harmonise(table))[0]
        return dict(zip(self.radscore.columns, parts.tolist(), strict=True))

    def _warnings(self, values: Mapping[str, object], lost: Losses) -> list[str]:
        found = []
        if self.file.spacing_note:
            found.append(f"the model was learnt on images of assumed spacing. {self.file.spacing_note}")
        used = {variable.name for variable in self.combined.variables} if self.combined else set()
        for name, (low, high) in self.file.training.ranges.items():
            value = values.get(name)
            if name in used and isinstance(value, float) and not low <= value <= high:
                found.append(f"{name} = {value:.4g} lies outside the training range {low:.4g} to {high:.4g}")
        if self.file.recipe is None:
            return found
        used_regions, limit = self.file.radscore.scenario.split("+"), self.file.recipe.max_lost_fraction
        found.extend(
            f"{loss_words(region, lost[region])}: its features describe what is left"
            for region in flagged_regions(lost, [name for name in used_regions if name in lost], limit)
        )
        return found

    def save_text(self) -> str:
        """The text of `model.json`."""
        return json.dumps(self.file.model_dump(mode="json"), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def load_model(path: Path | str) -> Model:
    """Load `model.json`, checking every field.

    Raises
    ------
    InputError
        When the file is missing or is not JSON.
    StudyError
        With one problem per field that is wrong.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("a model file must be readable text", type(error).__name__, file=str(path)) from None
    try:
        return Model(ModelFile.model_validate_json(text))
    except InputError as error:
        raise InputError.of(error.problem.at(file=path.name)) from None
    except ValidationError as error:
        if any(item["type"] == "json_invalid" for item in error.errors(include_url=False)):
            raise InputError("a model file must be JSON", "something else", file=path.name) from None
        problems = [
            Problem(f"{'.'.join(map(str, item['loc']))}: {item['msg']}", repr(item["input"])[:80], file=path.name)
            for item in error.errors(include_url=False)
        ]
        raise StudyError(problems) from None


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def _standard_errors(fit: LogisticFit, columns: Mapping[str, Sequence[object]]) -> FloatArray:
    """Standard error of the linear predictor, summed in fixed order."""
    matrix, _ = design_matrix(columns, fit.variables)
    full = [np.ones(len(matrix)), *matrix.T]
    variance = np.zeros(len(matrix))
    for i, left in enumerate(full):
        for j, right in enumerate(full):
            variance += left * right * fit.covariance[i, j]
    return np.sqrt(np.maximum(variance, 0.0))
