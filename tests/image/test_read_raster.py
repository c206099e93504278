from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import PIL
import pytest
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.image.image import Box, Source
from perirad.image.read import read_image

GREY = (np.arange(5 * 7).reshape(5, 7) * 7 % 256).astype(np.uint8)
COLOUR = np.random.default_rng(3).integers(0, 256, (5, 7, 4), dtype=np.uint8)
LUMA = COLOUR[..., :3] @ np.array([0.299, 0.587, 0.114])


def write_png(path: Path, width: int, height: int, bits: int, colour: int, rows: bytes) -> Path:
    """Write a PNG byte by byte, for kinds that Pillow reads but does not write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)
    return path


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif"])
def test_grey_comes_back_as_it_is_analytic(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    Pillow.fromarray(GREY).save(path)
    image = read_image(path, spacing_mm=(0.1, 0.2))
    assert image.pixels.dtype == np.float64
    assert np.array_equal(image.pixels, GREY)
    assert (image.spacing_mm, image.field, image.name) == ((0.1, 0.2), Box(0, 0, 5, 7), path.name)
    assert image.calibration.source is Source.STATED


def test_jpeg_keeps_a_flat_picture_analytic(tmp_path: Path) -> None:
    Pillow.fromarray(np.full((16, 24), 100, np.uint8)).save(tmp_path / "x.jpg")
    image = read_image(tmp_path / "x.jpg", spacing_mm=0.1)
    assert image.shape == (16, 24)
    assert np.array_equal(image.pixels, np.full((16, 24), 100.0))


@pytest.mark.parametrize("channels", [3, 4])
def test_colour_becomes_luma_and_alpha_is_ignored_analytic(tmp_path: Path, channels: int) -> None:
    Pillow.fromarray(COLOUR[..., :channels]).save(tmp_path / "x.png")
    assert np.allclose(read_image(tmp_path / "x.png", spacing_mm=0.1).pixels, LUMA, rtol=0, atol=1e-9)


def test_equal_channels_give_exactly_their_value_analytic(tmp_path: Path) -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    Pillow.fromarray(np.stack([levels] * 3, axis=2)).save(tmp_path / "x.png")
    assert np.array_equal(read_image(tmp_path / "x.png", spacing_mm=0.1).pixels, levels)


def test_grey_with_alpha_palette_and_one_bit_analytic(tmp_path: Path) -> None:
    Pillow.fromarray(np.stack([GREY, GREY[::-1]], axis=2)).save(tmp_path / "la.png")
    assert np.array_equal(read_image(tmp_path / "la.png", spacing_mm=0.1).pixels, GREY)

    palette = Pillow.fromarray(np.array([[0, 1, 2]] * 2, np.uint8)).convert("P")
    palette.putpalette([9, 9, 9, 255, 0, 0, 0, 0, 255])
    palette.save(tmp_path / "p.png")
    found = read_image(tmp_path / "p.png", spacing_mm=0.1).pixels
    assert np.allclose(found, [[9.0, 0.299 * 255, 0.114 * 255]] * 2, rtol=0, atol=1e-9)

    Pillow.fromarray(GREY > 99).save(tmp_path / "bit.png")
    assert np.array_equal(read_image(tmp_path / "bit.png", spacing_mm=0.1).pixels, GREY > 99)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bits_stay_sixteen_bits_analytic(tmp_path: Path, suffix: str) -> None:
    values = (np.arange(35).reshape(5, 7) * 1801).astype(np.uint16)
    Pillow.fromarray(values).save(tmp_path / f"x.{suffix}")
    assert np.array_equal(read_image(tmp_path / f"x.{suffix}", spacing_mm=0.1).pixels, values)


def test_print_density_is_not_a_spacing_analytic(tmp_path: Path) -> None:
    for name in ("x.png", "x.jpg"):
        Pillow.fromarray(GREY).save(tmp_path / name, dpi=(254, 254))
        with pytest.raises(
            InputError, match=rf"got a {name[2:].upper().replace('JPG', 'JPEG')} file, which carries none"
        ):
            read_image(tmp_path / name)


def test_missing_spacing_is_explained_analytic(tmp_path: Path) -> None:
    Pillow.fromarray(GREY).save(tmp_path / "case014.png")
    with pytest.raises(InputError) as caught:
        read_image(tmp_path / "case014.png")
    assert str(caught.value) == (
        "pixel spacing must be known, got a PNG file, which carries none (case014.png):"
        " add a spacing_mm column (millimetres per pixel), or set [calibration] assumed_mm"
    )


def test_assumed_spacing_says_so_analytic(tmp_path: Path) -> None:
    Pillow.fromarray(GREY).save(tmp_path / "x.png")
    calibration = read_image(tmp_path / "x.png", spacing_mm=0.1, assumed=True).calibration
    assert calibration.source is Source.ASSUMED
    assert calibration.detail == "assumed to be 0.1 x 0.1 mm (row, column); the true spacing is not known"
    with pytest.raises(InputError, match="assumed spacing must be a number"):
        read_image(tmp_path / "x.png", assumed=True)


@pytest.mark.parametrize("spacing", [0.0, -0.1, float("nan"), float("inf"), (0.1, 0.0), (0.1, 0.1, 0.1)])
def test_impossible_spacing_is_named_analytic(tmp_path: Path, spacing: float | tuple[float, float]) -> None:
    Pillow.fromarray(GREY).save(tmp_path / "x.png")
    with pytest.raises(InputError, match=r"pixel spacing must be positive, got spacing_mm="):
        read_image(tmp_path / "x.png", spacing_mm=spacing)


def test_content_counts_not_the_suffix_analytic(tmp_path: Path) -> None:
    Pillow.fromarray(GREY).save(tmp_path / "x.png")
    path = (tmp_path / "x.png").rename(tmp_path / "x.dcm")
    assert np.array_equal(read_image(path, spacing_mm=0.1).pixels, GREY)


def test_missing_empty_and_foreign_files_are_named_analytic(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^file must exist, got no such file \(.*nowhere.png\): check the path$"):
        read_image(tmp_path / "nowhere.png", spacing_mm=0.1)
    with pytest.raises(InputError, match=r"^file must exist, got a folder"):
        read_image(tmp_path, spacing_mm=0.1)
    (tmp_path / "x.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"^file must hold a picture, got an empty file \(x.png\)"):
        read_image(tmp_path / "x.png", spacing_mm=0.1)
    for content in (b"%PDF-1.7 not a picture", b"GIF89a", b"\x1f\x8bnot gzip"):
        (tmp_path / "x.png").write_bytes(content)
        with pytest.raises(InputError, match=r"NIfTI, NRRD or MHA, got another format \(x.png\)"):
            read_image(tmp_path / "x.png", spacing_mm=0.1)


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tif"])
def test_truncated_file_is_named_analytic(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (40, 50), dtype=np.uint8)
    path = tmp_path / f"x.{suffix}"
    Pillow.fromarray(noise).save(path)
    content = path.read_bytes()
    for kept in (len(content) // 2, 60, 20):
        path.write_bytes(content[:kept])
        with pytest.raises(InputError, match=r"file must be whole, got a damaged or unsupported one \(.*x\.\w+\)"):
            read_image(path, spacing_mm=0.1)


def test_damaged_png_is_named_analytic(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (40, 50), dtype=np.uint8)
    Pillow.fromarray(noise).save(tmp_path / "x.png")
    content = bytearray((tmp_path / "x.png").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(InputError, match="PNG file must be whole"):
        read_image(tmp_path / "x.png", spacing_mm=0.1)


@pytest.mark.parametrize("size", [8_001, 12_000, 60_000])
def test_decompression_bomb_is_refused_analytic(tmp_path: Path, size: int) -> None:
    path = write_png(tmp_path / "x.png", size, size, 8, 0, b"\0")
    with pytest.raises(InputError, match=r"^a picture must have at most 64 million pixels, got .*\(x.png\)"):
        read_image(path, spacing_mm=0.1)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_several_frames_need_a_choice_analytic(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    frames = [Pillow.fromarray((GREY + add).astype(np.uint8)) for add in (0, 1, 2)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    with pytest.raises(InputError) as caught:
        read_image(path, spacing_mm=0.1)
    assert str(caught.value) == (
        f"one frame must be chosen, got a file of 3 frames (x.{suffix}):"
        " name the one the lesion was outlined on, frame 0 to 2, or save it as a file of its own"
    )
    assert np.array_equal(read_image(path, spacing_mm=0.1, frame=2).pixels, GREY + 2)
    with pytest.raises(InputError, match=r"^frame must be 0 to 2, got frame=3 "):
        read_image(path, spacing_mm=0.1, frame=3)


@pytest.mark.parametrize(("colour", "channels"), [(2, 3), (6, 4), (4, 2)])
def test_sixteen_bit_colour_is_refused_not_halved_analytic(tmp_path: Path, colour: int, channels: int) -> None:
    path = write_png(tmp_path / "x.png", 1, 1, 16, colour, b"\0" + b"\x12\x34" * channels)
    with pytest.raises(InputError, match=r"^colour must have 8 bits a channel, got 16 bits \(x.png\)"):
        read_image(path, spacing_mm=0.1)


def test_print_colours_are_refused_analytic(tmp_path: Path) -> None:
    Pillow.new("CMYK", (4, 4)).save(tmp_path / "x.jpg")
    with pytest.raises(InputError, match=r"^colours must be grey, palette or RGB, got mode CMYK \(x.jpg\)"):
        read_image(tmp_path / "x.jpg", spacing_mm=0.1)


def test_orientation_note_is_refused_analytic(tmp_path: Path) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    Pillow.fromarray(GREY).save(tmp_path / "x.jpg", exif=exif)
    with pytest.raises(InputError, match=r"^a picture must be stored upright, got an orientation note"):
        read_image(tmp_path / "x.jpg", spacing_mm=0.1)


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "jpg"])
def test_decoder_chroma_and_frame_analytic(tmp_path: Path, suffix: str) -> None:
    path, form = tmp_path / f"x.{suffix}", {"tif": "TIFF", "jpg": "JPEG"}.get(suffix, suffix.upper())
    Pillow.fromarray(GREY).save(path)
    image = read_image(path, spacing_mm=0.1)
    assert (image.chroma, image.frame, image.others) == (None, 0, ())
    assert image.decoder == f"{form}, by Pillow {PIL.__version__}"
    Pillow.fromarray(COLOUR[..., :3]).save(path)
    image = read_image(path, spacing_mm=0.1)
    assert image.chroma is not None
    if suffix != "jpg":
        assert np.array_equal(image.chroma, COLOUR[..., :3].max(axis=2) - COLOUR[..., :3].min(axis=2))


def test_equal_channels_have_chroma_zero_and_grey_none_analytic(tmp_path: Path) -> None:
    Pillow.fromarray(np.stack([GREY] * 3, axis=2)).save(tmp_path / "x.png")
    image = read_image(tmp_path / "x.png", spacing_mm=0.1)
    assert image.chroma is not None
    assert not image.chroma.any()
    for picture in (GREY, GREY > 99, GREY.astype(np.uint16), np.stack([GREY, GREY], axis=2)):
        Pillow.fromarray(picture).save(tmp_path / "x.png")
        assert read_image(tmp_path / "x.png", spacing_mm=0.1).chroma is None


def test_chroma_of_a_palette_analytic(tmp_path: Path) -> None:
    palette = Pillow.fromarray(np.array([[0, 1, 2]] * 2, np.uint8)).convert("P")
    palette.putpalette([9, 9, 9, 255, 0, 0, 20, 0, 255])
    palette.save(tmp_path / "p.png")
    image = read_image(tmp_path / "p.png", spacing_mm=0.1)
    assert image.chroma is not None
    assert image.chroma.tolist() == [[0, 255, 255]] * 2


def test_later_frame_is_recorded_analytic(tmp_path: Path) -> None:
    frames = [Pillow.fromarray((GREY + add).astype(np.uint8)) for add in (0, 1, 2)]
    frames[0].save(tmp_path / "x.png", save_all=True, append_images=frames[1:])
    assert read_image(tmp_path / "x.png", spacing_mm=0.1, frame=1).frame == 1


def test_print_colours_of_jpeg_in_ycck_are_refused_analytic(tmp_path: Path) -> None:
    Pillow.new("CMYK", (16, 16), (10, 20, 30, 40)).save(tmp_path / "x.jpg")
    content = (tmp_path / "x.jpg").read_bytes()
    adobe = content.index(b"Adobe")
    # The transform of the Adobe marker: 2 says YCCK.
    (tmp_path / "x.jpg").write_bytes(content[: adobe + 11] + b"\2" + content[adobe + 12 :])
    with pytest.raises(InputError, match=r"^colours must be grey, palette or RGB, got mode CMYK \(x.jpg\)"):
        read_image(tmp_path / "x.jpg", spacing_mm=0.1)


def test_turned_colour_picture_is_refused_for_png_too_analytic(tmp_path: Path) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 8
    Pillow.fromarray(COLOUR[..., :3]).save(tmp_path / "x.png", exif=exif)
    with pytest.raises(InputError, match=r"^a picture must be stored upright, got an orientation note"):
        read_image(tmp_path / "x.png", spacing_mm=0.1)
