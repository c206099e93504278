"""Small DICOM images, structure sets and segmentations, written element by element."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

US_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1"
US_CINE = "1.2.840.10008.5.1.4.1.1.3.1"
SEG = "1.2.840.10008.5.1.4.1.1.66.4"
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
STRUCTURES = "1.2.840.10008.5.1.4.1.1.481.3"


def item(**elements: Any) -> Dataset:
    dataset = Dataset()
    for name, value in elements.items():
        setattr(dataset, name, Items(value) if isinstance(value, list) and isinstance(value[0], Dataset) else value)
    return dataset


def new_file(sop_class: str, **elements: Any) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("x", {}, file_meta=meta, preamble=bytes(128))
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.update(item(**elements))
    return dataset


def save(dataset: FileDataset, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.save_as(path, enforce_file_format=True)
    return path


def us_image(path: Path, shape: tuple[int, int], *, n_frames: int = 1, **elements: Any) -> Path:
    """Write an ultrasound image of flat grey."""
    rows, columns = shape
    dataset = new_file(
        US_CINE if n_frames > 1 else US_IMAGE,
        Modality="US",
        PatientID="1",
        PatientName="Test^Case",
        PatientBirthDate="",
        PatientSex="O",
        StudyInstanceUID=generate_uid(),
        SeriesInstanceUID=generate_uid(),
        StudyID="1",
        SeriesNumber=1,
        InstanceNumber=1,
        StudyDate="20200101",
        StudyTime="120000",
        AccessionNumber="",
        ReferringPhysicianName="",
        Rows=rows,
        Columns=columns,
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        PixelRepresentation=0,
        **elements,
    )
    if n_frames > 1:
        dataset.NumberOfFrames = n_frames
    content = bytes([90]) * (rows * columns * n_frames)
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    return save(dataset, path)


def structures(
    path: Path, contours: Sequence[tuple[str, Sequence[NDArray[Any]]]], *, kind: str = "CLOSED_PLANAR", of: str = ""
) -> Path:
    """Write a structure set: for each name its contours, (n, 3) mm; `of` is the SOP Instance UID they refer to."""
    images = {"ContourImageSequence": [item(ReferencedSOPClassUID=US_IMAGE, ReferencedSOPInstanceUID=of)]} if of else {}
    dataset = new_file(STRUCTURES, Modality="RTSTRUCT")
    dataset.StructureSetROISequence = Items(
        [item(ROINumber=place, ROIName=name) for place, (name, _) in enumerate(contours, 1)]
    )
    dataset.ROIContourSequence = Items(
        [
            item(
                ReferencedROINumber=place,
                ContourSequence=[
                    item(
                        ContourGeometricType=kind,
                        NumberOfContourPoints=len(ring),
                        ContourData=[f"{value:.6f}" for value in np.asarray(ring).ravel()],
                        **images,
                    )
                    for ring in rings
                ],
            )
            for place, (_, rings) in enumerate(contours, 1)
        ]
    )
    return save(dataset, path)


def segmentation(
    path: Path,
    frames: Sequence[tuple[int, NDArray[Any], str, int | None]],
    *,
    kind: str = "BINARY",
    shared: Dataset | None = None,
    maximum: int = 255,
) -> Path:
    """Write a segmentation: for each frame its segment, values, source SOP Instance UID and source frame from 1."""
    rows, columns = frames[0][1].shape
    bits = 1 if kind == "BINARY" else 8
    dataset = new_file(
        LABEL_MAP if kind == "LABELMAP" else SEG,
        Modality="SEG",
        SegmentationType=kind,
        Rows=rows,
        Columns=columns,
        NumberOfFrames=len(frames),
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        BitsAllocated=bits,
        BitsStored=bits,
        HighBit=bits - 1,
        PixelRepresentation=0,
        SegmentSequence=[
            item(SegmentNumber=number, SegmentLabel=f"part {number}") for number in sorted({one[0] for one in frames})
        ],
        PerFrameFunctionalGroupsSequence=[_group(*one) for one in frames],
    )
    if shared is not None:
        dataset.SharedFunctionalGroupsSequence = Items([shared])
    if kind == "FRACTIONAL":
        dataset.MaximumFractionalValue = maximum
    values = np.stack([one[1] for one in frames]).astype(np.uint8).ravel()
    content = (np.packbits(values, bitorder="little") if bits == 1 else values).tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    dataset["PixelData"].VR = "OB"
    return save(dataset, path)


def _group(segment: int, _: NDArray[Any], source: str, frame: int | None) -> Dataset:
    group = item(SegmentIdentificationSequence=[item(ReferencedSegmentNumber=segment)])
    if source:
        image = item(ReferencedSOPClassUID=US_IMAGE, ReferencedSOPInstanceUID=source)
        if frame is not None:
            image.ReferencedFrameNumber = frame
        group.DerivationImageSequence = Items([item(SourceImageSequence=[image])])
    return group


def identity(path: Path) -> str:
    return str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID)
