"""NIfTI, NRRD and MHA masks: named segments, layers, and files that point elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.image.outline_shapes import SHAPE, SHAPES
from tests.image.outline_volumes import GREY, layered, segments, write

from perirad.errors import InputError
from perirad.image.image import Image
from perirad.image.outlines.read import read_lesions
from perirad.image.read import read_image
from perirad.image.roi import read_mask

F, HOLED = SHAPES["F"], SHAPES["holed"]


def test_layers_of_overlapping_segments_analytic(tmp_path: Path) -> None:
    path = layered(tmp_path / "m.seg.nrrd", [F, HOLED], segments(tumour="0 1", cyst="1 1"))
    assert [name for name, _ in read_lesions(path, SHAPE)] == ["tumour", "cyst"]
    assert np.array_equal(read_mask(path, SHAPE, label="tumour"), F)
    assert np.array_equal(read_mask(path, SHAPE, label="cyst"), HOLED)
    assert np.array_equal(read_mask(path, SHAPE, label=2), HOLED)


def test_number_of_a_segment_is_its_value_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "m.seg.nrrd", 5 * F + 2 * (HOLED & ~F), segments(tumour="0 5", cyst="0 2"))
    assert np.array_equal(read_mask(path, SHAPE, label=5), F)
    assert np.array_equal(read_mask(path, SHAPE, label=2), HOLED & ~F)
    with pytest.raises(InputError, match="mask must hold label 1, got lesions 5 'tumour'"):
        read_mask(path, SHAPE, label=1)


def test_three_layers_are_not_colour_analytic(tmp_path: Path) -> None:
    thin = SHAPES["thin"]
    path = layered(tmp_path / "m.seg.nrrd", [F, HOLED, thin], segments(a="0 1", b="1 1", c="2 1"))
    assert np.array_equal(read_mask(path, SHAPE, label="c"), thin)
    older = layered(
        tmp_path / "o.seg.nrrd", [F, HOLED, thin], {f"Segment{place}_ID": f"S{place}" for place in range(3)}
    )
    assert np.array_equal(read_mask(older, SHAPE, label="S1"), HOLED)


def test_segments_that_contradict_the_values_are_refused_analytic(tmp_path: Path) -> None:
    values = F * 3
    cases = {
        "values of layer 0 must be those of its segments, got 85 pixels of other values": segments(a="0 1"),
        "layers must be 0 to 0, got 4": segments(a="4 3"),
        "each segment must have a value of its own": segments(a="0 3", b="0 3"),
        "Segment0_LabelValue must be a whole number": segments(a="0 -3"),
    }
    for words, fields in cases.items():
        path = write(tmp_path / "m.seg.nrrd", values, fields)
        with pytest.raises(InputError, match=words):
            read_mask(path, SHAPE)


def test_mitk_labels_have_names_analytic(tmp_path: Path) -> None:
    groups = [{"labels": [{"name": "tumour", "value": 1}, {"name": "node", "value": 4}]}]
    fields = {
        "modality": "org.mitk.multilabel.segmentation",
        "org.mitk.multilabel.segmentation.labelgroups": json.dumps(groups),
    }
    values = F + 4 * (HOLED & ~F)
    path = write(tmp_path / "m.nrrd", values, fields)
    assert np.array_equal(read_mask(path, SHAPE, label="node"), HOLED & ~F)
    assert np.array_equal(read_mask(path, SHAPE, label=1), F)
    broken = fields | {"org.mitk.multilabel.segmentation.labelgroups": '[{"labels": [{"name": "x"}]}]'}
    with pytest.raises(InputError, match="MITK's label groups must be as MITK writes them"):
        read_mask(write(tmp_path / "b.nrrd", values, broken), SHAPE)


def test_mitk_groups_are_layers_analytic(tmp_path: Path) -> None:
    groups = [{"labels": [{"name": "tumour", "value": 1}]}, {"labels": [{"name": "node", "value": 2}]}, {}]
    fields = {"org.mitk.multilabel.segmentation.labelgroups": json.dumps(groups)}
    layers = [F.astype(np.uint8), HOLED * np.uint8(2), np.zeros(SHAPE, np.uint8)]
    path = layered(tmp_path / "m.nrrd", layers, fields)
    assert np.array_equal(read_mask(path, SHAPE, label="tumour"), F)
    assert np.array_equal(read_mask(path, SHAPE, label=2), HOLED)


@pytest.mark.parametrize("place", ["../secret.raw", "/etc/passwd", "a/b.raw", "..\\x.raw", "s%03d.raw 1 2 1", "LIST"])
@pytest.mark.parametrize("kind", ["nrrd", "mha"])
def test_values_elsewhere_are_not_opened_analytic(tmp_path: Path, kind: str, place: str) -> None:
    nrrd = f"NRRD0004\ntype: uint8\ndimension: 2\nsizes: 35 24\nencoding: raw\ndata file: {place}\n\n"
    size = "ObjectType = Image\nNDims = 2\nDimSize = 35 24\nElementType = MET_UCHAR\n"
    (tmp_path / f"m.{kind}").write_text(nrrd if kind == "nrrd" else f"{size}ElementDataFile = {place}\n")
    with pytest.raises(InputError, match="values must lie in the mask's own file or beside it"):
        read_mask(tmp_path / f"m.{kind}", SHAPE)


@pytest.mark.parametrize("line", ["elementdatafile = LOCAL\nElementDataFile = ../x", "ElementDataFile : ../x"])
def test_no_spelling_hides_another_place_analytic(tmp_path: Path, line: str) -> None:
    size = "ObjectType = Image\nNDims = 2\nDimSize = 35 24\nElementType = MET_UCHAR\n"
    (tmp_path / "m.mha").write_text(f"{size}{line}\n")
    with pytest.raises(InputError, match="values must lie in the mask's own file or beside it"):
        read_mask(tmp_path / "m.mha", SHAPE)


def test_values_beside_the_header_are_read_analytic(tmp_path: Path) -> None:
    (tmp_path / "m.raw").write_bytes(F.astype(np.uint8).tobytes())
    size = "ObjectType = Image\nNDims = 2\nDimSize = 35 24\nElementType = MET_UCHAR\n"
    (tmp_path / "m.mhd").write_text(f"{size}ElementDataFile = m.raw\n")
    assert np.array_equal(read_mask(tmp_path / "m.mhd", SHAPE), F)
    (tmp_path / "m.raw").write_bytes(F.astype(np.uint8).tobytes()[:-7])
    with pytest.raises(InputError, match="MHA file must be whole"):
        read_mask(tmp_path / "m.mhd", SHAPE)
    (tmp_path / "m.raw").unlink()
    with pytest.raises(InputError, match="MHA file must be whole"):
        read_mask(tmp_path / "m.mhd", SHAPE)


def test_named_image_record_is_enough_analytic(tmp_path: Path) -> None:
    image_file = write(tmp_path / "i.nrrd", GREY)
    image = read_image(image_file)
    assert isinstance(image, Image)
    assert np.array_equal(read_mask(write(tmp_path / "m.seg.nrrd", F, segments(tumour="0 1")), image), F)
