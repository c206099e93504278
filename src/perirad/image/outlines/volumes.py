"""NIfTI, NRRD and MHA masks: Slicer's named segments, MITK's named labels, or plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.form import Form
from perirad.image.outlines.grid import Grid, read_grid
from perirad.image.outlines.marks import lesions_of
from perirad.image.outlines.place import check_spacing, place, turn
from perirad.image.outlines.records import Lesion, Outlines, Shape, Target, check_count, fit

__all__ = ["read_volume_outlines"]

_MITK_GROUPS = "org.mitk.multilabel.segmentation.labelgroups"


@dataclass(frozen=True)
class _Segment:
    """A lesion's number and name, and the layer and value that mark its pixels."""

    number: int
    name: str
    layer: int
    value: int


def read_volume_outlines(path: Path, form: Form, target: Target) -> Outlines:
    """Read the lesions of a NIfTI, NRRD or MHA mask.

    Parameters
    ----------
    path : Path
        The file.
    form : Form
        Its format.
    target : Target
        The image.

    Returns
    -------
    Outlines
        Of Slicer's `.seg.nrrd` a lesion for each segment, named, numbered by its label value, or by its place in the
        file from 1 where layers repeat values; of MITK's NRRD a lesion for each label, named, numbered by its value;
        else a lesion for each value. Segments without a pixel on this slice are left out.

    Raises
    ------
    InputError
        When the file is damaged, of another size, spacing or direction than its image, or its header contradicts
        itself.
    """
    grid = read_grid(path, form, target.frame)
    values = place(grid, target.shape, path.name)
    rows, columns = values.shape[1:]
    fit((rows, columns), target, path.name)
    check_spacing(grid.header, target, path.name)
    values = turn(values, grid.header, target, path.name)
    segments = _slicer_segments(grid, path.name) or _mitk_labels(grid, path.name)
    if not segments:
        if len(values) > 1:
            raise InputError("layers must be named in the header", f"{len(values)} without names", file=path.name)
        return Outlines(lesions_of(values[0], {}, path.name))
    _check_values(values, segments, path.name)
    lesions = [Lesion(one.number, one.name, values[one.layer] == one.value) for one in segments]
    return Outlines(tuple(lesion for lesion in lesions if lesion.n_pixels))


def _slicer_segments(grid: Grid, file: str) -> list[_Segment]:
    fields = grid.header.fields
    segments: list[_Segment] = []
    while any(f"Segment{len(segments)}_{key}" in fields for key in ("ID", "Name", "LabelValue")):
        prefix = f"Segment{len(segments)}_"
        name = fields.get(f"{prefix}Name") or fields.get(f"{prefix}ID", "")
        # Slicer up to 4.10 wrote a layer for each segment and did not say so.
        usual = str(len(segments)) if len(grid.values) > 1 else "0"
        layer = _whole(fields.get(f"{prefix}Layer", usual), f"{prefix}Layer", file)
        value = _whole(fields.get(f"{prefix}LabelValue", "1"), f"{prefix}LabelValue", file)
        segments.append(_Segment(len(segments) + 1, name, layer, value))
        check_count(len(segments), _shape(grid), file)
    if len({one.value for one in segments}) < len(segments):
        return segments
    return [replace(one, number=one.value) for one in segments]


def _mitk_labels(grid: Grid, file: str) -> list[_Segment]:
    text = grid.header.fields.get(_MITK_GROUPS)
    if text is None:
        return []
    try:
        groups = json.loads(text)
        found = [
            _Segment(int(label["value"]), str(label.get("name", "")), layer, int(label["value"]))
            for layer, group in enumerate(groups)
            for label in group.get("labels") or ()
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise InputError("MITK's label groups must be as MITK writes them", "another text", file=file) from error
    check_count(len(found), _shape(grid), file)
    return found


def _shape(grid: Grid) -> Shape:
    _, rows, columns = grid.values.shape
    return rows, columns


def _whole(text: str, what: str, file: str) -> int:
    if not text.strip().isdecimal() or len(text) > 9:
        raise InputError(f"{what} must be a whole number, 0 or more", repr(text)[:40], file=file)
    return int(text)


def _check_values(values: NDArray[Any], segments: list[_Segment], file: str) -> None:
    """Refuse marked pixels that belong to no segment of the header, and segments that share a value."""
    places = [(one.layer, one.value) for one in segments]
    if len(set(places)) < len(places) or any(one.value == 0 for one in segments):
        raise InputError("each segment must have a value of its own", f"layers and values {places}"[:80], file=file)
    if any(one.layer >= len(values) for one in segments):
        raise InputError(f"layers must be 0 to {len(values) - 1}", f"{max(one.layer for one in segments)}", file=file)
    for layer, stored in enumerate(values):
        known = [0, *(one.value for one in segments if one.layer == layer)]
        strange = int(np.count_nonzero(~np.isin(stored, known)))
        if strange:
            found = f"{strange} pixels of other values"
            raise InputError(f"values of layer {layer} must be those of its segments", found, file=file)
