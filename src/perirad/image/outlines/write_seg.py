"""Outlines as DICOM Segmentation, written by highdicom where it is installed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from perirad.errors import InputError
from perirad.image.form import Form, form_of
from perirad.image.outlines.records import Lesion, Target

__all__ = ["write_seg"]

_LONGEST_LABEL = 64


def write_seg(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write a binary DICOM SEG of a DICOM image of one frame.

    Raises
    ------
    InputError
        When highdicom is not installed, or the image is no DICOM file or has several frames.
    """
    try:
        import highdicom  # noqa: PLC0415
    except ImportError as error:
        mend = "pip install 'perirad[dicom-seg]'"
        raise InputError("DICOM SEG is written by highdicom", "no such package", file=out.name, mend=mend) from error
    if target.file is None or form_of(target.file) is not Form.DICOM:
        raise InputError("DICOM SEG must be of a DICOM image", "another format", file=out.name, mend="write .seg.nrrd")
    import pydicom  # noqa: PLC0415

    source = pydicom.dcmread(target.file, force=True)
    if int(source.get("NumberOfFrames") or 1) > 1:
        mend = "save the frame as a file of its own"
        raise InputError("DICOM SEG must be of a single frame", "an image of several", file=out.name, mend=mend)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _segmentation(highdicom, source, lesions).save_as(out)
    except (AttributeError, TypeError, ValueError) as error:
        found = str(error).splitlines()[0][:100]
        raise InputError("the image must have what a DICOM SEG repeats of it", found, file=target.file.name) from error


def _segmentation(highdicom: Any, source: Any, lesions: Sequence[Lesion]) -> Any:
    from pydicom.sr.codedict import codes  # noqa: PLC0415
    from pydicom.uid import generate_uid  # noqa: PLC0415

    from perirad import __version__  # noqa: PLC0415

    kind = highdicom.seg.SegmentAlgorithmTypeValues.MANUAL
    described = [
        highdicom.seg.SegmentDescription(
            segment_number=place,
            segment_label=lesion.called(place)[:_LONGEST_LABEL],
            segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
            segmented_property_type=codes.SCT.Lesion,
            algorithm_type=kind,
        )
        for place, lesion in enumerate(lesions, 1)
    ]
    return highdicom.seg.Segmentation(
        source_images=[source],
        pixel_array=np.stack([lesion.mask for lesion in lesions], axis=-1)[None].astype(np.uint8),
        segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=described,
        series_instance_uid=generate_uid(),
        series_number=1,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="perirad",
        manufacturer_model_name="perirad",
        software_versions=__version__,
        device_serial_number="0",
    )
