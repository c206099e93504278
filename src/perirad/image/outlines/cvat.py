"""CVAT XML 1.1 for images and for video: many images, counted from the corner of the first pixel."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.outlines.choose import is_asked_for
from perirad.image.outlines.codes import spread
from perirad.image.outlines.records import Lesion, Outlines, Shape, Target, check_count, fit
from perirad.image.outlines.shapes import CORNER, box, ellipse, from_corner
from perirad.image.outlines.text import pick_name
from perirad.image.polygon import rasterise

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["read_cvat"]

_AREAS = ("polygon", "box", "ellipse", "mask")
_NOT_DRAWN = ("tag", "attribute")


def read_cvat(root: Element, path: Path, target: Target, label: float | str | None) -> Outlines:
    """Read the shapes of one image, or of one frame of a video, of a CVAT file: polygon, box, ellipse and mask.

    Parameters
    ----------
    root : Element
        What the XML file holds.
    path : Path
        The file, for messages.
    target : Target
        The image, found by its file name; in a file of tracks the frame counts.
    label : int or str or None
        What is asked for: shapes that are no areas are refused, unless they bear another label.

    Returns
    -------
    Outlines
        Shapes with the same label and the same `group_id` are one lesion (all of their pixels); numbers count the
        lesions from 1.

    Raises
    ------
    InputError
        When the file is not as CVAT writes it, the image or frame is not in it or of another size, or a shape is no
        area.
    """
    if root.tag != "annotations":
        raise InputError("XML must be CVAT's, with annotations", f"<{root.tag}>"[:40], file=path.name)
    images = root.findall("image")
    if images:
        image = images[pick_name([one.get("name", "") for one in images], target.name, path.name)]
        shape, shapes = _picture(image.get("height"), image.get("width"), target, path.name), list(image)
        drawn = [(one.get("label", ""), one) for one in shapes if one.tag not in _NOT_DRAWN]
    else:
        size = root.find(".//original_size")
        rows, columns = (None, None) if size is None else (size.findtext("height"), size.findtext("width"))
        shape, drawn = _picture(rows, columns, target, path.name), list(_on_frame(root, target.frame, path.name))
    return _collect(drawn, shape, label, path.name)


def _picture(rows: str | None, columns: str | None, target: Target, file: str) -> Shape:
    if rows is None and columns is None and target.shape is not None:
        return target.shape
    height, width = _number(rows, "image height", file), _number(columns, "image width", file)
    if not (height.is_integer() and width.is_integer()):
        raise InputError("image size must be whole numbers", f"{height:g} x {width:g}", file=file)
    return fit((int(height), int(width)), target, file)


def _on_frame(root: Element, frame: int | None, file: str) -> Iterator[tuple[str, Element]]:
    tracks = root.findall("track")
    frames = {one.get("frame") for track in tracks for one in track if one.get("outside") != "1"}
    if frame is None and len(frames) > 1:
        raise InputError("one frame must be chosen", f"outlines on {len(frames)} frames", file=file)
    wanted = str(frame) if frame is not None else next(iter(frames), None)
    for track in tracks:
        for one in track:
            if one.get("frame") == wanted and one.get("outside") != "1" and one.tag not in _NOT_DRAWN:
                yield track.get("label", ""), one


def _collect(drawn: list[tuple[str, Element]], shape: Shape, label: float | str | None, file: str) -> Outlines:
    check_count(len(drawn), shape, file)
    masks: dict[tuple[str, str], BoolArray] = {}
    skipped = []
    for place, (name, one) in enumerate(drawn):
        if one.tag not in _AREAS:
            found = f"a {one.tag} named {name!r}"
            if is_asked_for(name, label):
                mend = "outline it as a polygon"
                raise InputError(f"outlines must be {', '.join(_AREAS)}", found[:80], file=file, mend=mend)
            skipped.append(found)
            continue
        group = one.get("group_id")
        key = name, f"shape {place}" if group in (None, "", "0") else f"group {group}"
        mask = _mask(one, shape, file)
        masks[key] = masks[key] | mask if key in masks else mask
    lesions = [Lesion(place, name, mask) for place, ((name, _), mask) in enumerate(masks.items(), 1)]
    return Outlines(tuple(lesions), tuple(skipped))


def _mask(one: Element, shape: Shape, file: str) -> BoolArray:
    if one.tag == "polygon":
        return rasterise([from_corner(_points(one.get("points", ""), file))], shape, file=file)
    if one.tag == "mask":
        return _runs(one, shape, file)
    degrees = _number(one.get("rotation", "0"), "rotation", file)
    if one.tag == "box":
        top, left, bottom, right = (_attribute(one, key, file) - CORNER for key in ("ytl", "xtl", "ybr", "xbr"))
        return box(np.array([top, left]), np.array([bottom, right]), shape, degrees=degrees, file=file)
    centre = np.array([_attribute(one, "cy", file), _attribute(one, "cx", file)]) - CORNER
    radii = np.array([_attribute(one, "ry", file), _attribute(one, "rx", file)])
    return ellipse(centre, radii, shape, degrees=degrees, file=file)


def _points(text: str, file: str) -> FloatArray:
    pairs = [pair.split(",") for pair in text.split(";")]
    if any(len(pair) != 2 for pair in pairs):
        raise InputError("CVAT points must be x,y;x,y;...", repr(text)[:40], file=file)
    return np.array([[_number(value, "CVAT points", file) for value in pair] for pair in pairs])


def _runs(one: Element, shape: Shape, file: str) -> BoolArray:
    top, left, height, width = (_place(one, key, file) for key in ("top", "left", "height", "width"))
    if min(top, left) < 0 or min(height, width) < 1 or top + height > shape[0] or left + width > shape[1]:
        found = f"{height} x {width} at row {top}, column {left}"
        raise InputError("a mask must lie inside the picture (rows x columns)", found, file=file)
    texts = [text.strip() for text in one.get("rle", "").split(",")]
    if not all(text.isdecimal() and len(text) <= 10 for text in texts):
        raise InputError("run lengths must be whole numbers, 0 or more", "others", file=file)
    mask = np.zeros(shape, dtype=np.bool_)
    counts = [int(text) for text in texts]
    mask[top : top + height, left : left + width] = spread(counts, (height, width), columns_first=False, file=file)
    return mask


def _place(one: Element, key: str, file: str) -> int:
    value = _attribute(one, key, file)
    if not value.is_integer():
        raise InputError(f"{key} of a mask must be a whole number", f"{value:g}", file=file)
    return int(value)


def _attribute(one: Element, key: str, file: str) -> float:
    return _number(one.get(key), f"{key} of a {one.tag}", file)


def _number(text: str | None, what: str, file: str) -> float:
    try:
        value = math.nan if text is None else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{what} must be a finite number", repr(text)[:40], file=file)
    return value
