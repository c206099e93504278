"""`perirad catalogue`."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from perirad.cli.console import JsonFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.features.entries import Entry

__all__ = ["catalogue"]

_SHOWN = ("family", "name", "ibsi", "unit", "flat", "one_pixel", "formula")


def catalogue(
    definitions: Annotated[str | None, typer.Option("--definitions", help="pyradiomics or ibsi; default both.")] = None,
    family: Annotated[str | None, typer.Option("--family", help="As in columns: glcm, ibsi-glcm.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="All that is known, as CSV.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Every feature: IBSI code, unit, formula, and what a flat region and a single pixel give."""
    from perirad.errors import InputError  # noqa: PLC0415
    from perirad.features.entries import ENTRIES  # noqa: PLC0415

    chosen = [entry for entry in ENTRIES if definitions in {None, entry.definitions} and family in {None, entry.family}]
    if not chosen:
        known = ", ".join(dict.fromkeys(entry.family for entry in ENTRIES))
        found = f"--definitions {definitions} --family {family}"
        raise InputError(f"definitions are pyradiomics and ibsi, families {known}", found)
    rows = [vars(entry) for entry in chosen]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        _print_table(chosen)


def _print_table(entries: Sequence[Entry]) -> None:
    """Columns as wide as their widest cell, the formula last; then what its letters mean."""
    from perirad.features.formulas import SYMBOLS  # noqa: PLC0415

    rows = [_SHOWN, *(tuple(str(getattr(entry, name)) for name in _SHOWN) for entry in entries)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_SHOWN) - 1)] + [0]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    typer.echo(f"\n{SYMBOLS}", nl=False)
