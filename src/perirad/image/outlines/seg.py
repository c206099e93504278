"""DICOM Segmentation: the frames that belong to one image, unpacked without any library but the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.pixels import pixel_array

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.form import Form, check_size, damaged
from perirad.image.outlines.marks import lesions_of
from perirad.image.outlines.plane import UNREADABLE, Plane, read_plane
from perirad.image.outlines.records import Lesion, Outlines, Shape, Target, check_count, fit
from perirad.image.outlines.seg_check import check_geometry, frames_of_image

__all__ = ["read_seg"]

_THRESHOLD = 0.5
"""Share of the maximum from which on a fractional pixel belongs to its segment."""


@dataclass(frozen=True)
class _Layout:
    """How the frames are stored."""

    shape: Shape
    n_frames: int
    kind: str
    maximum: int


def read_seg(path: Path, target: Target) -> Outlines:
    """Read the segments of a DICOM SEG file that were drawn on an image.

    Parameters
    ----------
    path : Path
        The file.
    target : Target
        The image. With its file known, the frames are those that name its SOP Instance UID (and its frame); without,
        the file must hold one frame of each segment.

    Returns
    -------
    Outlines
        A lesion for each segment, named by its Segment Label, numbered by its Segment Number. BINARY frames may lie
        anywhere in the bits; FRACTIONAL pixels count from half of the maximum on; LABELMAP values are segment
        numbers.

    Raises
    ------
    InputError
        When the file is damaged, of another image, size, spacing or plane, or of a kind that is not known.

    Notes
    -----
    DICOM PS3.3 A.51 and C.8.20.
    """
    plane = None if target.file is None else _image_plane(target.file)
    try:
        dataset = pydicom.dcmread(path, force=True)
        layout = _layout(dataset, path.name)
        fit(layout.shape, target, path.name)
        frames = frames_of_image(dataset, layout.n_frames, plane, target.frame, path.name)
        if plane is not None:
            check_geometry(dataset, frames, plane, target.spacing_mm, path.name)
        return _segments(dataset, layout, frames, path.name)
    except InputError:
        raise
    except UNREADABLE as error:
        raise damaged(Form.SEG, path.name, error) from error


def _image_plane(file: Path) -> Plane | None:
    """Plane of a DICOM image; a picture saved from it has none, and only its size can be compared."""
    from perirad.image.form import form_of  # noqa: PLC0415

    return read_plane(file) if form_of(file) is Form.DICOM else None


def _layout(dataset: Any, file: str) -> _Layout:
    shape = int(dataset.Rows), int(dataset.Columns)
    n_frames = int(dataset.get("NumberOfFrames") or 1)
    kind = str(dataset.get("SegmentationType", ""))
    if kind not in ("BINARY", "FRACTIONAL", "LABELMAP"):
        raise InputError("segmentation must be BINARY, FRACTIONAL or LABELMAP", repr(kind)[:40], file=file)
    if min(shape) < 1 or n_frames < 1:
        raise InputError("segmentation must hold frames", f"{n_frames} of {shape[0]} x {shape[1]}", file=file)
    check_size(*shape, file)
    return _Layout(shape, n_frames, kind, int(dataset.get("MaximumFractionalValue") or 255))


def _segments(dataset: Any, layout: _Layout, frames: list[tuple[int, int]], file: str) -> Outlines:
    names = {int(one.SegmentNumber): str(one.get("SegmentLabel", "")) for one in dataset.SegmentSequence}
    check_count(len(names), layout.shape, file)
    if layout.kind == "LABELMAP":
        if len(frames) > 1:
            found = f"{len(frames)} frames"
            raise InputError("one frame must be of the image", found, file=file, mend="name the frame")
        return Outlines(lesions_of(_one_frame(dataset, frames[0][0], layout), names, file))
    masks: dict[int, BoolArray] = {}
    for index, segment in frames:
        if segment in masks:
            mend = "name the frame"
            raise InputError("each segment must have one frame of the image", f"two of {segment}", file=file, mend=mend)
        if segment not in names:
            raise InputError("each frame must name a segment of the file", f"segment {segment}", file=file)
        masks[segment] = _marked(_one_frame(dataset, index, layout), layout)
    return Outlines(tuple(Lesion(number, names[number], mask) for number, mask in sorted(masks.items())))


def _marked(values: NDArray[Any], layout: _Layout) -> BoolArray:
    if layout.kind == "BINARY":
        marked: BoolArray = values != 0
    else:
        marked = values >= _THRESHOLD * layout.maximum
    return marked


def _one_frame(dataset: Any, index: int, layout: _Layout) -> NDArray[Any]:
    """Return the stored values of one frame, shape (n_rows, n_columns)."""
    if int(dataset.BitsAllocated) != 1 or dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        values: NDArray[Any] = pixel_array(dataset, index=index)
        return values.reshape(layout.shape)
    n_pixels = layout.shape[0] * layout.shape[1]
    first = index * n_pixels
    # Frames follow each other bit by bit, the lowest bit of a byte first; a frame may begin inside a byte.
    part = np.frombuffer(dataset.PixelData, np.uint8)[first // 8 : (first + n_pixels + 7) // 8]
    bits = np.unpackbits(part, bitorder="little")[first % 8 : first % 8 + n_pixels]
    if bits.size < n_pixels:
        raise ValueError(f"{bits.size} of {n_pixels} pixels of frame {index} are there")
    return bits.reshape(layout.shape)
