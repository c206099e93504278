"""Extraction over all cases, in parallel; a case that fails is a row with a reason, never the end of the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from perirad.errors import InputError, Problem
from perirad.study.cohort import Exclusion
from perirad.study.extraction import Extracted, extract_case
from perirad.study.recipe import Recipe
from perirad.study.store import ExtractionStore
from perirad.table import FeatureTable, stack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perirad.arrays import IntArray
    from perirad.study.cohort import Case
    from perirad.study.extraction import CaseQuality
    from perirad.study.settings import StudySettings

__all__ = ["Gathered", "Progress", "case_problem", "gather", "over", "recipe_of", "worker_count"]

Progress = Callable[[int, int], None]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Gathered:
    """Features and quality of the cases that could be read, and the others with their reasons.

    `second` are features by the outlines of a second reader, of the cases that have one; None where no case has.
    """

    table: FeatureTable
    quality: tuple[CaseQuality, ...]
    exclusions: tuple[Exclusion, ...]
    problems: tuple[Problem, ...]
    second: FeatureTable | None = None

    def rows(self, index: IntArray) -> Gathered:
        """Return some of the cases that could be read."""
        quality = tuple(self.quality[int(i)] for i in index)
        return replace(self, table=self.table.take(rows=index), quality=quality)


def recipe_of(settings: StudySettings) -> Recipe:
    """What of the settings decides feature values."""
    choice = settings.features
    return Recipe(
        settings.regions.rule(),
        choice.settings(),
        settings.calibration.rule(),
        choice.resample_mm,
    )


def worker_count(workers: int) -> int:
    """Workers in force: 0 means one per processor that this process may use."""
    return workers if workers > 0 else len(os.sched_getaffinity(0))


def case_problem(error: InputError | OSError, case: Case) -> Problem:
    """What went wrong with a case, its place filled in."""
    said = error.problem if isinstance(error, InputError) else Problem("the file must be readable", str(error))
    return said.at(case=case.case_id, file="" if case.files is None else case.files.image.name)


def _one(case: Case, *, folder: Path, recipe: Recipe) -> Extracted | Problem:
    assert case.files is not None, "cases without images are not extracted"
    store = ExtractionStore(folder, recipe)
    try:
        key = store.key(case.files)
        known = store.load(key, case.case_id)
        if known is not None:
            return known
        extracted = extract_case(case.case_id, case.files, recipe)
    except (InputError, OSError) as error:
        return case_problem(error, case)
    # Outside the handlers: a full disk is no fault of the case, and must not exclude it.
    store.save(key, extracted)
    return extracted


def over(
    function: Callable[[Case], Result], cases: Sequence[Case], workers: int, progress: Progress | None
) -> Iterator[Result]:
    """Results in the order of the cases, whatever the number of workers."""
    count = min(worker_count(workers), max(1, len(cases) // 4))
    if count == 1:
        results = map(function, cases)
        yield from _counted(results, len(cases), progress)
        return
    try:
        context = multiprocessing.get_context("forkserver")
        with ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent) as pool:
            with _deaf_children():
                pooled = pool.map(function, cases, chunksize=4)
            yield from _counted(pooled, len(cases), progress)
    except BrokenProcessPool:
        mend = "run it again with --workers 1 (finished cases are kept)"
        raise InputError("worker processes must finish", "one ended from outside, out of memory?", mend=mend) from None


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started here ignore Ctrl-C: the main process answers for all, and they finish what they have begun."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end_with_parent() -> None:
    """End this worker when the main process is gone, killed perhaps: it would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _counted(results: Iterator[Result], total: int, progress: Progress | None) -> Iterator[Result]:
    for done, result in enumerate(results, start=1):
        if progress is not None:
            progress(done, total)
        yield result


def gather(
    cases: Sequence[Case], settings: StudySettings, cache: Path, *, workers: int = 0, progress: Progress | None = None
) -> Gathered:
    """Extract all cases; finished ones are kept at once, so an interrupted run goes on where it stopped."""
    function = partial(_one, folder=cache, recipe=recipe_of(settings))
    done: list[Extracted] = []
    exclusions: list[Exclusion] = []
    problems: list[Problem] = []
    for case, result in zip(cases, over(function, cases, workers, progress), strict=True):
        if isinstance(result, Problem):
            problems.append(result)
            exclusions.append(Exclusion(case.case_id, case.patient_id, "image or outline unusable", result.line()))
        else:
            done.append(result)
    table = stack([item.table for item in done]) if done else FeatureTable((), (), np.empty((0, 0)))
    second, unread = _second_readings(cases, function, workers)
    return Gathered(table, tuple(item.quality for item in done), tuple(exclusions), (*problems, *unread), second)


def _second_readings(
    cases: Sequence[Case], function: Callable[[Case], Extracted | Problem], workers: int
) -> tuple[FeatureTable | None, list[Problem]]:
    """Features by the second reader's outlines; one that cannot be used is a warning: the case counts as read once."""
    again = [replace(case, files=case.second) for case in cases if case.second is not None]
    found = list(over(function, again, workers, None)) if again else []
    unread = [
        replace(item, level="warning", mend="the second outline is not used")
        for item in found
        if isinstance(item, Problem)
    ]
    tables = [item.table for item in found if isinstance(item, Extracted)]
    return (stack(tables) if tables else None), unread
