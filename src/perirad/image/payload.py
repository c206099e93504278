"""Whether the pixels announced by a NIfTI or MHA header are really in the file.

The library that reads these files fills what is missing with whatever is in memory, and turns NaN in NIfTI files into
0, both without an error.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from perirad.errors import InputError
from perirad.image.form import Form, damaged

__all__ = ["check_whole"]

_CHUNK = 1 << 20
_NIFTI1_HEADER = 348
_FLOATS = {16: "f4", 64: "f8"}


def check_whole(path: Path, form: Form, n_values: int) -> None:
    """Refuse a file whose pixel data end too early, do not unpack, or (NIfTI) are not finite.

    Parameters
    ----------
    path : Path
        The file.
    form : Form
        Its format; NRRD is left to its own reader, which checks.
    n_values : int
        Number of pixels announced by the header.

    Raises
    ------
    InputError
        When data are missing, damaged, NaN or infinite.
    """
    try:
        if form is Form.NIFTI:
            _check_nifti(path, n_values)
        elif form is Form.META:
            _check_meta(path)
    except (EOFError, OSError, zlib.error, struct.error) as error:
        raise damaged(form, path.name, error) from error


def _check_nifti(path: Path, n_values: int) -> None:
    chunks = _unpacked(path)
    head = next(chunks, b"")
    order = "<" if struct.unpack_from("<i", head)[0] in (_NIFTI1_HEADER, 540) else ">"
    first = struct.unpack_from(f"{order}i", head)[0] == _NIFTI1_HEADER
    (bits,) = struct.unpack_from(f"{order}h", head, 72 if first else 14)
    (offset,) = struct.unpack_from(f"{order}f", head, 108) if first else struct.unpack_from(f"{order}q", head, 168)
    (kind,) = struct.unpack_from(f"{order}h", head, 70 if first else 12)
    needed = int(offset) + n_values * bits // 8
    content = b"".join([head, *chunks]) if kind in _FLOATS else b""
    held = len(content) or len(head) + sum(len(chunk) for chunk in chunks)
    if held < needed:
        raise EOFError(f"{held} of {needed} bytes are there")
    if kind in _FLOATS:
        values = np.frombuffer(content, f"{order}{_FLOATS[kind]}", n_values, int(offset))
        strange = n_values - int(np.count_nonzero(np.isfinite(values)))
        if strange:
            raise InputError("pixel values must be finite", f"{strange} NaN or infinite pixels", file=path.name)


def _unpacked(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _check_meta(path: Path) -> None:
    fields, body = _meta_header(path.read_bytes())
    if fields.get("CompressedData", "").lower() != "true":
        return
    place = fields.get("ElementDataFile", "")
    stream = zlib.decompressobj(wbits=47)
    rest = body if place.upper() == "LOCAL" else (path.parent / place).read_bytes()
    while rest and not stream.eof:
        stream.decompress(rest, _CHUNK)
        rest = stream.unconsumed_tail
    if not stream.eof:
        raise EOFError("packed pixels end too early")


def _meta_header(content: bytes) -> tuple[dict[str, str], bytes]:
    """Return the fields of a MetaImage header, of which ElementDataFile is the last, and what follows it."""
    fields: dict[str, str] = {}
    while content and "ElementDataFile" not in fields:
        line, _, content = content.partition(b"\n")
        key, _, value = line.decode("latin-1").partition("=")
        fields[key.strip()] = value.strip()
    return fields, content
