"""Masks of outlined lesions: one clear yes or no per pixel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.form import Form, form_of
from perirad.image.image import Image
from perirad.image.raster import read_raster_marks

__all__ = ["read_mask"]

_MOST_LABELS = 8


def read_mask(path: Path | str, image: Image | tuple[int, int] | None, *, label: int | None = None) -> BoolArray:
    """Read the mask of a lesion: PNG, BMP, TIFF, NIfTI, NRRD or MHA.

    Parameters
    ----------
    path : Path or str
        The file. Any spacing in it is ignored: millimetres come from the image.
    image : Image or tuple of int or None
        The image it belongs to, or its (rows, columns); None leaves the size unchecked, for reading the outline that
        chooses the region of a DICOM image.
    label : int, optional
        Which label of a mask with several: the grey value, the palette index, or the segment number.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_columns)
        True in the lesion: every pixel that is not 0 (black), or that equals `label`.

    Raises
    ------
    InputError
        When the file is missing, damaged, JPEG or of another size than the image; when the mask is empty, covers the
        whole image, has NaN, several labels and none chosen, or grey in-between values.
    """
    path = Path(path)
    marks = _read_marks(path, form_of(path))
    if image is not None:
        _check_shape(marks.shape, image.shape if isinstance(image, Image) else image, path.name)
    mask = _marked(marks, label, path.name)
    if not mask.any():
        raise InputError("mask must mark a lesion", "no marked pixel", file=path.name, mend="outline the lesion again")
    if mask.all():
        raise InputError(
            "mask must leave tissue around the lesion",
            "every pixel marked",
            file=path.name,
            mend="save the lesion as white on black",
        )
    return mask


def _read_marks(path: Path, form: Form) -> NDArray[Any]:
    if form is Form.JPEG:
        raise InputError(
            "mask must keep its exact values",
            "a JPEG file, which blurs the outline",
            file=path.name,
            mend="save the mask as PNG from the program it was drawn in",
        )
    if form is Form.DICOM:
        raise InputError(
            "mask must be PNG, BMP, TIFF, NIfTI, NRRD or MHA",
            "a DICOM file",
            file=path.name,
            mend="export the outline as one of these",
        )
    if form.is_raster:
        return read_raster_marks(path, form)
    from perirad.image.volume import read_volume_marks  # noqa: PLC0415  (SimpleITK: longer to import than a mask to read)

    return read_volume_marks(path, form)


def _check_shape(found: tuple[int, ...], wanted: tuple[int, int], name: str) -> None:
    if found == wanted:
        return
    turned = found == wanted[::-1]
    raise InputError(
        "mask must have the size of its image",
        f"{found[0]} x {found[1]} for an image of {wanted[0]} x {wanted[1]} (rows x columns)",
        file=name,
        mend="rows and columns are exchanged, save it untransposed" if turned else "check that the two belong together",
    )


def _marked(marks: NDArray[Any], label: int | None, name: str) -> BoolArray:
    """Return which pixels are marked, by any label or by the one asked for."""
    if marks.dtype.kind == "f" and not np.isfinite(marks).all():
        count = int(np.count_nonzero(~np.isfinite(marks)))
        raise InputError("mask values must be finite", f"{count} NaN or infinite pixels", file=name)
    labels = _labels(marks)
    whole = all(float(value).is_integer() for value in labels)
    if len(labels) > 1 and not (whole and len(labels) <= _MOST_LABELS):
        raise InputError(
            "mask must be marked or not marked",
            f"{len(labels) + 1} grey values, as of a smoothed or compressed outline",
            file=name,
            mend="save the mask without smoothing, as a PNG of 0 and 255",
        )
    if label is not None:
        return _of_label(marks, label, labels, name)
    if len(labels) > 1:
        raise InputError(
            "mask must mark one lesion",
            f"labels {_list(labels)}",
            file=name,
            mend="say which is the lesion (a mask_label column, or label=)",
        )
    marked: BoolArray = marks != 0
    return marked


def _of_label(marks: NDArray[Any], label: int, labels: list[float], name: str) -> BoolArray:
    if label not in labels:
        found = f"labels {_list(labels)}" if labels else "no marked pixel"
        raise InputError(f"mask must hold label {label}", found, file=name, mend="name a label that is there")
    chosen: BoolArray = marks == label
    return chosen


def _labels(marks: NDArray[Any]) -> list[float]:
    """Return the values other than 0, in ascending order."""
    values = np.flatnonzero(np.bincount(marks.ravel())) if marks.dtype == np.uint8 else np.unique(marks)
    return [float(value) for value in values if value != 0]


def _list(labels: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in labels)
