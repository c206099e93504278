"""The image record: grey pixels, millimetres per pixel, and where the millimetres came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray, frozen
from perirad.errors import InputError

__all__ = ["Box", "Calibration", "Image", "Source"]


class Source(StrEnum):
    """Where a pixel spacing came from."""

    DICOM_REGION = "dicom-region"
    """Sequence of Ultrasound Regions (0018,6011), converted from centimetres."""
    DICOM_PIXEL_SPACING = "dicom-pixel-spacing"
    HEADER = "header"
    """Spacing of a NIfTI, NRRD or MHA header."""
    STATED = "stated"
    """Given by the user (`spacing_mm` column or argument)."""
    RULER = "ruler"
    """Read from the tick marks drawn in the picture's margin."""
    CALIPERS = "calipers"
    """Two points of the picture whose distance is known."""
    DEPTH = "depth"
    """The depth that the machine's display states for the height of the picture's tissue."""
    ASSUMED = "assumed"
    """Not known: the study says so, and every figure repeats it."""


class Box(NamedTuple):
    """Half-open pixel box: rows `top` to `bottom - 1`, columns `left` to `right - 1`."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Calibration:
    """Where the millimetres came from, in a machine's word and in a person's."""

    source: Source
    detail: str


@dataclass(frozen=True)
class Image:
    """A grey B-mode image.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns), float64
        Grey values on the scale of the file (0-255 for 8-bit files), finite.
    spacing_mm : tuple of float
        (row, column): millimetres from one pixel centre to the next, down and across.
    calibration : Calibration
        Where `spacing_mm` came from.
    field : Box
        The part of the picture that is calibrated tissue; the whole picture where nothing narrower is known.
        Rings are clipped to it.
    name : str
        File name, for messages.
    chroma : ndarray of uint8, shape (n_rows, n_columns), optional
        How coloured each pixel is: the largest minus the smallest of red, green and blue, on the scale 0-255. None
        for files that hold grey values only.
    decoder : str
        What unpacked the pixels, for the record: the file's own encoding and the library that read it.
    frame : int
        Which frame or slice of the file this is, from 0.
    others : tuple of Box
        Calibrated regions of the file other than `field` (a second view, a Doppler window, a grey bar) that overlap
        it or stand beside it: no tissue of this image.
    """

    pixels: FloatArray
    spacing_mm: tuple[float, float]
    calibration: Calibration
    field: Box
    name: str = ""
    chroma: NDArray[np.uint8] | None = None
    decoder: str = ""
    frame: int = 0
    others: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        pixels = np.ascontiguousarray(self.pixels, dtype=np.float64)
        if pixels.ndim != 2 or pixels.size == 0:
            raise InputError("an image must have rows and columns", f"shape {pixels.shape}", file=self.name)
        # A sum is finite only if all are, and takes a tenth of the time.
        if not np.isfinite(pixels.sum()) and not np.isfinite(pixels).all():
            count = int((~np.isfinite(pixels)).sum())
            raise InputError("pixel values must be finite", f"{count} NaN or infinite pixels", file=self.name)
        if not all(np.isfinite(mm) and mm > 0 for mm in self.spacing_mm):
            raise InputError(
                "pixel spacing must be positive",
                f"spacing_mm={self.spacing_mm}",
                file=self.name,
                mend="state the spacing (row, column) in millimetres",
            )
        object.__setattr__(self, "pixels", frozen(pixels))
        if self.chroma is not None:
            if self.chroma.shape != pixels.shape or self.chroma.dtype != np.uint8:
                found = f"shape {self.chroma.shape}, {self.chroma.dtype}"
                raise InputError(f"chroma must be uint8 of shape {pixels.shape}", found, file=self.name)
            object.__setattr__(self, "chroma", frozen(np.ascontiguousarray(self.chroma)))

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        rows, columns = self.pixels.shape
        return rows, columns

    def within(self, field: Box) -> Image:
        """Return the same image with another calibrated field."""
        return replace(self, field=field)
