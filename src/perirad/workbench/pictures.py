"""Pictures of cases as the pages show them: eight bits, with the millimetres that the study would use."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from PIL import Image as Pillow

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.eight_bits import eight_bits
from perirad.image.image import Image, Source
from perirad.image.read import read_image
from perirad.study.calibration import read_calibrated
from perirad.study.casefiles import FILE_COLUMNS, CaseFiles, read_files
from perirad.study.recipe import CalibrationRule

__all__ = ["Picture", "calibrated_picture", "picture_of"]

UNKNOWN_MM = 1.0
"""Stands for a spacing that nobody knows yet; such pictures have no rings."""
_KEPT = 6


@dataclass(frozen=True)
class Picture:
    """A case's picture as a PNG of 8 bits, with `spacing_mm` None where nobody knows it, and why (`problem`)."""

    png: bytes
    shape: tuple[int, int]
    spacing_mm: tuple[float, float] | None
    source: str
    image: Image
    problem: str = ""


def calibrated_picture(path: Path, cells: Mapping[str, str], folder: Path, rule: CalibrationRule) -> Picture:
    """Picture of a row of the table, calibrated as the study calibrates it; without millimetres where it cannot be.

    Parameters
    ----------
    path : Path
        The picture, which may be read.
    cells : mapping of str to str
        The row.
    folder : Path
        Of the study, for the outline that chooses among the calibrated regions of a DICOM file.
    rule : CalibrationRule
        Of the study.

    Raises
    ------
    InputError
        When the picture cannot be read, whatever its spacing.
    """
    given = tuple((name, cells[name]) for name in ("case_id", *FILE_COLUMNS) if cells.get(name))
    return _picture(path, path.stat().st_mtime_ns if path.is_file() else 0, given, folder, rule)


@lru_cache(maxsize=_KEPT)
def _picture(
    path: Path, changed: int, given: tuple[tuple[str, str], ...], folder: Path, rule: CalibrationRule
) -> Picture:
    """Pictures that were shown last are kept: a page asks for its own twice, and readers go back and forth."""
    del changed
    cells = {"case_id": "", "image": "", "mask": "", **dict(given)}
    files, problems = read_files(cells, folder, "the table")
    files = replace(files, image=path)
    if not problems:
        try:
            return picture_of(read_calibrated(files, rule, lambda: _lesion(files)))
        except InputError as error:
            problems = list(error.problems)
    # Nobody knows its millimetres, or they are stated wrongly: it can be looked at, and the panel says why.
    image = read_image(path, spacing_mm=UNKNOWN_MM, assumed=True, frame=files.frame)
    return picture_of(image, "; ".join(problem.line() for problem in problems))


def _lesion(files: CaseFiles) -> BoolArray:
    from perirad.study.surroundings import read_lesion  # noqa: PLC0415

    return read_lesion(files, None)


def picture_of(image: Image, problem: str = "", *, known: bool | None = None) -> Picture:
    """An image as it is shown; `known` says whether its millimetres are, by default where they are not assumed."""
    known = image.calibration.source is not Source.ASSUMED if known is None else known
    stream = io.BytesIO()
    Pillow.fromarray(eight_bits(image.pixels)).save(stream, "PNG", compress_level=1)
    source = f"{image.calibration.source.value}: {image.calibration.detail}" if known else "not known"
    return Picture(stream.getvalue(), image.shape, image.spacing_mm if known else None, source, image, problem)
