"""`perirad convert-mask MASK IMAGE OUT`."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from perirad.errors import InputError

__all__ = ["convert_mask"]


class _Choice(Enum):
    ALL = "all"
    LARGEST = "largest"
    ONE = "one"


def convert_mask(
    mask: Annotated[Path, typer.Argument(help="Mask or file of outlines.", metavar="MASK")],
    image: Annotated[Path, typer.Argument(help="The image it was drawn on.", metavar="IMAGE")],
    out: Annotated[
        Path,
        typer.Argument(
            help="The new file; its name tells the format: .png, .nii, .nii.gz, .nrrd, .mha, .seg.nrrd,"
            " .json (LabelMe), .coco.json (polygons), .rle.json (COCO run lengths), .xml (CVAT), .dcm (DICOM SEG).",
            metavar="OUT",
        ),
    ],
    label: Annotated[str | None, typer.Option("--label", help="Only this lesion: its number or name.")] = None,
    choice: Annotated[
        _Choice, typer.Option("--choice", help="Of several lesions: all (kept apart), largest, one (refuse several).")
    ] = _Choice.ALL,
    image_name: Annotated[
        str | None, typer.Option("--image-name", help="The image's name in a file of many images (COCO, CVAT).")
    ] = None,
    frame: Annotated[int | None, typer.Option("--frame", help="Which frame of the image, from 0.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Save outlines in another format, with exactly the same pixels."""
    from perirad.image.outlines.choose import chosen  # noqa: PLC0415
    from perirad.image.outlines.read import read_outlines, target_of  # noqa: PLC0415
    from perirad.image.outlines.write import write_outlines  # noqa: PLC0415

    if out.exists() and not force:
        raise InputError("the new file must not exist yet", "one of that name", file=str(out), mend="or give --force")
    target = target_of(None, image_name=image_name, frame=frame, image_file=image)
    outlines = read_outlines(mask, target, label)
    lesions = chosen(outlines, label, choice.value, mask.name)
    write_outlines(out, lesions, replace(target, name=image.name))
    for words in outlines.skipped:
        typer.echo(f"left out: {words}", err=True)
    for lesion in lesions:
        typer.echo(f"lesion {lesion.said}")
    typer.echo(f"outlines: {out}")
