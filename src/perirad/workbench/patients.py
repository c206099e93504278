"""The picture of a new patient: kept in memory, in files only while it is read, and forgotten with the session."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.hospital.source import read_source
from perirad.image.form import Form, form_of
from perirad.image.image import Image, Source
from perirad.image.read import read_image
from perirad.regions.region import Region
from perirad.study.casefiles import CaseFiles
from perirad.study.extraction import prepare_case
from perirad.study.model import Model, Reading
from perirad.workbench.outlines import from_runs
from perirad.workbench.pictures import UNKNOWN_MM, Picture, picture_of
from perirad.workbench.places import upload_suffix

__all__ = ["Drawn", "Patient", "Waiting", "case_files", "read_patient", "report_patient", "seen", "take_picture"]


@dataclass(frozen=True)
class Patient:
    """An uploaded picture: as it is shown, its file's bytes, and what was stated of it.

    `no_report` says in one problem why no DICOM SR can be written of it; None where one can.
    """

    picture: Picture
    content: bytes
    suffix: str
    spacing_mm: tuple[float, float] | None
    frame: int | None
    no_report: InputError | None


@dataclass(frozen=True)
class Drawn:
    """What was drawn on the picture, as run lengths: the lesion, and what is to be left out of lesion and rings."""

    runs: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no lesion."""
        return not any(self.runs[1::2])


@dataclass
class Waiting:
    """The patient who is being read."""

    patient: Patient | None = None

    @property
    def picture(self) -> Picture | None:
        """The patient's picture."""
        return None if self.patient is None else self.patient.picture


def take_picture(
    content: bytes, name: str, spacing_mm: tuple[float, float] | None, frame: int | None = None
) -> Patient:
    """Read an uploaded image through a file that is gone afterwards; nothing of its name is kept.

    Raises
    ------
    InputError
        When it is no image that perirad reads, is damaged, is too large unpacked, or has several frames and none is
        named.
    """
    if not content:
        raise InputError("an uploaded image must have content", "an empty file")
    suffix = upload_suffix(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"patient{suffix}"
        path.write_bytes(content)
        picture = _picture(path, spacing_mm, frame)
        return Patient(picture, content, suffix, spacing_mm, frame, _no_report(path))


def _picture(path: Path, spacing_mm: tuple[float, float] | None, frame: int | None) -> Picture:
    """Picture as it is shown; of several calibrated regions the lesion tells the one, once it is drawn."""
    regions = _first_regions(path)
    shown = [_read(path, spacing_mm, frame, region) for region in regions or (None,)]
    image = shown[0]
    known = image.calibration.source is not Source.ASSUMED and len({item.spacing_mm for item in shown}) == 1
    return picture_of(image, known=known)


def _first_regions(path: Path) -> tuple[tuple[int, int, int, int], ...]:
    """(row, column) of a pixel in, and size of the picture of, each calibrated region, where there are several."""
    if form_of(path) is not Form.DICOM:
        return ()
    import pydicom  # noqa: PLC0415

    from perirad.image.dicom import UNREADABLE_DICOM  # noqa: PLC0415
    from perirad.image.dicom_regions import regions_of  # noqa: PLC0415

    try:
        header = pydicom.dcmread(path, stop_before_pixels=True, force=True)
        boxes = [region.box for region in regions_of(header) if region.spacing_mm is not None]
        shape = int(header.Rows), int(header.Columns)
    except UNREADABLE_DICOM:
        return ()  # reading the pixels says what is wrong
    inside = [box for box in boxes if 0 <= box.top < shape[0] and 0 <= box.left < shape[1]]
    return tuple((box.top, box.left, *shape) for box in inside) if len(boxes) > 1 else ()


def _read(
    path: Path, spacing_mm: tuple[float, float] | None, frame: int | None, region: tuple[int, int, int, int] | None
) -> Image:
    mask: BoolArray | None = None
    if region is not None:
        mask = np.zeros(region[2:], dtype=np.bool_)
        mask[region[:2]] = True
    return read_image(path, spacing_mm=spacing_mm or UNKNOWN_MM, assumed=spacing_mm is None, frame=frame, lesion=mask)


def _no_report(path: Path) -> InputError | None:
    try:
        read_source(path)
    except InputError as error:
        return error
    return None


@contextmanager
def case_files(patient: Patient, drawn: Drawn) -> Iterator[CaseFiles]:
    """Files of the patient and of what was drawn for as long as they are read: all take the road of a study."""
    with tempfile.TemporaryDirectory() as folder:
        image, mask = Path(folder) / f"patient{patient.suffix}", Path(folder) / "lesion.png"
        image.write_bytes(patient.content)
        _write_mask(mask, drawn.runs, patient.picture.shape)
        left_out = Path(folder) / "left-out.png" if any(drawn.left_out[1::2]) else None
        if left_out is not None:
            _write_mask(left_out, drawn.left_out, patient.picture.shape)
        yield CaseFiles(image, mask, patient.spacing_mm, frame=patient.frame, lesions="all", left_out=left_out)


def _write_mask(path: Path, runs: Sequence[int], shape: tuple[int, int]) -> None:
    Pillow.fromarray(from_runs(runs, shape).astype(np.uint8) * 255).save(path)


def read_patient(
    model: Model, patient: Patient, drawn: Drawn, given: Mapping[str, object], centre: str = ""
) -> Reading:
    """Reading of a drawn outline, exactly as `perirad score` reads the files.

    Raises
    ------
    InputError
        As `Model.score_case`.
    """
    with case_files(patient, drawn) as files:
        return model.score_case(files, given, centre=centre)


def report_patient(
    model: Model, patient: Patient, drawn: Drawn, given: Mapping[str, object], reading: Reading
) -> bytes:
    """Reading as DICOM SR.

    Raises
    ------
    InputError
        As `perirad.hospital.sr.reading_sr`.
    """
    from perirad.hospital.sr import reading_sr  # noqa: PLC0415

    with case_files(patient, drawn) as files:
        return reading_sr(model, files, given, reading)


def seen(model: Model, patient: Patient, drawn: Drawn) -> tuple[Image, tuple[Region, ...]]:
    """Picture with its millimetres, and the regions, as the model read them, before any resampling."""
    with case_files(patient, drawn) as files:
        return prepare_case(files, replace(model.recipe, resample_mm=None))
