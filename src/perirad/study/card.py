"""A model card: what a person should know of a model before using it, out of the model file alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perirad.report.text import DASH, cohort_label, decimal, interval, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perirad.study.model import Model
    from perirad.study.schema import LogisticBlock, ModelFile, RecipeBlock, VariableBlock

__all__ = ["model_card"]

_NAMES = {"combined": "Nomogram", "radscore": "Rad-score alone", "clinical": "Clinical model"}


def model_card(model: Model) -> str:
    """Markdown text of the card; it holds nothing that is not in the file, and says what is not known."""
    file = model.file
    parts = [
        *_head(file),
        *_patients(file),
        *_features(file),
        *_equation(file),
        *_performance(file),
        *_use(file),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _head(file: ModelFile) -> Iterator[str]:
    yield f"# {file.title}"
    yield ""
    if file.kind == "simulated":
        yield "**Learnt from a SIMULATED cohort: its figures say nothing about patients.**"
        yield ""
    yield f"Predicts {file.outcome.label}: {file.outcome.event_label} (event) against {file.outcome.nonevent_label}."
    analysis = file.provenance.get("analysis_sha256", "not known")[:12]
    yield f"Made by perirad {file.perirad_version}; analysis {analysis}."
    if "update" in file.provenance:
        patients, events = file.provenance["update_patients"], file.provenance["update_events"]
        yield f"Updated ({file.provenance['update']}) with {patients} patients of another hospital, {events} events."
    yield ""


def _patients(file: ModelFile) -> Iterator[str]:
    training = file.training
    yield "## Learnt from"
    yield ""
    yield (
        f"{plural(training.n, 'training case')}, {training.n_events} with the event "
        f"({decimal(100 * training.prevalence, 1)} %); centres: {', '.join(training.centres) or 'not stated'}."
    )
    if file.spacing_note:
        yield file.spacing_note
    yield ""
    if training.ranges:
        yield "| variable | smallest | largest |"
        yield "|---|---|---|"
        for name, (low, high) in training.ranges.items():
            yield f"| {name} | {low:.4g} | {high:.4g} |"
        yield ""
        yield "A patient outside these ranges is scored with a warning."
        yield ""


def _features(file: ModelFile) -> Iterator[str]:
    yield "## Features"
    yield ""
    if file.recipe is None:
        yield "From a table; how they were measured is not in the file, so no image can be scored."
    else:
        yield from _recipe(file.recipe)
    harmonised = file.radscore.harmonisation
    if harmonised is not None:
        yield f"Differences between centres are taken out by ComBat; it knows {', '.join(harmonised.centres)} only."
    yield ""
    if not file.radscore.features:
        yield "The Rad-score has no feature: it is the same for everybody."
        yield ""
        return
    yield f"Rad-score of {file.radscore.scenario}, {plural(len(file.radscore.features), 'feature')}:"
    yield ""
    yield "| feature | IBSI | weight per SD | mean | SD |"
    yield "|---|---|---|---|---|"
    for item in sorted(file.radscore.features, key=lambda item: -abs(item.coefficient)):
        yield f"| {item.column} | {item.ibsi or DASH} | {item.coefficient:.4g} | {item.mean:.6g} | {item.sd:.6g} |"
    yield ""


def _recipe(recipe: RecipeBlock) -> Iterator[str]:
    widths = ", ".join(f"{width:g}" for width in recipe.widths_mm)
    levels = f"bins of {recipe.bin_width:g} grey levels" if recipe.bin_width else f"{recipe.bin_count} grey levels"
    grid = f"resampled to {recipe.resample_mm:g} mm" if recipe.resample_mm else "on each image's own pixels"
    yield (
        f"Lesion and rings of {widths} mm (distance to the {recipe.measure} of the nearest lesion pixel), {grid}, "
        f"{levels}; images: {', '.join(recipe.filters)}; definitions: {recipe.definitions}."
    )
    if recipe.exclude:
        yield f"Left out of regions: {', '.join(recipe.exclude)}."


def _equation(file: ModelFile) -> Iterator[str]:
    yield "## Model"
    yield ""
    if file.combined is None:
        share = decimal(file.training.prevalence, 3)
        yield f"No predictor was retained: everybody has the training prevalence of {share}."
        yield ""
        return
    yield f"Logistic regression ({_method(file.combined)}), log-odds of {file.outcome.event_label}:"
    yield ""
    yield "| term | coefficient |"
    yield "|---|---|"
    for term, value in zip(("intercept", *file.combined.terms), file.combined.coefficients, strict=True):
        yield f"| {term} | {value:.6g} |"
    yield ""
    wanted = [_wanted(item) for item in file.combined.variables if item.name != "radscore"]
    yield f"A patient needs: {'; '.join(wanted) or 'no clinical value'}."
    if file.imputation:
        yield "A missing value is filled by a frozen rule from the others, and the reading says so."
    cutoff = file.cutoffs.get("combined")
    if cutoff is not None:
        yield f"Cut-off, frozen in training: {decimal(100 * cutoff, 1)} %."
    yield ""


def _method(block: LogisticBlock) -> str:
    if block.ridge is not None:
        return f"ridge, penalty {block.ridge.penalty:g}"
    return {"ml": "maximum likelihood", "firth": "Firth's penalised likelihood"}[block.method]


def _wanted(item: VariableBlock) -> str:
    allowed = f" ({', '.join(item.levels)})" if item.levels else f" ({item.unit})" if item.unit else ""
    return f"{item.name}{allowed}"


def _performance(file: ModelFile) -> Iterator[str]:
    yield "## Performance"
    yield ""
    if not file.performance:
        yield "Not in the file: judge the model in your own patients before using it."
        yield ""
        return
    yield "| model | cohort | n (events) | AUC (95% CI) | calibration slope | Brier score |"
    yield "|---|---|---|---|---|---|"
    for key, cohorts in file.performance.items():
        for name, figures in cohorts.items():
            known = {item: float("nan") if value is None else value for item, value in figures.items()}
            auc = interval(known["auc"], known["auc_lower"], known["auc_upper"], 3)
            counts = f"{known['n']:.0f} ({known['n_events']:.0f})"
            slope, brier = decimal(known["calibration_slope"]), decimal(known["brier"], 3)
            yield f"| {_NAMES.get(key, key)} | {cohort_label(name)} | {counts} | {auc} | {slope} | {brier} |"
    yield ""
    yield "Figures of the training cohort are apparent, and optimistic."
    yield ""


def _use(file: ModelFile) -> Iterator[str]:
    yield "## Before use"
    yield ""
    yield "- Research software, not a medical device."
    yield "- The interval of a reading tells how sure the coefficients are, not how the model does elsewhere."
    yield "- In another hospital judge calibration first, and update the model if need be (`perirad update`)."
    if file.kind == "simulated":
        yield "- Not for patients: the cohort was simulated."
