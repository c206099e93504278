"""Outlines as PNG, NIfTI, NRRD and MHA masks, and as Slicer's named segments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.form import Form, form_of
from perirad.image.outlines.records import Lesion, Target

if TYPE_CHECKING:
    import SimpleITK

__all__ = ["write_png", "write_segments", "write_volume"]


def write_png(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write a grey PNG: 255 in the lesion, or each lesion's number where there are several."""
    from PIL import Image as Pillow  # noqa: PLC0415

    marks = _marks(lesions, out.name)
    Pillow.fromarray(np.where(marks > 0, np.uint8(255), np.uint8(0)) if len(lesions) == 1 else marks).save(out)


def write_volume(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write NIfTI, NRRD or MHA: each lesion's number, on the grid of the image file where that is a volume."""
    _save(_volume(_marks(lesions, out.name), target), out)


def write_segments(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write Slicer's `.seg.nrrd`: values 1, 2, ... and a name for each."""
    numbered = [Lesion(place, lesion.name, lesion.mask) for place, lesion in enumerate(lesions, 1)]
    marks = _marks(numbered, out.name)
    volume = _volume(marks, target)
    columns, rows = marks.shape[1], marks.shape[0]
    fields = {
        "Segmentation_MasterRepresentation": "Binary labelmap",
        "Segmentation_ContainedRepresentationNames": "Binary labelmap|",
        "Segmentation_ReferenceImageExtentOffset": "0 0 0",
    }
    for place, lesion in enumerate(numbered):
        prefix = f"Segment{place}_"
        fields |= {
            f"{prefix}ID": f"Segment_{place + 1}",
            f"{prefix}Name": _one_line(lesion.called(place + 1)),
            f"{prefix}LabelValue": str(place + 1),
            f"{prefix}Layer": "0",
            f"{prefix}Extent": f"0 {columns - 1} 0 {rows - 1} 0 {volume.GetSize()[2] - 1}",
        }
    for key, value in fields.items():
        volume.SetMetaData(key, value)
    _save(volume, out)


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _marks(lesions: Sequence[Lesion], file: str) -> NDArray[np.uint8]:
    """Return one picture of numbers: the lesions' own where these are distinct and fit into a byte, else 1, 2, ..."""
    own = [lesion.number for lesion in lesions]
    usable = len(set(own)) == len(own) and all(float(n).is_integer() and 0 < n < 256 for n in own)
    numbers = [int(n) for n in own] if usable else list(range(1, len(own) + 1))
    marks = np.zeros(lesions[0].mask.shape, dtype=np.uint8)
    for number, lesion in zip(numbers, lesions, strict=True):
        if marks[lesion.mask].any():
            mend = "write COCO, CVAT, LabelMe or DICOM SEG, or one lesion at a time"
            raise InputError("lesions of a mask must not overlap", f"{lesion.said} over another", file=file, mend=mend)
        marks[lesion.mask] = number
    return marks


def _volume(marks: NDArray[np.uint8], target: Target) -> SimpleITK.Image:
    """Return the picture as an ITK volume of one slice, or on the image file's own grid."""
    import SimpleITK  # noqa: PLC0415

    own = _image_volume(target.file)
    if own is None:
        volume = SimpleITK.GetImageFromArray(marks[None])
        down, across = target.spacing_mm or (1.0, 1.0)
        volume.SetSpacing((across, down, 1.0))
        return volume
    size = own.GetSize()
    n_slices = size[2] if len(size) == 3 else 1
    values = np.zeros((n_slices, *marks.shape), dtype=np.uint8)
    values[target.frame or 0] = marks
    volume = SimpleITK.GetImageFromArray(values)
    volume.SetSpacing((*own.GetSpacing()[:2], own.GetSpacing()[2] if len(size) == 3 else 1.0))
    if len(size) == 3:
        volume.SetDirection(own.GetDirection())
        volume.SetOrigin(own.GetOrigin())
    else:
        first, second, third, fourth = own.GetDirection()
        volume.SetDirection((first, second, 0.0, third, fourth, 0.0, 0.0, 0.0, 1.0))
        volume.SetOrigin((*own.GetOrigin(), 0.0))
    return volume


def _image_volume(file: Path | None) -> Any:
    """Header of an image file that is a volume."""
    if file is None or form_of(file) not in (Form.NIFTI, Form.NRRD, Form.META):
        return None
    import SimpleITK  # noqa: PLC0415

    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(file))
    reader.ReadImageInformation()
    return reader


def _save(volume: Any, out: Path) -> None:
    import SimpleITK  # noqa: PLC0415

    try:
        SimpleITK.WriteImage(volume, str(out), True)
    except RuntimeError as error:
        raise InputError("the new file must be writable", str(error).splitlines()[-1][:80], file=str(out)) from error
