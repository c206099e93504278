"""`perirad update MODEL TABLE --outcome COLUMN`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perirad.errors import InputError

if TYPE_CHECKING:
    from perirad.validation.records import Calibration

__all__ = ["update"]

_WAYS = ("closed-test", "intercept", "slope", "refit")


def update(
    model: Annotated[Path, typer.Argument(help="model.json of a study.")],
    table: Annotated[Path, typer.Argument(help="Patients of the new hospital: radscore, clinical values, outcome.")],
    outcome: Annotated[str, typer.Option("--outcome", help="Column of the outcome.")],
    event: Annotated[str, typer.Option("--event", help="Its value where the event is present.")] = "1",
    nonevent: Annotated[str, typer.Option("--nonevent", help="Its value where it is not.")] = "0",
    way: Annotated[str, typer.Option("--method", help=f"How: {', '.join(_WAYS)}.")] = "closed-test",
    out: Annotated[Path, typer.Option("--out", help="Where the updated model goes.")] = Path("model-updated.json"),
) -> None:
    """Update a model to the patients of a new hospital, as little as they ask for."""
    from perirad.study.model import load_model  # noqa: PLC0415
    from perirad.study.store import write_text  # noqa: PLC0415
    from perirad.study.updating import described, read_hospital, update_model  # noqa: PLC0415

    chosen = next((name for name in _WAYS if name == way), None)
    if chosen is None:
        raise InputError(f"--method must be one of {', '.join(_WAYS)}", repr(way))
    loaded = load_model(model)
    patients = read_hospital(table, loaded, outcome=outcome, event=event, nonevent=nonevent)
    found = update_model(loaded, patients, chosen)  # type: ignore[arg-type]
    write_text(out, found.model.save_text())
    typer.echo(f"{len(patients.outcome)} patients, {int(patients.outcome.sum())} with the event")
    for line in described(found.steps):
        typer.echo(f"  {line}")
    typer.echo(f"update: {found.method}")
    typer.echo(f"  before  {_line(found.before)}")
    typer.echo(f"  after   {_line(found.after)} (in the patients it was fitted to)")
    typer.echo(f"model: {out}")


def _line(item: Calibration) -> str:
    slope, intercept = item.slope, item.intercept
    return (
        f"observed/expected {item.observed_expected:.2f}, intercept {intercept.estimate:.2f} "
        f"({intercept.lower:.2f} to {intercept.upper:.2f}), slope {slope.estimate:.2f} "
        f"({slope.lower:.2f} to {slope.upper:.2f}), Brier score {item.brier:.3f}"
    )
