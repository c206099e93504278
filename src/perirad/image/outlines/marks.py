"""Masks that are pictures: the lesions told apart by the values of their pixels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.image.form import Form
from perirad.image.outlines.records import Lesion, Outlines, Target, fit
from perirad.image.raster import read_raster_marks

__all__ = ["lesions_of", "read_raster_outlines"]

_MOST_LABELS = 8


def read_raster_outlines(path: Path, form: Form, target: Target) -> Outlines:
    """Read a PNG, BMP or TIFF mask: one lesion for each value other than 0 (grey, palette index, or luma).

    Transparency marks pixels where the colour is the same everywhere; where both differ they must mark the same pixels.

    Raises
    ------
    InputError
        When the file is JPEG, damaged, of another size than the image, marks pixels by colour and others by
        transparency, or has grey in-between values.
    """
    if form is Form.JPEG:
        raise InputError(
            "mask must keep its exact values",
            "a JPEG file, which blurs the outline",
            file=path.name,
            mend="save the mask as PNG from the program it was drawn in",
        )
    marks = read_raster_marks(path, form)
    _check_transparency(path, form)
    rows, columns = marks.shape
    fit((rows, columns), target, path.name)
    return Outlines(lesions_of(marks, {}, path.name))


def lesions_of(marks: NDArray[Any], names: Mapping[int, str], file: str) -> tuple[Lesion, ...]:
    """Return a lesion for each value of a mask other than 0, in ascending order.

    Parameters
    ----------
    marks : ndarray of shape (n_rows, n_columns)
        Values.
    names : mapping of int to str
        Names of values, where the file gives them; more values than eight are believed only of a file that does.
    file : str
        File name, for messages.

    Raises
    ------
    InputError
        When values are NaN, or so many or so broken that the outline was smoothed.
    """
    if marks.dtype.kind == "f" and not np.isfinite(marks).all():
        count = int(np.count_nonzero(~np.isfinite(marks)))
        raise InputError("mask values must be finite", f"{count} NaN or infinite pixels", file=file)
    values = _values(marks)
    whole = all(value.is_integer() for value in values)
    if len(values) > 1 and not (whole and len(values) <= max(_MOST_LABELS, len(names))):
        raise InputError(
            "mask must be marked or not marked",
            f"{len(values) + 1} grey values, as of a smoothed or compressed outline",
            file=file,
            mend="save the mask without smoothing, as a PNG of 0 and 255",
        )
    return tuple(Lesion(value, names.get(int(value), ""), marks == value) for value in values)


def _values(marks: NDArray[Any]) -> list[float]:
    """Return the values other than 0, in ascending order."""
    values = np.flatnonzero(np.bincount(marks.ravel())) if marks.dtype == np.uint8 else np.unique(marks)
    return [float(value) for value in values if value != 0]


def _check_transparency(path: Path, form: Form) -> None:
    """Refuse a mask whose colours and whose transparency tell of different lesions."""
    with Pillow.open(path, formats=[form.value]) as picture:
        if picture.mode not in ("RGBA", "LA", "PA"):
            return
        pixels = np.asarray(picture.convert("RGBA"))
    coloured, opacity = pixels[..., :3].any(axis=2), pixels[..., 3]
    both_vary = coloured.any() and not coloured.all() and (opacity != opacity[0, 0]).any()
    if not both_vary:
        return
    differing = int(np.count_nonzero(coloured != (opacity > 0)))
    if differing or len(np.unique(opacity)) > _MOST_LABELS:
        raise InputError(
            "mask must be marked by colour or by transparency",
            f"{differing} pixels marked by one and not by the other" if differing else "a blurred transparency",
            file=path.name,
            mend="save the mask as white on opaque black",
        )
