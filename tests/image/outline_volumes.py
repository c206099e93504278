"""Small NIfTI and NRRD files, and MHA, as ITK, Slicer and scripts write them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from tests.image.outline_shapes import SHAPE

GREY = np.random.default_rng(8).integers(0, 256, SHAPE, dtype=np.uint8)
SUFFIXES = ["nii", "nii.gz", "nrrd", "mha"]
FLIPS = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]


def write(
    path: Path,
    values: NDArray[Any],
    fields: Mapping[str, str] | None = None,
    *,
    spacing: tuple[float, float] = (0.1, 0.1),
) -> Path:
    """Write one slice, spacing (row, column)."""
    volume = SimpleITK.GetImageFromArray(values[None].astype(np.uint8))
    volume.SetSpacing((spacing[1], spacing[0], 1.0))
    for key, value in (fields or {}).items():
        volume.SetMetaData(key, value)
    SimpleITK.WriteImage(volume, str(path), True)
    return path


def turned(path: Path, values: NDArray[Any], across: float, down: float) -> Path:
    """Write the same picture in the patient, stored against its axes where these are negative."""
    volume = SimpleITK.GetImageFromArray(values.astype(np.uint8)[None, :: int(down), :: int(across)])
    volume.SetSpacing((0.1, 0.1, 1.0))
    volume.SetDirection((across, 0, 0, 0, down, 0, 0, 0, 1))
    rows, columns = values.shape
    volume.SetOrigin((0.0 if across > 0 else (columns - 1) * 0.1, 0.0 if down > 0 else (rows - 1) * 0.1, 0.0))
    SimpleITK.WriteImage(volume, str(path), True)
    return path


def nifti(path: Path, values: NDArray[Any], affine: Sequence[Sequence[float]]) -> Path:
    """Write NIfTI-1 by hand; the affine leads to right-anterior-superior millimetres, as the standard says."""
    rows, columns = values.shape
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, columns, rows, 1, 1, 1, 1, 1)
    struct.pack_into("<hh", header, 70, 2, 8)
    spacing = np.linalg.norm(np.array(affine)[:, :2], axis=0)
    struct.pack_into("<8f", header, 76, 1.0, *spacing, 1.0, 1.0, 1.0, 1.0, 1.0)
    struct.pack_into("<f", header, 108, 352.0)
    struct.pack_into("<hh", header, 252, 0, 1)
    struct.pack_into("<12f", header, 280, *(value for row in affine for value in row))
    header[123] = 2
    header[344:348] = b"n+1\0"
    path.write_bytes(bytes(header) + values.astype(np.uint8).tobytes())
    return path


def segments(**names: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for place, (key, value) in enumerate(names.items()):
        layer, number = value.split()
        fields |= {
            f"Segment{place}_ID": f"Segment_{place + 1}",
            f"Segment{place}_Name": key,
            f"Segment{place}_LabelValue": number,
            f"Segment{place}_Layer": layer,
        }
    return fields


def layered(path: Path, layers: Sequence[NDArray[Any]], fields: dict[str, str]) -> Path:
    """Write as Slicer does when segments overlap: the layers are the fastest axis."""
    rows, columns = layers[0].shape
    lines = [
        "NRRD0004",
        "type: uint8",
        "dimension: 4",
        "space: left-posterior-superior",
        f"sizes: {len(layers)} {columns} {rows} 1",
        "space directions: none (0.1,0,0) (0,0.1,0) (0,0,1)",
        "kinds: list domain domain domain",
        "encoding: raw",
        "space origin: (0,0,0)",
        *(f"{key}:={value}" for key, value in fields.items()),
    ]
    values = np.stack(layers, axis=-1).astype(np.uint8).tobytes()
    path.write_bytes(("\n".join(lines) + "\n\n").encode() + values)
    return path
