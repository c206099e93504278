"""`perirad extract | fit | validate | report STUDY`: the road up to one step.

Extraction is kept between calls; the later steps are deterministic and simply done again. Only the bootstrap takes
longer than seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from perirad.cli.console import StudyPath, Workers, progress

if TYPE_CHECKING:
    from pathlib import Path

    from perirad.study.records import Analysed, Validated

__all__ = ["extract", "fit", "report", "validate"]


def _extracted(study: Path, workers: int) -> Analysed:
    from perirad.study import engine  # noqa: PLC0415
    from perirad.study.settings import open_study  # noqa: PLC0415

    opened = open_study(study)
    with progress("Extracting") as show:
        return engine.extract(opened, workers=workers, progress=show)


def _validated(study: Path, workers: int) -> Validated:
    from perirad.study import engine  # noqa: PLC0415

    fitted = engine.fit(_extracted(study, workers), workers=workers)
    with progress("Resampling") as show:
        return engine.validate(fitted, workers=workers, progress=show)


def extract(study: StudyPath, workers: Workers = 0) -> None:
    """Extract features: writes features.parquet and quality.csv."""
    analysed = _extracted(study, workers)
    rows, columns = analysed.features.table.values.shape
    typer.echo(f"{rows} cases x {columns} features: {analysed.study.results / 'features.parquet'}")


def fit(study: StudyPath, workers: Workers = 0) -> None:
    """Learn the model from the training rows: writes model.json."""
    from perirad.study import engine  # noqa: PLC0415

    fitted = engine.fit(_extracted(study, workers), workers=workers)
    typer.echo(f"{fitted.development.chosen}: {fitted.analysed.study.results / 'model.json'}")


def validate(study: StudyPath, workers: Workers = 0) -> None:
    """Test the model: writes predictions.csv and metrics.json."""
    validated = _validated(study, workers)
    typer.echo(f"metrics: {validated.fitted.analysed.study.results / 'metrics.json'}")


def report(study: StudyPath, workers: Workers = 0) -> None:
    """Write tables, figures and report once more."""
    from perirad.study import engine  # noqa: PLC0415

    validated = _validated(study, workers)
    engine.report(validated, workers=workers)
    typer.echo(f"report: {validated.fitted.analysed.study.results / 'report.html'}")
