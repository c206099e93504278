"""Slow, obvious JPEG encoders for what no library at hand writes (ITU-T T.81, annexes F and H)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["encode_flat_blocks", "encode_lossless"]

_CODE_BITS = 5
"""Every Huffman code has five bits, which is enough for 17 categories."""


def encode_lossless(values: NDArray[Any], predictor: int, precision: int, marker: bytes = b"") -> bytes:
    """Encode (row, column) or (row, column, 3) of unsigned numbers as JPEG lossless (process 14)."""
    planes = values.astype(np.int64)[..., None] if values.ndim == 2 else values.astype(np.int64)
    bits = "".join(_difference(d) for d in _differences(planes, predictor, precision))
    head = _frame(b"\xff\xc3", planes.shape, precision) + _table(0, range(17), _CODE_BITS)
    return b"\xff\xd8" + marker + head + _scan(planes.shape[2], predictor, 0) + _packed(bits) + b"\xff\xd9"


def encode_flat_blocks(levels: NDArray[Any]) -> bytes:
    """Encode one 12-bit level (0-4095) per block of 8 x 8 pixels as JPEG extended (process 4)."""
    bits, before = "", 0
    for level in levels.ravel().tolist():
        # The first coefficient of a flat block is 8 times its level, and the step is 8; "0" ends the block.
        bits += _difference(level - 2048 - before) + "0"
        before = level - 2048
    rows, columns = levels.shape
    steps = b"\xff\xdb" + struct.pack(">HB64B", 67, 0, *[8] * 64)
    head = steps + _frame(b"\xff\xc1", (8 * rows, 8 * columns, 1), 12) + _table(0, range(16), _CODE_BITS)
    return b"\xff\xd8" + head + _table(0x10, range(1), 1) + _scan(1, 0, 63) + _packed(bits) + b"\xff\xd9"


def _differences(planes: NDArray[np.int64], predictor: int, precision: int) -> Iterator[int]:
    rows, columns, n_planes = planes.shape
    for row in range(rows):
        for column in range(columns):
            for plane in range(n_planes):
                known = _predict(planes[..., plane], row, column, predictor, precision)
                difference = (int(planes[row, column, plane]) - known) & 0xFFFF
                yield difference - 0x10000 if difference > 0x8000 else difference


def _predict(x: NDArray[np.int64], row: int, column: int, predictor: int, precision: int) -> int:
    if row == 0:
        return int(x[0, column - 1]) if column else 1 << (precision - 1)
    b = int(x[row - 1, column])
    if column == 0:
        return b
    a, c = int(x[row, column - 1]), int(x[row - 1, column - 1])
    return [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1][predictor]


def _difference(value: int) -> str:
    category = abs(value).bit_length() if value != 0x8000 else 16
    code = format(category, f"0{_CODE_BITS}b")
    if category in (0, 16):
        return code
    return code + format(value if value > 0 else value + (1 << category) - 1, f"0{category}b")


def _frame(mark: bytes, shape: tuple[int, ...], precision: int) -> bytes:
    rows, columns, n_planes = shape
    body = struct.pack(">BHHB", precision, rows, columns, n_planes)
    body += b"".join(bytes([plane + 1, 0x11, 0]) for plane in range(n_planes))
    return mark + struct.pack(">H", len(body) + 2) + body


def _table(kind: int, symbols: range, code_bits: int) -> bytes:
    counts = [len(symbols) if bits == code_bits else 0 for bits in range(1, 17)]
    body = bytes([kind, *counts, *symbols])
    return b"\xff\xc4" + struct.pack(">H", len(body) + 2) + body


def _scan(n_planes: int, start: int, end: int) -> bytes:
    body = bytes([n_planes]) + b"".join(bytes([plane + 1, 0]) for plane in range(n_planes)) + bytes([start, end, 0])
    return b"\xff\xda" + struct.pack(">H", len(body) + 2) + body


def _packed(bits: str) -> bytes:
    bits += "1" * (-len(bits) % 8)
    whole = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    return whole.replace(b"\xff", b"\xff\x00")
