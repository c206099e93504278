"""A case's picture with its millimetres: what the table states, else the file's own, else its ruler, else assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from perirad.errors import InputError
from perirad.image.image import Calibration, Image, Source
from perirad.image.read import read_image

if TYPE_CHECKING:
    from perirad.arrays import BoolArray
    from perirad.study.casefiles import CaseFiles
    from perirad.study.recipe import CalibrationRule

__all__ = ["read_calibrated"]

_UNKNOWN_MM = 1.0
"""Stands for a spacing while the picture that tells it is read."""


def read_calibrated(files: CaseFiles, rule: CalibrationRule, lesion: Callable[[], BoolArray]) -> Image:
    """Read a case's picture, calibrated by the first of these that is there.

    The spacing, the calipers or the depth that the table states; the file's own spacing; the ruler in the picture,
    where the rule says that rulers are read; the spacing that the rule assumes.

    Parameters
    ----------
    files : CaseFiles
    rule : CalibrationRule
    lesion : function that returns the lesion's mask
        Chooses among several calibrated regions of a DICOM file; called only where there are some.

    Raises
    ------
    InputError
        When the picture cannot be read, nobody knows its spacing, or its ruler is not read surely enough and nothing
        is assumed.
    """

    def read(spacing_mm: float | tuple[float, float] | None, assumed: bool = False) -> Image:
        return read_image(files.image, spacing_mm=spacing_mm, assumed=assumed, frame=files.frame, lesion=lesion)

    if files.spacing_mm is not None:
        return read(files.spacing_mm)
    if files.calipers is not None or files.depth is not None:
        return _by_hand(read(_UNKNOWN_MM), files)
    if rule.ruler:
        image = read(_UNKNOWN_MM, assumed=True)
        return image if image.calibration.source is not Source.ASSUMED else _by_ruler(image, files, rule)
    return read(rule.assumed_mm, assumed=rule.assumed_mm is not None)


def _by_hand(image: Image, files: CaseFiles) -> Image:
    from perirad.image.calibrate import calibrate_depth, calibrate_points  # noqa: PLC0415  (rarely needed)

    if files.calipers is not None:
        return calibrate_points(image, files.calipers.first, files.calipers.second, files.calipers.distance_mm)
    assert files.depth is not None
    top, bottom = files.depth.rows or (-0.5, image.shape[0] - 0.5)
    return calibrate_depth(image, files.depth.depth_mm, top, bottom)


def _by_ruler(image: Image, files: CaseFiles, rule: CalibrationRule) -> Image:
    from perirad.image.ruler import calibrate_ruler, read_ruler  # noqa: PLC0415  (SciPy: only where rulers are read)

    reading = read_ruler(image.pixels, files.tick_mm or rule.tick_mm)
    if reading is not None and reading.is_sure:
        return calibrate_ruler(image, reading)
    seen = "no ruler was seen"
    if reading is not None:
        seen = f"its ruler was read with a confidence of {reading.confidence:.2f}"
    if rule.assumed_mm is None:
        raise InputError(
            "pixel spacing must be known",
            f"a picture without one, and {seen}",
            file=image.name,
            mend="state tick_mm or spacing_mm in the table, or set [calibration] assumed_mm",
        )
    mm = rule.assumed_mm
    detail = f"assumed to be {mm:.6g} x {mm:.6g} mm (row, column); the true spacing is not known ({seen})"
    return replace(image, spacing_mm=(mm, mm), calibration=Calibration(Source.ASSUMED, detail))
