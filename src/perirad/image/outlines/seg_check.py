"""Which frames of a DICOM Segmentation belong to an image, and whether they lie on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from perirad.errors import InputError
from perirad.image.outlines.plane import Plane, plane_of

__all__ = ["check_geometry", "frames_of_image"]

_SPACING_TOLERANCE = 0.01
_PLACE_PX = 0.5
"""How far, in pixels, the first pixel of a segmentation may lie from the image's."""


def frames_of_image(
    dataset: Any, n_frames: int, plane: Plane | None, frame: int | None, file: str
) -> list[tuple[int, int]]:
    """Return (index of the frame, segment number) of each frame that was drawn on the image.

    Frames that name their source image decide by it; frames that name none belong to the image where the whole file
    refers to no other.

    Raises
    ------
    InputError
        When no frame belongs to the image.
    """
    groups = list(dataset.get("PerFrameFunctionalGroupsSequence") or ())
    shared = next(iter(dataset.get("SharedFunctionalGroupsSequence") or ()), None)
    if len(groups) != n_frames:
        raise InputError("each frame must have its functional groups", f"{len(groups)} of {n_frames}", file=file)
    kept = [
        (index, _segment(group, shared))
        for index, group in enumerate(groups)
        if _of_image(group, dataset, plane, frame)
    ]
    if not kept:
        which = "the image" if frame is None else f"frame {frame} of the image"
        found = "frames of other images"
        raise InputError(f"segmentation must be of {which}", found, file=file, mend="give the image it was drawn on")
    return kept


def check_geometry(
    dataset: Any, frames: list[tuple[int, int]], plane: Plane, spacing_mm: tuple[float, float] | None, file: str
) -> None:
    """Refuse frames whose spacing, directions or place are not the image's, as far as both say them.

    Raises
    ------
    InputError
        When the spacing differs by more than 1 %, or the first pixel lies more than half a pixel off.
    """
    for index, _ in frames:
        origin, axes, spacing = _plane(dataset, index)
        known = plane.spacing_mm or spacing_mm
        if (
            spacing is not None
            and known is not None
            and not np.allclose(spacing, known, rtol=_SPACING_TOLERANCE, atol=0)
        ):
            found = f"{spacing[0]:.4g} x {spacing[1]:.4g}"
            expected = f"segmentation must have the spacing of its image, {known[0]:.4g} x {known[1]:.4g} mm"
            raise InputError(expected, found, file=file, mend="check that the two belong together")
        if axes is not None and plane.axes is not None and not np.allclose(axes, plane.axes, atol=0.01):
            raise InputError("segmentation must have the directions of its image", "others", file=file)
        if origin is None or plane.origin is None or plane.spacing_mm is None:
            continue
        off = float(np.linalg.norm(origin - plane.origin))
        if off > _PLACE_PX * min(plane.spacing_mm):
            found = f"a first pixel {off:.3g} mm off"
            raise InputError("segmentation must lie on its image", found, file=file, mend="resample it onto the image")


def _segment(group: Any, shared: Any) -> int:
    for holder in (group, shared):
        items = [] if holder is None else holder.get("SegmentIdentificationSequence") or ()
        for item in items:
            return int(item.ReferencedSegmentNumber)
    return 0


def _of_image(group: Any, dataset: Any, plane: Plane | None, frame: int | None) -> bool:
    """Whether a frame was drawn on the image; of an image that is no DICOM file any may be, if the frame is right."""
    sources = [
        source
        for derivation in group.get("DerivationImageSequence") or ()
        for source in derivation.get("SourceImageSequence") or ()
    ]
    if not sources:
        referred = _referred(dataset)
        return plane is None or not referred or referred == {plane.identity}
    mine = [one for one in sources if plane is None or str(one.get("ReferencedSOPInstanceUID", "")) == plane.identity]
    numbers = {number for one in mine for number in _numbers(one.get("ReferencedFrameNumber"))}
    return bool(mine) and (frame is None or not numbers or frame + 1 in numbers)


def _referred(dataset: Any) -> set[str]:
    return {
        str(instance.get("ReferencedSOPInstanceUID", ""))
        for series in dataset.get("ReferencedSeriesSequence") or ()
        for instance in series.get("ReferencedInstanceSequence") or ()
    }


def _numbers(value: Any) -> list[int]:
    if value is None or value == "":
        return []
    return [int(number) for number in value] if hasattr(value, "__iter__") else [int(value)]


def _plane(dataset: Any, index: int) -> Any:
    """Origin, axes and spacing of a frame, each from the frame's own groups or from the shared ones."""
    shared = next(iter(dataset.get("SharedFunctionalGroupsSequence") or ()), None)
    holders = [holder for holder in (dataset.PerFrameFunctionalGroupsSequence[index], shared) if holder is not None]
    keys = ("PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence")
    return tuple(_first(holders, key)[place] for place, key in enumerate(keys))


def _first(holders: list[Any], key: str) -> Any:
    for holder in holders:
        for item in holder.get(key) or ():
            return plane_of(item)
    return None, None, None
