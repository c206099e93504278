"""One frame of a DICOM file as grey and chroma."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.encaps import get_frame, parse_fragments

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.image.dicom_codecs import SYNTAXES, Unpacked, unpack
from perirad.image.dicom_layout import YBR, Layout, layout_of
from perirad.image.dicom_native import native_frame, significant
from perirad.image.dicom_palette import look_up
from perirad.image.form import pick_frame
from perirad.image.grey import chroma, luma

__all__ = ["Frame", "read_frame"]

_NATIVE = {
    "1.2.840.10008.1.2": "Implicit VR Little Endian",
    "1.2.840.10008.1.2.1": "Explicit VR Little Endian",
    "1.2.840.10008.1.2.1.99": "Deflated Explicit VR Little Endian",
    "1.2.840.10008.1.2.2": "Explicit VR Big Endian",
}


@dataclass(frozen=True)
class Frame:
    """One frame.

    Parameters
    ----------
    grey : ndarray of float64, shape (n_rows, n_columns)
        Stored values; MONOCHROME1 turned so that large is bright, colour and palettes by BT.601 luma.
    chroma : ndarray of uint8, shape (n_rows, n_columns), or None
        As in `Image`.
    decoder : str
        Transfer syntax, and the library that unpacked it.
    index : int
        Which frame this is, from 0.
    """

    grey: FloatArray
    chroma: NDArray[np.uint8] | None
    decoder: str
    index: int


def read_frame(dataset: Any, frame: int | None, name: str) -> Frame:
    """Unpack one frame of an open DICOM file, and no other.

    Parameters
    ----------
    dataset : pydicom.Dataset
        The file, with Pixel Data.
    frame : int or None
        Which frame of several, from 0.
    name : str
        File name, for messages.

    Returns
    -------
    Frame
        Window, rescale and presentation settings are not applied.

    Raises
    ------
    InputError
        When a frame must be chosen, pixel data are missing, or the layout, colours or transfer syntax are not read.

    Notes
    -----
    YBR_FULL and YBR_FULL_422 become RGB by PS3.3, section C.7.6.3.1.2, once: by the JPEG library where the code is
    JPEG, here otherwise. What the code of a JPEG says of its own colours (JFIF and Adobe markers, component names)
    goes before what the header says.
    """
    layout = layout_of(dataset, name)
    index = pick_frame(layout.frames, frame, name)
    unpacked = _unpack(dataset, layout, index)
    grey, colours = _grey(unpacked, dataset, layout)
    return Frame(grey, colours, f"{_syntax_name(layout.syntax)}, by {unpacked.library}", index)


def _syntax_name(syntax: str) -> str:
    return _NATIVE[syntax] if syntax in _NATIVE else SYNTAXES[syntax][0]


def _unpack(dataset: Any, layout: Layout, index: int) -> Unpacked:
    if layout.syntax in _NATIVE:
        cells = native_frame(dataset.PixelData, layout, index, words=dataset["PixelData"].VR == "OW")
        return Unpacked(significant(cells, layout), layout.photometric, f"pydicom {pydicom.__version__}")
    if layout.syntax not in SYNTAXES:
        raise InputError(
            "transfer syntax must be one of those that are read (uncompressed, RLE, JPEG, JPEG-LS, JPEG 2000)",
            str(pydicom.uid.UID(layout.syntax).name)[:80],
            file=layout.name,
            mend="export it uncompressed (Explicit VR Little Endian), a video as single frames",
        )
    return unpack(_code(dataset, layout, index), layout)


def _code(dataset: Any, layout: Layout, index: int) -> bytes:
    """Return the code of one frame."""
    data = dataset.PixelData
    stream = io.BytesIO(data)
    stream.seek(_offset_table(data))
    n_fragments, _ = parse_fragments(stream)
    if n_fragments < layout.frames:
        raise InputError(
            f"pixel data must hold {layout.frames} frame{'s' * (layout.frames > 1)}",
            f"{n_fragments} fragments",
            file=layout.name,
            mend="copy or export it again",
        )
    table = dataset.get("ExtendedOffsetTable"), dataset.get("ExtendedOffsetTableLengths")
    code: bytes = get_frame(data, index, number_of_frames=layout.frames, extended_offsets=table if all(table) else None)
    return code


def _offset_table(data: bytes) -> int:
    """Return the length of the Basic Offset Table item, which comes before the fragments."""
    return 8 + int.from_bytes(data[4:8], "little")


def _grey(unpacked: Unpacked, dataset: Any, layout: Layout) -> tuple[FloatArray, NDArray[np.uint8] | None]:
    values, white = unpacked.values, (1 << layout.stored) - 1
    if layout.photometric == "PALETTE COLOR":
        values, white = look_up(values, dataset, layout)
    elif unpacked.photometric in YBR:
        values = _rgb(values, white)
    if values.ndim == 3:
        return luma(values), chroma(values, white)
    grey = values.astype(np.float64)
    if layout.photometric == "MONOCHROME1":
        grey = (-1.0 if layout.signed else float(white)) - grey
    return grey, None


def _rgb(ybr: NDArray[Any], white: int) -> NDArray[Any]:
    """Return RGB of full-range YBR, rounded; what lies outside the cube of colours is brought to its surface."""
    brightness, blue, red = (ybr[..., channel].astype(np.float64) for channel in range(3))
    blue, red = blue - (white + 1) / 2, red - (white + 1) / 2
    channels = brightness + 1.402 * red, brightness - 0.344136 * blue - 0.714136 * red, brightness + 1.772 * blue
    rgb = np.empty(ybr.shape, np.uint8 if white <= 255 else np.uint16)
    for channel, values in enumerate(channels):
        rgb[..., channel] = np.rint(np.clip(values, 0.0, white))
    return rgb
