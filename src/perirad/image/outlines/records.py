"""What a file of outlines holds, and what is known of the image it must fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from perirad.arrays import BoolArray, frozen
from perirad.errors import InputError
from perirad.image.form import check_size

__all__ = ["MOST_LESIONS", "Lesion", "Outlines", "Shape", "Target", "check_count", "fit"]

Shape = tuple[int, int]

MOST_LESIONS = 256
"""Outlines of one image; a guard against files that would fill the memory."""

_MOST_PIXELS = 1_000_000_000


@dataclass(frozen=True)
class Lesion:
    """One outlined lesion.

    Parameters
    ----------
    number : float
        Value of the mask, number of the segment, or place in the file from 1: what `label=2` chooses.
    name : str
        What the person who drew it called it: what `label="tumour"` chooses; empty in formats without names.
    mask : ndarray of bool, shape (n_rows, n_columns)
        True in the lesion.
    """

    number: float
    name: str
    mask: BoolArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "mask", frozen(np.ascontiguousarray(self.mask, dtype=np.bool_)))

    @property
    def n_pixels(self) -> int:
        """Number of pixels."""
        return int(np.count_nonzero(self.mask))

    @property
    def said(self) -> str:
        """Number, name and size, for lists in messages."""
        name = f" {self.name!r}" if self.name else ""
        return f"{self.number:g}{name} ({self.n_pixels} pixels)"

    def called(self, place: int) -> str:
        """The name, or for formats that need one, the place in the file."""
        return self.name or f"lesion {place}"


@dataclass(frozen=True)
class Outlines:
    """All lesions of one image in a file, in the file's order.

    `skipped` says what else was drawn in it and left out, because it is no area and bears another label than the one
    asked for.
    """

    lesions: tuple[Lesion, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """What is known of the image that the outlines belong to.

    Parameters
    ----------
    shape : tuple of int, optional
        (rows, columns).
    name : str
        The image's file name, by which files of many images are searched.
    frame : int, optional
        Which frame or slice of the image, from 0.
    spacing_mm : tuple of float, optional
        (row, column), if it is a measured one; the header of a mask must agree.
    file : Path, optional
        The image file, for outlines in patient coordinates or with directions of their own.
    """

    shape: Shape | None = None
    name: str = ""
    frame: int | None = None
    spacing_mm: tuple[float, float] | None = None
    file: Path | None = None


def fit(found: Shape, target: Target, file: str) -> Shape:
    """Return the size of the picture an outline was drawn on, after checking that it is the image's.

    Raises
    ------
    InputError
        When the sizes differ (exchanged rows and columns are said to be so), or the size is absurd.
    """
    if min(found) < 1:
        raise InputError("a picture must have rows and columns", f"{found[0]} x {found[1]}", file=file)
    check_size(*found, file)
    wanted = target.shape
    if wanted is None or found == wanted:
        return found
    turned = found == wanted[::-1]
    raise InputError(
        "mask must have the size of its image",
        f"{found[0]} x {found[1]} for an image of {wanted[0]} x {wanted[1]} (rows x columns)",
        file=file,
        mend="rows and columns are exchanged, save it untransposed" if turned else "check that the two belong together",
    )


def check_count(n_lesions: int, shape: Shape, file: str) -> None:
    """Refuse a file with more outlines of one image than anyone draws, or than the memory holds."""
    most = min(MOST_LESIONS, _MOST_PIXELS // (shape[0] * shape[1]))
    if n_lesions > most:
        found = str(n_lesions)
        raise InputError(f"an image of this size must have at most {most} outlines", found, file=file)
