"""Millimetres per pixel: the user's word, the file's own, and what to say when neither is there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from perirad.errors import InputError
from perirad.image.image import Calibration, Source

__all__ = ["OwnSpacing", "as_pair", "settle", "shortest"]


@dataclass(frozen=True)
class OwnSpacing:
    """What a file says of its own spacing.

    Parameters
    ----------
    spacing_mm : tuple of float or None
        (row, column), or None when the file does not know.
    calibration : Calibration or None
        Where `spacing_mm` came from; None when the file does not know.
    lacking : str
        When the file does not know: what it is and why, as a clause after "got".
    """

    spacing_mm: tuple[float, float] | None
    calibration: Calibration | None
    lacking: str = ""

    @classmethod
    def none(cls, lacking: str) -> OwnSpacing:
        """Say that a file does not know its spacing."""
        return cls(None, None, lacking)


def as_pair(spacing_mm: float | tuple[float, float]) -> tuple[float, float]:
    """Return a spacing as (row, column) in mm; one number means square pixels."""
    values = (spacing_mm, spacing_mm) if isinstance(spacing_mm, int | float) else tuple(spacing_mm)
    if len(values) != 2 or not all(math.isfinite(mm) and mm > 0.0 for mm in values):
        raise InputError(
            "pixel spacing must be positive",
            f"spacing_mm={spacing_mm}",
            mend="give millimetres per pixel, one number or (row, column)",
        )
    return float(values[0]), float(values[1])


def shortest(value: float) -> float:
    """Return the decimal that a single-precision number was written from: 0.07, not 0.070000000298.

    Headers keep spacings in single precision; without this a ring of a NIfTI image would differ by a few pixels
    from the ring of the same image as PNG with the same spacing stated. Other values are returned as they are.
    """
    single = np.float32(value)
    return float(str(single)) if math.isclose(float(single), value, rel_tol=1e-15) else value


def settle(
    own: OwnSpacing, spacing_mm: float | tuple[float, float] | None, assumed: bool, name: str
) -> tuple[tuple[float, float], Calibration]:
    """Decide the spacing: stated, else the file's own, else assumed.

    Parameters
    ----------
    own : OwnSpacing
        What the file says.
    spacing_mm : float or tuple of float or None
        What the user says, (row, column) in mm.
    assumed : bool
        Whether `spacing_mm` is only a convention for files that do not know better.
    name : str
        File name, for messages.

    Raises
    ------
    InputError
        When nobody knows the spacing, or the one stated is not positive.
    """
    if spacing_mm is None and assumed:
        raise InputError("an assumed spacing must be a number", "assumed=True without spacing_mm", file=name)
    told = None if spacing_mm is None else as_pair(spacing_mm)
    if told is not None and not assumed:
        return told, Calibration(Source.STATED, f"stated as {_text(told)}{_unused(own)}")
    if own.spacing_mm is not None and own.calibration is not None:
        return own.spacing_mm, own.calibration
    if told is not None:
        return told, Calibration(Source.ASSUMED, f"assumed to be {_text(told)}; the true spacing is not known")
    raise InputError(
        "pixel spacing must be known",
        own.lacking,
        file=name,
        mend="add a spacing_mm column (millimetres per pixel), or set [calibration] assumed_mm",
    )


def _text(spacing_mm: tuple[float, float]) -> str:
    return f"{spacing_mm[0]:.6g} x {spacing_mm[1]:.6g} mm (row, column)"


def _unused(own: OwnSpacing) -> str:
    return "" if own.spacing_mm is None else f"; the file's own {_text(own.spacing_mm)} was not used"
