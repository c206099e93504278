"""`perirad features IMAGE MASK`."""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Annotated

import typer

from perirad.cli.console import JsonFlag

__all__ = ["features"]


def features(
    image: Annotated[Path, typer.Argument(help="Image file.")],
    mask: Annotated[Path, typer.Argument(help="Outline of the lesion: a mask of the same size.")],
    spacing_mm: Annotated[float | None, typer.Option("--spacing-mm", help="Millimetres per pixel.")] = None,
    width_mm: Annotated[
        list[float] | None, typer.Option("--width-mm", help="Ring width, once for each ring; default 3, 5 and 8.")
    ] = None,
    bin_width: Annotated[float, typer.Option("--bin-width", help="Grey levels per bin.")] = 25.0,
    label: Annotated[int | None, typer.Option("--label", help="Which value of the mask is the lesion.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Features of one image, as CSV (one row per feature) or JSON."""
    from perirad.features.settings import FeatureSettings  # noqa: PLC0415
    from perirad.study.extraction import Recipe, extract_case  # noqa: PLC0415

    recipe = Recipe(tuple(width_mm or (3.0, 5.0, 8.0)), None, None, FeatureSettings(bin_width=bin_width))
    spacing = None if spacing_mm is None else (spacing_mm, spacing_mm)
    table = extract_case(image.stem, image, mask, spacing, recipe, label=label).table
    values = dict(zip(table.columns, table.values[0].tolist(), strict=True))
    if as_json:
        typer.echo(json.dumps({name: None if math.isnan(value) else value for name, value in values.items()}, indent=2))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["feature", "value"])
    writer.writerows([name, "" if math.isnan(value) else repr(value)] for name, value in values.items())
