"""Each format gives back the pixels that were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.image.outline_files import us_image
from tests.image.outline_shapes import SHAPE, SHAPES

from perirad.errors import InputError
from perirad.image.outlines.read import read_lesions, read_outlines
from perirad.image.outlines.records import Lesion, Target
from perirad.image.outlines.trace import trace
from perirad.image.outlines.write import write_outlines
from perirad.image.polygon import rasterise
from perirad.image.roi import read_mask

ENDINGS = ["png", "nii", "nii.gz", "nrrd", "mha", "seg.nrrd", "json", "coco.json", "rle.json", "xml"]
NAMED = ["seg.nrrd", "json", "coco.json", "rle.json", "xml"]
TARGET = Target(SHAPE, "case7.png")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", SHAPES)
def test_same_pixels_analytic(tmp_path: Path, ending: str, name: str) -> None:
    path = tmp_path / f"m.{ending}"
    write_outlines(path, [Lesion(1, "tumour", SHAPES[name])], TARGET)
    assert np.array_equal(read_mask(path, SHAPE), SHAPES[name])
    assert np.array_equal(read_mask(path, SHAPE, label=255 if ending == "png" else 1), SHAPES[name])
    with pytest.raises(InputError, match="rows and columns are exchanged"):
        read_mask(path, SHAPE[::-1])


@pytest.mark.parametrize("ending", NAMED)
def test_names_are_kept_and_choose_analytic(tmp_path: Path, ending: str) -> None:
    first, second = SHAPES["F"], np.flip(SHAPES["F"]) & ~SHAPES["F"]
    second[18:] = False
    path = tmp_path / f"m.{ending}"
    write_outlines(path, [Lesion(4, "Tumour é", first), Lesion(9, "cyst <2>", second)], TARGET)
    assert [name for name, _ in read_lesions(path, SHAPE)] == ["Tumour é", "cyst <2>"]
    assert np.array_equal(read_mask(path, SHAPE, label="tumour é"), first)
    assert np.array_equal(read_mask(path, SHAPE, label="cyst <2>"), second)
    assert np.array_equal(read_mask(path, SHAPE, label=2), second)
    assert np.array_equal(read_mask(path, SHAPE, choice="all"), first | second)
    assert np.array_equal(read_mask(path, SHAPE, choice="largest"), first)
    with pytest.raises(InputError) as caught:
        read_mask(path, SHAPE)
    sizes = first.sum(), second.sum()
    assert str(caught.value).startswith(
        f"mask must mark one lesion, got lesions 1 'Tumour é' ({sizes[0]} pixels), 2 'cyst <2>' ({sizes[1]} pixels)"
    )
    with pytest.raises(InputError, match="mask must hold a lesion named 'node', got lesions 1"):
        read_mask(path, SHAPE, label="node")


@pytest.mark.parametrize("ending", ["json", "coco.json", "rle.json", "xml"])
def test_lesions_may_overlap_analytic(tmp_path: Path, ending: str) -> None:
    lesions = [Lesion(1, "a", SHAPES["holed"]), Lesion(2, "b", SHAPES["F"])]
    path = tmp_path / f"m.{ending}"
    write_outlines(path, lesions, TARGET)
    for lesion in lesions:
        assert np.array_equal(read_mask(path, SHAPE, label=lesion.name), lesion.mask)


@pytest.mark.parametrize("ending", ["png", "nii", "seg.nrrd"])
def test_formats_without_room_refuse_overlap_analytic(tmp_path: Path, ending: str) -> None:
    lesions = [Lesion(1, "a", SHAPES["holed"]), Lesion(2, "b", SHAPES["F"])]
    with pytest.raises(InputError, match="lesions of a mask must not overlap, got 2 'b'"):
        write_outlines(tmp_path / f"m.{ending}", lesions, TARGET)


def test_numbers_of_masks_are_kept_analytic(tmp_path: Path) -> None:
    second = np.zeros(SHAPE, np.bool_)
    second[20:23, 30:33] = True
    for ending in ("png", "nii.gz"):
        path = tmp_path / f"m.{ending}"
        write_outlines(path, [Lesion(3, "", SHAPES["F"]), Lesion(7, "", second)], TARGET)
        assert [lesion.number for lesion in read_outlines(path, TARGET).lesions] == [3, 7]
        assert np.array_equal(read_mask(path, SHAPE, label=7), second)


@pytest.mark.parametrize("name", SHAPES)
def test_dicom_seg_highdicom(tmp_path: Path, name: str) -> None:
    pytest.importorskip("highdicom", reason="DICOM SEG is written by highdicom")
    image = us_image(tmp_path / "i.dcm", SHAPE)
    other = np.flip(SHAPES[name])
    path = tmp_path / "m.dcm"
    lesions = [Lesion(1, "tumour", SHAPES[name]), Lesion(2, "mirrored", other)]
    write_outlines(path, lesions, Target(SHAPE, "i.dcm", file=image))
    assert np.array_equal(read_mask(path, SHAPE, label="tumour", image_file=image), SHAPES[name])
    assert np.array_equal(read_mask(path, SHAPE, label=2, image_file=image), other)
    assert np.array_equal(read_mask(path, None, label=2), other)


def test_seg_needs_a_dicom_image_of_one_frame_analytic(tmp_path: Path) -> None:
    pytest.importorskip("highdicom", reason="DICOM SEG is written by highdicom")
    lesion = Lesion(1, "", SHAPES["F"])
    with pytest.raises(InputError, match="DICOM SEG must be of a DICOM image"):
        write_outlines(tmp_path / "m.dcm", [lesion], TARGET)
    image = us_image(tmp_path / "i.dcm", SHAPE, n_frames=3)
    with pytest.raises(InputError, match="DICOM SEG must be of a single frame"):
        write_outlines(tmp_path / "m.dcm", [lesion], Target(SHAPE, "i.dcm", file=image))


def test_what_cannot_be_written_is_named_analytic(tmp_path: Path) -> None:
    lesion = Lesion(1, "", SHAPES["F"])
    with pytest.raises(InputError, match=r"name must end in .*, got m.gif"):
        write_outlines(tmp_path / "m.gif", [lesion], TARGET)
    with pytest.raises(InputError, match="folder must exist"):
        write_outlines(tmp_path / "none" / "m.png", [lesion], TARGET)
    with pytest.raises(InputError, match="there must be a lesion to write"):
        write_outlines(tmp_path / "m.png", [], TARGET)
    nowhere = np.zeros(SHAPE, np.bool_)
    for name, mask in (("", nowhere), ("a\x00b", SHAPES["F"]), ("\ud800", SHAPES["F"])):
        with pytest.raises(InputError, match="each lesion must have pixels and a printable name"):
            write_outlines(tmp_path / "m.xml", [Lesion(1, name, mask)], TARGET)


def test_traced_boundaries_give_back_random_masks_analytic() -> None:
    generator = np.random.default_rng(5)
    for _ in range(200):
        rows, columns = generator.integers(1, 12, 2)
        mask = generator.random((int(rows), int(columns))) < generator.uniform(0.1, 0.95)
        outer, holes = trace(mask)
        assert np.array_equal(rasterise([ring - 0.5 for ring in (*outer, *holes)], mask.shape), mask)


def test_parts_that_touch_at_a_corner_are_rings_of_their_own_analytic() -> None:
    outer, holes = trace(np.array([[True, False], [False, True]]))
    assert [ring.tolist() for ring in outer] == [[[0, 0], [0, 1], [1, 1], [1, 0]], [[1, 1], [1, 2], [2, 2], [2, 1]]]
    assert holes == ()
