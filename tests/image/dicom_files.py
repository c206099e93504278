"""DICOM files for the tests, written with pydicom."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian

__all__ = ["dataset_of", "save", "write"]


def dataset_of(values: NDArray[Any], photometric: str, **tags: Any) -> Dataset:
    """Dataset of one frame, grey (row, column) or colour (row, column, 3), of 8 or 16 bits, uncompressed."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.6.1", "1.2.3"
    dataset.Modality = "US"
    dataset.SamplesPerPixel = 1 if values.ndim == 2 else 3
    dataset.PhotometricInterpretation = photometric
    dataset.Rows, dataset.Columns = values.shape[:2]
    dataset.BitsAllocated = dataset.BitsStored = 8 * values.itemsize
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(values.dtype.kind == "i")
    dataset.PixelSpacing = [0.1, 0.1]
    if values.ndim == 3:
        dataset.PlanarConfiguration = 0
    for name, value in tags.items():
        setattr(dataset, name, value)
    if "PixelData" not in tags:
        dataset.PixelData = values.tobytes() + b"\0" * (values.nbytes % 2)
    dataset["PixelData"].VR = "OW"
    return dataset


def save(dataset: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write a dataset as a DICOM file of another uncompressed syntax."""
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.save_as(path, enforce_file_format=True)
    return path


def write(path: Path, codes: Sequence[bytes], syntax: str, values: NDArray[Any], photometric: str, **tags: Any) -> Path:
    """Write compressed frames; `values` only gives size and type."""
    dataset = dataset_of(values, photometric, PixelData=encapsulate(list(codes)), **tags)
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    if len(codes) > 1:
        dataset.NumberOfFrames = len(codes)
    dataset.save_as(path, enforce_file_format=True)
    return path
