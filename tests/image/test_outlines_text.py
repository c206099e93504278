"""LabelMe, COCO and CVAT files as these programs write them."""

from __future__ import annotations

import base64
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.image.outline_shapes import SHAPE, SHAPES

from perirad.errors import InputError
from perirad.image.image import Box, Calibration, Image, Source
from perirad.image.outlines.codes import pack, run_lengths, spread, unpack
from perirad.image.outlines.read import read_outlines
from perirad.image.outlines.records import Target
from perirad.image.roi import read_mask

ROWS, COLUMNS = SHAPE
TRIANGLE = [[5, 2], [20, 2], [5, 17]]
"""x, y from the corner of the first pixel: legs of 15 pixels along its sides."""

PACKED = {
    "F": "d4`080000CLO;1EO;1EO;1EO;1EO;1600000d<",
    "holed": "c7`080000CL64JL64JIO077JIO077JIO077JL64JL647000IIM74IK7;0000000000e3",
    "border": "09?00000000I7" + "0" * 54 + "^1",
    "thin": "b11j00M0000000000000000000000000000000180H00O0000000000000000000008",
}
"""What pycocotools 2.0 makes of the shapes."""


def labelme(path: Path, *shapes: dict[str, Any], size: tuple[int, int] = SHAPE) -> Path:
    content = {"version": "5.4.1", "shapes": shapes, "imagePath": "../x.png", "imageData": None}
    path.write_text(json.dumps(content | {"imageHeight": size[0], "imageWidth": size[1]}))
    return path


def shape(points: Any, kind: str | None = "polygon", label: str = "tumour", **more: Any) -> dict[str, Any]:
    return {"label": label, "points": points, "shape_type": kind, "group_id": None, "flags": {}} | more


def coco(path: Path, *annotations: dict[str, Any], names: tuple[str, ...] = ("a/case1.png", "b/case2.png")) -> Path:
    content = {
        "images": [
            {"id": place, "file_name": name, "height": ROWS, "width": COLUMNS} for place, name in enumerate(names, 1)
        ],
        "categories": [{"id": 7, "name": "tumour"}, {"id": 8, "name": "cyst"}],
        "annotations": [{"id": place, "iscrowd": 0} | one for place, one in enumerate(annotations, 1)],
    }
    path.write_text(json.dumps(content))
    return path


def cvat(path: Path, *shapes: str, more: str = "") -> Path:
    head = "<?xml version='1.0' encoding='utf-8'?><annotations><version>1.1</version><meta><task/></meta>"
    image = f'<image id="0" name="scans/case1.png" width="{COLUMNS}" height="{ROWS}">'
    path.write_text(f"{head}{image}{''.join(shapes)}</image>{more}</annotations>")
    return path


def disc(row: float, column: float, down: float, across: float) -> np.ndarray[Any, Any]:
    """Pixels whose centre lies in an ellipse, from corner coordinates."""
    rows, columns = np.mgrid[:ROWS, :COLUMNS] + 0.5
    inside: np.ndarray[Any, Any] = ((rows - row) / down) ** 2 + ((columns - column) / across) ** 2 <= 1.0
    return inside


def is_triangle(mask: np.ndarray[Any, Any]) -> bool:
    """Rows 2 to 16 with 15, 14, ... 1 pixels from column 5: the long side passes centres, which belong to the right."""
    expected = np.zeros(SHAPE, np.bool_)
    for step in range(15):
        expected[2 + step, 5 : 5 + 14 - step] = True
    return np.array_equal(mask, expected)


@pytest.mark.parametrize("kind", ["polygon", None])
def test_labelme_polygon_counts_from_the_corner_analytic(tmp_path: Path, kind: str | None) -> None:
    assert is_triangle(read_mask(labelme(tmp_path / "m.json", shape(TRIANGLE, kind)), SHAPE))


def test_labelme_rectangle_circle_and_mask_analytic(tmp_path: Path) -> None:
    mask = read_mask(labelme(tmp_path / "r.json", shape([[20, 9], [5, 2]], "rectangle")), SHAPE)
    assert np.array_equal(np.argwhere(mask)[[0, -1]], [[2, 5], [8, 19]])
    assert mask.sum() == 7 * 15
    mask = read_mask(labelme(tmp_path / "c.json", shape([[14.3, 11.8], [17.3, 15.8]], "circle")), SHAPE)
    assert np.array_equal(mask, disc(11.8, 14.3, 5.0, 5.0))
    stream = io.BytesIO()
    Pillow.fromarray(SHAPES["F"][4:20, 6:18]).save(stream, format="PNG")
    packed = base64.b64encode(stream.getvalue()).decode()
    mask = read_mask(labelme(tmp_path / "m.json", shape([[6, 4], [17, 19]], "mask", mask=packed)), SHAPE)
    assert np.array_equal(mask, SHAPES["F"])
    with pytest.raises(InputError, match="a mask must fill the box of its points"):
        read_mask(labelme(tmp_path / "m.json", shape([[6, 4], [18, 20]], "mask", mask=packed)), SHAPE)
    with pytest.raises(InputError, match="a mask must lie inside the picture"):
        read_mask(labelme(tmp_path / "m.json", shape([[30, 4], [41, 19]], "mask", mask=packed)), SHAPE)


def test_labelme_group_is_one_lesion_analytic(tmp_path: Path) -> None:
    parts = [shape(TRIANGLE, group_id=1), shape([[25, 20], [30, 22]], "rectangle", group_id=1)]
    other = shape([[25, 2], [30, 6]], "rectangle", group_id=2)
    path = labelme(tmp_path / "m.json", *parts, other)
    assert read_mask(path, SHAPE, label=1).sum() == 105 + 10
    assert read_mask(path, SHAPE, label=2).sum() == 20
    with pytest.raises(InputError, match=r"got lesions 1 'tumour' \(115 pixels\), 2 'tumour' \(20 pixels\)"):
        read_mask(path, SHAPE, label="tumour")
    assert read_mask(path, SHAPE, label="tumour", choice="largest").sum() == 115
    assert read_mask(path, SHAPE, label="tumour", choice="all").sum() == 135


@pytest.mark.parametrize("kind", ["line", "linestrip", "point", "points", "skeleton"])
def test_labelme_shapes_without_area_are_refused_unless_of_another_name_analytic(tmp_path: Path, kind: str) -> None:
    path = labelme(tmp_path / "m.json", shape(TRIANGLE), shape([[1, 1], [2, 2]], kind, label="needle"))
    with pytest.raises(InputError, match=f"got a {kind} named 'needle'"):
        read_mask(path, SHAPE)
    assert is_triangle(read_mask(path, SHAPE, label="tumour"))
    assert read_outlines(path, Target(SHAPE), "tumour").skipped == (f"a {kind} named 'needle'",)
    with pytest.raises(InputError, match=f"got a {kind} named 'needle'"):
        read_mask(path, SHAPE, label="needle")


def test_labelme_size_is_compared_and_known_analytic(tmp_path: Path) -> None:
    path = labelme(tmp_path / "m.json", shape(TRIANGLE))
    assert read_mask(path, None).shape == SHAPE
    with pytest.raises(InputError, match="rows and columns are exchanged"):
        read_mask(path, SHAPE[::-1])
    with pytest.raises(InputError, match="mask must have the size of its image, got 24 x 35 for an image of 40 x 50"):
        read_mask(path, (40, 50))


def test_coco_polygons_and_runs_analytic(tmp_path: Path) -> None:
    flat = [value for pair in TRIANGLE for value in pair]
    box = [25, 20, 30, 20, 30, 22, 25, 22]
    counts = run_lengths(SHAPES["holed"], columns_first=True)
    path = coco(
        tmp_path / "m.json",
        {"image_id": 1, "category_id": 7, "segmentation": [flat, box]},
        {"image_id": 2, "category_id": 7, "segmentation": {"size": list(SHAPE), "counts": counts}, "iscrowd": 1},
        {"image_id": 2, "category_id": 8, "segmentation": {"size": list(SHAPE), "counts": PACKED["F"]}},
    )
    assert read_mask(path, SHAPE, image_name="case1.png").sum() == 105 + 10
    assert np.array_equal(read_mask(path, SHAPE, image_name="case2.png", label="tumour"), SHAPES["holed"])
    assert np.array_equal(read_mask(path, SHAPE, image_name="case2.png", label="cyst"), SHAPES["F"])
    assert np.array_equal(read_mask(path, SHAPE, image_name="case2.png", label=2), SHAPES["F"])


@pytest.mark.parametrize("name", PACKED)
def test_packed_runs_pycocotools(name: str) -> None:
    assert pack(run_lengths(SHAPES[name], columns_first=True)) == PACKED[name]
    assert np.array_equal(spread(unpack(PACKED[name], ""), SHAPE, columns_first=True, file=""), SHAPES[name])


def test_image_is_found_by_name_then_by_stem_analytic(tmp_path: Path) -> None:
    flat = [value for pair in TRIANGLE for value in pair]
    box = [25, 20, 30, 20, 30, 22, 25, 22]
    annotations = [
        {"image_id": 1, "category_id": 7, "segmentation": [flat]},
        {"image_id": 2, "category_id": 7, "segmentation": [box]},
    ]
    path = coco(tmp_path / "m.json", *annotations)
    pixels = np.zeros(SHAPE)
    record = Image(pixels, (0.1, 0.1), Calibration(Source.STATED, ""), Box(0, 0, *SHAPE), "case2.dcm")
    assert read_mask(path, record).sum() == 10
    assert is_triangle(read_mask(path, record, image_name="elsewhere\\case1.png"))
    with pytest.raises(InputError) as caught:
        read_mask(path, SHAPE, image_name="case3.png")
    assert str(caught.value) == (
        "file must hold the image 'case3.png', got 2 others (case1.png, case2.png) (m.json): name it (image_name=)"
    )
    with pytest.raises(InputError, match=r"one image of the file must be named, got 2 images \(case1.png, case2.png\)"):
        read_mask(path, SHAPE)
    twice = coco(tmp_path / "t.json", *annotations, names=("a/case1.png", "b/case1.png"))
    with pytest.raises(InputError, match=r"file must hold one image 'case1.png', got 2 of that name"):
        read_mask(twice, SHAPE, image_name="case1.png")
    stems = coco(tmp_path / "s.json", *annotations, names=("case1.png", "case1.jpg"))
    assert read_mask(stems, SHAPE, image_name="case1.jpg").sum() == 10
    with pytest.raises(InputError, match="got 2 of that name"):
        read_mask(stems, SHAPE, image_name="case1.dcm")
    single = coco(tmp_path / "o.json", annotations[0], names=("case1.png",))
    assert is_triangle(read_mask(single, SHAPE))


def test_coco_boxes_alone_are_no_outline_analytic(tmp_path: Path) -> None:
    flat = [value for pair in TRIANGLE for value in pair]
    path = coco(
        tmp_path / "m.json",
        {"image_id": 1, "category_id": 7, "segmentation": [flat]},
        {"image_id": 1, "category_id": 8, "bbox": [1, 1, 5, 5]},
    )
    with pytest.raises(InputError, match="got a box or points of category 'cyst' without an outline"):
        read_mask(path, SHAPE, image_name="case1.png")
    assert is_triangle(read_mask(path, SHAPE, image_name="case1.png", label="tumour"))


def test_cvat_shapes_analytic(tmp_path: Path) -> None:
    points = ";".join(f"{x:.2f},{y:.2f}" for x, y in TRIANGLE)
    path = cvat(
        tmp_path / "m.xml",
        f'<polygon label="tumour" points="{points}" z_order="0"><attribute name="a">b</attribute></polygon>',
        '<box label="cyst" xtl="5" ytl="2" xbr="20" ybr="9"/>',
        '<ellipse label="node" cx="14.3" cy="11.8" rx="9.1" ry="4.7"/>',
        '<mask label="rest" rle="2, 3, 1, 4" left="30" top="20" width="5" height="2"/>',
        '<tag label="seen"/>',
    )
    assert is_triangle(read_mask(path, SHAPE, label="tumour"))
    box = read_mask(path, SHAPE, label="cyst")
    assert np.array_equal(np.argwhere(box)[[0, -1]], [[2, 5], [8, 19]])
    assert np.array_equal(read_mask(path, SHAPE, label="node"), disc(11.8, 14.3, 4.7, 9.1))
    rest = read_mask(path, SHAPE, label="rest")
    assert rest[20, 30:].tolist() == [False, False, True, True, True]
    assert rest[21, 30:].tolist() == [False, True, True, True, True]
    assert rest.sum() == 7


def test_cvat_turned_ellipse_and_box_analytic(tmp_path: Path) -> None:
    """By 90 degrees the radii change places; by 30 degrees, clockwise, the right end sinks."""
    path = cvat(
        tmp_path / "m.xml",
        '<ellipse label="quarter" cx="14.3" cy="11.8" rx="9.1" ry="4.7" rotation="90"/>',
        '<ellipse label="twelfth" cx="14.3" cy="11.8" rx="9.1" ry="2.7" rotation="30"/>',
        '<box label="box" xtl="6" ytl="10" xbr="22" ybr="14" rotation="90"/>',
    )
    assert np.array_equal(read_mask(path, SHAPE, label="quarter"), disc(11.8, 14.3, 9.1, 4.7))
    twelfth = read_mask(path, SHAPE, label="twelfth")
    end = 8.5 * math.sin(math.pi / 6), 8.5 * math.cos(math.pi / 6)
    assert twelfth[int(11.8 + end[0]), int(14.3 + end[1])]
    assert not twelfth[int(11.8 - end[0]), int(14.3 + end[1])]
    assert twelfth.sum() == pytest.approx(math.pi * 9.1 * 2.7, rel=0.05)
    box = np.zeros(SHAPE, np.bool_)
    box[4:20, 12:16] = True
    assert np.array_equal(read_mask(path, SHAPE, label="box"), box)


@pytest.mark.parametrize("tag", ["polyline", "points", "cuboid", "skeleton"])
def test_cvat_shapes_without_area_are_refused_unless_of_another_label_analytic(tmp_path: Path, tag: str) -> None:
    points = ";".join(f"{x},{y}" for x, y in TRIANGLE)
    path = cvat(tmp_path / "m.xml", f'<polygon label="tumour" points="{points}"/>', f'<{tag} label="x" points="1,1"/>')
    with pytest.raises(InputError, match=f"got a {tag} named 'x'"):
        read_mask(path, SHAPE)
    assert is_triangle(read_mask(path, SHAPE, label="tumour"))


def test_cvat_video_tracks_by_frame_analytic(tmp_path: Path) -> None:
    size = f"<original_size><width>{COLUMNS}</width><height>{ROWS}</height></original_size>"
    boxes = "".join(
        f'<box frame="{frame}" outside="{outside}" xtl="5" ytl="2" xbr="{right}" ybr="9"/>'
        for frame, outside, right in ((0, 0, 20), (1, 0, 10), (2, 1, 10))
    )
    text = f'<annotations><meta><task>{size}</task></meta><track id="0" label="t">{boxes}</track></annotations>'
    (tmp_path / "v.xml").write_text(text)
    assert read_mask(tmp_path / "v.xml", SHAPE, frame=0).sum() == 7 * 15
    assert read_mask(tmp_path / "v.xml", None, frame=1).sum() == 7 * 5
    with pytest.raises(InputError, match="no marked pixel"):
        read_mask(tmp_path / "v.xml", SHAPE, frame=2)
    with pytest.raises(InputError, match="one frame must be chosen, got outlines on 2 frames"):
        read_mask(tmp_path / "v.xml", SHAPE)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_are_told_by_content_analytic(tmp_path: Path, encoding: str) -> None:
    points = ";".join(f"{x},{y}" for x, y in TRIANGLE)
    text = cvat(tmp_path / "m.xml", f'<polygon label="tümör" points="{points}"/>').read_text()
    name = encoding.removesuffix("-sig")
    (tmp_path / "m.xml").write_bytes(text.replace("encoding='utf-8'", f"encoding='{name}'").encode(encoding))
    assert is_triangle(read_mask(tmp_path / "m.xml", SHAPE, label="TÜMÖR"))
    if encoding == "utf-8-sig":
        content = labelme(tmp_path / "m.json", shape(TRIANGLE)).read_text()
        (tmp_path / "m.json").write_text("\n " + content, encoding=encoding)
        assert is_triangle(read_mask(tmp_path / "m.json", SHAPE))
