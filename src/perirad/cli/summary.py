"""A few lines after a run: what was chosen, how it did, and for whom."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from perirad.study.settings import Study

__all__ = ["print_summary"]


def print_summary(study: Study) -> None:
    """Print the headline of `metrics.json`, and the cases that were excluded, with their reasons."""
    metrics: dict[str, Any] = json.loads((study.results / "metrics.json").read_text(encoding="utf-8"))
    cohorts = ", ".join(f"{count} {name}" for name, count in metrics["cases"].items())
    kind = (
        "SIMULATED cohort, no patients"
        if metrics["kind"] == "simulated"
        else f"real {'images' if metrics.get('features_from', 'images') == 'images' else 'data'}"
    )
    typer.echo(f"{metrics['title']} ({kind}; {cohorts})")
    note = metrics.get("calibration", {}).get("note", "")
    if note:
        typer.echo(note)
    if metrics.get("features_from") != "none":
        typer.echo(f"scenario chosen inside training: {metrics['scenario']['chosen']}")
    for name, cohort in metrics["models"].items():
        parts = [
            f"{label} {figures['auc']['estimate']:.3f} ({figures['auc']['lower']:.3f}-{figures['auc']['upper']:.3f})"
            for label, figures in cohort.items()
        ]
        typer.echo(f"  AUC {name:<16} {'   '.join(parts)}")
    _print_corrected(metrics.get("internal_validation"))
    with (study.results / "quality.csv").open(encoding="utf-8", newline="") as stream:
        unusable = [row for row in csv.DictReader(stream) if row["status"] == "excluded" and row["detail"]]
    for row in unusable:
        typer.echo(f"excluded: case {row['case_id']}: {row['reason']}: {row['detail']}", err=True)


def _print_corrected(internal: dict[str, Any] | None) -> None:
    """Training AUC less its optimism, where the bootstrap was not switched off."""
    if internal is None:
        return
    fitted = internal["resamples"] - internal["failed"]
    for name, measures in internal["models"].items():
        auc = measures["auc"]
        if auc["estimate_632_plus"] is not None:
            figures = f"{auc['estimate_632_plus']:.3f} (.632+; patients not drawn {auc['out_of_bag']:.3f})"
            typer.echo(f"  AUC {name:<16} train, corrected for optimism {figures}")
    typer.echo(f"  (the whole selection repeated in {internal['resamples']} resamples; {fitted} could be fitted)")
