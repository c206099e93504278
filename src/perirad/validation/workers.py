"""The same task many times over, here or in several workers, with the same result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

import numpy as np

from perirad.errors import InputError

__all__ = ["Pool", "Progress", "in_order", "seeds"]

T = TypeVar("T")
Pool = Literal["threads", "processes"]
Progress = Callable[[int, int], None]


def in_order(
    task: Callable[[int], T],
    count: int,
    *,
    workers: int = 1,
    pool: Pool = "threads",
    progress: Progress | None = None,
) -> list[T]:
    """Results of a task for 0, 1, ... count - 1.

    Parameters
    ----------
    task : callable
        Must depend on its number alone. For processes it must be picklable: a function of a module, or an instance of
        a class of a module.
    count : int
    workers : int
        1 is no worker at all: the task runs here.
    pool : {"threads", "processes"}
        Threads suit tasks whose time goes into kernels that release the interpreter. Processes start anew: a task
        and its data are sent to each of them once, and a script that starts them must be guarded by
        ``if __name__ == "__main__"``.
    progress : callable (done, total), optional
        Called after each task, in their order.

    Returns
    -------
    list
        In the order of the numbers, whatever the number of workers.
    """
    if workers < 1:
        raise InputError("at least one worker is needed", f"workers={workers}")
    if pool not in ("threads", "processes"):
        raise InputError("workers are threads or processes", repr(pool))
    if workers == 1 or count < 2:
        return _counted(map(task, range(count)), count, progress)
    if pool == "threads":
        return _threads(task, count, workers, progress)
    return _processes(task, count, workers, progress)


def seeds(seed: int, count: int) -> list[int]:
    """Seeds of the single tasks, each independent of the others and of how many there are."""
    children = np.random.SeedSequence(seed).spawn(count)
    return [int(child.generate_state(1)[0]) for child in children]


def _counted(results: Iterator[T], count: int, progress: Progress | None) -> list[T]:
    found = []
    for done, result in enumerate(results, start=1):
        found.append(result)
        if progress is not None:
            progress(done, count)
    return found


def _threads(task: Callable[[int], T], count: int, workers: int, progress: Progress | None) -> list[T]:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  (a heavy import)

    with ThreadPoolExecutor(workers) as executor:
        return _counted(executor.map(task, range(count)), count, progress)


_task: list[Callable[[int], object]] = []


def _processes(task: Callable[[int], T], count: int, workers: int, progress: Progress | None) -> list[T]:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    chunk = max(1, count // (20 * workers))
    with ProcessPoolExecutor(workers, get_context("spawn"), _keep, (task,)) as executor:
        results = executor.map(_run, range(count), chunksize=chunk)
        return _counted(results, count, progress)  # type: ignore[arg-type]


def _keep(task: Callable[[int], object]) -> None:
    _task[:] = [task]


def _run(number: int) -> object:
    return _task[0](number)
