"""The CT phantom's processing configurations A to E, and how the phantoms are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import SimpleITK
from numpy.typing import NDArray

from perirad.features.ibsi.settings import Binning, IbsiSettings

IBSI = Path(__file__).resolve().parents[3] / "shared" / "ibsi"

SETTINGS = {
    "digital_phantom": IbsiSettings(),
    "ct_A": IbsiSettings(resegment=(-500.0, 400.0), levels=Binning("width", 25.0), planes=("2D", "2.5D")),
    "ct_B": IbsiSettings(
        new_spacing_mm=(3.0, 2.0, 2.0),
        whole_intensities=True,
        resegment=(-500.0, 400.0),
        levels=Binning("count", 32),
        planes=("2D", "2.5D"),
    ),
    "ct_C": IbsiSettings(
        new_spacing_mm=(2.0, 2.0, 2.0),
        whole_intensities=True,
        resegment=(-1000.0, 400.0),
        levels=Binning("width", 25.0),
        ivh=Binning("width", 2.5),
        planes=("3D",),
    ),
    "ct_D": IbsiSettings(
        new_spacing_mm=(2.0, 2.0, 2.0),
        whole_intensities=True,
        outlier_sigma=3.0,
        levels=Binning("count", 32),
        planes=("3D",),
    ),
    "ct_E": IbsiSettings(
        new_spacing_mm=(2.0, 2.0, 2.0),
        image_order=3,
        whole_intensities=True,
        resegment=(-1000.0, 400.0),
        outlier_sigma=3.0,
        levels=Binning("count", 32),
        ivh=Binning("count", 1000),
        planes=("3D",),
    ),
}


def read(path: Path) -> tuple[NDArray[Any], tuple[float, ...]]:
    volume = SimpleITK.ReadImage(str(path))
    return SimpleITK.GetArrayFromImage(volume), tuple(reversed(volume.GetSpacing()))
