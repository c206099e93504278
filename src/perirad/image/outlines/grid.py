"""One slice of a NIfTI, NRRD or MHA mask as it is stored, with its header."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.image.form import Form, check_size, damaged, pick_frame
from perirad.image.grey import luma
from perirad.image.payload import check_whole

__all__ = ["OFFSET", "Grid", "Header", "read_grid", "read_header"]

_READERS = {Form.NIFTI: "NiftiImageIO", Form.NRRD: "NrrdImageIO", Form.META: "MetaImageIO"}
_HEADER_BYTES = 1_000_000

OFFSET = "Segmentation_ReferenceImageExtentOffset"
"""Where Slicer says which column, row and slice of the image a cropped segmentation begins at."""


@dataclass(frozen=True)
class Header:
    """Size (columns, rows[, slices]), layers, spacing (row, column), directions of both axes, and named fields.

    `axes` has a row for the direction in which columns are counted and one for rows, in patient coordinates (LPS).
    """

    size: tuple[int, ...]
    n_layers: int
    spacing_mm: tuple[float, float]
    axes: FloatArray
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Grid:
    """Values of one slice, shape (n_layers, n_rows, n_columns), in the order in which the file stores them."""

    values: NDArray[Any]
    header: Header


def read_grid(path: Path, form: Form, frame: int | None) -> Grid:
    """Read one slice of a mask.

    Parameters
    ----------
    path : Path
        The file.
    form : Form
        Its format.
    frame : int, optional
        Which slice of several, from 0; a mask of one slice belongs to whatever frame of the image it was drawn on.

    Raises
    ------
    InputError
        When the file is damaged, too large, not two-dimensional, keeps its values outside its folder, or holds several
        slices and none was named.
    """
    _check_detached(path, form)
    reader, header = _open(path, form)
    if len(header.size) not in (2, 3):
        raise InputError("an image must be two-dimensional", f"{len(header.size)} dimensions", file=path.name)
    n_slices = header.size[2] if len(header.size) == 3 else 1
    check_size(header.size[1], header.size[0], path.name)
    check_size(header.size[1], header.size[0] * n_slices * header.n_layers, path.name)
    index = _slice(header, n_slices, frame, path.name)
    check_whole(path, form, math.prod(header.size))
    try:
        stored: NDArray[Any] = SimpleITK.GetArrayFromImage(reader.Execute())
    except RuntimeError as error:
        raise damaged(form, path.name, error) from error
    values = stored[index] if len(header.size) == 3 else stored
    return Grid(_layers(values, header, path.name), header)


def read_header(path: Path, form: Form | None) -> Header:
    """Read the header alone; with no form, of any picture that the library knows."""
    return _open(path, form)[1]


def _slice(header: Header, n_slices: int, frame: int | None, file: str) -> int:
    """Which slice to read; a segmentation cropped to its lesion counts slices from its first one."""
    offset = header.fields.get(OFFSET, "").split()
    shift = int(offset[2]) if len(offset) == 3 and offset[2].isdecimal() and len(offset[2]) < 10 else 0
    if n_slices > 1:
        return pick_frame(n_slices, None if frame is None else frame - shift, file)
    if shift and frame is not None and shift != frame:
        raise InputError(f"mask must be of frame {frame}", f"one of frame {shift} alone", file=file)
    return 0


def _open(path: Path, form: Form | None) -> tuple[Any, Header]:
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    if form is not None:
        reader.SetImageIO(_READERS[form])
    try:
        reader.ReadImageInformation()
        size = tuple(int(n) for n in reader.GetSize())
        fields = {key: reader.GetMetaData(key) for key in reader.GetMetaDataKeys() if key.isascii()}
        direction = np.asarray(reader.GetDirection(), dtype=np.float64).reshape(len(size), len(size))
        across, down = (abs(float(mm)) for mm in reader.GetSpacing()[:2])
    except RuntimeError as error:
        raise damaged(form or Form.DICOM, path.name, error) from error
    axes = np.zeros((2, 3))
    axes[:, : min(len(size), 3)] = direction[: min(len(size), 3), :2].T
    return reader, Header(size, int(reader.GetNumberOfComponents()), (down, across), axes, fields)


def _layers(values: NDArray[Any], header: Header, file: str) -> NDArray[Any]:
    if values.ndim == 2:
        layers = values[None]
    elif any(key.startswith(("Segment0_", "org.mitk.multilabel")) for key in header.fields):
        layers = np.moveaxis(values, -1, 0)
    elif values.shape[-1] in (3, 4):
        layers = luma(values)[None]
    else:
        raise InputError("pixels must be grey or RGB", f"{values.shape[-1]} components each", file=file)
    if np.iscomplexobj(layers):
        raise InputError("pixels must be grey or RGB", "complex numbers", file=file)
    return layers


def _check_detached(path: Path, form: Form) -> None:
    """Refuse headers that name values elsewhere: a file from a stranger must not choose what is opened here."""
    if form is Form.NIFTI:
        return
    with path.open("rb") as stream:
        head = stream.read(_HEADER_BYTES)
    header = head.split(b"\n\n")[0] if form is Form.NRRD else head
    for line in header.split(b"\n"):
        # Every such line, in any spelling: which of them the library believes is not for us to guess.
        key, _, value = line.replace(b"=", b":").partition(b":")
        if key.strip().lower().replace(b" ", b"") not in (b"elementdatafile", b"datafile"):
            continue
        place = value.strip().decode("utf-8", "replace")
        if place.upper() != "LOCAL" and not _is_beside(place):
            raise InputError("values must lie in the mask's own file or beside it", repr(place)[:60], file=path.name)


def _is_beside(place: str) -> bool:
    """Whether a plain file name was given: no folder, no pattern, no list of files."""
    return PureWindowsPath(place).name == place and place.upper() != "LIST" and not {"%", " "} & set(place)
