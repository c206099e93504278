from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.pixels import apply_color_lut
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, JPEGLSLossless, RLELossless
from tests.image.dicom_files import dataset_of, save

from perirad.errors import InputError
from perirad.image.read import read_image

RANDOM = np.random.default_rng(4)
INDICES = RANDOM.integers(0, 256, (8, 10), dtype=np.uint8)
COLOURS = ("Red", "Green", "Blue")


def with_tables(indices: NDArray[Any], tables: NDArray[Any], *, first: int = 0, depth: int = 16, **tags: Any) -> Any:
    """Dataset with tables (colour, entry); entries of one byte are packed in pairs."""
    dataset = dataset_of(indices, "PALETTE COLOR", **tags)
    for colour, table in zip(COLOURS, tables, strict=True):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [len(table) % 65536, first, depth])
        data = table.tobytes()
        setattr(dataset, f"{colour}PaletteColorLookupTableData", data + b"\0" * (len(data) % 2))
    return dataset


def check(path: Path, known: NDArray[Any], white: int) -> None:
    """Compare with known colours (row, column, 3)."""
    image = read_image(path)
    assert np.allclose(image.pixels, known @ np.array([0.299, 0.587, 0.114]), rtol=0, atol=1e-6)
    spread = (known.max(axis=2).astype(float) - known.min(axis=2)) * 255.0 / white
    assert image.chroma is not None
    assert np.array_equal(image.chroma, np.rint(spread))


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("depth", [8, 16])
def test_whole_tables_analytic(tmp_path: Path, syntax: str, depth: int) -> None:
    tables = RANDOM.integers(0, 1 << depth, (3, 256), dtype=np.uint16)
    known = tables[:, INDICES].transpose(1, 2, 0)
    swap = syntax == ExplicitVRBigEndian
    words = tables.byteswap() if swap else tables
    dataset = with_tables(INDICES, words, depth=depth)
    if swap:
        dataset.PixelData = INDICES.view(np.uint16).byteswap().tobytes()
    check(save(dataset, tmp_path / "x.dcm", syntax), known, (1 << depth) - 1)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("length", [255, 256])
def test_tables_of_bytes_analytic(tmp_path: Path, syntax: str, length: int) -> None:
    tables = RANDOM.integers(0, 256, (3, length), dtype=np.uint8)
    known = tables[:, np.minimum(INDICES, length - 1)].transpose(1, 2, 0)
    dataset = with_tables(INDICES, tables, depth=8)
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = INDICES.view(np.uint16).byteswap().tobytes()
        for colour in COLOURS:
            name = f"{colour}PaletteColorLookupTableData"
            setattr(dataset, name, np.frombuffer(getattr(dataset, name), np.uint16).byteswap().tobytes())
    check(save(dataset, tmp_path / "x.dcm", syntax), known, 255)


@pytest.mark.parametrize("compression", [None, RLELossless, JPEGLSLossless])
def test_wide_indices_into_narrow_tables_with_an_offset_analytic(tmp_path: Path, compression: str | None) -> None:
    indices = RANDOM.integers(900, 1400, (8, 10), dtype=np.uint16)
    tables = RANDOM.integers(0, 256, (3, 300), dtype=np.uint8)
    dataset = with_tables(indices, tables, first=1000, depth=8)
    if compression:
        dataset.compress(compression, generate_instance_uid=False)
    dataset.save_as(tmp_path / "x.dcm", enforce_file_format=True)
    at = np.clip(indices.astype(int) - 1000, 0, 299)
    check(tmp_path / "x.dcm", tables[:, at].transpose(1, 2, 0), 255)


def test_full_table_of_signed_indices_analytic(tmp_path: Path) -> None:
    indices = RANDOM.integers(-30000, 30000, (8, 10), dtype=np.int16)
    tables = RANDOM.integers(0, 65536, (3, 65536), dtype=np.uint16)
    dataset = with_tables(indices, tables, first=-32768)
    known = tables[:, indices.astype(int) + 32768].transpose(1, 2, 0)
    check(save(dataset, tmp_path / "x.dcm"), known, 65535)


def segmented(code: bytes, *, depth: int = 16, length: int = 256) -> Any:
    dataset = dataset_of(INDICES, "PALETTE COLOR")
    for colour in COLOURS:
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [length, 0, depth])
        setattr(dataset, f"Segmented{colour}PaletteColorLookupTableData", code)
    return dataset


def test_segments_analytic(tmp_path: Path) -> None:
    """Three entries as they are, then in 100 steps up to 20 003, then in 153 steps down to 50."""
    code = struct.pack("<11H", 0, 3, 9, 5, 3, 1, 100, 20003, 1, 153, 50)
    table = np.array([9, 5, 3, *(3 + 200 * np.arange(1, 101)), *(20003 - 19953 * np.arange(1, 154) / 153)])
    path = save(segmented(code), tmp_path / "x.dcm")
    assert np.abs(read_image(path).pixels - table[INDICES]).max() <= 0.5


@pytest.mark.parametrize("depth", [8, 16])
def test_segments_pydicom(tmp_path: Path, depth: int) -> None:
    numbers = [0, 4, 1, 7, 250, 3, 1, 90, 200, 0, 2, 8, 9, 1, 160, 33]
    dataset = segmented(struct.pack(f"<16{'H' if depth == 16 else 'B'}", *numbers), depth=depth)
    check(save(dataset, tmp_path / "x.dcm"), apply_color_lut(INDICES, dataset), (1 << depth) - 1)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ([1, 256, 7], "palette segments that are discrete or linear, got segment type 1, 256 long"),
        ([0, 2, 5, 5, 2, 1, 0, 0], "palette segments that are discrete or linear, got segment type 2, 1 long"),
        ([0, 2, 5, 5, 1, 3, 9], "a palette of 256 entries, got 5"),
        ([0, 1, 5, 1, 65535, 9], "a palette of 256 entries, got 65536"),
        ([0, 0, 5, 1], "palette segments with entries, got an empty one"),
        ([], "a palette of three tables, got no Red table"),
    ],
)
def test_bad_segments_are_named_analytic(tmp_path: Path, numbers: list[int], message: str) -> None:
    dataset = segmented(struct.pack(f"<{len(numbers)}H", *numbers))
    if not numbers:
        del dataset.SegmentedRedPaletteColorLookupTableData
    with pytest.raises(InputError) as caught:
        read_image(save(dataset, tmp_path / "x.dcm"))
    assert str(caught.value) == f"PALETTE COLOR needs {message} (x.dcm): export it as RGB"


def test_bad_tables_are_named_analytic(tmp_path: Path) -> None:
    tables = np.full((3, 256), 300, np.uint16)
    with pytest.raises(InputError, match="needs palette entries of 8 bits, got a value of 300"):
        read_image(save(with_tables(INDICES, tables, depth=8), tmp_path / "x.dcm"))
    with pytest.raises(InputError, match="needs palette entries of 8 or 16 bits, got 12 bits"):
        read_image(save(with_tables(INDICES, tables, depth=12), tmp_path / "x.dcm"))
    dataset = with_tables(INDICES, tables)
    dataset.GreenPaletteColorLookupTableData = tables[0, :100].tobytes()
    with pytest.raises(InputError, match="needs a palette of 256 entries, got 100"):
        read_image(save(dataset, tmp_path / "x.dcm"))
    del dataset.BluePaletteColorLookupTableDescriptor
    dataset.GreenPaletteColorLookupTableData = tables[0].tobytes()
    with pytest.raises(InputError, match="needs a palette of three tables, got no Blue table"):
        read_image(save(dataset, tmp_path / "x.dcm"))
