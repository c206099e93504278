"""Files from strangers: one line of words, never a traceback, never a full memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.image.outline_shapes import SHAPE, SHAPES
from tests.image.test_outlines_text import coco, cvat, labelme, shape

from perirad.errors import InputError
from perirad.image.form import Form, form_of, outline_form_of
from perirad.image.roi import read_mask

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]><annotations>&lol9;</annotations>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotations><image name="&x;"/></annotations>'
DEEP = 100_000


def refused(path: Path, words: str, **choices: Any) -> None:
    with pytest.raises(InputError, match=words):
        read_mask(path, SHAPE, **choices)


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, "<!DOCTYPE annotations><annotations/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused_analytic(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "m.xml").write_bytes(text.encode(encoding))
    refused(tmp_path / "m.xml", "XML must be free of a document type")


def test_deep_nesting_is_refused_analytic(tmp_path: Path) -> None:
    for text in ("[" * DEEP + "]" * DEEP, '{"shapes":' * DEEP + "1" + "}" * DEEP):
        (tmp_path / "m.json").write_text(text)
        refused(tmp_path / "m.json", "JSON must be nested as outlines are, got far deeper")
    (tmp_path / "m.xml").write_text("<annotations>" * DEEP + "</annotations>" * DEEP)
    refused(tmp_path / "m.xml", "XML must be nested as outlines are, got far deeper")


@pytest.mark.parametrize("value", [2**31, -(2**31), 1e300, 10**400])
def test_far_coordinates_are_refused_analytic(tmp_path: Path, value: float) -> None:
    points: list[list[float]] = [[1, 1], [value, 1], [1, 20]]
    flat = [number for point in points for number in point]
    words = "outline must lie inside the picture|must be a finite number"
    refused(labelme(tmp_path / "l.json", shape(points)), words)
    path = coco(tmp_path / "c.json", {"image_id": 1, "category_id": 7, "segmentation": [flat]})
    refused(path, words, image_name="case1.png")
    text = ";".join(f"{x},{y}" for x, y in points)
    refused(cvat(tmp_path / "m.xml", f'<polygon label="t" points="{text}"/>'), words)
    refused(labelme(tmp_path / "l.json", shape([[10, 10], [value, 10]], "circle")), words)
    refused(labelme(tmp_path / "l.json", shape([[10, 10], [value, 10]], "rectangle")), words)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", '"5"', "null", "true", "[]", "{}"])
def test_numbers_must_be_numbers_analytic(tmp_path: Path, value: str) -> None:
    path = labelme(tmp_path / "l.json", shape([[1, 1], ["@", 1], [1, 20]]))
    path.write_text(path.read_text().replace('"@"', value))
    refused(path, "must be a number|must be finite|must be a finite number")
    path = coco(tmp_path / "c.json", {"image_id": 1, "category_id": 7, "segmentation": [[1, 1, "@", 1, 1, 20]]})
    path.write_text(path.read_text().replace('"@"', value))
    refused(path, "must be a number|must be finite|must be a finite number", image_name="case1.png")
    text = value.strip('"[]{}') or "x"
    if text != "5":
        path = cvat(tmp_path / "m.xml", f'<polygon label="t" points="1,1;{text},1;1,20"/>')
        refused(path, "CVAT points must be a finite number")


@pytest.mark.parametrize(
    "counts",
    [
        [10, 2**40],
        [-5, 845],
        [900],
        [1, 1],
        [840.0],
        ["840"],
        [True] * 840,
        "~~~",
        "o",
        "oooooooooooooooo0",
        "5é",
        "",
        None,
        {},
    ],
)
def test_runs_must_fit_analytic(tmp_path: Path, counts: Any) -> None:
    drawn = {"size": list(SHAPE), "counts": counts}
    path = coco(tmp_path / "c.json", {"image_id": 1, "category_id": 7, "segmentation": drawn})
    refused(path, "run lengths must|packed run lengths must", image_name="case1.png")


@pytest.mark.parametrize("size", [[2**31, 2**31], [35, 24], [24], "24", None, [24.5, 35], ["24", "35"], [0, 0]])
def test_sizes_of_runs_must_be_the_images_analytic(tmp_path: Path, size: Any) -> None:
    drawn = {"size": size, "counts": [840]}
    path = coco(tmp_path / "c.json", {"image_id": 1, "category_id": 7, "segmentation": drawn})
    refused(path, "run lengths must|image height must", image_name="case1.png")


@pytest.mark.parametrize(
    "attributes",
    [
        'rle="10" left="0" top="0" width="99999999" height="99999999"',
        'rle="-1, 11" left="0" top="0" width="5" height="2"',
        'rle="11" left="0" top="0" width="5" height="2"',
        'rle="10" left="-1" top="0" width="5" height="2"',
        'rle="10" left="0" top="0" width="5" height="0"',
        'rle="10" left="0.5" top="0" width="5" height="2"',
        'rle="ten" left="0" top="0" width="5" height="2"',
        'left="0" top="0" width="5" height="2"',
        'rle="10" top="0" width="5" height="2"',
    ],
)
def test_cvat_runs_must_fit_analytic(tmp_path: Path, attributes: str) -> None:
    path = cvat(tmp_path / "m.xml", f'<mask label="t" {attributes}/>')
    refused(path, "run lengths must|must lie inside the picture|must be a whole number|must be a finite number")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"shapes": 5}, "LabelMe JSON must hold a list of shapes"),
        ({"shapes": [5]}, "LabelMe JSON must hold a list of shapes"),
        ({"shapes": [{}]}, "LabelMe points must be a list of pairs"),
        ({"shapes": [], "imageHeight": 2**31, "imageWidth": 2**31}, "at most 64 million pixels"),
        ({"shapes": [], "imageHeight": "24", "imageWidth": 35}, "image height must be a number"),
        ({"shapes": [], "imageHeight": -24, "imageWidth": 35}, "a picture must have rows and columns"),
        ({"shapes": [{"label": "a", "points": [], "shape_type": ["x"]}] * 1000}, "at most 256 outlines, got 1000"),
        (
            {"images": [{"id": 1, "height": 24, "width": 35}], "annotations": [{"image_id": 1}] * 300},
            "at most 256 outlines, got 300",
        ),
        (
            {
                "images": [{"id": 1, "height": 24, "width": 35}],
                "annotations": [{"image_id": 1, "segmentation": [[1, 1, 5, 1, 1, 5]] * 1001}],
            },
            "at most 1000 parts, got 1001",
        ),
        ({"images": 5, "annotations": []}, "COCO images must be a list of records"),
        ({"images": [], "annotations": []}, "one image of the file must be named, got no image"),
        ({"images": [{}], "annotations": [1]}, "COCO annotations must be a list of records"),
        ({"images": [{}], "annotations": []}, "image height must be a number"),
        (
            {"type": "org.mitk.multilabel.segmentation.stack", "groups": [{"_file": "/etc/passwd"}]},
            "MITK's list of other",
        ),
        ({}, "JSON must be LabelMe's"),
        ([], "JSON must be LabelMe's"),
    ],
)
def test_records_of_another_make_are_refused_analytic(tmp_path: Path, content: Any, words: str) -> None:
    (tmp_path / "m.json").write_text(json.dumps(content))
    refused(tmp_path / "m.json", words)


def test_shape_kinds_may_be_anything_analytic(tmp_path: Path) -> None:
    for kind in (["polygon"], {"a": 1}, 5, True):
        refused(labelme(tmp_path / "m.json", shape([[1, 1], [5, 1], [1, 5]], kind)), "outlines must be polygon")  # type: ignore[arg-type]
    for packed in (5, None, "no base 64!", "aGVsbG8=", ""):
        path = labelme(tmp_path / "m.json", shape([[1, 1], [5, 5]], "mask", mask=packed))
        refused(path, "a mask must be a packed picture|PNG file must be whole")


@pytest.mark.parametrize("kind", ["json", "coco.json", "xml"])
def test_truncated_and_altered_text_never_crashes_regression(tmp_path: Path, kind: str) -> None:
    makers = {
        "json": lambda path: labelme(path, shape([[1, 1], [20, 1], [1, 20]])),
        "coco.json": lambda path: coco(path, {"image_id": 1, "category_id": 7, "segmentation": [[1, 1, 20, 1, 1, 20]]}),
        "xml": lambda path: cvat(path, '<polygon label="t" points="1,1;20,1;1,20"/>'),
    }
    content = makers[kind](tmp_path / f"m.{kind}").read_bytes()
    generator = np.random.default_rng(6)
    count = 0
    for trial in range(300):
        damaged = bytearray(content)
        if trial % 2:
            del damaged[int(generator.integers(1, len(content) - 2)) :]
        else:
            for place in generator.integers(0, len(content), 3):
                damaged[place] = int(generator.integers(0, 256))
        (tmp_path / "d").write_bytes(damaged)
        try:
            read_mask(tmp_path / "d", SHAPE, image_name="case1.png")
        except InputError:
            count += 1
    assert count > 150


@pytest.mark.parametrize("suffix", ["nii", "nii.gz", "nrrd", "mha", "seg.nrrd", "png"])
def test_truncated_and_altered_masks_never_crash_regression(tmp_path: Path, suffix: str) -> None:
    from perirad.image.outlines.records import Lesion, Target
    from perirad.image.outlines.write import write_outlines

    path = tmp_path / f"m.{suffix}"
    write_outlines(path, [Lesion(1, "t", SHAPES["F"])], Target(SHAPE))
    content = path.read_bytes()
    generator = np.random.default_rng(7)
    count = 0
    for trial in range(60):
        damaged = bytearray(content)
        if trial % 2:
            del damaged[int(generator.integers(1, len(content) - 2)) :]
        else:
            for place in generator.integers(0, len(content), 3):
                damaged[place] = int(generator.integers(0, 256))
        path.write_bytes(damaged)
        try:
            read_mask(path, SHAPE)
        except InputError:
            count += 1
    assert count > 25


def test_archives_and_pictures_are_told_apart_analytic(tmp_path: Path) -> None:
    (tmp_path / "m.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    refused(tmp_path / "m.zip", "got a ZIP archive .*: unpack it and give the file inside")
    (tmp_path / "m.bin").write_bytes(b"nothing known")
    refused(tmp_path / "m.bin", "mask must be PNG, .* or CVAT XML, got another format")
    path = labelme(tmp_path / "m.png", shape([[1, 1], [5, 1], [1, 5]]))
    assert outline_form_of(path) is Form.JSON
    with pytest.raises(InputError, match=r"file must be DICOM, .*, got a JSON file, which holds outlines"):
        form_of(path)


def test_many_outlines_of_a_large_picture_are_refused_analytic(tmp_path: Path) -> None:
    """Each would take a mask of 64 million pixels."""
    shapes = [shape([[1, 1], [5, 1], [1, 5]])] * 16
    path = labelme(tmp_path / "m.json", *shapes, size=(8000, 8000))
    with pytest.raises(InputError, match="an image of this size must have at most 15 outlines, got 16"):
        read_mask(path, None)


def test_large_text_is_refused_unread_analytic(tmp_path: Path) -> None:
    for name, first in (("m.json", b"{"), ("m.xml", b"<")):
        with (tmp_path / name).open("wb") as stream:
            stream.write(first)
            stream.truncate(70_000_000)
        refused(tmp_path / name, "a file of outlines must have at most 64 MB, got 70 MB")
