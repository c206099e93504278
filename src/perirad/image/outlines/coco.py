"""COCO JSON: many images, outlines as polygons or run lengths, counted from the corner of the first pixel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.outlines.choose import is_asked_for
from perirad.image.outlines.codes import spread, unpack
from perirad.image.outlines.records import Lesion, Outlines, Shape, Target, check_count, fit
from perirad.image.outlines.shapes import from_corner
from perirad.image.outlines.text import number, pick_name, size_of
from perirad.image.polygon import rasterise

__all__ = ["read_coco"]

_KEYS = ("images", "annotations", "categories")
_MOST_PARTS = 1000


def read_coco(content: dict[str, Any], path: Path, target: Target, label: float | str | None) -> Outlines:
    """Read the annotations of one image of a COCO file.

    Parameters
    ----------
    content : dict
        What the JSON file holds.
    path : Path
        The file, for messages.
    target : Target
        The image; found by its file name.
    label : int or str or None
        What is asked for: annotations without an outline are refused, unless they are of another category.

    Returns
    -------
    Outlines
        Each annotation is a lesion (groups marked `iscrowd` too), named by its category; numbers count them from 1.
        Several polygons of one annotation are its detached parts; COCO polygons have no holes, run lengths may.

    Raises
    ------
    InputError
        When the file is not as COCO describes, the image is not in it or of another size, or run lengths do not fit.
    """
    images, annotations, categories = (_records(content, key, path.name) for key in _KEYS)
    place = pick_name([str(one.get("file_name", "")) for one in images], target.name, path.name)
    image = images[place]
    shape = fit(size_of(image.get("height"), image.get("width"), path.name), target, path.name)
    names = {_key(one.get("id")): str(one.get("name", "")) for one in categories}
    identity = _key(image.get("id"))
    mine = [one for one in annotations if _key(one.get("image_id")) == identity]
    check_count(len(mine), shape, path.name)
    lesions: list[Lesion] = []
    skipped = []
    for one in mine:
        name = names.get(_key(one.get("category_id")), "")
        if one.get("segmentation"):
            lesions.append(Lesion(len(lesions) + 1, name, _mask(one["segmentation"], shape, path.name)))
            continue
        found = f"a box or points of category {name!r} without an outline"
        if is_asked_for(name, label):
            raise InputError("annotations must be polygons or run lengths", found, file=path.name)
        skipped.append(found)
    return Outlines(tuple(lesions), tuple(skipped))


def _records(content: dict[str, Any], key: str, file: str) -> list[dict[str, Any]]:
    found = content.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError(f"COCO {key} must be a list of records", type(found).__name__, file=file)
    return found


def _key(identity: object) -> str:
    """Identities are numbers, in some files text."""
    return str(identity)


def _mask(drawn: object, shape: Shape, file: str) -> BoolArray:
    if isinstance(drawn, dict):
        return _runs(drawn, shape, file)
    if not isinstance(drawn, list):
        raise InputError("a segmentation must be polygons or run lengths", type(drawn).__name__, file=file)
    if len(drawn) > _MOST_PARTS:
        raise InputError(f"an outline must have at most {_MOST_PARTS} parts", str(len(drawn)), file=file)
    mask = np.zeros(shape, dtype=np.bool_)
    for polygon in drawn:
        mask |= _polygon(polygon, shape, file)
    return mask


def _polygon(polygon: object, shape: Shape, file: str) -> BoolArray:
    if not isinstance(polygon, list) or len(polygon) % 2:
        raise InputError("a polygon must be a list x, y, x, y, ...", "another list", file=file)
    points = np.array([number(value, "COCO coordinates", file) for value in polygon]).reshape(-1, 2)
    return rasterise([from_corner(points)], shape, file=file)


def _runs(drawn: dict[str, Any], shape: Shape, file: str) -> BoolArray:
    size, counts = drawn.get("size"), drawn.get("counts")
    if not isinstance(size, list) or len(size) != 2:
        raise InputError("run lengths must come with size [rows, columns]", repr(size)[:40], file=file)
    if size_of(size[0], size[1], file) != shape:
        found = f"{size[0]} x {size[1]}"
        raise InputError(f"run lengths must be of the image's {shape[0]} x {shape[1]} pixels", found, file=file)
    if isinstance(counts, str):
        counts = unpack(counts, file)
    if not isinstance(counts, list):
        raise InputError("run lengths must be a list or a string", type(counts).__name__, file=file)
    return spread(counts, shape, columns_first=True, file=file)
