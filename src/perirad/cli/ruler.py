"""`perirad ruler IMAGE`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perirad.cli.console import JsonFlag

if TYPE_CHECKING:
    from perirad.image.ruler import RulerReading

__all__ = ["ruler"]


def ruler(
    image: Annotated[Path, typer.Argument(help="Screenshot with the scanner's ruler in it.")],
    tick_mm: Annotated[
        float | None, typer.Option("--tick-mm", help="Distance of neighbouring ticks, the smallest drawn: 5, 10, ...")
    ] = None,
    square: Annotated[
        bool, typer.Option("--square", help="Pixels are known to be square, so a ruler across tells the depth too.")
    ] = False,
    frame: Annotated[int | None, typer.Option("--frame", help="Which frame of several, from 0.")] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="Write a PNG of the picture with the ticks that were found.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Millimetres per pixel from the ruler in a screenshot; status 1 where it is not read surely."""
    from perirad.errors import InputError  # noqa: PLC0415
    from perirad.image.read import read_image  # noqa: PLC0415
    from perirad.image.ruler import CONFIDENCE_LIMIT, read_ruler  # noqa: PLC0415

    # Any spacing will do: pixels are what is looked at.
    picture = read_image(image, spacing_mm=1.0, frame=frame)
    reading = read_ruler(picture.pixels, tick_mm, square=square)
    if as_json:
        typer.echo(json.dumps(_record(reading), indent=2))
    if reading is None:
        raise InputError(
            "a ruler must be seen in the picture", "none", file=image.name, mend="state the spacing, or two points"
        )
    if figure is not None:
        _write_figure(figure, picture.pixels, reading)
    if not as_json:
        typer.echo("\n".join(_lines(reading)))
    if not reading.is_sure:
        raise InputError(
            f"a ruler must be read with a confidence of at least {CONFIDENCE_LIMIT}",
            f"{reading.confidence:.2f}",
            file=image.name,
            mend="look at --figure; add --tick-mm or --square where they are missing, or state the spacing",
        )


def _lines(reading: RulerReading) -> list[str]:
    row, column = reading.spacing_mm
    lines = [f"ruler {one.line()}" for one in reading.rulers]
    lines.append(f"ticks every {reading.tick_mm:g} mm ({reading.source})")
    lines.append(f"spacing {row:.5g} x {column:.5g} mm per pixel (row, column)")
    lines.append(f"confidence {reading.confidence:.2f}")
    lines += [f"note: {words}" for words in reading.words]
    if reading.is_sure:
        lines.append(f"write in the table: spacing_mm = {reading.cell()}")
    return lines


def _record(reading: RulerReading | None) -> dict[str, Any]:
    if reading is None:
        return {"spacing_mm": None, "confidence": 0.0, "sure": False, "rulers": [], "words": []}
    return {
        "spacing_mm": list(reading.spacing_mm),
        "tick_mm": reading.tick_mm,
        "tick_stated": reading.stated,
        "confidence": reading.confidence,
        "sure": reading.is_sure,
        "rulers": [
            {
                "side": one.side,
                "period_px": one.period_px,
                "residual_px": one.residual_px,
                "longer_every": one.every,
                "confidence": one.confidence,
                "places_px": one.places_px.tolist(),
            }
            for one in reading.rulers
        ],
        "words": list(reading.words),
    }


def _write_figure(path: Path, pixels: Any, reading: RulerReading) -> None:
    from PIL import Image  # noqa: PLC0415

    from perirad.image.ruler_figure import draw_reading  # noqa: PLC0415

    Image.fromarray(draw_reading(pixels, reading)).save(path, format="PNG")
