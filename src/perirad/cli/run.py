"""`perirad run STUDY`."""

from __future__ import annotations

from typing import Annotated

import typer

from perirad.cli.console import StudyPath, Workers, stages
from perirad.cli.summary import print_summary

__all__ = ["run"]


def run(
    study: StudyPath,
    workers: Workers = 0,
    force: Annotated[bool, typer.Option("--force", help="Fit and report again even when nothing changed.")] = False,
) -> None:
    """Do the whole study: extract, select, score, nomogram, validate, report."""
    from perirad.study import engine  # noqa: PLC0415
    from perirad.study.settings import open_study  # noqa: PLC0415

    opened = open_study(study)
    with stages("Extracting", "Resampling") as (extracting, resampling):
        place, done = engine.run(opened, workers=workers, force=force, progress=extracting, resampling=resampling)
    if not done:
        typer.echo("nothing changed since the last run")
    print_summary(opened)
    typer.echo(f"report: {place}")
