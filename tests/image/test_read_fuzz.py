"""Files changed or cut at random give an image or an InputError, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from PIL import Image as Pillow
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from tests.image.dicom_files import dataset_of, save, write
from tests.reference.jpeg import encode_lossless

from perirad.errors import InputError
from perirad.image.image import Image
from perirad.image.read import read_image

COLOUR = np.random.default_rng(1).integers(0, 256, (12, 16, 3), dtype=np.uint8)
GREY = COLOUR[..., 0]
N_CHANGES = 300
NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
PACKED = (RLELossless, JPEGLSLossless, JPEGBaseline8Bit, JPEGLosslessSV1, JPEG2000Lossless)
KINDS = [*NATIVE, *PACKED, "png", "tif", "nrrd"]


def sample(folder: Path, kind: str) -> Path:
    path = folder / ("x.dcm" if "." in kind else f"x.{kind}")
    if kind in NATIVE:
        return save(dataset_of(COLOUR, "RGB"), path, kind)
    if kind in (RLELossless, JPEGLSLossless):
        dataset = dataset_of(COLOUR, "RGB")
        dataset.compress(kind, generate_instance_uid=False)
        dataset.save_as(path, enforce_file_format=True)
    elif kind == JPEGLosslessSV1:
        write(path, [encode_lossless(GREY, 1, 8)], kind, GREY, "MONOCHROME2")
    elif kind in (JPEGBaseline8Bit, JPEG2000Lossless):
        stream = io.BytesIO()
        Pillow.fromarray(COLOUR).save(stream, "JPEG" if kind == JPEGBaseline8Bit else "JPEG2000")
        photometric = "YBR_FULL_422" if kind == JPEGBaseline8Bit else "YBR_RCT"
        write(path, [stream.getvalue()] * 2, kind, COLOUR, photometric)
    elif kind == "nrrd":
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(COLOUR, isVector=True), str(path), True)
    else:
        Pillow.fromarray(COLOUR).save(path)
    return path


def changed(content: bytes, turn: int, rng: np.random.Generator, start: int) -> bytes:
    """Every fourth time cut, else with one to three bytes changed after `start`."""
    if turn % 4 == 3:
        return content[: int(rng.integers(len(content)))]
    new = bytearray(content)
    for _ in range(int(rng.integers(1, 4))):
        new[int(rng.integers(start, len(new)))] = int(rng.integers(256))
    return bytes(new)


def read_or_refuse(path: Path) -> bool:
    try:
        return isinstance(read_image(path, spacing_mm=0.1, frame=0), Image)
    except InputError as error:
        line = str(error)
    assert "\n" not in line
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_an_image_or_a_refusal_mechanics(tmp_path: Path, kind: str) -> None:
    path = sample(tmp_path, kind)
    assert read_or_refuse(path)
    content, rng = path.read_bytes(), np.random.default_rng(len(kind))
    # The 128 bytes of preamble mean nothing.
    start = 128 if "." in kind else 0
    read = 0
    for turn in range(N_CHANGES):
        path.write_bytes(changed(content, turn, rng, start))
        read += read_or_refuse(path)
    assert 0 < read < N_CHANGES


@pytest.mark.shared
@pytest.mark.parametrize("name", ["examples_ybr_color", "color-pl", "examples_rgb_color"])
def test_changed_samples_mechanics(shared: Path, tmp_path: Path, name: str) -> None:
    """In the header, where changes tell most."""
    content = (shared / "data" / "dicom_us" / f"{name}.dcm").read_bytes()
    rng = np.random.default_rng(5)
    for turn in range(60):
        head = changed(content[:3000], turn, rng, 128)
        (tmp_path / "x.dcm").write_bytes(head if turn % 4 == 3 else head + content[3000:])
        read_or_refuse(tmp_path / "x.dcm")
