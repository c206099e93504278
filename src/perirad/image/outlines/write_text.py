"""Outlines as LabelMe JSON, COCO JSON and CVAT XML: along the sides of the pixels, so that no pixel is lost."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from perirad.arrays import BoolArray, IntArray
from perirad.image.outlines.codes import pack, run_lengths
from perirad.image.outlines.records import Lesion, Shape, Target
from perirad.image.outlines.trace import trace

__all__ = ["write_coco", "write_coco_runs", "write_cvat", "write_labelme"]


def write_labelme(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write LabelMe JSON: a polygon for each part of a lesion, joined by `group_id`; a mask where there are holes."""
    rows, columns = _size(target)
    shapes = [shape for place, lesion in enumerate(lesions, 1) for shape in _labelme_shapes(place, lesion)]
    content: dict[str, Any] = {
        "version": "5.4.1",
        "flags": {},
        "shapes": shapes,
        "imagePath": target.name,
        "imageData": None,
        "imageHeight": rows,
        "imageWidth": columns,
    }
    _save(out, content)


def write_coco(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write COCO JSON: a polygon for each part of a lesion; packed run lengths where there are holes."""
    _save_coco(out, lesions, target, [_coco_polygons(lesion.mask) for lesion in lesions])


def write_coco_runs(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write COCO JSON: packed run lengths."""
    _save_coco(out, lesions, target, [_coco_runs(lesion.mask) for lesion in lesions])


def write_cvat(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write CVAT XML 1.1 for images: polygons, parts of a lesion joined by `group_id`; a mask where there are holes."""
    from xml.etree import ElementTree  # noqa: PLC0415

    rows, columns = _size(target)
    root = ElementTree.Element("annotations")
    ElementTree.SubElement(root, "version").text = "1.1"
    attributes = {"id": "0", "name": target.name, "width": str(columns), "height": str(rows)}
    image = ElementTree.SubElement(root, "image", attributes)
    for place, lesion in enumerate(lesions, 1):
        for tag, drawn in _cvat_shapes(lesion.mask):
            common = {
                "label": lesion.called(place),
                "source": "manual",
                "occluded": "0",
                "z_order": "0",
                "group_id": str(place),
            }
            ElementTree.SubElement(image, tag, common | drawn)
    ElementTree.indent(root)
    out.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _size(target: Target) -> Shape:
    return target.shape or (0, 0)


def _save(out: Path, content: dict[str, Any]) -> None:
    out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _columns_rows(ring: IntArray) -> list[list[int]]:
    return [[int(column), int(row)] for row, column in ring]


def _labelme_shapes(place: int, lesion: Lesion) -> list[dict[str, Any]]:
    outer, holes = trace(lesion.mask)
    common = {"label": lesion.called(place), "group_id": place, "description": "", "flags": {}}
    if not holes:
        return [common | {"shape_type": "polygon", "points": _columns_rows(ring), "mask": None} for ring in outer]
    top, left, bottom, right = _box(lesion.mask)
    points = [[left, top], [right - 1, bottom - 1]]
    packed = _png(lesion.mask[top:bottom, left:right])
    return [common | {"shape_type": "mask", "points": points, "mask": packed}]


def _png(mask: BoolArray) -> str:
    from PIL import Image as Pillow  # noqa: PLC0415

    stream = io.BytesIO()
    Pillow.fromarray(mask.astype(np.uint8) * np.uint8(255)).save(stream, format="PNG")
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _box(mask: BoolArray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _coco_polygons(mask: BoolArray) -> Any:
    outer, holes = trace(mask)
    return _coco_runs(mask) if holes else [ring[:, ::-1].ravel().tolist() for ring in outer]


def _coco_runs(mask: BoolArray) -> dict[str, Any]:
    return {"size": list(mask.shape), "counts": pack(run_lengths(mask, columns_first=True))}


def _save_coco(out: Path, lesions: Sequence[Lesion], target: Target, drawn: Sequence[Any]) -> None:
    rows, columns = _size(target)
    named = [lesion.called(place) for place, lesion in enumerate(lesions, 1)]
    names = sorted(set(named))
    annotations = []
    for place, (lesion, segmentation) in enumerate(zip(lesions, drawn, strict=True), 1):
        top, left, bottom, right = _box(lesion.mask)
        annotation = {
            "id": place,
            "image_id": 1,
            "category_id": names.index(named[place - 1]) + 1,
            "segmentation": segmentation,
            "area": lesion.n_pixels,
            "bbox": [left, top, right - left, bottom - top],
            "iscrowd": 0,
        }
        annotations.append(annotation)
    content = {
        "images": [{"id": 1, "file_name": target.name, "width": columns, "height": rows}],
        "annotations": annotations,
        "categories": [{"id": place, "name": name} for place, name in enumerate(names, 1)],
    }
    _save(out, content)


def _cvat_shapes(mask: BoolArray) -> list[tuple[str, dict[str, str]]]:
    outer, holes = trace(mask)
    if not holes:
        rings = (";".join(f"{column},{row}" for column, row in _columns_rows(ring)) for ring in outer)
        return [("polygon", {"points": points}) for points in rings]
    top, left, bottom, right = _box(mask)
    counts = run_lengths(mask[top:bottom, left:right], columns_first=False)
    place = {"top": str(top), "left": str(left), "height": str(bottom - top), "width": str(right - left)}
    return [("mask", {"rle": ", ".join(map(str, counts))} | place)]
