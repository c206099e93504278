"""Each photometric interpretation in each transfer syntax, compared with the pixels put in."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import PIL
import pydicom
import pytest
import SimpleITK
from numpy.typing import NDArray
from PIL import Image as Pillow
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels import convert_color_space
from pydicom.uid import (
    JPEG2000,
    MPEG4HP41,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)
from tests.image.dicom_files import dataset_of, save, write
from tests.reference.jpeg import encode_flat_blocks, encode_lossless

from perirad.errors import InputError
from perirad.image.read import read_image

RANDOM = np.random.default_rng(8)
SHAPE = 21, 30
GREY = RANDOM.integers(0, 256, SHAPE, dtype=np.uint8)
WIDE = RANDOM.integers(0, 65536, SHAPE, dtype=np.uint16)
TWELVE = RANDOM.integers(0, 4096, SHAPE, dtype=np.uint16)
SIGNED = RANDOM.integers(-32768, 32768, SHAPE, dtype=np.int16)
COLOUR = RANDOM.integers(0, 256, (*SHAPE, 3), dtype=np.uint8)
LUMA = COLOUR @ np.array([0.299, 0.587, 0.114])
CHROMA = COLOUR.max(axis=2) - COLOUR.min(axis=2)
SMOOTH = np.stack(np.broadcast_arrays(*np.ogrid[60:220:64j, 40:200:64j], 128.0), axis=2).astype(np.uint8)
"""A picture of slow ramps, which lossy coding hardly changes."""

NATIVE = [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
LOSSLESS = [RLELossless, JPEGLSLossless]


def picture_code(values: NDArray[Any], kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(values).save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("syntax", NATIVE)
@pytest.mark.parametrize("values", [GREY, WIDE, SIGNED], ids=["8", "16", "signed"])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_grey_uncompressed_pydicom(tmp_path: Path, syntax: str, values: NDArray[Any], photometric: str) -> None:
    dataset = dataset_of(values, photometric, PixelData=native(values, syntax))
    image = read_image(save(dataset, tmp_path / "x.dcm", syntax))
    top = -1.0 if values.dtype.kind == "i" else float(np.iinfo(values.dtype).max)
    assert np.array_equal(image.pixels, values if photometric == "MONOCHROME2" else top - values)
    assert image.chroma is None
    assert image.decoder == f"{pydicom.uid.UID(syntax).name}, by pydicom {pydicom.__version__}"


def native(values: NDArray[Any], syntax: str) -> bytes:
    """Bytes of Pixel Data (OW): in big-endian files 8-bit pixels are swapped in pairs."""
    data = values.tobytes() + b"\0" * (values.nbytes % 2)
    return np.frombuffer(data, np.uint16).byteswap().tobytes() if syntax == ExplicitVRBigEndian else data


@pytest.mark.parametrize("syntax", NATIVE)
@pytest.mark.parametrize("planar", [0, 1])
def test_colour_uncompressed_pydicom(tmp_path: Path, syntax: str, planar: int) -> None:
    data = np.ascontiguousarray(np.moveaxis(COLOUR, 2, 0)) if planar else COLOUR
    dataset = dataset_of(COLOUR, "RGB", PixelData=native(data, syntax), PlanarConfiguration=planar)
    image = read_image(save(dataset, tmp_path / "x.dcm", syntax))
    assert np.allclose(image.pixels, LUMA, rtol=0, atol=1e-9)
    assert image.chroma is not None
    assert np.array_equal(image.chroma, CHROMA)


@pytest.mark.parametrize("syntax", LOSSLESS)
@pytest.mark.parametrize("values", [GREY, WIDE, SIGNED], ids=["8", "16", "signed"])
def test_grey_losslessly_compressed_pydicom(tmp_path: Path, syntax: str, values: NDArray[Any]) -> None:
    dataset = dataset_of(values, "MONOCHROME2")
    dataset.compress(syntax, generate_instance_uid=False)
    dataset.save_as(tmp_path / "x.dcm", enforce_file_format=True)
    assert np.array_equal(read_image(tmp_path / "x.dcm").pixels, values)


@pytest.mark.parametrize("syntax", LOSSLESS)
@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("signed", [False, True])
def test_bits_of_losslessly_compressed_grey_pydicom(tmp_path: Path, syntax: str, bits: int, signed: bool) -> None:
    values = (WIDE >> (16 - bits)).astype(np.uint16)
    values = (values.astype(np.int16) - (1 << (bits - 1))).astype(np.int16) if signed else values
    dataset = dataset_of(values, "MONOCHROME2", BitsStored=bits, HighBit=bits - 1)
    dataset.compress(syntax, generate_instance_uid=False)
    dataset.save_as(tmp_path / "x.dcm", enforce_file_format=True)
    assert np.array_equal(read_image(tmp_path / "x.dcm").pixels, values)


@pytest.mark.parametrize("syntax", LOSSLESS)
@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_colour_losslessly_compressed_pydicom(tmp_path: Path, syntax: str, photometric: str) -> None:
    dataset = dataset_of(COLOUR, photometric)
    dataset.compress(syntax, generate_instance_uid=False)
    dataset.save_as(tmp_path / "x.dcm", enforce_file_format=True)
    image = read_image(tmp_path / "x.dcm")
    known = COLOUR if photometric == "RGB" else convert_color_space(COLOUR, "YBR_FULL", "RGB")
    # The other library rounds the half steps between two whole numbers its own way.
    rounding = 0.0 if photometric == "RGB" else 1.0
    assert np.allclose(image.pixels, known @ np.array([0.299, 0.587, 0.114]), rtol=0, atol=rounding + 1e-9)
    assert np.abs(image.chroma - (known.max(2) - known.min(2)).astype(float)).max() <= rounding


def test_near_lossless_stays_within_its_error_pydicom(tmp_path: Path) -> None:
    dataset = dataset_of(GREY, "MONOCHROME2")
    dataset.compress(JPEGLSNearLossless, jls_error=3, generate_instance_uid=False)
    dataset.save_as(tmp_path / "x.dcm", enforce_file_format=True)
    image = read_image(tmp_path / "x.dcm")
    assert 0 < np.abs(image.pixels - GREY).max() <= 3
    assert image.decoder.startswith("JPEG-LS Near-Lossless, by pyjpegls ")


@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize(("values", "bits"), [(GREY, 8), (TWELVE, 12), (WIDE, 16)], ids=["8", "12", "16"])
def test_lossless_jpeg_of_every_predictor_naive(
    tmp_path: Path, predictor: int, values: NDArray[Any], bits: int
) -> None:
    code, bits_tags = encode_lossless(values, predictor, bits), {"BitsStored": bits, "HighBit": bits - 1}
    image = read_image(write(tmp_path / "x.dcm", [code], JPEGLossless, values, "MONOCHROME2", **bits_tags))
    assert np.array_equal(image.pixels, values)
    assert image.decoder == f"JPEG Lossless, by SimpleITK {SimpleITK.__version__}"


def test_lossless_jpeg_keeps_sign_and_colours_naive(tmp_path: Path) -> None:
    code = encode_lossless(SIGNED.view(np.uint16), 1, 16)
    image = read_image(write(tmp_path / "x.dcm", [code], JPEGLosslessSV1, SIGNED, "MONOCHROME2"))
    assert np.array_equal(image.pixels, SIGNED)
    for marker in (b"", ADOBE_YBR, JFIF):
        code = encode_lossless(COLOUR, 1, 8, marker)
        image = read_image(write(tmp_path / "x.dcm", [code], JPEGLosslessSV1, COLOUR, "RGB"))
        assert np.allclose(image.pixels, LUMA, rtol=0, atol=1e-9)
        assert image.chroma is not None
        assert np.array_equal(image.chroma, CHROMA)


JFIF = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
ADOBE_YBR = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\1"


@pytest.mark.parametrize("compressor", ["JPEG", "JPEG2000"])
@pytest.mark.parametrize("values", [GREY, WIDE, SIGNED, COLOUR], ids=["8", "16", "signed", "colour"])
def test_lossless_files_of_another_writer_simpleitk(tmp_path: Path, compressor: str, values: NDArray[Any]) -> None:
    writer = SimpleITK.ImageFileWriter()
    writer.SetImageIO("GDCMImageIO")
    writer.SetFileName(str(tmp_path / "x.dcm"))
    writer.UseCompressionOn()
    writer.SetCompressor(compressor)
    writer.Execute(SimpleITK.GetImageFromArray(values, isVector=values.ndim == 3))
    image = read_image(tmp_path / "x.dcm", spacing_mm=0.1)
    assert image.decoder.startswith("JPEG Lossless SV1, by SimpleITK " if compressor == "JPEG" else "JPEG 2000 Loss")
    assert np.allclose(image.pixels, LUMA if values.ndim == 3 else values, rtol=0, atol=1e-9)


def test_twelve_bit_jpeg_is_exact_in_flat_blocks_naive(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    levels = RANDOM.integers(0, 4096, (3, 4))
    values = np.kron(levels, np.ones((8, 8))).astype(np.uint16)
    bits = {"BitsStored": 12, "HighBit": 11}
    path = write(tmp_path / "x.dcm", [encode_flat_blocks(levels)], JPEGExtended12Bit, values, "MONOCHROME2", **bits)
    image = read_image(path)
    assert np.array_equal(image.pixels, values)
    assert image.decoder.startswith("JPEG Extended, by SimpleITK ")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEGExtended12Bit])
def test_grey_jpeg_pillow(tmp_path: Path, syntax: str) -> None:
    code = picture_code(GREY, "JPEG", quality=90)
    image = read_image(write(tmp_path / "x.dcm", [code], syntax, GREY, "MONOCHROME2"))
    assert np.array_equal(image.pixels, np.asarray(Pillow.open(io.BytesIO(code))))
    assert image.decoder.endswith(f", by Pillow {PIL.__version__}")


@pytest.mark.parametrize("subsampling", [0, 1], ids=["444", "422"])
@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422", "RGB"])
@pytest.mark.parametrize("marker", ["jfif", "adobe", "none"])
def test_colour_of_jpeg_is_converted_once_analytic(
    tmp_path: Path, subsampling: int, photometric: str, marker: str
) -> None:
    """The code is YCbCr and says so by a marker, or leaves it to the DICOM header: then RGB means RGB."""
    code = picture_code(SMOOTH, "JPEG", quality=100, subsampling=subsampling)
    code = marked(code, {"jfif": JFIF, "adobe": ADOBE_YBR, "none": b""}[marker])
    image = read_image(write(tmp_path / "x.dcm", [code], JPEGBaseline8Bit, SMOOTH, photometric))
    known = SMOOTH.astype(float)
    if (photometric, marker) == ("RGB", "none"):
        known = convert_color_space(SMOOTH, "RGB", "YBR_FULL").astype(float)
    assert np.abs(image.pixels - known @ [0.299, 0.587, 0.114]).max() < 2.5
    assert np.abs(image.chroma - (known.max(2) - known.min(2))).max() <= 8


def marked(code: bytes, marker: bytes) -> bytes:
    """Put another marker in the place of JFIF's."""
    assert code[2:4] == b"\xff\xe0"
    return code[:2] + marker + code[4 + int.from_bytes(code[4:6], "big") :]


def test_jpeg_of_rgb_components_is_not_converted_analytic(tmp_path: Path) -> None:
    code = picture_code(SMOOTH, "JPEG", quality=100, subsampling=0, keep_rgb=True)
    for photometric in ("RGB", "YBR_FULL_422"):
        image = read_image(write(tmp_path / "x.dcm", [code], JPEGBaseline8Bit, SMOOTH, photometric))
        assert np.abs(image.pixels - SMOOTH @ [0.299, 0.587, 0.114]).max() < 2.5


@pytest.mark.parametrize("values", [GREY, WIDE], ids=["8", "16"])
def test_grey_jpeg_2000_pillow(tmp_path: Path, values: NDArray[Any]) -> None:
    code = picture_code(values, "JPEG2000", no_jp2=True)
    image = read_image(write(tmp_path / "x.dcm", [code], JPEG2000Lossless, values, "MONOCHROME2"))
    assert np.array_equal(image.pixels, values)
    assert image.decoder == f"JPEG 2000 Lossless, by Pillow {PIL.__version__}"


TWELVE_BIT_RAMP = (
    "/0//UQApAAAAAAAgAAAAIAAAAAAAAAAAAAAAIAAAACAAAAAAAAAAAAABCwEB/1IADAAAAAEABQQEAAH/XAATQGBoaHBoaHBoaHBoaHBoaHD/ZAAlAAFD"
    "cmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjL/kAAKAAAAAABNAAH/k8fsBAhrp/gDAARGv6P5BAALPYsBofsDgAN/3VGhHdCg/MMAPaY0"
    "WxDcWISz629/oH4BgJ2sKUEHbQgAwWY7H//Z"
)
"""Row times 132 in 32 x 32 pixels, coded by OpenJPEG 2.5.2 from 12-bit numbers."""


@pytest.mark.parametrize("signed", [False, True])
def test_twelve_bit_jpeg_2000_openjpeg(tmp_path: Path, signed: bool) -> None:
    """The signed code of the picture less 2048 differs in one byte, the precision, whose upper bit tells the sign."""
    code = bytearray(base64.b64decode(TWELVE_BIT_RAMP))
    known = np.repeat(132 * np.arange(32)[:, None], 32, axis=1) - 2048 * signed
    assert code[42] == 11
    code[42] |= 0x80 * signed
    tags = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": int(signed)}
    image = read_image(
        write(tmp_path / "x.dcm", [bytes(code)], JPEG2000Lossless, known.astype("u2"), "MONOCHROME2", **tags)
    )
    assert np.array_equal(image.pixels, known)


@pytest.mark.parametrize("photometric", ["RGB", "YBR_RCT", "YBR_FULL"])
def test_colour_of_lossless_jpeg_2000_pillow(tmp_path: Path, photometric: str) -> None:
    values = COLOUR if photometric != "YBR_FULL" else convert_color_space(SMOOTH, "RGB", "YBR_FULL")
    code = picture_code(values, "JPEG2000", no_jp2=True, mct=int(photometric == "YBR_RCT"))
    image = read_image(write(tmp_path / "x.dcm", [code], JPEG2000Lossless, values, photometric))
    known, rounding = (LUMA, 1e-9) if photometric != "YBR_FULL" else (SMOOTH @ [0.299, 0.587, 0.114], 1.5)
    assert np.abs(image.pixels - known).max() <= rounding


def test_lossy_jpeg_2000_pillow(tmp_path: Path) -> None:
    code = picture_code(SMOOTH, "JPEG2000", no_jp2=True, irreversible=True)
    image = read_image(write(tmp_path / "x.dcm", [code], JPEG2000, SMOOTH, "YBR_ICT"))
    assert np.abs(image.pixels - SMOOTH @ [0.299, 0.587, 0.114]).max() < 2.5


def test_pairs_share_their_colours_analytic(tmp_path: Path) -> None:
    y, cb, cr = 100, 90, 200
    quads = np.tile(np.array([y, y + 20, cb, cr], np.uint8), 4 * 3)
    picture = np.zeros((4, 6, 3), np.uint8)
    dataset = dataset_of(picture, "YBR_FULL_422", PixelData=quads.tobytes())
    image = read_image(save(dataset, tmp_path / "x.dcm"))
    red, green, blue = y + 1.402 * 72, y + 0.344136 * 38 - 0.714136 * 72, y - 1.772 * 38
    rgb = np.rint([red, green, blue])
    assert np.allclose(image.pixels[:, 0::2], rgb @ [0.299, 0.587, 0.114], rtol=0, atol=1e-9)
    assert np.allclose(image.pixels[:, 1::2], (rgb + 20) @ [0.299, 0.587, 0.114], rtol=0, atol=1e-9)
    assert (image.chroma == rgb.max() - rgb.min()).all()


@pytest.mark.parametrize(("stored_bits", "high"), [(10, 9), (10, 12), (12, 15)])
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("rle", [False, True])
def test_bits_outside_the_stored_ones_are_left_out_analytic(
    tmp_path: Path, stored_bits: int, high: int, signed: bool, rle: bool
) -> None:
    low = high + 1 - stored_bits
    cells = WIDE
    known = (cells.astype(int) >> low) % 2**stored_bits
    if signed:
        known = np.where(known >= 2 ** (stored_bits - 1), known - 2**stored_bits, known)
    dataset = dataset_of(cells, "MONOCHROME2")
    if rle:
        dataset.compress(RLELossless, generate_instance_uid=False, encoding_plugin="pydicom")
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = stored_bits, high, int(signed)
    dataset.save_as(tmp_path / "x.dcm", enforce_file_format=True)
    assert np.array_equal(read_image(tmp_path / "x.dcm").pixels, known)


def test_only_the_wanted_frame_is_unpacked_analytic(tmp_path: Path) -> None:
    codes = [picture_code(GREY, "JPEG2000", no_jp2=True), b"not a code at all", encode_lossless(GREY, 1, 8)]
    path = write(tmp_path / "x.dcm", codes, JPEG2000Lossless, GREY, "MONOCHROME2")
    image = read_image(path, frame=0)
    assert np.array_equal(image.pixels, GREY)
    with pytest.raises(InputError, match=r"^DICOM file must be whole, got a damaged or unsupported one"):
        read_image(path, frame=1)
    frames = [picture_code(GREY + np.uint8(add), "JPEG2000", no_jp2=True) for add in range(3)]
    image = read_image(write(tmp_path / "x.dcm", frames, JPEG2000Lossless, GREY, "MONOCHROME2"), frame=2)
    assert np.array_equal(image.pixels, GREY + np.uint8(2))
    assert image.frame == 2


@pytest.mark.parametrize("n_fragments", [1, 3])
@pytest.mark.parametrize("table", ["basic", "extended", "none"])
def test_frames_in_fragments_pydicom(tmp_path: Path, n_fragments: int, table: str) -> None:
    frames = [GREY, GREY[::-1], 255 - GREY]
    codes = [encode_lossless(values, 1, 8) for values in frames]
    path = write(tmp_path / "x.dcm", codes, JPEGLosslessSV1, GREY, "MONOCHROME2")
    dataset = pydicom.dcmread(path)
    dataset.PixelData = encapsulate(codes, fragments_per_frame=n_fragments, has_bot=table == "basic")
    if table == "extended":
        data, dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = encapsulate_extended(codes)
        dataset.PixelData = data
    dataset.save_as(path, enforce_file_format=True)
    for frame, values in enumerate(frames):
        assert np.array_equal(read_image(path, frame=frame).pixels, values)


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_jpeg_ls_of_every_order_of_samples_analytic(tmp_path: Path, mode: int) -> None:
    import jpeg_ls  # type: ignore[import-untyped]

    data = np.ascontiguousarray(np.moveaxis(COLOUR, 2, 0)) if mode == 0 else COLOUR
    rows, columns = SHAPE
    code = jpeg_ls.encode_buffer(
        data.tobytes(), rows, columns, samples_per_pixel=3, bits_stored=8, lossy_error=0, interleave_mode=mode
    )
    image = read_image(write(tmp_path / "x.dcm", [bytes(code)], JPEGLSLossless, COLOUR, "RGB"))
    assert np.allclose(image.pixels, LUMA, rtol=0, atol=1e-9)
    assert image.chroma is not None
    assert np.array_equal(image.chroma, CHROMA)


@pytest.mark.parametrize(("syntax", "name"), [(HTJ2KLossless, "High-Throughput JPEG 2000"), (MPEG4HP41, "MPEG-4")])
def test_codings_that_are_not_read_are_named_dicom(tmp_path: Path, syntax: str, name: str) -> None:
    path = write(tmp_path / "x.dcm", [b"\xff\xd8\xff\xd9"], syntax, GREY, "MONOCHROME2")
    with pytest.raises(InputError, match=rf"^transfer syntax must be one of those that are read .*, got {name}.*"):
        read_image(path)
