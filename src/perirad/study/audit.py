"""The same study done the leaky way beside the honest way, on its own outcome and on a permuted one."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

import perirad
from perirad.errors import InputError, Problem, StudyError
from perirad.report.audit import AuditContents, AuditRow, write_audit_html
from perirad.study.audit_leaks import BEST_SPLIT, LEAKS, permuted, why_not
from perirad.study.audit_run import Rows, split_and_develop
from perirad.study.audit_statistics import best_of, over_splits
from perirad.study.gather import over
from perirad.study.settings import SplitSettings
from perirad.study.store import write_csv, write_json
from perirad.table import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perirad.arrays import BoolArray, FloatArray
    from perirad.study.audit_leaks import Leak
    from perirad.study.gather import Progress
    from perirad.study.records import Analysed
    from perirad.study.settings import Study, StudySettings

__all__ = ["audit", "audit_rows", "measure", "write_audit"]

_MOST_SPLITS = 10  # of which the best is reported


@dataclass(frozen=True)
class _Task:
    seed: int
    permuted: bool


@dataclass(frozen=True)
class _Measured:
    """What one split showed: honest and leaky figure by leak (NaN where it could not be made), or why it failed."""

    pairs: Mapping[str, tuple[float, float]]
    failures: Mapping[str, str]


def audit(
    analysed: Analysed, *, n_seeds: int = 20, workers: int = 0, progress: Progress | None = None
) -> AuditContents:
    """Audit a study; writes `audit.json`, `audit.csv` and `audit.html` to `results/audit/`.

    Parameters
    ----------
    analysed : Analysed
        What `engine.extract` returns: the features are extracted once.
    n_seeds : int
        Number of splits; the first has the seed of the study, the others the seeds after it.
    workers : int
        Processes (0: one per processor); the result does not depend on it.

    Raises
    ------
    StudyError
        When no split can be fitted.
    InputError
        When fewer than two splits are asked for.
    """
    if n_seeds < 2:
        raise InputError("an audit needs at least 2 seeds", f"{n_seeds}")
    rows, settings, notes = audit_rows(analysed)
    contents = measure(rows, settings, n_seeds=n_seeds, workers=workers, progress=progress, notes=notes)
    write_audit(contents, analysed.study)
    return contents


def audit_rows(analysed: Analysed) -> tuple[Rows, StudySettings, tuple[str, ...]]:
    """Cases, settings of a random split, and what is not as in the study, in words.

    External cohorts stay out. Cases that lack a whole region, and then features that are undefined in any case, are
    left out, which looks at no outcome.
    """
    settings, cohorts = analysed.modelling, analysed.cohort_of_row
    notes = [analysed.lengths().note] if analysed.lengths().assumed else []
    keep = [i for i, cohort in enumerate(cohorts) if cohort != "external"]
    if len(keep) < len(cohorts):
        notes.append(f"{len(cohorts) - len(keep)} images of external cohorts take no part.")
    if settings.split.by != "random":
        patients = {analysed.cases[i].patient_id: cohorts[i] for i in keep}
        share = sum(cohort == "test" for cohort in patients.values()) / len(patients)
        settings = settings.model_copy(update={"split": SplitSettings(test_fraction=share)})
        notes.append(
            f"The study's own split is fixed (by {analysed.study.settings.split.by}); the audit splits at random, with "
            f"the same share of test patients ({100 * share:.0f} %)."
        )
    rows = Rows(analysed.cases, analysed.features.table).take(np.array(keep, dtype=np.int64))
    whole = _whole_rows(rows, settings)
    if not whole.all():
        notes.append(f"{int((~whole).sum())} images without features of some region are left out.")
    rows = rows.take(np.flatnonzero(whole))
    defined = np.asarray(np.isfinite(rows.table.values).all(axis=0))
    if not defined.all():
        notes.append(f"{int((~defined).sum())} features that are undefined in some image are left out.")
    columns = [name for name, good in zip(rows.table.columns, defined, strict=True) if good]
    return Rows(rows.cases, rows.table.take(columns=columns)), settings, tuple(notes)


def _whole_rows(rows: Rows, settings: StudySettings) -> BoolArray:
    """Whether each row has features of every region that a scenario names."""
    needed = {region for regions in settings.scenario_regions().values() for region in regions}
    of_column = np.array([region_of(name) for name in rows.table.columns])
    finite = np.isfinite(rows.table.values)
    whole = [finite[:, of_column == region].any(axis=1) for region in sorted(needed)]
    return np.asarray(np.all(whole, axis=0), dtype=np.bool_)


def measure(
    rows: Rows,
    settings: StudySettings,
    *,
    n_seeds: int = 20,
    workers: int = 1,
    progress: Progress | None = None,
    notes: Sequence[str] = (),
) -> AuditContents:
    """Measure every leak that can be made on both outcomes over several splits."""
    excuses = {leak.key: why_not(leak, rows, settings, n_seeds) for leak in LEAKS}
    leaks = [leak for leak in LEAKS if not excuses[leak.key]]
    tasks = [_Task(settings.seed + k, shuffled) for k in range(n_seeds) for shuffled in (False, True)]
    names = tuple(leak.key for leak in leaks)
    one = partial(_one_split, rows=rows, settings=settings, names=names)
    # `over` takes any sequence; its annotation names cases, the first it was written for.
    results = list(over(cast("Any", one), cast("Any", tasks), workers, progress))
    return AuditContents(
        title=settings.title,
        kind=settings.kind,
        outcome=settings.outcome.label,
        n_patients=len({case.patient_id for case in rows.cases}),
        n_images=len(rows.cases),
        n_splits=n_seeds,
        n_best=_n_best(n_seeds),
        first_seed=settings.seed,
        rows=tuple(_rows(leaks, tasks, results)),
        left_out=tuple((leak.title, excuses[leak.key]) for leak in LEAKS if excuses[leak.key]),
        notes=(*notes, *_failed(tasks, results)),
    )


def _n_best(n_seeds: int) -> int:
    return min(_MOST_SPLITS, n_seeds // 2)


def _one_split(task: _Task, *, rows: Rows, settings: StudySettings, names: Sequence[str]) -> _Measured:
    """The honest run of one split and all leaks beside it."""
    settings = settings.model_copy(update={"seed": task.seed})
    if task.permuted:
        rows = permuted(rows, task.seed)
    pairs: dict[str, tuple[float, float]] = {}
    failures: dict[str, str] = {}
    try:
        run = split_and_develop(rows, settings)
    except (InputError, StudyError) as error:
        return _Measured({}, {"honest": str(error).splitlines()[0]})
    for leak in LEAKS:
        if leak.key not in names:
            continue
        try:
            pairs[leak.key] = (run.auc, math.nan) if leak.measure is None else leak.measure(rows, settings, run)
        except (InputError, StudyError) as error:
            failures[leak.key] = str(error).splitlines()[0]
    return _Measured(pairs, failures)


def _rows(leaks: Sequence[Leak], tasks: Sequence[_Task], results: Sequence[_Measured]) -> Iterator[AuditRow]:
    for leak in leaks:
        for shuffled in (False, True):
            found = [
                (task.seed, *result.pairs[leak.key])
                for task, result in zip(tasks, results, strict=True)
                if task.permuted == shuffled and leak.key in result.pairs
            ]
            yield _row(leak, shuffled, np.array(found, dtype=np.float64).reshape(-1, 3))


def _row(leak: Leak, shuffled: bool, found: FloatArray) -> AuditRow:
    honest, leaky = found[:, 1], found[:, 2]
    if leak.key == BEST_SPLIT:
        # Every split counts as honest; the leaky figure is the mean of the best over all ways to draw so many of them.
        n_best = _n_best(len(found))
        reported = over_splits(honest, partial(best_of, count=n_best))
        gain = over_splits(honest, lambda values: best_of(values, n_best) - float(values.mean()))
    else:
        reported, gain = over_splits(leaky, np.mean), over_splits(leaky - honest, np.mean)
    return AuditRow(
        key=leak.key,
        title=leak.title,
        wrong=leak.wrong,
        figure=leak.figure,
        permuted=shuffled,
        honest=over_splits(honest, np.mean),
        leaky=reported,
        gain=gain,
        seeds=tuple(int(seed) for seed in found[:, 0]),
        honest_values=tuple(honest.tolist()),
        leaky_values=tuple(leaky.tolist()),
    )


def _failed(tasks: Sequence[_Task], results: Sequence[_Measured]) -> Iterator[str]:
    """Splits that could not be fitted, with the reason, and leaks that could not be made in some split."""
    for task, result in zip(tasks, results, strict=True):
        kind = "permuted outcome" if task.permuted else "real outcome"
        for name, reason in result.failures.items():
            what = "no fit" if name == "honest" else f"no {name} leak"
            yield f"Seed {task.seed}, {kind}: {what}: {reason}."
    if not any(result.pairs for result in results):
        mend = "see the checks of `perirad check`, or collect more patients"
        raise StudyError([Problem("some split must allow a fit", "none", mend=mend)])


def write_audit(contents: AuditContents, study: Study) -> None:
    """Write `audit.json` (all figures, split by split), `audit.csv` (a row per leak and outcome) and `audit.html`."""
    folder = study.results / "audit"
    write_json(folder / "audit.json", {"perirad_version": perirad.__version__, **asdict(contents)})
    header = ["leak", "title", "figure", "outcome", "splits"]
    header += [f"{name}{limit}" for name in ("honest", "leaky", "gain") for limit in ("", "_lower", "_upper")]
    write_csv(folder / "audit.csv", header, [_cells(row) for row in contents.rows])
    write_audit_html(contents, folder / "audit.html")


def _cells(row: AuditRow) -> list[object]:
    numbers = [value for item in (row.honest, row.leaky, row.gain) for value in (item.estimate, item.lower, item.upper)]
    return [row.key, row.title, row.figure, "permuted" if row.permuted else "real", len(row.seeds), *numbers]
