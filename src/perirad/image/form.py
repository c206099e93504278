"""What kind of file a picture is, told by its first bytes and not by its name."""

from __future__ import annotations

import zlib
from enum import StrEnum
from pathlib import Path

from perirad.errors import InputError

__all__ = ["MAX_PIXELS", "Form", "check_size", "damaged", "form_of", "pick_frame"]

MAX_PIXELS = 64_000_000
"""Largest picture that is read (rows x columns); a guard against damaged or hostile headers."""

_HEAD_BYTES = 352


class Form(StrEnum):
    """File formats that are read."""

    DICOM = "DICOM"
    PNG = "PNG"
    JPEG = "JPEG"
    BMP = "BMP"
    TIFF = "TIFF"
    NIFTI = "NIfTI"
    NRRD = "NRRD"
    META = "MHA"

    @property
    def is_raster(self) -> bool:
        """Whether the format is one of everyday pictures, without millimetres."""
        return self in (Form.PNG, Form.JPEG, Form.BMP, Form.TIFF)

    @property
    def named(self) -> str:
        """The format with its article: a PNG, an NRRD."""
        return f"an {self}" if self in (Form.NRRD, Form.META) else f"a {self}"


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", Form.PNG),
    (b"\xff\xd8\xff", Form.JPEG),
    (b"BM", Form.BMP),
    (b"II*\x00", Form.TIFF),
    (b"MM\x00*", Form.TIFF),
    (b"NRRD0", Form.NRRD),
)


def form_of(path: Path) -> Form:
    """Tell the format of a file by its content.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    InputError
        When there is no such file, it is empty, or its format is none of `Form`.
    """
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise InputError("file must exist", found, file=str(path), mend="check the path")
    try:
        head = _head(path)
    except OSError as error:
        raise InputError("file must be readable", _clause(error), file=path.name) from error
    if not head:
        raise InputError("file must hold a picture", "an empty file", file=path.name, mend="copy or export it again")
    form = _recognise(head, path)
    if form is None:
        kinds = "DICOM, PNG, JPEG, BMP, TIFF, NIfTI, NRRD or MHA"
        raise InputError(f"file must be {kinds}", "another format", file=path.name, mend="export it as one of these")
    return form


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"\x1f\x8b"):
        try:
            return zlib.decompressobj(wbits=31).decompress(head, _HEAD_BYTES)
        except zlib.error:
            return head
    return head[:_HEAD_BYTES]


def _recognise(head: bytes, path: Path) -> Form | None:
    if head[128:132] == b"DICM":
        return Form.DICOM
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if head[344:347] == b"n+1" or head[4:7] == b"n+2":
        return Form.NIFTI
    if b"ObjectType" in head or b"NDims" in head:
        return Form.META
    # Old exports leave out the preamble and begin with the first element of group 0002 or 0008.
    if head[:2] in (b"\x02\x00", b"\x08\x00") and path.suffix.lower() in ("", ".dcm", ".dicom", ".ima"):
        return Form.DICOM
    return None


def check_size(rows: int, columns: int, name: str) -> None:
    """Refuse a picture of more than `MAX_PIXELS` pixels before its pixels are unpacked."""
    if rows * columns > MAX_PIXELS:
        raise InputError(
            f"a picture must have at most {MAX_PIXELS // 1_000_000} million pixels",
            f"{rows} x {columns}",
            file=name,
            mend="export the B-mode image itself",
        )


def pick_frame(n_frames: int, frame: int | None, name: str) -> int:
    """Return the index (from 0) of the frame to read; refuse to choose one of several unasked."""
    if frame is None:
        if n_frames == 1:
            return 0
        raise InputError(
            "one frame must be chosen",
            f"a file of {n_frames} frames",
            file=name,
            mend=f"name the one the lesion was outlined on, frame 0 to {n_frames - 1}, or save it as a file of its own",
        )
    if not 0 <= frame < n_frames:
        raise InputError(f"frame must be 0 to {n_frames - 1}", f"frame={frame}", file=name)
    return frame


def damaged(form: Form, name: str, error: Exception) -> InputError:
    """Error of a file that begins as `form` but cannot be unpacked."""
    return InputError(
        f"{form} file must be whole",
        f"a damaged or unsupported one ({_clause(error)})",
        file=name,
        mend="copy or export it again",
    )


def _clause(error: Exception) -> str:
    """Last line of a library's message, short enough for one line of ours."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[-1] if lines else type(error).__name__
    return text if len(text) <= 120 else text[:117] + "..."
