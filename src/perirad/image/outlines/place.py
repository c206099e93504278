"""Whether a NIfTI, NRRD or MHA mask lies on its image: spacing of the headers, directions, part of a larger picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.form import Form, form_of
from perirad.image.outlines.grid import OFFSET, Grid, Header, read_header
from perirad.image.outlines.records import Shape, Target

__all__ = ["check_spacing", "place", "turn"]

_SPACING_TOLERANCE = 0.01
_DIRECTION_TOLERANCE = 0.01


def check_spacing(header: Header, target: Target, file: str) -> None:
    """Refuse a mask whose header has other millimetres than its image: it was drawn on another export.

    A header of exactly 1 x 1 is not believed, since programs write it when they do not know. The mask may agree with
    the image's measured spacing, or with what the image file's own header would tell a program (its print density,
    say), which then is where the mask has it from.

    Raises
    ------
    InputError
        When it agrees with neither, by more than 1 %.
    """
    mask_mm = header.spacing_mm
    if target.spacing_mm is None or mask_mm == (1.0, 1.0) or _agree(mask_mm, target.spacing_mm):
        return
    if target.file is not None and _agree(mask_mm, _header_spacing(target.file)):
        return
    raise InputError(
        f"mask must have the pixel spacing of its image, {_text(target.spacing_mm)}",
        f"{_text(mask_mm)}, as of a mask drawn on another export",
        file=file,
        mend="check that the two belong together, or save the mask as PNG",
    )


def turn(values: NDArray[Any], header: Header, target: Target, file: str) -> NDArray[Any]:
    """Return layers of values in the order in which the image file stores its pixels.

    Masks of NIfTI, NRRD and MHA images are mirrored where their axes run against the image's. An image without
    directions (PNG, DICOM ultrasound) and an image whose file is not known take the mask in its stored order.

    Raises
    ------
    InputError
        When the axes are exchanged, or turned by something else than a mirror.
    """
    own = _volume_header(target.file)
    if own is None:
        return values
    relative = own.axes @ header.axes.T
    if np.allclose(np.abs(relative), np.eye(2), atol=_DIRECTION_TOLERANCE):
        across, down = (-1 if relative[axis, axis] < 0.0 else 1 for axis in (0, 1))
        return values[:, ::down, ::across]
    exchanged = np.allclose(np.abs(relative), 1.0 - np.eye(2), atol=_DIRECTION_TOLERANCE)
    raise InputError(
        "mask must have the directions of its image",
        "rows and columns exchanged" if exchanged else "a plane turned against it",
        file=file,
        mend="save the mask on the image itself",
    )


def place(grid: Grid, shape: Shape | None, file: str) -> NDArray[Any]:
    """Return layers of values on the whole picture, when the file holds a part of it at a stated offset.

    Raises
    ------
    InputError
        When the offset is no whole number, or marked pixels lie outside the picture.
    """
    text = grid.header.fields.get(OFFSET, "").split()
    if not text:
        return grid.values
    if len(text) != 3 or not all(part.lstrip("-").isdecimal() and len(part) < 10 for part in text):
        raise InputError("offset of the segmentation must be three whole numbers", " ".join(text)[:40], file=file)
    left, top = int(text[0]), int(text[1])
    n_layers, height, width = grid.values.shape
    # Without a shift, another size means another image, not a part of it.
    if (top, left) == (0, 0):
        return grid.values
    rows, columns = shape or (max(top, 0) + height, max(left, 0) + width)
    whole = np.zeros((n_layers, rows, columns), dtype=grid.values.dtype)
    rows_there, columns_there = _overlap(top, height, rows), _overlap(left, width, columns)
    part = grid.values[:, rows_there[1], columns_there[1]]
    missed = int(np.count_nonzero(grid.values) - np.count_nonzero(part))
    if missed:
        found = f"{missed} marked pixels outside (size {height} x {width} at row {top}, column {left})"
        raise InputError(f"segmentation must lie inside its image of {rows} x {columns}", found, file=file)
    whole[:, rows_there[0], columns_there[0]] = part
    return whole


def _overlap(start: int, length: int, whole: int) -> tuple[slice, slice]:
    """Which part of the picture, and of the piece, lies in both."""
    first, last = max(start, 0), max(min(start + length, whole), start, 0)
    return slice(first, last), slice(first - start, last - start)


def _agree(one: tuple[float, float], other: tuple[float, float] | None) -> bool:
    if other is None:
        return False
    return all(abs(a - b) <= _SPACING_TOLERANCE * b for a, b in zip(one, other, strict=True))


def _header_spacing(file: Path) -> tuple[float, float] | None:
    try:
        return read_header(file, None).spacing_mm
    except InputError:
        return None


def _volume_header(file: Path | None) -> Header | None:
    if file is None:
        return None
    form = form_of(file)
    return read_header(file, form) if form in (Form.NIFTI, Form.NRRD, Form.META) else None


def _text(spacing_mm: tuple[float, float]) -> str:
    return f"{spacing_mm[0]:.4g} x {spacing_mm[1]:.4g} mm (row, column)"
