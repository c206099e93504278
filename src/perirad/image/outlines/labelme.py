"""LabelMe JSON: one image, shapes in columns and rows counted from the corner of its first pixel."""

from __future__ import annotations

import base64
import binascii
import io
from pathlib import Path
from typing import Any

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.outlines.choose import is_asked_for
from perirad.image.outlines.records import Lesion, Outlines, Shape, Target, check_count, fit
from perirad.image.outlines.shapes import box, ellipse, from_corner
from perirad.image.outlines.text import number, pairs, size_of
from perirad.image.polygon import rasterise

__all__ = ["read_labelme"]

_AREAS = ("polygon", "rectangle", "circle", "mask")


def read_labelme(content: dict[str, Any], path: Path, target: Target, label: float | str | None) -> Outlines:
    """Read the shapes of a LabelMe file: polygon, rectangle, circle and mask.

    Parameters
    ----------
    content : dict
        What the JSON file holds.
    path : Path
        The file, for messages; the image named in it is not opened.
    target : Target
        The image.
    label : int or str or None
        What is asked for: shapes that are no areas are refused, unless they bear another name.

    Returns
    -------
    Outlines
        Shapes with the same label and the same `group_id` are one lesion (all of their pixels); numbers count the
        lesions from 1.

    Raises
    ------
    InputError
        When the file is not as LabelMe writes it, has the size of another image, or has shapes that are no areas.
    """
    shapes = content.get("shapes")
    if not isinstance(shapes, list) or not all(isinstance(one, dict) for one in shapes):
        raise InputError("LabelMe JSON must hold a list of shapes", type(shapes).__name__, file=path.name)
    shape = _picture(content, target, path.name)
    check_count(len(shapes), shape, path.name)
    masks: dict[tuple[str, object], BoolArray] = {}
    skipped = []
    for place, one in enumerate(shapes):
        name = str(one.get("label", ""))
        kind = one.get("shape_type") or "polygon"
        if kind not in _AREAS:
            _refuse(kind, name, label, path.name)
            skipped.append(f"a {kind} named {name!r}")
            continue
        group = one.get("group_id")
        key = name, f"shape {place}" if group is None else repr(group)
        mask = _mask(kind, one, shape, path.name)
        masks[key] = masks[key] | mask if key in masks else mask
    lesions = [Lesion(place, name, mask) for place, ((name, _), mask) in enumerate(masks.items(), 1)]
    return Outlines(tuple(lesions), tuple(skipped))


def _picture(content: dict[str, Any], target: Target, file: str) -> Shape:
    rows, columns = content.get("imageHeight"), content.get("imageWidth")
    if rows is None and columns is None and target.shape is not None:
        return target.shape
    return fit(size_of(rows, columns, file), target, file)


def _refuse(kind: object, name: str, label: float | str | None, file: str) -> None:
    if is_asked_for(name, label):
        found = f"a {kind} named {name!r}"
        raise InputError(f"outlines must be {', '.join(_AREAS)}", found, file=file, mend="outline it as a polygon")


def _mask(kind: str, one: dict[str, Any], shape: Shape, file: str) -> BoolArray:
    points = pairs(one.get("points"), "LabelMe points", file)
    if kind == "polygon":
        return rasterise([from_corner(points)], shape, file=file)
    if len(points) != 2:
        raise InputError(f"a {kind} must have two points", str(len(points)), file=file)
    if kind == "mask":
        return _picture_mask(points, one.get("mask"), shape, file)
    first, second = from_corner(points)
    if kind == "rectangle":
        return box(first, second, shape, file=file)
    radius = number(float(np.hypot(*(second - first))), "circle radius", file)
    return ellipse(first, np.array([radius, radius]), shape, file=file)


def _picture_mask(points: np.ndarray[Any, Any], packed: object, shape: Shape, file: str) -> BoolArray:
    """Return the pixels of a small picture whose first pixel is the first point and last pixel the second one."""
    small = _unpacked(packed, file)
    (left, top), (right, bottom) = np.rint(points)
    size = bottom - top + 1, right - left + 1
    if size != small.shape:
        found = f"{small.shape[0]} x {small.shape[1]} between points {size[0]:g} x {size[1]:g} apart"
        raise InputError("a mask must fill the box of its points (rows x columns)", found, file=file)
    if top < 0 or left < 0 or bottom >= shape[0] or right >= shape[1]:
        raise InputError(
            "a mask must lie inside the picture", f"rows {top:g}-{bottom:g}, columns {left:g}-{right:g}", file=file
        )
    mask = np.zeros(shape, dtype=np.bool_)
    mask[int(top) : int(bottom) + 1, int(left) : int(right) + 1] = small
    return mask


def _unpacked(packed: object, file: str) -> BoolArray:
    from PIL import Image as Pillow  # noqa: PLC0415

    from perirad.image.form import Form, check_size, damaged  # noqa: PLC0415

    if not isinstance(packed, str):
        raise InputError("a mask must be a packed picture", type(packed).__name__, file=file)
    try:
        content = base64.b64decode(packed, validate=True)
        with Pillow.open(io.BytesIO(content), formats=["PNG"]) as picture:
            check_size(picture.height, picture.width, file)
            values = np.asarray(picture)
    except InputError:
        raise
    except (binascii.Error, OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise damaged(Form.PNG, file, error) from error
    if values.ndim != 2:
        raise InputError("a mask must be one grey picture", f"{values.ndim} dimensions", file=file)
    marked: BoolArray = values != 0
    return marked
