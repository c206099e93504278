"""DICOM RT Structure Set: contours in millimetres of the patient, brought back to the pixels of their image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.image.form import Form, damaged
from perirad.image.outlines.choose import is_asked_for
from perirad.image.outlines.plane import UNREADABLE, read_plane
from perirad.image.outlines.records import Lesion, Outlines, Shape, Target, check_count, fit
from perirad.image.polygon import rasterise

__all__ = ["read_rtstruct"]

_OFF_PLANE_MM = 0.5
"""Farther from the image plane than this, a contour was drawn on another one."""

_AREAS = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR")


@dataclass(frozen=True)
class _Place:
    """Where the image lies: as `plane.Plane`, with nothing missing."""

    shape: Shape
    identity: str
    origin: FloatArray
    axes: FloatArray
    spacing_mm: tuple[float, float]


def read_rtstruct(path: Path, target: Target, label: float | str | None) -> Outlines:
    """Read the structures of an RTSTRUCT file that were drawn on an image.

    Parameters
    ----------
    path : Path
        The file.
    target : Target
        The image; its file must be known, since contours are in patient coordinates.
    label : int or str or None
        What is asked for: contours that are no areas are refused, unless they belong to a structure of another name.

    Returns
    -------
    Outlines
        A lesion for each structure with contours on this image, named, numbered by ROI Number. Several contours of
        one structure are joined by the even-odd rule: one inside another is a hole.

    Raises
    ------
    InputError
        When the image's file is not known or does not say where it lies, or a contour lies off its plane, is no
        area, or reaches outside the picture.
    """
    place = _place(path, target)
    try:
        dataset = pydicom.dcmread(path, force=True)
        return _structures(dataset, place, target.frame, label, path.name)
    except InputError:
        raise
    except UNREADABLE as error:
        raise damaged(Form.RTSTRUCT, path.name, error) from error


def _place(path: Path, target: Target) -> _Place:
    if target.file is None:
        raise InputError("contours in patient coordinates need their DICOM image", "none", file=path.name)
    plane = read_plane(target.file)
    fit(plane.shape, target, target.file.name)
    if plane.origin is None or plane.axes is None or plane.spacing_mm is None:
        raise InputError(
            "image must say where it lies (Image Position, Image Orientation, Pixel Spacing)",
            "an image without a place in the patient, as ultrasound usually is",
            file=target.file.name,
            mend="export the outline as DICOM SEG or as a mask",
        )
    return _Place(plane.shape, plane.identity, plane.origin, plane.axes, plane.spacing_mm)


def _structures(dataset: Any, place: _Place, frame: int | None, label: float | str | None, file: str) -> Outlines:
    names = {int(one.ROINumber): str(one.get("ROIName", "")) for one in dataset.StructureSetROISequence}
    check_count(len(names), place.shape, file)
    lesions: list[Lesion] = []
    skipped: list[str] = []
    for structure in dataset.get("ROIContourSequence") or ():
        number = int(structure.ReferencedROINumber)
        name = names.get(number, "")
        contours = [one for one in structure.get("ContourSequence") or () if _of_image(one, place, frame)]
        kinds = {str(one.get("ContourGeometricType", "")) for one in contours}
        for kind in sorted(kinds.difference(_AREAS)):
            found = f"a contour of type {kind} in {name!r}"
            if is_asked_for(name, label):
                raise InputError("contours must be closed (CLOSED_PLANAR)", found, file=file)
            skipped.append(found)
        rings = [_ring(one, place, file) for one in contours if str(one.get("ContourGeometricType", "")) in _AREAS]
        if rings:
            lesions.append(Lesion(number, name, rasterise(rings, place.shape, file=file)))
    return Outlines(tuple(lesions), tuple(skipped))


def _of_image(contour: Any, place: _Place, frame: int | None) -> bool:
    """Whether a contour was drawn on this image: one that names no image may have been."""
    images = contour.get("ContourImageSequence") or ()
    if not images:
        return True
    mine = [one for one in images if str(one.get("ReferencedSOPInstanceUID", "")) == place.identity]
    frames = {int(number) for one in mine for number in _listed(one.get("ReferencedFrameNumber"))}
    return bool(mine) and (frame is None or not frames or frame + 1 in frames)


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple | pydicom.multival.MultiValue) else [value]


def _ring(contour: Any, place: _Place, file: str) -> FloatArray:
    """Return a contour as (row, column) of pixel centres."""
    numbers = np.array([float(value) for value in contour.ContourData])
    if numbers.size % 3 or not np.isfinite(numbers).all():
        raise InputError("contour data must be finite x, y, z", f"{numbers.size} numbers", file=file)
    away = numbers.reshape(-1, 3) - place.origin
    off = float(np.abs(away @ np.cross(place.axes[0], place.axes[1])).max(initial=0.0))
    if off > _OFF_PLANE_MM:
        found = f"one {off:.3g} mm off"
        raise InputError("contours must lie in the plane of their image", found, file=file, mend="give the other image")
    across, down = (away @ axis for axis in place.axes)
    return np.column_stack([down / place.spacing_mm[0], across / place.spacing_mm[1]])
