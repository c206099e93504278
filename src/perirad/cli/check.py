"""`perirad check STUDY`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from perirad.cli.console import JsonFlag, StudyPath, Workers, complain, progress
from perirad.errors import StudyError

__all__ = ["check"]


Montage = Annotated[
    Path | None,
    typer.Option("--montage", metavar="FILE", help="Also draw all cases on a page: .html, .pdf or .png."),
]


def check(study: StudyPath, as_json: JsonFlag = False, workers: Workers = 0, montage: Montage = None) -> None:
    """Read everything, change nothing, list every problem."""
    from perirad.study import engine  # noqa: PLC0415  (seconds of imports that `--help` need not pay)
    from perirad.study.settings import open_study  # noqa: PLC0415

    opened = open_study(study)
    with progress("Checking") as show:
        problems = engine.check(opened, workers=workers, progress=show, montage=montage)
    if montage is not None:
        typer.echo(f"montage: {montage}", err=as_json)
    errors = [problem for problem in problems if problem.level == "error"]
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
        raise typer.Exit(1 if errors else 0)
    if errors:
        raise StudyError(problems)
    complain(problems)
    typer.echo("no errors found" if problems else "no problems found")
