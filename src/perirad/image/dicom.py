"""DICOM ultrasound: one frame's pixels, and the calibrated tissue region they belong to."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filereader import read_file_meta_info

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.content import Content
from perirad.image.dicom_pixels import Frame, read_frame
from perirad.image.dicom_regions import Region, choose, others, regions_of
from perirad.image.form import Form, damaged
from perirad.image.image import Box, Calibration, Source
from perirad.image.spacing import OwnSpacing

__all__ = ["UNREADABLE_DICOM", "read_dicom"]

_DEFLATED = "1.2.840.10008.1.2.1.99"
_MAX_INFLATED = 1 << 29
"""Largest deflated file that is unpacked, in bytes: more than any cine loop that a workstation exports."""
_UNPACK = "export it uncompressed"
_AFTER_GROUP_LENGTH = 128 + 4 + 12
"""Bytes before what File Meta Information Group Length counts: preamble, DICM, and that element itself."""

UNREADABLE_DICOM = (
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pydicom and the decoders raise on damaged files, as found by changing bytes at random."""


def read_dicom(path: Path, frame: int | None, lesion: Callable[[], BoolArray | None]) -> Content:
    """Read one frame of a DICOM file.

    Parameters
    ----------
    path : Path
        The file.
    frame : int or None
        Which frame of several, from 0.
    lesion : callable
        Gives the lesion's mask, shape (n_rows, n_columns), or None; asked only when there are calibrated regions.
        It chooses among them: the one with the largest share of the lesion.

    Returns
    -------
    Content
        Pixels as in `read_frame`. The spacing is that of the Sequence of Ultrasound Regions (0018,6011), else Pixel
        Spacing (0028,0030), else none. `field` is the calibrated tissue region, `others` are the other regions.

    Raises
    ------
    InputError
        When the file is damaged or without pixels, a frame must be chosen, several regions are calibrated and no
        lesion tells which one is meant, or the lesion reaches outside its region.

    Notes
    -----
    When a region reaches outside the picture the pixels were resized or cropped after calibration, and the regions
    say nothing about them: the spacing then counts as not known. Nominal Scanned Pixel Spacing and Imager Pixel
    Spacing are not used: they are not the spacing of the tissue.
    """
    try:
        with warnings.catch_warnings():
            # The library warns of every oddity that it puts up with; what matters here is checked here.
            warnings.simplefilter("ignore")
            dataset = _open(path)
            return _content(dataset, read_frame(dataset, frame, path.name), lesion, path.name)
    except InputError:
        raise
    except UNREADABLE_DICOM as error:
        raise damaged(Form.DICOM, path.name, error) from error


def _open(path: Path) -> Any:
    _check_deflated(path)
    dataset = pydicom.dcmread(path, force=True)
    if "PixelData" not in dataset or int(dataset.Rows) < 1 or int(dataset.Columns) < 1:
        kind = f"a DICOM {dataset.get('Modality') or 'object'}"
        raise InputError("DICOM file must hold pixels", f"{kind} without them", file=path.name)
    return dataset


def _check_deflated(path: Path) -> None:
    """Refuse a deflated file that would unpack to an absurd size."""
    with path.open("rb") as stream:
        whole = stream.read(132)[128:] == b"DICM"
    if not whole:
        if _DEFLATED.encode() in path.read_bytes():
            raise InputError("a deflated file must be whole", "one without its preamble", file=path.name, mend=_UNPACK)
        return
    meta = read_file_meta_info(path)
    if meta.get("TransferSyntaxUID") != _DEFLATED:
        return
    rest = path.read_bytes()[_AFTER_GROUP_LENGTH + int(meta.FileMetaInformationGroupLength) :]
    unpacker, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while rest and not unpacker.eof and size <= _MAX_INFLATED:
        size += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
    if size > _MAX_INFLATED:
        expected = f"a deflated file must unpack to at most {_MAX_INFLATED >> 20} MB"
        raise InputError(expected, "more", file=path.name, mend=_UNPACK)


def _content(dataset: Any, frame: Frame, lesion: Callable[[], BoolArray | None], name: str) -> Content:
    rows, columns = frame.grey.shape
    own, field, rest = _calibrated(dataset, (rows, columns), lesion, name)
    return Content(frame.grey, own, frame.decoder, frame.chroma, frame.index, field, rest)


def _calibrated(
    dataset: Any, shape: tuple[int, int], lesion: Callable[[], BoolArray | None], name: str
) -> tuple[OwnSpacing, Box | None, tuple[Box, ...]]:
    """Return the spacing, the field (None for the whole picture) and the other regions."""
    regions = regions_of(dataset)
    calibrated = [region for region in regions if region.spacing_mm is not None]
    outside = [region for region in calibrated if not region.inside(shape)]
    if outside:
        return OwnSpacing.none(_resized(outside[0], shape)), None, ()
    if not calibrated:
        return _pixel_spacing(dataset), None, others(regions, Box(0, 0, *shape), shape)
    region = choose(calibrated, lesion(), shape, name)
    detail = f"Sequence of Ultrasound Regions, region at {region.place}"
    own = OwnSpacing(region.spacing_mm, Calibration(Source.DICOM_REGION, detail))
    return own, region.box, others(regions, region.box, shape)


def _resized(region: Region, shape: tuple[int, int]) -> str:
    return (
        f"a calibrated region ({region.place}) that reaches outside the picture ({shape[1]} columns, {shape[0]} rows),"
        " so the file's spacing does not hold for these pixels"
    )


def _pixel_spacing(dataset: Any) -> OwnSpacing:
    values = dataset.get("PixelSpacing")
    if not values or len(values) != 2 or not all(float(mm) > 0.0 for mm in values):
        return OwnSpacing.none("a DICOM file without a calibrated tissue region and without Pixel Spacing")
    spacing_mm = float(values[0]), float(values[1])
    kind = str(dataset.get("PixelSpacingCalibrationType") or "")[:20]
    detail = "Pixel Spacing (0028,0030)" + (f", calibration type {kind}" if kind else "")
    return OwnSpacing(spacing_mm, Calibration(Source.DICOM_PIXEL_SPACING, detail))
