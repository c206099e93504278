"""What all verbs share: problem lines, progress on a terminal or in plain lines, opening a study."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from perirad.errors import Problem

__all__ = ["JsonFlag", "StudyPath", "Workers", "complain", "progress"]

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
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show progress on standard error: a bar on a terminal, a plain line at each tenth elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return

    def plain(done: int, total: int) -> None:
        tenth = max(1, total // 10)
        if done == total or done % tenth == 0:
            typer.echo(f"{label}: {done} of {total}", err=True)

    yield plain
