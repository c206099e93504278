"""Uncompressed and run-length coded DICOM pixels."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.dicom_layout import Layout

__all__ = ["native_frame", "rle_frame", "significant"]

_RLE_HEADER = 64


def native_frame(data: bytes, layout: Layout, frame: int, words: bool) -> NDArray[Any]:
    """Cut one frame out of uncompressed Pixel Data.

    Parameters
    ----------
    data : bytes
        The whole element.
    layout : Layout
        What the header says of it.
    frame : int
        Which frame, from 0.
    words : bool
        Whether the element is written in 16-bit words (OW), which matters in big-endian files of 8-bit pixels.

    Returns
    -------
    ndarray of unsigned whole numbers, shape (n_rows, n_columns) or (n_rows, n_columns, 3)
        Cells as stored, unused bits included; YBR_FULL_422 with its colours repeated for both pixels of a pair.

    Raises
    ------
    InputError
        When the element is too short for the frames announced.
    """
    halved = layout.photometric == "YBR_FULL_422"
    if halved and layout.columns % 2:
        raise InputError(
            "YBR_FULL_422 needs an even number of columns", str(layout.columns), file=layout.name, mend="export as RGB"
        )
    samples = 2 if halved else layout.samples
    count = layout.rows * layout.columns * samples
    length = count * layout.allocated // 8
    if len(data) < length * layout.frames:
        raise InputError(
            f"pixel data must hold {layout.frames} frame{'s' * (layout.frames > 1)} of {length} bytes",
            f"{len(data)} bytes",
            file=layout.name,
            mend="copy or export it again",
        )
    cells = np.frombuffer(_in_bytes(data, layout, words), _cell(layout), count, length * frame)
    return _pairs(cells, layout) if halved else _in_pixels(cells, layout)


def _cell(layout: Layout) -> str:
    return f"{'>' if layout.big_endian else '<'}u{layout.allocated // 8}"


def _in_bytes(data: bytes, layout: Layout, words: bool) -> bytes:
    if not (layout.big_endian and layout.allocated == 8 and words):
        return data
    return np.frombuffer(data[: len(data) // 2 * 2], np.uint16).byteswap().tobytes()


def _in_pixels(cells: NDArray[Any], layout: Layout) -> NDArray[Any]:
    if layout.samples == 1:
        return cells.reshape(layout.shape)
    if layout.planar:
        return np.moveaxis(cells.reshape(layout.samples, *layout.shape), 0, 2)
    return cells.reshape(*layout.shape, layout.samples)


def _pairs(cells: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Return the three samples of each pixel from Y, Y, Cb, Cr of each pair."""
    quads = cells.reshape(layout.rows, layout.columns // 2, 4)
    whole = np.empty((*layout.shape, 3), cells.dtype)
    whole[:, 0::2, 0], whole[:, 1::2, 0] = quads[..., 0], quads[..., 1]
    for channel in (1, 2):
        whole[..., channel] = np.repeat(quads[..., channel + 1], 2, axis=1)
    return whole


def rle_frame(code: bytes, layout: Layout) -> NDArray[Any]:
    """Unpack one frame of RLE Lossless (DICOM PS3.5, annex G).

    Parameters
    ----------
    code : bytes
        The frame's code.
    layout : Layout
        What the header says of it.

    Returns
    -------
    ndarray of unsigned whole numbers, shape (n_rows, n_columns) or (n_rows, n_columns, 3)
        Cells as stored.

    Raises
    ------
    ValueError
        When the code is damaged.
    """
    size = layout.allocated // 8
    n_segments, *offsets = struct.unpack_from("<16L", code)
    if n_segments != size * layout.samples:
        raise ValueError(f"{n_segments} run-length segments for {size * layout.samples} bytes a pixel")
    ends = [*offsets[1:n_segments], len(code)]
    if offsets[0] < _RLE_HEADER or any(start > end for start, end in zip(offsets, ends, strict=False)):
        raise ValueError("run-length segments out of order")
    length = layout.rows * layout.columns
    planes = [_unpacked(code[start:end], length) for start, end in zip(offsets, ends, strict=False)]
    # Each sample is kept as its bytes, the most significant first, each in a plane of its own.
    cells = np.stack([np.frombuffer(plane, np.uint8) for plane in planes], axis=1)
    whole = np.ascontiguousarray(cells).view(f">u{size}")
    return whole.reshape(layout.shape if layout.samples == 1 else (*layout.shape, layout.samples))


def _unpacked(code: bytes, length: int) -> bytes:
    """Undo PackBits, up to `length` bytes and no further."""
    out = bytearray()
    at = 0
    while len(out) < length:
        if at >= len(code):
            raise ValueError(f"run-length code ends after {len(out)} of {length} pixels")
        head = code[at]
        if head < 128:
            out += code[at + 1 : at + head + 2]
            at += head + 2
        elif head > 128:
            out += code[at + 1 : at + 2] * (257 - head)
            at += 2
        else:
            at += 1
    return bytes(out[:length])


def significant(cells: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Return the values in the bits from High Bit down; what old files keep in the other bits (overlays) is left out.

    Parameters
    ----------
    cells : ndarray of unsigned whole numbers
        Cells as stored.
    layout : Layout
        Bits Stored, High Bit and Pixel Representation.
    """
    if layout.stored == layout.allocated and not layout.signed:
        return cells
    values = cells.astype(np.int32) >> (layout.high + 1 - layout.stored)
    values &= (1 << layout.stored) - 1
    if layout.signed:
        values -= (values >> (layout.stored - 1)) << layout.stored
    return values
