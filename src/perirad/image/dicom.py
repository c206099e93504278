"""DICOM ultrasound: one frame's grey pixels, and the calibrated tissue region they belong to."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.pixels import apply_color_lut, pixel_array

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.form import Form, check_size, damaged, pick_frame
from perirad.image.grey import luma
from perirad.image.image import Box, Calibration, Source
from perirad.image.spacing import OwnSpacing, shortest

__all__ = ["read_dicom"]

_TISSUE = 1
_TWO_DIMENSIONAL = 1
_CENTIMETRE = 3
_HIGH_PRIORITY = 1

# What the decoders raise on damaged files, as found by changing bytes at random.
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class _Tissue:
    """A two-dimensional tissue region calibrated in centimetres."""

    box: Box
    spacing_mm: tuple[float, float]
    high_priority: bool

    @property
    def place(self) -> str:
        return f"columns {self.box.left}-{self.box.right - 1}, rows {self.box.top}-{self.box.bottom - 1}"

    def inside(self, shape: tuple[int, int]) -> bool:
        top, left, bottom, right = self.box
        return top >= 0 and left >= 0 and bottom <= shape[0] and right <= shape[1]

    def share(self, lesion: BoolArray) -> int:
        top, left, bottom, right = self.box
        return int(np.count_nonzero(lesion[top:bottom, left:right]))


def read_dicom(
    path: Path, frame: int | None, lesion: Callable[[], BoolArray | None]
) -> tuple[FloatArray, OwnSpacing, Box]:
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
    pixels : ndarray of float64, shape (n_rows, n_columns)
        Stored values; MONOCHROME1 turned so that large is bright, colour and palettes by BT.601 luma.
        Window and presentation settings are not applied.
    own : OwnSpacing
        From the Sequence of Ultrasound Regions (0018,6011), else Pixel Spacing (0028,0030), else none.
    field : Box
        The calibrated tissue region; the whole picture where there is none.

    Raises
    ------
    InputError
        When the file is damaged or without pixels, a frame must be chosen, several regions are calibrated and no
        lesion tells which one is meant, or the lesion reaches outside its region.

    Notes
    -----
    When a region reaches outside the picture the pixels were resized or cropped after calibration, and the regions
    say nothing about them: the spacing then counts as not known.
    """
    try:
        return _read(path, frame, lesion)
    except InputError:
        raise
    except _UNREADABLE as error:
        raise damaged(Form.DICOM, path.name, error) from error


def _read(path: Path, frame: int | None, lesion: Callable[[], BoolArray | None]) -> tuple[FloatArray, OwnSpacing, Box]:
    dataset = _open(path)
    shape = int(dataset.Rows), int(dataset.Columns)
    check_size(*shape, path.name)
    index = pick_frame(int(dataset.get("NumberOfFrames") or 1), frame, path.name)
    whole = Box(0, 0, *shape)
    regions = _tissue_regions(dataset)
    outside = [region for region in regions if not region.inside(shape)]
    if outside:
        own, field = OwnSpacing.none(_resized(outside[0], shape)), whole
    elif regions:
        region = _choose(regions, lesion(), shape, path.name)
        detail = f"Sequence of Ultrasound Regions, region at {region.place}"
        own, field = OwnSpacing(region.spacing_mm, Calibration(Source.DICOM_REGION, detail)), region.box
    else:
        own, field = _pixel_spacing(dataset), whole
    return _pixels(dataset, index), own, field


def _open(path: Path) -> Any:
    dataset = pydicom.dcmread(path, force=True)
    if "PixelData" not in dataset or int(dataset.Rows) < 1 or int(dataset.Columns) < 1:
        kind = f"a DICOM {dataset.get('Modality') or 'object'}"
        raise InputError("DICOM file must hold pixels", f"{kind} without them", file=path.name)
    return dataset


def _pixels(dataset: Any, index: int) -> FloatArray:
    stored: NDArray[Any] = pixel_array(dataset, index=index)
    photometric = str(dataset.PhotometricInterpretation)
    if photometric == "PALETTE COLOR":
        stored = apply_color_lut(stored, dataset)
    if stored.ndim == 3:
        return luma(stored)
    grey = stored.astype(np.float64)
    if photometric != "MONOCHROME1":
        return grey
    signed = int(dataset.get("PixelRepresentation") or 0) == 1
    return (-1.0 if signed else 2.0 ** int(dataset.BitsStored) - 1.0) - grey


def _tissue_regions(dataset: Any) -> list[_Tissue]:
    found = (_tissue(item) for item in dataset.get("SequenceOfUltrasoundRegions") or ())
    return [region for region in found if region is not None]


def _tissue(item: Any) -> _Tissue | None:
    """Return a region if it is two-dimensional tissue calibrated in centimetres."""
    kind = (item.get("RegionSpatialFormat"), item.get("RegionDataType"))
    units = (item.get("PhysicalUnitsXDirection"), item.get("PhysicalUnitsYDirection"))
    down, across = item.get("PhysicalDeltaY"), item.get("PhysicalDeltaX")
    if kind != (_TWO_DIMENSIONAL, _TISSUE) or units != (_CENTIMETRE, _CENTIMETRE) or not down or not across:
        return None
    corners = [item.get(f"RegionLocation{name}") for name in ("MinY0", "MinX0", "MaxY1", "MaxX1")]
    if any(corner is None for corner in corners):
        return None
    top, left, last_row, last_column = (int(corner) for corner in corners)
    if top > last_row or left > last_column:
        return None
    spacing_mm = _millimetres(down), _millimetres(across)
    high = bool(int(item.get("RegionFlags") or 0) & _HIGH_PRIORITY)
    return _Tissue(Box(top, left, last_row + 1, last_column + 1), spacing_mm, high)


def _millimetres(centimetres: Any) -> float:
    # Machines keep the value in single precision, some in millimetres before they write centimetres.
    return shortest(10.0 * shortest(abs(float(centimetres))))


def _choose(regions: list[_Tissue], lesion: BoolArray | None, shape: tuple[int, int], name: str) -> _Tissue:
    """Return the region that holds the lesion; of overlapping ones that the file puts on top, then the smaller."""
    if lesion is None:
        if len(regions) == 1:
            return regions[0]
        places = "; ".join(region.place for region in regions)
        raise InputError(
            "one calibrated region must be chosen",
            f"{len(regions)} ({places})",
            file=name,
            mend="give the lesion's outline, which tells the region",
        )
    if lesion.shape != shape:
        raise InputError(
            "lesion must have the size of the image",
            f"{lesion.shape[0]} x {lesion.shape[1]} for an image of {shape[0]} x {shape[1]} (rows x columns)",
            file=name,
        )
    size = int(np.count_nonzero(lesion))
    best = max(regions, key=lambda region: (region.share(lesion), region.high_priority, -_area(region.box)))
    missed = size - best.share(lesion)
    if missed:
        raise InputError(
            f"lesion must lie inside one calibrated region (best {best.place})",
            f"{missed} of {size} lesion pixels outside",
            file=name,
            mend="correct the outline",
        )
    return best


def _area(box: Box) -> int:
    return (box.bottom - box.top) * (box.right - box.left)


def _resized(region: _Tissue, shape: tuple[int, int]) -> str:
    return (
        f"a calibrated region ({region.place}) that reaches outside the picture ({shape[1]} columns, {shape[0]} rows),"
        " so the file's spacing does not hold for these pixels"
    )


def _pixel_spacing(dataset: Any) -> OwnSpacing:
    values = dataset.get("PixelSpacing")
    if not values or len(values) != 2 or not all(float(mm) > 0.0 for mm in values):
        return OwnSpacing.none("a DICOM file without a calibrated tissue region and without Pixel Spacing")
    spacing_mm = float(values[0]), float(values[1])
    return OwnSpacing(spacing_mm, Calibration(Source.DICOM_PIXEL_SPACING, "Pixel Spacing (0028,0030)"))
