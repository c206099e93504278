"""What kind of file a picture or an outline is, told by its first bytes and not by its name."""

from __future__ import annotations

import zlib
from enum import StrEnum
from pathlib import Path

from perirad.errors import InputError

__all__ = ["MAX_PIXELS", "Form", "check_size", "damaged", "form_of", "outline_form_of", "pick_frame"]

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
    SEG = "DICOM SEG"
    RTSTRUCT = "DICOM RTSTRUCT"
    JSON = "JSON"
    XML = "XML"

    @property
    def is_raster(self) -> bool:
        """Whether the format is one of everyday pictures, without millimetres."""
        return self in (Form.PNG, Form.JPEG, Form.BMP, Form.TIFF)

    @property
    def holds_outlines_only(self) -> bool:
        """Whether the format has outlines and no picture."""
        return self in (Form.SEG, Form.RTSTRUCT, Form.JSON, Form.XML)

    @property
    def named(self) -> str:
        """The format with its article: a PNG, an NRRD."""
        return f"an {self}" if self in (Form.NRRD, Form.META, Form.XML) else f"a {self}"


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", Form.PNG),
    (b"\xff\xd8\xff", Form.JPEG),
    (b"BM", Form.BMP),
    (b"II*\x00", Form.TIFF),
    (b"MM\x00*", Form.TIFF),
    (b"NRRD0", Form.NRRD),
)

_SOP_CLASS = b"\x02\x00\x02\x00UI"
_SOP_CLASSES = {
    b"1.2.840.10008.5.1.4.1.1.66.4": Form.SEG,
    b"1.2.840.10008.5.1.4.1.1.66.7": Form.SEG,  # label maps
    b"1.2.840.10008.5.1.4.1.1.481.3": Form.RTSTRUCT,
}


def form_of(path: Path) -> Form:
    """Tell the format of a picture by its content.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    InputError
        When there is no such file, it is empty, or its format is none of those with a picture.
    """
    form = _told(path)
    if form is None or form.holds_outlines_only:
        kinds = "DICOM, PNG, JPEG, BMP, TIFF, NIfTI, NRRD or MHA"
        found = "another format" if form is None else f"{form.named} file, which holds outlines"
        raise InputError(f"file must be {kinds}", found, file=path.name, mend="export it as one of these")
    return form


def outline_form_of(path: Path) -> Form:
    """Tell the format of a file of outlines by its content.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    InputError
        When there is no such file, it is empty, or its format is none of `Form`.
    """
    form = _told(path)
    if form is not None:
        return form
    with path.open("rb") as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    kinds = "PNG, BMP, TIFF, NIfTI, NRRD, MHA, DICOM SEG, RTSTRUCT, LabelMe or COCO JSON, or CVAT XML"
    raise InputError(
        f"mask must be {kinds}",
        "a ZIP archive" if packed else "another format",
        file=path.name,
        mend="unpack it and give the file inside" if packed else "export the outline as one of these",
    )


def _told(path: Path) -> Form | None:
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise InputError("file must exist", found, file=str(path), mend="check the path")
    try:
        head = _head(path)
    except OSError as error:
        raise InputError("file must be readable", _clause(error), file=path.name) from error
    if not head:
        raise InputError("file must hold a picture", "an empty file", file=path.name, mend="copy or export it again")
    return _recognise(head, path)


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
        return _dicom_kind(head)
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if head[344:347] == b"n+1" or head[4:7] == b"n+2":
        return Form.NIFTI
    # Old exports leave out the preamble and begin with the first element of group 0002 or 0008.
    if head[:2] in (b"\x02\x00", b"\x08\x00") and path.suffix.lower() in ("", ".dcm", ".dicom", ".ima"):
        return _dicom_kind(head)
    return _text_kind(head)


def _dicom_kind(head: bytes) -> Form:
    """Tell outlines from pictures by the SOP class in the file's preface."""
    place = head.find(_SOP_CLASS)
    if place < 0:
        return Form.DICOM
    start = place + len(_SOP_CLASS) + 2
    length = int.from_bytes(head[start - 2 : start], "little")
    return _SOP_CLASSES.get(head[start : start + length].rstrip(b"\0 "), Form.DICOM)


def _text_kind(head: bytes) -> Form | None:
    if head.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<")):
        return Form.XML
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first in (b"{", b"["):
        return Form.JSON
    if first == b"<":
        return Form.XML
    return Form.META if b"ObjectType" in head or b"NDims" in head else None


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
