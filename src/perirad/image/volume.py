"""NIfTI, NRRD and MHA files that hold one slice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.content import Content
from perirad.image.form import Form, check_size, damaged, pick_frame
from perirad.image.grey import chroma, luma
from perirad.image.image import Calibration, Source
from perirad.image.payload import check_whole
from perirad.image.spacing import OwnSpacing, shortest

__all__ = ["read_volume"]

_READERS = {Form.NIFTI: "NiftiImageIO", Form.NRRD: "NrrdImageIO", Form.META: "MetaImageIO"}
_WHITE = {"u1": 255, "u2": 65535}


@dataclass(frozen=True)
class _Slice:
    """One slice, (row, column) or (row, column, channel), the header's spacing (row, column), and which slice it is."""

    values: NDArray[Any]
    spacing_mm: tuple[float, float]
    index: int


def read_volume(path: Path, form: Form, frame: int | None = None) -> Content:
    """Read one slice, and the spacing in its header.

    Parameters
    ----------
    path : Path
        The file.
    form : Form
        Its format, from `form_of`.
    frame : int, optional
        Which slice of several, from 0.

    Returns
    -------
    Content
        Rows and columns as the file stores them: the header's directions are not applied, neither to images nor
        to masks, so the two always lie on each other. Colour becomes grey by BT.601 luma, and chroma.
        The spacing is the header's; none when it is exactly 1 x 1, which programs write when they do not know.

    Raises
    ------
    InputError
        When the file is damaged, too large, not two-dimensional, holds several slices and none was named, or
        colours of other than 8 or 16 bits.
    """
    piece = _read(path, form, frame)
    decoder = f"{form}, by SimpleITK {SimpleITK.__version__}"
    own = _own(piece.spacing_mm, form)
    if piece.values.ndim == 2:
        return Content(piece.values.astype(np.float64), own, decoder, None, piece.index)
    white = _WHITE.get(piece.values.dtype.str[1:])
    if white is None:
        found = f"{piece.values.dtype}"
        raise InputError("colours must be whole numbers of 8 or 16 bits without sign", found, file=path.name)
    return Content(luma(piece.values), own, decoder, chroma(piece.values, white), piece.index)


def _own(spacing_mm: tuple[float, float], form: Form) -> OwnSpacing:
    if spacing_mm == (1.0, 1.0):
        lacking = f"{form.named} header of exactly 1 x 1 mm, which programs write when they do not know"
        return OwnSpacing.none(lacking)
    return OwnSpacing(spacing_mm, Calibration(Source.HEADER, f"spacing of the {form} header"))


def _read(path: Path, form: Form, frame: int | None) -> _Slice:
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    reader.SetImageIO(_READERS[form])
    try:
        reader.ReadImageInformation()
        size = tuple(int(n) for n in reader.GetSize())
        index = _check_shape(size, frame, path.name)
        check_whole(path, form, math.prod(size))
        volume = reader.Execute()
    except RuntimeError as error:
        raise damaged(form, path.name, error) from error
    values: NDArray[Any] = SimpleITK.GetArrayFromImage(volume)
    channels = int(volume.GetNumberOfComponentsPerPixel())
    if channels not in (1, 3, 4) or np.iscomplexobj(values):
        raise InputError("pixels must be grey or RGB", f"{channels} components each", file=path.name)
    across, down = (shortest(abs(float(mm))) for mm in volume.GetSpacing()[:2])
    return _Slice(values if len(size) == 2 else values[index], (down, across), index)


def _check_shape(size: tuple[int, ...], frame: int | None, name: str) -> int:
    """Return the slice to read."""
    if len(size) not in (2, 3):
        raise InputError("an image must be two-dimensional", f"{len(size)} dimensions", file=name)
    check_size(size[1], size[0], name)
    n_slices = size[2] if len(size) == 3 else 1
    check_size(size[1], size[0] * n_slices, name)
    return pick_frame(n_slices, frame, name)
