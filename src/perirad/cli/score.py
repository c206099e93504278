"""`perirad score MODEL IMAGE MASK --set age=52 ...`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perirad.cli.console import JsonFlag
from perirad.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perirad.study.casefiles import CaseFiles
    from perirad.study.model import Model, Reading

__all__ = ["score"]


def score(
    model: Annotated[Path, typer.Argument(help="model.json of a study.")],
    image: Annotated[Path | None, typer.Argument(help="Image file.")] = None,
    mask: Annotated[Path | None, typer.Argument(help="Outline of the lesion.")] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A clinical value, once for each.")
    ] = None,
    spacing_mm: Annotated[
        str | None, typer.Option("--spacing-mm", help="Millimetres per pixel: one number, or 'row column'.")
    ] = None,
    label: Annotated[str | None, typer.Option("--label", help="Which lesion of the mask: number or name.")] = None,
    frame: Annotated[int | None, typer.Option("--frame", help="Which frame of several, from 0.")] = None,
    features: Annotated[
        Path | None,
        typer.Option("--features", help="Table of features, in place of image and outline."),
    ] = None,
    case: Annotated[str, typer.Option("--case", help="Which row of that table, by its case_id.")] = "",
    centre: Annotated[str, typer.Option("--centre", help="Where the patient is, for a model that harmonises.")] = "",
    sr: Annotated[
        Path | None, typer.Option("--sr", help="Write the reading of a DICOM image here, as DICOM SR.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Score one new patient: Rad-score, nomogram points, risk with interval, and why."""
    from perirad.study.casefiles import CaseFiles, lesion_label  # noqa: PLC0415
    from perirad.study.cells import given_spacing  # noqa: PLC0415
    from perirad.study.feature_file import read_feature_row  # noqa: PLC0415
    from perirad.study.model import load_model  # noqa: PLC0415

    loaded = load_model(model)
    if features is not None:
        if image is not None:
            raise InputError("features are given in place of image and outline", "both")
        if sr is not None:
            raise InputError("--sr must be of a DICOM image and its outline", "--features")
        table = read_feature_row(features, loaded.radscore.columns, case)
        table = replace(table, centres=(centre,) if centre else ())
        _tell(loaded, loaded.read(table, _values(values or [])), as_json)
        return
    if image is None or mask is None:
        found = "no image" if image is None else "no outline"
        raise InputError("a patient must have an image and an outline, or --features ROW.csv", found)
    spacing = given_spacing(spacing_mm or "", name="--spacing-mm")
    files = CaseFiles(image, mask, spacing, lesion_label(label), frame)
    given = _values(values or [])
    reading = loaded.score_case(files, given, centre=centre)
    if sr is not None:
        _write_sr(sr, loaded, files, given, reading)
    _tell(loaded, reading, as_json)


def _write_sr(path: Path, model: Model, files: CaseFiles, given: Mapping[str, object], reading: Reading) -> None:
    from perirad.hospital.sr import reading_sr  # noqa: PLC0415
    from perirad.study.store import write_bytes  # noqa: PLC0415

    write_bytes(path, reading_sr(model, files, given, reading))


def _tell(model: Model, reading: Reading, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(reading.record(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _print(model, reading)


def _values(pairs: Sequence[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InputError("--set must be NAME=VALUE", repr(pair))
        if name.strip() in values:
            raise InputError("--set must name each variable once", f"{name.strip()!r} twice")
        values[name.strip()] = value.strip()
    return values


def _print(model: Model, reading: Reading) -> None:
    file = model.file
    if file.kind == "simulated":
        typer.echo("This model was learnt from a SIMULATED cohort: its figures say nothing about patients.")
    if file.spacing_note:
        known = file.calibration
        counts = "" if known is None else f" ({known.n_assumed} of {known.n_images})"
        typer.echo(f"This model was learnt on images of ASSUMED spacing{counts}: see the warning.")
    if reading.lengths != "mm":
        typer.echo(f"Lengths in this image: {reading.lengths}")
    typer.echo(f"Rad-score ({file.radscore.scenario})  {reading.radscore:.3f}")
    labels = model.labels
    for name, points in reading.points.items():
        typer.echo(f"  {labels[name]:<24} {points:6.1f} points")
    typer.echo(f"Total points{'':<14} {reading.total_points:6.1f}")
    risk = f"{100 * reading.probability:.1f} % (95 % interval {100 * reading.lower:.1f} to {100 * reading.upper:.1f} %)"
    typer.echo(f"Risk of {file.outcome.event_label}: {risk}")
    side = "at or above" if reading.positive else "below"
    typer.echo(f"{side} the cut-off of {100 * reading.cutoff:.1f} %, which was frozen in training")
    strongest = sorted(reading.contributions.items(), key=lambda item: -abs(item[1]))[:5]
    if strongest:
        typer.echo("Strongest features of the Rad-score:")
        for name, value in strongest:
            typer.echo(f"  {value:+.3f}  {name}")
    for warning in reading.warnings:
        typer.echo(f"warning: {warning}", err=True)
