"""The steps of a study in their order, each from the records of the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError, Problem, StudyError
from perirad.report.checklists.all import write_checklists
from perirad.report.docx import write_docx
from perirad.report.drawn import draw_all, write_figures
from perirad.report.html import write_html
from perirad.report.montage import montage_writer
from perirad.report.prose.manuscript import write_texts
from perirad.report.tables.files import write_tables
from perirad.study import outputs
from perirad.study.cohort import Exclusion, read_cohort
from perirad.study.development import develop
from perirad.study.evaluation import evaluate, predict_all
from perirad.study.examination import compare, examine, examine_second, montage_of
from perirad.study.feature_file import gather_columns
from perirad.study.further import look_further
from perirad.study.gather import gather, worker_count
from perirad.study.internal_validation import validate_internally
from perirad.study.losses import apply_policy
from perirad.study.modelfile import make_model, with_performance
from perirad.study.provenance import analysis_digest
from perirad.study.records import Analysed, Fitted, Validated
from perirad.study.reporting import make_contents
from perirad.study.split import assign_cohorts, split_problems
from perirad.study.training import training_of, with_centres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from perirad.report.contents import ReportContents
    from perirad.study.cohort import Case, Cohort
    from perirad.study.development import Development
    from perirad.study.examination import Examined
    from perirad.study.gather import Progress
    from perirad.study.settings import Study
    from perirad.study.training import Training

__all__ = ["analyse", "check", "extract", "fit", "report", "run", "validate"]


def check(
    study: Study, *, workers: int = 0, progress: Progress | None = None, montage: Path | None = None
) -> tuple[Problem, ...]:
    """Read everything, change nothing, return every problem; with `montage` write a page of all cases there.

    Raises
    ------
    InputError
        When the montage's name does not end in .html, .pdf or .png.
    """
    write = montage_writer(montage) if montage is not None else None
    cohort = read_cohort(study)
    found = [*cohort.fatal, *cohort.problems]
    if not study.settings.features.of_images:
        if write is not None:
            raise InputError("a montage needs images", "a study whose features come from a table")
        return (*found, *_without_images(study, cohort), *cohort.notes)
    examined = examine(cohort.cases, study.settings, workers=workers, progress=progress, tiles=write is not None)
    found.extend(examined.problems)
    found.extend(examine_second(cohort.cases, study.settings, workers=workers))
    failed = {problem.case for problem in examined.problems if problem.level == "error"}
    good = [case for case in cohort.cases if case.case_id not in failed]
    if good:
        found.extend(_together(study, cohort, examined, good))
    elif not found:
        found.append(Problem("the table must hold cases to analyse", f"{cohort.n_rows} rows, all excluded"))
    found.extend(cohort.notes)
    if write is not None:
        write(montage_of(study, examined, found))
    return tuple(found)


def _without_images(study: Study, cohort: Cohort) -> Iterator[Problem]:
    """What `check` says of a study whose features come from a table."""
    if cohort.fatal:
        return
    gathered = gather_columns(cohort.cases, study)
    yield from gathered.problems
    without = {item.case_id for item in gathered.exclusions}
    for item in gathered.exclusions:
        mend = "add its row, or take the case out"
        yield Problem("a case must have its features", item.reason, item.case_id, study.table.name, mend)
    good = [case for case in cohort.cases if case.case_id not in without]
    yield from split_problems(good, assign_cohorts(good, study.settings), study.settings)


def _together(study: Study, cohort: Cohort, examined: Examined, good: Sequence[Case]) -> Iterator[Problem]:
    """What needs all cases: the split, where it is possible yet, and comparisons."""
    cohorts = {} if cohort.fatal else assign_cohorts(good, study.settings)
    if cohorts:
        yield from split_problems(good, cohorts, study.settings)
    yield from compare(examined, good, cohorts, study)


def extract(study: Study, *, workers: int = 0, progress: Progress | None = None) -> Analysed:
    """Read, segment and extract all cases; writes `features.parquet` and `quality.csv`.

    Raises as `analyse` does.
    """
    analysed, impossible = _analysed(study, workers, progress)
    outputs.write_extraction(analysed)
    if impossible:
        raise StudyError(impossible)
    return analysed


def analyse(study: Study, *, workers: int = 0, progress: Progress | None = None) -> Analysed:
    """Read, segment and extract all cases, and leave the results of the last run as they are.

    Raises
    ------
    StudyError
        With all problems, when the study as a whole cannot go on. Problems of single cases exclude the case, with the
        reason, and are listed in `quality.csv`.
    """
    analysed, impossible = _analysed(study, workers, progress)
    if impossible:
        raise StudyError(impossible)
    return analysed


def _analysed(study: Study, workers: int, progress: Progress | None) -> tuple[Analysed, list[Problem]]:
    """Cases with their features, and why they cannot be analysed, if they cannot."""
    cohort = read_cohort(study)
    if cohort.fatal:
        raise StudyError([*cohort.fatal, *cohort.problems])
    if not cohort.cases:
        nothing = Problem("the table must hold cases to analyse", f"{cohort.n_rows} rows, all excluded")
        raise StudyError([*cohort.problems, nothing])
    if study.settings.features.of_images:
        cache = study.results / ".cache"
        gathered = gather(cohort.cases, study.settings, cache, workers=workers, progress=progress)
    else:
        gathered = gather_columns(cohort.cases, study)
        fatal = [problem for problem in gathered.problems if problem.level == "error"]
        if fatal:
            raise StudyError([*cohort.problems, *fatal])
    with_features = set(gathered.table.case_ids)
    cases = tuple(case for case in cohort.cases if case.case_id in with_features)
    gathered = replace(gathered, table=with_centres(gathered.table, cases))
    cohorts = assign_cohorts(cases, study.settings)
    exclusions = (*cohort.exclusions, *gathered.exclusions)
    analysed = apply_policy(Analysed(study, cohort, gathered, cases, exclusions, cohorts))
    impossible = list(split_problems(analysed.cases, cohorts, study.settings))
    return analysed, [*cohort.problems, *gathered.problems, *impossible] if impossible else []


def fit(analysed: Analysed, *, workers: int = 0) -> Fitted:
    """Learn everything from the training rows; writes `model.json`."""
    training, clinical = _training(analysed)
    development = develop(training, clinical, analysed.modelling, workers=worker_count(workers))
    model = make_model(analysed, development)
    fitted = Fitted(_without_undefined(analysed, development), development, model)
    outputs.write_model(fitted)
    return fitted


def _training(analysed: Analysed) -> tuple[Training, list[Mapping[str, float | str]]]:
    """Training rows and their clinical values."""
    rows = np.flatnonzero(np.array(analysed.cohort_of_row) == "train")
    members = [analysed.cases[i] for i in rows]
    training = training_of(members, analysed.features.table.take(rows=rows), analysed.features.second)
    return training, [case.clinical for case in members]


def _without_undefined(analysed: Analysed, development: Development) -> Analysed:
    """Exclude cases, with the reason, in which a selected feature is undefined (training rows never are)."""
    columns = sorted({name for item in development.scenarios.values() for name in item.score.columns})
    values = analysed.features.table.take(columns=columns).values
    bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if not len(bad):
        return analysed
    gone = []
    for i in bad:
        name = columns[int(np.flatnonzero(~np.isfinite(values[i]))[0])]
        case = analysed.cases[i]
        gone.append(Exclusion(case.case_id, case.patient_id, "selected feature undefined", name))
    keep = np.setdiff1d(np.arange(len(analysed.cases)), bad)
    return replace(
        analysed,
        features=analysed.features.rows(keep),
        cases=tuple(analysed.cases[i] for i in keep),
        exclusions=(*analysed.exclusions, *gone),
    )


def validate(fitted: Fitted, *, workers: int = 0, progress: Progress | None = None) -> Validated:
    """Let the frozen model meet every cohort once, and repeat the training in resamples of the training patients.

    Writes predictions, metrics and the model's performance; `progress` counts the resamples.
    """
    analysed = fitted.analysed
    clinical = [case.clinical for case in analysed.cases]
    predictions = predict_all(fitted.model, fitted.development, analysed.features.table, clinical)
    evaluation = evaluate(predictions, analysed.outcome, analysed.cohort_of_row, fitted.development)
    fitted = Fitted(analysed, fitted.development, with_performance(fitted.model, evaluation))
    training, known = _training(analysed)
    internal = validate_internally(
        fitted.development, training, known, analysed.modelling, workers=worker_count(workers), progress=progress
    )
    further = look_further(
        fitted.development, evaluation, training, known, analysed.modelling, workers=worker_count(workers)
    )
    validated = Validated(fitted, predictions, evaluation, internal, further)
    outputs.write_model(fitted)
    outputs.write_validation(validated)
    return validated


def report(validated: Validated, *, workers: int = 0) -> ReportContents:
    """Draw and print; writes the folders of results, `report.html` and `report.docx`, and last `provenance.json`."""
    results = validated.fitted.analysed.study.results
    contents = make_contents(validated, workers=worker_count(workers))
    formats = validated.fitted.analysed.study.settings.report.formats
    drawn = draw_all(contents, formats=formats, workers=worker_count(workers))
    write_tables(contents, results / "tables")
    write_figures(contents, results / "figures", drawn)
    write_html(contents, results / "report.html", drawn)
    write_docx(contents, results / "report.docx", drawn)
    write_texts(contents, results / "text")
    write_checklists(contents, results / "checklists")
    outputs.write_provenance(validated)
    return contents


def run(
    study: Study,
    *,
    workers: int = 0,
    force: bool = False,
    progress: Progress | None = None,
    resampling: Progress | None = None,
) -> tuple[Path, bool]:
    """Do the whole study; returns the report's path and whether anything had to be done.

    `progress` counts the images read, `resampling` the resamples in which the training is repeated.
    """
    analysed = extract(study, workers=workers, progress=progress)
    place = study.results / "report.html"
    if not force and outputs.up_to_date(study, analysis_digest(analysed)):
        return place, False
    report(validate(fit(analysed, workers=workers), workers=workers, progress=resampling), workers=workers)
    return place, True
