"""What a reader takes out of a file, before the user's word on the spacing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray
from perirad.image.image import Box
from perirad.image.spacing import OwnSpacing

__all__ = ["Content"]


@dataclass(frozen=True)
class Content:
    """One frame of a file.

    Parameters
    ----------
    pixels : ndarray of float64, shape (n_rows, n_columns)
        Grey on the file's scale.
    own : OwnSpacing
        What the file says of its spacing.
    decoder : str
        What unpacked the pixels.
    chroma : ndarray of uint8, shape (n_rows, n_columns), or None
        As in `Image`.
    frame : int
        Which frame of the file, from 0.
    field : Box, optional
        The calibrated tissue; None for the whole picture.
    others : tuple of Box
        As in `Image`.
    """

    pixels: FloatArray
    own: OwnSpacing
    decoder: str
    chroma: NDArray[np.uint8] | None = None
    frame: int = 0
    field: Box | None = None
    others: tuple[Box, ...] = ()

    @property
    def whole(self) -> Box:
        """The box of the whole picture."""
        rows, columns = self.pixels.shape
        return Box(0, 0, rows, columns)
