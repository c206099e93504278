"""What a JPEG or JPEG-LS code says of itself before its pixels begin (ITU-T T.81, annex B; T.87, annex C)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

__all__ = ["JpegHeader", "jpeg_header"]

_LOSSLESS = 0xC3
_JPEG_LS = 0xF7
_FRAMES = frozenset({*range(0xC0, 0xD0), _JPEG_LS} - {0xC4, 0xC8, 0xCC})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN = 0xDA
_JFIF = 0xE0
_ADOBE = 0xEE


@dataclass(frozen=True)
class JpegHeader:
    """Size, precision and colour marking of a JPEG code.

    Parameters
    ----------
    process : int
        Marker of the frame header: 0xC0 baseline, 0xC1 extended, 0xC2 progressive, 0xC3 lossless, 0xF7 JPEG-LS.
    rows, columns, precision : int
        Size in pixels, bits per sample.
    components : tuple of int
        Identifiers of the components.
    jfif : bool
        Whether a JFIF marker stands before the frame header.
    adobe : int or None
        Transform of the Adobe marker: 0 none, 1 YCbCr; None when there is no such marker.
    """

    process: int
    rows: int
    columns: int
    precision: int
    components: tuple[int, ...]
    jfif: bool
    adobe: int | None

    @property
    def lossless(self) -> bool:
        """Whether the code is JPEG lossless (process 14), not JPEG-LS."""
        return self.process == _LOSSLESS

    @property
    def colours(self) -> str | None:
        """The colours that the code itself claims: "RGB", "YBR_FULL", or None when it says nothing."""
        if self.jfif:
            return "YBR_FULL"
        if self.adobe is not None:
            return "YBR_FULL" if self.adobe == 1 else "RGB"
        return "RGB" if bytes(self.components) == b"RGB" else None


def jpeg_header(code: bytes) -> JpegHeader:
    """Read the header of a JPEG or JPEG-LS code.

    Parameters
    ----------
    code : bytes
        From the start-of-image marker on.

    Raises
    ------
    ValueError
        When there is no frame header.
    """
    if code[:2] != b"\xff\xd8":
        raise ValueError("no JPEG code")
    jfif, adobe, at = False, None, 2
    while at + 4 <= len(code):
        mark = code[at + 1]
        if code[at] != 0xFF or mark == _START_OF_SCAN:
            break
        if mark == 0xFF or mark in _WITHOUT_LENGTH:
            at += 1 if mark == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", code, at + 2)
        body = code[at + 4 : at + 2 + length]
        if mark in _FRAMES:
            return _frame(mark, body, jfif, adobe)
        if mark == _JFIF and body.startswith(b"JFIF\0"):
            jfif = True
        elif mark == _ADOBE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
        at += 2 + length
    raise ValueError("a JPEG code without a frame header")


def _frame(mark: int, body: bytes, jfif: bool, adobe: int | None) -> JpegHeader:
    precision, rows, columns, n_components = struct.unpack_from(">BHHB", body)
    return JpegHeader(mark, rows, columns, precision, tuple(body[6 : 6 + 3 * n_components : 3]), jfif, adobe)
