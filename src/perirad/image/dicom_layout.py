"""How the pixels of a DICOM file are laid out, read from its header and checked before anything is unpacked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from perirad.errors import InputError
from perirad.image.form import check_size

__all__ = ["GREY", "YBR", "Layout", "layout_of"]

GREY = ("MONOCHROME1", "MONOCHROME2")
YBR = ("YBR_FULL", "YBR_FULL_422")
_CODED_COLOUR = ("YBR_RCT", "YBR_ICT")
_SAMPLES = dict.fromkeys((*GREY, "PALETTE COLOR"), 1) | dict.fromkeys(("RGB", *YBR, *_CODED_COLOUR), 3)
_JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
_IMPLICIT_LITTLE = "1.2.840.10008.1.2"
_EXPLICIT_BIG = "1.2.840.10008.1.2.2"


@dataclass(frozen=True)
class Layout:
    """The Image Pixel module of one file, its words in DICOM's own sense.

    Parameters
    ----------
    rows, columns, frames : int
        Size.
    samples : int
        1 for grey and palettes, 3 for colour.
    photometric : str
        Photometric Interpretation.
    allocated, stored, high : int
        Bits Allocated (8 or 16), Bits Stored and High Bit.
    signed, planar : bool
        Pixel Representation 1, Planar Configuration 1.
    syntax : str
        Transfer Syntax UID.
    name : str
        File name, for messages.
    """

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high: int
    signed: bool
    planar: bool
    syntax: str
    name: str

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.rows, self.columns

    @property
    def big_endian(self) -> bool:
        """Whether the file is in Explicit VR Big Endian."""
        return self.syntax == _EXPLICIT_BIG


def layout_of(dataset: Any, name: str) -> Layout:
    """Read the layout of a file's pixels.

    Parameters
    ----------
    dataset : pydicom.Dataset
        An open file.
    name : str
        File name, for messages.

    Raises
    ------
    InputError
        When the picture is too large, its colours are not those of a B-mode image, or the header contradicts itself.
    """
    meta = getattr(dataset, "file_meta", None)
    layout = Layout(
        rows=int(dataset.Rows),
        columns=int(dataset.Columns),
        frames=int(dataset.get("NumberOfFrames") or 1),
        samples=int(dataset.get("SamplesPerPixel") or 1),
        photometric=str(dataset.PhotometricInterpretation),
        allocated=int(dataset.BitsAllocated),
        stored=int(dataset.get("BitsStored") or dataset.BitsAllocated),
        high=_high_bit(dataset),
        signed=int(dataset.get("PixelRepresentation") or 0) == 1,
        planar=int(dataset.get("PlanarConfiguration") or 0) == 1,
        syntax=str((meta or {}).get("TransferSyntaxUID") or _unnamed_syntax(dataset)),
        name=name,
    )
    check_size(layout.rows, layout.columns, name)
    _check_colours(layout)
    if str(dataset.get("PixelPresentation") or "MONOCHROME") in ("COLOR", "MIXED"):
        found = "a supplemental palette over the grey values"
        raise InputError("grey must be grey alone", found, file=name, mend="export it as RGB")
    _check_bits(layout)
    if layout.frames < 1:
        raise InputError("a file must hold at least one frame", f"Number of Frames {layout.frames}", file=name)
    return layout


def _high_bit(dataset: Any) -> int:
    high = dataset.get("HighBit")
    return int(high) if high is not None else int(dataset.get("BitsStored") or dataset.BitsAllocated) - 1


def _unnamed_syntax(dataset: Any) -> str:
    """Syntax of an old file without group 0002, as it was found while reading."""
    implicit, little = dataset.original_encoding
    if implicit:
        return _IMPLICIT_LITTLE
    return "1.2.840.10008.1.2.1" if little else _EXPLICIT_BIG


def _check_colours(layout: Layout) -> None:
    samples = _SAMPLES.get(layout.photometric)
    if samples is None:
        raise InputError(
            "colours must be MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB, YBR_FULL, YBR_FULL_422, YBR_RCT or YBR_ICT",
            layout.photometric[:30] or "none",
            file=layout.name,
            mend="export it as MONOCHROME2 or RGB",
        )
    if samples != layout.samples:
        raise InputError(
            f"{layout.photometric} must have {samples} sample{'s' * (samples > 1)} per pixel",
            str(layout.samples),
            file=layout.name,
            mend="export it again",
        )
    if layout.photometric in _CODED_COLOUR and layout.syntax not in _JPEG_2000:
        raise InputError(f"{layout.photometric} must be JPEG 2000", "another coding", file=layout.name)
    if samples == 3 and layout.signed:
        raise InputError("colours must be without sign", "Pixel Representation 1", file=layout.name)


def _check_bits(layout: Layout) -> None:
    if layout.allocated not in (8, 16):
        raise InputError(
            "pixels must be kept in 8 or 16 bits",
            f"Bits Allocated {layout.allocated}",
            file=layout.name,
            mend="export the B-mode image itself",
        )
    if not 1 <= layout.stored <= layout.high + 1 <= layout.allocated:
        raise InputError(
            "Bits Stored, High Bit and Bits Allocated must fit each other",
            f"{layout.stored}, {layout.high} and {layout.allocated}",
            file=layout.name,
            mend="export it again",
        )
