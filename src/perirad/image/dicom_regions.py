"""Sequence of Ultrasound Regions (0018,6011): which part of the picture is tissue, and its millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Box
from perirad.image.spacing import shortest

__all__ = ["Region", "choose", "others", "regions_of"]

# Values of PS3.3, section C.8.5.5.1.
_TISSUE = 1
_TWO_DIMENSIONAL = 1
_CENTIMETRE = 3
_LOW_PRIORITY = 1


@dataclass(frozen=True)
class Region:
    """One item of the sequence.

    Parameters
    ----------
    box : Box
        Where it says it is.
    tissue : bool
        Whether it is two-dimensional tissue.
    spacing_mm : tuple of float or None
        (row, column), when it is two-dimensional tissue calibrated in centimetres.
    high_priority : bool
        Whether it says that its pixels lie above those of regions it overlaps.
    """

    box: Box
    tissue: bool
    spacing_mm: tuple[float, float] | None
    high_priority: bool

    @property
    def place(self) -> str:
        """Where the region is, in words."""
        return f"columns {self.box.left}-{self.box.right - 1}, rows {self.box.top}-{self.box.bottom - 1}"

    def inside(self, shape: tuple[int, int]) -> bool:
        """Whether all of it is in a picture of `shape`."""
        top, left, bottom, right = self.box
        return top >= 0 and left >= 0 and bottom <= shape[0] and right <= shape[1]

    def share(self, lesion: BoolArray) -> int:
        """Count the lesion's pixels in it."""
        top, left, bottom, right = self.box
        return int(np.count_nonzero(lesion[top:bottom, left:right]))


def regions_of(dataset: Any) -> list[Region]:
    """Return the regions that say where they are; an item without corners, or with crossed ones, says nothing."""
    found = (_region(item) for item in dataset.get("SequenceOfUltrasoundRegions") or ())
    return [region for region in found if region is not None]


def _region(item: Any) -> Region | None:
    corners = [item.get(f"RegionLocation{name}") for name in ("MinY0", "MinX0", "MaxY1", "MaxX1")]
    if any(corner is None for corner in corners):
        return None
    top, left, last_row, last_column = (int(corner) for corner in corners)
    if top > last_row or left > last_column:
        return None
    tissue = (item.get("RegionSpatialFormat"), item.get("RegionDataType")) == (_TWO_DIMENSIONAL, _TISSUE)
    high = not int(item.get("RegionFlags") or 0) & _LOW_PRIORITY
    return Region(Box(top, left, last_row + 1, last_column + 1), tissue, _spacing(item) if tissue else None, high)


def _spacing(item: Any) -> tuple[float, float] | None:
    units = (item.get("PhysicalUnitsXDirection"), item.get("PhysicalUnitsYDirection"))
    down, across = item.get("PhysicalDeltaY"), item.get("PhysicalDeltaX")
    if units != (_CENTIMETRE, _CENTIMETRE) or not down or not across:
        return None
    return _millimetres(down), _millimetres(across)


def _millimetres(centimetres: Any) -> float:
    # The sign tells a direction only. Machines keep the value in single precision, some in millimetres before they
    # write centimetres.
    return shortest(10.0 * shortest(abs(float(centimetres))))


def choose(regions: list[Region], lesion: BoolArray | None, shape: tuple[int, int], name: str) -> Region:
    """Return the region that holds the lesion; of overlapping ones the one the file puts on top, then the smaller.

    Parameters
    ----------
    regions : list of Region
        Calibrated tissue, at least one.
    lesion : ndarray of bool, shape (n_rows, n_columns), or None
        The lesion's mask; without it there must be one region only.
    shape : tuple of int
        The picture's (rows, columns).
    name : str
        File name, for messages.

    Raises
    ------
    InputError
        When nothing tells which region is meant, or the lesion reaches outside the best one.
    """
    if lesion is None:
        return _only(regions, name)
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


def _only(regions: list[Region], name: str) -> Region:
    if len(regions) == 1:
        return regions[0]
    places = "; ".join(region.place for region in regions)
    raise InputError(
        "one calibrated region must be chosen",
        f"{len(regions)} ({places})",
        file=name,
        mend="give the lesion's outline, which tells the region",
    )


def _area(box: Box) -> int:
    return (box.bottom - box.top) * (box.right - box.left)


def others(regions: list[Region], field: Box, shape: tuple[int, int]) -> tuple[Box, ...]:
    """Return the regions that are no tissue of the image: all but the chosen one, clipped to the picture.

    Parameters
    ----------
    regions : list of Region
        All regions of the file.
    field : Box
        The chosen one, or the whole picture.
    shape : tuple of int
        The picture's (rows, columns).

    Notes
    -----
    Regions that cover the whole field are left out: they are the picture the field is an inset of, or its Doppler
    layer, and would leave no tissue at all. Where no region is calibrated the field is the whole picture, and
    two-dimensional tissue is left out too.
    """
    whole = Box(0, 0, *shape)
    clipped = [_overlap(region.box, whole) for region in regions if not (region.tissue and field == whole)]
    kept = [box for box in clipped if box is not None and _overlap(box, field) != field]
    return tuple(dict.fromkeys(kept))


def _overlap(one: Box, two: Box) -> Box | None:
    box = Box(max(one.top, two.top), max(one.left, two.left), min(one.bottom, two.bottom), min(one.right, two.right))
    return box if box.top < box.bottom and box.left < box.right else None
