"""The DICOM image that a reading is of: whom and what it names, and whether that is enough for a report."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from perirad.errors import InputError
from perirad.image.dicom import UNREADABLE_DICOM
from perirad.image.form import Form, damaged, form_of

__all__ = ["read_source"]

_NAMED = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
_PATIENT = ("PatientName", "PatientID")
_MAY_BE_EMPTY = (
    *("PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyDate", "StudyTime"),
    "ReferringPhysicianName",
)
"""Elements of type 2: a report has them all, empty where the image does not say."""


def read_source(path: Path) -> Any:
    """Read the header of a DICOM image, its text as Unicode.

    Parameters
    ----------
    path : Path
        The image.

    Returns
    -------
    pydicom.Dataset
        Without pixels; elements that DICOM lets be empty are there.

    Raises
    ------
    InputError
        When the image is no DICOM file, is damaged, or does not name its study, series, itself and its patient. A
        patient's name and identifier may be empty, as in de-identified images, but must be there.
    """
    if form_of(path) is not Form.DICOM:
        expected = "a reading as DICOM SR must be of a DICOM image"
        mend = "read the patient from the DICOM file; a screenshot does not say whose it is"
        raise InputError(expected, "an image of another format", mend=mend)
    import pydicom  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = pydicom.dcmread(path, stop_before_pixels=True, force=True)
            _check(header)
            header.decode()
            header.SpecificCharacterSet = "ISO_IR 192"
    except InputError:
        raise
    except UNREADABLE_DICOM as error:
        raise damaged(Form.DICOM, path.name, error) from error
    for name in _MAY_BE_EMPTY:
        if name not in header:
            setattr(header, name, None if name.endswith(("Date", "Time")) else "")
    return header


def _check(header: Any) -> None:
    missing = [name for name in _NAMED if not header.get(name)] + [name for name in _PATIENT if name not in header]
    if missing:
        raise InputError(
            "a reading as DICOM SR must be of an image that names its study, series, instance and patient",
            f"missing: {', '.join(missing)}",
            mend="export the image again from the PACS, not as a screenshot or an anonymous copy",
        )
