"""What all verbs share: problem lines, progress on a terminal or in plain lines, opening a study."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from perirad.errors import Problem

__all__ = ["JsonFlag", "Show", "StudyPath", "Workers", "complain", "progress", "stages"]

Show = Callable[[int, int], None]
StudyPath = Annotated[Path, typer.Argument(help="A study folder, or its study.toml.", metavar="STUDY")]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Processes at once; 0: one per processor.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def complain(problems: Sequence[Problem]) -> None:
    """Print problems to standard error, a line each, and how many there are."""
    for problem in problems:
        typer.echo(f"{problem.level}: {problem.line()}", err=True)
    if len(problems) > 1:
        typer.echo(f"{len(problems)} problems", err=True)


@contextmanager
def progress(label: str) -> Iterator[Show]:
    """Show progress on standard error: a bar on a terminal, a plain line at each tenth elsewhere."""
    with stages(label) as (show,):
        yield show


@contextmanager
def stages(*labels: str) -> Iterator[tuple[Show, ...]]:
    """Show the progress of one thing after another; each appears when it begins."""
    if not sys.stderr.isatty():
        yield tuple(_plain(label) for label in labels)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield tuple(_bar(bars, label, begun=label == labels[0]) for label in labels)


def _plain(label: str) -> Show:
    def show(done: int, total: int) -> None:
        tenth = max(1, total // 10)
        if done == total or done % tenth == 0:
            typer.echo(f"{label}: {done} of {total}", err=True)

    return show


def _bar(bars: Progress, label: str, *, begun: bool) -> Show:
    task = bars.add_task(label, total=None, visible=begun, start=begun)

    def show(done: int, total: int) -> None:
        bars.start_task(task)
        bars.update(task, completed=done, total=total, visible=True)

    return show
