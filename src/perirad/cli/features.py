"""`perirad features IMAGE MASK`."""

from __future__ import annotations

import csv
import json
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perirad.cli.console import JsonFlag

if TYPE_CHECKING:
    from perirad.study.recipe import Recipe
    from perirad.table import FeatureTable

__all__ = ["features"]


def features(
    image: Annotated[Path, typer.Argument(help="Image file.")],
    mask: Annotated[Path, typer.Argument(help="Outline of the lesion: a mask of the same size.")],
    spacing_mm: Annotated[float | None, typer.Option("--spacing-mm", help="Millimetres per pixel.")] = None,
    width_mm: Annotated[
        list[float] | None, typer.Option("--width-mm", help="Ring width, once for each ring; default 3, 5 and 8.")
    ] = None,
    rings: Annotated[bool, typer.Option("--rings/--no-rings", help="With the rings, or of the lesion only.")] = True,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", help="TOML file whose [features] and [regions] are used, as a study.toml."),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--preset", help="Filters by number of features: 102, 474, 851, 939, 1404.")
    ] = None,
    definitions: Annotated[str | None, typer.Option("--definitions", help="pyradiomics or ibsi.")] = None,
    bin_width: Annotated[float | None, typer.Option("--bin-width", help="Grey values per level; default 25.")] = None,
    bin_count: Annotated[int | None, typer.Option("--bin-count", help="Levels per region, instead.")] = None,
    label: Annotated[str | None, typer.Option("--label", help="Which lesion of the mask: number or name.")] = None,
    frame: Annotated[int | None, typer.Option("--frame", help="Which frame of several, from 0.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Features of one image, as CSV (feature, value, unit, IBSI code) or JSON (feature: value)."""
    from perirad.study.casefiles import CaseFiles, lesion_label  # noqa: PLC0415
    from perirad.study.extraction import extract_case  # noqa: PLC0415

    recipe = _recipe(settings, count, definitions, bin_width, bin_count)
    if width_mm:
        recipe = replace(recipe, regions=replace(recipe.regions, widths_mm=tuple(width_mm)))
    if not rings:
        recipe = replace(recipe, regions=replace(recipe.regions, widths_mm=(), further=()))
    spacing = None if spacing_mm is None else (spacing_mm, spacing_mm)
    table = extract_case(image.stem, CaseFiles(image, mask, spacing, lesion_label(label), frame), recipe).table
    if as_json:
        _print_json(table)
    else:
        _print_csv(table)


def _recipe(
    file: Path | None, count: int | None, definitions: str | None, bin_width: float | None, bin_count: int | None
) -> Recipe:
    """What the file says, or the defaults; then what the other options say."""
    from perirad.errors import InputError  # noqa: PLC0415
    from perirad.study.recipe import Recipe  # noqa: PLC0415

    recipe = Recipe()
    if file is not None:
        from perirad.study.choices import open_extraction  # noqa: PLC0415  (pydantic takes long to import)

        chosen = open_extraction(file)
        recipe = Recipe(chosen.regions.rule(), chosen.features.settings(), resample_mm=chosen.features.resample_mm)
    wanted = recipe.features
    if count is not None:
        from perirad.features.presets import preset  # noqa: PLC0415

        if file is not None:
            raise InputError("--preset chooses the filters", "--settings, which does so too", mend="give one of them")
        wanted = preset(count)
    if definitions is not None:
        if definitions not in {"pyradiomics", "ibsi"}:
            raise InputError("--definitions must be pyradiomics or ibsi", repr(definitions))
        wanted = replace(wanted, definitions="ibsi" if definitions == "ibsi" else "pyradiomics")
    if bin_width is not None or bin_count is not None:
        wanted = replace(wanted, bin_width=bin_width, bin_count=bin_count)
    return replace(recipe, features=wanted)


def _print_json(table: FeatureTable) -> None:
    values = dict(zip(table.columns, table.values[0].tolist(), strict=True))
    typer.echo(json.dumps({name: None if math.isnan(value) else value for name, value in values.items()}, indent=2))


def _print_csv(table: FeatureTable) -> None:
    from perirad.features.columns import ibsi_code  # noqa: PLC0415
    from perirad.features.entries import unit_of  # noqa: PLC0415

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["feature", "value", "unit", "ibsi"])
    for name, value in zip(table.columns, table.values[0].tolist(), strict=True):
        family, feature = name.rsplit("_", 2)[1:]
        writer.writerow([name, "" if math.isnan(value) else repr(value), unit_of(family, feature), ibsi_code(name)])
