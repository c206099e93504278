"""Compressed DICOM pixels: which library unpacks which transfer syntax.

The choice is fixed, so that the same file gives the same pixels on every computer, whatever else is installed there.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import Image as Pillow
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.utils import get_j2k_parameters

from perirad.errors import InputError
from perirad.image.dicom_layout import Layout
from perirad.image.dicom_native import rle_frame, significant
from perirad.image.jpeg_header import JpegHeader, jpeg_header

__all__ = ["Unpacked", "unpack"]

_JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
_JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57"


@dataclass(frozen=True)
class Unpacked:
    """One frame's samples.

    Parameters
    ----------
    values : ndarray of whole numbers, shape (n_rows, n_columns) or (n_rows, n_columns, 3)
        Stored values.
    photometric : str
        Their colours, which a decoder may have changed to RGB.
    library : str
        Library and version that unpacked them.
    """

    values: NDArray[Any]
    photometric: str
    library: str


def unpack(code: bytes, layout: Layout) -> Unpacked:
    """Unpack one compressed frame.

    Parameters
    ----------
    code : bytes
        The frame's code.
    layout : Layout
        What the header says of it.

    Raises
    ------
    InputError
        When the transfer syntax is not read, or the code contradicts the header.
    ValueError, OSError, RuntimeError
        When the code is damaged, from the library that unpacks it.
    """
    _, function = SYNTAXES[layout.syntax]
    return function(code, layout)


def _rle(code: bytes, layout: Layout) -> Unpacked:
    return Unpacked(significant(rle_frame(code, layout), layout), layout.photometric, "perirad")


def _jpeg(code: bytes, layout: Layout) -> Unpacked:
    """Go by what the code says it is: writers confuse the transfer syntaxes of JPEG."""
    header = jpeg_header(code)
    _check_header(header, layout)
    if header.lossless or header.precision > 8:
        return _toolkit(code, header, layout)
    return _jpeg_by_pillow(code, header, layout)


def _jpeg_by_pillow(code: bytes, header: JpegHeader, layout: Layout) -> Unpacked:
    with Pillow.open(io.BytesIO(code), formats=["JPEG"]) as picture:
        if layout.samples == 3 and header.colours is None and layout.photometric == "RGB":
            # Where the code says nothing the library takes it for YCbCr; this asks for the samples as they are.
            picture.draft("YCbCr", picture.size)
        values = np.asarray(picture)
    photometric = layout.photometric if layout.samples == 1 else "RGB"
    return Unpacked(_lowest(values, layout, layout.stored), photometric, f"Pillow {PIL.__version__}")


def _jpeg_ls(code: bytes, layout: Layout) -> Unpacked:
    import jpeg_ls  # type: ignore[import-untyped]  # noqa: PLC0415  (few files need it)

    header = jpeg_header(code)
    _check_header(header, layout)
    buffer, info = jpeg_ls.decode_pixel_data(code)
    values = np.frombuffer(buffer, np.uint8 if header.precision <= 8 else np.uint16)
    if layout.samples == 1:
        values = values.reshape(layout.shape)
    elif info["interleave_mode"] == 0:
        values = np.moveaxis(values.reshape(3, *layout.shape), 0, 2)
    else:
        values = values.reshape(*layout.shape, 3)
    return Unpacked(_lowest(values, layout, layout.stored), layout.photometric, f"pyjpegls {jpeg_ls.__version__}")


def _jpeg_2000(code: bytes, layout: Layout) -> Unpacked:
    told = get_j2k_parameters(code)
    precision, signed = int(told["precision"]), bool(told["is_signed"])
    most = 8 if layout.samples == 3 else 16
    if not 1 <= precision <= most:
        raise InputError(f"JPEG 2000 must have at most {most} bits", f"{precision} bits", file=layout.name, mend=_MEND)
    with _open_jpeg_2000(code) as picture:
        width, height = picture.size
        _check_size(height, width, len(picture.getbands()), layout)
        values = np.asarray(picture).astype(np.int32)
    # The library moves the values up to fill 8 or 16 bits, and signed ones up to begin at 0.
    values >>= (8 if precision <= 8 else 16) - precision
    if signed:
        values -= 1 << (precision - 1)
    photometric = "RGB" if layout.photometric in ("YBR_RCT", "YBR_ICT") else layout.photometric
    return Unpacked(_lowest(values, layout, precision), photometric, f"Pillow {PIL.__version__}")


def _open_jpeg_2000(code: bytes) -> Pillow.Image:
    try:
        return Pillow.open(io.BytesIO(code), formats=["JPEG2000"])
    except Pillow.DecompressionBombError as error:
        raise ValueError("a frame far larger than its header says") from error


def _lowest(values: NDArray[Any], layout: Layout, bits: int) -> NDArray[Any]:
    """Return the lowest `bits` bits, as two's complement where the header says signed."""
    if not layout.signed and values.dtype.kind == "u" and 8 * values.itemsize <= bits:
        return values
    wide = values.astype(np.int32) & ((1 << bits) - 1)
    return wide - ((wide >> (bits - 1)) << bits) if layout.signed else wide


def _toolkit(code: bytes, header: JpegHeader, layout: Layout) -> Unpacked:
    """Unpack lossless and 12-bit JPEG by the toolkit inside SimpleITK, from a file that holds this frame alone.

    The file says RGB or MONOCHROME2 and no sign, so that the toolkit hands out the samples without touching them.
    """
    import SimpleITK  # noqa: PLC0415  (few files need it)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.dcm"
        _single(code, header).save_as(path, enforce_file_format=True)
        reader = SimpleITK.ImageFileReader()
        reader.SetImageIO("GDCMImageIO")
        reader.SetFileName(str(path))
        with _quiet():
            values: NDArray[Any] = SimpleITK.GetArrayFromImage(reader.Execute())
    shape = layout.shape if layout.samples == 1 else (*layout.shape, 3)
    values = _lowest(values.reshape(shape), layout, layout.stored)
    return Unpacked(values, layout.photometric, f"SimpleITK {SimpleITK.__version__}")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the toolkit's remarks off the terminal: it tries its 8-bit decoder first, and says that it failed."""
    if sys.stderr is None:  # a program without a terminal
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _single(code: bytes, header: JpegHeader) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = _JPEG_LOSSLESS if header.lossless else _JPEG_EXTENDED
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "2.25.1"
    dataset.Rows, dataset.Columns = header.rows, header.columns
    dataset.SamplesPerPixel = len(header.components)
    dataset.PhotometricInterpretation = "RGB" if dataset.SamplesPerPixel == 3 else "MONOCHROME2"
    if dataset.SamplesPerPixel == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsStored, dataset.HighBit = header.precision, header.precision - 1
    dataset.BitsAllocated = 8 if header.precision <= 8 else 16
    dataset.PixelRepresentation = 0
    dataset.PixelData = encapsulate([code])
    return dataset


def _check_header(header: JpegHeader, layout: Layout) -> None:
    _check_size(header.rows, header.columns, len(header.components), layout)
    # Lossless codes may carry old overlay bits above the stored ones; lossy codes cannot.
    room = layout.allocated if header.lossless else layout.stored
    if header.precision > room:
        found = f"{header.precision} bits for {room}"
        raise InputError("a frame must be coded as its header says", found, file=layout.name, mend=_MEND)


def _check_size(rows: int, columns: int, samples: int, layout: Layout) -> None:
    if (rows, columns, samples) != (*layout.shape, layout.samples):
        told = f"{layout.rows} x {layout.columns} x {layout.samples}"
        raise InputError(
            f"a frame must be coded as its header says, {told} (rows x columns x samples)",
            f"{rows} x {columns} x {samples}",
            file=layout.name,
            mend=_MEND,
        )


_MEND = "export it again, uncompressed"

SYNTAXES: dict[str, tuple[str, Callable[[bytes, Layout], Unpacked]]] = {
    "1.2.840.10008.1.2.5": ("RLE Lossless", _rle),
    "1.2.840.10008.1.2.4.50": ("JPEG Baseline", _jpeg),
    _JPEG_EXTENDED: ("JPEG Extended", _jpeg),
    _JPEG_LOSSLESS: ("JPEG Lossless", _jpeg),
    "1.2.840.10008.1.2.4.70": ("JPEG Lossless SV1", _jpeg),
    "1.2.840.10008.1.2.4.80": ("JPEG-LS Lossless", _jpeg_ls),
    "1.2.840.10008.1.2.4.81": ("JPEG-LS Near-Lossless", _jpeg_ls),
    "1.2.840.10008.1.2.4.90": ("JPEG 2000 Lossless", _jpeg_2000),
    "1.2.840.10008.1.2.4.91": ("JPEG 2000", _jpeg_2000),
}
"""Compressed transfer syntaxes that are read: short name, and what unpacks them."""
