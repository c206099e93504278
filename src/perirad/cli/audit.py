"""`perirad audit STUDY`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

from perirad.cli.console import JsonFlag, StudyPath, Workers, progress

if TYPE_CHECKING:
    from perirad.report.audit import AuditContents, AuditRow

__all__ = ["audit"]

_TITLE, _CELL = 42, 8

Seeds = Annotated[int, typer.Option("--seeds", min=2, help="Splits of the study, a seed each.")]


def audit(study: StudyPath, seeds: Seeds = 20, workers: Workers = 0, as_json: JsonFlag = False) -> None:
    """The same study done the leaky way beside the honest way, and what each leak seems to gain."""
    # Many small products: threads of the linear algebra in every process hinder each other, and double the time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from perirad.study import audit as auditing  # noqa: PLC0415
    from perirad.study import engine  # noqa: PLC0415
    from perirad.study.settings import open_study  # noqa: PLC0415

    opened = open_study(study)
    with progress("Extracting") as show:
        analysed = engine.analyse(opened, workers=workers, progress=show)
    with progress("Auditing") as show:
        contents = auditing.audit(analysed, n_seeds=seeds, workers=workers, progress=show)
    folder = opened.results / "audit"
    if as_json:
        typer.echo(json.dumps(json.loads((folder / "audit.json").read_text(encoding="utf-8")), indent=2))
        return
    _print(contents)
    typer.echo(f"audit: {folder / 'audit.html'}")


def _print(contents: AuditContents) -> None:
    kind = "SIMULATED cohort, no patients" if contents.kind == "simulated" else "real images"
    typer.echo(f"{contents.title} ({kind}; {contents.n_patients} patients, {contents.n_splits} splits)")
    for shuffled in (False, True):
        typer.echo("\npermuted outcome: nothing to be found" if shuffled else "\nreal outcome")
        head = f"{'honest':>{_CELL}}{'leaky':>{_CELL}}"
        typer.echo(f"  {'what was done wrong':<{_TITLE}}{head}   seems to gain (95 %)")
        for row in contents.rows:
            if row.permuted == shuffled:
                typer.echo(_line(row))
    typer.echo()
    for title, reason in contents.left_out:
        typer.echo(f"does not apply: {title}: {reason}")
    for note in contents.notes:
        typer.echo(note)


def _line(row: AuditRow) -> str:
    figure = row.figure.removesuffix("'s index")
    title = row.title if row.is_auc else f"{row.title} ({figure})"
    gain = f"{row.gain.estimate:+.3f} ({row.gain.lower:+.3f} to {row.gain.upper:+.3f})"
    return f"  {title:<{_TITLE}}{row.honest.estimate:>{_CELL}.3f}{row.leaky.estimate:>{_CELL}.3f}   {gain}"
