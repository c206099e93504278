"""Where a DICOM image lies: its size, its identity, and its plane in the patient."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.image.dicom import UNREADABLE_DICOM
from perirad.image.form import Form, damaged, form_of
from perirad.image.outlines.records import Shape

__all__ = ["UNREADABLE", "Plane", "plane_of", "read_plane"]

UNREADABLE = (*UNREADABLE_DICOM, RecursionError)
"""What pydicom raises on damaged files."""


@dataclass(frozen=True)
class Plane:
    """A DICOM image without its pixels.

    Parameters
    ----------
    shape : tuple of int
        (rows, columns).
    n_frames : int
        Number of frames.
    identity : str
        SOP Instance UID.
    origin : ndarray of shape (3,) or None
        Centre of the first pixel, mm in patient coordinates; None for images that do not say where they lie.
    axes : ndarray of shape (2, 3) or None
        Unit directions in which columns are counted, then rows.
    spacing_mm : tuple of float or None
        (row, column), from Pixel Spacing.
    """

    shape: Shape
    n_frames: int
    identity: str
    origin: FloatArray | None
    axes: FloatArray | None
    spacing_mm: tuple[float, float] | None


def read_plane(path: Path) -> Plane:
    """Read size, identity and plane of a DICOM image.

    Raises
    ------
    InputError
        When the file is no DICOM image, or damaged.
    """
    if form_of(path) is not Form.DICOM:
        raise InputError("outlines of DICOM need their DICOM image", f"{form_of(path).named} file", file=path.name)
    try:
        dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        shape = int(dataset.Rows), int(dataset.Columns)
        n_frames = int(dataset.get("NumberOfFrames") or 1)
        origin, axes, spacing = plane_of(dataset)
        return Plane(shape, n_frames, str(dataset.get("SOPInstanceUID", "")), origin, axes, spacing)
    except UNREADABLE as error:
        raise damaged(Form.DICOM, path.name, error) from error


def plane_of(dataset: Any) -> tuple[FloatArray | None, FloatArray | None, tuple[float, float] | None]:
    """Return origin, axes and spacing of a dataset or of an item that has them; None for each that is not there."""
    origin = _numbers(dataset.get("ImagePositionPatient"), 3)
    cosines = _numbers(dataset.get("ImageOrientationPatient"), 6)
    spacing = _numbers(dataset.get("PixelSpacing"), 2)
    axes = None if cosines is None else cosines.reshape(2, 3)
    if axes is not None and not np.allclose(axes @ axes.T, np.eye(2), atol=1e-3):
        raise ValueError("Image Orientation (Patient) has no unit directions at right angles")
    if spacing is not None and min(spacing) <= 0.0:
        raise ValueError("Pixel Spacing is not positive")
    return origin, axes, None if spacing is None else (float(spacing[0]), float(spacing[1]))


def _numbers(values: Any, count: int) -> FloatArray | None:
    if not values:
        return None
    numbers = np.array([float(value) for value in values])
    if numbers.shape != (count,) or not np.isfinite(numbers).all():
        raise ValueError(f"{count} finite numbers are expected, {len(numbers)} are there")
    return numbers
