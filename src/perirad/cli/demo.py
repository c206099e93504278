"""`perirad demo [DIR]`: the simulated cohort and the whole study on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perirad.cli.console import Workers, progress
from perirad.cli.run import run

__all__ = ["demo"]


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put the study.", metavar="DIR")] = Path("demo"),
    workers: Workers = 0,
    patients: Annotated[int, typer.Option("--patients", min=60, help="Patients to analyse.")] = 433,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the cohort and of the split.")] = 20240611,
    effect: Annotated[float, typer.Option("--effect", min=0, help="Planted effect; 0 gives a null cohort.")] = 1.0,
) -> None:
    """Simulate the cohort of the study design and run the whole study on it."""
    from perirad.simulate.study import write_study  # noqa: PLC0415

    with progress("Simulating") as show:
        write_study(folder, n_patients=patients, seed=seed, effect=effect, workers=workers, progress=show)
    run(folder, workers=workers)
