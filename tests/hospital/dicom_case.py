"""A patient of the small study as a DICOM ultrasound image, for tests of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from tests.image.dicom_files import dataset_of

from perirad.arrays import BoolArray
from perirad.study.casefiles import CaseFiles

__all__ = ["ULTRASOUND_MULTI", "patient_files"]

ULTRASOUND_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"
IDENTITY = {
    "PatientName": "Roe^Jane", "PatientID": "MRN-4711", "PatientBirthDate": "19700102", "PatientSex": "F",
    "AccessionNumber": "ACC9", "StudyID": "S1", "StudyDate": "20250301", "StudyTime": "101500",
    "ReferringPhysicianName": "Doe^John", "StudyInstanceUID": "1.2.826.0.1.3680043.10.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.3680043.10.1.2", "SOPInstanceUID": "1.2.826.0.1.3680043.10.1.3",
    "SpecificCharacterSet": "ISO_IR 192",
}  # fmt: skip


def patient_files(
    study: Path, folder: Path, *, frames: int = 1, frame: int | None = None, mask: BoolArray | None = None, **tags: Any
) -> CaseFiles:
    """First case of the study as a DICOM file; of several frames, the studied one is `frame`, the others are noise."""
    pixels = np.asarray(Pillow.open(study / "images" / "000.png"))
    dataset = dataset_of(pixels, "MONOCHROME2", **{**IDENTITY, "PixelSpacing": [0.25, 0.25], **tags})
    if frames > 1:
        noise = np.random.default_rng(2).integers(0, 255, (frames, *pixels.shape), dtype=np.uint8)
        noise[frame or 0] = pixels
        dataset.NumberOfFrames, dataset.PixelData = frames, noise.tobytes()
        dataset.SOPClassUID = ULTRASOUND_MULTI
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(folder / "patient.dcm", enforce_file_format=True)
    outline = study / "masks" / "000.png"
    if mask is not None:
        outline = folder / "mask.png"
        Pillow.fromarray(mask.astype(np.uint8) * 255).save(outline)
    return CaseFiles(folder / "patient.dcm", outline, None, None, frame, "all")
